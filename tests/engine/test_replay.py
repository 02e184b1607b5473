"""A replay repeats a rule's own run, and tells rules apart on the same gradients, in closed form where there is one."""

import numpy as np
import pytest

from engine.descent import descend
from engine.objectives import OBJECTIVES, parse
from engine.optimizers import OPTIMIZERS
from engine.replay import UNCORRECTED, corrected, replay

SLOPE = parse("x")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fed_with_its_own_run_a_rule_repeats_it(name):
    path = descend(OBJECTIVES["anisotropic"], name, (-7.0, 2.0), 40, lr=0.05)
    found = replay(OPTIMIZERS[name], path.points[:-1], path.gradients, lr=0.05)
    np.testing.assert_allclose(found.moves, np.diff(path.points, axis=0), rtol=1e-12, atol=1e-15)
    assert list(found.state) == list(OPTIMIZERS[name].state)
    for key, values in found.state.items():
        np.testing.assert_allclose(values, path.state[key], rtol=1e-12, atol=1e-15)


def test_o17_the_accumulators_of_a_constant_slope():
    """AdaGrad sums: h = t. RMSProp forgets: h = 1 − ρᵗ."""
    path = descend(SLOPE, "sgd", (0.0, 0.0), 50, lr=1.0)
    t = np.arange(1, 51)
    found = replay(OPTIMIZERS["adagrad"], path.points[:-1], path.gradients, lr=1.0, eps=0.0 + 1e-300)
    np.testing.assert_allclose(found.state["h"][:, 0], t)
    np.testing.assert_allclose(found.moves[:, 0], -1 / np.sqrt(t), rtol=1e-12)
    found = replay(OPTIMIZERS["rmsprop"], path.points[:-1], path.gradients, lr=1.0, rho=0.9)
    np.testing.assert_allclose(found.state["h"][:, 0], 1 - 0.9**t, rtol=1e-12)


@pytest.mark.parametrize(("beta1", "beta2", "times"), [(0.9, 0.999, np.sqrt(10)), (0.5, 0.75, 1.0), (0.9, 0.9, 0.1**0.5)])
def test_o20_without_correction_the_first_step_has_another_size(beta1, beta2, times):
    path = descend(OBJECTIVES["anisotropic"], "adam", (-7.0, 2.0), 5, lr=0.3, beta1=beta1, beta2=beta2)
    betas = {"beta1": beta1, "beta2": beta2}
    found = replay(UNCORRECTED, path.points[:-1], path.gradients, lr=0.3, **betas)
    np.testing.assert_allclose(path.points[1] - path.points[0], -0.3 * np.sign(path.gradients[0]), rtol=1e-6)
    np.testing.assert_allclose(found.moves[0], -0.3 * times * np.sign(path.gradients[0]), rtol=1e-6)


def test_on_a_constant_slope_the_corrected_averages_are_the_slope_from_the_first_step_on():
    path = descend(SLOPE, "adam", (9.0, 0.0), 30, lr=0.1)
    found = replay(UNCORRECTED, path.points[:-1], path.gradients, lr=0.1)
    np.testing.assert_allclose(found.state["m"][:, 0], 1 - 0.9 ** np.arange(1, 31), rtol=1e-12)
    np.testing.assert_allclose(corrected(found.state["m"], 0.9)[:, 0], 1, rtol=1e-12)
    np.testing.assert_allclose(corrected(found.state["v"], 0.999)[:, 0], 1, rtol=1e-12)
    np.testing.assert_array_equal(corrected(found.state["m"], 0.9)[:, 1], 0)


def test_without_correction_adam_catches_up():
    path = descend(OBJECTIVES["anisotropic"], "adam", (-7.0, 2.0), 1000, lr=0.001, beta2=0.9)
    bare = replay(UNCORRECTED, path.points[:-1], path.gradients, lr=0.001, beta2=0.9)
    ratio = bare.moves[:, 0] / np.diff(path.points, axis=0)[:, 0]
    assert ratio[0] == pytest.approx(0.1**0.5, rel=1e-6)
    assert ratio[-1] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("surface", ["anisotropic", "rosenbrock"])
def test_o20_without_correction_adam_walks_a_path_of_its_own(surface):
    """That of Adam with the correction undone by a schedule: η (1 − β₁ᵗ)/√(1 − β₂ᵗ)."""
    objective, sliders = OBJECTIVES[surface], {"lr": 0.1, "beta1": 0.8, "beta2": 0.99, "eps": 1e-16}
    own = descend(objective, UNCORRECTED, objective.start, 60, **sliders)
    undone = descend(
        objective, "adam", objective.start, 60, schedule=lambda t, _: (1 - 0.8**t) / np.sqrt(1 - 0.99**t), **sliders
    )
    np.testing.assert_allclose(own.points, undone.points, rtol=1e-9)
    first = own.points[1] - own.points[0]
    np.testing.assert_allclose(first, -0.1 * 0.2 / np.sqrt(0.01) * np.sign(own.gradients[0]), rtol=1e-9)
    fed = replay(UNCORRECTED, own.points[:-1], own.gradients, **sliders)
    np.testing.assert_allclose(fed.moves, np.diff(own.points, axis=0), rtol=1e-9, atol=1e-12)


def test_o20_on_a_constant_slope_the_uncorrected_path_is_a_sum():
    path, t = descend(SLOPE, UNCORRECTED, (0.0, 0.0), 50, lr=0.1, eps=1e-16), np.arange(1, 51)
    np.testing.assert_allclose(path.points[1:, 0], -0.1 * np.cumsum((1 - 0.9**t) / np.sqrt(1 - 0.999**t)), rtol=1e-9)
    assert path.points[1, 0] == pytest.approx(-0.1 * np.sqrt(10), rel=1e-9)
