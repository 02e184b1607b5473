"""A network is a stack of layers whose parameters are views into one vector θ (…, P), so that a rule updates it at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.activations import ACTIVATIONS
from engine.initializers import INITIALIZERS
from engine.layers import BatchNorm, Bend, Dense, Dropout, Layer, Maxout


@dataclass(frozen=True)
class Weights:
    """What a network has learned. Those of many networks have a replica axis in front."""

    theta: np.ndarray
    """(…, P)."""
    running: tuple[tuple[np.ndarray, np.ndarray], ...]
    """Running mean and variance of every BatchNorm layer, (…, 1, width) each."""

    def replica(self, r: int) -> "Weights":
        """Those of one network among many."""
        return Weights(self.theta[r], tuple((mean[r], var[r]) for mean, var in self.running))


class Network:
    """`lead` is the shape of what stands before the parameters: () for one network, (replicas,) for many."""

    def __init__(self, layers: Sequence[Layer], lead: tuple[int, ...] = (), dtype: type = np.float32) -> None:
        self.layers = list(layers)
        count = sum(rows * columns for layer in layers for rows, columns in layer.parameters.values())
        self.theta = np.zeros((*lead, count), dtype)
        self.gradient = np.zeros_like(self.theta)
        start = 0
        for layer in layers:
            for name, shape in layer.parameters.items():
                end = start + shape[0] * shape[1]
                setattr(layer, name, self.theta[..., start:end].reshape(*lead, *shape))
                setattr(layer, f"d{name}", self.gradient[..., start:end].reshape(*lead, *shape))
                start = end

    @property
    def dense(self) -> list[Dense]:
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    @property
    def norms(self) -> list[BatchNorm]:
        return [layer for layer in self.layers if isinstance(layer, BatchNorm)]

    @property
    def weights(self) -> Weights:
        """A copy of them as they are now; to assign it is to go back there."""
        return Weights(self.theta.copy(), tuple((np.array(norm.mean), np.array(norm.var)) for norm in self.norms))

    @weights.setter
    def weights(self, weights: Weights) -> None:
        self.theta[...] = weights.theta
        for norm, (mean, var) in zip(self.norms, weights.running, strict=True):
            norm.mean, norm.var = mean, var

    def forward(self, x: np.ndarray, train: bool = False) -> np.ndarray:
        """Logits (…, batch, classes) of inputs (batch, features)."""
        for layer in self.layers:
            x = layer.forward(x, train)
        return x

    def backward(self, dy: np.ndarray) -> None:
        """Fill the gradient from that of the logits of the last training forward pass."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)

    def initialize(self, initializer: str, scale, bias: float, rng: np.random.Generator) -> None:
        """Draw every W, times `scale`, a number or one a replica (…, 1, 1); b = bias, γ = 1, β = 0, PReLU's α = .25."""
        for layer in self.layers:
            if isinstance(layer, Dense):
                layer.W[...] = scale * INITIALIZERS[initializer](rng, *layer.W.shape[-2:])
                layer.b[...] = bias
            elif isinstance(layer, BatchNorm):
                layer.gamma[...] = 1
            elif isinstance(layer, Bend) and layer.learned:
                layer.alpha[...] = layer.activation.sliders[layer.activation.learned]


def stack(
    widths: Sequence[int],
    activation: str,
    *,
    batchnorm: str = "none",
    keep: float = 0.9,
    pieces: int = 2,
    rate: np.ndarray | float = 0.0,
    inverted: bool = True,
    rng: np.random.Generator | None = None,
) -> list[Layer]:
    """The layers of a fully connected network: per hidden layer dense, normalization, activation, dropout, as asked for.

    `batchnorm` is "none", "before" or "after" the activation; `activation` a name of the catalogue, or "maxout".
    """
    layers: list[Layer] = []
    for i, (fan_in, width) in enumerate(pairwise(widths[:-1])):
        maxout = activation == Maxout.name
        wide = width * pieces if maxout else width
        layers.append(Dense(fan_in, wide, first=i == 0))
        if batchnorm == "before":
            layers.append(BatchNorm(wide, keep))
        layers.append(Maxout(pieces) if maxout else Bend(ACTIVATIONS[activation]))
        if batchnorm == "after":
            layers.append(BatchNorm(width, keep))
        if np.any(rate) and rng is not None:
            layers.append(Dropout(rate, rng, inverted))
    layers.append(Dense(widths[-2], widths[-1], first=len(widths) == 2))
    return layers
