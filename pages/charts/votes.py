"""Votes as bars: what a class said at first, what after a discussion, and what the experiment says with other seeds."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from pages.charts import curves
from pages.charts.curves import Names, Spec
from pages.charts.letters import size
from pages.kit.language import N_, cached, tr
from pages.kit.theme import GRAY

FIRST, SECOND, SEEDS = N_("first vote"), N_("after discussion"), N_("experiment, other seeds")
COLORS = {FIRST: "#8FC1F2", SECOND: "#1283E6", SEEDS: GRAY}


def frame(answers: Mapping[str, str], shown: Mapping[str, Mapping[str, int]], right: str) -> pd.DataFrame:
    """What `bars` draws of kind → answer → count; each kind's shares add up to 1, and the right answer has a tick."""
    rows = [
        (words, tr(kind), count.get(key, 0), count.get(key, 0) / max(1, sum(count.values())))
        for kind, count in shown.items()
        for key, words in zip(answers, order_of(answers, right), strict=True)
    ]
    return pd.DataFrame(rows, columns=["answer", "kind", "count", "share"])


@cached(maxsize=300)
def bars(order: Names, kinds: Names) -> Spec:
    """A group of bars an answer, a bar a kind, its count at its end."""
    band = alt.Scale(paddingInner=0.5, paddingOuter=0.5)
    y = alt.Y("answer:N", sort=list(order), axis=None, scale=band)
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, 1.06]), axis=alt.Axis(format="%", tickCount=4, title=None))
    kind = alt.Scale(domain=[tr(kind) for kind in kinds], range=[COLORS[kind] for kind in kinds])
    color = alt.Color("kind:N", scale=kind, legend=alt.Legend(orient="top", title=None, labelFontSize=size(14)))
    base = alt.Chart().encode(x, y, yOffset=alt.YOffset("kind:N", sort=[tr(kind) for kind in kinds]))
    bar = base.mark_bar(cornerRadiusEnd=3).encode(
        color,
        tooltip=[
            alt.Tooltip("answer:N", title=tr("answer")),
            alt.Tooltip("kind:N", title=tr("kind")),
            alt.Tooltip("count:Q", title=tr("count")),
        ],
    )
    word = base.transform_filter("datum.count > 0").mark_text(align="left", dx=5, fontSize=size(14), color=GRAY)
    name = alt.Chart().transform_filter(f"datum.kind == '{tr(kinds[0])}'")
    name = name.mark_text(align="left", baseline="bottom", dy=-4, fontSize=size(15), color=GRAY, limit=1200)
    name = name.encode(
        alt.Y("answer:N", sort=list(order), axis=None, scale=band, bandPosition=0), x=alt.value(0), text="answer:N"
    )
    height = len(order) * (14 * len(kinds) + 26) + 20
    return curves.without_data(alt.layer(bar, word.encode(text="count:Q"), name).properties(height=height + 60))


def order_of(answers: Mapping[str, str], right: str) -> Names:
    """The answers as they are written, in their order."""
    return tuple(f"{'✓ ' * (key == right)}{words}" for key, words in answers.items())
