"""Step sizes: how far a rule still moves after t steps down a constant slope, and how a schedule lets the lr fade."""

import numpy as np
import streamlit as st

from engine.experiments import Descent, textbook
from engine.optimizers import OPTIMIZERS, RANGES
from engine.registry import Range
from engine.schedules import SCHEDULES
from pages.charts.descents import line_chart
from pages.kit import compute, export, text
from pages.kit.old.controls import Choice, Number, Setting, assign, labels, row

LABEL = "Step sizes"
KNOWN: dict[str, Setting] = {
    "rules": Choice("Optimizers", ("sgd", "adagrad", "rmsprop", "adam"), labels(OPTIMIZERS)),
    "fade": Choice("Learning-rate schedule", "constant", labels(SCHEDULES), menu=True),
    "horizon": Number("steps t", 1000, Range(2, 1000)),
    "forget": Number("decay ρ of RMSProp", OPTIMIZERS["rmsprop"].sliders["rho"], RANGES["rho"]),
}


def show():
    picture, side = st.columns([0.68, 0.32], gap="medium")
    with side:
        names = KNOWN["rules"].draw("rules")
        schedule = KNOWN["fade"].draw("fade")
        values = row(KNOWN, ("horizon", "forget"))
        st.button("Reset to the textbook", on_click=assign, args=(KNOWN,))
        st.markdown(text.page("steps"))
        st.latex(SCHEDULES[schedule].latex)
    try:
        if not names:
            raise ValueError("choose at least one optimizer")
        specs = {name: slope(name, schedule, values["horizon"], values["forget"]) for name in {*names, "adagrad", "rmsprop"}}
    except ValueError as problem:
        picture.error(f"That cannot be drawn: {text.quote(str(problem))}")
        return
    sizes = {name: compute.path(spec).effective_step[:, 0] for name, spec in specs.items()}
    with np.errstate(all="ignore"):
        ratio = sizes["rmsprop"] / sizes["adagrad"]
    with picture:
        chosen = [name for name in OPTIMIZERS if name in names]
        chart = line_chart({name: sizes[name] for name in chosen}, OPTIMIZERS, x="step t", y="step ÷ (η · gradient)")
        st.altair_chart(chart, alt="Effective step size of each optimizer against the step, both axes logarithmic")
        st.caption(
            "A constant gradient of 1, η = 1. A straight line going down by half a decade each decade is 1/√t. "
            f"Where RMSProp's step stands against AdaGrad's: {ratios(ratio)}."
        )
        shown = [specs[name] for name in chosen]
        export.buttons(shown, [compute.path(spec) for spec in shown])
        with st.expander("The code that ran"):
            st.code("\n\n".join(OPTIMIZERS[name].code for name in chosen), language="python")


def slope(name: str, schedule: str, steps: int, rho: float) -> Descent:
    """The optimizer on f = x from 0, where the gradient is always 1."""
    hyper = {"hyper": (("rho", rho), ("eps", OPTIMIZERS["rmsprop"].sliders["eps"]))} if name == "rmsprop" else {}
    return textbook(name, "formula", formula="x", x0=0, y0=0, lr=1, steps=steps, schedule=schedule, **hyper)


def ratios(ratio: np.ndarray) -> str:
    """The measured ratio at a few steps."""
    known = {t: ratio[t - 1] for t in (1, 10, 50, 200, 1000) if t <= len(ratio) and np.isfinite(ratio[t - 1])}
    return ", ".join(f"{value:.3g}× at t = {t}" for t, value in known.items())
