"""A neuron's life: its hyperplane among the inputs, its gradients by quadrant, what is left of it at every learning rate."""

from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from engine.activations import ACTIVATIONS
from engine.neuron import RANGES, Bent, Life, Linear, active, gradient
from pages.charts import curves
from pages.charts.axes import powers
from pages.charts.contours import Surface
from pages.charts.curves import Names, Spec, without_data
from pages.charts.letters import size
from pages.charts.paths import RESTING, Shown, scene
from pages.kit.language import N_, cached, tr
from pages.kit.theme import GRAY, Style

LABELS = {"centered": N_("Zero-centered"), "positive": N_("All positive")}
LOOKS = {"centered": Style(0, [8, 4], "circle"), "positive": Style(1, [], "square")}

FRAMES = 60

BOX = np.array([[-1.4, -0.7], [3.6, -0.7], [3.6, 2.7], [-1.4, 2.7]])

SIDES = (N_("active"), N_("loss"))

HEIGHT, WORD = 500, 26  # pixels: all of it, and the line of words at the top

CLOUD, STRIP = "0.7 * height", "0.8 * height"  # where the inputs end, and where the curves begin

LOSSES = (1e-6, 1e2)


def moments(life: Life) -> np.ndarray:
    """(frames,): the updates that are drawn, from the start to the last, all of them if they are few."""
    last = len(life.gradients)
    return np.linspace(0, last, min(last, FRAMES) + 1).round().astype(int)


def table(spec: Bent, life: Life) -> pd.DataFrame:
    """All rows of the chart; `kind` tells which layer a row belongs to, `frame` when it is shown."""
    at, (x, t) = moments(life), spec.data()
    weights, share = life.weights[at], active(life.weights, x)
    seen = np.where(weights @ x.T > 0, "1", "0").T
    rows = [{"kind": "input", "x": a, "y": b, "seen": "".join(bits)} for (a, b, _), bits in zip(x.tolist(), seen, strict=True)]
    for frame, w in enumerate(weights):
        rows += [{"kind": "side", "frame": frame, "corner": i, "x": a, "y": b} for i, (a, b) in enumerate(half(w).tolist())]
        rows += [{"kind": "edge", "frame": frame, "x": a, "y": b} for a, b in crossings(w).tolist()]
    slopes = np.linalg.norm(gradient(ACTIVATIONS[spec.activation], weights, x, t), axis=-1)
    for frame, (update, slope) in enumerate(zip(at.tolist(), slopes.tolist(), strict=True)):
        gets = f"|∇L| {slope:.2g}" if slope or share[update] else tr("dead: ∇L = 0")
        word = tr(
            "update {k} · active {share} · loss {loss} · {gets}",
            k=update,
            share=f"{share[update]:.0%}",
            loss=f"{life.loss[update]:.2g}",
            gets=gets,
        )
        rows.append({"kind": "word", "frame": frame, "word": word, "update": update})
    curves = zip(np.clip(life.loss, *LOSSES).tolist(), share.tolist(), strict=True)
    rows += [{"kind": "curve", "update": k, "loss": loss, "share": part} for k, (loss, part) in enumerate(curves)]
    return pd.DataFrame(rows)


def half(w: np.ndarray) -> np.ndarray:
    """(m, 2): corners of the part of BOX on the active side of w₁x + w₂y + b = 0."""
    corners = []
    for here, there in zip(BOX, np.roll(BOX, -1, axis=0), strict=True):
        z, beyond = here @ w[:2] + w[2], there @ w[:2] + w[2]
        corners += [here] if z > 0 else []
        corners += [here + (there - here) * z / (z - beyond)] if (z > 0) != (beyond > 0) else []
    return np.reshape(corners, (-1, 2))


def crossings(w: np.ndarray) -> np.ndarray:
    """(2, 2) where the hyperplane enters and leaves BOX, or (0, 2) where it misses it."""
    corners = half(w)
    return corners[np.abs(corners @ w[:2] + w[2]) < 1e-9 * np.abs(w).sum()]


