"""A sweep is what networks come to over a range of learning rates, beside the eigenvalues of their inputs, which set it."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from pages.charts import curves
from pages.charts.axes import decades, powers
from pages.charts.curves import Names, Spec
from pages.kit.language import cached, tr

RATES = (1e-6, 100)
LOSSES = (1e-4, 100)
SEEN = 1e-12  # of the largest eigenvalue: below, they are zeros that have been rounded


def spectra_of(found: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """What `spectra` draws of name → eigenvalues, the largest first."""
    parts = [
        pd.DataFrame({"line": name, "x": np.arange(len(own)) + 1, "y": own})[own > SEEN * own[0]] for name, own in found.items()
    ]
    return pd.concat(parts)


@cached(maxsize=300)
def spectra(order: Names, height: int) -> Spec:
    """Eigenvalues by their place, both on logarithmic scales; the first of each is λmax."""
    x = alt.X("x:Q", title=tr("eigenvalue, by size"), scale=alt.Scale(type="log", domain=[0.8, 1000], nice=False))
    scale = alt.Scale(type="log", domain=[1e-6, 1e7], nice=False, clamp=True)
    axis = powers(values=decades(1e-6, 1e7, most=7))
    y = alt.Y("y:Q", title=tr("λ of E[xxᵀ]"), scale=scale, axis=axis)
    style = curves.color(order, most=2)
    tips = [
        alt.Tooltip("line:N", title=tr("inputs")),
        alt.Tooltip("x:Q", title=tr("place")),
        alt.Tooltip("y:Q", title="λ", format=".3g"),
    ]
    base = alt.Chart().encode(x, y, tooltip=tips)
    line = base.mark_line(strokeWidth=2.5).encode(**style)
    first = base.transform_filter("datum.x == 1").mark_point(filled=True, size=90, opacity=1).encode(style["color"])
    return curves.without_data(alt.layer(line, first).properties(height=height))


def rates_of(found: pd.DataFrame, limits: Mapping[str, float], top: float) -> pd.DataFrame:
    """What `rates` draws of columns line, x (learning rate), and a number `y` for each seed, NaN for one that has diverged:
    rows of kind "line", "lost", at the `top` of the picture, where a seed has, and "limit", one a name."""
    gone = found["y"].isna().groupby([found["line"], found["x"]]).transform("any")
    seeds = found[~gone].groupby(["line", "x"], sort=False)["y"]
    line = seeds.agg(y="mean", low="min", high="max").reset_index().assign(kind="line")
    lost = found.loc[gone, ["line", "x"]].drop_duplicates().assign(kind="lost", y=top)
    rules = pd.DataFrame({"line": list(limits), "x": list(limits.values())}).assign(kind="limit")
    return pd.concat([line, lost, rules])


@cached(maxsize=300)
def rates(order: Names, *, y: str, log: bool, height: int) -> Spec:
    """A line a name over learning rates; a band from the lowest to the highest seed, a cross where a loss is no number any
    more, and a rule at the learning rate that is safe."""
    axis = powers(values=decades(*RATES))
    x = alt.X("x:Q", title=tr("learning rate"), scale=alt.Scale(type="log", domain=list(RATES), nice=False), axis=axis)
    scale = alt.Scale(type="log", domain=list(LOSSES), clamp=True) if log else alt.Scale(domain=[0, 1])
    up = {"title": y, "scale": scale, "axis": (powers if log else alt.Axis)(tickCount=6, minExtent=38)}
    style = curves.color(order, legend=False)
    tips = [alt.Tooltip("line:N", title=tr("inputs")), alt.Tooltip("x:Q", title=tr("learning rate"), format=".3g")]
    value = alt.Tooltip("y:Q", title=y, format=".3g")

    def layer(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.kind == '{kind}'").encode(x, style["color"])

    rule = layer("limit").mark_rule(strokeWidth=1.5, opacity=0.7).encode(strokeDash=style["strokeDash"], tooltip=tips)
    band = layer("line").mark_area(opacity=0.15).encode(alt.Y("low:Q", **up), alt.Y2("high:Q"))
    line = layer("line").mark_line(strokeWidth=2.5).encode(alt.Y("y:Q", **up), style["strokeDash"])
    dot = layer("line").mark_point(filled=True, size=45, opacity=1).encode(alt.Y("y:Q", **up), tooltip=[*tips, value])
    cross = layer("lost").mark_point(shape="cross", angle=45, filled=True, size=90).encode(alt.Y("y:Q", **up), tooltip=tips)
    return curves.without_data(alt.layer(rule, band, line, dot, cross).properties(height=height))
