"""A ball on a curve: two points that a slider moves, and the end of the ball for every momentum."""

from functools import lru_cache

import altair as alt

from engine.optimizers import OPTIMIZERS
from engine.wells import ALONE, BACK, NEVER, OUT
from pages.charts.curves import Spec, without_data
from pages.kit.theme import GRAY

FRAMES = 100

NAMES = tuple(OPTIMIZERS[name].label for name in ("sgd", "momentum"))

EVERYONE = tuple(rule.label for rule in OPTIMIZERS.values())

MARKS = {NEVER: "square", BACK: "triangle-up", OUT: "circle", ALONE: "square"}


def stride(steps: int) -> int:
    """Steps from one frame to the next."""
    return -(-steps // FRAMES)


@lru_cache(maxsize=200)
def curve(span: float, domain: tuple[float, float], steps: int) -> Spec:
    """The curve, where both have been up to the step of the slider, and where they are at it."""
    last = steps // stride(steps) * stride(steps)
    frame = alt.param("step", value=last, bind=alt.binding_range(min=0, max=last, step=stride(steps), name="step "))
    base = alt.Chart().encode(
        alt.X("x:Q", title="x", scale=alt.Scale(domain=[-span, span])),
        alt.Y("y:Q", title="f(x, 0)", scale=alt.Scale(domain=list(domain), nice=False)),
    )
    legend = alt.Legend(orient="top", title=None, values=list(NAMES), symbolSize=140)
    look = (
        alt.Color("line:N", scale=alt.Scale(domain=list(EVERYONE)), legend=legend),
        alt.Shape("line:N", scale=alt.Scale(domain=list(EVERYONE), range=["square", "circle"]), legend=legend),
    )
    tips = [alt.Tooltip("line:N", title="rule"), alt.Tooltip("step:Q"), alt.Tooltip("x:Q", format=".3g"), alt.Tooltip("y:Q")]
    ground = base.mark_line(strokeWidth=2, color=GRAY).transform_filter("datum.step < 0").encode(order="x:Q")
    past = base.mark_point(filled=True, size=28, opacity=0.45).encode(*look, tooltip=tips)
    past = past.transform_filter("datum.step >= 0 && datum.step < step")
    ball = base.mark_point(filled=True, size=330, opacity=1, stroke="#fff8", strokeWidth=2).encode(*look, tooltip=tips)
    ball = ball.transform_filter("datum.step == step")
    return without_data((ground + past + ball).add_params(frame).properties(height=400))


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
    back = back.transform_filter(f"datum.line == '{BACK}'").transform_calculate(rule=f"'{NAMES[1]}'")
    out = dots.mark_point(filled=True, size=60, clip=True, opacity=1).encode(ball)
    out = out.transform_filter(f"datum.line == '{OUT}'").transform_calculate(rule=f"'{NAMES[1]}'")
    own = alt.Chart().mark_rule(strokeDash=[4, 4], color=GRAY).encode(alt.X("max(own):Q"))
    return without_data((own + kept + back + out).properties(height=230))
