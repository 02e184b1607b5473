"""Depth charts: what each layer does to a signal, measured as points, predicted as lines."""

from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from pages.kit.curves import Names, Spec, color, without_data
from pages.sections.initialization.nets import Layer

WHATS = {"std": "std of the activations", "mean": "mean of the activations", "back": "std of the gradients"}
SMALLEST, LARGEST = 1e-30, 1e30


def table(nets: Sequence[Sequence[Layer]], names: Sequence[str], what: str) -> pd.DataFrame:
    """Columns line, x (layer), y (measured), predicted; what no logarithm can show is left out."""
    pick = {
        "std": lambda layer: (layer.outputs.std, layer.predicted),
        "mean": lambda layer: (layer.outputs.mean, np.nan),
        "back": lambda layer: (layer.back.std, layer.predicted_back),
    }[what]
    rows = [(name, place + 1, *pick(layer)) for name, net in zip(names, nets, strict=True) for place, layer in enumerate(net)]
    data = pd.DataFrame(rows, columns=["line", "x", "y", "predicted"])
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


def powers(low: float, high: float) -> list[float]:
    """At most seven powers of ten within the ends."""
    first, last = round(np.log10(low)), round(np.log10(high))
    return [10.0**k for k in range(first, last + 1, -(-(last - first) // 6) or 1)]


@lru_cache(maxsize=300)
def chart(names: Names, what: str, depth: int, ends: tuple[float, float], height: int = 220) -> Spec:
    base = alt.Chart().encode(alt.X("x:Q", title="layer", scale=alt.Scale(domain=[1, depth]), axis=alt.Axis(tickMinStep=1)))
    kind = "linear" if what == "mean" else "log"
    y = {"title": WHATS[what], "scale": alt.Scale(domain=list(ends), type=kind, nice=False)}
    y["axis"] = alt.Axis(format="~g", tickCount=5) if what == "mean" else alt.Axis(format="~e", values=powers(*ends))
    style = color(names)
    style["color"].legend = style["strokeDash"].legend = None
    tips = [
        alt.Tooltip("line:N", title="first weights"),
        alt.Tooltip("x:Q", title="layer"),
        alt.Tooltip("y:Q", title="measured", format=".3g"),
        alt.Tooltip("predicted:Q", format=".3g"),
    ]
    spot = base.mark_point(filled=True, size=45, opacity=1).encode(alt.Y("y:Q", **y), style["color"], tooltip=tips)
    if what == "mean":
        return without_data((base.mark_line().encode(alt.Y("y:Q", **y), **style) + spot).properties(height=height))
    line = base.mark_line(strokeWidth=2).encode(alt.Y("predicted:Q", **y), **style)
    return without_data((line + spot).properties(height=height))
