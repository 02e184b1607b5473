"""Signals through deep stacks: the numbers of DLFS 6.2 and CS231n as medians over five seeds, and the variance argument."""

from itertools import pairwise

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics
from engine.initializers import INITIALIZERS


def medians(activation, initializer, depth, width, scale=1.0):
    """(layers, 4): std, gradient std, zeros and saturated share."""
    runs = [
        layer_statistics(activation, initializer, depth=depth, width=width, samples=1000, seed=seed, init_scale=scale)
        for seed in range(5)
    ]
    numbers = [[(layer.std, layer.gradient_std, layer.zeros, layer.saturated) for layer in run] for run in runs]
    return np.median(numbers, axis=0)


def dlfs(activation, initializer, scale=1.0):
    return medians(activation, initializer, 5, 100, scale)


def cs231n(activation, initializer, scale=1.0):
    return medians(activation, initializer, 10, 500, scale)


def test_i3_sigmoid_with_std_1_piles_up_at_the_ends():
    assert dlfs("sigmoid", "normal")[1:, 3] == pytest.approx(0.7, abs=0.08)


def test_i4_sigmoid_with_std_01_says_one_half():
    for layer in layer_statistics("sigmoid", "normal", depth=5, width=100, samples=1000, seed=0, init_scale=0.01)[1:]:
        assert layer.mean == pytest.approx(0.5, abs=0.05)
        assert layer.values.std(axis=0).max() < 0.01


def test_i5_sigmoid_with_xavier():
    std = dlfs("sigmoid", "xavier")[:, 0]
    assert std[0] == pytest.approx(0.21, abs=0.02)
    assert std[-1] == pytest.approx(0.12, abs=0.03)


def test_i6_sigmoid_with_he_is_a_little_wider():
    assert (dlfs("sigmoid", "he")[:, 0] > dlfs("sigmoid", "xavier")[:, 0]).all()


def test_i7_relu():
    assert dlfs("relu", "normal", 0.01)[-1, 0] < 1e-4
    xavier, he = dlfs("relu", "xavier"), dlfs("relu", "he")
    assert xavier[0, 0] == pytest.approx(0.59, abs=0.05)
    assert xavier[-1, 0] == pytest.approx(0.18, abs=0.06)
    assert he[0, 0] == pytest.approx(0.83, abs=0.06)
    assert 0.6 < he[-1, 0] < 1.1
    assert he[:, 2] == pytest.approx(0.5, abs=0.06)


def test_i8_tanh():
    assert dlfs("tanh", "normal")[-1, 3] > 0.6
    xavier = dlfs("tanh", "xavier")[:, 0]
    assert xavier[0] == pytest.approx(0.63, abs=0.03)
    assert xavier[-1] == pytest.approx(0.31, abs=0.05)


def test_i9_tanh_with_std_01_shrinks_layer_by_layer():
    std = cs231n("tanh", "normal", 0.01)[:5, 0]
    assert std == pytest.approx([0.213, 0.048, 0.0106, 0.0024, 5e-4], rel=0.1)


def test_i10_tanh_with_std_1_saturates_everywhere():
    std, _, _, saturated = cs231n("tanh", "normal").T
    assert std == pytest.approx(0.98, abs=0.01)
    assert (saturated > 0.9).all()


def test_i11_xavier_and_he():
    tanh, relu, he = (cs231n(*pair)[:, 0] for pair in (("tanh", "xavier"), ("relu", "xavier"), ("relu", "he")))
    assert tanh[[0, -1]] == pytest.approx([0.63, 0.23], abs=0.03)
    assert relu[0] == pytest.approx(0.58, abs=0.03)
    assert relu[-1] == pytest.approx(0.03, abs=0.015)
    assert he == pytest.approx(0.8, abs=0.2)


def test_i12_the_sigmoids_activations_look_fine_and_its_gradients_vanish():
    std, gradient, *_ = cs231n("sigmoid", "xavier").T
    assert (std > 0.05).all()
    assert gradient[0] < 1e-4 * gradient[-1]


def test_i2_a_linear_net_multiplies_exactly():
    half, more = (
        layer_statistics("identity", "orthogonal", depth=20, width=50, samples=200, seed=0, init_scale=scale)
        for scale in (0.5, 1.5)
    )
    for net, scale in ((half, 0.5), (more, 1.5)):
        ratios = [after.std / before.std for before, after in pairwise(net)]
        assert ratios == pytest.approx([scale] * 19, rel=0.02)


def test_i14_the_variance_argument():
    for width in (50, 100, 400):
        found = layer_statistics("identity", "xavier", depth=1, width=width, samples=4000, seed=1)[0]
        assert found.std == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_every_pair_is_described(activation, initializer):
    layers = layer_statistics(activation, initializer, depth=3, width=20, samples=50, seed=0, init_scale=0.5)
    assert len(layers) == 3
    for layer in layers:
        assert layer.values.shape == layer.gradients.shape == (50, 20)
        assert np.isfinite([layer.mean, layer.std, layer.gradient_std]).all()
        assert layer.std == pytest.approx(layer.values.std(), rel=1e-3, abs=1e-6)
    assert layers[-1].gradient_std == pytest.approx(1, abs=0.1)
