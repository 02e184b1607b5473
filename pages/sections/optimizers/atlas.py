"""An atlas says which map is asked for, computes it once for everybody, and puts it into a picture and a table."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine import maps
from engine.experiments import Descent
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from pages.kit import compute, field
from pages.kit.language import N_, tr
from pages.kit.theme import style
from pages.sections.optimizers.verdict import listed

KINDS = {"basins": "Basins", "steps": "How soon", "winner": "Who wins", "duel": "lr against lr"}
STARTS = 200  # a side
RATES = np.array([float(f"{rate:.3g}") for rate in 10 ** (-4 + 6 * (np.arange(STARTS) + 0.5) / STARTS)])
WITHIN, ARRIVED = 0.1, 1e-3  # from a minimum, and above the least f: there
OUTLIERS = 0.05  # of the cells at either end that share the last color
LISTED = 8  # basins that the legend names


@dataclass(frozen=True)
class Atlas:
    """The map of a kind: the rules with their lr, in order, on a surface after some steps; `start` is where duels begin."""

    kind: str
    surface: str
    rules: tuple[tuple[str, float], ...]
    steps: int
    start: tuple[float, float]

    @property
    def labels(self) -> list[str]:
        return [OPTIMIZERS[name].label for name, _ in self.rules]

    @property
    def names(self) -> str:
        return listed([tr("{rule} (lr {lr:g})", rule=tr(OPTIMIZERS[name].label), lr=lr) for name, lr in self.rules])


@compute.heavy(N_("Descending from 40,000 cells …"), max_entries=60)
def cells(atlas: Atlas) -> np.ndarray:
    """(rows, columns) int16: the index of a basin or of a rule, or the steps needed; maps.NONE, maps.TIE. ValueError if it
    needs a minimum and the surface has none."""
    objective, rules = OBJECTIVES[atlas.surface], {name: {"lr": lr} for name, lr in atlas.rules}
    (name, lr), *_ = atlas.rules
    if atlas.kind in ("basins", "steps") and not objective.basins:
        refusal = tr(
            "{surface} has no minimum to arrive at: ask who wins, or choose another surface", surface=tr(objective.label)
        )
        raise ValueError(refusal)
    if atlas.kind == "basins":
        found = maps.basin_map(objective, name, atlas.steps, n=STARTS, within=WITHIN, lr=lr)
    elif atlas.kind == "steps":
        found = maps.steps_map(objective, name, atlas.steps, n=STARTS, tolerance=ARRIVED, lr=lr)
    elif atlas.kind == "winner":
        found = maps.winner_map(objective, rules, atlas.steps, n=STARTS, arrived=ARRIVED)
    else:
        found = maps.duel_map(objective, {name: {"lr": RATES} for name in rules}, atlas.start, atlas.steps, arrived=ARRIVED)
    return found.astype(np.int16)


def picture(atlas: Atlas, found: np.ndarray) -> bytes:
    """The map in colors, on the contour lines of its surface."""
    if atlas.kind == "duel":
        return _duel(atlas, found)
    objective, surface = OBJECTIVES[atlas.surface], compute.surface(Descent(surface=atlas.surface))
    ground = tr(objective.label)
    plane = field.Plane(objective.view, title=tr("{surface}: click a start to see its paths", surface=ground))
    words = {"kind": tr(KINDS[atlas.kind]), "n": STARTS, "surface": ground, "rules": atlas.names}
    summary = tr("{kind}: a map of {n} × {n} starts on {surface} for {rules}", **words)
    if atlas.kind == "steps":
        steps = np.where(found < 0, np.nan, found)
        stars = [field.Mark(x, y, "", "star") for x, y in objective.minima]
        label = tr("steps to within {near:g} of the least f", near=ARRIVED)
        return field.values(
            plane,
            steps,
            reach(found[found >= 0]),
            label,
            summary,
            none=tr("not in {n} steps", n=atlas.steps),
            surface=surface,
            marks=stars,
        )
    if atlas.kind == "winner":
        none = tr("all diverge")
        found, known = _winners(atlas, found)
        stars = [field.Mark(x, y, "", "star") for x, y in objective.minima]
    else:
        none = tr("none of them yet")
        part = shares(found, len(objective.basins))
        common = np.argsort(-part, kind="stable").tolist()
        listed = {*range(len(objective.minima)), *common[: LISTED - len(objective.minima)]}
        known = [
            field.Kind(
                tr("to {point}", point=place(point)), i, f"{place(point)}  {part[i]:.1%}" if i in listed and part[i] else ""
            )
            for i, point in enumerate(objective.basins)
        ]
        few = objective.basins[: LISTED + 1] if len(objective.basins) <= LISTED else objective.minima
        stars = [field.Mark(x, y, "", "star", i) for i, (x, y) in enumerate(few)]
    left = (found == maps.NONE).mean()
    return field.kinds(
        plane, found, known, summary, none=none, blank=f"{none}  {left:.1%}" if left else "", surface=surface, marks=stars
    )


def reach(steps: np.ndarray) -> tuple[float, float]:
    """The ends of the colors of steps (n,): those of most of them, so that a map is neither all dark nor all light."""
    low, high = np.quantile(steps, [OUTLIERS, 1 - OUTLIERS]) if steps.size else (1, 2)
    return float(max(1, low)), float(max(2, low + 1, high))


def _duel(atlas: Atlas, found: np.ndarray) -> bytes:
    (one, first), (other, second) = atlas.rules
    labels = [OPTIMIZERS[name].label for name in (one, other)]
    rates = [f"lr of {label}" for label in labels]
    plane = field.Plane(
        ((1e-4, 100), (1e-4, 100)),
        tuple(map(tr, rates)),
        tuple(map(tr, labels)),
        log=True,
        title=tr("Click to choose both learning rates"),
    )
    found, known = _winners(atlas, found)
    words = {"n": atlas.steps, "one": one, "other": other}
    summary = tr("Who is ahead after {n} steps, over the learning rates of {one} and {other}", **words)
    left = (found == maps.NONE).mean()
    none = tr("both diverge")
    blank, own = f"{none}  {left:.1%}" if left else "", field.Mark(first, second, tr("you"))
    return field.kinds(plane, found, known, summary, none=none, blank=blank, marks=[own])


def _winners(atlas: Atlas, found: np.ndarray) -> tuple[np.ndarray, list[field.Kind]]:
    """The map with ties as one more kind, and its kinds; a tie has the color after those of all rules."""
    count, tie, word = len(atlas.rules), (found == maps.TIE).mean(), tr("tie")
    looks = [(tr(OPTIMIZERS[name].label), style(OPTIMIZERS, name).color) for name, _ in atlas.rules]
    known = [
        field.Kind(tr("{rule} is ahead", rule=label), color, f"{label}  {share:.1%}")
        for (label, color), share in zip(looks, shares(found, count), strict=True)
    ]
    known.append(field.Kind(tr("a tie"), len(OPTIMIZERS), f"{word}  {tie:.1%}" if tie else ""))
    return np.where(found == maps.TIE, count, found), known


def table(atlas: Atlas, found: np.ndarray) -> pd.DataFrame:
    """The map as numbers, a row a cell: its place, and what becomes of it."""
    if atlas.kind == "duel":
        axes, (across, up) = [f"lr of {OPTIMIZERS[name].label}" for name, _ in atlas.rules], np.meshgrid(RATES, RATES)
    else:
        axes, (across, up) = ["x", "y"], np.moveaxis(maps.grid(OBJECTIVES[atlas.surface], STARTS), -1, 0)
    flat, cells = found.ravel(), dict(zip(axes, (across.ravel(), up.ravel()), strict=True))
    if atlas.kind == "steps":
        return pd.DataFrame({**cells, "steps": pd.array(flat, "Int16")}).replace({"steps": {maps.NONE: pd.NA}})
    if atlas.kind == "basins":
        column, words = "minimum", [place(point) for point in OBJECTIVES[atlas.surface].basins]
    else:
        column, words = "ahead", [OPTIMIZERS[name].label for name, _ in atlas.rules]
    words += ["tie", "none"]  # as the last two, where TIE = −2 and NONE = −1 point to
    return pd.DataFrame({**cells, column: pd.Categorical.from_codes(flat % len(words), words)})


def place(point: Iterable[float]) -> str:
    """A point in words."""
    return "({})".format(", ".join(f"{value:.3g}".replace("-", "−") for value in point))


def shares(found: np.ndarray, count: int) -> np.ndarray:
    """(count,): the part of the map that each index holds."""
    return np.bincount(found[found >= 0], minlength=count) / found.size
