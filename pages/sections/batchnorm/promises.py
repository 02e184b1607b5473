"""What the formulas of batch normalization promise, checked on a visitor's batch: a table of what was measured."""

import numpy as np
import streamlit as st

from engine import gradcheck


@st.cache_data(max_entries=500, show_spinner=False)
def checks(batch: tuple[float, ...], gamma: float, beta: float) -> str:
    """A table: the backward pass against central differences, and a bias before the layer."""
    found, total = gradcheck.check_batchnorm(np.array(batch), gamma, beta)
    bias, weight = gradcheck.bias_before_batchnorm()
    rows = {
        "dx, dγ, dβ agree with central differences": f"relative error {found.error:.1g}",
        "a bias before the layer is canceled": f"gradient {bias:.1g}, that of W {weight:.2g}",
        "no gradient moves the whole batch": f"dx sums to {abs(total):.1g}",
    }
    return "\n".join(["| promise | measured |", "|---|---|", *(f"| {promise} | {found} |" for promise, found in rows.items())])
