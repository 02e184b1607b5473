"""Surfaces: gradients against central differences, minima, condition numbers, broadcasting."""

import numpy as np
import pytest

from engine.descent import descend
from engine.objectives import OBJECTIVES, RANGES, parse

ENTRIES = pytest.mark.parametrize("entry", OBJECTIVES.values(), ids=lambda entry: entry.name)


def spread(entry, n=200):
    (x0, x1), (y0, y1) = entry.view
    rng = np.random.default_rng(0)
    return rng.uniform(x0, x1, n), rng.uniform(y0, y1, n)


@ENTRIES
def test_gradient_is_the_central_difference(entry):
    x, y = spread(entry)
    h = 1e-5
    value, (dx, dy) = entry(x, y)
    scale = 1 + np.abs(value).max()
    np.testing.assert_allclose(dx, (entry(x + h, y)[0] - entry(x - h, y)[0]) / (2 * h), rtol=1e-6, atol=1e-9 * scale)
    np.testing.assert_allclose(dy, (entry(x, y + h)[0] - entry(x, y - h)[0]) / (2 * h), rtol=1e-6, atol=1e-9 * scale)


@ENTRIES
def test_minima_are_flat_and_lowest(entry):
    x, y = spread(entry, 5000)
    for point in entry.minima:
        value, slope = entry(*point)
        np.testing.assert_allclose(slope, 0, atol=1e-10)
        assert value <= entry(x, y)[0].min() + 1e-12


@ENTRIES
def test_every_basin_has_a_flat_and_curved_bottom(entry):
    assert entry.basins[: len(entry.minima)] == entry.minima
    assert len(set(entry.basins)) == len(entry.basins)
    for point in entry.basins:
        np.testing.assert_allclose(entry(*point)[1], 0, atol=1e-9)
        assert np.linalg.eigvalsh(entry.hessian(*point))[0] > 0


@pytest.mark.parametrize("name", ["himmelblau", "styblinski_tang", "double_well", "rastrigin"])
def test_whoever_descends_slowly_ends_in_a_basin(name):
    """So no minimum in view is missing from the list."""
    entry = OBJECTIVES[name]
    starts = np.stack(spread(entry, 300), axis=-1)
    ends = descend(entry, "sgd", starts, 3000, lr=0.002).points[-1]
    gaps = np.linalg.norm(ends[:, None] - entry.basins, axis=-1).min(axis=-1)
    inside = (np.abs(ends) < entry.view[0][1]).all(axis=-1)
    assert (gaps[inside] < 1e-3).all()
    assert inside.mean() > 0.9


@ENTRIES
def test_view_holds_start_and_minima(entry):
    for x, y in (entry.start, *entry.basins):
        assert entry.view[0][0] <= x <= entry.view[0][1]
        assert entry.view[1][0] <= y <= entry.view[1][1]
    assert entry.label
    assert entry.latex
    assert entry.source
    assert set(entry.sliders) <= set(RANGES)


@ENTRIES
def test_floats_and_arrays_agree_and_broadcast(entry):
    x, y = spread(entry, 5)
    value, (dx, dy) = entry(x[:, None] + 0 * y, y + 0 * x[:, None])
    assert value.shape == np.shape(dx) == np.shape(dy) == (5, 5)
    one, (one_dx, one_dy) = entry(x[2].item(), y[3].item())
    np.testing.assert_allclose([one, one_dx, one_dy], [value[2, 3], dx[2, 3], dy[2, 3]], rtol=1e-12)


@pytest.mark.parametrize(("name", "condition"), [("bowl", 1), ("anisotropic", 20), ("ravine", 50), ("rosenbrock", 2508.0096)])
def test_condition_number(name, condition):
    assert OBJECTIVES[name].condition == pytest.approx(condition, rel=1e-5)


def test_o2_eigenvalues():
    np.testing.assert_allclose(np.linalg.eigvalsh(OBJECTIVES["anisotropic"].hessian(0, 0)), [0.1, 2], rtol=1e-9)


@pytest.mark.parametrize("name", ["saddle", "monkey_saddle"])
def test_a_saddle_has_no_condition_number(name):
    assert OBJECTIVES[name].minima == ()
    assert OBJECTIVES[name].condition is None


@pytest.mark.parametrize(("condition", "angle"), [(20, 0), (300, 30), (5, -75)])
def test_the_ravine_turns_and_stretches(condition, angle):
    ravine = OBJECTIVES["ravine"].bind(condition=condition, angle=angle)
    assert ravine.condition == pytest.approx(condition, rel=1e-6)
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    np.testing.assert_allclose(ravine.hessian(0, 0) @ along, 2 / condition * along, rtol=1e-6)
    x, y = spread(ravine)
    if angle == 0:
        np.testing.assert_allclose(ravine(x, y)[0], OBJECTIVES["anisotropic"](x, y)[0], rtol=1e-12)


def test_parse_gives_an_objective():
    surface = parse("x**2/20 + y**2", span=4)
    assert surface.view == ((-4, 4), (-4, 4))
    x, y = spread(OBJECTIVES["anisotropic"])
    for ours, theirs in zip(np.ravel(surface(x, y)[1]), np.ravel(OBJECTIVES["anisotropic"](x, y)[1]), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-14, abs=1e-14)
    np.testing.assert_allclose(surface(x, y)[0], OBJECTIVES["anisotropic"](x, y)[0], rtol=1e-14)
