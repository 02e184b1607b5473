"""Signals through deep stacks: the numbers of DLFS 6.2 and CS231n as medians over five seeds, and the variance argument."""

import tracemalloc

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics, normal_inputs, predicted
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


@pytest.mark.parametrize(("scale", "left"), [(0.5, 1.8e-15), (1.5, 4.3e8)])
def test_i2_a_linear_net_multiplies_exactly(scale, left):
    net = layer_statistics("identity", "identity", depth=50, width=20, samples=50, seed=0, init_scale=scale)
    assert net[-1].std / net[0].std == pytest.approx(scale**49, rel=1e-5)
    assert net[0].gradient_std / net[-1].gradient_std == pytest.approx(scale**49, rel=1e-5)
    assert net[-1].std / net[0].std == pytest.approx(left, rel=0.02)


@pytest.mark.parametrize("width", [10, 50, 100, 400])
@pytest.mark.parametrize("name", [name for name, entry in INITIALIZERS.items() if entry.variance])
def test_i14_the_variance_of_a_weight_is_what_the_catalogue_says(name, width):
    drawn = [INITIALIZERS[name](np.random.default_rng(seed), width, 60) for seed in range(20)]
    assert np.var(drawn) == pytest.approx(INITIALIZERS[name].variance(width, 60), rel=0.05)


@pytest.mark.parametrize("width", [50, 100, 400])
@pytest.mark.parametrize(("name", "power"), [("normal", 0.5), ("xavier", 0), ("he", 0)])
def test_i14_one_linear_layer(name, power, width):
    (predicted_std,), _, _ = predicted("identity", name, [width, width])
    assert predicted_std == pytest.approx((2**0.5 if name == "he" else 1) * width**power, rel=1e-3)
    found = layer_statistics("identity", name, depth=1, width=width, samples=4000, seed=1)[0]
    assert found.std == pytest.approx(predicted_std, rel=0.06)


def test_i14_closed_forms_for_relu():
    """He et al. 2015: with √(2/n), E[x²] is 1 behind every layer, so the std is √(1 − 1/π); ½ of a gradient's power passes."""
    stds, rms, back = predicted("relu", "he", [100] * 7)
    assert rms == pytest.approx([1.0] * 6, rel=1e-3)
    assert stds == pytest.approx([np.sqrt(1 - 1 / np.pi)] * 6, rel=1e-3)
    assert back == pytest.approx([1.0] * 6, rel=1e-3)
    _, _, back = predicted("relu", "xavier", [100] * 7)
    assert back == pytest.approx([0.5 ** (k / 2) for k in (5, 4, 3, 2, 1, 0)], rel=1e-3)


def test_t12_closed_form_for_prelu():
    """With α = ¼ and √(2/n), E[f(z)²] is (1 + α²) E[z²]/2: every layer multiplies signal and gradient by √(1 + α²)."""
    _, rms, back = predicted("prelu", "he", [100] * 11)
    assert rms == pytest.approx([(1 + 1 / 16) ** (k / 2) for k in range(1, 11)], rel=1e-3)
    assert back == pytest.approx([(1 + 1 / 16) ** (k / 2) for k in range(9, -1, -1)], rel=1e-3)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "elu", "selu", "gelu", "silu", "softplus"])
@pytest.mark.parametrize(("initializer", "scale"), [("xavier", 1.0), ("normal", 0.01)])
def test_i14_deep_nets_do_what_the_argument_says(activation, initializer, scale):
    stds, _, back = predicted(activation, initializer, [500] * 6, init_scale=scale)
    measured = medians(activation, initializer, 5, 500, scale)
    assert measured[:, 0] == pytest.approx(stds, rel=0.12)
    assert measured[:, 1] == pytest.approx(back, rel=0.12)


def test_the_argument_is_silent_where_nothing_is_random():
    assert predicted("relu", "constant", [10, 10]) is None
    assert predicted("relu", "identity", [10, 10]) is None


def test_any_inputs_may_be_sent():
    inputs = np.full((30, 784), 0.5, np.float32)
    net = layer_statistics("identity", "xavier", depth=2, width=20, samples=1, seed=0, inputs=inputs)
    assert [layer.values.shape for layer in net] == [(30, 20)] * 2
    assert np.ptp(net[0].values, axis=0) == pytest.approx(0, abs=1e-6)


def test_gradients_are_those_of_central_differences():
    """Of Σ y·g over the last layer's outputs y, where g is what is sent back."""
    kind = {"depth": 2, "width": 6, "samples": 1, "seed": 3}
    net = layer_statistics("tanh", "xavier", **kind)
    rng = np.random.default_rng([3, 31])
    _, W = (INITIALIZERS["xavier"](rng, 6, 6) for _ in range(2))
    y, g = net[0].values[0].astype(float), net[1].gradients[0].astype(float)

    def out(y):
        return np.tanh(y @ W) @ g

    expected = [(out(y + h) - out(y - h)) / 2e-5 for h in 1e-5 * np.eye(6)]
    assert net[0].gradients[0] == pytest.approx(expected, rel=1e-4)


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


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "prelu"])
@pytest.mark.parametrize(("width", "samples"), [(500, 1000), (100, 1000), (30, 7), (1200, 50)])
def test_blocks_of_inputs_change_nothing(activation, width, samples):
    """Against all inputs at once, layer by layer."""
    kind = {"depth": 3, "width": width, "samples": samples, "seed": 5}
    f, rng, y, passed = ACTIVATIONS[activation], np.random.default_rng([5, 31]), normal_inputs(samples, width, 5), []
    for _ in range(3):
        W = INITIALIZERS["he"](rng, width, width).astype(np.float32)
        z = y @ W
        y = f(z)
        passed.append((W, z, y))
    dy = np.random.default_rng([5, 32]).standard_normal(y.shape, np.float32)
    for layer, (W, z, y) in reversed(list(zip(layer_statistics(activation, "he", **kind), passed, strict=True))):
        np.testing.assert_allclose(layer.values, y, atol=1e-5)
        np.testing.assert_allclose(layer.gradients, dy, atol=1e-4)
        assert layer.mean == pytest.approx(y.mean(dtype=float), rel=1e-6, abs=1e-6)
        assert layer.std == pytest.approx(y.std(dtype=float), rel=1e-6)
        assert layer.gradient_std == pytest.approx(dy.std(dtype=float), rel=1e-5)
        dy = (dy * f.slope(z, y)) @ W.T


def test_the_histograms_are_the_same_without_the_numbers():
    kind = {"depth": 3, "width": 500, "samples": 300, "seed": 0}
    for whole, lean in zip(
        layer_statistics("selu", "he", **kind), layer_statistics("selu", "he", **kind, keep=False), strict=True
    ):
        assert lean.values is lean.gradients is None
        for kept, values, alone in ((whole.outputs, whole.values, lean.outputs), (whole.back, whole.gradients, lean.back)):
            np.testing.assert_array_equal(kept.counts, alone.counts)
            np.testing.assert_array_equal(np.histogram(values.astype(float), alone.edges)[0], alone.counts)
            assert (kept.mean, kept.std, kept.low, kept.high) == (alone.mean, alone.std, alone.low, alone.high)


def test_the_widest_wall_needs_little_more_than_its_weights():
    """12 × 500² weights of 4 bytes are 12 MB; every output and gradient of 1,000 inputs would be another 72."""
    tracemalloc.start()
    layer_statistics("relu", "he", depth=12, width=500, samples=1000, seed=0, keep=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25e6
