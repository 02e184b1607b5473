"""Bumps are curves with several wells: which of them a start leads to, and from which momentum on a ball gets out."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from engine.descent import Path, descend
from engine.experiments import Descent, textbook
from engine.objectives import Objective
from pages.charts.balls import ALONE, BACK, LOST, NEVER, OUT
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

    def fates(self, x: np.ndarray) -> np.ndarray:
        """(…): what became of paths x (k+1, …), NaN where they diverged; one of FATES."""
        away = self.well(x) != self.well(self.start)
        found = np.select([away[-1], away.any(axis=0)], [OUT, BACK], NEVER)
        return np.where(np.isfinite(x).all(axis=0), found if len(self.tops) else ALONE, LOST)

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """(100,) and (100,): x after all steps for every momentum, and its fate."""
        return ends(self)


@st.cache_data(max_entries=500, show_spinner=False)
def ends(bumps: Bumps) -> tuple[np.ndarray, np.ndarray]:
    starts = np.broadcast_to([bumps.start, 0.0], (len(MOMENTA), 2))
    x = descend(bumps.objective, "momentum", starts, LONG, lr=bumps.lr, momentum=MOMENTA).points[..., 0]
    return x[-1], bumps.fates(x)


def sentence(bumps: Bumps) -> str:
    """Where SGD and the ball end and how they got there, and from which momentum on it gets out."""
    sgd, ball = (compute.path(spec) for spec in bumps.specs(LONG))
    said = f"{_end('SGD', bumps, sgd)} {_end(f'The ball with μ {bumps.momentum:g}', bumps, ball)}"
    if len(bumps.tops):
        return f"{said} {_escape(bumps)}"
    lost = {"double": "the second well", "bumpy": "every bump"}[bumps.shape]
    tilt = f"{bumps.tilt:g}".replace("-", "−")
    return f"At depth {bumps.depth:g} the tilt of {tilt} has removed {lost}: no top is left to roll over. {said}"


def _end(who: str, bumps: Bumps, path: Path) -> str:
    if path.diverged_at is not None:
        return f"{who} diverged at step {path.diverged_at}: lr {bumps.lr:g} is too large."
    x = path.points[-1][0]
    crossed = abs(int(bumps.well(x)) - int(bumps.well(bumps.start)))
    grid, f = bumps.curve()
    deepest = bumps.well(x) == bumps.well(grid[f.argmin()])
    done = {
        NEVER: " never left its well:",
        BACK: " left its well and swung back into it:",
        OUT: f" got out over {crossed} top{'s' * (crossed > 1)}, into {'the deepest' if deepest else 'another'} well:",
        ALONE: " rolls down:",
    }[str(bumps.fates(path.points[:, 0]))]
    return f"{who}{done} after {LONG} steps it is at x = {x:.3g}.".replace("= -", "= −")


def _escape(bumps: Bumps) -> str:
    """The smallest momentum that gets out, what becomes of the larger ones, and which gets over most tops."""
    last, fates = bumps.ends()
    if OUT not in fates:
        return f"At lr {bumps.lr:g} no μ from 0 to .99 gets out{_count(fates, BACK, LOST)}."
    first = int((fates == OUT).argmax())
    larger = fates[first + 1 :]
    others = _count(larger, BACK, NEVER, LOST).replace("; ", f"; of the {len(larger)} larger ones ")
    said = f"The smallest μ that gets out, of 0, .01, …, .99, is {MOMENTA[first]:g}{others}."
    crossed = np.where(fates == OUT, np.abs(bumps.well(last) - bumps.well(bumps.start)), 0)
    most = int(crossed.argmax())
    if crossed[-1] < crossed[most] > 1:
        said += f" μ {MOMENTA[most]:g} ends {crossed[most]} tops away, farthest of all; μ .99 ends {crossed[-1]} away."
    return said


def _count(fates: np.ndarray, *named: str) -> str:
    found = [f"{n} {fate}" for fate in named if (n := int((fates == fate).sum()))]
    return f"; {' and '.join(found)}" if found else ""
