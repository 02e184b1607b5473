"""Inside the layer: a batch of one feature on its way through μ, σ², x̂, γ and β, and what the formulas promise, checked."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from engine import gradcheck
from engine.filled import number
from engine.gradcheck import normalized
from engine.layers import BatchNorm
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import batches
from pages.kit import address, compute
from pages.kit.controls import Number, Text, Values
from pages.kit.lab import Lab
from pages.kit.language import tr

MOST = 12
CONTROLS = {
    "batch": Text(f"Batch of one feature, 2 to {MOST} numbers", "-3, -1, 0.5, 2, 6", 200),
    "gamma": Number("γ", 1.0, Range(-1e6, 1e6), digits=17),
    "beta": Number("β", 0.0, Range(-1e6, 1e6), digits=17),
}


class Passed(NamedTuple):
    """A batch (n,) that went through the layer."""

    x: np.ndarray
    layer: BatchNorm
    y: np.ndarray


def find(values: Values) -> Passed:
    x = numbers(values.batch)
    return Passed(x, *normalized(x, values.gamma, values.beta))


def draw(passed: Passed, values: Values) -> None:
    x, layer, y = passed
    shown = batches.strips_of(x, layer.xhat.ravel(), y)
    alt = tr("The batch, normalized, then scaled and shifted")
    st.vega_lite_chart(shown, batches.strips(), key="strips", alt=alt)
    st.latex(formula(x, values.gamma, values.beta, layer, y))


def beside(passed: Passed | None, values: Values) -> None:  # noqa: ARG001
    if passed:
        undone = {"gamma": passed.layer.std.item(), "beta": passed.x.mean().item()}
        st.button(tr("Undo it: γ = σ, β = μ"), on_click=address.change, kwargs=undone, width="stretch")


def after(passed: Passed | None, values: Values) -> None:
    """The promises on this batch, and what a convolution shares."""
    if passed is None:
        return
    promises, convolution = st.columns(2, gap="medium")
    with promises:
        st.markdown(f"##### {tr('Promises, checked now')}")
        st.markdown(promised(*checked(tuple(passed.x.tolist()), values.gamma, values.beta)))
    with convolution:
        st.markdown(f"##### {tr('In a convolution: one mean and one σ a feature map')}")
        alt = tr("Feature maps of four images in three channels; a channel shares its mean")
        st.vega_lite_chart(*batches.feature_maps(), key="maps", alt=alt)
        st.caption(
            tr("A color shares one μ and one σ², over all images and all positions of that map (Ioffe & Szegedy 2015, 3.2).")
        )


@compute.cached(500)
def checked(batch: tuple[float, ...], gamma: float, beta: float) -> tuple[float, float, float, float]:
    """The error of this batch's backward pass against central differences, the sum of its dx, and the gradients of a bias and
    of the weights before a layer."""
    found, total = gradcheck.check_batchnorm(np.array(batch), gamma, beta)
    return found.error, abs(total), *gradcheck.bias_before_batchnorm()


def promised(error: float, total: float, bias: float, weight: float) -> str:
    """What was checked, as a table."""
    rows = {
        tr("your batch: dx, dγ, dβ agree with central differences"): tr("relative error {error:.1g}", error=error),
        tr("your batch: no gradient moves all of it"): tr("dx sums to {total:.1g}", total=total),
        tr("four units: a bias before the layer is canceled"): tr(
            "gradient {bias:.1g}, that of W {weight:.2g}", bias=bias, weight=weight
        ),
    }
    head = [f"| {tr('promise')} | {tr('measured')} |", "|---|---|"]
    return "\n".join([*head, *(f"| {promise} | {told} |" for promise, told in rows.items())])


def verdict(passed: Passed) -> Verdict:
    """Mean and variance at every stage, and what ten times the batch would become."""
    x, xhat, y = passed.x, passed.layer.xhat.ravel(), passed.y
    tenfold = normalized(10 * x, 1.0, 0.0)[1]
    grown = np.abs(tenfold).max() / max(np.abs(xhat).max(), 1e-300)
    stages = {"x": x, "x̂": xhat, "y": y}
    rows = [{"name": name, "mean": mean(values), "variance": float(values.var())} for name, values in stages.items()]
    kind, right = ("equal", "") if not xhat.any() else ("layer", "same") if abs(grown - 1) < 0.01 else ("small", "grows")
    return Verdict(kind, right=right, rows=rows, off=float(np.abs(y - x).max()), grown=float(grown))


def mean(values: np.ndarray) -> float:
    """What is only rounding counts as 0."""
    return 0.0 if abs(values.mean()) < 1e-12 * np.abs(values).max() else float(values.mean())


def numbers(words: str) -> np.ndarray:
    """The batch (n,); ValueError if it is not 2 to MOST numbers."""
    parts = words.replace("−", "-").replace(",", " ").replace(";", " ").split()
    if not 2 <= len(parts) <= MOST:
        raise ValueError(tr("it needs 2 to {most} numbers, not {n}", most=MOST, n=len(parts)))
    try:
        x = np.array([float(part) for part in parts])
    except ValueError:
        raise ValueError(tr("it needs numbers, such as -3, 0.5, 2")) from None
    if not (np.abs(x) <= 1e6).all():
        raise ValueError(tr("every number must lie between −1,000,000 and 1,000,000"))
    return x


def signed(value: float) -> str:
    """A number as it stands behind an operator."""
    return f"({number(value)})" if value < 0 else number(value)


def formula(x: np.ndarray, gamma: float, beta: float, layer: BatchNorm, y: np.ndarray) -> str:
    """The formulas with this batch's numbers, the last input as the example."""
    mu, var, std = mean(x), x.var(), layer.std.item()
    return rf"""\begin{{aligned}}
        \mu &= \tfrac{{1}}{{{len(x)}}} \textstyle\sum x = {number(mu)} \\
        \sigma^2 &= \tfrac{{1}}{{{len(x)}}} \textstyle\sum (x - \mu)^2 = {number(var)} \\
        \hat x &= \frac{{x - \mu}}{{\sqrt{{\sigma^2 + \epsilon}}}} = \frac{{{number(x[-1])} - {signed(mu)}}}{{{number(std)}}}
        = {number(layer.xhat[-1, 0])} \\
        y &= \gamma \hat x + \beta = {number(gamma)} \cdot {signed(layer.xhat[-1, 0])} + {signed(beta)} = {number(y[-1])}
        \end{{aligned}}"""


LAB = Lab(
    id="batchnorm/layer",
    title="Inside the layer",
    controls=CONTROLS,
    find=find,
    draw=draw,
    beside=beside,
    after=after,
    verdict=verdict,
    code=[BatchNorm],
)
