"""Test time: a trained network asked with running and with batch statistics, and how the running ones warm up."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import BatchNorm
from engine.losses import accuracy, softmax
from engine.trained import batch_logits, restore
from engine.verdict import Verdict
from pages.charts import batches, curves
from pages.kit import compute, digits, lines, testing
from pages.kit.controls import Choice, Values, applied, of
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.sections.batchnorm import formulas

SIZES = (1, 2, 8, 32, 128)
BOOK, KEEPS = PRESETS["B8"][0], [spec.keep for spec in PRESETS["B9"]]
ORDERS = {"mixed": "Mixed", "sorted": "Sorted by class"}
CHANCE, NEAR = 0.2, 0.05  # test accuracies: no better than guessing, and as good as
CONTROLS = {
    **of(BOOK, lr=(1e-4, 10), steps=(20, 600), seed=()),
    "order": Choice("Order", "mixed", ORDERS),
    "batch": Choice("Batch of", "1", {str(size): str(size) for size in SIZES}),
}


def specs(values: Values) -> list[Experiment]:
    """The network to be asked, and the same with slower and faster running means for the warm-up."""
    asked = applied(BOOK, values)
    warming = [replace(asked, keep=keep, steps=min(60, asked.steps), eval_every=1) for keep in KEEPS]
    return [replace(asked, weight_steps=(asked.steps,)), *warming]


def draw(histories: list[History], values: Values) -> None:  # noqa: ARG001
    """The answers once the network is trained, and the warm-up: training runs ahead, testing with slow means lags behind."""
    trained, *warming = histories
    if trained.weights:
        found = answers(trained.experiment, trained.weights[trained.experiment.steps])
        orders, kinds = found["order"].map(lambda order: tr(ORDERS[order])), found["batch"].map(statistics)
        chart = batches.bars(found.assign(order=orders, statistics=kinds))
        st.altair_chart(chart, key="answers", alt=tr("Test accuracy by batch size, mixed and sorted by class"))
    names, ahead = [tr("keep {keep:g}", keep=h.experiment.keep) for h in warming], tr("in training")
    parts = curves.frame(warming, names, curves.MEASURES["test"]), curves.frame(warming[:1], [ahead], curves.accuracy)
    look = {"y": tr("accuracy"), "end": warming[0].experiment.steps, "height": 250 if trained.weights else 400}
    words = tr("Test accuracy with running statistics against updates")
    lines.draw(pd.concat(parts), (*names, ahead), **look, key="warm", alt=words)


@compute.cached(100)
@np.errstate(all="ignore")
def answers(spec: Experiment, _weights) -> pd.DataFrame:
    """Test accuracy (order, batch, value), the running statistics, no batch, first."""
    network, (x, y) = restore(spec, _weights), images(spec, "mixed")
    found = [(order, 0, float(accuracy(network.forward(x), y))) for order in ORDERS]
    for order in ORDERS:
        x, y = images(spec, order)
        found += [(order, size, float(accuracy(batch_logits(network, x, size), y))) for size in SIZES]
    return pd.DataFrame(found, columns=["order", "batch", "value"])


def statistics(batch: int) -> str:
    return tr("batch of {size}", size=batch) if batch else tr("running statistics")


def images(spec: Experiment, order: str) -> tuple[np.ndarray, np.ndarray]:
    """The test images and labels, as they come or sorted by class."""
    x, y = testing.images(spec)
    places = np.argsort(y, kind="stable") if order == "sorted" else slice(None)
    return x[places], y[places]


def verdict(histories: list[History]) -> Verdict:
    """How often the network is right with either statistics; the question is about one image alone."""
    spec = histories[0].experiment
    value = answers(spec, histories[0].weights[spec.steps]).set_index(["order", "batch"])["value"]
    alone, running = value["mixed", 1], value["mixed", 0]
    right = "same" if running - alone < NEAR else "tenth" if alone < CHANCE else "less"
    rows = [{"name": statistics(size), **{order: value[order, size] for order in ORDERS}} for size in (0, *SIZES)]
    kind = "unlearned" if running < CHANCE else "testing"
    return Verdict(kind, right=right if kind == "testing" else "", running=running, rows=rows)


@np.errstate(all="ignore")
def after(histories: list[History] | None, values: Values) -> None:
    """The first images of the test set in such batches, and what the network says with either statistics."""
    if not histories:
        return
    spec, size = histories[0].experiment, int(values.batch)
    network, (x, y) = restore(spec, histories[0].weights[spec.steps]), images(spec, values.order)
    some = x[: max(16, size)]
    running, batch = softmax(network.forward(some)), softmax(batch_logits(network, some, size))
    captions = [
        tr("a {digit}: running {running}, batch {batch}", digit=label, running=said(run, label), batch=said(bat, label))
        for run, bat, label in zip(running, batch, y, strict=False)
    ]
    order = tr(ORDERS[values.order]).lower()
    words = tr("The first sixteen test images, {order}, in batches of {size}", order=order, size=size)
    st.markdown(f"##### {words}")
    digits.show(some[:16], captions)


def said(probabilities: np.ndarray, label: int) -> str:
    """An answer, how sure it is, and whether it is right."""
    digit = probabilities.argmax()
    return f"{digit} ({probabilities.max():.0%}) {'✓' if digit == label else ':red[✗]'}"


LAB = Lab(
    id="batchnorm/testing",
    title="Test time",
    preset="B8",
    prefix="test_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    after=after,
    formula=formulas.RUNNING,
    code=[BatchNorm, batch_logits],
)
