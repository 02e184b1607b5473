"""Maps: what becomes of every start at once, or of every pair of learning rates; a click opens the path or sets the pair."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from engine import maps
from engine.descent import descend, walk
from engine.experiments import CLASSICS, textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.verdict import Verdict
from pages.kit import address, field
from pages.kit.address import Given
from pages.kit.controls import Choice, Controls, Number, Values, labels
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.sections.optimizers import atlas, handover
from pages.sections.optimizers.atlas import ARRIVED, RATES, STARTS, Atlas, shares
from pages.sections.optimizers.handover import MOST
from pages.sections.optimizers.settings import FIELD_RANGES

ID = "optimizers/maps"
SURFACE, STEPS = "himmelblau", 300
LONG = 150  # steps after which most starts have arrived where they can
EVEN = 0.05  # of a map: a lead that is none


class Mapped(NamedTuple):
    """What was asked for, and its cells."""

    atlas: Atlas
    cells: np.ndarray


def controls(given: Given) -> Controls:
    """Start and learning rates are the textbook's on the surface, and steps where it falls without end."""
    surface = given.get("surface", SURFACE)
    specs = {name: textbook(name, surface) for name in OPTIMIZERS}
    book = specs["sgd"]
    steps = max(book.steps, LONG) if OBJECTIVES[surface].minima else book.steps
    start = {"x0": ("start x", book.x0), "y0": ("start y", book.y0)}
    resets = ("steps", *start, *OPTIMIZERS)
    kinds = {"one": lambda values: values.kind != "winner", "duel": lambda values: values.kind == "duel"}
    return {
        "kind": Choice("Map", "basins", atlas.KINDS, key="maps"),
        "surface": Choice("Surface", SURFACE, labels(OBJECTIVES), menu=True, resets=resets),
        "rule": Choice("Optimizer", "momentum", labels(OPTIMIZERS), menu=True, when=kinds["one"]),
        "rival": Choice("against", "adam", labels(OPTIMIZERS), menu=True, when=kinds["duel"]),
        "rules": Choice("Optimizers", CLASSICS, labels(OPTIMIZERS), when=lambda values: values.kind == "winner"),
        "steps": Number(f"steps ≤ {STEPS}", steps, Range(1, STEPS)),
        **{name: Number(words, at, FIELD_RANGES[name], when=kinds["duel"]) for name, (words, at) in start.items()},
        **{
            name: Number(
                f"lr of {OPTIMIZERS[name].label}", spec.lr, FIELD_RANGES["lr"], when=lambda v, name=name: name in chosen(v)
            )
            for name, spec in specs.items()
        },
    }


def chosen(values: Values) -> tuple[str, ...]:
    """The optimizers of a map."""
    if values.kind == "winner":
        return values.rules
    return (values.rule, values.rival) if values.kind == "duel" else (values.rule,)


def asked(values: Values) -> Atlas:
    """ValueError if too few or too many optimizers are chosen."""
    names, several = chosen(values), values.kind in ("winner", "duel")
    if not 1 + several <= len(set(names)) <= MOST:
        raise ValueError(tr("choose two different optimizers, or up to {n} where more are offered", n=MOST))
    rules = tuple((name, getattr(values, name)) for name in names)
    start = (values.x0, values.y0) if values.kind == "duel" else (0.0, 0.0)
    return Atlas(values.kind, values.surface, rules, values.steps, start)


def find(values: Values) -> Mapped:
    wanted = asked(values)
    return Mapped(wanted, atlas.cells(wanted))


def draw(found: Mapped, values: Values) -> None:  # noqa: ARG001
    field.show("maps_field", atlas.picture(*found), lambda *cell: choose(found.atlas, *cell))


def choose(shown: Atlas, column: int, line: int) -> None:
    """A click sets the two learning rates, or opens the paths from that start with the same settings.

    Paths are computed on floats and maps on arrays, which may differ in the last bit: on frayed borders that is enough to
    end elsewhere.
    """
    if shown.kind == "duel":
        (first, _), (second, _) = shown.rules
        address.change(**{first: float(RATES[column]), second: float(RATES[line])})
        return
    start = maps.grid(OBJECTIVES[shown.surface], STARTS)[line, column].tolist()
    paths = next(lab for lab in address.here().labs if lab.id == "optimizers/play")
    run = handover.Run(shown.surface, dict(shown.rules), tuple(start), steps=shown.steps)
    address.go(paths, **handover.allowed(paths, handover.SETTINGS[paths.id](run)))


def beside(found: Mapped | None, values: Values) -> None:  # noqa: ARG001
    if found:
        shown = found.atlas
        start = shown.start if shown.kind == "duel" else OBJECTIVES[shown.surface].start
        handover.offer(ID, surface=shown.surface, rules=dict(shown.rules), start=start, steps=shown.steps)


