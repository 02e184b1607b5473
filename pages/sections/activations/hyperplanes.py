"""Hyperplanes: a neuron among its inputs, moment by moment."""

import numpy as np
import pandas as pd

from engine.activations import ACTIVATIONS
from engine.neuron import Bent, Life, active, gradient
from pages.charts.neurons import BOX, FRAMES, LOSSES


def moments(life: Life) -> np.ndarray:
    """(frames,): the updates that are drawn, from the start to the last, all of them if they are few."""
    last = len(life.gradients)
    return np.linspace(0, last, min(last, FRAMES) + 1).round().astype(int)


def table(spec: Bent, life: Life) -> pd.DataFrame:
    """All rows of the chart; `kind` tells which layer a row belongs to, `frame` when it is shown."""
    at, (x, t) = moments(life), spec.data()
    weights, share = life.weights[at], active(life.weights, x)
    seen = np.where(weights @ x.T > 0, "1", "0").T
    rows = [{"kind": "input", "x": a, "y": b, "seen": "".join(bits)} for (a, b, _), bits in zip(x.tolist(), seen, strict=True)]
    for frame, w in enumerate(weights):
        rows += [{"kind": "side", "frame": frame, "corner": i, "x": a, "y": b} for i, (a, b) in enumerate(half(w).tolist())]
        rows += [{"kind": "edge", "frame": frame, "x": a, "y": b} for a, b in crossings(w).tolist()]
    slopes = np.linalg.norm(gradient(ACTIVATIONS[spec.activation], weights, x, t), axis=-1)
    for frame, (update, slope) in enumerate(zip(at.tolist(), slopes.tolist(), strict=True)):
        gets = f"|∇L| {slope:.2g}" if slope or share[update] else "dead: ∇L = 0"
        word = f"update {update} · active {share[update]:.0%} · loss {life.loss[update]:.2g} · {gets}"
        rows.append({"kind": "word", "frame": frame, "word": word, "update": update})
    curves = zip(np.clip(life.loss, *LOSSES).tolist(), share.tolist(), strict=True)
    rows += [{"kind": "curve", "update": k, "loss": loss, "share": part} for k, (loss, part) in enumerate(curves)]
    return pd.DataFrame(rows)


def half(w: np.ndarray) -> np.ndarray:
    """(m, 2): corners of the part of BOX on the active side of w₁x + w₂y + b = 0."""
    corners = []
    for here, there in zip(BOX, np.roll(BOX, -1, axis=0), strict=True):
        z, beyond = here @ w[:2] + w[2], there @ w[:2] + w[2]
        corners += [here] if z > 0 else []
        corners += [here + (there - here) * z / (z - beyond)] if (z > 0) != (beyond > 0) else []
    return np.reshape(corners, (-1, 2))


def crossings(w: np.ndarray) -> np.ndarray:
    """(2, 2) where the hyperplane enters and leaves BOX, or (0, 2) where it misses it."""
    corners = half(w)
    return corners[np.abs(corners @ w[:2] + w[2]) < 1e-9 * np.abs(w).sum()]
