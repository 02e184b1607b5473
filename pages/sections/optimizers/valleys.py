"""A valley is a quadratic with the visitor's lr and momentum on it: what the closed forms say, and what the paths do."""

from dataclasses import dataclass

import numpy as np

from engine import quadratic
from engine.descent import Path
from engine.experiments import Descent, Hyper, textbook
from engine.optimizers import OPTIMIZERS
from pages.kit import compute

SURFACES = ("anisotropic", "bowl", "ravine")
LONG = 1000  # steps over which a rate is measured


@dataclass(frozen=True)
class Valley:
    """A surface of SURFACES with its sliders, and the visitor's lr and momentum."""

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
        """The rule with the visitor's lr and momentum; a rule without a closed form at the textbook's lr."""
        changes: dict = {"surface_hyper": self.sliders, "steps": LONG}
        if rule in quadratic.RULES:
            changes["lr"] = self.lr
        if "momentum" in OPTIMIZERS[rule].sliders:
            changes["hyper"] = (("momentum", self.momentum),)
        return textbook(rule, self.surface, **changes)

    def path(self, rule: str) -> Path:
        return compute.path(self.spec(rule))

    def distances(self, rule: str) -> np.ndarray:
        """(k+1,): how far the path is from the minimum, which is 0 on all of SURFACES."""
        return np.hypot(*self.path(rule).points.T)

    def measured(self, rule: str) -> float:
        return quadratic.measured(self.distances(rule))

    def rate(self, rule: str) -> float:
        """The predicted rate of a rule with a closed form."""
        return float(quadratic.rate(rule, self.lr, self.momentum, self.curvatures[0]).max())

    def limit(self, rule: str) -> float:
        return float(quadratic.limit(rule, self.momentum, self.curvatures[0]))

    def best(self, rule: str) -> tuple[float, float, float]:
        return quadratic.best(rule, self.curvatures[0])

    @property
    def condition(self) -> float:
        low, high = self.curvatures[0]
        return float(high / low)
