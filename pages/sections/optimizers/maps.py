"""Maps: what becomes of every start at once, or of every pair of learning rates; a click opens the path or sets the pair."""

from typing import NamedTuple

import numpy as np

from engine import maps
from engine.atlas import ARRIVED, RATES, Atlas
from engine.descent import walk
from engine.experiments import CLASSICS, Descent, textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import atlas
from pages.kit import address, compute, field
from pages.kit.address import Given
from pages.kit.controls import Choice, Controls, Number, Values, holds, labels
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.sections.optimizers import handover
from pages.sections.optimizers.fields import numbers, rates
from pages.sections.optimizers.handover import MOST

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
    books = {name: textbook(name, surface) for name in OPTIMIZERS}
    steps = max(books["sgd"].steps, LONG) if OBJECTIVES[surface].minima else books["sgd"].steps
    duel, winner = holds("kind", "duel"), holds("kind", "winner")
    start = numbers(books["sgd"], ("x0", "y0"), when=duel)
    return {
        "kind": Choice("Map", "basins", atlas.KINDS, key="maps"),
        "surface": Choice("Surface", SURFACE, labels(OBJECTIVES), menu=True, resets=("steps", *start, *OPTIMIZERS)),
        "rule": Choice("Optimizer", "momentum", labels(OPTIMIZERS), menu=True, when=lambda values: not winner(values)),
        "rival": Choice("against", "adam", labels(OPTIMIZERS), menu=True, when=duel),
        "rules": Choice("Optimizers", CLASSICS, labels(OPTIMIZERS), when=winner),
        "steps": Number(f"steps ≤ {STEPS}", steps, Range(1, STEPS)),
        **start,
        **rates({name: book.lr for name, book in books.items()}, chosen),
    }


def chosen(values: Values) -> tuple[str, ...]:
    """The optimizers of a map."""
    if values.kind == "winner":
        return values.rules
    return (values.rule, values.rival) if values.kind == "duel" else (values.rule,)


def find(values: Values) -> Mapped:
    """ValueError if too few or too many optimizers are chosen, or if it needs a minimum and the surface has none."""
    names, several, ground = chosen(values), values.kind in ("winner", "duel"), OBJECTIVES[values.surface]
    if not 1 + several <= len(set(names)) <= MOST:
        raise ValueError(tr("choose two different optimizers, or up to {n} where more are offered", n=MOST))
    if not (several or ground.basins):
        words = N_("{surface} has no minimum to arrive at: ask who wins, or choose another surface")
        raise ValueError(tr(words, surface=tr(ground.label)))
    rules = tuple((name, getattr(values, name)) for name in names)
    start = (values.x0, values.y0) if values.kind == "duel" else (0.0, 0.0)
    asked = Atlas(values.kind, values.surface, rules, values.steps, start)
    return Mapped(asked, cells(asked))


@compute.heavy(N_("Descending from 40,000 cells …"), max_entries=60)
def cells(asked: Atlas) -> np.ndarray:
    return asked.cells().astype(np.int16)


def draw(found: Mapped, values: Values) -> None:  # noqa: ARG001
    surface = compute.surface(Descent(surface=found.atlas.surface))
    field.show("maps_field", atlas.picture(*found, surface), lambda *cell: choose(found.atlas, *cell))


def choose(shown: Atlas, column: int, line: int) -> None:
    """A click sets the two learning rates, or opens the paths from that start with the same settings.

    Paths are computed on floats and maps on arrays, which may differ in the last bit: on frayed borders that is enough to
    end elsewhere.
    """
    if shown.kind == "duel":
        (first, _), (second, _) = shown.rules
        address.change(**{first: float(RATES[column]), second: float(RATES[line])})
    else:
        handover.hand("optimizers/play", shown.specs(shown.starts[line, column].tolist()))


def beside(found: Mapped | None, values: Values) -> None:  # noqa: ARG001
    if found:
        shown = found.atlas
        handover.offer(ID, shown.specs(shown.start if shown.kind == "duel" else shown.objective.start))


def verdict(found: Mapped) -> Verdict:
    """What the map comes to: every number is counted on it, but for the visitor's own pair, which is descended."""
    return {"basins": arrivals, "steps": times}.get(found.atlas.kind, wins)(*found)


def arrivals(shown: Atlas, cells: np.ndarray) -> Verdict:
    near, there, minima = cells == shown.nearest(), cells >= 0, len(shown.objective.minima)
    parts = {
        N_("at the nearest minimum"): near,
        N_("at another one"): there & ~near,
        N_("at a lowest one"): there & (cells < minima),
        N_("still on their way, swinging, or diverged"): ~there,
    }
    rows = [{"what": what, "part": part_of(part)} for what, part in parts.items()]
    right = "always" if near.mean() >= 0.995 else "mostly" if near.mean() >= 0.5 else "rarely"
    numbers = {"names": atlas.names(shown), "steps": shown.steps, "minima": len(shown.objective.basins)}
    return Verdict("arrivals", right=right, **numbers, rows=rows)


def times(shown: Atlas, cells: np.ndarray) -> Verdict:
    there = cells[cells >= 0]
    share = there.size / cells.size
    right = "all" if share >= 0.95 else "part" if share > 0.05 else "few"
    numbers = {"names": atlas.names(shown), "steps": shown.steps, "part": part_of(cells >= 0), "crowd": cells.size}
    if not there.size:
        return Verdict("never", right=right, **numbers)
    if not there.max():
        return Verdict("there", right=right, **numbers)
    half, slowest = int(np.ceil(np.median(there))), int(there.max())
    return Verdict("times", right=right, half=half, slowest=slowest, **numbers)


def wins(shown: Atlas, cells: np.ndarray) -> Verdict:
    part, duel = maps.shares(cells, len(shown.rules)), shown.kind == "duel"
    tie, lost = cells == maps.TIE, cells == maps.NONE
    rows = [{"name": name, "part": part_of(cells == i)} for i, name in enumerate(shown.labels)]
    rows += [{"name": N_("nobody, a tie"), "part": part_of(tie)}] if tie.any() else []
    rows += [{"name": N_("nobody, all diverge"), "part": part_of(lost)}] if lost.any() else []
    if duel:
        lead = part[0] - part[1]
        right = "even" if abs(lead) <= EVEN else "across" if lead > 0 else "upward"
    else:
        right = "one" if part.max() >= 0.9 else "most" if part.max() >= 0.5 else "none"
    kind = "wins" if shown.objective.minima else "falls"
    return Verdict(kind, right=right, steps=shown.steps, arrived=ARRIVED, rows=rows, also=own(shown) if duel else [])


def own(shown: Atlas) -> list[Verdict]:
    """Who is ahead with the visitor's own pair, which lies between the cells."""
    ahead = shown.ahead()
    kind = {maps.NONE: "own-none", maps.TIE: "own-tie"}.get(ahead, "own")
    return [Verdict(kind, name=shown.labels[ahead] if ahead >= 0 else "")]


def part_of(cells: np.ndarray) -> str:
    """The share of true cells in percent; their number where percent would say none or all, and it is neither."""
    share = cells.mean()
    if not share:
        return "0%"
    return f"{cells.sum():,}" if share < 5e-4 or 1 > share >= 0.9995 else f"{share:.1%}"


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
    table=lambda found: atlas.table(*found),
    verdict=verdict,
    code=[maps.basin_map, maps.steps_map, maps.winner_map, maps.duel_map, maps.first_come, maps.sweep, walk],
)
