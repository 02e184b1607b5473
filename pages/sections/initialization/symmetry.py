"""Symmetry: units that start alike stay alike for ever, seen as the first layer's columns of W."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.initializers import INITIALIZERS
from engine.registry import Range
from engine.trained import restore
from engine.verdict import Verdict
from pages.kit import address, images, sheets
from pages.kit.controls import Number, Values, applied, never, of
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.outcomes import diverged

LONGEST = 1000
CONTROLS = {
    **of(PRESETS["I1"][0], activation=(), lr=(1e-3, 10), steps=(20, LONGEST), seed=()),
    "update": Number("update", 0, Range(0, LONGEST), when=never),  # that is looked at; 0 is the last
}


def specs(values: Values) -> list[Experiment]:
    steps = values.steps
    looked = tuple(sorted({1, max(1, steps // 10), max(1, steps // 3), steps}))
    return [replace(applied(spec, values), weight_steps=looked) for spec in PRESETS["I1"]]


def names(histories: list[History]) -> list[str]:
    return [INITIALIZERS[history.experiment.initializer].label for history in histories]


def draw(histories: list[History], values: Values) -> None:
    """A sheet a network: its units side by side, on its own scale."""
    known = sorted(set.intersection(*(set(history.weights) for history in histories)))
    if not known:
        st.caption(tr("The pictures come with the first updates."))
        return
    step = looked_at(known, values.update)
    for name, history in zip(map(tr, names(histories)), histories, strict=True):
        weights = columns(history, step)
        units = weights.shape[1]
        if not np.isfinite(weights).all():
            st.markdown(f"**{name}** · {tr('diverged: its weights are no numbers any more')}")
            continue
        found = tr("{n:distinct unit|distinct units} of {units}", n=distinct(weights), units=units)
        st.markdown(f"**{name}** · {found}")
        shown = weights - np.median(weights)
        sheet = sheets.sheet(shown, float(np.percentile(np.abs(shown), 99.5)), columns=units)
        st.image(images.drawn(sheet), width="stretch")


def looked_at(known: list[int], asked: int) -> int:
    """The update of the pictures, the last if the address asks for no other; a slider tells the address."""
    if len(known) < 2:
        return known[0]
    key = f"symmetry update {len(known)}"
    st.session_state[key] = asked if asked in known else known[-1]

    def tell() -> None:
        step = st.session_state[key]
        address.tell(update=0 if step == known[-1] else step)

    return st.select_slider(tr("update"), known, key=key, on_change=tell)


def columns(history: History, step: int) -> np.ndarray:
    """W of the first layer, (784, units), after a step."""
    return restore(history.experiment, history.weights[step]).dense[0].W


def distinct(W: np.ndarray) -> int:  # noqa: N803
    """How many columns of W differ from each other."""
    return np.unique(W, axis=-1).shape[-1]


def verdict(histories: list[History]) -> Verdict:
    """How many units differ in the end, and what a network of so many can do; the question is about equal weights."""
    rows, right, parted = [], "", []
    for name, history in zip(names(histories), histories, strict=True):
        if history.diverged:
            continue
        weights = columns(history, history.experiment.steps)
        count, units = distinct(weights), weights.shape[1]
        rows.append({"name": name, "count": count, "units": units, "accuracy": history.train_accuracy[-1]})
        initializer = history.experiment.initializer
        if initializer == "constant":
            right = "one" if count == 1 else ""
        parted += [tr(name)] * (initializer != "xavier" and count > 1)
    steps, measured = histories[0].experiment.steps, histories[0].measured_at[-1]
    also = [Verdict("rounding", names=", ".join(parted))] if parted else []
    also += diverged(histories, names(histories))
    return Verdict("distinct" if rows else "lost", right=right, rows=rows, steps=steps, updates=measured, also=also)


LAB = Lab(
    id="initialization/symmetry",
    title="Symmetry",
    preset="I1",
    prefix="symmetry_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    code=[INITIALIZERS[spec.initializer].function for spec in PRESETS["I1"]],
)
