"""Bumps are curves with several wells: which of them a start leads to, and from which momentum on a ball gets out."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from engine.descent import Path, descend
from engine.experiments import Descent, textbook
from engine.objectives import Objective
from pages.kit import compute

SHAPES = {"double": "Double well", "bumpy": "Bumpy valley"}
MOMENTA = (np.arange(100) / 100).round(2)
LONG = 300  # steps after which it is asked who got out


@dataclass(frozen=True)
class Bumps:
    """A shape with the depth of its wells and a tilt, the learning rate of both rules, and the ball's momentum and start."""

    shape: str
    depth: float
    tilt: float
    lr: float
    momentum: float
    start: float

    @property
    def formula(self) -> str:
        """f(x, y): the curve lies along x, where y is 0."""
        curve = {"double": "(x**4 - 2*x**2)", "bumpy": "(1 - cos(4*x))/2 + x**2/8"}[self.shape]
        return f"{self.depth:g}*{curve} + {self.tilt:g}*x + y**2"

    @property
    def span(self) -> float:
        return {"double": 2.0, "bumpy": 4.0}[self.shape]

    def specs(self, steps: int, y0: float = 0.0) -> list[Descent]:
        """SGD, and the ball."""
        same = {"formula": self.formula, "surface_hyper": (("span", self.span),), "x0": self.start, "y0": y0, "lr": self.lr}
        ball = textbook("momentum", "formula", steps=steps, **same, hyper=(("momentum", self.momentum),))
        return [textbook("sgd", "formula", steps=steps, **same), ball]

    @property
    def objective(self) -> Objective:
        return self.specs(1)[0].objective()

    def curve(self, reach: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        """x (n,) over `reach` times the view, and f."""
        x = np.linspace(-reach * self.span, reach * self.span, 801)
        return x, self.objective(x, 0 * x)[0]

    @property
    def tops(self) -> np.ndarray:
        """Where the curve has its tops, rising: they part the wells."""
        x, f = self.curve(2.0)
        inside = (f[1:-1] > f[:-2]) & (f[1:-1] >= f[2:])
        return x[1:-1][inside]

    def well(self, x) -> np.ndarray:
        """The number of the well over which x is, from the left."""
        return np.searchsorted(self.tops, x)

    def ends(self, steps: int = LONG) -> np.ndarray:
        """(100,): x after all steps for every momentum, NaN where it diverged."""
        return ends(self, steps)


@st.cache_data(max_entries=500, show_spinner=False)
def ends(bumps: Bumps, steps: int) -> np.ndarray:
    starts = np.broadcast_to([bumps.start, 0.0], (len(MOMENTA), 2))
    return descend(bumps.objective, "momentum", starts, steps, lr=bumps.lr, momentum=MOMENTA).points[-1][:, 0]


def sentence(bumps: Bumps) -> str:
    """Where SGD and the ball end, and from which momentum on it gets out."""
    home = bumps.well(bumps.start)
    sgd, ball = (compute.path(spec) for spec in bumps.specs(LONG))
    return f"{_end('SGD', bumps, sgd)} {_end(f'The ball with μ {bumps.momentum:g}', bumps, ball)} {_escape(bumps, home)}"


def _end(who: str, bumps: Bumps, path: Path) -> str:
    if path.diverged_at is not None:
        return f"{who} diverged at step {path.diverged_at}: lr {bumps.lr:g} is too large."
    x, home = path.points[-1][0], bumps.well(bumps.start)
    crossed = abs(int(bumps.well(x)) - int(home))
    grid, f = bumps.curve()
    deepest = bumps.well(grid[f.argmin()])
    where = " the deepest well" if bumps.well(x) == deepest else " another well"
    out = f"got out over {crossed} top{'s' * (crossed > 1)}, into{where}" if crossed else "did not get out of its well"
    return f"{who} {out}: after {LONG} steps it is at x = {x:.3g}.".replace("= -", "= −")


def _escape(bumps: Bumps, home: np.ndarray) -> str:
    last = ends(bumps, LONG)
    out = np.isfinite(last) & (bumps.well(np.nan_to_num(last)) != home)
    if not out.any():
        return f"At lr {bumps.lr:g} no μ from 0 to .99 gets out."
    first = int(out.argmax())
    back = int((~out[first:]).sum())
    said = f"The smallest μ that gets out, of 0, .01, …, .99, is {MOMENTA[first]:g}"
    return said + (f"; {back} of the {len(out) - first - 1} larger ones end where they began, or diverge." if back else ".")
