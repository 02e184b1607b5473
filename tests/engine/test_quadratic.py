"""Rates on a quadratic: against the eigenvalues of the matrices, against measured paths, and the textbook's numbers."""

from functools import partial

import numpy as np
import pytest

from engine.descent import descend, follow
from engine.objectives import OBJECTIVES
from engine.quadratic import RULES, Valley, away, best, digit, limit, measured, rate, rate_map

BOOK = OBJECTIVES["anisotropic"]
SURFACES = {"book": BOOK, "turned": OBJECTIVES["ravine"].bind(condition=50.0, angle=30.0)}


def matrix(name, a, mu):
    """(θ, v) after a step, written out from the rules: v ← μv − aθ, then θ ← θ + v, or for Nesterov θ ← θ + μv − aθ."""
    theta, v = np.array([1, 0]), np.array([-a, mu])
    return {"sgd": [[1 - a]], "momentum": [theta + v, v], "nesterov": [theta + mu * v - [a, 0], v]}[name]


def eigenvalues(surface):
    return np.linalg.eigvalsh(surface.hessian(0, 0))


def hyper(name, momentum):
    return {} if name == "sgd" else {"momentum": momentum}


@pytest.mark.parametrize("name", RULES)
def test_a_rate_is_the_spectral_radius_of_the_iteration_matrix(name):
    rng = np.random.default_rng(0)
    for lr, mu, curvature in zip(rng.uniform(0, 3, 300), rng.uniform(0, 1, 300), rng.uniform(-1, 3, 300), strict=True):
        radius = np.abs(np.linalg.eigvals(matrix(name, lr * curvature, mu))).max()
        assert rate(name, lr, mu, curvature) == pytest.approx(radius, abs=1e-7)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("mu", [0.0, 0.3, 0.9])
def test_a_path_shrinks_by_the_rate(name, mu):
    """In the long run: what is left after division by rate^k swings perhaps, but neither grows nor fades."""
    for surface in SURFACES.values():
        for lr in np.array([0.2, 0.9]) * limit(name, mu, eigenvalues(surface)):
            predicted = rate(name, lr, mu, eigenvalues(surface)).max()
            path = descend(surface, name, (-7, 2), 1000, lr=lr, **hyper(name, mu))
            left = np.hypot(*path.points.T) / predicted ** np.arange(1001)
            measured = predicted * (left[900:].max() / left[200:300].max()) ** (1 / 700)
            assert measured == pytest.approx(predicted, rel=2e-4), (name, lr)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9])
def test_at_the_limit_convergence_turns_into_divergence(name, mu):
    for surface in SURFACES.values():
        values = eigenvalues(surface)
        edge = limit(name, mu, values)
        assert rate(name, edge, mu, values).max() == pytest.approx(1, abs=1e-9)
        for factor, converges in ((0.99, True), (1.01, False)):
            assert (rate(name, factor * edge, mu, values).max() < 1) is np.bool_(converges)
            far = np.hypot(*descend(surface, name, (-7, 2), 1000, lr=factor * edge, **hyper(name, mu)).points.T)
            assert (far[-1] < 0.5 * far[0]) == converges
            assert (far.max() > 100 * far[0]) == (not converges)


def test_o2_and_o3_the_books_numbers():
    values = eigenvalues(BOOK)
    np.testing.assert_allclose(values, [0.1, 2], rtol=1e-9)
    assert limit("sgd", 0, values) == pytest.approx(1.0)
    lr, _, fastest = best("sgd", values)
    assert lr == pytest.approx(2 / 2.1)
    assert fastest == pytest.approx(19 / 21)
    assert lr == pytest.approx(0.95, rel=0.003)
    assert limit("momentum", 0.9, values) == pytest.approx(1.9)
    assert limit("nesterov", 0.9, values) == pytest.approx(3.8 / 2.8 / 2)


def test_momentum_forgets_at_root_mu_whatever_the_rate_is():
    np.testing.assert_allclose(rate("momentum", np.linspace(0.1, 1.7, 9), 0.81, 2.0), 0.9, rtol=1e-12)