@cached(maxsize=500)
def hyperplane(last: int) -> Spec:
    """The inputs with the neuron above, loss and active share below, and a slider over the updates 0 … `last`."""
    slider = alt.param("update", value=0, bind=alt.binding_range(min=0, max=last, step=1, name=f"{tr('update')} "))
    frame = alt.param("frame", expr=f"round(update * {min(last, FRAMES)} / {max(last, 1)})")
    layers = alt.layer(*cloud(), *strip(max(last, 1))).resolve_scale(x="independent", y="independent")
    return without_data(layers.add_params(slider, frame).properties(height=HEIGHT))


def cloud() -> list[alt.Chart]:
    """The active side, the hyperplane, inputs on the silent and on the active side, and the moment in words."""
    (left, low), (right, high) = BOX.min(axis=0), BOX.max(axis=0)
    x = {"scale": alt.Scale(domain=[left, right], nice=False)}
    y = {"scale": alt.Scale(domain=[low, high], nice=False, range=[alt.expr(CLOUD), WORD]), "title": tr("x₂ over x₁")}
    across = alt.Axis(offset=alt.expr(f"{CLOUD} - height"), grid=False, tickCount=6, title=None)
    axes = [alt.X("x:Q", axis=across, **x), alt.Y("y:Q", axis=alt.Axis(grid=False, tickCount=4), **y)]
    place = [alt.X("x:Q", axis=None, **x), alt.Y("y:Q", axis=None, **y)]
    side = rows("side", SIDES[0]).mark_line(interpolate="linear-closed", strokeWidth=0, fillOpacity=0.16)
    edge = rows("edge", SIDES[0]).mark_line(strokeWidth=2.5)
    inputs = rows("input", SIDES[0], moving=False).transform_calculate(on="substring(datum.seen, frame, frame + 1) == '1'")
    silent = inputs.transform_filter("!datum.on").mark_point(shape="cross", size=40, color=GRAY, strokeWidth=1.4)
    loud = inputs.transform_filter("datum.on").mark_circle(size=48, opacity=0.9)
    word = rows("word").mark_text(align="left", baseline="top", fontSize=size(13), color=GRAY)
    style = curves.color([tr(side) for side in SIDES])
    return [
        side.encode(
            *axes, alt.Fill("line:N", scale=style["color"]["scale"], legend=style["color"]["legend"]), order="corner:Q"
        ),
        edge.encode(*place, style["color"]),
        silent.encode(*place),
        loud.encode(*place, style["color"]),
        word.encode(x=alt.value(0), y=alt.value(0), text="word:N"),
    ]


def strip(last: int) -> list[alt.Chart]:
    """Loss and active share over the updates, and where the slider stands."""
    x = {"scale": alt.Scale(domain=[0, last], nice=False), "title": tr("update")}
    ends = [alt.expr("height"), alt.expr(STRIP)]
    log = alt.Scale(type="log", domain=list(LOSSES), range=ends)
    loss = alt.Y("loss:Q", title=tr("loss"), scale=log, axis=powers(orient="left", values=[1e-6, 1e-3, 1], grid=False))
    share = alt.Y("share:Q", title=tr("active"), scale=alt.Scale(domain=[0, 1], range=ends))
    share.axis = alt.Axis(orient="right", format="%", values=[0, 0.5, 1], grid=False)
    falling = rows("curve", SIDES[1], moving=False).mark_line(strokeWidth=2)
    seeing = rows("curve", SIDES[0], moving=False).mark_line(strokeWidth=2.5)
    now = rows("word").mark_rule(color=GRAY, strokeWidth=1.5)
    style = curves.color([tr(side) for side in SIDES])
    return [
        falling.encode(alt.X("update:Q", axis=alt.Axis(orient="bottom", grid=False, tickCount=5), **x), loss, **style),
        seeing.encode(alt.X("update:Q", axis=None, **x), share, **style),
        now.encode(alt.X("update:Q", axis=None, **x), y=alt.value(ends[0]), y2=alt.value(ends[1])),
    ]


