"""A vital sign is a number of every hidden layer, looked at again and again in training, that tells whether the layer lives."""

from collections.abc import Callable, Mapping, Sequence
from math import nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.compare import History

IDEAL = 1e-3  # update : weight. CS231n, Neural Networks Part 3, "Ratio of weights:updates"
BAND = (3e-4, 3e-3)  # about it by half a power of ten; below, the doctor calls the learning rate too low


class Sign(NamedTuple):
    """`of` takes it from what a probe has found in a layer; a picture shows it from low to high."""

    label: str
    of: Callable[[Mapping[str, Any]], float]
    low: float
    high: float
    log: bool = True


def saturated(layer: Mapping[str, Any]) -> float:
    """The share of activations within .05 of an end of the activation's range; NaN in a network that has diverged."""
    found = layer["activations"]
    return nan if found.lost else (found.low + found.high) / found.size


SIGNS = {
    "update": Sign("update : weight, ‖ΔW‖ / ‖W‖", lambda layer: layer["update_ratio"], 1e-5, 1e-1),
    "gradient": Sign("gradient norm ‖∂L/∂W‖", lambda layer: layer["gradient_norm"], 1e-4, 1e2),
    "weight": Sign("weight norm ‖W‖", lambda layer: layer["weight_norm"], 1, 1e2),
    "spread": Sign("std of activations", lambda layer: layer["activations"].std, 1e-3, 1e2),
    "dead": Sign("dead units, share", lambda layer: layer["dead"], 0, 1, log=False),
    "saturated": Sign("saturated activations, share", saturated, 0, 1, log=False),
}


def looks(history: History, name: str) -> dict[int, np.ndarray]:
    """Update → a sign in every hidden layer, (layers,), while all are finite."""
    return looked(history, lambda layers: [SIGNS[name].of(layer) for layer in layers])


def looked(history: History, of: Callable[[Sequence[Mapping[str, Any]]], ArrayLike]) -> dict[int, np.ndarray]:
    """Update → what `of` takes from all that a probe has found in the layers, while it is finite."""
    found = {t: np.asarray(of(layers), float) for t, layers in sorted(history.probes.items())}
    return {t: numbers for t, numbers in found.items() if np.isfinite(numbers).all()}


def inside(ratios: np.ndarray) -> int:
    """How many of the update : weight ratios lie in the band."""
    return int(((ratios >= BAND[0]) & (ratios <= BAND[1])).sum())


def farthest(ratios: np.ndarray) -> tuple[int, float]:
    """Of ratios (looks, layers) the layer, from 1, whose median is farthest from 1e-3 in powers of ten, and that median."""
    medians = np.median(ratios, axis=0)
    with np.errstate(divide="ignore"):
        place = int(np.abs(np.log10(medians / IDEAL)).argmax())
    return place + 1, float(medians[place])
