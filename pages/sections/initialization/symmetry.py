"""Symmetry: units that start alike stay alike for ever, seen as the first layer's columns of W."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.initializers import INITIALIZERS
from engine.registry import Range
from engine.trained import restore
from pages.kit import sheets
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, labels, row

LABEL = "Symmetry"
NAME = "initialization/symmetry"
BOOK = PRESETS["I1"][0]
NAMES = [INITIALIZERS[spec.initializer].label for spec in PRESETS["I1"]]
KNOWN: dict[str, Setting] = {
    "symmetry_activation": Choice("Activation", BOOK.activation, labels(ACTIVATIONS), menu=True),
    "symmetry_lr": Number("lr", BOOK.lr, Range(1e-3, 10, log=True)),
    "symmetry_steps": Number("updates ≤ 1000", BOOK.steps, Range(20, 1000)),
    "symmetry_seed": Number("seed", BOOK.seed, Range(0, 9999)),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        activation = KNOWN["symmetry_activation"].draw("symmetry_activation")
        values = row(KNOWN, ("symmetry_lr", "symmetry_steps", "symmetry_seed"))
        lab.reset(KNOWN)
    steps = values["symmetry_steps"]
    changes = {
        "activation": activation,
        "lr": values["symmetry_lr"],
        "steps": steps,
        "seed": values["symmetry_seed"],
        "weight_steps": moments(steps),
    }

    def specs() -> list[Experiment]:
        return [replace(spec, **changes) for spec in PRESETS["I1"]]

    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
        if histories:
            lab.outcome(NAME, sentence(histories) + lab.diverged(histories, NAMES))
    lab.explain(NAME, histories, *(INITIALIZERS[spec.initializer].function for spec in PRESETS["I1"]))


def moments(steps: int) -> tuple[int, ...]:
    return tuple(sorted({1, max(1, steps // 10), max(1, steps // 3), steps}))


def draw(histories: list[History]) -> None:
    """A sheet a network: its units side by side, on its own scale."""
    known = sorted(set.intersection(*(set(history.weights) for history in histories)))
    if not known:
        st.caption("The pictures come with the first updates.")
        return
    step = st.select_slider("update", known, known[-1], key=f"symmetry step {len(known)}") if len(known) > 1 else known[0]
    for name, history in zip(NAMES, histories, strict=True):
        weights = columns(history, step)
        units = weights.shape[1]
        if not np.isfinite(weights).all():
            st.markdown(f"**{name}** · diverged: its weights are no numbers any more")
            continue
        st.markdown(f"**{name}** · {distinct(weights)} distinct unit{'s' * (distinct(weights) > 1)} of {units}")
        shown = weights - np.median(weights)
        st.image(sheets.sheet(shown, float(np.percentile(np.abs(shown), 99.5)), columns=units), width="stretch")


def columns(history: History, step: int) -> np.ndarray:
    """W of the first layer, (784, units), after a step."""
    return restore(history.experiment, history.weights[step]).dense[0].W


def distinct(W: np.ndarray) -> int:  # noqa: N803
    """How many columns of W differ from each other."""
    return np.unique(W, axis=-1).shape[-1]


def sentence(histories: list[History]) -> str:
    """How many units differ in the end, and what a network of so many different units can do."""
    said = []
    for name, history in zip(NAMES, histories, strict=True):
        if history.diverged:
            continue
        weights = columns(history, history.experiment.steps)
        said.append(
            f"**{name}**: {distinct(weights)} of {weights.shape[1]} units of the first layer are distinct after "
            f"{history.experiment.steps} updates; training accuracy {history.train_accuracy[-1]:.2f} after "
            f"{history.measured_at[-1]}."
        )
    return " ".join(said)
