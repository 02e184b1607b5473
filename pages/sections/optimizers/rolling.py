"""Rolling is drawn as a curve with two points on it that a slider moves, and as the end of the ball for every momentum."""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from engine import wells
from engine.optimizers import OPTIMIZERS
from engine.wells import LONG, MOMENTA, Bumps
from pages.kit import compute
from pages.kit.curves import Spec, without_data
from pages.sections.optimizers import bumps

FRAMES = 100
NAMES = tuple(OPTIMIZERS[name].label for name in ("sgd", "momentum"))
EVERYONE = tuple(rule.label for rule in OPTIMIZERS.values())
MARKS = {wells.NEVER: "square", wells.BACK: "triangle-up", wells.OUT: "circle", wells.ALONE: "square"}
LATEX = {
    "double": r"d\,(x^4 - 2x^2) + t\,x + y^2",
    "bumpy": r"\tfrac{d}{2}(1 - \cos 4x) + \tfrac{1}{8} x^2 + t\,x + y^2",
}


def stride(steps: int) -> int:
    """Steps from one frame to the next."""
    return -(-steps // FRAMES)


def table(asked: Bumps, steps: int) -> pd.DataFrame:
    """Columns line, step, x, y: the curve, whose line is "f" and whose step is −1, and both paths frame by frame."""
    x, f = asked.curve()
    frames = [pd.DataFrame({"line": "f", "step": -1, "x": x, "y": f})]
    for name, spec in zip(NAMES, asked.specs(steps), strict=True):
        path = compute.path(spec)
        shown = np.arange(0, steps + 1, stride(steps))
        held = np.minimum(shown, len(path.points) - 1)
        frames.append(pd.DataFrame({"line": name, "step": shown, "x": path.points[held, 0], "y": path.values[held]}))
    found = pd.concat(frames)
    return found[found["x"].abs() <= asked.span]


def heights(asked: Bumps) -> tuple[float, float]:
    """The ends of the axis of f, to two digits, with room for the ball."""
    _, f = asked.curve()
    room = 0.08 * (f.max() - f.min())
    return float(f"{f.min() - room:.2g}"), float(f"{f.max() + room:.2g}")


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
    ground = base.mark_line(strokeWidth=2, color="#888").transform_filter("datum.step < 0").encode(order="x:Q")
    past = base.mark_point(filled=True, size=28, opacity=0.45).encode(*look, tooltip=tips)
    past = past.transform_filter("datum.step >= 0 && datum.step < step")
    ball = base.mark_point(filled=True, size=330, opacity=1, stroke="#fff8", strokeWidth=2).encode(*look, tooltip=tips)
    ball = ball.transform_filter("datum.step == step")
    return without_data((ground + past + ball).add_params(frame).properties(height=400))


def outcomes(asked: Bumps) -> pd.DataFrame:
    """Columns x = μ, y = where the ball is in the end, line = its fate, own = the visitor's μ."""
    last, fates = bumps.ends(asked)
    return pd.DataFrame({"x": MOMENTA, "y": last, "line": fates, "own": asked.momentum})[fates != wells.LOST]


@lru_cache(maxsize=50)
def ladder(span: float, fates: tuple[str, ...]) -> Spec:
    """The end of the ball over momentum, every fate with its own mark."""
    legend = alt.Legend(orient="top", title=None, values=list(fates), symbolFillColor="transparent", symbolStrokeColor="#888")
    marks = alt.Scale(domain=list(MARKS), range=list(MARKS.values()))
    y = alt.Y("y:Q", title=f"x after {LONG} steps", scale=alt.Scale(domain=[-span, span]))
    tips = [alt.Tooltip("x:Q", title="μ"), alt.Tooltip("y:Q", title="x", format=".3g"), alt.Tooltip("line:N", title="the ball")]
    dots = alt.Chart().encode(alt.X("x:Q", title="momentum μ", scale=alt.Scale(domain=[0, 1])), y, tooltip=tips)
    dots = dots.encode(alt.Shape("line:N", scale=marks, legend=legend))
    kept = dots.mark_point(filled=True, size=40, clip=True, color="#888", opacity=0.7)
    kept = kept.transform_filter(alt.FieldOneOfPredicate("line", [wells.NEVER, wells.ALONE]))
    ball = alt.Color("rule:N", scale=alt.Scale(domain=list(EVERYONE)), legend=None)
    back = dots.mark_point(filled=False, size=90, clip=True, opacity=1, strokeWidth=2).encode(ball)
    back = back.transform_filter(f"datum.line == '{wells.BACK}'").transform_calculate(rule=f"'{NAMES[1]}'")
    out = dots.mark_point(filled=True, size=60, clip=True, opacity=1).encode(ball)
    out = out.transform_filter(f"datum.line == '{wells.OUT}'").transform_calculate(rule=f"'{NAMES[1]}'")
    own = alt.Chart().mark_rule(strokeDash=[4, 4], color="#888").encode(alt.X("max(own):Q"))
    return without_data((own + kept + back + out).properties(height=230))
