"""Findings put a map into a sentence: every number is counted on it, but for the visitor's own pair, which is descended."""

import numpy as np

from engine import maps
from engine.descent import descend
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from pages.sections.optimizers.atlas import STARTS, Atlas, shares


def sentence(atlas: Atlas, found: np.ndarray) -> str:
    """What the map comes to."""
    return {"basins": _arrivals, "steps": _times}.get(atlas.kind, _wins)(atlas, found)


def _arrivals(atlas: Atlas, found: np.ndarray) -> str:
    objective = OBJECTIVES[atlas.surface]
    starts, count = maps.grid(objective, STARTS), len(objective.basins)
    nearest = np.array([np.hypot(*(starts - point).T).T for point in objective.basins]).argmin(axis=0)
    near, there, left = found == nearest, found >= 0, found == maps.NONE
    said = f"With {atlas.names}, {part_of(near)} of {atlas.crowd} end at the nearest minimum"
    if count > 1:
        lowest = there & (found < len(objective.minima))
        said += f", {part_of(there & ~near)} at another one of the {count}; {part_of(lowest)} reach a lowest one"
    missing = f" {part_of(left)} are at none after {steps(atlas.steps)}: still on their way, swinging, or diverged."
    return f"{said}.{missing if left.any() else ''}"


def _times(atlas: Atlas, found: np.ndarray) -> str:
    there = found[found >= 0]
    if not there.size:
        return f"From no start {atlas.names} arrives within {steps(atlas.steps)}."
    said = f"From {part_of(found >= 0)} of {atlas.crowd} {atlas.names} arrives within {steps(atlas.steps)}"
    if not there.max():
        return f"{said}: all of these are there before the first."
    half = int(np.ceil(np.median(there)))
    soon = f"within {steps(half)}" if half else "without any, being there already"
    return f"{said}, from half of these {soon}; the slowest of them takes {there.max()}."


def _wins(atlas: Atlas, found: np.ndarray) -> str:
    part, tie, left = shares(found, len(atlas.rules)), found == maps.TIE, found == maps.NONE
    labels = [OPTIMIZERS[name].label for name, _ in atlas.rules]
    duel = atlas.kind == "duel"
    if left.all():
        said = "Everybody diverges everywhere: the learning rates are too high"
    elif part.any():
        best = int(part.argmax())
        said = f"After {steps(atlas.steps)} **{labels[best]}** is lowest for {part_of(found == best)} of {atlas.crowd}"
    else:
        said = f"After {steps(atlas.steps)} nobody is lowest alone for any of {atlas.crowd}"
    if tie.any():
        said += f"; for {part_of(tie)} the lowest are exactly equal, a tie"
    if left.any() and not left.all():
        said += f"; for {part_of(left)} {'both' if duel else 'all'} diverge"
    return f"{said}. {_own(atlas, labels)}" if duel else f"{said}."


def _own(atlas: Atlas, labels: list[str]) -> str:
    """Who wins with the visitor's own pair, which lies between the cells."""
    paths = [descend(OBJECTIVES[atlas.surface], name, atlas.start, atlas.steps, lr=lr) for name, lr in atlas.rules]
    own = int(maps.lowest([np.array(path.values[-1] if path.diverged_at is None else np.nan) for path in paths]))
    words = {maps.NONE: "both diverge", maps.TIE: "it is a tie"}
    return f"At your pair {words[own] if own in words else f'it is {labels[own]}'}."


def steps(count: int) -> str:
    return f"{count} step{'s' * (count != 1)}"


def part_of(cells: np.ndarray) -> str:
    """The share of true cells in percent; their number where percent would say none or all, and it is neither."""
    share = cells.mean()
    if not share:
        return "none"
    return f"{cells.sum():,}" if share < 5e-4 or 1 > share >= 0.9995 else f"{share:.1%}"
