"""Dying units: the share of ReLUs in every layer that are silent on a whole batch, while the network trains."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.initializers import INITIALIZERS
from engine.probes import probe
from engine.registry import Range
from engine.signs import looks
from engine.verdict import Verdict
from pages.charts import curves
from pages.kit import inside
from pages.kit.address import Given
from pages.kit.controls import EVERYTHING, Choice, Controls, Number, Text, Values, applied, of
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.outcomes import diverged

WHAT = Choice(
    "Compare", "A8", {"A8": "Learning rates", "A9": "First biases", "A7": "First weights"}, key="dying", resets=EVERYTHING
)
BENDS = {"relu": "ReLU", "leaky_relu": "Leaky ReLU", "elu": "ELU"}
RATES, MOST = (1e-4, 10.0), 6
DEEPEST, WIDTH = 10, 100


def controls(given: Given) -> Controls:
    """The settings, whose defaults are those of the experiment."""
    what = given.get("what", WHAT.default)
    first = PRESETS[what][0]
    fields = of(first, lr=RATES, bias_init=(-2, 2), steps=(20, 1000), seed=())
    fields["bias_init"] = replace(fields["bias_init"], key="dying_bias")
    fields.pop({"A8": "lr", "A9": "bias_init"}.get(what, ""), None)
    rates = {"rates": Text(f"Learning rates, at most {MOST}", "0.01, 0.1, 0.5, 1", 80)} if what == "A8" else {}
    layers = Number(f"hidden layers ≤ {DEEPEST}", len(first.hidden), Range(1, DEEPEST))
    return {"what": WHAT, "activation": Choice("Activation", "relu", BENDS), **rates, **fields, "layers": layers}


def specs(values: Values) -> list[Experiment]:
    book = PRESETS[values.what]
    found = [replace(book[0], lr=lr) for lr in numbers(values.rates)] if values.what == "A8" else book
    changes = {"hidden": (WIDTH,) * values.layers, "probe_steps": inside.moments(values.steps)}
    return [replace(applied(spec, values), **changes) for spec in found]


def numbers(words: str) -> list[float]:
    """The learning rates that are typed, rising; ValueError with a sentence if they are none."""
    parts = words.replace(",", " ").replace(";", " ").split()
    try:
        found = sorted({float(part) for part in parts})
    except ValueError:
        raise ValueError(tr("learning rates are numbers, such as 0.01, 0.1, 0.5")) from None
    if not 1 <= len(found) <= MOST:
        raise ValueError(tr("choose one to {most} learning rates, not {n}", most=MOST, n=len(found)))
    if not all(RATES[0] <= lr <= RATES[1] for lr in found):
        low, high = RATES
        raise ValueError(tr("learning rates lie between {low:g} and {high:g}", low=low, high=high))
    return found


def compared(histories: list[History]) -> str:
    """The preset whose networks these are, by what they differ in."""
    specs = [history.experiment for history in histories]
    if len({spec.initializer for spec in specs}) > 1:
        return "A7"
    return "A9" if len({spec.bias_init for spec in specs}) > 1 else "A8"


def titles(histories: list[History]) -> list[str]:
    """What each network differs in from the others."""
    name = {
        "A8": lambda spec: f"lr {spec.lr:g}",
        "A9": lambda spec: tr("bias {bias:g}", bias=spec.bias_init),
        "A7": lambda spec: (
            f"std {spec.init_scale:g}" if spec.initializer == "normal" else tr(INITIALIZERS[spec.initializer].label)
        ),
    }[compared(histories)]
    return [name(history.experiment) for history in histories]


def draw(histories: list[History], values: Values) -> None:
    """A panel a network, a line a layer."""
    names, end = tuple(titles(histories)), values.steps
    layers = tuple(tr("layer {k}", k=k + 1) for k in range(values.layers))
    columns = 2 if len(names) > 3 else len(names)
    chart = curves.grid(layers, names, columns=columns, height=470, end=end, measure=tr("silent share"))
    silent = curves.layers(histories, "dead").rename(columns={"place": "panel"})
    alt = tr("Share of silent units in every layer against updates")
    st.vega_lite_chart(curves.panels(silent, end=end, columns=columns), chart, key=f"dying {values.what}", alt=alt)


def verdict(histories: list[History]) -> Verdict:
    """The silent share at first and in the end, by layer and in all; the question is about one layer of one network."""
    names, what, shares = titles(histories), compared(histories), [looks(history, "dead") for history in histories]
    rows = [
        {
            "name": name,
            "zeros": np.mean([layer["activations"].zeros / layer["activations"].size for layer in history.probes[1]]),
            "before": found[min(found)].mean(),
            "until": max(found),
            "all": found[max(found)].mean(),
            "first": found[max(found)][0],
            "last": found[max(found)][-1],
            "accuracy": history.train_accuracy[-1],
        }
        for history, name, found in zip(histories, names, shares, strict=True)
        if found
    ]
    asked = {"A8": shares[-1], "A9": shares[0], "A7": shares[0]}[what]
    right = ""
    if asked:
        moment, layer = {"A8": (max, 0), "A9": (min, 0), "A7": (max, -1)}[what]
        share = asked[moment(asked)][layer]
        right = "few" if share < 0.1 else "some" if share <= 0.3 else "many"
    also = [Verdict("healthy")] if not any(row["all"] for row in rows) else []
    return Verdict("silent", right=right, rows=rows, also=[*also, *diverged(histories, names)])


def table(histories: list[History]) -> pd.DataFrame:
    """Columns network, layer, update, silent: the share that is drawn."""
    data = curves.layers(histories, "dead")
    names = np.array(titles(histories))[data["place"].astype(int)]
    return pd.DataFrame({"network": names, "layer": data["layer"], "update": data["x"], "silent": data["y"]})


LAB = Lab(
    id="activations/dying",
    title="Dying in training",
    preset="A8",
    prefix="dying_",
    controls=controls,
    words=lambda values: f"activations/dying-{values.what}",
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    code=[probe],
)
