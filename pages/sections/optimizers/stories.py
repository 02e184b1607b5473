"""A story is what a preset is there to show: its question answered from the paths, at whatever settings they ran."""

from collections.abc import Callable
from math import exp

import numpy as np

from engine.descent import Path
from engine.verdict import Verdict, paired
from pages.sections.optimizers.verdict import Ran, ends, family, label, listed, noisy, race, settled, troubles

LEFT = 1.0  # from the saddle, along y


def verdict(ran: Ran) -> Verdict:
    """The answer to what is asked, and whoever is in trouble."""
    told = STORIES[ran.question](ran) if ran.alive else Verdict("lost")
    return Verdict(told.kind, right=told.right, **told.numbers, also=troubles(ran))


def untold(told: Verdict) -> Verdict:
    """The same as the answer to no question."""
    return Verdict(told.kind, **told.numbers)


def alone(ran: Ran) -> Verdict:
    """Whether one optimizer goes down with every step."""
    if ran.seeds:
        return untold(noisy(ran))
    spec, path = ran.specs[0], ran.paths[0]
    up = int((np.diff(path.values) > 1e-12 * np.ptp(path.values)).sum())
    right = "every" if not up else "some" if path.values[-1] < path.values[0] else "higher"
    return Verdict(
        "alone",
        right=right,
        name=label(spec),
        steps=spec.steps,
        up=up,
        first=path.values[0],
        last=path.values[-1],
        rows=ends(ran),
    )


def zigzag(ran: Ran) -> Verdict:
    """How often the path changes the sign of y."""
    path = ran.paths[0]
    steps, signs = len(path.points) - 1, np.sign(path.points)
    in_x, in_y = (int(count) for count in (signs[1:] * signs[:-1] < 0).sum(axis=0))
    right = "every" if in_y == steps else "some" if in_y else "never"
    return Verdict("zigzag", right=right, steps=steps, in_x=in_x, in_y=in_y, lr=ran.specs[0].lr, rows=ends(ran))


def arrows(ran: Ran) -> Verdict:
    """How far −∇f points beside the minimum, along the path."""
    path = ran.paths[0]
    way = np.array(ran.specs[0].objective().minima[0]) - path.points[:-1]
    far = np.hypot(*way.T)
    seen = (far > 1e-6 * max(far, default=0)) & path.gradients.any(axis=1)
    if not seen.any():
        return Verdict("arrows-none")
    way, down = way[seen], -path.gradients[seen]
    cos = (way * down).sum(axis=1) / (np.hypot(*way.T) * np.hypot(*down.T))
    angles = np.degrees(np.arccos(np.clip(cos, -1, 1)))
    right = "at" if angles.max() < 1 else "beside"
    x, y = ran.specs[0].x0, ran.specs[0].y0
    gx, gy = path.gradients[0]
    return Verdict(
        "arrows", right=right, widest=angles.max(), first=angles[0], x=x, y=y, gx=gx, gy=gy, aside=int((angles > 10).sum()),
        steps=len(angles), rows=ends(ran),
    )  # fmt: skip


def beyond(path: Path, minimum: float) -> tuple[float, int]:
    """How far the path goes past the minimum along x, as a part of where it came from, and the step where; 0 if it does not."""
    way = minimum - path.points[0, 0]
    past = (path.points[:, 0] - minimum) / way if way else np.zeros(len(path.points))
    step = int(past.argmax())
    return (float(past[step]), step) if past[step] > 1e-6 else (0.0, 0)


def past(ran: Ran) -> Verdict:
    """Whether a ball stops where it first comes to the minimum, along x."""
    spec, path = ran.specs[0], ran.paths[0]
    minimum = spec.objective().minima[0][0]
    part, step = beyond(path, minimum)
    near = abs(path.points[-1, 0] - minimum) < 0.05 * abs(spec.x0 - minimum)
    if spec.x0 == minimum:
        return Verdict("past-none", name=label(spec), rows=ends(ran))
    numbers = {"name": label(spec), "steps": spec.steps, "rows": ends(ran), "last": path.points[-1, 0], "x": spec.x0}
    if part:
        return Verdict("past", right="past", x_most=path.points[step, 0], step=step, **numbers)
    return Verdict("stops" if near else "short", right="stops" if near else "short", **numbers)


def two(ran: Ran) -> Verdict:
    """Which of Momentum and Nesterov goes farther past the minimum."""
    minimum = ran.specs[0].objective().minima[0][0]
    if len(ran.alive) < 2 or ran.specs[0].x0 == minimum:
        return untold(race(ran))
    parts = {spec.optimizer: beyond(path, minimum) for spec, path in ran.alive}
    (plain, _), (looking, _) = parts["momentum"], parts["nesterov"]
    right = "alike" if abs(plain - looking) < 1e-3 else "momentum" if plain > looking else "nesterov"
    rows = [{"name": label(s), "lr": s.lr, "part": parts[s.optimizer][0], "step": parts[s.optimizer][1]} for s in ran.specs]
    return Verdict("two", right=right, rows=rows, steps=ran.specs[0].steps)


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
    return Verdict("slope", right=right, ratio=ratio, steps=ran.specs[0].steps, rows=rates)


