"""A gradient check compares the backward pass with central differences of the loss, in float64.

What is given must be of float64 and is put back afterwards. Karpathy, CS231n, "Gradient checks"; DLFS 5.7.3.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.layers import BatchNorm, Dense, Dropout
from engine.losses import softmax_cross_entropy
from engine.network import Network


class Check(NamedTuple):
    """Derivatives at the sampled places, (k,) each."""

    places: np.ndarray
    """Which entries of the flat array."""
    analytic: np.ndarray
    numeric: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        """(k,): |a − n| / max(|a|, |n|) of each; 0 where both are 0."""
        size = np.maximum(np.abs(self.analytic), np.abs(self.numeric))
        return np.abs(self.analytic - self.numeric) / np.where(size > 0, size, 1)

    @property
    def error(self) -> float:
        """max |a − n| / max |a|, over all of them; what is nearly 0 throughout counts as 1e-12."""
        return float(np.abs(self.analytic - self.numeric).max() / max(1e-12, np.abs(self.analytic).max()))


def check(
    loss: Callable[[], float],
    theta: np.ndarray,
    gradient: np.ndarray,
    step: float | np.ndarray = 1e-5,
    places: np.ndarray | None = None,
) -> Check:
    """(L(θ + h) − L(θ − h)) / 2h against the gradient, an entry of θ at a time, for all of them or those at flat `places`.

    `loss()` is computed of θ as it stands. The step h is a number or one for every entry; ValueError if θ is not of float64.
    """
    if theta.dtype != np.float64:
        raise ValueError(f"a gradient check needs float64, not {theta.dtype}")
    places = np.arange(theta.size) if places is None else places
    steps = np.broadcast_to(step, theta.shape)
    numeric = np.empty(len(places))
    for k, place in enumerate(places):
        i = np.unravel_index(place, theta.shape)
        kept, h = theta[i], steps[i]
        theta[i] = kept + h
        above = loss()
        theta[i] = kept - h
        below = loss()
        theta[i] = kept
        numeric[k] = (above - below) / (2 * h)
    return Check(places, gradient.ravel()[places], numeric)


def check_network(
    network: Network,
    x: np.ndarray,
    labels: np.ndarray,
    weights: int,
    rng: np.random.Generator,
    loss=softmax_cross_entropy,
    step: float = 1e-5,
) -> Check:
    """Of as many `weights` of one network, drawn without replacement; its loss on a batch x (batch, features), labels (batch,).

    It is in training mode; running means are put back. ValueError with dropout, whose masks differ from pass to pass.
    """
    if any(isinstance(layer, Dropout) for layer in network.layers):
        raise ValueError("a gradient check needs a network without dropout")
    kept = network.weights

    def value() -> float:
        return float(loss(network.forward(x, train=True), labels)[0])

    network.backward(loss(network.forward(x, train=True), labels)[1])
    places = rng.choice(network.theta.size, min(weights, network.theta.size), replace=False)
    found = check(value, network.theta, network.gradient, step, places)
    network.weights = kept
    return found


def normalized(x: np.ndarray, gamma: float, beta: float) -> tuple[BatchNorm, np.ndarray]:
    """A BatchNorm layer after a training pass over one feature x (n,) in float64, and its outputs (n,)."""
    layer = BatchNorm(1)
    Network([layer], dtype=np.float64)
    layer.gamma[...], layer.beta[...] = gamma, beta
    return layer, layer.forward(x[:, None], train=True).ravel()


def check_batchnorm(x: np.ndarray, gamma: float, beta: float) -> tuple[Check, float]:
    """dx, dγ, dβ of BatchNorm on one feature x (n,), sent back N(0, 1); and Σ dx, which is 0: nothing moves the whole batch."""
    x = x - x.mean()  # the layer sees differences only, and so fewer digits get lost
    layer, _ = normalized(x, gamma, beta)
    dy = np.random.default_rng(0).normal(size=x.shape)
    dx = layer.backward(dy[:, None]).ravel()
    theta = np.array([*x, gamma, beta])
    gradient = np.array([*dx, layer.dgamma.item(), layer.dbeta.item()])
    steps = np.array([*np.full(len(x), 1e-4 * layer.std.item()), 1.0, 1.0])  # γ and β are linear: any step is exact
    found = check(lambda: float(normalized(theta[:-2], theta[-2], theta[-1])[1] @ dy), theta, gradient, steps)
    return found, float(dx.sum())


def bias_before_batchnorm() -> tuple[float, float]:
    """max |db| and max |dW| of a dense layer before BatchNorm, whose mean takes any bias away. Ioffe & Szegedy 2015, 3.2."""
    dense, norm = Dense(3, 4), BatchNorm(4)
    network = Network([dense, norm], dtype=np.float64)
    rng = np.random.default_rng(1)
    network.theta[...] = rng.normal(size=network.theta.shape)
    network.forward(rng.normal(size=(8, 3)), train=True)
    network.backward(rng.normal(size=(8, 4)))
    return float(np.abs(dense.db).max()), float(np.abs(dense.dW).max())
