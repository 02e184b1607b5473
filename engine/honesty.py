"""Honesty: what a score still says of a setting that was chosen, among many, because of this score."""

from math import comb, sqrt
from typing import NamedTuple

import numpy as np


class Way(NamedTuple):
    """A way to choose: (settings,) the scores by which it does, and accuracies on images that nobody chooses by."""

    scores: np.ndarray
    truth: np.ndarray

    @property
    def chosen(self) -> int:
        """The setting with the best score, the first of several."""
        return int(self.scores.argmax())


def ways(validation: np.ndarray, known: np.ndarray, images: int, seed: int) -> dict[str, Way]:
    """To choose by the validation images of one fold, by those of all folds, or by as many `images` for testing.

    `validation` (settings, folds) are accuracies, `known` (settings, folds, tests) says which images for testing are read
    rightly. The seed picks those to choose by; all others tell the truth, of the network of the first fold or, for all folds,
    of the mean of theirs.
    """
    order = np.random.default_rng([seed, 4]).permutation(known.shape[-1])
    test, truth = known[..., order[:images]].mean(axis=-1), known[..., order[images:]].mean(axis=-1)
    return {
        "validation": Way(validation[:, 0], truth[:, 0]),
        "folds": Way(validation.mean(axis=-1), truth.mean(axis=-1)),
        "test": Way(test[:, 0], truth[:, 0]),
    }


def chances(scores: np.ndarray) -> np.ndarray:
    """(n, n): in row m − 1 how likely each of n settings is the best of m that are drawn from them without replacement.

    P(the k-th from below) = C(k − 1, m − 1) / C(n, m). Of equal scores the first is the best.
    """
    n = len(scores)
    found = np.empty((n, n))
    order = np.lexsort((-np.arange(n), scores))
    found[:, order] = [[comb(k, m - 1) / comb(n, m) for k in range(n)] for m in range(1, n + 1)]
    return found


def optimism(way: Way) -> np.ndarray:
    """(n,): how much more the best of m = 1 … n settings promises than it keeps, expected over which m of them are tried.

    Less the same of any one setting, (score − truth) on average: whether the images are easy or hard is no doing of the choice.
    """
    more = way.scores - way.truth
    more -= more[0]  # exactly 0 where all are the same
    return chances(way.scores) @ more - more.mean()


def deviation(accuracy: float, images: int) -> float:
    """Of an accuracy on so many images, if each is known with that probability: √(p (1 − p) / n).

    >>> round(deviation(0.8, 100), 3)
    0.04
    """
    return sqrt(accuracy * (1 - accuracy) / images)
