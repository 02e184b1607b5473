"""An atlas says which map is asked for: of a kind, for some rules with their lr, on a surface after some steps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine import maps
from engine.descent import Path, descend
from engine.objectives import OBJECTIVES, Objective, Point
from engine.optimizers import OPTIMIZERS
from engine.specs import Descent

KINDS = ("basins", "steps", "winner", "duel")
STARTS = 200  # a side
RATES = np.array([float(f"{rate:.3g}") for rate in 10 ** (-4 + 6 * (np.arange(STARTS) + 0.5) / STARTS)])
WITHIN, ARRIVED = 0.1, 1e-3  # from a minimum, and above the least f: there


@dataclass(frozen=True)
class Atlas:
    """`kind` is one of KINDS; `rules` are in order, of "basins" and "steps" one; `start` is where duels begin."""

    kind: str
    surface: str
    rules: tuple[tuple[str, float], ...]
    steps: int
    start: Point

    @property
    def objective(self) -> Objective:
        return OBJECTIVES[self.surface]

    @property
    def labels(self) -> list[str]:
        return [OPTIMIZERS[name].label for name, _ in self.rules]

    @property
    def starts(self) -> np.ndarray:
        """(STARTS, STARTS, 2)"""
        return maps.grid(self.objective, STARTS)

    def specs(self, start: Point) -> list[Descent]:
        """What every rule does from a start."""
        where = {"surface": self.surface, "x0": start[0], "y0": start[1], "steps": self.steps}
        return [Descent(**where, optimizer=name, lr=lr) for name, lr in self.rules]

    def cells(self) -> np.ndarray:
        """(rows, columns): the index of a basin or of a rule, or the steps needed; maps.NONE, maps.TIE."""
        objective, rules = self.objective, {name: {"lr": lr} for name, lr in self.rules}
        (name, lr), *_ = self.rules
        if self.kind == "basins":
            return maps.basin_map(objective, name, self.steps, n=STARTS, within=WITHIN, lr=lr)
        if self.kind == "steps":
            return maps.steps_map(objective, name, self.steps, n=STARTS, tolerance=ARRIVED, lr=lr)
        if self.kind == "winner":
            return maps.winner_map(objective, rules, self.steps, n=STARTS, arrived=ARRIVED)
        return maps.duel_map(objective, {key: {"lr": RATES} for key in rules}, self.start, self.steps, arrived=ARRIVED)

    def nearest(self) -> np.ndarray:
        """(STARTS, STARTS): which of the basins lies nearest to each start."""
        return np.array([np.hypot(*(self.starts - point).T).T for point in self.objective.basins]).argmin(axis=0)

    def ahead(self) -> int:
        """The index of the rule that is ahead with its very lr, which lies between the cells of a duel; maps.NONE, maps.TIE."""
        return int(maps.lowest([self._score(name, lr) for name, lr in self.rules]))

    def _score(self, name: str, lr: float) -> np.ndarray:
        """What the map ranks a path by."""
        path = descend(self.objective, name, self.start, self.steps, lr=lr)
        return np.asarray(maps.first_come(self.objective, self.steps, ARRIVED)(_moments(path)), float)


def _moments(path: Path) -> Iterator[maps.Moment]:
    alive = np.array(path.diverged_at is None)
    return (maps.Moment(x, y, value, alive) for (x, y), value in zip(path.points, path.values, strict=True))
