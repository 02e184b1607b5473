"""The verdict puts the outcome of a run into words and a small table: every number comes from the paths."""

import numpy as np
import streamlit as st

from engine import quadratic
from engine.descent import Path
from engine.experiments import Descent
from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS


def warn(specs: list[Descent], paths: list[Path], objective: Objective) -> None:
    """A sentence for every path that diverged or is about to."""
    sentences = [_trouble(spec, path, objective) for spec, path in zip(specs, paths, strict=True)]
    for sentence in dict.fromkeys(filter(None, sentences)):
        st.warning(sentence)


def show(specs: list[Descent], paths: list[Path], objective: Objective) -> None:
    alive = [(spec, path) for spec, path in zip(specs, paths, strict=True) if path.diverged_at is None]
    if len(alive) > 1:
        best, path = min(alive, key=lambda pair: pair[1].values[-1])
        st.markdown(
            f"After {best.steps} steps **{OPTIMIZERS[best.optimizer].label}** is lowest, with f = {path.values[-1]:.3g}. "
            "Which is best depends on the surface, the learning rates and the number of steps: change one and look again."
        )
    rows = ["| | f at the end | to the lowest point | turns in x, y |", "|---|---|---|---|"]
    for spec, path in zip(specs, paths, strict=True):
        if path.diverged_at == 0:
            continue
        gaps = [np.hypot(*(path.points[-1] - minimum)) for minimum in objective.minima]
        gap = f"{min(gaps):.3g}" if gaps else "–"
        label, (in_x, in_y) = OPTIMIZERS[spec.optimizer].label, path.turns
        rows.append(f"| {label}, lr {spec.lr:g} | {path.values[-1]:.4g} | {gap} | {in_x}, {in_y} |")
    if len(rows) > 2:
        st.markdown("\n".join(rows))


def limit(objective: Objective) -> float | None:
    """2/λmax at the first minimum, above which plain SGD with a constant lr cannot stay there; None without a minimum."""
    return None if objective.eigenvalues is None else float(quadratic.limit("sgd", 0.0, objective.eigenvalues))


def shape(objective: Objective) -> str:
    """What the surface is like at its minimum, and where it comes from."""
    condition, stable = objective.condition, limit(objective)
    source = f"Source: {objective.source}"
    if condition is None:
        return source
    return (
        f"Condition number at the minimum {condition:.4g}; plain SGD is stable there below lr 2/λmax = {stable:.3g}. {source}"
    )


def _trouble(spec: Descent, path: Path, objective: Objective) -> str | None:
    label, stable = OPTIMIZERS[spec.optimizer].label, limit(objective)
    too_large = f"lr {spec.lr:g} is too large here." + (
        f" At the minimum, plain SGD is stable only below 2/λmax = {stable:.3g}." if stable else ""
    )
    if path.diverged_at == 0:
        return f"f is not defined at the start ({spec.x0:g}, {spec.y0:g}): choose another one."
    if path.undefined:
        return f"**{label}** stepped to where f is not defined, at step {path.diverged_at}."
    if path.diverged_at is not None and path.values[-1] < path.values[0]:
        return f"**{label}** ran off downhill and left the map at step {path.diverged_at}."
    if path.diverged_at is not None:
        return f"**{label}** diverged at step {path.diverged_at}: {too_large}"
    if stable and not spec.noise and path.values[-1] > path.values[0]:
        return f"**{label}** is diverging: after {spec.steps} steps f is higher than at the start. {too_large}"
    return None
