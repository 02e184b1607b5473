"""A range test beside the truth: loss over a learning rate that grows, and below it what constant rates come to."""

import altair as alt

from pages.charts import curves
from pages.charts.axes import decades, powers
from pages.charts.curves import Names, Spec
from pages.charts.rates import rate_tip
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

SPAN = (1e-7, 10.0)


@cached(maxsize=300)
def over_rates(names: Names, *, y: str, domain: tuple[float, float], x: str, dots: bool, height: int) -> Spec:
    """Of rows of kind "seed" a thin line a seed, of kind "mean" a thick one with dots, and of kind "mark" a rule at a rate that
    one of the names tells."""
    scale = alt.Scale(type="log", domain=list(SPAN), nice=False)
    across = alt.X("rate:Q", scale=scale, axis=powers(values=decades(*SPAN), labelOverlap=True), title=x or None)
    up = {
        "title": y,
        "scale": alt.Scale(domain=list(domain), clamp=True, nice=False),
        "axis": alt.Axis(tickCount=5, minExtent=42),
    }
    line = {"symbolType": "stroke", "symbolSize": 400, "symbolOpacity": 1, "symbolStrokeWidth": 3}
    legend = alt.Legend(title=None, orient="top", columns=2, labelLimit=300, **line) if not x else None
    color = alt.Color("line:N", scale=alt.Scale(domain=list(names)), legend=legend)
    dashes = alt.Scale(domain=list(names), range=[[1, 0], [7, 3], [2, 3], [12, 3, 2, 3]])
    rate = rate_tip()
    tips = [rate, alt.Tooltip("seed:N", title=tr("seed")), alt.Tooltip("y:Q", title=y, format=".3g")]

    def layer(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.kind == '{kind}'").encode(across)

    rule = layer("mark").mark_rule()
    rule = rule.encode(
        color,
        alt.StrokeDash("line:N", scale=dashes, legend=legend),
        alt.StrokeWidth("thick:Q", scale=None, legend=None),
        tooltip=[alt.Tooltip("line:N", title=tr("rate of")), rate, alt.Tooltip("seed:N", title=tr("seed"))],
    )
    thin = (
        layer("seed")
        .mark_line(strokeWidth=1.2, opacity=0.6, color=GRAY)
        .encode(alt.Y("y:Q", **up), detail="seed:N", tooltip=tips)
    )
    thick = layer("mean").mark_line(strokeWidth=2.5, color=GRAY, point={"size": 45, "color": GRAY} if dots else False)
    thick = thick.encode(
        alt.Y("y:Q", **up), tooltip=[rate, alt.Tooltip("y:Q", title=tr("mean {number}", number=y), format=".3g")]
    )
    return curves.without_data(alt.layer(rule, thin, thick).properties(height=height))
