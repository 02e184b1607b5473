"""A map is a grid of descents, told by one number each: where it ends, who is lowest, how soon it arrives.

Cells are starts, the middles of n × n equal cells of the objective's view, or settings of the sliders. Rows go up, columns
to the right. Sliders, schedule and noise are given as `descend` takes them; noise is the same for every cell.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.descent import Path, descend
from engine.objectives import Objective

POINTS = 500_000  # of paths kept at a time: memory does not grow with the map


def grid(objective: Objective, n: int) -> np.ndarray:
    """(n, n, 2): the starts of a map, rounded so that what a link says of one is the very same number."""
    middles = (np.arange(n) + 0.5) / n
    (left, right), (bottom, top) = objective.view
    across, up = left + middles * (right - left), bottom + middles * (top - bottom)
    return np.stack(np.meshgrid(across.round(9), up.round(9)), axis=-1)


def sweep(
    objective: Objective, name: str, starts, steps: int, outcome: Callable[[Path], np.ndarray], **sliders: Any
) -> np.ndarray:
    """(…): the outcome of the descents from `starts` (…, 2). A slider is a number, or an array that broadcasts to (…)."""
    shape, starts = starts.shape[:-1], starts.reshape(-1, 2)
    flat = {key: np.broadcast_to(value, shape).ravel() for key, value in sliders.items() if np.ndim(value)}
    found, chunk = [], max(1, POINTS // steps)
    for first in range(0, len(starts), chunk):
        part = slice(first, first + chunk)
        here = {**sliders, **{key: values[part] for key, values in flat.items()}}
        found.append(outcome(descend(objective, name, starts[part], steps, **here)))
    return np.concatenate(found).reshape(shape)


def basin_map(objective: Objective, name: str, steps: int, *, n: int = 200, within: float = 0.1, **sliders: Any) -> np.ndarray:
    """(n, n): which of the basins is reached from each start, at most `within` away after all steps; −1 for none of them."""
    if not objective.basins:
        return np.full((n, n), -1)

    def reached(path: Path) -> np.ndarray:
        gaps = np.linalg.norm(path.points[-1][:, None] - objective.basins, axis=-1)
        return np.where(gaps.min(axis=-1) <= within, gaps.argmin(axis=-1), -1)

    return sweep(objective, name, grid(objective, n), steps, reached, **sliders)


def steps_map(
    objective: Objective, name: str, steps: int, *, n: int = 200, tolerance: float = 1e-3, **sliders: Any
) -> np.ndarray:
    """(n, n): the first step from each start with f at most `tolerance` above its minimum; −1 for never."""
    bottom = min((objective(*minimum)[0] for minimum in objective.minima), default=-np.inf)

    def arrival(path: Path) -> np.ndarray:
        there = path.values - bottom <= tolerance
        return np.where(there.any(axis=0), there.argmax(axis=0), -1)

    return sweep(objective, name, grid(objective, n), steps, arrival, **sliders)


def value_map(objective: Objective, name: str, start, steps: int, **sliders: Any) -> np.ndarray:
    """f after all steps from one start, over arrays of sliders that broadcast, as lr (1, columns) with momentum (rows, 1)."""
    shape = np.broadcast_shapes(*map(np.shape, sliders.values()))
    return sweep(objective, name, np.broadcast_to(start, (*shape, 2)), steps, end, **sliders)


def winner_map(objective: Objective, rules: Mapping[str, Mapping[str, Any]], steps: int, *, n: int = 200) -> np.ndarray:
    """(n, n): which of the rules, each with its sliders, is lowest after all steps; −1 where all have diverged."""
    starts = grid(objective, n)
    return lowest([sweep(objective, name, starts, steps, end, **sliders) for name, sliders in rules.items()])


def duel_map(objective: Objective, rules: Mapping[str, Mapping[str, Any]], start, steps: int) -> np.ndarray:
    """(second lrs, first lrs): which of two rules is lowest after all steps, for arrays `lr` of each; −1 if both diverged."""
    first, second = (value_map(objective, name, start, steps, **sliders) for name, sliders in rules.items())
    return lowest(np.broadcast_arrays(first, second[:, None]))


def end(path: Path) -> np.ndarray:
    """f at the end, NaN for what diverged."""
    return path.values[-1]


def lowest(values: Sequence[np.ndarray]) -> np.ndarray:
    """The index of the smallest, the first of equals; −1 where all are NaN."""
    ranked = np.where(np.isnan(values), np.inf, values)
    return np.where(ranked.min(axis=0) < np.inf, ranked.argmin(axis=0), -1)
