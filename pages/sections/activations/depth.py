"""Depth: without a bend, any number of layers is one straight cut; circles tell."""

from dataclasses import replace

import streamlit as st

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import Bend, Dense
from engine.registry import Range
from engine.trained import bent, restore
from engine.verdict import Verdict
from pages.charts import borders
from pages.kit import inside, testing
from pages.kit.controls import Choice, Number, Values, applied, labels, of
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.outcomes import diverged

MOST, FRAMES = 3, 9
BOOK = PRESETS["A12"][0]
ALL, FAIR = 0.9, {"circles": 0.58, "spirals": 0.42}  # test accuracies: solved, and nearer to the cut than to a guess
CONTROLS = {
    "dataset": Choice("Data", "circles", {"circles": "Circles", "spirals": "Spirals"}, key="depth_data"),
    "nets": Choice(f"Activations, at most {MOST}", ("identity", "tanh", "relu"), labels(ACTIVATIONS)),
    "layers": Number("hidden layers ≤ 6", len(BOOK.hidden), Range(1, 6)),
    "width": Number("units ≤ 50", BOOK.hidden[0], Range(2, 50)),
    **of(BOOK, seed=(), lr=(1e-3, 10), steps=(20, 3000)),
}
FORMULA = r"h(h(h(x))) = c^3 x \qquad ((x W_1 + b_1) W_2 + b_2) W_3 + b_3 = x\,(W_1 W_2 W_3) + b"


def specs(values: Values) -> list[Experiment]:
    names = [name for name in ACTIVATIONS if name in values.nets]
    if not 1 <= len(names) <= MOST:
        raise ValueError(tr("choose one to {most} activations, not {n}", most=MOST, n=len(names)))
    hidden, looked = (values.width,) * values.layers, inside.moments(values.steps, FRAMES)
    base = replace(applied(BOOK, values), hidden=hidden, weight_steps=looked)
    return [replace(base, activation=name) for name in names]


def names(histories: list[History]) -> list[str]:
    return [ACTIVATIONS[history.experiment.activation].label for history in histories]


def draw(histories: list[History], values: Values) -> None:
    """The borders at every step that all networks have reached."""
    steps = sorted(set.intersection(*(set(history.weights) for history in histories)))
    chart = borders.squares(tuple(map(tr, names(histories))), values.dataset, len(steps))
    data = borders.frames(histories, steps, testing.border)
    st.vega_lite_chart(data, chart, key=f"depth {len(steps)}", alt=tr("Decision borders of the networks"))


def verdict(histories: list[History]) -> Verdict:
    """What every network gets right, and that a network without a bend is one matrix."""
    named = names(histories)
    rows = [{"name": name, "accuracy": h.test_accuracy[-1]} for h, name in zip(histories, named, strict=True)]
    also, right = [], ""
    for history in histories:
        spec, value = history.experiment, history.test_accuracy[-1]
        if spec.activation == "identity" and not history.diverged:
            right = "all" if value >= ALL else "fair" if value >= FAIR[spec.dataset] else "guess"
            also.append(Verdict("one", layers=len(spec.hidden) + 1, off=difference(history)))
    told = {"updates": histories[0].measured_at[-1]}
    return Verdict("depth", right=right, rows=rows, **told, also=[*also, *diverged(histories, named)])


def difference(history: History) -> float:
    """How far the logits of a network without bends are, at most, from those of its one layer."""
    network = restore(history.experiment, history.weights[history.experiment.steps])
    return bent(network, borders.points(history.experiment.dataset))


LAB = Lab(
    id="activations/depth",
    title="Depth",
    preset="A12",
    prefix="depth_",
    controls=CONTROLS,
    words=lambda values: "activations/depth" + "-spirals" * (values.dataset == "spirals"),
    specs=specs,
    draw=draw,
    verdict=verdict,
    formula=FORMULA,
    code=[Dense, Bend],
)
