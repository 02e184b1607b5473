"""Zig-zag: inputs that are all positive push all weights of a neuron the same way, so it gets to its optimum by detours."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from engine import neuron
from engine.activations import ACTIVATIONS
from engine.neuron import INPUTS, RANGES, Life, Linear, example_gradients, mean_loss
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import neurons
from pages.charts.contours import Surface, sample
from pages.charts.neurons import LABELS
from pages.kit import compute, export
from pages.kit.controls import Choice, Number, Values, never
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.player import player, restarted, stopped, transport

BOOK = Linear()
ENOUGH, END = 0.01, -1  # share of the first loss; the step that stands for the last one
STAGE = "zig_stage"
CONTROLS = {
    "order": Choice("Examples", BOOK.order, {"random": "Examples at random", "turns": "In turn: the staircase"}),
    "lr": Number("learning rate η", BOOK.lr, RANGES["lr"], slider=True),
    "batch_size": Number("batch size", BOOK.batch_size, RANGES["batch_size"]),
    "steps": Number("updates", BOOK.steps, RANGES["steps"]),
    "seed": Number("seed", BOOK.seed, RANGES["seed"]),
    "w1": Number("start w₁", BOOK.w1, RANGES["w1"]),
    "w2": Number("start w₂", BOOK.w2, RANGES["w2"]),
    "step": Number("step", END, Range(END, RANGES["steps"].high), when=never),
}
FORMULA = r"\frac{\partial L}{\partial w_i} = \underbrace{(y - t)\,f'(z)}_{\delta,\ \text{one number for all weights}} x_i"


class Twins(NamedTuple):
    """The same neuron with both kinds of inputs."""

    specs: list[Linear]
    lives: list[Life]


def find(values: Values) -> Twins:
    fields = {name: value for name, value in vars(values).items() if name != "step"}
    specs = [Linear(inputs, **fields) for inputs in INPUTS]
    return Twins(specs, [compute.life(spec) for spec in specs])


def draw(twins: Twins, values: Values) -> None:
    surfaces = [surface(spec.inputs, spec.seed) for spec in twins.specs]
    stage(neurons.twins(*twins, surfaces, transport(values, END)))


@st.fragment
def stage(scenes: bytes) -> None:
    """A fragment, so that a pause runs nothing else again."""
    player(scenes, STAGE, lambda: stopped(STAGE, END), lambda: restarted(STAGE, "w1", "w2", step=END))


@compute.cached(200)
def surface(inputs: str, seed: int) -> Surface:
    return sample(mean_loss(inputs, seed))


def beside(twins: Twins | None, values: Values) -> None:  # noqa: ARG001
    """The gradients of all examples at the start, for both kinds of inputs."""
    if not twins:
        return
    st.caption(tr("The gradient of each example at the start. Shaded: one sign for both weights."))
    words = N_("Gradients of the two weights at the start, a dot an example, {inputs} inputs; equal signs shaded")
    for place, spec in zip(st.columns(2, gap="xsmall", wrap=False), twins.specs, strict=True):
        label, found = tr(LABELS[spec.inputs]), gradients(spec)
        place.markdown(f"{label}: **{same_sign(found):.0%}**")
        chart = neurons.plane(neurons.reach(found), tuple(map(tr, LABELS.values())))
        alt = tr(words, inputs=label.lower())
        place.vega_lite_chart(neurons.points(label, found), chart, key=f"quadrants {spec.inputs}", alt=alt)


def gradients(spec: Linear) -> np.ndarray:
    """(n, 2): of every example at the start."""
    return example_gradients(ACTIVATIONS[spec.activation], spec.start, *spec.data())


def same_sign(found: np.ndarray) -> float:
    """Share of gradients in the shaded quadrants; those that are exactly 0 count as outside."""
    return float((found.prod(axis=1) > 0).mean())


def after(twins: Twins | None, values: Values) -> None:  # noqa: ARG001
    if twins:
        export.lives("zigzag", *twins)


def verdict(twins: Twins) -> Verdict:
    """How often both weights moved together, how often the path turned back, when the loss was small, and the highest rate."""
    positive, life = twins.specs[0], twins.lives[0]
    if not life.gradients.any():
        return Verdict("still")
    limits = [mean_loss(spec.inputs, spec.seed).limit for spec in twins.specs]
    rows = [
        {"name": LABELS[spec.inputs], "same": life.same_sign, "turns": life.turns, "limit": stable, "arrival": arrival(life)}
        for spec, life, stable in zip(*twins, limits, strict=True)
    ]
    also = [Verdict("mixed", batch=positive.batch_size)] if positive.batch_size > 1 else []
    if positive.order == "turns" and positive.batch_size == 1:
        also.append(Verdict("staircase", turns=life.turns, updates=len(life.gradients)))
    for spec, life, stable in zip(*twins, limits, strict=True):
        if life.diverged_at:
            also.append(Verdict("diverged", name=LABELS[spec.inputs], step=life.diverged_at))
        elif life.loss[-1] > life.loss[0] and spec.lr > stable:
            also.append(Verdict("higher", name=LABELS[spec.inputs]))
    right = "same" if same_sign(gradients(positive)) == 1 else ""
    return Verdict("zigzag", right=right, rows=rows, longer=limits[1] / limits[0], also=also)


def arrival(life: Life) -> str:
    update = life.reached(ENOUGH)
    return "–" if update is None else f"{update}"


LAB = Lab(
    id="activations/zigzag",
    title="Zig-zag",
    prefix="zig_",
    controls=CONTROLS,
    find=find,
    draw=draw,
    beside=beside,
    after=after,
    verdict=verdict,
    formula=FORMULA,
    code=[neuron.deltas, neuron.example_gradients, neuron.learn],
)
