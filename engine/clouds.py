"""A cloud is a sample of points in the plane with just the mean, the spread and the correlation asked for; preprocessing takes
it through stages.

Every point is measured twice, so that one sees what becomes of the error of a measurement.
"""

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from engine.preprocessing import PREPROCESSORS, principal
from engine.registry import Range

POINTS = 200
RANGES = {
    "mean_x": Range(-5, 5),
    "mean_y": Range(-5, 5),
    "std_x": Range(0.05, 2),
    "std_y": Range(0.05, 2),
    "correlation": Range(-1, 1),
    "error": Range(0, 0.5),
}
STAGES = ("none", "center", "standardize", "decorrelate")
ALIKE = 0.01  # how far from I a covariance matrix may be that counts as I


@dataclass(frozen=True)
class Cloud:
    """Its defaults have the covariance matrix [[4, 2.4], [2.4, 2.25]]. `error` is the standard deviation, in both coordinates,
    of the error with which a point is measured again. ValueError if a number is not in RANGES."""

    mean_x: float = 3.0
    mean_y: float = 1.0
    std_x: float = 2.0
    std_y: float = 1.5
    correlation: float = 0.8
    error: float = 0.1

    def __post_init__(self) -> None:
        for field in fields(self):
            RANGES[field.name].check(field.name, getattr(self, field.name))

    @property
    def points(self) -> np.ndarray:
        """(POINTS, 2): μ + L z with L the Cholesky factor of the covariance matrix."""
        z, rho = _draws()[:, :2].T, self.correlation
        x = self.mean_x + self.std_x * z[0]
        y = self.mean_y + self.std_y * (rho * z[0] + np.sqrt(1 - rho**2) * z[1])
        return np.stack([x, y], axis=-1)

    @property
    def again(self) -> np.ndarray:
        """(POINTS, 2): the same points, measured again."""
        return self.points + self.error * _draws()[:, 2:]


@dataclass(frozen=True)
class Stage:
    """What the preprocessor `name`, fitted to the points, makes of both measurements of them, x and again (n, 2)."""

    name: str
    x: np.ndarray
    again: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        return self.x.mean(axis=0)

    @property
    def covariance(self) -> np.ndarray:
        return covariance(self.x)

    @property
    def axes(self) -> np.ndarray:
        """(2, 2): the principal axes as rows, each as long as the standard deviation along it."""
        axes, variances = principal(self.x)
        return axes * np.sqrt(variances)[:, None]

    @property
    def white(self) -> bool:
        return bool(np.abs(self.covariance - np.eye(2)).max() <= ALIKE)

    @property
    def error(self) -> float:
        """The variance of the error, as a share of that of the points, over both coordinates together."""
        return float(np.trace(covariance(self.again - self.x)) / np.trace(self.covariance))


def stages(cloud: Cloud, last: str, eps: float) -> list[Stage]:
    """The cloud as it is, and after each of STAGES and the preprocessor `last`, "whiten" or "zca"."""
    x, again = cloud.points, cloud.again
    transforms = [PREPROCESSORS[name].fit(x) for name in STAGES] + [PREPROCESSORS[last].fit(x, eps=eps)]
    return [Stage(name, fit(x), fit(again)) for name, fit in zip((*STAGES, last), transforms, strict=True)]


def covariance(x: np.ndarray) -> np.ndarray:
    """Σ = mean (x − μ)(x − μ)ᵀ of x (n, d)."""
    y = x - x.mean(axis=0)
    return y.T @ y / len(x)


@lru_cache(maxsize=1)
def _draws() -> np.ndarray:
    """(POINTS, 4): Gaussian numbers with exactly the mean 0 and the covariance matrix I."""
    draws = np.random.default_rng([0, 50]).normal(size=(POINTS, 4))
    return PREPROCESSORS["whiten"].fit(draws)(draws)
