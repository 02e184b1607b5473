"""A line goes through points, and is found again by two weights: w and b of one input, or w₁ and w₂ of two.

The loss L(θ) = ½ mean (X θ − t)² = ½ (θ − θ*)ᵀ H (θ − θ*) is a quadratic whose shape, H = XᵀX/n, is all in the inputs X as they
were preprocessed. LeCun et al. 1998, "Efficient BackProp", 4.3 and 5.
"""

from dataclasses import dataclass

import numpy as np

from engine.clouds import Cloud
from engine.objectives import Objective
from engine.preprocessing import PREPROCESSORS

KINDS = {
    "one": ("none", "scale", "center", "standardize"),  # one input that is standardized is white
    "two": ("none", "center", "standardize", "whiten"),
}
SLOPES, HEIGHT = (1.0, -1.0), 1.0


@dataclass(frozen=True)
class Line:
    """`inputs` is one of KINDS: "one" takes the x of the cloud alone, and has a bias. Two inputs have none: where they are
    centered, so are the targets, which pass through the origin where they are not."""

    inputs: str
    cloud: Cloud

    def data(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """X (n, 2), what the preprocessor makes of the inputs and, for the bias, a column of ones; and the targets (n,)."""
        x = self.cloud.points
        if self.inputs == "one":
            x = x[:, :1]
            t = HEIGHT + SLOPES[0] * (x[:, 0] - self.cloud.mean_x)
            return np.column_stack([PREPROCESSORS[name].fit(x)(x), np.ones(len(x))]), t
        t = x @ SLOPES
        return PREPROCESSORS[name].fit(x)(x), t if name == "none" else t - t.mean()

    def hessian(self, name: str) -> np.ndarray:
        x, _ = self.data(name)
        return x.T @ x / len(x)

    def minimum(self, name: str) -> np.ndarray:
        """θ* (2,): where the line is the one the points are on."""
        return np.linalg.lstsq(*self.data(name), rcond=None)[0]

    def left(self, name: str, lr: float, start: tuple[float, float], steps: int) -> np.ndarray:
        """(steps + 1,): ‖θ − θ*‖ before and after each update of SGD on all points, which along the eigenvector of λ keeps
        1 − ηλ of the way. Goh 2017, "First Steps: Gradient Descent"."""
        eigenvalues, vectors = np.linalg.eigh(self.hessian(name))
        with np.errstate(over="ignore"):
            kept = (1 - lr * eigenvalues) ** np.arange(steps + 1)[:, None]
            return np.hypot(*(kept * ((start - self.minimum(name)) @ vectors)).T)

    @property
    def view(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """A square that holds 0 and the minimum of every kind of inputs."""
        points = np.array([(0.0, 0.0), *(self.minimum(name) for name in KINDS[self.inputs])])
        low, high = points.min(axis=0), points.max(axis=0)
        half = max(0.8 * (high - low).max(), 1.0)
        (x, y), size = ((low + high) / 2).tolist(), float(half)
        return (x - size, x + size), (y - size, y + size)

    def objective(self, name: str) -> Objective:
        (a, b), (_, c) = self.hessian(name).tolist()
        x, y = self.minimum(name).tolist()

        def loss(w, v):
            d, e = w - x, v - y
            return (a * d**2 + 2 * b * d * e + c * e**2) / 2, (a * d + b * e, b * d + c * e)

        label, source = PREPROCESSORS[name].label, "LeCun et al. 1998, 4.3"
        return Objective(loss, name, label, r"\tfrac{1}{2} d^T H d", source, self.view, (0.0, 0.0), ((x, y),))
