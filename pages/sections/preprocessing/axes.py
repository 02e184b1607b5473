"""Axes are the principal axes of the training digits, found once for everybody, and the test digits that are looked at."""

from typing import NamedTuple

import numpy as np

from engine.components import kept
from engine.datasets import load
from engine.preprocessing import PREPROCESSORS, Transform
from pages.kit import compute
from pages.kit.language import N_

SIDE = 28


class Axes(NamedTuple):
    """The preprocessors "decorrelate" and "standardize" of the 4,000 training digits, and the share of the variance that the
    first 1, 2, … dimensions keep of those, and of the 1,000 test digits, (784,) both."""

    fit: Transform
    scaled: Transform
    trained: np.ndarray
    tested: np.ndarray


@compute.heavy(N_("Looking for the principal axes of 4,000 digits …"), max_entries=1)
def learned() -> Axes:
    data = load()
    fit, scaled = (PREPROCESSORS[name].fit(data.x_train) for name in ("decorrelate", "standardize"))
    return Axes(fit, scaled, kept(fit, data.x_train), kept(fit, data.x_test))


@compute.cached(100)
def digits(which: int) -> np.ndarray:
    """(10, 784): the test digit of each class with that number, of 0–1."""
    data = load()
    found = [np.flatnonzero(data.y_test == digit) for digit in range(data.classes)]
    return np.stack([data.x_test[places[which % len(places)]] for places in found])


def square(x: np.ndarray) -> np.ndarray:
    """(n, SIDE, SIDE) of x (n, 784)."""
    return x.reshape(-1, SIDE, SIDE)
