"""A descent is the path of an update rule over an objective, with everything that happened at every step.

The rules work element by element, so x and y are updated apart: on plain floats for one path, which is ten times as
fast as on arrays of two, and on whole arrays for many starts at once. The same lines serve both.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.schedules import SCHEDULES
from engine.specs import Descent

FAR = 1e6
EXAMPLES = 500


@dataclass(frozen=True)
class Path:
    """The k steps of one path, or of many: `…` is the shape of the starts. What has diverged is not in it."""

    points: np.ndarray
    """(k+1, …, 2)"""
    values: np.ndarray
    """(k+1, …): f at the points, without noise."""
    gradients: np.ndarray
    """(k, …, 2): as the rule saw them, with noise."""
    effective_step: np.ndarray
    """(k, …, 2): −Δθ/g, the learning rate at which plain SGD would have made the same step; NaN where g is 0."""
    state: dict[str, np.ndarray]
    """Name of the rule's state → (k, …, 2), after each step."""
    lr: np.ndarray
    """(k,): after the schedule; (k, …) if every start has its own."""
    diverged_at: int | np.ndarray | None
    """First step to a coordinate beyond FAR or an f that is not finite, 0 if that is the start; None if there is none.
    Many starts: an array (…) with −1 for None, and NaN from that step on in the arrays above."""
    undefined: bool = False
    """A single path diverged because it came to where f or its gradient is not a number, not because it went FAR."""

    @property
    def turns(self) -> np.ndarray:
        """(…, 2): how often each coordinate reversed its direction."""
        move = np.diff(self.points, axis=0)
        return (move[1:] * move[:-1] < 0).sum(axis=0)

    @property
    def settled(self) -> float:
        """The mean of f over the last quarter of a single path."""
        return float(self.values[-max(1, len(self.values) // 4) :].mean())

    def beyond(self, x: float) -> tuple[float, int]:
        """How far a single path goes past x, as a part of where it came from, and the step where; 0 if it does not."""
        way = x - self.points[0, 0]
        past = (self.points[:, 0] - x) / way if way else np.zeros(len(self.points))
        step = int(past.argmax())
        return (float(past[step]), step) if past[step] > 1e-6 else (0.0, 0)

    def aside(self, point: tuple[float, float]) -> np.ndarray:
        """(≤ k,): by how many degrees −∇f points beside a place, at the steps of a single path that are not yet there."""
        way = np.array(point) - self.points[:-1]
        far = np.hypot(*way.T)
        seen = (far > 1e-6 * max(far, default=0)) & self.gradients.any(axis=1)
        way, down = way[seen], -self.gradients[seen]
        cos = (way * down).sum(axis=1) / (np.hypot(*way.T) * np.hypot(*down.T))
        return np.degrees(np.arccos(np.clip(cos, -1, 1)))


def descend(
    objective: Objective,
    name: str | Optimizer,
    start,
    steps: int,
    *,
    schedule: str | Callable[[int, int], float] | None = None,
    noise: float = 0.0,
    batch_size: int = 1,
    seed: int = 0,
    **hyper: float | np.ndarray,
) -> Path:
    """Follow the optimizer called `name`, or one that is in no catalogue, from `start` (…, 2) for `steps` updates; a single
    path ends where it diverges.

    `schedule(t, steps)` multiplies the learning rate. `noise` is the standard deviation of one example's gradient
    around the true one; a step averages `batch_size` examples, the same for every start and every optimizer. With many
    starts a slider may be an array (…), too: a number for each.
    """
    rule, start = OPTIMIZERS[name] if isinstance(name, str) else name, np.asarray(start, float)
    if start.shape[-1:] != (2,):
        raise ValueError(f"a start is (…, 2), not {start.shape}")
    x, y = start.tolist() if start.ndim == 1 else (start[..., 0], start[..., 1])
    seen = walk(objective, rule, x, y, steps, schedule=schedule, noise=noise, batch_size=batch_size, seed=seed, **hyper)
    points, values, gradients, states, rates = [(x, y)], [], [], [], []
    with np.errstate(all="ignore"):  # where arrays give inf, plain floats raise: the end
        with suppress(ArithmeticError):
            for x, y, value, gradient, state, rate in seen:
                points.append((x, y))
                values.append(value)
                gradients.append(gradient)
                states.append(state)
                rates.append(rate)
        with suppress(ArithmeticError):
            values.append(objective(x, y)[0])
    values += [np.full(start.shape[:-1], np.nan)] * (len(points) - len(values))

    shape = start.shape[:-1]
    points = np.moveaxis(np.array(points), 1, -1)
    gradients = np.moveaxis(np.reshape(gradients, (len(points) - 1, 2, *shape)), 1, -1)
    states = np.moveaxis(np.reshape(states, (len(gradients), 2, len(rule.state), *shape)), 1, -1)
    state = {name: states[:, i] for i, name in enumerate(rule.state)}
    return _cut(points, np.array(values), gradients, state, np.array(rates), steps)


def walk(
    objective: Objective,
    rule: Optimizer,
    x,
    y,
    steps: int,
    *,
    schedule: str | Callable[[int, int], float] | None = None,
    noise: float = 0.0,
    batch_size: int = 1,
    seed: int = 0,
    **hyper: float | np.ndarray,
) -> Iterator[tuple]:
    """Every step of `descend`: the new x and y, f where it came from, the gradient seen there, the new state, and the lr."""
    hyper = {**rule.sliders, **hyper}
    lr = hyper.pop("lr")
    factor = schedule if callable(schedule) else SCHEDULES[schedule or "constant"]
    sx = sy = [0.0 * x] * len(rule.state)
    for t, (ex, ey) in enumerate(batch_errors(noise, batch_size, steps, seed).tolist(), start=1):
        rate = lr * factor(t, steps)
        value, (gx, gy) = objective(x, y)
        gx, gy = gx + ex, gy + ey
        x, *sx = rule(t, x, gx, *sx, lr=rate, **hyper)
        y, *sy = rule(t, y, gy, *sy, lr=rate, **hyper)
        yield x, y, value, (gx, gy), (sx, sy), rate


def _cut(points, values, gradients, state, lr, steps: int) -> Path:
    """The path without what lies behind its divergence: shortened if it is one, blanked with NaN among many."""
    near = (np.abs(points) < FAR).all(axis=-1)
    fine = near & np.isfinite(values)
    for array in (gradients, *state.values()):
        fine[1:] &= np.isfinite(array).all(axis=-1)
    alive = np.logical_and.accumulate(fine, axis=0)
    survived = alive.sum(axis=0)
    undefined = False
    if points.ndim == 2:
        undefined = survived < len(points) and bool(near[survived])
        k = max(int(survived) - 1, 0)
        points, values, gradients, lr = points[: k + 1], values[: k + 1], gradients[:k], lr[:k]
        state = {name: s[:k] for name, s in state.items()}
        diverged_at = None if survived > steps else int(survived)
    else:
        for array in (points, values):
            array[~alive] = np.nan
        for array in (gradients, *state.values()):
            array[~alive[1:]] = np.nan
        diverged_at = np.where(survived > steps, -1, survived)
    with np.errstate(all="ignore"):
        effective_step = np.where(gradients == 0, np.nan, -np.diff(points, axis=0) / gradients)
    return Path(points, values, gradients, effective_step, state, lr, diverged_at, undefined)


def batch_errors(noise: float, batch_size: int, steps: int, seed: int) -> np.ndarray:
    """(steps, 2): how far the mean gradient of each mini-batch, drawn with replacement, lies off the true gradient."""
    if noise == 0:
        return np.zeros((steps, 2))
    rng = np.random.default_rng([seed, 1])
    examples = rng.normal(0, noise, (EXAMPLES, 2))
    examples -= examples.mean(axis=0)
    return examples[rng.integers(EXAMPLES, size=(steps, batch_size))].mean(axis=1)


def follow(spec: Descent) -> Path:
    """The path that a spec describes."""
    return descend(
        spec.objective(),
        spec.optimizer,
        (spec.x0, spec.y0),
        spec.steps,
        schedule=SCHEDULES[spec.schedule].bind(**dict(spec.schedule_hyper)),
        noise=spec.noise,
        batch_size=spec.batch_size,
        seed=spec.seed,
        lr=spec.lr,
        **dict(spec.hyper),
    )
