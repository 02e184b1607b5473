"""A ladder of momenta: where a ball on a curve ends for each of them."""

from typing import Any

import altair as alt

from engine.optimizers import OPTIMIZERS
from engine.wells import ALONE, BACK, NEVER, OUT
from pages.charts.curves import Names, Spec, without_data
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY, MARKERS

MARKS = {NEVER: "circle", ALONE: "circle", BACK: "triangle-up", OUT: "square"}
RESTS, MOVES = (NEVER, ALONE), (BACK, OUT)
BALL = list(OPTIMIZERS).index("momentum")


@cached(maxsize=50)
def ladder(span: float, steps: int, fates: Names) -> Spec:
    """Where the ball is after all steps over momentum, every fate with its own mark; gray where it never left."""
    y = alt.Y("y:Q", title=tr("x after {steps:step|steps}", steps=steps), scale=alt.Scale(domain=[-span, span]))
    tips = [
        alt.Tooltip("x:Q", title="μ"),
        alt.Tooltip("y:Q", title="x", format=".3g"),
        alt.Tooltip("line:N", title=tr("the ball")),
    ]
    dots = alt.Chart().encode(alt.X("x:Q", title=tr("momentum μ"), scale=alt.Scale(domain=[0, 1])), y, tooltip=tips)
    own = alt.Chart().mark_rule(strokeDash=[4, 4], color=GRAY).encode(alt.X("max(own):Q"))
    places = [str(place) for place in range(BALL + len(MARKERS) + 1)]
    places[BALL], places[BALL + len(MARKERS)] = map(tr, MOVES)  # where the theme has the ball's color
    theirs = alt.Color("line:N", scale=alt.Scale(domain=places))
    layers = [_marks(dots, *each, fates) for each in ((RESTS, 40, alt.value(GRAY)), (MOVES, 80, theirs))]
    chart = alt.layer(own, *layers).resolve_scale(color="independent", shape="independent")
    return without_data(chart.properties(height=230))


def _marks(dots: alt.Chart, kinds: Names, size: int, color: Any, fates: Names) -> alt.Chart:
    """The balls of these fates, and a legend of those that there are."""
    words, seen = [tr(fate) for fate in kinds], [tr(fate) for fate in kinds if fate in fates]
    legend = alt.Legend(orient="top", title=None, values=seen, symbolOpacity=1, symbolSize=size) if seen else None
    shape = alt.Shape("line:N", scale=alt.Scale(domain=words, range=[MARKS[fate] for fate in kinds]), legend=legend)
    color = color.legend(legend) if isinstance(color, alt.Color) else color
    kept = dots.transform_filter(alt.FieldOneOfPredicate("line", words))
    return kept.mark_point(filled=True, size=size, clip=True, opacity=0.9).encode(shape, color=color)
