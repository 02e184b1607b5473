"""Inside the layer: a batch of one feature on its way through μ, σ², x̂, γ and β, and what the formulas promise, checked."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from engine.layers import BatchNorm, Dense
from engine.network import Network
from engine.registry import Range
from pages.kit import lab, text
from pages.kit.controls import Number, Setting, Text, row

LABEL = "Inside the layer"
NAME = "batchnorm/layer"
MOST = 12
KNOWN: dict[str, Setting] = {
    "batch": Text(f"Batch of one feature, 2 to {MOST} numbers", "-3, -1, 0.5, 2, 6", 200),
    "gamma": Number("γ", 1.0, Range(-1e6, 1e6)),
    "beta": Number("β", 0.0, Range(-1e6, 1e6)),
}
ROWS = ("x, the batch", "x̂, normalized", "y, scaled and shifted")


def settings():
    return KNOWN


def show():
    picture, side = lab.stage()
    with side:
        lab.predict(NAME)
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
        st.caption(
            "Every number of the batch, followed through the layer. The diamond is the mean, the thick bar one standard deviation to each "
            "side. Watch the middle row: whatever you type, it has mean 0 and standard deviation 1."
        )
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
            "Each color shares one μ and one σ², taken over all images and all positions of that map (Ioffe & Szegedy 2015, 3.2)."
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


def normalized(x: np.ndarray, gamma: float, beta: float) -> tuple[BatchNorm, np.ndarray]:
    """The layer after a training pass over the batch in float64, and its outputs (n,)."""
    layer = BatchNorm(1)
    Network([layer], dtype=np.float64)
    layer.gamma[...], layer.beta[...] = gamma, beta
    return layer, layer.forward(x[:, None], train=True).ravel()


def moments(values: np.ndarray) -> str:
    """Mean and variance in words; what is only rounding counts as 0."""
    size = np.abs(values).max()
    return f"{0.0 if abs(values.mean()) < 1e-12 * size else values.mean():.3g} and {values.var():.3g}"


def undo(x: np.ndarray, layer: BatchNorm) -> None:
    st.session_state["gamma"] = float(layer.std.item())
    st.session_state["beta"] = float(x.mean())


def formula(x: np.ndarray, gamma: float, beta: float, layer: BatchNorm, y: np.ndarray) -> str:
    """The formulas with this batch's numbers, the last input as the example."""
    mean, var, std = x.mean(), x.var(), layer.std.item()
    return rf"""\begin{{aligned}}
        \mu &= \tfrac{{1}}{{{len(x)}}} \textstyle\sum x = {mean:.4g} \qquad
        \sigma^2 = \tfrac{{1}}{{{len(x)}}} \textstyle\sum (x - \mu)^2 = {var:.4g} \\
        \hat x &= \frac{{x - \mu}}{{\sqrt{{\sigma^2 + \epsilon}}}} = \frac{{{x[-1]:.4g} - {mean:.4g}}}{{{std:.4g}}}
        = {layer.xhat[-1, 0]:.4g} \qquad
        y = \gamma \hat x + \beta = {gamma:.4g} \cdot {layer.xhat[-1, 0]:.4g} + {beta:.4g} = {y[-1]:.4g}
        \end{{aligned}}"""


