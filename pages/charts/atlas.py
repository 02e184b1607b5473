"""An atlas in colors: a map on the contour lines of its surface, or over two learning rates; and as numbers."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from engine import maps
from engine.atlas import ARRIVED, RATES, STARTS, Atlas
from engine.optimizers import OPTIMIZERS
from pages.charts import field
from pages.charts.contours import Surface
from pages.kit.language import listed, tr
from pages.kit.theme import style

KINDS = {"basins": "Basins", "steps": "How soon", "winner": "Who wins", "duel": "lr against lr"}
OUTLIERS = 0.05  # of the cells at either end that share the last color
LISTED = 8  # basins that the legend names


def names(asked: Atlas) -> str:
    """The rules with their lr, in words."""
    return listed([tr("{rule} (lr {lr:g})", rule=tr(OPTIMIZERS[name].label), lr=lr) for name, lr in asked.rules])


def picture(asked: Atlas, cells: np.ndarray, surface: Surface) -> bytes:
    if asked.kind == "duel":
        return _duel(asked, cells)
    ground = tr(asked.objective.label)
    plane = field.Plane(surface.view, title=tr("{surface}: click a start to see its paths", surface=ground))
    words = {"kind": tr(KINDS[asked.kind]), "n": STARTS, "surface": ground, "rules": names(asked)}
    summary = tr("{kind}: a map of {n} × {n} starts on {surface} for {rules}", **words)
    if asked.kind == "basins":
        return _kinds(plane, cells, *_basins(asked, cells), summary, tr("none of them yet"), surface=surface)
    stars = [field.Mark(x, y, "", "star") for x, y in surface.minima]
    if asked.kind == "winner":
        return _kinds(plane, *_winners(asked, cells), stars, summary, tr("all diverge"), surface=surface)
    label, none = tr("steps to within {near:g} of the least f", near=ARRIVED), tr("not in {n} steps", n=asked.steps)
    steps, ends = np.where(cells < 0, np.nan, cells), reach(cells[cells >= 0])
    return field.values(plane, steps, ends, label, summary, none=none, surface=surface, marks=stars)


def _kinds(plane: field.Plane, cells: np.ndarray, known, marks, summary: str, none: str, **more: Any) -> bytes:
    left = (cells == maps.NONE).mean()
    blank = f"{none}  {left:.1%}" if left else ""
    return field.kinds(plane, cells, known, summary, none=none, blank=blank, marks=marks, **more)


def _basins(asked: Atlas, cells: np.ndarray) -> tuple[list[field.Kind], list[field.Mark]]:
    """The minima as kinds, of which the legend names the lowest and the most common, and as stars, all if they are few."""
    basins, minima = asked.objective.basins, asked.objective.minima
    part = maps.shares(cells, len(basins))
    common = np.argsort(-part, kind="stable").tolist()
    told = {*range(len(minima)), *common[: LISTED - len(minima)]}
    legend = [f"{place(basin)}  {part[i]:.1%}" if i in told and part[i] else "" for i, basin in enumerate(basins)]
    known = [field.Kind(tr("to {point}", point=place(basin)), i, legend[i]) for i, basin in enumerate(basins)]
    few = basins if len(basins) <= LISTED else minima
    return known, [field.Mark(x, y, "", "star", i) for i, (x, y) in enumerate(few)]


def reach(steps: np.ndarray) -> tuple[float, float]:
    """The ends of the colors of steps (n,): those of most of them, so that a map is neither all dark nor all light."""
    low, high = np.quantile(steps, [OUTLIERS, 1 - OUTLIERS]) if steps.size else (1, 2)
    return float(max(1, low)), float(max(2, low + 1, high))


def _duel(asked: Atlas, cells: np.ndarray) -> bytes:
    (one, first), (other, second) = asked.rules
    rates, ends = tuple(tr(f"lr of {label}") for label in asked.labels), (1e-4, 100)
    short, title = tuple(map(tr, asked.labels)), tr("Click to choose both learning rates")
    words = {"n": asked.steps, "one": one, "other": other}
    summary = tr("Who is ahead after {n} steps, over the learning rates of {one} and {other}", **words)
    plane, own = field.Plane((ends, ends), rates, short, log=True, title=title), field.Mark(first, second, tr("you"))
    return _kinds(plane, *_winners(asked, cells), [own], summary, tr("both diverge"))


def _winners(asked: Atlas, cells: np.ndarray) -> tuple[np.ndarray, list[field.Kind]]:
    """The map with ties as one more kind, and its kinds; a tie has the color after those of all rules."""
    count, tie, word = len(asked.rules), (cells == maps.TIE).mean(), tr("tie")
    looks = [(tr(OPTIMIZERS[name].label), style(OPTIMIZERS, name).color) for name, _ in asked.rules]
    known = [
        field.Kind(tr("{rule} is ahead", rule=label), color, f"{label}  {share:.1%}")
        for (label, color), share in zip(looks, maps.shares(cells, count), strict=True)
    ]
    known.append(field.Kind(tr("a tie"), len(OPTIMIZERS), f"{word}  {tie:.1%}" if tie else ""))
    return np.where(cells == maps.TIE, count, cells), known


def table(asked: Atlas, cells: np.ndarray) -> pd.DataFrame:
    """The map as numbers, a row a cell: its place, and what becomes of it."""
    if asked.kind == "duel":
        axes, (across, up) = [f"lr of {label}" for label in asked.labels], np.meshgrid(RATES, RATES)
    else:
        axes, (across, up) = ["x", "y"], np.moveaxis(asked.starts, -1, 0)
    flat, places = cells.ravel(), dict(zip(axes, (across.ravel(), up.ravel()), strict=True))
    if asked.kind == "steps":
        return pd.DataFrame({**places, "steps": pd.array(flat, "Int16")}).replace({"steps": {maps.NONE: pd.NA}})
    basins = asked.kind == "basins"
    words = [place(point) for point in asked.objective.basins] if basins else asked.labels
    words = [*words, "tie", "none"]  # as the last two, where TIE = −2 and NONE = −1 point to
    return pd.DataFrame({**places, "minimum" if basins else "ahead": pd.Categorical.from_codes(flat % len(words), words)})


def place(point: Iterable[float]) -> str:
    """A point in words."""
    return "({})".format(", ".join(f"{value:.3g}".replace("-", "−") for value in point))
