"""A story is what a preset is there to show: its question answered from the paths, at whatever settings they ran."""

from collections.abc import Callable

import numpy as np

from engine.descent import Path
from engine.verdict import Verdict, paired
from pages.kit.language import listed
from pages.sections.optimizers.verdict import Ran, ends, family, label, noisy, race, settled, troubles

LEFT = 1.0  # from the saddle, along y


def verdict(ran: Ran) -> Verdict:
    """The answer to what is asked, and whoever is in trouble."""
    told = STORIES[ran.question](ran) if ran.alive else Verdict("lost")
    return Verdict(told.kind, right=told.right, **told.numbers, also=troubles(ran))


def untold(told: Verdict) -> Verdict:
    """The same as the answer to no question."""
    return Verdict(told.kind, **told.numbers)


def alone(ran: Ran) -> Verdict:
    """Whether one optimizer goes down with every step; no answer holds of a path that ends as high as it began."""
    if ran.seeds:
        return untold(noisy(ran))
    f, steps = ran.paths[0].values, ran.steps
    level, rise = 1e-12 * np.ptp(f), f[-1] - f[0]
    up = int((np.diff(f) > level).sum())
    right = "higher" if rise > level else "" if rise >= -level else "some" if up else "every"
    return Verdict("alone", right=right, name=label(ran.specs[0]), steps=steps, up=up, first=f[0], last=f[-1], rows=ends(ran))


def zigzag(ran: Ran) -> Verdict:
    """How often the path changes the sign of y."""
    path = ran.paths[0]
    steps, signs = len(path.points) - 1, np.sign(path.points)
    in_x, in_y = (int(count) for count in (signs[1:] * signs[:-1] < 0).sum(axis=0))
    right = "every" if in_y == steps else "some" if in_y else "never"
    return Verdict("zigzag", right=right, steps=steps, in_x=in_x, in_y=in_y, lr=ran.specs[0].lr, rows=ends(ran))


def arrows(ran: Ran) -> Verdict:
    """How far −∇f points beside the minimum, along the path."""
    spec, path = ran.specs[0], ran.paths[0]
    angles = path.aside(ran.minima[0])
    if not len(angles):
        return Verdict("arrows-none")
    gx, gy = path.gradients[0]
    numbers = {"x": spec.x0, "y": spec.y0, "gx": gx, "gy": gy, "aside": int((angles > 10).sum()), "steps": len(angles)}
    right = "at" if angles.max() < 1 else "beside"
    return Verdict("arrows", right=right, widest=angles.max(), first=angles[0], rows=ends(ran), **numbers)


def past(ran: Ran) -> Verdict:
    """Whether a ball stops where it first comes to the minimum, along x."""
    spec, path, minimum = ran.specs[0], ran.paths[0], ran.minima[0][0]
    numbers = {"name": label(spec), "rows": ends(ran)}
    if spec.x0 == minimum:
        return Verdict("past-none", **numbers)
    numbers |= {"steps": ran.steps, "last": path.points[-1, 0], "x": spec.x0}
    part, step = path.beyond(minimum)
    if part:
        return Verdict("past", right="past", x_most=path.points[step, 0], step=step, **numbers)
    kind = "stops" if abs(path.points[-1, 0] - minimum) < 0.05 * abs(spec.x0 - minimum) else "short"
    return Verdict(kind, right=kind, **numbers)


def two(ran: Ran) -> Verdict:
    """Which of Momentum and Nesterov goes farther past the minimum."""
    minimum = ran.minima[0][0]
    if len(ran.alive) < 2 or ran.specs[0].x0 == minimum:
        return untold(race(ran))
    parts = {spec.optimizer: path.beyond(minimum) for spec, path in ran.alive}
    (plain, _), (looking, _) = parts["momentum"], parts["nesterov"]
    right = "alike" if abs(plain - looking) < 1e-3 else "momentum" if plain > looking else "nesterov"
    rows = [{"name": label(s), "lr": s.lr, "part": parts[s.optimizer][0], "step": parts[s.optimizer][1]} for s in ran.specs]
    return Verdict("two", right=right, rows=rows, steps=ran.steps)


def memory(ran: Ran) -> Verdict:
    """What becomes of the learning rate of its own that each coordinate has."""
    spec, path = ran.specs[0], ran.paths[0]
    rows = []
    for axis, name in enumerate("xy"):
        moves, rates = np.abs(np.diff(path.points[:, axis])), path.effective_step[:, axis]
        fine = np.flatnonzero((moves > 1e-9 * np.abs(path.points[1:, axis])) & (rates > 0))  # else rounding counts
        if len(fine) > 1:
            rows.append({"axis": name, "first": rates[fine[0]], "last": rates[fine[-1]], "step": int(fine[-1]) + 1})
    if not rows or rows[0]["axis"] != "x":
        return Verdict("memory-none", name=label(spec), rows=rows)
    change = rows[0]["last"] / rows[0]["first"]
    right = "falls" if change < 0.9 else "grows" if change > 1.1 else "stays"
    return Verdict("memory", right=right, name=label(spec), lr=spec.lr, rows=rows)