def rows(kind: str, what: str = "", moving: bool = True) -> alt.Chart:
    """A layer of the rows of a kind, those of the moment if it moves, named in the legend as `what`."""
    now = " && datum.frame == frame" if moving else ""
    return alt.Chart().transform_filter(f"datum.kind == '{kind}'{now}").transform_calculate(line=f"'{tr(what)}'")


def twins(specs: Sequence[Linear], lives: Sequence[Life], surfaces: Sequence[Surface], transport: dict) -> bytes:
    """The path of a neuron with each kind of inputs, over its own loss, with one clock: for the player."""
    display = {**RESTING, "transport": transport, "layout": "panels", "replay": "zigzag", "names": ("w₁", "w₂", "L")}
    words = N_("The loss of a neuron of two weights, {inputs} inputs, and its path from {start}.")
    scenes = b""
    for spec, life, surface in zip(specs, lives, surfaces, strict=True):
        label, end = tr(LABELS[spec.inputs]), "" if life.diverged_at is None else tr("diverged")
        path = Shown(label, spec.lr, life.weights, life.loss, end, LOOKS[spec.inputs])
        where = {"start": spec.start.tolist(), "steps": spec.steps}
        summary = tr(words, inputs=label.lower(), start=f"{spec.start}")
        scenes += scene([path], surface, summary=summary, **where, **display)
    return scenes


def reach(found: np.ndarray) -> float:
    """How far the axes go: the largest component, up to the next tenth."""
    return float(np.ceil(10 * np.abs(found).max() + 1e-9) / 10)


def points(label: str, found: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"inputs": label, "g1": found[:, 0], "g2": found[:, 1]})


@lru_cache(maxsize=200)
def plane(reach: float, everyone: Names) -> Spec:
    """A dot an example over (dL/dw₁, dL/dw₂) from −reach to reach; the quadrants of equal signs are shaded."""
    corners = [{"left": 0, "right": side * reach, "low": 0, "high": side * reach} for side in (-1, 1)]
    scale, axis = alt.Scale(domain=[-reach, reach], nice=False), alt.Axis(labels=False, ticks=False, grid=False, titlePadding=2)
    x, y = {"title": "dL/dw₁", "scale": scale, "axis": axis}, {"title": "dL/dw₂", "scale": scale, "axis": axis}
    shade = alt.Chart(alt.Data(values=corners)).mark_rect(color=GRAY, opacity=0.22)
    shade = shade.encode(alt.X("left:Q", **x), alt.X2("right:Q"), alt.Y("low:Q", **y), alt.Y2("high:Q"))
    dot = alt.Chart().mark_circle(size=22, opacity=0.75)
    tips = [alt.Tooltip("g1:Q", title="dL/dw₁", format=".3g"), alt.Tooltip("g2:Q", title="dL/dw₂", format=".3g")]
    color = alt.Color("inputs:N", scale=alt.Scale(domain=list(everyone)), legend=None)
    return without_data(
        (shade + dot.encode(alt.X("g1:Q", **x), alt.Y("g2:Q", **y), color, tooltip=tips)).properties(height=170)
    )


@cached(maxsize=50)
def rates(order: Names) -> Spec:
    """A line an activation over the learning rate, and where the chosen one stands."""
    scale = alt.Scale(type="log", domain=list(RANGES["lr"][:2]))
    x = {"title": tr("learning rate η"), "scale": scale, "axis": powers(grid=False, tickCount=6)}
    y = alt.Y("y:Q", title=tr("active"), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", values=[0, 0.5, 1]))
    tips = [
        alt.Tooltip("line:N", title=tr("line")),
        alt.Tooltip("x:Q", title=tr("lr"), format=".3g"),
        alt.Tooltip("y:Q", title=tr("active"), format=".0%"),
    ]
    line = alt.Chart().transform_filter("isValid(datum.line)").mark_line(strokeWidth=2, point={"size": 16})
    now = alt.Chart().transform_filter("isValid(datum.now)").mark_rule(color=GRAY, strokeDash=[4, 3])
    drawn = line.encode(alt.X("x:Q", **x), y, tooltip=tips, **curves.color(order))
    return without_data((drawn + now.encode(alt.X("now:Q", **x))).properties(height=250))
