"""Costs: how long an activation takes, forward and backward, measured on this server once and told as ratios."""

from collections.abc import Sequence
from functools import cache
from time import perf_counter
from typing import NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.layers import Bend, Dense

BATCH, WIDTH, REPEATS = 100, 500, 15


class Cost(NamedTuple):
    ratio: float
    """To ReLU."""
    share: float
    """Of what the layer's matrix products and the activation take together."""


@cache
def measured() -> dict[str, Cost]:
    """Name → cost, for a batch of 100 in a layer of 500 units."""
    x = np.random.default_rng(0).standard_normal((BATCH, WIDTH), np.float32)
    dense = Dense(WIDTH, WIDTH)
    dense.W, dense.b = np.full((WIDTH, WIDTH), 0.01, np.float32), np.zeros((1, WIDTH), np.float32)
    dense.dW, dense.db = np.empty_like(dense.W), np.empty_like(dense.b)
    (products,), times = fastest([dense], x), fastest([bend(name) for name in ACTIVATIONS], x)
    relu = times[list(ACTIVATIONS).index("relu")]
    return {name: Cost(time / relu, time / (time + products)) for name, time in zip(ACTIVATIONS, times, strict=True)}


def bend(name: str) -> Bend:
    layer = Bend(ACTIVATIONS[name])
    if layer.learned:
        layer.alpha = np.full((1, 1), 0.25, np.float32)
        layer.dalpha = np.empty((1, 1), np.float32)
    return layer


def fastest(layers: Sequence[Dense | Bend], x: np.ndarray) -> list[float]:
    """Seconds of each layer's fastest pass, which is the least disturbed one; they take turns, so that all share the
    server's better and worse moments.
    """
    return np.min([[clocked(layer, x) for layer in layers] for _ in range(REPEATS)], axis=0).tolist()


def clocked(layer: Dense | Bend, x: np.ndarray) -> float:
    """Seconds of one pass, forward and backward."""
    start = perf_counter()
    layer.forward(x, True)
    layer.backward(x)
    return perf_counter() - start
