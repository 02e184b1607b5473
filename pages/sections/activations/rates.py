"""Rates: what is left of a neuron after its updates, for every learning rate and several activations."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.neuron import RANGES, Bent, active, learn
from pages.charts import neurons

RATES = np.geomspace(*RANGES["lr"][:2], 61)


def show(spec: Bent) -> None:
    """The chart of the chosen activation beside ReLU and its leaky relative."""
    names = tuple(dict.fromkeys(["relu", "leaky_relu", spec.activation]))
    found = pd.concat([ends(replace(spec, activation=name, lr=RANGES["lr"].low)) for name in names])
    now = pd.DataFrame({"now": [spec.lr]})
    st.markdown(f"##### Still active after {spec.steps} updates, by learning rate")
    st.vega_lite_chart(
        pd.concat([found, now]),
        neurons.rates(tuple(ACTIVATIONS[name].label for name in names)),
        key="rates",
        alt="Share of inputs for which the neuron is active after training, against the learning rate",
    )


@st.cache_data(max_entries=200, show_spinner=False)
def ends(spec: Bent) -> pd.DataFrame:
    """Columns line, x, y: learning rate and active share after the last update; only of the neurons that did not diverge."""
    weights, _ = learn(spec, RATES[:, None])
    share = active(weights[-1], spec.data()[0])
    return pd.DataFrame({"line": ACTIVATIONS[spec.activation].label, "x": RATES, "y": share}).dropna()