def saddle(ran: Ran) -> Verdict:
    """Who has left the saddle."""
    if ran.specs[0].y0 == 0:
        return Verdict("saddle-still", right="nobody", rows=ends(ran))
    rows, stuck = [], []
    for spec, path in ran.alive:
        away = np.flatnonzero(np.abs(path.points[:, 1]) > LEFT)
        stuck += [] if len(away) else [spec]
        rows.append({"name": label(spec), "y": path.points[-1, 1], "when": int(away[0]) if len(away) else None})
    right = "everybody" if not stuck else "nobody" if len(stuck) == len(rows) else ""
    if [spec.optimizer for spec in stuck] == ["sgd"] and len(rows) > 1:
        right = "sgd"
    return Verdict("saddle", right=right, rows=rows, steps=ran.specs[0].steps, left=len(rows) - len(stuck), total=len(rows))


def plateau(ran: Ran) -> Verdict:
    """Who comes off the plateau first: f below half of its start."""
    half, rows = {}, []
    for spec, path in ran.alive:
        low = np.flatnonzero(path.values < path.values[0] / 2)
        half |= {spec: int(low[0])} if len(low) else {}
        rows.append({"name": label(spec), "lr": spec.lr, "when": int(low[0]) if len(low) else None})
    if not half:
        return Verdict("plateau-none", right="nobody", rows=rows, steps=ran.specs[0].steps)
    soonest = [spec for spec, step in half.items() if step == min(half.values())]
    kinds = {family(spec) for spec in soonest}
    right = "adaptive" if kinds == {"adaptive"} else "" if "adaptive" in kinds else "slope"
    return Verdict("plateau", right=right, names=listed([label(spec) for spec in soonest]), step=min(half.values()), rows=rows)


def schedule(ran: Ran) -> Verdict:
    """Whether a learning rate that fades ends lower than a constant one, in pairs over the seeds."""
    if not ran.rivals:
        return Verdict("schedule-none", **noisy(ran).numbers)
    places = [ran.specs.index(spec) for spec, _ in ran.alive]
    fading, constant = (np.array([[settled(paths[i]) for i in places] for paths in group]) for group in (ran.seeds, ran.rivals))
    rows = [
        {"name": label(ran.specs[i]), "fading": fading[:, k].mean(), "constant": constant[:, k].mean()}
        for k, i in enumerate(places)
    ]
    gaps = [paired(fading[:, k], constant[:, k]) for k in range(len(places))]
    lower, higher = sum(gap.told and gap.mean < 0 for gap in gaps), sum(gap.told and gap.mean > 0 for gap in gaps)
    most = len(places) / 2
    right = "lower" if lower > most else "higher" if higher > most else "" if lower + higher else "alike"
    seeds, steps = len(ran.seeds), ran.specs[0].steps
    return Verdict("schedule", right=right, rows=rows, lower=lower, higher=higher, total=len(places), seeds=seeds, steps=steps)


def noise(ran: Ran) -> Verdict:
    """How the cloud around the minimum shrinks along y with four times the batch, where mini-batches soon forget each other."""
    center = ran.specs[0].objective().minima[0][1]
    places = [ran.specs.index(spec) for spec, _ in ran.alive]

    def clouds(groups: list[list[Path]]) -> np.ndarray:
        """(seeds, optimizers): root mean square of y over the last half."""
        halves = [[paths[i].points[len(paths[i].points) // 2 :, 1] for i in places] for paths in groups]
        return np.array([[np.sqrt(((y - center) ** 2).mean()) for y in each] for each in halves])

    own = clouds(ran.seeds)
    numbers = {"batch": ran.specs[0].batch_size, "seeds": len(ran.seeds)}
    rows = [{"name": label(ran.specs[i]), "lr": ran.specs[i].lr, "own": own[:, k].mean()} for k, i in enumerate(places)]
    if not ran.rivals or ran.alive[0][0].optimizer != "sgd":
        return Verdict("cloud-one", rows=rows, **numbers)
    more = clouds(ran.rivals)
    rows = [row | {"more": more[:, k].mean()} for k, row in enumerate(rows)]
    gap = paired(np.log(more[:, 0]), np.log(own[:, 0]))
    low, ratio, high = (exp(gap.mean + error) for error in (-gap.error, 0, gap.error))
    right = "half" if low > 0.35 and high < 0.7 else "same" if low > 0.7 and high < 1.4 else "quarter" if high < 0.35 else ""
    return Verdict("cloud", right=right, ratio=ratio, low=low, high=high, rows=rows, more=4 * numbers["batch"], **numbers)


STORIES: dict[str, Callable[[Ran], Verdict]] = {
    story.__name__: story
    for story in (race, alone, zigzag, arrows, past, two, memory, slope, saddle, plateau, schedule, noise)
}  # fmt: skip
