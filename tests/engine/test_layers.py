"""Every layer's gradient against central differences in float64, and the laws of each layer."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.layers import BatchNorm, Bend, Dense, Dropout
from engine.losses import accuracy, softmax, softmax_cross_entropy
from engine.network import Network, stack

NETS = {
    **{name: {"activation": name} for name in ACTIVATIONS},
    "maxout": {"activation": "maxout", "pieces": 3},
    "batchnorm before": {"activation": "tanh", "batchnorm": "before"},
    "batchnorm after": {"activation": "sigmoid", "batchnorm": "after"},
    "dropout": {"activation": "tanh", "rate": 0.3},
    "dropout, book": {"activation": "tanh", "rate": 0.3, "inverted": False},
    "everything": {"activation": "prelu", "batchnorm": "before", "rate": 0.2},
}


def loss_of(network, x, labels, decay=0.0):
    """The training loss with fresh but equal dropout masks, and running statistics left alone."""
    for layer in network.layers:
        if isinstance(layer, Dropout):
            layer.rng = np.random.default_rng(7)
    loss, dlogits = softmax_cross_entropy(network.forward(x, train=True), labels)
    penalty = sum((0.5 * decay * layer.W**2).sum(axis=(-2, -1)) for layer in network.dense)
    return loss + penalty, dlogits


@pytest.mark.parametrize("lead", [(), (3,)], ids=["one", "three replicas"])
@pytest.mark.parametrize("options", NETS.values(), ids=NETS)
def test_gradient_of_every_parameter(options, lead):
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(6, 4)), np.array([0, 1, 2, 0, 1, 2])
    network = Network(stack((4, 5, 5, 3), rng=rng, **options), lead, np.float64)
    network.initialize("he", 1.0, 0.1, rng)
    network.theta += 0.3 * rng.normal(size=network.theta.shape)
    decay = 0.1
    _, dlogits = loss_of(network, x, labels)
    network.backward(dlogits)
    for layer in network.dense:
        layer.dW += decay * layer.W
    exact, theta = network.gradient.copy(), network.theta
    numeric = np.zeros_like(exact)
    h = 1e-5
    for i in range(theta.shape[-1]):
        kept = theta[..., i].copy()
        theta[..., i] = kept + h
        up = loss_of(network, x, labels, decay)[0]
        theta[..., i] = kept - h
        down = loss_of(network, x, labels, decay)[0]
        theta[..., i] = kept
        numeric[..., i] = (up - down) / (2 * h)
    error = np.linalg.norm(numeric - exact, axis=-1) / (np.linalg.norm(numeric, axis=-1) + np.linalg.norm(exact, axis=-1))
    assert (error < 1e-6).all()


def test_b1_b2_batchnorm_normalizes_and_can_be_undone():
    rng = np.random.default_rng(0)
    x = rng.normal(3, 2, (50, 4))
    layer = BatchNorm(4, eps=0)
    Network([layer], (), np.float64)
    layer.gamma[...] = 1
    y = layer.forward(x, train=True)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=0), 1, atol=1e-12)
    layer.gamma[...], layer.beta[...] = x.std(axis=0), x.mean(axis=0)
    np.testing.assert_allclose(layer.forward(x, train=True), x, atol=1e-12)


def test_b11_the_bias_before_batchnorm_gets_no_gradient():
    rng = np.random.default_rng(0)
    dense, norm = Dense(4, 3, first=True), BatchNorm(3)
    network = Network([dense, norm], (), np.float64)
    network.initialize("he", 1.0, 0.5, rng)
    network.forward(rng.normal(size=(20, 4)), train=True)
    network.backward(rng.normal(size=(20, 3)))
    assert np.abs(dense.db).max() < 1e-12 < np.abs(dense.dW).max()


def test_running_statistics_follow_keep_and_serve_testing():
    rng = np.random.default_rng(0)
    layer = BatchNorm(2, keep=0.9, eps=1e-6)
    Network([layer], (), np.float64)
    layer.gamma[...] = 1
    mean = var = 0
    for _ in range(5):
        x = rng.normal(1, 3, (10, 2))
        layer.forward(x, train=True)
        mean, var = 0.9 * mean + 0.1 * x.mean(axis=0), 0.9 * var + 0.1 * x.var(axis=0)
    np.testing.assert_allclose(layer.mean[0], mean)
    np.testing.assert_allclose(layer.forward(x, train=False), (x - mean) / np.sqrt(var + 1e-6))


@pytest.mark.parametrize("inverted", [True, False])
def test_dropout_keeps_the_mean(inverted):
    layer = Dropout(0.3, np.random.default_rng(0), inverted)
    x = np.ones((200, 500))
    trained, tested = layer.forward(x, train=True), layer.forward(x, train=False)
    assert (trained == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert trained.mean() == pytest.approx(tested.mean(), abs=0.01)
    assert tested.mean() == pytest.approx(1 if inverted else 0.7)


def test_prelu_starts_at_a_quarter():
    layer = Bend(ACTIVATIONS["prelu"])
    Network([layer], (), np.float64).initialize("he", 1.0, 0.0, np.random.default_rng(0))
    assert layer.forward(np.array([[-4.0, 4.0]]), train=True).tolist() == [[-1.0, 4.0]]


def test_softmax_and_its_gradient():
    """X1: z = [5, 2, −1, 3], and the gradient ŷ − y."""
    z = np.array([[5.0, 2, -1, 3]])
    np.testing.assert_allclose(softmax(z)[0], [0.842, 0.042, 0.002, 0.114], atol=5e-4)
    loss, gradient = softmax_cross_entropy(z, np.array([0]))
    assert loss == pytest.approx(-np.log(softmax(z)[0, 0]))
    np.testing.assert_allclose(gradient[0], softmax(z)[0] - [1, 0, 0, 0])
    assert softmax_cross_entropy(np.zeros((7, 10)), np.arange(7))[0] == pytest.approx(np.log(10))
    assert np.isfinite(softmax_cross_entropy(np.array([[1e4, -1e4]]), np.array([1]))[0])
    assert accuracy(z, np.array([0])) == 1
