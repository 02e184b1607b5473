"""Inside the layer: a batch of one feature on its way through μ, σ², x̂, γ and β, and what the formulas promise, checked."""

import numpy as np
import streamlit as st

from engine.gradcheck import normalized
from engine.layers import BatchNorm
from engine.registry import Range
from pages.kit import lab, text
from pages.kit.controls import Number, Setting, Text, row
from pages.sections.batchnorm.diagrams import feature_maps, strips
from pages.sections.batchnorm.promises import checks

LABEL = "Inside the layer"
NAME = "batchnorm/layer"
MOST = 12
KNOWN: dict[str, Setting] = {
    "batch": Text(f"Batch of one feature, 2 to {MOST} numbers", "-3, -1, 0.5, 2, 6", 200),
    "gamma": Number("γ", 1.0, Range(-1e6, 1e6)),
    "beta": Number("β", 0.0, Range(-1e6, 1e6)),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        words = KNOWN["batch"].draw("batch")
        values = row(KNOWN, ("gamma", "beta"))
    try:
        x = numbers(words)
    except ValueError as problem:
        picture.error(f"That is not a batch: {text.quote(str(problem))}")
        return
    layer, y = normalized(x, values["gamma"], values["beta"])
    with side:
        st.button("Undo it: γ = σ, β = μ", on_click=undo, args=(x, layer), width="stretch")
        lab.reset(KNOWN)
    with picture:
        st.altair_chart(strips(x, layer.xhat.ravel(), y), key="strips", alt="The batch, normalized, then scaled and shifted")
        lab.caption(NAME)
        st.latex(formula(x, values["gamma"], values["beta"], layer, y))
        lab.outcome(
            NAME,
            f"Mean and variance: {moments(x)} of the batch, {moments(layer.xhat)} of x̂, {moments(y)} of y. "
            f"y differs from x by at most {np.abs(y - x).max():.2g}.",
        )
    promises, convolution = st.columns(2, gap="medium")
    with promises:
        st.markdown("##### Promises, checked now on your batch")
        st.markdown(checks(tuple(x.tolist()), values["gamma"], values["beta"]))
    with convolution:
        st.markdown("##### In a convolution: one mean and one σ a feature map")
        st.altair_chart(
            feature_maps(), key="maps", alt="Feature maps of four images in three channels; a channel shares its mean"
        )
        st.caption(
            "A color shares one μ and one σ², over all images and all positions of that map (Ioffe & Szegedy 2015, 3.2)."
        )
    lab.explain(NAME, None, BatchNorm)


def numbers(words: str) -> np.ndarray:
    """The batch (n,); ValueError if it is not 2 to MOST numbers."""
    parts = words.replace("−", "-").replace(",", " ").replace(";", " ").split()
    if not 2 <= len(parts) <= MOST:
        raise ValueError(f"it needs 2 to {MOST} numbers, not {len(parts)}")
    x = np.array([float(part) for part in parts])
    if not (np.abs(x) <= 1e6).all():
        raise ValueError("every number must lie between -1e6 and 1e6")
    return x


def moments(values: np.ndarray) -> str:
    """Mean and variance in words; what is only rounding counts as 0."""
    size = np.abs(values).max()
    return f"{0.0 if abs(values.mean()) < 1e-12 * size else values.mean():.3g} and {values.var():.3g}"


def undo(x: np.ndarray, layer: BatchNorm) -> None:
    st.session_state["gamma"] = float(layer.std.item())
    st.session_state["beta"] = float(x.mean())


def signed(value: float) -> str:
    """A number as it stands behind an operator."""
    return f"({value:.4g})" if value < 0 else f"{value:.4g}"


def formula(x: np.ndarray, gamma: float, beta: float, layer: BatchNorm, y: np.ndarray) -> str:
    """The formulas with this batch's numbers, the last input as the example."""
    mean, var, std = x.mean(), x.var(), layer.std.item()
    return rf"""\begin{{aligned}}
        \mu &= \tfrac{{1}}{{{len(x)}}} \textstyle\sum x = {mean:.4g} \\
        \sigma^2 &= \tfrac{{1}}{{{len(x)}}} \textstyle\sum (x - \mu)^2 = {var:.4g} \\
        \hat x &= \frac{{x - \mu}}{{\sqrt{{\sigma^2 + \epsilon}}}} = \frac{{{x[-1]:.4g} - {signed(mean)}}}{{{std:.4g}}}
        = {layer.xhat[-1, 0]:.4g} \\
        y &= \gamma \hat x + \beta = {gamma:.4g} \cdot {signed(layer.xhat[-1, 0])} + {signed(beta)} = {y[-1]:.4g}
        \end{{aligned}}"""
