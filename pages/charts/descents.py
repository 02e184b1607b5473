"""Descents as lines over steps, on logarithmic axes: step sizes, and distances to the minimum."""

from collections.abc import Mapping

import altair as alt
import numpy as np

from engine.optimizers import OPTIMIZERS
from engine.registry import Entry
from pages.charts.axes import powers
from pages.charts.curves import Names, Spec, color, without_data
from pages.charts.letters import grown
from pages.kit.language import cached, tr
from pages.kit.theme import style


def everyone() -> Names:
    return tuple(tr(rule.label) for rule in OPTIMIZERS.values())


def line_chart(lines: Mapping[str, np.ndarray], catalogue: Mapping[str, Entry], x: str, y: str) -> alt.TopLevelMixin:
    """Lines of values at 1, 2, … over log axes, thinned to what an eye can tell apart, by name in a catalogue.

    The scales know the whole catalogue in order, so that the theme gives each name its color, in light and in dark.
    """
    rows = []
    for name, values in lines.items():
        places = np.unique(np.geomspace(1, len(values), 150).astype(int))
        rows += [
            {"line": tr(catalogue[name].label), "x": int(k), "y": float(values[k - 1])} for k in places if values[k - 1] > 0
        ]
    low, high = min(row["y"] for row in rows), max(row["y"] for row in rows)
    everyone = [tr(entry.label) for entry in catalogue.values()]
    dashes = [style(catalogue, name).dash or [1, 0] for name in catalogue]
    legend = alt.Legend(orient="top", columns=3, symbolSize=400, values=[tr(catalogue[name].label) for name in lines])
    return grown(
        alt.Chart(alt.Data(values=rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            alt.X("x:Q", title=x, scale=alt.Scale(type="log", domain=[1, max(len(v) for v in lines.values())])),
            alt.Y("y:Q", title=y, scale=alt.Scale(type="log", domain=[low / 1.2, high * 1.2]), axis=powers()),
            alt.Color("line:N", title=None, scale=alt.Scale(domain=everyone), legend=legend),
            alt.StrokeDash("line:N", title=None, scale=alt.Scale(domain=everyone, range=dashes), legend=legend),
            tooltip=[
                alt.Tooltip("line:N", title=tr("line")),
                alt.Tooltip("x:Q", title=x),
                alt.Tooltip("y:Q", title=y, format=".4g"),
            ],
        )
        .properties(height=430)
    )


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
