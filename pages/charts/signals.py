"""Signals on their way through layers: measured as points, predicted as lines, and the gradients that come back.

A way to draw first weights has one color everywhere, that of its place in `everyone`.
"""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from pages.charts import axes, curves
from pages.charts.curves import Names, Spec, color, without_data
from pages.kit.language import N_, cached, tr

WHATS = {
    "std": N_("std of the activations"),
    "mean": N_("mean of the activations"),
    "back": N_("std of the gradients"),
}
COLUMNS = {"std": ("std", "std_predicted"), "mean": ("mean", ""), "back": ("gradient_std", "gradient_std_predicted")}
SMALLEST, LARGEST = 1e-30, 1e30  # what the axes of layers reach
WIDTHS = (10, 20, 50, 100, 200, 500, 1000)
FAR = (1e-20, 1e20)  # the ends of the axis of `depth`


def compared(
    names: Names,
    x: alt.X,
    title: str,
    ends: tuple[float, float],
    ticks: list[float],
    everyone: Names = (),
    *,
    height: int = 420,
    legend: bool = True,
) -> Spec:
    """Rows line, x, y (measured), predicted, on a logarithmic axis; what leaves the chart is cut off at its edge."""
    y = {
        "title": title,
        "scale": alt.Scale(type="log", domain=list(ends), nice=False),
        "axis": axes.powers(values=ticks),
    }
    base = alt.Chart().encode(x)
    style = color(names, everyone, legend=legend)
    tips = [
        alt.Tooltip("line:N", title=tr("first weights")),
        "x:Q",
        alt.Tooltip("y:Q", title=tr("measured"), format=".3g"),
        alt.Tooltip("predicted:Q", title=tr("predicted"), format=".3g"),
    ]
    line = base.mark_line(strokeWidth=2, clip=True).encode(alt.Y("predicted:Q", **y), **style)
    spot = base.mark_point(filled=True, size=35, opacity=1, clip=True).encode(alt.Y("y:Q", **y), style["color"], tooltip=tips)
    return without_data((line + spot).properties(height=height))


def times(scale: float) -> str:
    return f"{scale:g}·I"


@cached(maxsize=100)
def depth(names: Names, layers: int) -> Spec:
    x = alt.X("x:Q", title=tr("layer"), scale=alt.Scale(domain=[1, layers], nice=False))
    return compared(names, x, tr("signal, as a share of the first layer's"), FAR, [FAR[0], 1e-10, 1, 1e10, FAR[1]])


@cached(maxsize=100)
def width(names: Names, everyone: Names) -> Spec:
    scale = alt.Scale(type="log", domain=[WIDTHS[0], WIDTHS[-1]])
    x = alt.X("x:Q", title=tr("inputs n of the layer"), scale=scale, axis=alt.Axis(values=[10, 100, 1000], format="d"))
    return compared(names, x, tr("root mean square behind one layer"), (0.01, 100), [0.01, 0.1, 1, 10, 100], everyone)


def lines(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """Columns line, x (layer), y (measured), predicted, of a table of nets; what no logarithm can show is left out."""
    measured, predicted = COLUMNS[what]
    data = pd.DataFrame({"line": table["first_weights"], "x": table["layer"], "y": table[measured]})
    data["predicted"] = table[predicted] if predicted else np.nan
    if what != "mean":
        data[["y", "predicted"]] = data[["y", "predicted"]].where(lambda d: (d > SMALLEST) & (d < LARGEST))
    return data


def domain(data: pd.DataFrame, what: str) -> tuple[float, float]:
    """The ends of the axis: whole powers of ten, or a margin around the means."""
    values = data[["y", "predicted"]].to_numpy(float)
    values = values[np.isfinite(values)]
    if not values.size:
        return (0.1, 10.0)
    low, high = float(values.min()), float(values.max())
    if what == "mean":
        margin = 0.08 * (high - low) or 1.0
        return low - margin, high + margin
    low, high = np.floor(np.log10(low)), np.ceil(np.log10(high) + 1e-9)
    return 10.0**low, 10.0 ** max(high, low + 1)


@cached(maxsize=300)
def layers(names: Names, everyone: Names, what: str, depth: int, ends: tuple[float, float], height: int = 220) -> Spec:
    x = alt.X("x:Q", title=tr("layer"), scale=alt.Scale(domain=[1, depth]), axis=alt.Axis(tickMinStep=1))
    if what != "mean":
        return compared(names, x, tr(WHATS[what]), ends, axes.decades(*ends, most=7), everyone, height=height, legend=False)
    y = alt.Y(
        "y:Q", title=tr(WHATS[what]), scale=alt.Scale(domain=list(ends), nice=False), axis=alt.Axis(format="~g", tickCount=5)
    )
    tips = [alt.Tooltip("line:N", title=tr("first weights")), "x:Q", alt.Tooltip("y:Q", title=tr("mean"), format=".3g")]
    style = color(names, everyone, legend=False)
    line = alt.Chart().mark_line(point={"filled": True, "size": 35}).encode(x, y, tooltip=tips, **style)
    return without_data(line.properties(height=height))


def norms(histories: Sequence[History], names: Sequence[str]) -> pd.DataFrame:
    """Columns line, layer, x (update), y: the norm of the gradient of W; the first history of each name."""
    first = dict(zip(reversed(names), reversed(histories), strict=True))
    found = curves.layers(list(first.values()), "gradient_norm")
    return found[found["y"] > 0].assign(line=lambda data: data["place"].map(dict(enumerate(first))))


@cached(maxsize=100)
def gradients(names: Names, everyone: Names, end: int) -> Spec:
    scale = alt.Scale(type="log", domain=[1e-7, 10.0], clamp=True)
    axis = axes.powers(values=[1e-6, 1e-4, 1e-2, 1])
    style = color(names, everyone, legend=False)
    tips = [
        alt.Tooltip("line:N", title=tr("line")),
        alt.Tooltip("layer:O", title=tr("layer")),
        alt.Tooltip("x:Q", title=tr("update")),
        alt.Tooltip("y:Q", title=tr("norm"), format=".2g"),
    ]
    base = alt.Chart().encode(
        alt.X("x:Q", title=tr("update"), scale=alt.Scale(domain=[0, end])),
        alt.Y("y:Q", title=tr("norm of the gradient of W"), scale=scale, axis=axis),
        style["color"],
        detail="layer:O",
        tooltip=tips,
    )
    line = base.mark_line(strokeWidth=1.6).encode(style["strokeDash"])
    return without_data(line.properties(height=210))
