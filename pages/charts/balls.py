"""A ladder of momenta: where a ball on a curve ends for each of them."""

from functools import lru_cache

import altair as alt

from engine.optimizers import OPTIMIZERS
from engine.wells import ALONE, BACK, NEVER, OUT
from pages.charts.curves import Spec, without_data
from pages.kit.theme import GRAY

BALL = OPTIMIZERS["momentum"].label
EVERYONE = tuple(rule.label for rule in OPTIMIZERS.values())
MARKS = {NEVER: "circle", BACK: "triangle-up", OUT: "square", ALONE: "circle"}


@lru_cache(maxsize=50)
def ladder(span: float, steps: int, fates: tuple[str, ...]) -> Spec:
    """Where the ball is after all steps over momentum, every fate with its own mark."""
    legend = alt.Legend(orient="top", title=None, values=list(fates), symbolFillColor="transparent", symbolStrokeColor=GRAY)
    marks = alt.Scale(domain=list(MARKS), range=list(MARKS.values()))
    y = alt.Y("y:Q", title=f"x after {steps} steps", scale=alt.Scale(domain=[-span, span]))
    tips = [alt.Tooltip("x:Q", title="μ"), alt.Tooltip("y:Q", title="x", format=".3g"), alt.Tooltip("line:N", title="the ball")]
    dots = alt.Chart().encode(alt.X("x:Q", title="momentum μ", scale=alt.Scale(domain=[0, 1])), y, tooltip=tips)
    dots = dots.encode(alt.Shape("line:N", scale=marks, legend=legend))
    kept = dots.mark_point(filled=True, size=40, clip=True, color=GRAY, opacity=0.7)
    kept = kept.transform_filter(alt.FieldOneOfPredicate("line", [NEVER, ALONE]))
    ball = alt.Color("rule:N", scale=alt.Scale(domain=list(EVERYONE)), legend=None)
    back = dots.mark_point(filled=False, size=90, clip=True, opacity=1, strokeWidth=2).encode(ball)
    back = back.transform_filter(f"datum.line == '{BACK}'").transform_calculate(rule=f"'{BALL}'")
    out = dots.mark_point(filled=True, size=60, clip=True, opacity=1).encode(ball)
    out = out.transform_filter(f"datum.line == '{OUT}'").transform_calculate(rule=f"'{BALL}'")
    own = alt.Chart().mark_rule(strokeDash=[4, 4], color=GRAY).encode(alt.X("max(own):Q"))
    return without_data((own + kept + back + out).properties(height=230))