def slope(ran: Ran) -> Verdict:
    """Whose last step down a constant slope is longer."""
    if len(ran.alive) < 2:
        return untold(race(ran))
    last = {spec.optimizer: abs(path.points[-1, 0] - path.points[-2, 0]) / spec.lr for spec, path in ran.alive}
    rates = [{"name": label(spec), "lr": spec.lr, "last": last[spec.optimizer]} for spec in ran.specs]
    if not all(last.values()):
        return untold(race(ran))
    ratio = last["rmsprop"] / last["adagrad"]
    right = "rmsprop" if ratio > 1.1 else "adagrad" if ratio < 0.9 else "alike"
    return Verdict("slope", right=right, ratio=ratio, steps=ran.steps, rows=rates)


def saddle(ran: Ran) -> Verdict:
    """Who has left the saddle."""
    if ran.specs[0].y0 == 0:
        return Verdict("saddle-still", right="nobody", rows=ends(ran))
    left = {spec: first(np.abs(path.points[:, 1]) > LEFT) for spec, path in ran.alive}
    rows = [{"name": label(spec), "y": path.points[-1, 1], "when": left[spec]} for spec, path in ran.alive]
    stuck = [spec.optimizer for spec, when in left.items() if when is None]
    right = "everybody" if not stuck else "nobody" if len(stuck) == len(rows) else ""
    right = "sgd" if stuck == ["sgd"] and len(rows) > 1 else right
    return Verdict("saddle", right=right, rows=rows, steps=ran.steps, left=len(rows) - len(stuck), total=len(rows))


def plateau(ran: Ran) -> Verdict:
    """Who comes off the plateau first: f below half of its start."""
    off = {spec: first(path.values < path.values[0] / 2) for spec, path in ran.alive}
    rows = [{"name": label(spec), "lr": spec.lr, "when": when} for spec, when in off.items()]
    steps = [when for when in off.values() if when is not None]
    if not steps:
        return Verdict("plateau-none", right="nobody", rows=rows, steps=ran.steps)
    soonest = [spec for spec, when in off.items() if when == min(steps)]
    kinds = {family(spec) for spec in soonest}
    right = "adaptive" if kinds == {"adaptive"} else "" if "adaptive" in kinds else "slope"
    return Verdict("plateau", right=right, names=listed([label(spec) for spec in soonest]), step=min(steps), rows=rows)


def first(there: np.ndarray) -> int | None:
    """The first step at which it is so, if it ever is."""
    return next(iter(np.flatnonzero(there).tolist()), None)


def schedule(ran: Ran) -> Verdict:
    """Whether a learning rate that fades ends lower than a constant one, in pairs over the seeds."""
    if not ran.rivals:
        return Verdict("schedule-none", **noisy(ran).numbers)
    fading, constant = (ran.each(group, settled) for group in (ran.seeds, ran.rivals))
    rows = [{"name": label(s), "fading": fading[s].mean(), "constant": constant[s].mean()} for s in fading]
    gaps = [paired(fading[spec], constant[spec]) for spec in fading]
    lower, higher = (sum(gap.says("higher", "lower") == word for gap in gaps) for word in ("lower", "higher"))
    most = len(gaps) / 2
    right = "lower" if lower > most else "higher" if higher > most else "" if lower + higher else "alike"
    numbers = {"total": len(gaps), "seeds": len(ran.seeds), "steps": ran.steps}
    return Verdict("schedule", right=right, rows=rows, lower=lower, higher=higher, **numbers)


def noise(ran: Ran) -> Verdict:
    """How the cloud around the minimum shrinks along y with four times the batch, where mini-batches soon forget each other."""
    center = ran.minima[0][1]

    def cloud(path: Path) -> float:
        """Root mean square of y over the last half."""
        return np.sqrt(((path.points[len(path.points) // 2 :, 1] - center) ** 2).mean())

    own, more = (ran.each(group, cloud) for group in (ran.seeds, ran.rivals))
    numbers = {"batch": ran.specs[0].batch_size, "seeds": len(ran.seeds)}
    rows = [{"name": label(spec), "lr": spec.lr, "own": own[spec].mean()} for spec in own]
    (sgd, _), *_ = ran.alive
    if not ran.rivals or sgd.optimizer != "sgd":
        return Verdict("cloud-one", rows=rows, **numbers)
    rows = [row | {"more": more[spec].mean()} for row, spec in zip(rows, more, strict=True)]
    gap = paired(np.log(more[sgd]), np.log(own[sgd]))
    low, ratio, high = gap.factors
    right = "half" if low > 0.35 and high < 0.7 else "same" if low > 0.7 and high < 1.4 else "quarter" if high < 0.35 else ""
    return Verdict("cloud", right=right, ratio=ratio, low=low, high=high, rows=rows, more=4 * numbers["batch"], **numbers)


STORIES: dict[str, Callable[[Ran], Verdict]] = {
    story.__name__: story
    for story in (race, alone, zigzag, arrows, past, two, memory, slope, saddle, plateau, schedule, noise)
}  # fmt: skip
