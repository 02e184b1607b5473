"""The window of learning rates: what the loss has come to at each, and between which of them it falls."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from engine.checklist import RATES, Tried
from pages.charts import curves
from pages.charts.axes import powers
from pages.charts.curves import Spec
from pages.kit.language import N_, cached, tr
from pages.kit.theme import GRAY

LEARNS, SLOW, STOPPED = N_("learns"), N_("barely moves"), N_("stopped")
COLORS = {LEARNS: "#2CA77B", SLOW: GRAY, STOPPED: "#F2541B"}
SPAN = (0.01, 3.0)  # of the loss, in first losses


def of(tried: Sequence[Tried]) -> pd.DataFrame:
    """What `window` draws: a row a learning rate, and one for the span of those that learn."""
    rows = [(one.lr, one.ratio, tr(STOPPED if one.stopped else LEARNS if one.learns else SLOW)) for one in tried]
    found = pd.DataFrame(rows, columns=["x", "y", "what"]).assign(kind="dot")
    good = found.loc[found["what"] == tr(LEARNS), "x"]
    span = pd.DataFrame({"x": [good.min() / 2], "to": [good.max() * 2], "kind": "span"}) if len(good) else None
    return pd.concat([found, span])


@cached(maxsize=300)
def window(lr: float, height: int) -> Spec:
    """The last loss over the first against learning rates; a rule at the one that was chosen."""
    scale = alt.Scale(type="log", domain=[RATES[0] / 2, RATES[-1] * 2], nice=False)
    x = alt.X("x:Q", title=tr("learning rate; the dashed line is the one chosen"), scale=scale, axis=powers(values=RATES[::2]))
    y = alt.Y(
        "y:Q",
        title=tr("last loss ÷ first"),
        scale=alt.Scale(type="log", domain=list(SPAN), clamp=True),
        axis=powers(tickCount=4),
    )
    above = alt.Legend(orient="top", title=None, columns=3, labelLimit=300)
    kinds = [tr(kind) for kind in COLORS]
    color = alt.Color("what:N", scale=alt.Scale(domain=kinds, range=list(COLORS.values())), legend=above)
    shape = alt.Shape("what:N", scale=alt.Scale(domain=kinds, range=["circle", "square", "triangle-up"]), legend=above)
    tips = [
        alt.Tooltip("x:Q", title=tr("learning rate"), format=".0e"),
        alt.Tooltip("y:Q", title=tr("last loss ÷ first"), format=".2f"),
        alt.Tooltip("what:N", title=tr("what")),
    ]
    span = (
        alt.Chart()
        .transform_filter("datum.kind == 'span'")
        .mark_rect(color=COLORS[LEARNS], opacity=0.15)
        .encode(x, alt.X2("to:Q"))
    )
    dot = (
        alt.Chart()
        .transform_filter("datum.kind == 'dot'")
        .mark_point(filled=True, size=90, opacity=1)
        .encode(x, y, color, shape, tooltip=tips)
    )
    rule = alt.Chart(alt.Data(values=[{"x": lr}])).mark_rule(color=GRAY, strokeDash=[5, 4], strokeWidth=2).encode(x)
    return curves.without_data(alt.layer(span, rule, dot).properties(height=height))
