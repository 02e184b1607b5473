"""Dying units: the share of ReLUs in every layer that are silent on a whole batch, while the network trains."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.initializers import INITIALIZERS
from engine.probes import probe
from engine.registry import Range
from pages.charts import curves
from pages.kit import inside
from pages.kit.old import controls, lab
from pages.kit.old.controls import Choice, Number, Setting, row

LABEL = "Dying in training"
NAME = "activations/dying"
WHATS = {"A8": "Learning rates", "A9": "First biases", "A7": "First weights"}
WHAT = Choice("Compare", "A8", WHATS)
HARMLESS = 0.2


def title(spec: Experiment, what: str) -> str:
    """What a network differs in from the others of its preset."""
    if what == "A8":
        return f"lr {spec.lr:g}"
    if what == "A9":
        return f"bias {spec.bias_init:g}"
    return f"std {spec.init_scale:g}" if spec.initializer == "normal" else INITIALIZERS[spec.initializer].label


def settings() -> dict[str, Setting]:
    """The settings, whose defaults are those of the experiment in the address."""
    first = PRESETS[WHAT.chosen("dying")][0]
    return {
        "dying": WHAT,
        "dying_activation": Choice("Activation", "relu", {"relu": "ReLU", "leaky_relu": "Leaky ReLU", "elu": "ELU"}),
        "dying_lr": Number("lr", first.lr, Range(1e-4, 10, log=True)),
        "dying_bias": Number("first bias", first.bias_init, Range(-2, 2)),
        "dying_steps": Number("updates ≤ 1000", first.steps, Range(20, 1000)),
        "dying_seed": Number("seed", first.seed, Range(0, 9999)),
    }


def choose() -> None:
    controls.assign({key: setting for key, setting in settings().items() if key != "dying"})


def show():
    picture, side = lab.stage(NAME)
    with side:
        what = WHAT.draw("dying", on_change=choose)
        known = settings()
        activation = known["dying_activation"].draw("dying_activation")
        free = {"A8": ("dying_bias",), "A9": ("dying_lr",), "A7": ("dying_lr", "dying_bias")}[what]
        values = row(known, (*free, "dying_steps", "dying_seed"))
        st.button("Reset to the textbook", on_click=choose)
    names = {"dying_lr": "lr", "dying_bias": "bias_init", "dying_steps": "steps", "dying_seed": "seed"}
    changes = {names[key]: value for key, value in values.items()}

    def specs() -> list[Experiment]:
        looked = inside.moments(changes["steps"])
        return [replace(spec, activation=activation, probe_steps=looked, **changes) for spec in PRESETS[what]]

    histories = lab.run(NAME, picture, specs, lambda found: draw(found, what))
    with picture:
        lab.caption(NAME)
        if histories:
            titles = [title(h.experiment, what) for h in histories]
            lab.outcome(NAME, sentence(histories, titles) + lab.diverged(histories, titles))
    lab.explain(NAME, histories, probe)


def draw(histories: Sequence[History], what: str) -> None:
    """A panel a network, a line a layer."""
    titles = tuple(title(h.experiment, what) for h in histories)
    layers = tuple(f"layer {k + 1}" for k in range(len(histories[0].experiment.hidden)))
    columns = 2 if len(titles) > 3 else len(titles)
    chart = curves.grid(layers, titles, columns=columns, height=470, measure="dead share")
    silent = curves.layers(histories, "dead").rename(columns={"place": "panel"})
    data = curves.panels(silent, end=histories[0].experiment.steps, columns=columns)
    st.vega_lite_chart(data, chart, key=f"dying {what}", alt="Share of dead units in every layer against updates")


def sentence(histories: Sequence[History], titles: Sequence[str]) -> str:
    """The dead share of all hidden units at first and in the end, the worst layer, and whether it mattered."""
    said = []
    for history, name in zip(histories, titles, strict=True):
        shares = {t: np.array([layer["dead"] for layer in layers], float) for t, layers in sorted(history.probes.items())}
        shares = {t: found for t, found in shares.items() if np.isfinite(found).all()}
        if not shares:
            continue
        first, last = shares[min(shares)], shares[max(shares)]
        zeros = np.mean([layer["activations"].zeros / layer["activations"].size for layer in history.probes[1]])
        fine = 0 < last.mean() <= HARMLESS and history.train_accuracy[-1] > 0.5
        most = f", most in layer {last.argmax() + 1} ({last.max():.0%})" if last.any() else ""
        most += f": up to {HARMLESS:.0%} is called harmless" if fine else ""
        said.append(
            f"**{name}**: at first {zeros:.0%} of the outputs are zeros and {first.mean():.0%} of the units silent, "
            f"{last.mean():.0%} after {max(shares)} updates{most}; "
            f"training accuracy {history.train_accuracy[-1]:.2f}."
        )
    return " ".join(said)