def verdict(found: Mapped) -> Verdict:
    """What the map comes to: every number is counted on it, but for the visitor's own pair, which is descended."""
    return {"basins": arrivals, "steps": times}.get(found.atlas.kind, wins)(*found)


def arrivals(shown: Atlas, cells: np.ndarray) -> Verdict:
    objective = OBJECTIVES[shown.surface]
    starts = maps.grid(objective, STARTS)
    near = cells == np.array([np.hypot(*(starts - point).T).T for point in objective.basins]).argmin(axis=0)
    there = cells >= 0
    rows = [
        {"what": what, "part": part_of(part)}
        for what, part in (
            (N_("at the nearest minimum"), near),
            (N_("at another one"), there & ~near),
            (N_("at a lowest one"), there & (cells < len(objective.minima))),
            (N_("still on their way, swinging, or diverged"), ~there),
        )
    ]
    right = "always" if near.mean() >= 0.995 else "mostly" if near.mean() >= 0.5 else "rarely"
    return Verdict("arrivals", right=right, names=shown.names, steps=shown.steps, minima=len(objective.basins), rows=rows)


def times(shown: Atlas, cells: np.ndarray) -> Verdict:
    there = cells[cells >= 0]
    share = there.size / cells.size
    right = "all" if share >= 0.95 else "part" if share > 0.05 else "few"
    numbers = {"names": shown.names, "steps": shown.steps, "part": part_of(cells >= 0), "crowd": cells.size}
    if not there.size:
        return Verdict("never", right=right, **numbers)
    if not there.max():
        return Verdict("there", right=right, **numbers)
    half, slowest = int(np.ceil(np.median(there))), int(there.max())
    return Verdict("times", right=right, half=half, slowest=slowest, **numbers)


def wins(shown: Atlas, cells: np.ndarray) -> Verdict:
    part, duel = shares(cells, len(shown.rules)), shown.kind == "duel"
    tie, lost = cells == maps.TIE, cells == maps.NONE
    rows = [{"name": name, "part": part_of(cells == i)} for i, name in enumerate(shown.labels)]
    rows += [{"name": N_("nobody, a tie"), "part": part_of(tie)}] if tie.any() else []
    rows += [{"name": N_("nobody, all diverge"), "part": part_of(lost)}] if lost.any() else []
    if duel:
        lead = part[0] - part[1]
        right = "even" if abs(lead) <= EVEN else "across" if lead > 0 else "upward"
    else:
        right = "one" if part.max() >= 0.9 else "most" if part.max() >= 0.5 else "none"
    kind = "wins" if OBJECTIVES[shown.surface].minima else "falls"
    return Verdict(kind, right=right, steps=shown.steps, arrived=ARRIVED, rows=rows, also=own(shown) if duel else [])


def own(shown: Atlas) -> list[Verdict]:
    """Who is ahead with the visitor's own pair, which lies between the cells."""
    objective = OBJECTIVES[shown.surface]
    scores = [score(objective, descend(objective, name, shown.start, shown.steps, lr=lr), shown) for name, lr in shown.rules]
    ahead = int(maps.lowest(scores))
    kind = {maps.NONE: "own-none", maps.TIE: "own-tie"}.get(ahead, "own")
    return [Verdict(kind, name=shown.labels[ahead] if ahead >= 0 else "")]


def score(objective, path, shown: Atlas) -> np.ndarray:
    """What the map ranks a path by."""
    alive = np.arange(len(path.values)) < (len(path.values) if path.diverged_at is None else 0)
    x, y = path.points.T
    moments = (maps.Moment(*each) for each in zip(x, y, path.values, alive, strict=True))
    return np.asarray(maps.first_come(objective, shown.steps, ARRIVED)(moments), float)


def part_of(cells: np.ndarray) -> str:
    """The share of true cells in percent; their number where percent would say none or all, and it is neither."""
    share = cells.mean()
    if not share:
        return "0%"
    return f"{cells.sum():,}" if share < 5e-4 or 1 > share >= 0.9995 else f"{share:.1%}"


def table(found: Mapped) -> pd.DataFrame:
    return atlas.table(*found)


LAB = Lab(
    id=ID,
    title="Maps of starts",
    was=("Maps",),
    prefix="maps_",
    controls=controls,
    words=lambda values: ID if values.kind == "basins" else f"{ID}-{values.kind}",
    find=find,
    draw=draw,
    beside=beside,
    table=table,
    verdict=verdict,
    code=[maps.basin_map, maps.steps_map, maps.winner_map, maps.duel_map, maps.first_come, maps.sweep, walk],
)
