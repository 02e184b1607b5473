"""Maps of powers of ten over two lists of names."""

import altair as alt

from pages.charts.curves import Names, Spec, without_data
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

REACH = 6  # decades that the colors tell apart to each side


@cached(maxsize=100)
def decades(columns: Names, rows: Names, title: str) -> Spec:
    """Cells (column, row, key, value = log10): 0 is what is kept, white; red grows, blue dies. The number stands in each cell;
    a click on one is the selection "cell" of its key."""
    pick = alt.selection_point("cell", fields=["key"], empty=False)
    slanted = alt.Axis(labelAngle=-50, labelOverlap=False, labelLimit=140)
    base = alt.Chart().encode(
        alt.X("column:N", title=tr("first weights"), sort=list(columns), axis=slanted),
        alt.Y("row:N", title=tr("activation"), sort=list(rows), axis=alt.Axis(labelOverlap=False)),
    )
    scale = alt.Scale(domain=[-REACH, 0, REACH], range=["#2166ac", "#f7f7f7", "#b2182b"], clamp=True)
    legend = alt.Legend(title=tr("{title}, power of ten", title=title), orient="top", gradientLength=260, titleLimit=400)
    cell = base.mark_rect(stroke=f"{GRAY}66", strokeWidth=0.5, cursor="pointer").encode(
        alt.Color("value:Q", scale=scale, legend=legend),
        tooltip=[alt.Tooltip("row:N", title=tr("activation")), alt.Tooltip("column:N", title=tr("first weights")),
                 alt.Tooltip("signal:Q", title=tr("signal"), format=".2f"),
                 alt.Tooltip("gradient:Q", title=tr("gradient"), format=".2f")],
    ).add_params(pick).properties(name="cells")  # fmt: skip
    dark = alt.condition(f"abs(datum.value) > {REACH / 2}", alt.value("#fff"), alt.value("#222"))
    shown = "format(datum.value, abs(datum.value) >= 9.95 ? '.0f' : '.1f')"
    word = base.transform_calculate(word=shown).mark_text(fontSize=size(11), cursor="pointer").encode(text="word:N", color=dark)
    return without_data((cell + word).properties(height=500))
