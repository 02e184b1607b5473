"""Zig-zag: inputs that are all positive push all weights of a neuron the same way, so it gets to its optimum by detours."""

from collections.abc import Sequence

import streamlit as st

from engine import neuron
from engine.neuron import INPUTS, RANGES, Life, Linear
from pages.charts import neurons
from pages.charts.contours import Surface, sample
from pages.kit import text
from pages.kit.old import lab
from pages.kit.old.controls import Number, Setting, row
from pages.kit.player import RESTING, Shown, player, scene
from pages.kit.theme import Style
from pages.sections.activations import lives, quadrants
from pages.sections.activations.detours import LABELS, sentence

LABEL = "Zig-zag"
NAME = "activations/zigzag"
BOOK = Linear()
FORMULA = r"\frac{\partial L}{\partial w_i} = \underbrace{(y - t)\,f'(z)}_{\delta,\ \text{one number for all weights}} x_i"
LOOKS = {"centered": Style(0, [8, 4], "circle"), "positive": Style(1, [], "square")}
KNOWN: dict[str, Setting] = {
    "zig_lr": Number("learning rate η", BOOK.lr, RANGES["lr"]),
    "zig_batch_size": Number("batch size", BOOK.batch_size, RANGES["batch_size"]),
    "zig_steps": Number("updates", BOOK.steps, RANGES["steps"]),
    "zig_seed": Number("seed", BOOK.seed, RANGES["seed"]),
    "zig_w1": Number("start w₁", BOOK.w1, RANGES["w1"]),
    "zig_w2": Number("start w₂", BOOK.w2, RANGES["w2"]),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        values = {"zig_lr": KNOWN["zig_lr"].draw("zig_lr", slider=True)}
        values |= row(KNOWN, ("zig_batch_size", "zig_steps", "zig_seed"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            values |= row(KNOWN, ("zig_w1", "zig_w2"))
            lab.reset(KNOWN)
    try:
        specs = [Linear(inputs, **{key.removeprefix("zig_"): value for key, value in values.items()}) for inputs in INPUTS]
    except ValueError as problem:
        picture.error(f"That cannot be drawn: {text.quote(str(problem))}")
        return
    found = [lives.life(spec) for spec in specs]
    with picture:
        stage(blob(specs, found))
        lab.caption(NAME)
        lab.outcome(NAME, sentence(specs, found))
        lives.buttons("zigzag", specs)
    with side:
        planes(specs)
    lab.explain(NAME, None, neuron.deltas, neuron.example_gradients, neuron.learn, latex=FORMULA)


@st.fragment
def stage(scenes: bytes) -> None:
    """A fragment, so that a pause runs nothing else again."""
    player(scenes, "zig_stage", on_transport=lambda: None, on_start=move_start)


def move_start() -> None:
    st.session_state["zig_w1"], st.session_state["zig_w2"] = map(float, st.session_state["zig_stage"].start)
    st.rerun()


def blob(specs: Sequence[Linear], found: Sequence[Life]) -> bytes:
    """Both paths, each over its own loss, with one clock."""
    display = {**RESTING, "layout": "panels", "replay": "zigzag", "names": ("w₁", "w₂", "L")}
    scenes = b""
    for spec, life in zip(specs, found, strict=True):
        end = "" if life.diverged_at is None else "diverged"
        path = Shown(LABELS[spec.inputs], spec.lr, life.weights, life.loss, end, LOOKS[spec.inputs])
        words = f"The loss of a neuron of two weights, {path.label.lower()} inputs, and its path from {spec.start}."
        scenes += scene(
            [path], surface(spec.inputs, spec.seed), summary=words, start=spec.start.tolist(), steps=spec.steps, **display
        )
    return scenes


@st.cache_data(max_entries=200, show_spinner=False)
def surface(inputs: str, seed: int) -> Surface:
    return sample(neuron.mean_loss(inputs, seed))


def planes(specs: Sequence[Linear]) -> None:
    """The gradients of all examples at the start, for both kinds of inputs."""
    st.caption("The gradient of each example at the start. Shaded: one sign for both weights.")
    for place, spec in zip(st.columns(2, gap="xsmall", wrap=False), specs, strict=True):
        label, gradients = LABELS[spec.inputs], quadrants.gradients(spec)
        place.markdown(f"{label}: **{quadrants.same_sign(gradients):.0%}**")
        place.vega_lite_chart(
            quadrants.points(label, gradients),
            neurons.plane(quadrants.reach(gradients), tuple(LABELS[name] for name in LOOKS)),
            key=f"quadrants {spec.inputs}",
            alt=f"Gradients of the two weights at the start, a dot an example, {label.lower()} inputs; equal signs shaded",
        )
