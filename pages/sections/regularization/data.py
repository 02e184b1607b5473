"""More data: the gap between training and test accuracy against the number of training images."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History, grouped
from engine.datasets import load
from engine.experiments import PRESETS, Experiment
from engine.registry import Range
from engine.verdict import Verdict, paired
from pages.charts import gaps
from pages.kit.controls import Number, Values, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import accuracies, diverged, finished
from pages.sections.regularization import nets

BOOK = PRESETS["R6"][0]
SIZES = tuple(spec.train_size for spec in PRESETS["R6"])
CONTROLS = {
    "size": Number("your size, 50 to 4000", 300, Range(50, 4000)),
    "seeds": seeds(3, 5),
    **nets.SHAPE,
    **of(BOOK, lr=(1e-3, 1), steps=(1, 1000)),
}


def specs(values: Values) -> list[Experiment]:
    base = replace(nets.shaped(BOOK, values), lr=values.lr, steps=values.steps, eval_every=nets.looks(values.steps))
    return seeded([replace(base, train_size=size) for size in sorted({*SIZES, values.size})], values.seeds)


def sizes(histories: list[History]) -> list[str]:
    return [str(history.experiment.train_size) for history in histories]


def table(histories: list[History]) -> pd.DataFrame:
    return gaps.ends(histories, sizes(histories))


def draw(histories: list[History], values: Values) -> None:
    found = table(histories)
    bottom = gaps.floor(found, str(min(SIZES))) if finished(histories) else 0.0
    chart = gaps.over_images(SIZES, values.size, bottom, height=430)
    st.vega_lite_chart(gaps.images_of(found), chart, key="data_chart", alt=tr("Train and test accuracy against images"))


def verdict(histories: list[History]) -> Verdict:
    """The gap at every size, and what is left of that of the fewest images with the most, in pairs of one seed."""
    lost = diverged(histories, [tr("{n} images", n=size) for size in sizes(histories)])
    rows = table(histories).to_dict("records")
    if not rows:
        return Verdict("lost", also=lost)
    by_size = grouped(histories, lambda spec: spec.train_size)
    ends = {"few": min(by_size), "many": max(by_size)}
    few, many = (np.subtract(*accuracies(by_size[size])) for size in ends.values())
    less = paired(few, many)
    numbers = {"shape": nets.shape(histories[0].experiment), **ends}
    numbers |= {"updates": histories[0].measured_at[-1], "rows": rows, "also": lost}
    if less.seeds < 2:
        return Verdict("one", **numbers)
    if not less.told or less.mean < 0:
        return Verdict("alike", less=less.mean, error=less.error, **numbers)
    left = max(0.0, 1 - less.mean / float(np.mean(few[np.isfinite(few) & np.isfinite(many)])))
    right = "quarter" if left < 0.25 else "some" if left < 0.75 else "stays"
    return Verdict("closes", right=right, less=less.mean, error=less.error, left=left, **numbers)


LAB = Lab(
    id="regularization/data",
    title="More data",
    prefix="data_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    spread=N_("Lines are means over {seeds} seeds, bars reach from the lowest to the highest."),
    formula=r"\text{gap} = \text{training accuracy} - \text{test accuracy}",
    code=[load],
)
