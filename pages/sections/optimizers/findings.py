"""Findings put a map into a sentence: every number is counted on it."""

import numpy as np

from engine import maps
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from pages.sections.optimizers.atlas import RATES, STARTS, Atlas, shares


def sentence(atlas: Atlas, found: np.ndarray) -> str:
    """What the map comes to."""
    return {"basins": _arrivals, "steps": _times}.get(atlas.kind, _wins)(atlas, found, float((found < 0).mean()))


def _arrivals(atlas: Atlas, found: np.ndarray, left: float) -> str:
    objective = OBJECTIVES[atlas.surface]
    starts, part = maps.grid(objective, STARTS), shares(found, len(objective.basins))
    nearest = np.array([np.hypot(*(starts - point).T).T for point in objective.basins]).argmin(axis=0)
    near, count = float((found == nearest).mean()), len(objective.basins)
    said = f"With {atlas.names}, {near:.1%} of {found.size:,} starts end at the nearest minimum"
    if count > 1:
        lowest = part[: len(objective.minima)].sum()
        said += f", {part.sum() - near:.1%} at another one of the {count}; {lowest:.1%} reach a lowest one"
    missing = f" {left:.1%} are at none after {atlas.steps} steps: still on their way, swinging, or diverged." if left else ""
    return f"{said}.{missing}"


def _times(atlas: Atlas, found: np.ndarray, left: float) -> str:
    there = found[found >= 0]
    if not there.size:
        return f"From no start {atlas.names} arrives within {atlas.steps} steps."
    return (
        f"From {1 - left:.1%} of {found.size:,} starts {atlas.names} arrives within {atlas.steps} steps, from half of these "
        f"within {np.median(there):.0f}; the slowest of them takes {there.max()}."
    )


def _wins(atlas: Atlas, found: np.ndarray, left: float) -> str:
    part = shares(found, len(atlas.rules))
    if not part.any():
        return "Everybody diverges everywhere: the learning rates are too high."
    labels = [OPTIMIZERS[name].label for name, _ in atlas.rules]
    duel = atlas.kind == "duel"
    said = f"After {atlas.steps} steps **{labels[int(part.argmax())]}** is lowest for {part.max():.1%} of {found.size:,} "
    said += "pairs of learning rates" if duel else "starts"
    if left:
        said += f"; for {left:.1%} {'both' if duel else 'all'} diverge"
    if duel:
        column, row = (int(np.abs(np.log(RATES / lr)).argmin()) for _, lr in atlas.rules)
        own = found[row, column]
        said += f". At your pair {f'it is {labels[own]}' if own >= 0 else 'both diverge'}"
    return f"{said}."
