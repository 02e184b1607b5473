"""Parallel coordinates: an axis a hyper-parameter, a line a trial, to be brushed; and how much each of them mattered."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from engine.search import Range
from pages.charts import curves
from pages.charts.axes import decades, powers, ten
from pages.charts.curves import Names, Spec
from pages.kit.language import N_, cached, tr
from pages.kit.theme import GRAY

Figure = dict[str, Any]
BAR = (N_("value"), N_("low"), N_("high"))
SCORE = N_("validation accuracy")


def coordinates(space: Mapping[str, Range], labels: Mapping[str, str], trials: pd.DataFrame, height: int = 330) -> Figure:
    """A Plotly figure of trials with a column for each hyper-parameter and their score, by which lines are colored."""
    axes = [axis(wrapped(labels[name]), span, trials[name].tolist()) for name, span in space.items()]
    scores = trials["score"].tolist()
    axes.append({"label": wrapped(tr(SCORE)), "range": [0, 1], "values": scores})
    line = {"color": scores, "colorscale": "Viridis", "cmin": 0, "cmax": 1}
    fonts = {"labelfont": {"size": 12}, "tickfont": {"size": 12}}
    fonts["rangefont"] = {"color": "rgba(0, 0, 0, 0)"}  # the ends of an axis once more, over its label
    trace = {"type": "parcoords", "dimensions": axes, "line": line, **fonts}
    return {"data": [trace], "layout": {"height": height, "margin": {"l": 60, "r": 60, "t": 60, "b": 20}}}


def wrapped(label: str) -> str:
    """On two lines, so that labels of axes leave each other room on a phone, and the axis below them its highest tick."""
    return label.replace(" ", "<br>", 1)


def axis(label: str, span: Range, values: Sequence[float]) -> dict[str, Any]:
    """An axis over the whole range, on a logarithmic scale where the range has one."""
    if not span.log:
        return {"label": label, "range": [span.low, span.high], "values": list(values)}
    low, high = math.log10(span.low), math.log10(span.high)
    ticks = list(range(math.ceil(low), math.floor(high) + 1))
    words = [ten(power) for power in ticks]
    if len(ticks) < 2:
        ticks, words = [low, high], [f"{span.low:g}", f"{span.high:g}"]
    return {
        "label": label,
        "range": [low, high],
        "values": np.log10(values).tolist(),
        "tickvals": ticks,
        "ticktext": words,
    }


@cached(maxsize=100)
def importances(order: Names, height: int) -> Spec:
    """Bars of columns name, value, low, high: how much each hyper-parameter mattered, with its uncertainty."""
    y = alt.Y("name:N", title=None, scale=alt.Scale(domain=order), axis=alt.Axis(labelFontSize=13, labelLimit=200))
    x = {"scale": alt.Scale(domainMin=0, nice=True), "title": tr("importance (PED-ANOVA)")}
    tips = [alt.Tooltip("name:N", title=tr("name")), *(alt.Tooltip(f"{name}:Q", title=tr(name), format=".3f") for name in BAR)]
    bar = alt.Chart().mark_bar(height={"band": 0.55}).encode(alt.X("value:Q", **x), y, tooltip=tips)
    span = alt.Chart().mark_rule(strokeWidth=2.5, color=GRAY).encode(alt.X("low:Q", **x), alt.X2("high:Q"), y)
    return curves.without_data(alt.layer(bar, span).properties(height=height))


@cached(maxsize=300)
def slice_(label: str, low: float, high: float, log: bool, height: int) -> Spec:
    """Scores over one hyper-parameter `x`, whatever the others are."""
    scale = alt.Scale(type="log" if log else "linear", domain=[low, high], nice=False)
    ticks = decades(low, high)
    axis = powers(values=ticks) if log and len(ticks) > 1 else alt.Axis(tickCount=4)
    x = alt.X("x:Q", title=label, scale=scale, axis=axis)
    y = alt.Y("score:Q", title=tr(SCORE), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=3))
    tips = [alt.Tooltip("x:Q", title=label, format=".3g"), alt.Tooltip("score:Q", title=tr(SCORE), format=".2f")]
    dot = alt.Chart().mark_point(filled=True, size=45, opacity=0.75).encode(x, y, tooltip=tips)
    return curves.without_data(alt.layer(dot).properties(height=height))
