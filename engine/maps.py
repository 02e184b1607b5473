"""A map is a grid of descents, told by one number each: where it ends, who is lowest, how soon it arrives.

Cells are starts, the middles of n × n equal cells of the objective's view, or settings of the sliders. Rows go up, columns
to the right. Sliders, schedule and noise are given as `descend` takes them; noise is the same for every cell.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.descent import FAR, walk
from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS

CROWD = 8000  # starts at a time: what a step of theirs touches stays in the processor's cache
NONE, TIE = -1, -2


class Moment(NamedTuple):
    """Where a crowd is after a step, or at the start; what has diverged is not alive, and its numbers mean nothing."""

    x: np.ndarray
    y: np.ndarray
    value: np.ndarray
    alive: np.ndarray


Outcome = Callable[[Iterator[Moment]], np.ndarray]


def grid(objective: Objective, n: int) -> np.ndarray:
    """(n, n, 2): the starts of a map, rounded so that what a link says of one is the very same number."""
    middles = (np.arange(n) + 0.5) / n
    (left, right), (bottom, top) = objective.view
    across, up = left + middles * (right - left), bottom + middles * (top - bottom)
    return np.stack(np.meshgrid(across.round(9), up.round(9)), axis=-1)


def sweep(objective: Objective, name: str, starts, steps: int, outcome: Outcome, **sliders: Any) -> np.ndarray:
    """(…): the outcome of the descents from `starts` (…, 2). A slider is a number, or an array that broadcasts to (…)."""
    shape, starts = starts.shape[:-1], starts.reshape(-1, 2)
    flat = {key: np.broadcast_to(value, shape).ravel() for key, value in sliders.items() if np.ndim(value)}
    found = []
    for first in range(0, len(starts), CROWD):
        part = slice(first, first + CROWD)
        here = {**sliders, **{key: values[part] for key, values in flat.items()}}
        x, y = starts[part].T.copy()
        with np.errstate(all="ignore"):
            found.append(outcome(moments(objective, name, x, y, steps, **here)))
    return np.concatenate(found).reshape(shape)


def moments(objective: Objective, name: str, x, y, steps: int, **sliders: Any) -> Iterator[Moment]:
    """The `steps` + 1 moments of a crowd, of which nothing else is kept: alive are those whom `descend` has not cut."""
    alive = _near(x, y)
    for new_x, new_y, value, gradient, state, _ in walk(objective, OPTIMIZERS[name], x, y, steps, **sliders):
        alive = alive & np.isfinite(value)
        yield Moment(x, y, value, alive)
        x, y = new_x, new_y
        alive = alive & _near(x, y)
        for array in (*gradient, *state[0], *state[1]):
            alive &= np.isfinite(array)
    value = objective(x, y)[0]
    yield Moment(x, y, value, alive & np.isfinite(value))


def _near(x, y) -> np.ndarray:
    return (np.abs(x) < FAR) & (np.abs(y) < FAR)


def last(crowd: Iterator[Moment]) -> Moment:
    return deque(crowd, maxlen=1).pop()


def end(crowd: Iterator[Moment]) -> np.ndarray:
    """f at the end, NaN for what diverged."""
    moment = last(crowd)
    return np.where(moment.alive, moment.value, np.nan)


def first_come(objective: Objective, steps: int, tolerance: float) -> Outcome:
    """A race: less is better, and whoever comes to stay within `tolerance` of the least f beats whoever does not.

    Who arrived is told by when, a whole number below the least f, for what happens to f afterwards is rounding; who did
    not, by f at the end; what diverged is NaN.
    """
    bottom = min((objective(*minimum)[0] for minimum in objective.minima), default=-np.inf)

    def score(crowd: Iterator[Moment]) -> np.ndarray:
        arrival, value, alive = 0, np.nan, False
        for step, (_, _, value, alive) in enumerate(crowd):
            arrival = np.where(alive & (value - bottom <= tolerance), arrival, step + 1)
        return np.where(alive, np.where(arrival <= steps, bottom + arrival - (steps + 1), value), np.nan)

    return score


def basin_map(objective: Objective, name: str, steps: int, *, n: int = 200, within: float = 0.1, **sliders: Any) -> np.ndarray:
    """(n, n): which of the basins is reached from each start, at most `within` away after all steps; −1 for none of them."""
    if not objective.basins:
        return np.full((n, n), NONE)

    def reached(crowd: Iterator[Moment]) -> np.ndarray:
        x, y, _, alive = last(crowd)
        gaps = np.linalg.norm(np.stack([x, y], axis=-1)[:, None] - objective.basins, axis=-1)
        return np.where(alive & (gaps.min(axis=-1) <= within), gaps.argmin(axis=-1), NONE)

    return sweep(objective, name, grid(objective, n), steps, reached, **sliders)


def steps_map(
    objective: Objective, name: str, steps: int, *, n: int = 200, tolerance: float = 1e-3, **sliders: Any
) -> np.ndarray:
    """(n, n): the first step from each start with f at most `tolerance` above its minimum; −1 for never."""
    bottom = min((objective(*minimum)[0] for minimum in objective.minima), default=-np.inf)

    def arrival(crowd: Iterator[Moment]) -> np.ndarray:
        first = steps + 1
        for step, (_, _, value, alive) in enumerate(crowd):
            first = np.where(alive & (value - bottom <= tolerance), np.minimum(first, step), first)
        return np.where(first <= steps, first, NONE)

    return sweep(objective, name, grid(objective, n), steps, arrival, **sliders)


def value_map(objective: Objective, name: str, start, steps: int, *, outcome: Outcome = end, **sliders: Any) -> np.ndarray:
    """f after all steps from one start, over arrays of sliders that broadcast, as lr (1, columns) with momentum (rows, 1)."""
    shape = np.broadcast_shapes(*map(np.shape, sliders.values()))
    return sweep(objective, name, np.broadcast_to(start, (*shape, 2)), steps, outcome, **sliders)


def winner_map(
    objective: Objective,
    rules: Mapping[str, Mapping[str, Any]],
    steps: int,
    *,
    n: int = 200,
    arrived: float | None = None,
) -> np.ndarray:
    """(n, n): which of the rules, each with its sliders, is lowest after all steps; see `lowest`.

    With a tolerance `arrived`, those who come within it of the minimum, and stay, are ranked by the step at which they do;
    see `first_come`.
    """
    starts, outcome = grid(objective, n), end if arrived is None else first_come(objective, steps, arrived)
    return lowest([sweep(objective, name, starts, steps, outcome, **sliders) for name, sliders in rules.items()])


def duel_map(
    objective: Objective, rules: Mapping[str, Mapping[str, Any]], start, steps: int, *, arrived: float | None = None
) -> np.ndarray:
    """(second lrs, first lrs): which of two rules is ahead after all steps, for arrays `lr` of each; as `winner_map`."""
    outcome = end if arrived is None else first_come(objective, steps, arrived)
    first, second = (value_map(objective, name, start, steps, outcome=outcome, **sliders) for name, sliders in rules.items())
    return lowest(np.broadcast_arrays(first, second[:, None]))


def lowest(values: Sequence[np.ndarray]) -> np.ndarray:
    """The index of the smallest; TIE where the smallest are exactly equal, NONE where all are NaN."""
    ranked = np.where(np.isnan(values), np.inf, values)
    least = ranked.min(axis=0)
    winner = np.where((ranked == least).sum(axis=0) > 1, TIE, ranked.argmin(axis=0))
    return np.where(least < np.inf, winner, NONE)


def shares(cells: np.ndarray, count: int) -> np.ndarray:
    """(count,): the part of a map that each index holds."""
    return np.bincount(cells[cells >= 0], minlength=count) / cells.size
