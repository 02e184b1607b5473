"""The gradient check: closed forms pass, a wrong gradient is caught, and nothing is left changed."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.gradcheck import Check, bias_before_batchnorm, check, check_batchnorm, check_network, normalized
from engine.layers import Bend
from engine.network import Network, stack


def test_a_cubic_has_the_error_of_its_third_derivative():
    """(f(x + h) − f(x − h)) / 2h = 3x² + h² for f = x³, exactly."""
    theta = np.array([[1.0, -2.0], [0.5, 3.0]])
    found = check(lambda: float((theta**3).sum()), theta, 3 * theta**2, step=0.1)
    np.testing.assert_allclose(found.numeric - found.analytic, 0.01, rtol=1e-9)
    np.testing.assert_allclose(found.errors, 0.01 / (3 * theta.ravel() ** 2 + 0.01), rtol=1e-9)
    assert found.error == pytest.approx(0.01 / 27)
    assert theta.tolist() == [[1.0, -2.0], [0.5, 3.0]]


def test_every_entry_may_have_its_own_step_and_places_choose():
    theta = np.array([2.0, 0.0, 4.0])
    found = check(lambda: float((theta**3).sum()), theta, 3 * theta**2, np.array([0.1, 0.2, 0.3]), places=np.array([2, 0]))
    assert found.places.tolist() == [2, 0]
    np.testing.assert_allclose(found.numeric, [48 + 0.09, 12 + 0.01])


def test_equal_zeros_are_no_error_and_float32_and_dropout_are_refused():
    zeros = np.zeros(2)
    assert Check(np.arange(2), zeros, zeros).errors.tolist() == [0, 0]
    assert Check(np.arange(2), np.array([0.0, 1.0]), np.array([1e-3, 1.0])).errors.tolist() == [1, 0]
    with pytest.raises(ValueError, match="needs float64, not float32"):
        check(lambda: 0.0, np.zeros(2, np.float32), zeros)
    dropped = Network(stack((2, 3, 2), "tanh", rate=0.5, rng=np.random.default_rng(0)), dtype=np.float64)
    with pytest.raises(ValueError, match="without dropout"):
        check_network(dropped, np.ones((4, 2)), np.zeros(4, int), 5, np.random.default_rng(0))


def net(activation="tanh", batchnorm="before"):
    network = Network(stack((6, 8, 7, 3), activation, batchnorm=batchnorm), dtype=np.float64)
    network.initialize("he", 1.0, 0.1, np.random.default_rng(0))
    return network


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "prelu", "maxout"])
@pytest.mark.parametrize("batchnorm", ["none", "before", "after"])
def test_networks_pass_and_keep_their_weights_and_running_means(activation, batchnorm):
    rng = np.random.default_rng(1)
    network, x, labels = net(activation, batchnorm), rng.normal(size=(12, 6)), rng.integers(3, size=12)
    network.forward(x, train=True)
    before = network.weights
    found = check_network(network, x, labels, 30, np.random.default_rng(2))
    assert len(set(found.places.tolist())) == len(found.numeric) == 30
    assert found.error < 1e-6
    np.testing.assert_array_equal(network.theta, before.theta)
    for (mean, var), (kept_mean, kept_var) in zip(network.weights.running, before.running, strict=True):
        np.testing.assert_array_equal(mean, kept_mean)
        np.testing.assert_array_equal(var, kept_var)
    assert len(check_network(network, x, labels, 10**6, rng).places) == network.theta.size


def test_a_wrong_slope_is_caught(monkeypatch):
    rng = np.random.default_rng(1)
    network, x, labels = net(batchnorm="none"), rng.normal(size=(12, 6)), rng.integers(3, size=12)
    monkeypatch.setattr(Bend, "backward", lambda self, dy: dy * ACTIVATIONS["sigmoid"].slope(self.x, self.y))
    assert check_network(network, x, labels, 200, rng).error > 0.1


@pytest.mark.parametrize("batch", [(-3, -1, 0.5, 2, 6), (1, 2, 3), (1e6, -1e6, 5), (0.1, 0.2, 0.4, 0.8)])
def test_a_batch_is_normalized_in_closed_form(batch):
    x = np.array(batch, float)
    found, y = normalized(x, 2.0, -1.0)
    xhat = (x - x.mean()) / np.sqrt(((x - x.mean()) ** 2).mean() + 1e-6)
    np.testing.assert_allclose(found.xhat.ravel(), xhat, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(y, 2 * xhat - 1, rtol=1e-12, atol=1e-12)
    _, same = normalized(x, found.std.item(), x.mean())
    np.testing.assert_allclose(same, x, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("batch", [(-3.0, 100.0, 0.25), (1e6, 999999.0), (1e-4, 2e-4, 9e-4)])
def test_batchnorm_passes_its_check_and_moves_no_whole_batch(batch):
    found, total = check_batchnorm(np.array(batch), 0.5, 3.0)
    assert len(found.numeric) == len(batch) + 2
    assert found.error < 1e-5
    assert abs(total) < 1e-9 * max(1, np.abs(found.analytic).max())


def test_batchnorm_cancels_the_bias_before_it():
    bias, weight = bias_before_batchnorm()
    assert bias < 1e-12 < 1e-2 < weight
