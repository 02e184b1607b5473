"""More data: the gap between training and test accuracy against the number of training images."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from engine.compare import History
from engine.datasets import load
from engine.experiments import PRESETS, Experiment
from engine.network import stack
from engine.registry import Range
from pages.charts import gaps
from pages.kit.old import lab
from pages.kit.old.controls import Number, Setting, row
from pages.sections.regularization.nets import finished, seeded, seeds_of, shape

LABEL = "More data"
NAME = "regularization/data"
BOOK = PRESETS["R6"][0]
SIZES = tuple(spec.train_size for spec in PRESETS["R6"])
KNOWN: dict[str, Setting] = {
    "data_size": Number("your size, 50 to 4000", 300, Range(50, 4000)),
    "data_seeds": Number("seeds, 1 to 5", 3, Range(1, 5)),
    "data_depth": Number("hidden layers ≤ 8", len(BOOK.hidden), Range(0, 8)),
    "data_width": Number("width ≤ 200", BOOK.hidden[0], Range(1, 200)),
    "data_lr": Number("lr", BOOK.lr, Range(1e-3, 1, log=True)),
    "data_steps": Number("updates ≤ 1000", BOOK.steps, Range(1, 1000)),
}
LATEX = r"\text{gap} = \text{training accuracy} - \text{test accuracy}"


def show():
    picture, side = lab.stage(NAME)
    with side:
        values = row(KNOWN, ("data_size", "data_seeds"))
        values |= row(KNOWN, ("data_depth", "data_width")) | row(KNOWN, ("data_lr", "data_steps"))
        lab.reset(KNOWN)
    yours = values["data_size"]

    def specs() -> list[Experiment]:
        hidden = (values["data_width"],) * values["data_depth"]
        steps = values["data_steps"]
        base = replace(BOOK, hidden=hidden, lr=values["data_lr"], steps=steps, eval_every=max(1, (steps - 1) // 10))
        return seeded([replace(base, train_size=size) for size in sorted({*SIZES, yours})], values["data_seeds"])

    def draw(histories: list[History]) -> None:
        found = gaps.ends(histories, sizes(histories))
        bottom = gaps.floor(found, str(min(SIZES))) if finished(histories) else 0.0
        chart = gaps.over_images(SIZES, yours, bottom, height=430)
        st.vega_lite_chart(gaps.images_of(found), chart, key="data_chart", alt="Train and test accuracy against images")

    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
        if histories:
            said = sentence(gaps.ends(histories, sizes(histories)), yours, histories[0].experiment)
            lab.outcome(NAME, said + lab.diverged(histories, [f"{size} images" for size in sizes(histories)]))
    lab.explain(NAME, histories, load, stack, latex=LATEX)


def sizes(histories: list[History]) -> list[str]:
    return [str(history.experiment.train_size) for history in histories]


def sentence(ends: pd.DataFrame, yours: int, spec: Experiment) -> str:
    """The gap at both ends and at the visitor's size, and how many parameters stand against them."""
    found = ends.set_index(ends["name"].astype(int)).sort_index()
    few, many, own = found.iloc[0], found.iloc[-1], found.loc[yours]
    return (
        f"The network {shape(spec)}, has a gap of {few['gap']:.2f} with {few['name']} images and of {many['gap']:.2f} with "
        f"{many['name']}; test accuracy goes from {few['test']:.2f} to {many['test']:.2f}. With your {yours} images: training "
        f"{own['train']:.2f}, test {own['test']:.2f}, gap {own['gap']:.2f} ({seeds_of(int(own['seeds']))})."
    )
