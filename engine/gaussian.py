"""A Gaussian process is what can be believed of a function that was asked at a few points, with noise: a mean and an
uncertainty everywhere. Points lie in the unit cube. Rasmussen & Williams 2006, chapters 2 and 5; Snoek et al. 2012.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LENGTHS = tuple(np.geomspace(0.08, 3, 9).tolist())
NOISES = tuple(np.geomspace(1e-4, 0.3, 6).tolist())  # of the function's own variance
SWEEPS = 2


@dataclass(frozen=True)
class Belief:
    """A process with the likeliest of the lengths and noises, given points x (n, d) and what was found there, y (n,)."""

    x: np.ndarray
    lengths: np.ndarray
    """(d,): how far along each dimension the function stays alike."""
    noise: float
    """Variance of the noise, in units of the function's."""
    likelihood: float
    """log p(y | x), but for a constant."""
    root: np.ndarray
    """(n, n): L with L Lᵀ = K."""
    alpha: np.ndarray
    scale: float
    middle: float
    spread: float

    def at(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the function, without its noise, at u (m, d)."""
        k = matern(u, self.x, self.lengths)
        v = np.linalg.solve(self.root, k.T)
        variance = self.scale * np.maximum(1 - np.square(v).sum(axis=0), 1e-12)
        return self.middle + self.spread * (k @ self.alpha), self.spread * np.sqrt(variance)

    @property
    def best(self) -> float:
        """The largest mean at a point that was asked: not the luckiest answer."""
        return float(self.at(self.x)[0].max())


def matern(a: np.ndarray, b: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """k(a, b) = (1 + r + r²/3) e⁻ʳ with r = √5 ‖(a − b) / l‖, (n, d), (m, d) → (n, m): Matérn 5/2, one length a dimension."""
    r = np.sqrt(5 * np.square((a[:, None] - b) / lengths).sum(axis=-1))
    return (1 + r + r * r / 3) * np.exp(-r)


def believe(x: np.ndarray, y: np.ndarray) -> Belief:
    """The likeliest process of a small grid: first one length for all dimensions, then each by itself."""
    d = x.shape[-1]
    best = max((_fit(x, y, [length] * d, noise) for length in LENGTHS for noise in NOISES), key=_likelihood)
    for k in [*range(d)] * SWEEPS * (d > 1):
        others = best.lengths.tolist()
        tried = (_fit(x, y, [*others[:k], length, *others[k + 1 :]], best.noise) for length in LENGTHS)
        best = max(best, *tried, *(_fit(x, y, others, noise) for noise in NOISES), key=_likelihood)
    return best


def _likelihood(belief: Belief) -> float:
    return belief.likelihood


def _fit(x: np.ndarray, y: np.ndarray, lengths: Sequence[float], noise: float) -> Belief:
    """With these lengths and this noise; the function's variance is the likeliest one, in closed form."""
    n, middle, spread = len(y), float(y.mean()), float(y.std()) or 1.0
    z, along = (y - middle) / spread, np.array(lengths)
    root = np.linalg.cholesky(matern(x, x, along) + noise * np.eye(n))
    alpha = np.linalg.solve(root.T, np.linalg.solve(root, z))
    scale = max(float(z @ alpha) / n, 1e-12)
    likelihood = -n / 2 * math.log(scale) - float(np.log(np.diag(root)).sum())
    return Belief(x, along, noise, likelihood, root, alpha, scale, middle, spread)


def improvement(mean: np.ndarray, sd: np.ndarray, best: float) -> np.ndarray:
    """E[max(0, f − best)] of a normal f: what asking there may gain. Jones et al. 1998, eq. 15."""
    z = (mean - best) / sd
    below = np.array([0.5 * (1 + math.erf(each / math.sqrt(2))) for each in z.ravel().tolist()]).reshape(z.shape)
    return sd * (z * below + np.exp(-z * z / 2) / math.sqrt(2 * math.pi))
