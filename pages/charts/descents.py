"""Descents as lines over steps, on logarithmic axes: step sizes, and distances to the minimum."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from engine.optimizers import OPTIMIZERS
from pages.charts.axes import powers
from pages.charts.curves import Names, Spec, color, without_data
from pages.kit.language import cached, tr


def everyone() -> Names:
    return tuple(tr(rule.label) for rule in OPTIMIZERS.values())


def sizes_of(found: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """What `sizes` draws of optimizer → its steps at 1, 2, …, thinned to what an eye can tell apart."""
    rows = [
        (tr(OPTIMIZERS[name].label), int(t), float(steps[t - 1]))
        for name, steps in found.items()
        for t in np.unique(np.geomspace(1, len(steps), 150).astype(int))
        if steps[t - 1] > 0
    ]
    return pd.DataFrame(rows, columns=["line", "x", "y"])


@cached(maxsize=200)
def sizes(rules: Names, last: int, low: float, high: float) -> Spec:
    """How long the steps of some optimizers are, from `low` to `high`, over steps, both axes logarithmic."""
    x, y = tr("step t"), tr("step ÷ (η · gradient)")
    tips = [alt.Tooltip("line:N", title=tr("line")), alt.Tooltip("x:Q", title=x), alt.Tooltip("y:Q", title=y, format=".4g")]
    across = alt.X("x:Q", title=x, scale=alt.Scale(type="log", domain=[1, last]))
    up = alt.Y("y:Q", title=y, scale=alt.Scale(type="log", domain=[low / 1.2, high * 1.2]), axis=powers())
    line = alt.Chart().mark_line(strokeWidth=2.5).properties(height=430)
    look = color(tuple(tr(OPTIMIZERS[name].label) for name in rules), everyone())
    return without_data(line.encode(across, up, tooltip=tips, **look))


@cached(maxsize=200)
def slopes(rules: Names, steps: int, bottom: float) -> Spec:
    """Distance over steps on a logarithmic axis: lines as measured, with the straight lines that were predicted."""
    base = alt.Chart().encode(alt.X("x:Q", title=tr("step"), scale=alt.Scale(domain=[0, steps]), axis=alt.Axis(tickCount=10)))
    scale = alt.Scale(domain=[bottom, 1e2], type="log")
    look = color(tuple(tr(OPTIMIZERS[name].label) for name in rules), everyone(), most=4)
    y = {"title": tr("distance to the minimum"), "scale": scale, "axis": powers(tickCount=6)}
    straight = base.mark_line(strokeWidth=5, opacity=0.3, clip=True).encode(alt.Y("predicted:Q", **y), look["color"])
    tips = [alt.Tooltip("line:N", title=tr("rule")), alt.Tooltip("x:Q", title=tr("step")), alt.Tooltip("y:Q", format=".3g")]
    line = base.mark_line(strokeWidth=2.25, clip=True).encode(alt.Y("y:Q", **y), tooltip=tips, **look)
    return without_data((straight + line).properties(height=280))
