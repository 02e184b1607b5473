"""Step sizes: how far a rule still moves after t steps down a constant slope, and how a schedule lets the lr fade."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from engine.experiments import Descent, textbook
from engine.optimizers import OPTIMIZERS, RANGES
from engine.registry import Range
from engine.schedules import SCHEDULES
from engine.verdict import Verdict
from pages.charts import descents
from pages.kit import compute
from pages.kit.controls import Choice, Number, Values, labels
from pages.kit.lab import Lab
from pages.kit.language import tr

ASKED = (1, 10, 50, 200, 1000)  # steps at which the two are compared
EXACT = 1e-10  # of the way so far: shorter steps are lost in its rounding
RATIO = r"\frac{\text{RMSProp's step}}{\text{AdaGrad's step}} = \sqrt{\frac{t}{1 - \rho^t}}"
CONTROLS = {
    "rules": Choice("Optimizers", ("sgd", "adagrad", "rmsprop", "adam"), labels(OPTIMIZERS), key="rules"),
    "schedule": Choice("Learning-rate schedule", "constant", labels(SCHEDULES), menu=True, key="fade"),
    "steps": Number("steps t", 1000, Range(2, 1000), key="horizon"),
    "rho": Number("decay ρ of RMSProp", OPTIMIZERS["rmsprop"].sliders["rho"], RANGES["rho"], key="forget"),
}


class Sizes(NamedTuple):
    """Step ÷ (η · gradient) of each step, (steps,): of the rules that are shown, and RMSProp's ÷ AdaGrad's, NaN where one of
    the steps is too short to be known."""

    shown: dict[str, np.ndarray]
    ratio: np.ndarray


def slope(name: str, values: Values) -> Descent:
    """The optimizer on f = x from 0, where the gradient is always 1."""
    hyper = {"hyper": (("rho", values.rho), ("eps", OPTIMIZERS["rmsprop"].sliders["eps"]))} if name == "rmsprop" else {}
    return textbook(name, "formula", formula="x", x0=0, y0=0, lr=1, steps=values.steps, schedule=values.schedule, **hyper)


def specs(values: Values) -> list[Descent]:
    if not values.rules:
        raise ValueError(tr("choose at least one optimizer"))
    return [slope(name, values) for name in values.rules]


def find(values: Values) -> Sizes:
    shown = {spec.optimizer: compute.path(spec).effective_step[:, 0] for spec in specs(values)}
    known = []
    for name in ("rmsprop", "adagrad"):
        path = compute.path(slope(name, values))
        step = path.effective_step[:, 0]
        known.append(np.where(step > EXACT * np.abs(path.points[1:, 0]), step, np.nan))
    return Sizes(shown, known[0] / known[1])


def draw(sizes: Sizes, values: Values) -> None:  # noqa: ARG001
    data = descents.sizes_of(sizes.shown)
    chart = descents.sizes(tuple(sizes.shown), len(sizes.ratio), data["y"].min(), data["y"].max())
    alt = tr("Effective step size of each optimizer against the step, both axes logarithmic")
    st.vega_lite_chart(data, chart, key="sizes", alt=alt)


def verdict(sizes: Sizes) -> Verdict:
    """How RMSProp's step stands against AdaGrad's, last and on the way, if both are shown."""
    if not {"adagrad", "rmsprop"} <= sizes.shown.keys():
        return Verdict("unseen")
    steps, last = len(sizes.ratio), sizes.ratio[-1]
    times = sorted({*(t for t in ASKED if t <= steps), steps})
    rows = [{"t": t, "ratio": sizes.ratio[t - 1]} for t in times if np.isfinite(sizes.ratio[t - 1])]
    if not np.isfinite(last):
        return Verdict("vanished", steps=steps, rows=rows)
    right = "same" if last < 3 else "ten" if last < 18 else "thirty"
    return Verdict("ratio", right=right, steps=steps, ratio=last, rows=rows)


LAB = Lab(
    id="optimizers/steps",
    title="Step sizes",
    controls=CONTROLS,
    specs=specs,
    find=find,
    draw=draw,
    verdict=verdict,
    formula=lambda values: rf"{SCHEDULES[values.schedule].latex} \qquad {RATIO}",
    code=lambda values: [OPTIMIZERS[name].function for name in values.rules],
)
