"""What came out of a descent, of the paths alone: who is lowest, who is in trouble, and where everybody ended."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.descent import Path
from engine.experiments import Descent
from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS
from engine.verdict import Verdict, paired
from pages.kit.language import tr

FAMILIES = {"sgd": "plain", "momentum": "rolling", "nesterov": "rolling"}  # all others are adaptive
TIE = 1e-9  # of the way down: what is closer is no lower


class Ran(NamedTuple):
    """What is asked, and the paths that ran, one a spec. Of noisy gradients also those of each of some `seeds`, the first
    among them, and with each of these seeds the `rivals` that the question compares them with."""

    question: str
    specs: list[Descent]
    paths: list[Path]
    seeds: Sequence[list[Path]] = ()
    rivals: Sequence[list[Path]] = ()

    @property
    def alive(self) -> list[tuple[Descent, Path]]:
        """Who did not diverge, with any seed."""
        everybody = [self.paths, *self.seeds, *self.rivals]
        fine = [all(paths[i].diverged_at is None for paths in everybody) for i in range(len(self.specs))]
        return [(spec, path) for spec, path, well in zip(self.specs, self.paths, fine, strict=True) if well]


def label(spec: Descent) -> str:
    return OPTIMIZERS[spec.optimizer].label


def family(spec: Descent) -> str:
    return FAMILIES.get(spec.optimizer, "adaptive")


def ends(ran: Ran) -> list[dict]:
    """Rows of a table: where each path ended, how far from the lowest point, and how often it turned."""
    minima = ran.specs[0].objective().minima
    rows = []
    for spec, path in zip(ran.specs, ran.paths, strict=True):
        if path.diverged_at != 0:
            gaps = [np.hypot(*(path.points[-1] - minimum)) for minimum in minima]
            in_x, in_y = (int(turns) for turns in path.turns)
            end = {"f": path.values[-1], "gap": min(gaps, default=None), "in_x": in_x, "in_y": in_y}
            rows.append({"name": label(spec), "lr": spec.lr, **end})
    return rows


def race(ran: Ran) -> Verdict:
    """Who is lowest after the last step."""
    if ran.seeds:
        return noisy(ran)
    ranked = sorted(ran.alive, key=lambda pair: pair[1].values[-1])
    best, path = ranked[0]
    f, numbers = path.values[-1], {"steps": best.steps, "rows": ends(ran)}
    if len(ranked) == 1:
        return Verdict("last", name=label(best), f=f, **numbers)
    near = [spec for spec, each in ranked if each.values[-1] - f <= TIE * max(path.values[0] - f, 0)]
    kinds = {family(spec) for spec in near}
    right = kinds.pop() if len(kinds) == 1 else ""
    if len(near) > 1:
        return Verdict("tie", right=right, names=listed([label(spec) for spec in near]), f=f, **numbers)
    return Verdict("lowest", right=right, name=label(best), f=f, **numbers)


def noisy(ran: Ran) -> Verdict:
    """Who is lowest over the last quarter of the steps, in pairs of one seed each: one run of noise cannot tell."""
    heights = {spec: np.array([settled(paths[ran.specs.index(spec)]) for paths in ran.seeds]) for spec, _ in ran.alive}
    ranked = sorted(heights, key=lambda spec: heights[spec].mean())
    rows = [{"name": label(spec), "lr": spec.lr, "f": heights[spec].mean()} for spec in ranked]
    best, numbers = ranked[0], {"steps": ran.specs[0].steps, "seeds": len(ran.seeds), "rows": rows}
    if len(ranked) == 1:
        return Verdict("noisy-one", name=label(best), f=heights[best].mean(), **numbers)
    lead = paired(heights[ranked[1]], heights[best])
    if not lead.told:
        return Verdict("noisy-alike", name=label(best), second=label(ranked[1]), **numbers)
    numbers |= {"second": label(ranked[1]), "lead": lead.mean, "error": lead.error}
    return Verdict("noisy-lowest", right=family(best), name=label(best), **numbers)


def settled(path: Path) -> float:
    """The mean of f over the last quarter of a path."""
    return float(path.values[-max(1, len(path.values) // 4) :].mean())


def listed(names: list[str]) -> str:
    """
    >>> listed(["SGD", "Adam", "Lion"])
    'SGD, Adam and Lion'
    """
    *first, last = map(tr, names)
    return tr("{first} and {last}", first=", ".join(first), last=last) if first else last


def limit(objective: Objective) -> float | None:
    """2/λmax at the first minimum, above which plain SGD with a constant lr cannot stay there; None without a minimum."""
    return float(2 / np.linalg.eigvalsh(objective.hessian(*objective.minima[0]))[-1]) if objective.minima else None


def troubles(ran: Ran) -> list[Verdict]:
    """Every path that diverged or is about to."""
    objective, found = ran.specs[0].objective(), []
    for spec, path in zip(ran.specs, ran.paths, strict=True):
        trouble = _trouble(spec, path, objective)
        if trouble and trouble.kind == "undefined-start":
            return [trouble]
        found += [trouble] if trouble else []
    return found


def _trouble(spec: Descent, path: Path, objective: Objective) -> Verdict | None:
    stable = limit(objective)
    numbers = {"name": label(spec), "step": path.diverged_at, "lr": spec.lr, "steps": spec.steps, "stable": stable}
    bounded = "-bound" if stable else ""
    if path.diverged_at == 0:
        return Verdict("undefined-start", x=spec.x0, y=spec.y0)
    if path.undefined:
        return Verdict("undefined", **numbers)
    if path.diverged_at is not None and path.values[-1] < path.values[0]:
        return Verdict("off", **numbers)
    if path.diverged_at is not None:
        return Verdict(f"diverged{bounded}", **numbers)
    if stable and not spec.noise and path.values[-1] > path.values[0]:
        return Verdict("climbs", **numbers)
    return None