def strips(x: np.ndarray, xhat: np.ndarray, y: np.ndarray) -> alt.LayerChart:
    """Three number lines under each other, a line for each member of the batch."""
    stages = dict(zip(ROWS, (x, xhat, y), strict=True))
    points = pd.DataFrame(
        [{"stage": name, "member": i, "value": v} for name, values in stages.items() for i, v in enumerate(values.tolist())]
    )
    spread = pd.DataFrame(
        [{"stage": name, "mean": v.mean(), "low": v.mean() - v.std(), "high": v.mean() + v.std()} for name, v in stages.items()]
    )
    stage = alt.Y(
        "stage:N", sort=list(ROWS), title=None, axis=alt.Axis(labelFontSize=13, labelLimit=200, domain=False, grid=True)
    )
    bars = alt.Chart(spread).encode(stage)
    bar = bars.mark_rule(strokeWidth=16, opacity=0.18).encode(alt.X("low:Q", title="value"), alt.X2("high:Q"))
    mean = bars.mark_point(shape="diamond", size=140, filled=True, color="#888").encode(
        alt.X("mean:Q"), tooltip=["stage", alt.Tooltip("mean:Q", format=".4g")]
    )
    base = alt.Chart(points).encode(stage, alt.X("value:Q"), alt.Color("member:N", legend=None))
    path = (
        base.mark_line(strokeWidth=1.5, opacity=0.6)
        .encode(detail="member:N", order="stage_order:Q")
        .transform_calculate(stage_order=f"indexof({list(ROWS)}, datum.stage)")
    )
    dot = base.mark_circle(size=130, opacity=1).encode(tooltip=["stage", alt.Tooltip("value:Q", format=".4g")])
    return (bar + path + mean + dot).properties(height=300)


@st.cache_data(max_entries=500, show_spinner=False)
def checks(batch: tuple[float, ...], gamma: float, beta: float) -> str:
    """A table: the backward pass against central differences, and a bias before the layer."""
    x = np.array(batch)[:, None]
    layer, _ = normalized(x.ravel(), gamma, beta)
    dy = np.random.default_rng(0).normal(size=x.shape)
    dx = layer.backward(dy)
    analytic = np.concatenate([dx.ravel(), layer.dgamma.ravel(), layer.dbeta.ravel()])
    step = 1e-6 * max(1.0, float(np.abs(x).max()))

    def loss(at: np.ndarray) -> float:
        return float((normalized(at[:-2], at[-2], at[-1])[1] * dy.ravel()).sum())

    here = np.array([*batch, gamma, beta])
    numeric = np.array([(loss(here + e) - loss(here - e)) / (2 * step) for e in step * np.eye(len(here))])
    error = np.abs(analytic - numeric).max() / max(1e-12, np.abs(analytic).max())
    dense, norm = Dense(3, 4), BatchNorm(4)
    rng = np.random.default_rng(1)
    network = Network([dense, norm], dtype=np.float64)
    network.theta[...] = rng.normal(size=network.theta.shape)
    network.forward(rng.normal(size=(8, 3)), train=True)
    network.backward(rng.normal(size=(8, 4)))
    return (
        "\n".join(
            [
                "| promise | measured |",
                "|---|---|",
                f"| dx, dγ, dβ agree with central differences | relative error {error:.1g} |",
                f"| a bias before the layer is canceled: its gradient is 0 | largest |db| {np.abs(dense.db).max():.1g}, "
                f"largest |dW| {np.abs(dense.dW).max():.2g} |",
                f"| the gradient cannot move the whole batch: dx sums to 0 | {abs(dx.sum()):.1g} |",
            ]
        )
        .replace("|db|", "∣db∣")
        .replace("|dW|", "∣dW∣")
    )


def feature_maps() -> alt.Chart:
    """Four images, three feature maps each, as cells in the color of their statistics."""
    side = 4
    cells = pd.DataFrame(
        [
            {"x": image * (side + 1) + i, "y": channel * (side + 1) + j, "map": f"map {channel + 1}"}
            for image in range(4)
            for channel in range(3)
            for i in range(side)
            for j in range(side)
        ]
    ).assign(right=lambda d: d["x"] + 0.92, bottom=lambda d: d["y"] + 0.92)
    return (
        alt.Chart(cells)
        .mark_rect()
        .encode(
            alt.X("x:Q", axis=alt.Axis(values=[2, 7, 12, 17], labelExpr="'image ' + ((datum.value - 2) / 5 + 1)", grid=False, ticks=False,
                  domain=False, labelPadding=6), title=None, scale=alt.Scale(domain=[-0.2, 19.2], nice=False)),
            alt.X2("right:Q"),
            alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[14.2, -0.2], nice=False)),
            alt.Y2("bottom:Q"),
            alt.Color("map:N", legend=alt.Legend(orient="top", title=None)),
        )
        .properties(height=230)
    )  # fmt: skip
