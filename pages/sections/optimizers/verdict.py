"""What came out of a descent, of the paths alone: who is lowest, who is in trouble, and where everybody ended."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from engine import quadratic
from engine.descent import Path
from engine.experiments import Descent
from engine.objectives import Point
from engine.optimizers import OPTIMIZERS
from engine.verdict import Verdict, paired
from pages.kit.language import listed

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

    def each(self, groups: Sequence[list[Path]], measure: Callable[[Path], float]) -> dict[Descent, np.ndarray]:
        """A measure of the paths of everybody alive, with each seed of a group."""
        return {spec: np.array([measure(paths[self.specs.index(spec)]) for paths in groups]) for spec, _ in self.alive}

    @property
    def steps(self) -> int:
        return self.specs[0].steps

    @property
    def minima(self) -> Sequence[Point]:
        return self.specs[0].objective().minima


settled = attrgetter("settled")


def label(spec: Descent) -> str:
    return OPTIMIZERS[spec.optimizer].label


def family(spec: Descent) -> str:
    return FAMILIES.get(spec.optimizer, "adaptive")


def ends(ran: Ran) -> list[dict]:
    """Rows of a table: where each path ended, how far from the lowest point, and how often it turned."""
    rows = []
    for spec, path in zip(ran.specs, ran.paths, strict=True):
        if path.diverged_at != 0:
            gaps = [np.hypot(*(path.points[-1] - minimum)) for minimum in ran.minima]
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
    heights = ran.each(ran.seeds, settled)
    ranked = sorted(heights, key=lambda spec: heights[spec].mean())
    rows = [{"name": label(spec), "lr": spec.lr, "f": heights[spec].mean()} for spec in ranked]
    best, numbers = ranked[0], {"steps": ran.steps, "seeds": len(ran.seeds), "rows": rows}
    if len(ranked) == 1:
        return Verdict("noisy-one", name=label(best), f=heights[best].mean(), **numbers)
    lead = paired(heights[ranked[1]], heights[best])
    if not lead.told:
        return Verdict("noisy-alike", name=label(best), second=label(ranked[1]), **numbers)
    numbers |= {"second": label(ranked[1]), "lead": lead.mean, "error": lead.error}
    return Verdict("noisy-lowest", right=family(best), name=label(best), **numbers)


def troubles(ran: Ran) -> list[Verdict]:
    """Every path that diverged or is about to."""
    limit = ran.specs[0].objective().limit
    found = [_trouble(spec, path, limit) for spec, path in zip(ran.specs, ran.paths, strict=True)]
    nowhere = [trouble for trouble in found if trouble and trouble.kind == "undefined-start"]
    return nowhere[:1] or [trouble for trouble in found if trouble]


def _trouble(spec: Descent, path: Path, stable: float | None) -> Verdict | None:
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
    if stable and not spec.noise and path.values[-1] > path.values[0] and _unstable(spec, stable):
        return Verdict("climbs", **numbers)
    return None


def _unstable(spec: Descent, stable: float) -> bool:
    """Whether the rule moves away from the minimum in the long run, whose plain SGD is stable below this lr: adaptive rules
    rest or dance no farther off than their steps are long, and a first step of Momentum may be a long one."""
    if spec.optimizer not in quadratic.RULES:
        return False
    return spec.lr > quadratic.limit(spec.optimizer, dict(spec.hyper).get("momentum", 0.0), 2 / stable)
