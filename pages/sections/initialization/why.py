"""Why: what one layer multiplies a signal by, what many layers make of that, and what the factor is made of."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics, normal_inputs, predicted
from engine.initializers import INITIALIZERS
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import signals
from pages.kit import compute
from pages.kit.controls import Choice, Number, Values, labels
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.sections.initialization.starts import EVERYONE

RANDOM = {name: entry.label for name, entry in INITIALIZERS.items() if entry.variance}
COLORS = ("Normal", *EVERYONE[1:])  # of standard deviation 1, elsewhere called so
CONTROLS = {
    "factor": Number("a layer multiplies by", 0.5, Range(0.1, 2)),
    "depth": Number("layers ≤ 100", 50, Range(2, 100)),
    "activation": Choice("Activation", "identity", labels(ACTIVATIONS), menu=True),
    "starts": Choice("First weights", ("normal", "xavier", "he"), RANDOM),
    "ratio": Number("units ÷ inputs", 1.0, Range(0.1, 2)),
    "seed": Number("seed", 0, Range(0, 9999)),
}
LATEX = (
    r"z = \sum_{i=1}^{n} w_i x_i \quad\Rightarrow\quad \operatorname{Var}[z] = n \operatorname{Var}[w]\, \operatorname{E}[x^2]"
)


@dataclass(frozen=True)
class Why:
    """Of many layers c·I, and of one layer with more and more inputs; columns line, x, y (measured), predicted."""

    powers: pd.DataFrame
    widths: pd.DataFrame


def find(values: Values) -> Why:
    scales = tuple(dict.fromkeys((0.5, values.factor, 1.5)))
    return Why(multiplied(scales, values.depth), wide(values.activation, values.starts, values.ratio, values.seed))


@compute.cached(100)
def multiplied(scales: tuple[float, ...], depth: int) -> pd.DataFrame:
    """Columns line, x (layer), y (measured), predicted: how much of the first layer's signal is left, through c·I."""
    rows = []
    for scale in scales:
        net = layer_statistics("identity", "identity", depth=depth, width=20, samples=50, seed=0, init_scale=scale)
        rows += [(signals.times(scale), k + 1, layer.std / net[0].std, scale**k) for k, layer in enumerate(net)]
    table = pd.DataFrame(rows, columns=["line", "x", "y", "predicted"])
    return table.assign(y=table["y"].where(table["y"] > 0))  # float32 ends at 1e-45


@compute.heavy(N_("Sending signals through layers of all widths …"), max_entries=100)
def wide(activation: str, starts: tuple[str, ...], ratio: float, seed: int) -> pd.DataFrame:
    """Columns line, x (inputs n), y (measured), predicted: the root mean square behind one layer of ratio · n units whose
    inputs are N(0, 1)."""
    rows = []
    for n in signals.WIDTHS:
        x = normal_inputs(500, n, seed)
        units = max(1, round(ratio * n))
        for name in starts:
            (layer,) = layer_statistics(activation, name, depth=1, width=units, samples=500, seed=seed, inputs=x, keep=False)
            argument = predicted(activation, name, [n, units])
            rows.append((RANDOM[name], n, np.hypot(layer.mean, layer.std), argument.rms[0] if argument else np.nan))
    return pd.DataFrame(rows, columns=["line", "x", "y", "predicted"])


def draw(why: Why, values: Values) -> None:
    left, right = st.columns(2)
    lines = tuple(dict.fromkeys(why.powers["line"]))
    left.vega_lite_chart(why.powers, signals.depth(lines, values.depth), key="why depth", alt=tr("Signal against depth"))
    if not values.starts:
        right.error(tr("That cannot be drawn: choose at least one way to draw the first weights"))
        return
    chart = signals.width(tuple(tr(RANDOM[name]) for name in values.starts), tuple(map(tr, COLORS)))
    alt = tr("Root mean square behind a layer against its inputs")
    right.vega_lite_chart(why.widths.assign(line=why.widths["line"].map(tr)), chart, key="why width", alt=alt)


def verdict(why: Why) -> Verdict:
    """What is left behind the last layer, which lines leave the chart, and what stands behind one wide layer."""
    last = why.powers[why.powers["x"] == why.powers["x"].max()]
    rows = [{"name": line, "left": left} for line, left in zip(last["line"], last["predicted"], strict=True)]
    depth, (low, high) = int(last["x"].iloc[0]), signals.FAR
    also = [Verdict("leaves", name=row["name"]) for row in rows if not low <= row["left"] <= high]
    if len(why.widths):
        wide = why.widths.groupby("line", sort=False)[["y", "predicted"]].last()
        behind = [{"name": line, "measured": y, "predicted": p} for line, y, p in wide.itertuples()]
        also.append(Verdict("wide", rows=behind, inputs=signals.WIDTHS[-1]))
    return Verdict("powers", right="gone", rows=rows, depth=depth, times=depth - 1, also=also)


LAB = Lab(
    id="initialization/why",
    title="Why size matters",
    was=("Why",),
    prefix="why_",
    controls=CONTROLS,
    find=find,
    draw=draw,
    verdict=verdict,
    table=lambda why: pd.concat([why.powers.assign(chart="depth"), why.widths.assign(chart="width")]),
    formula=LATEX,
    code=lambda values: [layer_statistics, predicted, *(INITIALIZERS[name].function for name in values.starts)],
)