@pytest.mark.parametrize("condition", [1.5, 20, 1000])
def test_no_constant_setting_is_faster_than_the_best(condition):
    """Polyak's and Lessard's optima: nothing on a fine grid beats them, and the neighbors on the grid come close."""
    values = np.array([2 / condition, 2])
    for name in RULES:
        lr, mu, fastest = best(name, values)
        assert rate(name, lr, mu, values).max() == pytest.approx(fastest, abs=1e-6)
        lrs, momenta = np.linspace(0.5, 2, 401) * lr, np.linspace(0, 1, 401)
        lowest = rate_map(name, lrs, momenta, values).min()
        assert fastest - 1e-7 <= lowest <= 1 - 0.9 * (1 - fastest)


def test_polyaks_heavy_ball_takes_the_root_of_the_condition_number():
    lr, mu, fastest = best("momentum", [0.1, 2])
    root = np.sqrt(20)
    assert fastest == pytest.approx((root - 1) / (root + 1))
    assert mu == pytest.approx(fastest**2)
    path = descend(BOOK, "momentum", (-7, 2), 400, lr=lr, momentum=mu)
    sgd = descend(BOOK, "sgd", (-7, 2), 400, lr=2 / 2.1)
    assert np.hypot(*path.points[100]) < 1e-12 * np.hypot(*sgd.points[100])


def test_a_map_has_a_row_for_each_momentum_and_the_worst_direction_in_each_cell():
    lrs, momenta = np.array([0.1, 0.5, 0.9, 1.3]), np.array([0.0, 0.5, 0.9])
    for name in RULES:
        found = rate_map(name, lrs, momenta, np.array([0.1, 0.7, 2.0]))
        assert found.shape == (3, 4)
        for i, j in np.ndindex(found.shape):
            radii = [np.abs(np.linalg.eigvals(matrix(name, lrs[j] * value, momenta[i]))).max() for value in (0.1, 0.7, 2.0)]
            assert found[i, j] == pytest.approx(max(radii), abs=1e-7)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(("lr", "mu"), [(0.95, 0.0), (0.1, 0.9), (0.5, 0.5), (1.2, 0.4), (1.3, 0.9)])
def test_the_measured_rate_is_the_predicted_one(name, lr, mu):
    for surface in SURFACES.values():
        predicted = rate(name, lr, mu, eigenvalues(surface)).max()
        path = descend(surface, name, (-7, 2), 1000, lr=lr, **hyper(name, mu))
        assert measured(np.hypot(*path.points.T)) == pytest.approx(predicted, abs=0.003 if predicted < 1 else 0.2), (name, lr)


def test_a_path_that_arrives_at_once_has_rate_0():
    path = descend(OBJECTIVES["bowl"], "sgd", (3, 4), 50, lr=0.5)
    assert measured(np.hypot(*path.points.T)) == 0
    assert digit(0) == 0
    assert digit(1) == digit(1.2) == np.inf
    assert 0.8 ** digit(0.8) == pytest.approx(0.1)


@pytest.mark.parametrize("ask", [partial(limit, "sgd", 0.0), partial(best, "momentum")])
def test_a_saddle_has_no_limit(ask):
    with pytest.raises(ValueError, match="positive eigenvalues, not -2"):
        ask(eigenvalues(OBJECTIVES["saddle"]).round(6))


@pytest.mark.parametrize("mu", [0.4, 0.9])
def test_passing_through_the_minimum_is_not_arriving(mu):
    """On the bowl at lr ½ the first step lands on the minimum, with a velocity."""
    path = descend(OBJECTIVES["bowl"], "momentum", (9, 9), 1000, lr=0.5, momentum=mu)
    assert np.hypot(*path.points[1]) == 0
    assert measured(np.hypot(*path.points.T)) == pytest.approx(float(rate("momentum", 0.5, mu, 2.0)), abs=0.003)


def test_every_rule_of_a_valley_is_measured_as_it_was_predicted():
    valley = Valley("anisotropic", (), 0.95, 0.9)
    for name in RULES:
        assert measured(away(follow(valley.spec(name)))) == pytest.approx(valley.rate(name), abs=0.003)
