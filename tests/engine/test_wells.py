"""Wells: tops against the roots of the slope, and the fate of a ball against its path."""

from dataclasses import replace

import numpy as np
import pytest

from engine.descent import descend, follow
from engine.objectives import OBJECTIVES
from engine.wells import ALONE, BACK, CURVES, LOST, MOMENTA, NEVER, OUT, Bumps

BALL = Bumps("double", depth=1.0, tilt=0.3, lr=0.02, momentum=0.9, start=1.8)
BUMPY = Bumps("bumpy", depth=1.0, tilt=0.3, lr=0.05, momentum=0.9, start=3.5)


def test_the_double_well_is_the_catalogues():
    x = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(BALL.objective(x, x)[0], OBJECTIVES["double_well"](x, x)[0], rtol=1e-12)
    x, f = BALL.curve(BALL.span)
    assert (x[0], x[-1]) == (-2, 2)
    np.testing.assert_allclose(f, x**4 - 2 * x**2 + 0.3 * x, atol=1e-12)


@pytest.mark.parametrize("tilt", [-0.9, 0.0, 0.3])
@pytest.mark.parametrize("depth", [0.7, 1.0, 5.0])
def test_the_top_of_a_double_well_is_the_middle_root_of_a_cubic(depth, tilt):
    roots = np.sort(np.roots([4 * depth, 0, -4 * depth, tilt]).real)
    bumps = replace(BALL, depth=depth, tilt=tilt)
    assert bumps.tops == pytest.approx(roots[1:2], abs=1e-9)
    assert bumps.well(roots[[0, 2]]).tolist() == [0, 1]
    assert [bumps.deepest(x) for x in roots[[0, 2]]] == [tilt >= 0, tilt <= 0]


def test_a_bumpy_valley_without_a_tilt_is_symmetric():
    """2 sin 4x = −x/4 has its downward crossings at ±0.76 and ±2.28, near odd multiples of π/4."""
    tops = replace(BUMPY, tilt=0.0).tops
    np.testing.assert_allclose(tops, -tops[::-1], atol=1e-9)
    np.testing.assert_allclose(2 * np.sin(4 * tops) + tops / 4, 0, atol=1e-9)
    assert (8 * np.cos(4 * tops) + 1 / 4 < 0).all()
    inner = tops[np.abs(tops) < 3]
    np.testing.assert_allclose(inner / (np.pi / 4), [-3, -1, 1, 3], rtol=0.06)


@pytest.mark.parametrize(("depth", "tilt"), [(1.0, 3.0), (0.1, 3.0), (0.1, -3.0), (5.0, 0.3)])
def test_a_tilt_moves_the_bumps_and_removes_none(depth, tilt):
    """The valley under the bumps is lowest at −4t/d; around it lie as many tops as without a tilt, or one more or less."""
    bumps = replace(BUMPY, depth=depth, tilt=tilt)
    center = -4 * tilt / depth
    assert len(bumps.tops) == pytest.approx(len(replace(BUMPY, tilt=0.0).tops), abs=1)
    assert (abs(bumps.tops - center) < 8).all()
    away = center + np.linspace(-7, 7, 1401)
    assert bumps.deepest(away[bumps.objective(away, 0 * away)[0].argmin()])
    assert not bumps.deepest(center + 7)


@pytest.mark.parametrize("tilt", [1.6, -1.6, 3.0])
def test_a_steep_tilt_leaves_one_well(tilt):
    """x⁴ − 2x² + tx has one minimum where t² > 64/27, the discriminant of its slope."""
    bumps = replace(BALL, tilt=tilt)
    assert len(bumps.tops) == 0
    assert set(bumps.ends()[1]) <= {ALONE, LOST}


def test_fates_tell_who_came_back_from_who_never_left():
    paths = np.array([[1.8, 1.8, 1.8, 1.8], [1.0, -1.0, -1.0, np.nan], [1.0, 1.0, -1.0, np.nan]])
    assert BALL.fates(paths).tolist() == [NEVER, BACK, OUT, LOST]
    assert BALL.crossed(paths[-1, :3]).tolist() == [0, 0, 1]


def test_o15_sgd_stays_and_the_ball_gets_out():
    sgd, ball = (follow(spec).points[:, 0] for spec in BALL.specs(300))
    assert sgd[-1] == pytest.approx(0.9601, abs=1e-3)  # the minima are roots of 4x³ − 4x + 0.3
    assert ball[-1] == pytest.approx(-1.0355, abs=1e-3)
    assert BALL.fates(np.stack([sgd, ball], axis=1)).tolist() == [NEVER, OUT]


@pytest.mark.parametrize("bumps", [BALL, BUMPY], ids=CURVES)
def test_the_end_for_every_momentum_is_that_of_a_path_of_its_own(bumps):
    last, fates = bumps.ends()
    for k in (0, 50, 90, 94, 97, 99):
        path = descend(bumps.objective, "momentum", (bumps.start, 0), 300, lr=bumps.lr, momentum=float(MOMENTA[k]))
        assert last[k] == pytest.approx(path.points[-1, 0], abs=1e-6)
        assert fates[k] == bumps.fates(path.points[:, 0])
    assert OUT in fates
    assert fates[0] == NEVER
