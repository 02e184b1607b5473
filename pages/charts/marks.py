"""A table of marks: what each check says of each row, by color and sign."""

import altair as alt

from pages.charts import curves
from pages.charts.curves import Names, Spec
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

STATES = {"fail": ("#F2541B", "✗"), "unknown": ("#E8B23A", "?"), "pass": ("#717a8733", "✓")}


@cached(maxsize=100)
def table(rows: Names, columns: Names) -> Spec:
    """Cells of columns bug, check, state and seen, which a pointer reads."""
    x = alt.X(
        "check:N",
        title=None,
        scale=alt.Scale(domain=columns),
        axis=alt.Axis(
            orient="top", labelAngle=alt.ExprRef("width < 320 ? -90 : -35"), labelOverlap=False, labelFontSize=size(13)
        ),
    )
    y = alt.Y("bug:N", title=None, scale=alt.Scale(domain=rows), axis=alt.Axis(labelFontSize=size(13), labelLimit=230))
    domain, colors = list(STATES), [color for color, _ in STATES.values()]
    color = alt.Color("state:N", scale=alt.Scale(domain=domain, range=colors), legend=None)
    base = alt.Chart().encode(
        x,
        y,
        tooltip=[
            alt.Tooltip("bug:N", title=tr("bug")),
            alt.Tooltip("check:N", title=tr("check")),
            alt.Tooltip("seen:N", title=tr("seen")),
        ],
    )
    cell = base.mark_rect(stroke=f"{GRAY}55", cornerRadius=3).encode(color)
    signs = " : ".join(f"datum.state == '{state}' ? '{sign}'" for state, (_, sign) in STATES.items())
    sign = base.transform_calculate(sign=f"{signs} : ''").mark_text(fontSize=size(16), fontWeight="bold")
    ink = alt.condition("datum.state == 'pass'", alt.value(GRAY), alt.value("#1B2230"))
    return curves.without_data(alt.layer(cell, sign.encode(text="sign:N", color=ink)).properties(height=110 + 36 * len(rows)))
