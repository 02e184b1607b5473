"""A replay feeds the gradients of one run to another rule: what it would have remembered, and how it would have stepped.

Both rules see the same history, so what differs is the rule alone and not the places that its steps would have led to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.descent import Path, descend
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.specs import Descent


@dataclass(frozen=True)
class Replay:
    """What a rule makes of k gradients."""

    moves: np.ndarray
    """(k, …): Δθ."""
    effective_step: np.ndarray
    """(k, …): −Δθ/g, NaN where g is 0."""
    state: dict[str, np.ndarray]
    """Name of the rule's state → (k, …), after each step."""


def replay(rule: Optimizer, points: np.ndarray, gradients: np.ndarray, **sliders: float) -> Replay:
    """What the rule does at each of the points (k, …) with these gradients (k, …). Fed with its own run, it repeats it."""
    state = [np.zeros_like(gradients[0])] * len(rule.state)
    steps, states = [], []
    with np.errstate(all="ignore"):
        for k, (theta, g) in enumerate(zip(points, gradients, strict=True)):
            new, *state = rule(k + 1, theta, g, *state, **sliders)
            steps.append(new - theta)
            states.append(state)
        moves = np.array(steps)
        effective_step = np.where(gradients == 0, np.nan, -moves / gradients)
    return Replay(moves, effective_step, {name: np.array([now[i] for now in states]) for i, name in enumerate(rule.state)})


def corrected(average: np.ndarray, beta: float) -> np.ndarray:
    """A moving average (k, …) that began at zero, divided by the weight 1 − βᵗ that its gradients have in it."""
    t = np.arange(1, len(average) + 1).reshape(-1, *[1] * (average.ndim - 1))
    return average / (1 - beta**t)


def _uncorrected(t, theta, g, m, v, *, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):  # noqa: ARG001
    """Adam that takes m and v as they are: the first step is η·(1−β₁)/√(1−β₂)·sign(g), 3.16 times Adam's by default."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return theta - lr * m / (np.sqrt(v) + eps), m, v


UNCORRECTED = Optimizer(
    _uncorrected,
    "uncorrected",
    "Adam without correction",
    latex=r"\theta \leftarrow \theta - \eta\, \frac{m}{\sqrt{v} + \epsilon}",
    source="Kingma & Ba 2015, section 3, before the correction",
)


RULES: Mapping[str, Optimizer] = {**OPTIMIZERS, UNCORRECTED.name: UNCORRECTED}


def counterpart(spec: Descent, path: Path, name: str) -> Replay:
    """What the rule `name` would make of the gradients of a path."""
    return replay(RULES[name], path.points[:-1], path.gradients, **_common(spec, name))


def instead(spec: Descent, name: str) -> Path:
    """The path that the rule `name` walks by itself from the same start."""
    return descend(spec.objective(), RULES[name], (spec.x0, spec.y0), spec.steps, **_common(spec, name))


def _common(spec: Descent, name: str) -> dict[str, Any]:
    """The lr of a spec, and those other sliders of it that the rule `name` has too."""
    return {"lr": spec.lr, **{slider: value for slider, value in spec.hyper if slider in RULES[name].sliders}}
