"""Importance of a hyper-parameter: how differently the best trials and all trials are spread along it.

PED-ANOVA: Watanabe, Bansal & Hutter 2023, Algorithm 1, with a Parzen estimate on 50 places as in Optuna.
"""

import math

import numpy as np

from engine.search import Seen, Space, places

PLACES = 50


def importance(space: Space, seen: Seen, quantile: float = 0.1) -> dict[str, float]:
    """Name → γ² Σ p (p* / p − 1)², where p* is the density of the best share γ of the trials, and p that of all of them.

    Trials that failed are left out; 0 for all where there are fewer than two others.
    """
    found = [(one, score) for one, score in seen if math.isfinite(score)]
    if len(found) < 2:
        return dict.fromkeys(space, 0.0)
    scores = np.array([score for _, score in found])
    cut = np.sort(scores)[::-1][math.ceil(quantile * len(scores)) - 1]
    best, where = scores >= cut, places(space, [one for one, _ in found])
    share = best.mean()
    names = {}
    for name, u in zip(space, where.T, strict=True):
        p, top = density(u), density(u[best])
        names[name] = float(share**2 * (p * (top / p - 1) ** 2).sum())
    return names


def resampled(space: Space, seen: Seen, quantile: float = 0.1, draws: int = 200) -> dict[str, np.ndarray]:
    """Name → (draws,): the importance in trials drawn again from these, with replacement. Efron 1979."""
    rng = np.random.default_rng(0)
    found = [importance(space, [seen[k] for k in rng.integers(len(seen), size=len(seen))], quantile) for _ in range(draws)]
    return {name: np.array([each[name] for each in found]) for name in space}


def density(u: np.ndarray) -> np.ndarray:
    """(50,): the share of each of 50 places along the unit interval, by a mixture of truncated normals around the trials, as
    wide as Scott's rule says, and one over all of it."""
    counts = np.bincount(np.clip(np.ceil(u * (PLACES - 1) - 0.5).astype(int), 0, PLACES - 1), minlength=PLACES)
    middles = np.flatnonzero(counts)
    weights = counts[middles]
    middle = [*middles, (PLACES - 1) / 2]
    width = [scott(middles, weights)] * len(middles) + [PLACES]
    weight = np.array([*weights, 1.0]) / (weights.sum() + 1)
    parts = [_truncated(m, s) for m, s in zip(middle, width, strict=True)]
    return weight @ np.array(parts) + 1e-12


def scott(middles: np.ndarray, weights: np.ndarray) -> float:
    """1.059 min(σ, IQR / 1.34) n^−1/5, at least so much that 90 % of it lie in one place. Scott 1992."""
    n, below = weights.sum(), np.cumsum(weights)
    mean = middles @ weights / n
    sigma = math.sqrt((middles - mean) ** 2 @ weights / max(1, n - 1))
    first = np.searchsorted(below, n // 4, side="left")
    third = min(len(middles) - 1, np.searchsorted(below, n * 3 // 4, side="right"))
    return max(1.059 * min((middles[third] - middles[first]) / 1.34, sigma) * n**-0.2, 0.5 / 1.64)


def _truncated(middle: float, width: float) -> np.ndarray:
    """(50,): the mass of a normal in each place, of all its mass inside."""
    edges = (np.arange(PLACES + 1) - 0.5 - middle) / width
    mass = np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in edges.tolist()])
    return np.diff(mass) / (mass[-1] - mass[0])
