"""A difference is drawn as a dot with its error as a bar, beside the 0 that it has to get away from."""

import altair as alt
import numpy as np
import pandas as pd

from pages.charts import curves
from pages.charts.curves import Names, Spec
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

NARROW = 320  # pixels, in which there is no room for numbers beside the bars
SPAN = (-0.2, 0.2)  # of a picture of networks that are still training


def span(found: pd.DataFrame) -> tuple[float, float]:
    """From where to where a picture of columns more and error goes, in steps of .1."""
    error = found["error"].fillna(0.0)
    low, high = (found["more"] - error).min(), (found["more"] + error).max()
    return max(-1.0, np.floor(10 * min(low, -0.01)) / 10), min(1.0, np.ceil(10 * max(high, 0.01)) / 10)


def rows_of(found: pd.DataFrame, ends: tuple[float, float]) -> pd.DataFrame:
    """What `rows` draws of columns row, line, word, more and error, NaN if there is none."""
    known = found["error"].fillna(0.0)
    return found.assign(
        at=found["more"].clip(*ends),
        bar=(found["more"] - known).clip(*ends),
        top=(found["more"] + known).clip(*ends),
    )


@cached(maxsize=300)
def rows(names: Names, lines: Names, ends: tuple[float, float], *, x: str, legend: str, height: int) -> Spec:
    """In every row a dot for each line, one under the other; a bar is its error, the rule stands at 0."""
    low, high = ends
    wide = alt.Scale(domain=[low, high + 0.3 * (high - low)], nice=False)  # room for the numbers at the right
    ticks = [tick / 10 for tick in range(-10, 11) if low <= tick / 10 <= high]
    axis = alt.Axis(values=ticks, format="+.1f", labelExpr="datum.value ? datum.label : '0'")
    across = {"title": x, "scale": wide, "axis": axis}
    labels = alt.Axis(labelFontSize=13, labelLimit=220, grid=True, tickBand="extent")
    y = alt.Y("row:N", title=None, scale=alt.Scale(domain=names, paddingInner=0.2), axis=labels)
    under = alt.YOffset("line:N", scale=alt.Scale(domain=lines, paddingInner=0.4))
    above = alt.Legend(orient="top", title=legend, columns=1, symbolSize=110, labelLimit=300)
    color = alt.Color("line:N", scale=alt.Scale(domain=lines), legend=above)
    shape = alt.Shape("line:N", scale=alt.Scale(domain=lines, range=["circle", "square", "triangle-up"]), legend=above)
    tips = [
        alt.Tooltip("row:N", title=tr("row")),
        alt.Tooltip("line:N", title=tr("line")),
        alt.Tooltip("word:N", title=tr("difference")),
        alt.Tooltip("test:Q", title=tr("accuracy"), format=".3f"),
    ]
    rule = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=GRAY, strokeDash=[5, 4]).encode(alt.X("zero:Q", **across))
    base = alt.Chart().encode(y, under, color)
    bar = base.mark_rule(strokeWidth=3).encode(alt.X("bar:Q", **across), alt.X2("top:Q"))
    dot = base.mark_point(filled=True, size=120, opacity=1).encode(alt.X("at:Q", **across), shape, tooltip=tips)
    wide_enough = alt.expr(f"width < {NARROW} ? 0 : 1")
    word = base.mark_text(align="right", dx=-4, fontSize=12.5, opacity=wide_enough).encode(x=alt.value("width"), text="word:N")
    return curves.without_data(alt.layer(rule, bar, dot, word).properties(height=height))
