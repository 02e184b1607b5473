"""A layer turns inputs into outputs, and the gradient of its outputs into that of its inputs and its parameters.

Everything happens on the last two axes, (batch, feature). What stands before is one network after another, trained in
lockstep: with `W (fan_in, fan_out)` the code is the textbook's, with `W (replicas, fan_in, fan_out)` it trains many.
A layer's parameters and their gradients (`W` and `dW`, …) are views into the network's one vector.
"""

from collections.abc import Mapping

import numpy as np

from engine.activations import Activation


class Layer:
    """`parameters` names what the layer learns, with its shape; the network sets these attributes, and `d…` beside each."""

    parameters: Mapping[str, tuple[int, int]] = {}

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        raise NotImplementedError

    def backward(self, dy: np.ndarray) -> np.ndarray:
        raise NotImplementedError


def batch_sum(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Σ over the batch, (…, batch, feature) → (…, 1, feature), as a product with ones: faster than np.sum on this axis."""
    return np.matmul(np.ones((1, x.shape[-2]), x.dtype), x, out=out)


def squares(x: np.ndarray) -> np.ndarray:
    """Σ x² of each replica, (replicas, …) → (replicas,)."""
    return np.square(x.reshape(len(x), -1)).sum(axis=-1)


class Dense(Layer):
    """y = x W + b. The first layer of a network has no use for the gradient of its inputs."""

    W: np.ndarray
    b: np.ndarray
    dW: np.ndarray
    db: np.ndarray

    def __init__(self, fan_in: int, fan_out: int, first: bool = False) -> None:
        self.parameters = {"W": (fan_in, fan_out), "b": (1, fan_out)}
        self.first = first

    def forward(self, x, train):
        self.x = x
        y = x @ self.W
        y += self.b
        return y

    def backward(self, dy):
        np.matmul(self.x.swapaxes(-1, -2), dy, out=self.dW)
        batch_sum(dy, out=self.db)
        return dy if self.first else dy @ self.W.swapaxes(-1, -2)


class Bend(Layer):
    """y = f(x) for an activation f; PReLU learns its α, one for the layer."""

    alpha: np.ndarray
    dalpha: np.ndarray

    def __init__(self, activation: Activation) -> None:
        self.activation = activation
        self.learned = bool(activation.learned)
        self.parameters = {"alpha": (1, 1)} if self.learned else {}

    def forward(self, x, train):
        self.x = x
        self.sliders = {"alpha": self.alpha} if self.learned else {}
        self.y = self.activation(x, **self.sliders)
        return self.y

    def backward(self, dy):
        self.dy = dy
        if self.learned:
            np.sum(dy * np.minimum(self.x, 0), axis=(-2, -1), keepdims=True, out=self.dalpha)
        return dy * self.activation.slope(self.x, self.y, **self.sliders)


class Maxout(Layer):
    """The largest of k pieces: features (k · width) → (width). Goodfellow et al. 2013."""

    name, label, latex, source = "maxout", "Maxout", r"\max_i\,(w_i x + b_i)", "Goodfellow et al. 2013"

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces

    def forward(self, x, train):
        self.x = x
        x = x.reshape(*x.shape[:-1], self.pieces, -1)
        self.winner = x.argmax(axis=-2, keepdims=True)
        self.y = np.take_along_axis(x, self.winner, axis=-2)[..., 0, :]
        return self.y

    def backward(self, dy):
        self.dy = dy
        dx = np.zeros((*dy.shape[:-1], self.pieces, dy.shape[-1]), dy.dtype)
        np.put_along_axis(dx, self.winner, dy[..., None, :], axis=-2)
        return dx.reshape(*dy.shape[:-1], -1)


class BatchNorm(Layer):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε); in training μ and σ² are the batch's, in testing their running means.

    `keep` is the weight of the old running mean, which starts at 0 (PyTorch's `momentum` is 1 − keep, and its running
    variance starts at 1 and is the unbiased one). Ioffe & Szegedy 2015, Algorithm 1; DLFS 6.3.1.
    """

    gamma: np.ndarray
    beta: np.ndarray
    dgamma: np.ndarray
    dbeta: np.ndarray

    def __init__(self, width: int, keep: float = 0.9, eps: float = 1e-6) -> None:
        self.parameters = {"gamma": (1, width), "beta": (1, width)}
        self.keep, self.eps = keep, eps
        self.mean = self.var = np.float32(0)

    def forward(self, x, train):
        if not train:
            scale = self.gamma / np.sqrt(self.var + self.eps)
            y = x * scale
            y += self.beta - self.mean * scale
            return y
        n = x.shape[-2]
        mean = batch_sum(x) / n
        xhat = x - mean
        var = batch_sum(np.square(xhat)) / n
        self.std = np.sqrt(var + self.eps)
        xhat /= self.std
        self.xhat = xhat
        self.mean = self.keep * self.mean + (1 - self.keep) * mean
        self.var = self.keep * self.var + (1 - self.keep) * var
        y = self.gamma * xhat
        y += self.beta
        return y

    def backward(self, dy):
        n = dy.shape[-2]
        batch_sum(dy, out=self.dbeta)
        batch_sum(dy * self.xhat, out=self.dgamma)
        dx = dy - self.dbeta / n
        dx -= self.xhat * (self.dgamma / n)
        dx *= self.gamma / self.std
        return dx


class Dropout(Layer):
    """Each output is dropped with probability `rate` while training. Srivastava et al. 2014; DLFS 6.4.3.

    Inverted: what stays is divided by 1 − rate at once. Otherwise, as in the book, testing multiplies by 1 − rate.
    `rate` is a number or one a replica, (…, 1, 1); all replicas draw the same numbers.
    """

    def __init__(self, rate: np.ndarray | float, rng: np.random.Generator, inverted: bool = True) -> None:
        self.rate, self.rng, self.inverted = rate, rng, inverted

    def forward(self, x, train):
        kept = 1 - self.rate
        if not train:
            return x if self.inverted else x * kept
        mask = self.rng.random(x.shape[-2:], dtype=np.float32) >= self.rate
        self.mask = (mask / kept if self.inverted else mask).astype(x.dtype)
        return x * self.mask

    def backward(self, dy):
        return dy * self.mask
