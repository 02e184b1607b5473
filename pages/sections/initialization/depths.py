"""Depth charts: what each layer does to a signal, measured as points, predicted as lines."""

from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from pages.kit.curves import Names, Spec, color, without_data
from pages.sections.initialization.comparisons import compared
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
    x = alt.X("x:Q", title="layer", scale=alt.Scale(domain=[1, depth]), axis=alt.Axis(tickMinStep=1))
    if what != "mean":
        return compared(names, x, WHATS[what], ends, powers(*ends), height=height, legend=False)
    y = alt.Y("y:Q", title=WHATS[what], scale=alt.Scale(domain=list(ends), nice=False), axis=alt.Axis(format="~g", tickCount=5))
    tips = [alt.Tooltip("line:N", title="first weights"), "x:Q", alt.Tooltip("y:Q", title="mean", format=".3g")]
    line = alt.Chart().mark_line(point={"filled": True, "size": 35}).encode(x, y, tooltip=tips, **color(names, legend=False))
    return without_data(line.properties(height=height))
