"""Rates: what is left of a neuron after its updates, for every learning rate and several activations."""

from dataclasses import replace
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.neuron import RANGES, Bent, active, learn
from pages.kit import curves
from pages.kit.curves import Names, Spec, without_data

RATES = np.geomspace(*RANGES["lr"][:2], 61)


def show(spec: Bent) -> None:
    """The chart of the chosen activation beside ReLU and its leaky relative."""
    names = tuple(dict.fromkeys(["relu", "leaky_relu", spec.activation]))
    found = pd.concat([ends(replace(spec, activation=name, lr=RANGES["lr"].low)) for name in names])
    now = pd.DataFrame({"now": [spec.lr]})
    st.markdown(f"##### Still active after {spec.steps} updates, by learning rate")
    st.vega_lite_chart(
        pd.concat([found, now]),
        chart(tuple(ACTIVATIONS[name].label for name in names)),
        key="rates",
        alt="Share of inputs for which the neuron is active after training, against the learning rate",
    )


@st.cache_data(max_entries=200, show_spinner=False)
def ends(spec: Bent) -> pd.DataFrame:
    """Columns line, x, y: learning rate and active share after the last update; only of the neurons that did not diverge."""
    weights, _ = learn(spec, RATES[:, None])
    share = active(weights[-1], spec.data()[0])
    return pd.DataFrame({"line": ACTIVATIONS[spec.activation].label, "x": RATES, "y": share}).dropna()


@lru_cache(maxsize=50)
def chart(order: Names) -> Spec:
    """A line an activation over the learning rate, and where the chosen one stands."""
    scale = alt.Scale(type="log", domain=list(RANGES["lr"][:2]))
    x = {"title": "learning rate η", "scale": scale, "axis": alt.Axis(format="~g", grid=False, tickCount=6)}
    y = alt.Y("y:Q", title="active", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", values=[0, 0.5, 1]))
    tips = [
        alt.Tooltip("line:N"),
        alt.Tooltip("x:Q", title="lr", format=".3g"),
        alt.Tooltip("y:Q", title="active", format=".0%"),
    ]
    line = alt.Chart().transform_filter("isValid(datum.line)").mark_line(strokeWidth=2, point={"size": 16})
    now = alt.Chart().transform_filter("isValid(datum.now)").mark_rule(color="#888", strokeDash=[4, 3])
    drawn = line.encode(alt.X("x:Q", **x), y, tooltip=tips, **curves.color(order))
    return without_data((drawn + now.encode(alt.X("now:Q", **x))).properties(height=250))
