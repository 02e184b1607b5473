"""The loss of a line: its curvature in closed form, its minimum on the line, its gradient by differences."""

import numpy as np
import pytest

from engine.clouds import Cloud
from engine.descent import descend
from engine.lines import KINDS, Line
from engine.quadratic import best

ONE = Line("one", Cloud(2, 0, 0.5, 1, 0))
TWO = Line("two", Cloud(2, 1, 1, 0.5, 0.8))
ALL = [(line, name) for line in (ONE, TWO) for name in KINDS[line.inputs]]


def condition(hessian: np.ndarray) -> float:
    low, high = np.linalg.eigvalsh(hessian)
    return high / low


def test_p6_the_curvature_over_w_and_b_is_that_of_the_inputs():
    """H = [[σ² + μ², μ], [μ, 1]], and what centering and scaling make of μ and σ."""
    known = {
        "none": [[4.25, 2], [2, 1]],
        "scale": [[17, 4], [4, 1]],
        "center": [[0.25, 0], [0, 1]],
        "standardize": [[1, 0], [0, 1]],
    }
    for name, hessian in known.items():
        np.testing.assert_allclose(ONE.hessian(name), hessian, atol=1e-9)


def test_p6_with_two_inputs_every_stage_makes_the_valley_rounder():
    kappas = [condition(TWO.hessian(name)) for name in KINDS["two"]]
    assert kappas == sorted(kappas, reverse=True)
    assert kappas[2:] == pytest.approx([1.8 / 0.2, 1])


@pytest.mark.parametrize(("line", "name"), ALL)
def test_the_minimum_is_the_line_that_the_points_are_on(line, name):
    x, t = line.data(name)
    np.testing.assert_allclose(x @ line.minimum(name), t, atol=1e-9)
    value, slope = line.objective(name)(*line.minimum(name))
    assert value == pytest.approx(0, abs=1e-15)
    assert slope == pytest.approx((0, 0), abs=1e-9)


@pytest.mark.parametrize(("line", "name"), ALL)
def test_the_loss_is_half_the_mean_square_and_its_gradient_fits(line, name):
    x, t = line.data(name)
    objective, point, h = line.objective(name), np.array([0.3, -0.7]), 1e-6
    value, slope = objective(*point)
    assert value == pytest.approx(np.square(x @ point - t).mean() / 2)
    for axis, step in enumerate(h * np.eye(2)):
        assert slope[axis] == pytest.approx((objective(*(point + step))[0] - objective(*(point - step))[0]) / (2 * h), rel=1e-5)
    (left, right), (low, high) = line.view
    a, b = line.minimum(name)
    assert left < a < right
    assert low < b < high


@pytest.mark.parametrize(("line", "name"), ALL)
def test_at_its_best_rate_sgd_keeps_the_share_of_the_way_that_kappa_says(line, name):
    lr, _, rate = best("sgd", np.linalg.eigvalsh(line.hessian(name)))
    path = descend(line.objective(name), "sgd", (0, 0), 20, lr=lr)
    left = np.hypot(*(path.points - line.minimum(name)).T)
    np.testing.assert_allclose(left[1:], left[0] * rate ** np.arange(1, 21), atol=1e-9)


@pytest.mark.parametrize(("line", "name"), ALL)
@pytest.mark.parametrize("lr", [0.05, 0.3])
def test_what_is_left_of_the_way_is_what_the_path_leaves(line, name, lr):
    path = descend(line.objective(name), "sgd", (1.5, -0.5), 50, lr=lr)
    measured = np.hypot(*(path.points - line.minimum(name)).T)
    np.testing.assert_allclose(line.left(name, lr, (1.5, -0.5), 50)[: len(measured)], measured, rtol=1e-6, atol=1e-9)
