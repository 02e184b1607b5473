"""Wells lie between the tops of a curve: which of them a start leads to, and from which momentum on a ball gets out."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from engine.descent import descend
from engine.objectives import Objective, parse
from engine.presets import textbook
from engine.specs import Descent

CURVES = {  # shape → the curve at depth 1 without a tilt, and how far to look
    "double": ("x**4 - 2*x**2", 2.0),
    "bumpy": ("(1 - cos(4*x))/2 + x**2/8", 4.0),
}
MOMENTA = (np.arange(100) / 100).round(2)
ALIKE = 1e-9  # of two wells that are as deep
LONG = 300  # steps after which it is asked who got out
FATES = NEVER, BACK, OUT, ALONE, LOST = "never left", "left and swung back", "got out", "in the only well", "diverged"


@dataclass(frozen=True)
class Bumps:
    """A shape of CURVES with the depth of its wells and a tilt, the learning rate of SGD and of the ball, and the ball's
    momentum and start."""

    shape: str
    depth: float
    tilt: float
    lr: float
    momentum: float
    start: float

    @property
    def formula(self) -> str:
        """f(x, y): the curve lies along x, where y is 0."""
        return f"{self.depth:g}*({CURVES[self.shape][0]}) + {self.tilt:g}*x + y**2"

    @property
    def far(self) -> float:
        """How far out tops may be: a tilt moves those of the bumpy valley to |x/4 + t/d| < 2."""
        return CURVES[self.shape][1] * (2 + abs(self.tilt) / self.depth)

    @cached_property
    def span(self) -> float:
        """How far to look: well beyond the deepest well, where a tilt has moved it to the edge of the usual view."""
        usual, (x, f) = CURVES[self.shape][1], self.curve(self.far)
        lowest = float(abs(x[f.argmin()]))
        return float(ceil(lowest + usual)) if lowest > 0.75 * usual else usual

    def specs(self, steps: int, y0: float = 0.0) -> list[Descent]:
        """SGD, and the ball."""
        same = {"formula": self.formula, "surface_hyper": (("span", self.span),), "x0": self.start, "y0": y0, "lr": self.lr}
        ball = textbook("momentum", "formula", steps=steps, **same, hyper=(("momentum", self.momentum),))
        return [textbook("sgd", "formula", steps=steps, **same), ball]

    @cached_property
    def objective(self) -> Objective:
        return parse(self.formula)

    def curve(self, span: float) -> tuple[np.ndarray, np.ndarray]:
        """x (n,) as far as ±span, and f."""
        x = np.linspace(-span, span, 200 * ceil(span) + 1)
        return x, self.objective(x, 0 * x)[0]

    def slope(self, x: np.ndarray) -> np.ndarray:
        """∂f/∂x along the curve."""
        return self.objective(x, 0 * x)[1][0]

    @cached_property
    def tops(self) -> np.ndarray:
        """Where the curve has its tops, rising, by bisection of its slope: they part the wells."""
        x, _ = self.curve(self.far)
        rising = self.slope(x) > 0
        here = rising[:-1] & ~rising[1:]
        low, high = x[:-1][here], x[1:][here]
        for _ in range(50):
            middle = (low + high) / 2
            before = self.slope(middle) > 0
            low, high = np.where(before, middle, low), np.where(before, high, middle)
        return high

    def well(self, x) -> np.ndarray:
        """The number of the well over which x is, from the left."""
        return np.searchsorted(self.tops, x)

    @cached_property
    def floors(self) -> np.ndarray:
        """The least f of every well, from the left."""
        x, f = self.curve(self.far)
        wells = self.well(x)
        return np.array([f[wells == k].min() for k in range(len(self.tops) + 1)])

    def deepest(self, x: float) -> bool:
        """Whether no well is deeper than the one over which x is: without a tilt both of a double well are alike."""
        return bool(self.floors[self.well(x)] <= self.floors.min() + ALIKE)

    def crossed(self, x) -> np.ndarray:
        """How many tops lie between the start and x."""
        return np.abs(self.well(x) - self.well(self.start))

    def fates(self, x: np.ndarray) -> np.ndarray:
        """(…): what became of paths x (k+1, …), NaN where they diverged; one of FATES."""
        away = self.crossed(x) > 0
        found = np.select([away[-1], away.any(axis=0)], [OUT, BACK], NEVER)
        return np.where(np.isfinite(x).all(axis=0), found if len(self.tops) else ALONE, LOST)

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """(100,) and (100,): x after LONG steps for each of MOMENTA, and its fate."""
        starts = np.broadcast_to([self.start, 0.0], (len(MOMENTA), 2))
        x = descend(self.objective, "momentum", starts, LONG, lr=self.lr, momentum=MOMENTA).points[..., 0]
        return x[-1], self.fates(x)
