"""Why: what one layer multiplies a signal by, what many layers make of that, and what the factor is made of."""

import numpy as np
import pandas as pd
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics, normal_inputs, predicted
from engine.initializers import INITIALIZERS
from engine.registry import Range
from pages.charts import signals
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, labels, row

LABEL = "Why"
NAME = "initialization/why"
RANDOM = {name: entry.label for name, entry in INITIALIZERS.items() if entry.variance}
KNOWN: dict[str, Setting] = {
    "why_factor": Number("a layer multiplies by", 0.5, Range(0.1, 2)),
    "why_depth": Number("layers ≤ 100", 50, Range(2, 100)),
    "why_activation": Choice("Activation", "identity", labels(ACTIVATIONS), menu=True),
    "why_starts": Choice("First weights", ("normal", "xavier", "he"), RANDOM),
    "why_ratio": Number("units ÷ inputs", 1.0, Range(0.1, 2)),
    "why_seed": Number("seed", 0, Range(0, 9999)),
}
LATEX = (
    r"z = \sum_{i=1}^{n} w_i x_i \quad\Rightarrow\quad \operatorname{Var}[z] = n \operatorname{Var}[w]\, \operatorname{E}[x^2]"
)


def show():
    picture, side = lab.stage(NAME)
    with side:
        values = row(KNOWN, ("why_factor", "why_depth"))
        activation = KNOWN["why_activation"].draw("why_activation")
        chosen = KNOWN["why_starts"].draw("why_starts")
        values |= row(KNOWN, ("why_ratio", "why_seed"))
        lab.reset(KNOWN)
    starts = [name for name in RANDOM if name in chosen]
    scales = list(dict.fromkeys((0.5, values["why_factor"], 1.5)))
    left, right = picture.columns(2)
    powers = multiplied(tuple(scales), values["why_depth"])
    left.vega_lite_chart(
        powers,
        signals.depth(tuple(map(signals.times, scales)), values["why_depth"]),
        key="why depth",
        alt="Signal against depth",
    )
    widths = wide(activation, tuple(starts), values["why_ratio"], values["why_seed"])
    if starts:
        chart = signals.width(tuple(RANDOM[name] for name in starts))
        right.vega_lite_chart(widths, chart, key="why width", alt="Root mean square behind a layer against its inputs")
    else:
        right.error("That cannot be drawn: choose at least one way to draw the first weights")
    with picture:
        lab.caption(NAME)
        lab.outcome(NAME, sentence(powers, widths, values["why_depth"]))
    lab.explain(
        NAME, None, layer_statistics, predicted, *(INITIALIZERS[name].function for name in starts), latex=LATEX, table=powers
    )


@st.cache_data(max_entries=100, show_spinner=False)
def multiplied(scales: tuple[float, ...], depth: int) -> pd.DataFrame:
    """Columns line, x (layer), y (measured), predicted: how much of the first layer's signal is left, through c·I."""
    rows = []
    for scale in scales:
        net = layer_statistics("identity", "identity", depth=depth, width=20, samples=50, seed=0, init_scale=scale)
        rows += [(signals.times(scale), k + 1, layer.std / net[0].std, scale**k) for k, layer in enumerate(net)]
    return pd.DataFrame(rows, columns=["line", "x", "y", "predicted"])


@st.cache_data(max_entries=100, show_spinner=False)
def wide(activation: str, starts: tuple[str, ...], ratio: float, seed: int) -> pd.DataFrame:
    """Columns line, x (inputs n), y (measured), predicted: the root mean square behind one layer of ratio · n units whose
    inputs are N(0, 1)."""
    rows = []
    for n in signals.WIDTHS:
        x = normal_inputs(500, n, seed)
        units = max(1, round(ratio * n))
        for name in starts:
            (layer,) = layer_statistics(activation, name, depth=1, width=units, samples=500, seed=seed, inputs=x)
            argument = predicted(activation, name, [n, units])
            rows.append((RANDOM[name], n, np.hypot(layer.mean, layer.std), argument.rms[0] if argument else np.nan))
    return pd.DataFrame(rows, columns=["line", "x", "y", "predicted"])


def sentence(powers: pd.DataFrame, factor: pd.DataFrame, depth: int) -> str:
    """What is left behind the last layer, and which first weights have the factor 1 at every width."""
    last = powers[powers["x"] == depth]
    said = ", ".join(f"{value:.1e} with {line}" for line, value in zip(last["line"], last["predicted"], strict=True))
    wide = factor.groupby("line", sort=False)["predicted"].last()
    level = ", ".join(f"{line} {value:.2f}" for line, value in wide.items())
    return (
        f"From layer 1 to layer {depth} a signal is multiplied {depth - 1} times. What is left of it: {said}. Behind one layer "
        f"with {signals.WIDTHS[-1]} inputs its root mean square is, by the formula, {level}."
    )
