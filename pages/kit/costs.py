"""Costs: how long an activation takes, forward and backward, measured on this server once and told as ratios."""

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

import numpy as np
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.layers import Bend, Dense

BATCH, WIDTH, REPEATS = 100, 500, 9


class Cost(NamedTuple):
    ratio: float
    """To ReLU."""
    share: float
    """Of what the layer's matrix products and the activation take together."""


@st.cache_resource(show_spinner=False)
def measured() -> dict[str, Cost]:
    """Name → cost, for a batch of 100 in a layer of 500 units."""
    x = np.random.default_rng(0).standard_normal((BATCH, WIDTH), np.float32)
    dense = Dense(WIDTH, WIDTH)
    dense.W, dense.b = np.full((WIDTH, WIDTH), 0.01, np.float32), np.zeros((1, WIDTH), np.float32)
    dense.dW, dense.db = np.empty_like(dense.W), np.empty_like(dense.b)
    products = fastest(dense, x)
    times = {name: fastest(bend(name), x) for name in ACTIVATIONS}
    return {name: Cost(time / times["relu"], time / (time + products)) for name, time in times.items()}


def bend(name: str) -> Bend:
    layer = Bend(ACTIVATIONS[name])
    if layer.learned:
        layer.alpha = np.full((1, 1), 0.25, np.float32)
        layer.dalpha = np.empty((1, 1), np.float32)
    return layer


def fastest(layer: Dense | Bend, x: np.ndarray) -> float:
    """Seconds of the fastest of some passes, which is the least disturbed one."""

    def once() -> None:
        layer.forward(x, True)
        layer.backward(x)

    return min(clocked(once) for _ in range(REPEATS))


def clocked(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
