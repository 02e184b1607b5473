"""Diagnostics say what signals become on their way through a stack of layers, before any training."""

from dataclasses import dataclass

import numpy as np

from engine.activations import ACTIVATIONS
from engine.layers import Bend, Dense, Layer
from engine.network import Network

SATURATED = 0.05  # this close to an end of its range an activation hardly moves


@dataclass(frozen=True)
class LayerStatistics:
    """The outputs of one layer, and the gradient there when N(0, 1) is sent back from the last layer's outputs."""

    mean: float
    std: float
    zeros: float
    """Share of outputs that are exactly 0."""
    saturated: float
    """Share of outputs within .05 of an end that the activation is bounded by."""
    values: np.ndarray
    """(samples, width)."""
    gradient_std: float
    gradients: np.ndarray
    """(samples, width)."""


def layer_statistics(
    activation: str,
    initializer: str,
    *,
    depth: int,
    width: int,
    samples: int,
    seed: int,
    init_scale: float = 1.0,
) -> list[LayerStatistics]:
    """Send N(0, 1) inputs (samples, width) through `depth` layers of `width` units without bias; one result a layer.

    CS231n lecture 6 (1000 × 500, ten layers) and DLFS 6.2.2 (1000 × 100, five layers).
    """
    draw = {name: np.random.default_rng([seed, 30 + i]) for i, name in enumerate(("inputs", "init", "gradient"))}
    y = draw["inputs"].standard_normal((samples, width), np.float32)
    layers: list[Layer] = []
    for _ in range(depth):
        layers += [Dense(width, width), Bend(ACTIVATIONS[activation])]
    network = Network(layers)
    network.initialize(initializer, np.float32(init_scale), 0.0, draw["init"])
    with np.errstate(all="ignore"):
        network.forward(y, train=True)
        network.backward(draw["gradient"].standard_normal((samples, width), np.float32))
        return [describe(bend) for bend in layers if isinstance(bend, Bend)]


def describe(bend: Bend) -> LayerStatistics:
    """What an activation has just passed on, forward and backward."""
    y, dy = bend.y, bend.dy
    ends = [abs(y - end) < SATURATED for end in bend.activation.bounds if end is not None]
    return LayerStatistics(
        mean=float(y.mean(dtype=np.float64)),
        std=float(y.std(dtype=np.float64)),
        zeros=float((y == 0).mean()),
        saturated=float(np.any(ends, axis=0).mean()) if ends else 0.0,
        values=y,
        gradient_std=float(dy.std(dtype=np.float64)),
        gradients=dy,
    )
