"""Detours in words: what positive inputs cost a neuron, counted on its path and on that with centered ones."""

from collections.abc import Sequence

from engine import quadratic
from engine.neuron import Life, Linear, mean_loss

LABELS = {"centered": "Zero-centered", "positive": "All positive"}
ENOUGH = 0.01


def sentence(specs: Sequence[Linear], found: Sequence[Life]) -> str:
    """How often both weights moved together, how often the path turned back, and when the loss was small."""
    positive, centered = found
    if not positive.gradients.any():
        return "The start is the optimum: every gradient is 0, and nothing moves."
    stable = [float(quadratic.limit("sgd", 0.0, mean_loss(spec.inputs, spec.seed).eigenvalues)) for spec in specs]
    return (
        f"{positive.same_sign:.0%} of the updates moved both weights the same way with all-positive inputs, "
        f"{centered.same_sign:.0%} with zero-centered ones. {positive.turns} and {centered.turns} of them turned back by more "
        f"than 90°; the loss fell to {ENOUGH:.0%} of its start {arrival(positive)} and {arrival(centered)} updates."
        f"{mixed(specs[0].batch_size)}{diverged(specs, found, stable)} Averaged over all examples, descent is stable below "
        f"lr 2/λmax = {stable[0]:.2g} and {stable[1]:.2g}: centered, a step may be {stable[1] / stable[0]:.1f} times as long."
    )


def arrival(life: Life) -> str:
    """How many updates it took, in words that end in a number of updates."""
    update = life.reached(ENOUGH)
    return f"not within {len(life.gradients)}" if update is None else f"after {update}"


def mixed(batch_size: int) -> str:
    """Why the rule of one sign is off, empty for one example at a time."""
    if batch_size == 1:
        return ""
    return f" A batch of {batch_size} adds up errors of both signs, so no rule of one sign binds its sum."


def diverged(specs: Sequence[Linear], found: Sequence[Life], stable: Sequence[float]) -> str:
    """A sentence for every path that left all bounds, or is about to at a rate that is not stable."""
    said = ""
    for spec, life, limit in zip(specs, found, stable, strict=True):
        if life.diverged_at:
            said += f" **{LABELS[spec.inputs]}** diverged at update {life.diverged_at}: the learning rate is too high."
        elif life.loss[-1] > life.loss[0] and spec.lr > limit:
            said += f" **{LABELS[spec.inputs]}** ends higher than it began: the learning rate is too high."
    return said
