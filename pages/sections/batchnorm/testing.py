"""Test time: a trained network asked with running and with batch statistics, and how the running ones warm up."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import BatchNorm
from engine.losses import accuracy, softmax
from engine.registry import Range
from engine.trained import batch_logits, restore
from pages.charts import batches, curves
from pages.kit import digits, lab, testing
from pages.kit.controls import Choice, Number, Setting, row
from pages.sections.batchnorm import formulas

LABEL = "Test time"
NAME = "batchnorm/testing"
SIZES = (1, 2, 8, 32, 128)
BOOK, KEEPS = PRESETS["B8"][0], [spec.keep for spec in PRESETS["B9"]]
ORDERS = {"mixed": "Mixed", "sorted": "Sorted by class"}
RUNNING = "running statistics"
KNOWN: dict[str, Setting] = {
    "test_batch": Choice("Batch of", "1", {str(size): str(size) for size in SIZES}),
    "test_order": Choice("Order", "mixed", ORDERS),
    "test_lr": Number("lr", BOOK.lr, Range(1e-4, 10, log=True)),
    "test_steps": Number("updates ≤ 600", BOOK.steps, Range(20, 600)),
    "test_seed": Number("seed", BOOK.seed, Range(0, 9999)),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        values = row(KNOWN, ("test_lr", "test_steps", "test_seed"))
        order = KNOWN["test_order"].draw("test_order")
        size = int(KNOWN["test_batch"].draw("test_batch"))
        lab.reset(KNOWN)
    changes = {key.removeprefix("test_"): value for key, value in values.items()}

    def specs() -> list[Experiment]:
        """The network to be asked, and the same with slower and faster running means for the warm-up."""
        asked = replace(BOOK, **changes)
        warming = [replace(asked, keep=keep, steps=min(60, asked.steps), eval_every=1) for keep in KEEPS]
        return [replace(asked, weight_steps=(asked.steps,)), *warming]

    def draw(histories: list[History]) -> None:
        names = [f"keep {h.experiment.keep:g}" for h in histories[1:]]
        data = curves.frame(histories[1:], names, lambda h: curves.accuracy(h, "test"))
        height = 250 if histories[0].weights else 400
        chart = curves.lines(tuple(names), x="update", y="test accuracy", end=histories[1].experiment.steps, height=height)
        st.vega_lite_chart(data, chart, key="warm", alt="Test accuracy with running statistics against updates")

    hero = picture.container()
    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
    if histories:
        asked = histories[0].experiment
        weights = histories[0].weights[asked.steps]
        table = answers(asked, weights)
        hero.altair_chart(batches.bars(table), key="answers", alt="Test accuracy by batch size, mixed and sorted by class")
        with picture:
            lab.outcome(NAME, sentence(table))
        show_digits(asked, weights, size, order)
    lab.explain(NAME, histories, BatchNorm, batch_logits, latex=formulas.RUNNING)


@st.cache_data(max_entries=100, show_spinner=False)
@np.errstate(all="ignore")
def answers(spec: Experiment, _weights) -> pd.DataFrame:
    """Test accuracy (order, batch, value), the running statistics first."""
    network, (x, y) = restore(spec, _weights), images(spec, "mixed")
    found = [(ORDERS[order], RUNNING, float(accuracy(network.forward(x), y))) for order in ORDERS]
    for order, name in ORDERS.items():
        x, y = images(spec, order)
        found += [(name, f"batch of {size}", float(accuracy(batch_logits(network, x, size), y))) for size in SIZES]
    return pd.DataFrame(found, columns=["order", "statistics", "value"])


def images(spec: Experiment, order: str) -> tuple[np.ndarray, np.ndarray]:
    """The test images and labels, as they come or sorted by class."""
    x, y = testing.images(spec)
    places = np.argsort(y, kind="stable") if order == "sorted" else slice(None)
    return x[places], y[places]


def sentence(table: pd.DataFrame) -> str:
    value = table.set_index(["order", "statistics"])["value"]
    alone, eights, many = (value["Mixed", f"batch of {size}"] for size in (1, 8, 128))
    return (
        f"With running statistics the network gets {value['Mixed', RUNNING]:.2f} of the test images right. Normalized by their "
        f"own batch: {alone:.2f} alone, where every image gets the same answer, {eights:.2f} in eights, {many:.2f} in "
        f"batches of 128, but {value['Sorted by class', 'batch of 128']:.2f} if those hold one to three classes: what a batch "
        "has in common is subtracted."
    )


@np.errstate(all="ignore")
def show_digits(spec: Experiment, weights, size: int, order: str) -> None:
    """The first images of the test set in such batches, and what the network says with either statistics."""
    network, (x, y) = restore(spec, weights), images(spec, order)
    some = x[: max(16, size)]
    said = {"running": softmax(network.forward(some)), "batch": softmax(batch_logits(network, some, size))}
    st.markdown(f"##### The first sixteen test images, {ORDERS[order].lower()}, in batches of {size}")
    captions = [
        f"running {run.argmax()} ({run.max():.0%}), batch {bat.argmax()} ({bat.max():.0%})"
        for run, bat in zip(said["running"], said["batch"], strict=True)
    ]
    digits.show(
        some[:16], captions[:16], right=[bat.argmax() == label for bat, label in zip(said["batch"], y, strict=False)][:16]
    )
