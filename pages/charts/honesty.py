"""Honesty as pictures: what settings promise against what they keep, and by how much the one that was chosen is off."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from engine.honesty import Way, deviation
from pages.charts import curves
from pages.charts.curves import Names, Spec
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

Ends = tuple[float, float]


def span(ways: Mapping[str, Way]) -> Ends:
    """From where to where both axes go, in steps of .05; over everything while there is nothing."""
    seen = np.concatenate([np.concatenate(way) for way in ways.values()]) if ways else np.array([0.0, 1.0])
    low, high = np.floor(20 * seen.min()) / 20, np.ceil(20 * seen.max()) / 20
    return float(low), float(max(high, low + 0.05))


def around(lines: pd.DataFrame) -> Ends:
    """From where to where the axis of optimism goes, for bands from low to high; at least from −.02 to .1."""
    low, high = lines["low"].min(), lines["high"].max()
    return float(np.fmin(-0.02, np.floor(50 * low) / 50)), float(np.fmax(0.1, np.ceil(20 * high) / 20))


def settings(name: str, way: Way | None, images: int) -> pd.DataFrame:
    """A row a setting: the name of the way, promised, kept, usual (what one that keeps as much promises on average), and low
    and high, one standard deviation below and above what is promised; `chosen` is the one with the best score."""
    scores, truth = way if way else (np.empty(0), np.empty(0))
    error = np.array([deviation(score, images) for score in scores])
    frame = pd.DataFrame({"way": name, "kept": truth, "promised": scores, "low": scores - error, "high": scores + error})
    usual = frame["kept"] + (frame["promised"] - frame["kept"]).mean()
    return frame.assign(usual=usual, setting=np.arange(len(frame)) + 1, chosen=frame.index == (way.chosen if way else -1))


@cached(maxsize=300)
def panel(order: Names, ends: Ends, height: int) -> Spec:
    """Promised over kept, a dot a setting. On the dashed line they are equal; the thin one is where settings lie on average,
    and the thick piece from there to the ring what choosing adds. The bar is a standard deviation of the promise."""
    titles = {"promised": tr("promised: its score"), "kept": tr("kept: on other images")}
    scale = alt.Scale(domain=list(ends), nice=False)
    axis = alt.Axis(format=".2~f", tickCount=4)
    x = alt.X("kept:Q", title=titles["kept"], scale=scale, axis=axis)
    y = {"title": titles["promised"], "scale": scale, "axis": axis}
    color = alt.Color("way:N", scale=alt.Scale(domain=list(order)), legend=None)
    tips = [alt.Tooltip(f"{field}:Q", title=title.partition(":")[0], format=".3f") for field, title in titles.items()]
    corners = [{"kept": end, "promised": end} for end in ends]
    equal = alt.Chart(alt.Data(values=corners)).mark_line(color=GRAY, strokeDash=[5, 4], strokeWidth=1.2)
    base = alt.Chart().encode(x)
    best = base.transform_filter("datum.chosen")
    usual = base.mark_line(strokeWidth=1.2, opacity=0.7, clip=True).encode(alt.Y("usual:Q", **y), color)
    dot = base.mark_point(filled=True, size=42, opacity=0.6).encode(
        alt.Y("promised:Q", **y), color, tooltip=[alt.Tooltip("setting:Q", title=tr("setting")), *tips]
    )
    bar = best.mark_rule(color=GRAY, strokeWidth=1.6, clip=True).encode(alt.Y("low:Q", **y), alt.Y2("high:Q"))
    more = best.mark_rule(strokeWidth=5, clip=True).encode(alt.Y("usual:Q", **y), alt.Y2("promised:Q"), color)
    ring = best.mark_point(size=130, strokeWidth=2.4, opacity=1).encode(alt.Y("promised:Q", **y), color, tooltip=tips)
    rule = equal.encode(x, alt.Y("promised:Q", **y))
    return curves.without_data(alt.layer(rule, usual, dot, bar, more, ring).properties(height=height))
