"""On a quadratic why a rule converges is known: each eigenvalue λ of the Hessian has its own two-term recurrence.

Along the eigenvector of λ the gradient is λθ, so SGD, Momentum and Nesterov are (θ, v) ← M (θ, v) with a fixed matrix M,
and in the long run every step multiplies the distance to the minimum by M's spectral radius: the rate. Below 1 it
converges. What is written for λ, η and μ broadcasts over arrays of them. Polyak 1964; Goh, "Why Momentum Really Works",
Distill 2017; Lessard, Recht & Packard 2016.
"""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from engine.descent import Path
from engine.optimizers import OPTIMIZERS
from engine.presets import textbook
from engine.specs import Descent, Hyper

MATRICES = {  # rule → trace and determinant of M, from a = ηλ and μ
    "sgd": lambda a, mu: (1 - a, 0 * (a + mu)),  # [1 − a]
    "momentum": lambda a, mu: (1 + mu - a, mu + 0 * a),  # [[1 − a, μ], [−a, μ]]
    "nesterov": lambda a, mu: ((1 + mu) * (1 - a), mu * (1 - a)),  # [[1 − (1 + μ) a, μ²], [−a, μ]]
}
RULES = tuple(MATRICES)
SURFACES = ("anisotropic", "bowl", "ravine")  # whose minimum is 0
LONG = 1000  # steps over which a rate is measured
TINY = 1e-250  # where distances lose their digits


def rate(name: str, lr, momentum, eigenvalue):
    """|z| of the larger root of z² − trace·z + determinant = 0: how much of the distance is left after a step.

    Complex roots have |z| = √determinant, whatever η is: Momentum's rate is then √μ. `momentum` means nothing to SGD, whose
    rate is |1 − ηλ|. Goh 2017, "Dynamics of Momentum".
    """
    trace, determinant = MATRICES[name](np.multiply(lr, eigenvalue), np.asarray(momentum))
    square = trace**2 - 4 * determinant
    real = (np.abs(trace) + np.sqrt(np.maximum(square, 0))) / 2
    return np.where(square < 0, np.sqrt(np.maximum(determinant, 0)), real)


def rate_map(name: str, lr: np.ndarray, momentum: np.ndarray, eigenvalues: np.ndarray) -> np.ndarray:
    """(momenta, lrs): the worst rate over the eigenvalues, for every momentum (rows) with every lr (columns)."""
    return rate(name, lr, np.asarray(momentum)[:, None], np.asarray(eigenvalues)[:, None, None]).max(axis=0)


def limit(name: str, momentum, eigenvalues):
    """The lr below which the rule converges, the steepest direction being the first to fail; for 0 ≤ μ < 1.

    SGD 2/λmax; Momentum 2(1 + μ)/λmax; Nesterov 2(1 + μ)/((1 + 2μ) λmax), where 1 + trace + determinant = 0.
    ValueError if an eigenvalue is not positive: there is no minimum then.
    """
    _, steepest = _ends(eigenvalues)
    mu = np.asarray(momentum, float)
    reach = {"sgd": 2 + 0 * mu, "momentum": 2 * (1 + mu), "nesterov": 2 * (1 + mu) / (1 + 2 * mu)}
    return reach[name] / steepest


def best(name: str, eigenvalues) -> tuple[float, float, float]:
    """The constant lr and momentum with the lowest worst rate, and that rate; κ = λmax/λmin.

    SGD η = 2/(λmin + λmax), rate (κ − 1)/(κ + 1). Momentum η = 4/(√λmin + √λmax)², μ = rate², rate (√κ − 1)/(√κ + 1):
    Polyak 1964. Nesterov η = 4/(λmin + 3λmax), μ = (√(3κ + 1) − 2)/(√(3κ + 1) + 2), rate 1 − 2/√(3κ + 1): Lessard et al. 2016,
    Proposition 1. ValueError if an eigenvalue is not positive.
    """
    low, high = _ends(eigenvalues)
    kappa = high / low
    if name == "sgd":
        return 2 / (low + high), 0.0, (kappa - 1) / (kappa + 1)
    if name == "momentum":
        fastest = (sqrt(kappa) - 1) / (sqrt(kappa) + 1)
        return 4 / (sqrt(low) + sqrt(high)) ** 2, fastest**2, fastest
    root = sqrt(3 * kappa + 1)
    return 4 / (low + 3 * high), (root - 2) / (root + 2), 1 - 2 / root


def measured(distances: np.ndarray) -> float:
    """The rate that a path has: e to the least-squares slope of log distance (k+1,) over its last three quarters.

    0 if it arrives, to the last digit, too soon to tell; to pass through the minimum is not to arrive.
    """
    away = np.flatnonzero(distances >= TINY)
    steps = away[away >= (away[-1] + 1) // 4] if away.size else away
    return float(np.exp(np.polyfit(steps, np.log(distances[steps]), 1)[0])) if len(steps) > 2 else 0.0


def digit(rate):
    """How many steps make the distance ten times smaller; infinitely many where it does not shrink.

    >>> digit(19 / 21).round(1).item()
    23.0
    """
    with np.errstate(divide="ignore"):
        return np.where(np.less(rate, 1), -1 / np.log10(rate), inf)


def _ends(eigenvalues) -> tuple[float, float]:
    """The smallest and the largest."""
    low, high = float(np.min(eigenvalues)), float(np.max(eigenvalues))
    if low <= 0:
        raise ValueError(f"a minimum needs positive eigenvalues, not {low:g}")
    return low, high


@dataclass(frozen=True)
class Valley:
    """One of SURFACES with its sliders, and the lr and momentum of those who descend it."""

    surface: str
    sliders: Hyper
    lr: float
    momentum: float

    @property
    def curvatures(self) -> tuple[np.ndarray, np.ndarray]:
        """Eigenvalues (2,) of the Hessian at the minimum, rising, and its eigenvectors, the columns of (2, 2)."""
        objective = self.spec("sgd").objective()
        values, vectors = np.linalg.eigh(objective.hessian(*objective.minima[0]))
        return values.round(9), vectors

    def spec(self, rule: str) -> Descent:
        """LONG steps of the rule with this lr and momentum; of a rule without a closed form, with the textbook's lr."""
        own = {"lr": self.lr} if rule in RULES else {}
        own |= {"hyper": (("momentum", self.momentum),)} if "momentum" in OPTIMIZERS[rule].sliders else {}
        return textbook(rule, self.surface, surface_hyper=self.sliders, steps=LONG, **own)

    def rate(self, rule: str) -> float:
        """The predicted rate of a rule with a closed form."""
        return float(rate(rule, self.lr, self.momentum, self.curvatures[0]).max())

    def limit(self, rule: str) -> float:
        return float(limit(rule, self.momentum, self.curvatures[0]))

    def best(self, rule: str) -> tuple[float, float, float]:
        return best(rule, self.curvatures[0])

    @property
    def condition(self) -> float:
        low, high = self.curvatures[0]
        return float(high / low)


def away(path: Path) -> np.ndarray:
    """(k+1,): how far a path on one of SURFACES is from the minimum."""
    return np.hypot(*path.points.T)
