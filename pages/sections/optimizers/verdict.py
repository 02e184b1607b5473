"""The verdict puts the outcome of a run into words and a small table: every number comes from the paths."""

import numpy as np
import streamlit as st

from engine.descent import Path
from engine.experiments import Descent
from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS


def show(specs: list[Descent], paths: list[Path], objective: Objective) -> None:
    lost = [(spec, path) for spec, path in zip(specs, paths, strict=True) if path.diverged_at is not None]
    for sentence in dict.fromkeys(_divergence(spec, path, objective) for spec, path in lost):
        st.warning(sentence)
    alive = [(spec, path) for spec, path in zip(specs, paths, strict=True) if path.diverged_at is None]
    if len(alive) > 1:
        best, path = min(alive, key=lambda pair: pair[1].values[-1])
        st.markdown(
            f"After {best.steps} steps **{OPTIMIZERS[best.optimizer].label}** is lowest, with f = {path.values[-1]:.3g}. "
            "Which is best depends on the surface, the learning rates and the number of steps: change one and look again."
        )
    rows = ["| | f at the end | to a minimum | turns in x, y |", "|---|---|---|---|"]
    for spec, path in zip(specs, paths, strict=True):
        gaps = [np.hypot(*(path.points[-1] - minimum)) for minimum in objective.minima]
        gap = f"{min(gaps):.3g}" if gaps else "–"
        label, (in_x, in_y) = OPTIMIZERS[spec.optimizer].label, path.turns
        rows.append(f"| {label}, lr {spec.lr:g} | {path.values[-1]:.4g} | {gap} | {in_x}, {in_y} |")
    st.markdown("\n".join(rows))


def _divergence(spec: Descent, path: Path, objective: Objective) -> str:
    label = OPTIMIZERS[spec.optimizer].label
    if path.diverged_at == 0:
        return f"f is not defined at the start ({spec.x0:g}, {spec.y0:g}): choose another one."
    if path.values[-1] < path.values[0]:
        return (
            f"**{label}** ran off downhill and left the map at step {path.diverged_at}: this surface has no lowest point there."
        )
    sentence = f"**{label}** diverged at step {path.diverged_at}: lr {spec.lr:g} is too large here."
    if objective.minima:
        limit = 2 / np.linalg.eigvalsh(objective.hessian(*objective.minima[0]))[-1]
        sentence += f" At the minimum, plain SGD is stable only below 2/λmax = {limit:.3g}."
    return sentence
