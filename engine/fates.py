"""A fate is what a learning rate makes of a training: it barely moves, it learns, it was too high, it is no number any more."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from engine.compare import History
from engine.doctor import KEEP

FATES = ("barely", "rises", "learns", "high", "lost")
ABOVE, BELOW, RISEN = 1.25, 0.9, 0.1
K = TypeVar("K")


def fate(history: History, chance: float = 0.1) -> str:
    """One of FATES; "" before the first update.

    "lost": the loss is no number. "high": smoothed, it has been above 1.25 times its start (CS231n stops at 3 times), or a
    single one has and nothing was learned. "learns": it is below 0.9 times its start in the end. "rises": it is not, yet
    training accuracy is 0.1 above guessing. "barely": neither.
    """
    if not len(history.loss):
        return ""
    if history.diverged:
        return "lost"
    loss = history.smoothed(KEEP) / history.loss[0]
    if loss.max() > ABOVE:
        return "high"
    if loss[-1] < BELOW:
        return "learns"
    if history.loss.max() > ABOVE * history.loss[0]:
        return "high"
    accuracy = history.train_accuracy
    return "rises" if len(accuracy) and accuracy[-1] >= chance + RISEN else "barely"


def reached(history: History, accuracy: float) -> float:
    """The update at which the training accuracy first crosses this one, on a straight line between two measurements, or ∞."""
    values = history.train_accuracy
    updates = history.measured_at[: len(values)]
    there = values >= accuracy
    if not there.any():
        return np.inf
    place = max(1, int(there.argmax()))
    return float(np.interp(accuracy, values[place - 1 : place + 1], updates[place - 1 : place + 1]))


def end(history: History) -> tuple[float, float]:
    """Smoothed loss and test accuracy as they are now; NaN where there are none, and of a network that is lost."""
    if history.diverged or not len(history.loss):
        return np.nan, np.nan
    return float(history.smoothed(KEEP)[-1]), history.last("test")


def best(tried: Mapping[K, Sequence[History]]) -> K | None:
    """What ends with the lowest training loss in the mean over its histories, none of them lost; test images have no say."""
    losses = {key: np.mean([end(history)[0] for history in own]) for key, own in tried.items()}
    return min((key for key, loss in losses.items() if np.isfinite(loss)), key=losses.__getitem__, default=None)
