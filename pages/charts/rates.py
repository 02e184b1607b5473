"""Learning rates from far too low, in blue, to far too high, in red: the loss with each, and what each makes of it."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from pages.charts import curves
from pages.charts.axes import decades, powers
from pages.charts.curves import Names, Spec
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

LOSSES = (1e-2, 1e3)
FROM_COLD_TO_HOT = ["#1283E6", "#8A55C4", "#F03A00"]
MARKS = ["circle", "triangle-up", "diamond", "square", "cross"]
POWER = "'10' + (datum.value < 0 ? '⁻' : '') + substring('⁰¹²³⁴⁵⁶', abs(datum.value), abs(datum.value) + 1)"


def rate_tip() -> alt.Tooltip:
    return alt.Tooltip("rate:Q", title=tr("learning rate"), format="~g")


def losses_of(found: Mapping[float, pd.DataFrame], chosen: float) -> pd.DataFrame:
    """What `losses` draws of rate → frame of its losses (`curves.frame`); that of the chosen rate is thick."""
    return pd.concat(
        frame[["x", "y"]].assign(rate=rate, power=np.log10(rate), thick=4.0 if rate == chosen else 1.6)
        for rate, frame in found.items()
    )


@cached(maxsize=300)
def losses(span: tuple[int, int], *, title: str, end: int, height: int) -> Spec:
    """A line a rate over updates, on a logarithmic scale, at whose edge stands what is beyond; `span`, the powers of ten of the
    rates."""
    x = alt.X("x:Q", title=tr("update"), scale=alt.Scale(domain=[0, end], nice=False))
    scale = alt.Scale(type="log", domain=list(LOSSES), clamp=True, nice=False)
    y = alt.Y("y:Q", title=tr("loss, smoothed"), scale=scale, axis=powers(values=decades(*LOSSES)))
    ticks = list(range(span[0], span[1] + 1, 1 if span[1] - span[0] < 7 else 2))
    look = {"gradientLength": 170, "gradientThickness": 9, "values": ticks, "labelExpr": POWER, "titleOrient": "left"}
    legend = alt.Legend(title=tr("learning rate"), orient="top", **look)
    color = alt.Color("power:Q", scale=alt.Scale(domain=list(span), range=FROM_COLD_TO_HOT, interpolate="rgb"), legend=legend)
    tips = [rate_tip(), alt.Tooltip("x:Q", title=tr("update")), alt.Tooltip("y:Q", title=tr("loss"), format=".3g")]
    width = alt.StrokeWidth("thick:Q", scale=None, legend=None)
    line = alt.Chart().mark_line().encode(x, y, color, width, detail="rate:N", tooltip=tips)
    return curves.without_data(alt.layer(line).properties(height=height, title=alt.TitleParams(title, anchor="start")))


def fates_of(found: pd.DataFrame, measure: str, chosen: float, edge: float) -> pd.DataFrame:
    """What `fates` draws of columns rate, seed, word (what became of the network) and the measure: rows of kind "network" each,
    at the `edge` of the picture where the measure is no number, and of kind "rate", which stands for most of its networks."""
    words = found.groupby("rate")["word"].agg(lambda own: own.value_counts().index[0])
    rates = np.array(words.index, float)
    half = np.exp(np.diff(np.log(rates)).min() / 2) if len(rates) > 1 else 2.0
    bands = pd.DataFrame({"rate": rates, "word": words.to_numpy(), "left": rates / half, "right": rates * half})
    networks = found.assign(y=found[measure].fillna(edge), kind="network")[["rate", "seed", "word", "y", "kind"]]
    return pd.concat([bands.assign(kind="rate", thick=np.where(rates == chosen, 2.5, 0.0)), networks])


@cached(maxsize=300)
def fates(words: Names, *, y: str, span: tuple[float, float], first: bool, height: int) -> Spec:
    """What every network comes to, over its learning rate, in bands of what becomes of them; a click on a band is the selection
    "rate". The words take the theme's colors in their order. The first of two is of losses and has the legend."""
    scale = alt.Scale(type="log", domain=list(span), nice=False)
    across = {
        "scale": scale,
        "axis": powers(values=decades(*span), labelOverlap=True),
        "title": None if first else tr("learning rate"),
    }
    up = alt.Scale(type="log", domain=list(LOSSES), clamp=True, nice=False) if first else alt.Scale(domain=[0, 1])
    axis = powers(values=decades(*LOSSES), minExtent=40) if first else alt.Axis(tickCount=4, minExtent=40)
    shown = [word for word in words if word != "–"]
    above = (
        alt.Legend(title=None, orient="top", columns=2, values=shown, labelLimit=300, symbolSize=110, symbolStrokeWidth=0)
        if first
        else None
    )
    color = alt.Color("word:N", scale=alt.Scale(domain=list(words)), legend=above)
    shape = alt.Shape("word:N", scale=alt.Scale(domain=shown, range=MARKS), legend=above)
    pick = alt.selection_point("rate", fields=["rate"], empty=False)
    width = alt.StrokeWidth("thick:Q", scale=None, legend=None)
    band = (
        alt.Chart(name="bands")
        .transform_filter("datum.kind == 'rate'")
        .mark_rect(fillOpacity=0.16, stroke=GRAY, cursor="pointer")
        .encode(
            alt.X("left:Q", **across),
            alt.X2("right:Q"),
            color,
            width,
            tooltip=[rate_tip(), alt.Tooltip("word:N", title=tr("most networks"))],
        )
        .add_params(pick)
    )
    tips = [
        rate_tip(),
        alt.Tooltip("seed:N", title=tr("seed")),
        alt.Tooltip("word:N", title=tr("network")),
        alt.Tooltip("y:Q", title=y, format=".3g"),
    ]
    dot = (
        alt.Chart()
        .transform_filter("datum.kind == 'network'")
        .mark_point(filled=True, size=60, opacity=0.9)
        .encode(alt.X("rate:Q", **across), alt.Y("y:Q", title=y, scale=up, axis=axis), color, shape, tooltip=tips)
    )
    return curves.without_data(alt.layer(band, dot).properties(height=height))
