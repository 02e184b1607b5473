"""Activations as curves: one from close up with its gate, all of them side by side, Maxout's pieces."""

from functools import cache, lru_cache

import altair as alt
import numpy as np
import pandas as pd

from engine.activations import ACTIVATIONS
from engine.layers import Maxout
from pages.charts.curves import GAP, Spec, color, without_data
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

REACH = 10.0
COLUMNS = 6

LINES = ("f(x)", "f′(x)")


STEP = 0.1
SHUT = 0.05  # a gate that lets less than this through
TOP = "max"  # the largest of the pieces


def places(*more: float) -> np.ndarray:
    """From −10 to 10 in tenths, and what else is looked at."""
    return np.union1d(np.round(np.arange(-REACH, REACH + STEP / 2, STEP), 1), more)


@lru_cache(maxsize=200)
def table(name: str, at: float = 0.0, **sliders: float) -> pd.DataFrame:
    """Columns x, y = f(x), slope = f'(x), with a row for x = `at`."""
    x, entry = places(at), ACTIVATIONS[name]
    return pd.DataFrame({"x": x, "y": entry(x, **sliders), "slope": entry.derivative(x, **sliders)})


def zones(data: pd.DataFrame) -> tuple[tuple[float, float], ...]:
    """Intervals where the gate is shut: at the ends of the axis, and where a curve turns."""
    x, shut = data["x"].to_numpy(), np.abs(data["slope"].to_numpy()) < SHUT
    turns = np.flatnonzero(np.diff(shut, prepend=False, append=False))
    return tuple((float(x[start]), float(x[end - 1])) for start, end in turns.reshape(-1, 2))


def domain(data: pd.DataFrame) -> tuple[float, float]:
    """The ends of the vertical axis: a margin around what is bounded, −1.6 and 4 around what is not."""
    low, high = float(data[["y", "slope"]].min().min()), float(data[["y", "slope"]].max().max())
    low, high = max(low, -1.6), min(high, 4.0)
    margin = 0.08 * (high - low)
    return low - margin, high + 2.5 * margin


@cache
def members() -> dict[str, pd.DataFrame]:
    """Name → table of every activation, and of Maxout with three pieces."""
    lines = pieces(3, 0)
    top = lines[lines["line"] == TOP]
    return {**{name: table(name) for name in ACTIVATIONS}, Maxout.name: top}


@cache
def everyone() -> pd.DataFrame:
    """Columns name, line, across, up: every activation and its derivative in its panel of the gallery."""
    frames = []
    for place, (name, data) in enumerate(members().items()):
        data = data[np.abs(data["x"]) <= 4]
        for line, column in zip(LINES, ("y", "slope"), strict=True):
            up = np.clip(data[column], -1.5, 2.5) / 4
            frames.append(
                pd.DataFrame(
                    {
                        "name": name,
                        "line": line,
                        "x": data["x"],
                        "across": place % COLUMNS * GAP + (data["x"] + 4) / 8,
                        "up": np.where(data[column].between(-1.5, 2.5), up, np.nan) - place // COLUMNS * 1.35,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


@lru_cache(maxsize=100)
def pieces(count: int, seed: int, at: float = 0.0) -> pd.DataFrame:
    """Columns x, line, y, slope: straight lines and the largest of them, as the layer Maxout computes it."""
    rng = np.random.default_rng([seed, 50])
    w, b = rng.normal(size=count) / 3, rng.normal(size=count)
    x, layer = places(at), Maxout(count)
    lines = x[:, None] * w + b
    top = layer.forward(lines, train=True)[:, 0]
    frames = [pd.DataFrame({"x": x, "line": f"piece {k + 1}", "y": lines[:, k], "slope": w[k]}) for k in range(count)]
    return pd.concat(
        [*frames, pd.DataFrame({"x": x, "line": TOP, "y": top, "slope": w[layer.winner.ravel()]})], ignore_index=True
    )


@cached(maxsize=300)
def close(x: float, shut: tuple[tuple[float, float], ...], ends: tuple[float, float]) -> Spec:
    """f and f' over x, shaded where the gate is shut. The gate stands at x until the pointer moves it: the browser knows
    every point, so there is no round trip."""
    at = alt.selection_point("at", on="pointermove, click", nearest=True, encodings=["x"], value=[{"x": x}], clear=False)
    base = alt.Chart().encode(alt.X("x:Q", scale=alt.Scale(domain=[-REACH, REACH], nice=False)))
    span = {"scale": alt.Scale(domain=list(ends), nice=False), "title": tr("f(x) and f′(x)")}
    style = color(LINES)
    curve = base.transform_calculate(line=f"'{LINES[0]}'").encode(alt.Y("y:Q", **span), style["color"])
    slope = base.transform_calculate(line=f"'{LINES[1]}'").encode(alt.Y("slope:Q", **span), style["color"])
    here = base.transform_filter(at)
    bands = alt.Chart(alt.Data(values=[{"from": start, "to": stop} for start, stop in shut]))
    tinted = bands.mark_rect(opacity=0.13, color=GRAY).encode(alt.X("from:Q", title="x"), alt.X2("to:Q"))
    f = curve.mark_line(strokeWidth=3, clip=True).encode(style["strokeDash"])
    dashed = slope.mark_line(strokeWidth=2.5, clip=True).encode(style["strokeDash"])
    gate = slope.transform_filter(at).mark_rule(strokeWidth=7, opacity=0.55, clip=True).encode(alt.Y2Datum(0))
    spot = curve.transform_filter(at).mark_point(filled=True, size=110, opacity=1, clip=True)
    numbers = {"x": "x, '.4~g'", "f": "y, '.3g'", "share": "slope, '.2g'"}
    numbers = {name: f"' + format(datum.{number}) + '" for name, number in numbers.items()}
    words = f"'{tr('x = {x} · f = {f} · of a gradient of 1, {share} passes', **numbers)}'"
    told = here.transform_calculate(words=words).mark_text(align="left", dy=14, fontSize=size(14), color=GRAY)
    told = told.encode(alt.XDatum(-REACH + 0.3), alt.YDatum(ends[1]), text="words:N")
    numbers = {"x": "x", "y": LINES[0], "slope": LINES[1]}
    tips = [alt.Tooltip(f"{field}:Q", title=title, format=".3~g") for field, title in numbers.items()]
    points = base.mark_point(opacity=0, size=60, clip=True).encode(alt.Y("y:Q", **span), tooltip=tips).add_params(at)
    return without_data((tinted + f + dashed + gate + spot + told + points).properties(height=330))


@cached(maxsize=10)
def gallery(titles: tuple[tuple[str, str], ...]) -> Spec:
    """Small panels of (name, label); a click on one is the selection "pick" of its name."""
    places, (names, labels) = np.arange(len(titles)), zip(*titles, strict=True)
    across, down = places % COLUMNS * GAP, -(places // COLUMNS) * 1.35
    edges = {"left": across, "right": across + 1, "bottom": down - 0.4, "top": down + 0.65, "zero": down}
    panels = pd.DataFrame({"name": names, "label": labels, **edges})
    pick = alt.selection_point("pick", fields=["name"], empty=False)
    x = {"scale": alt.Scale(domain=[-0.02, GAP * COLUMNS - GAP + 1.02], nice=False), "axis": None}
    y = {"scale": alt.Scale(domain=[float(down.min()) - 0.45, 0.85], nice=False), "axis": None}
    boxes = alt.Chart(alt.Data(values=panels.to_dict("records")))
    left, right = alt.X("left:Q", **x), alt.X2("right:Q")
    box = (
        boxes.mark_rect(fill="transparent", stroke=f"{GRAY}66", cursor="pointer")
        .encode(
            left, right, alt.Y("bottom:Q", **y), alt.Y2("top:Q"), tooltip=alt.Tooltip("label:N", title=tr("bring close up"))
        )
        .add_params(pick)
        .properties(name="panels")
    )
    axis = boxes.mark_rule(stroke=f"{GRAY}44").encode(left, right, alt.Y("zero:Q", **y))
    title = boxes.mark_text(align="left", dy=-7, fontSize=size(12), color=GRAY).encode(
        left, alt.Y("top:Q", **y), text="label:N"
    )
    curve = alt.Chart().mark_line(strokeWidth=2).encode(
        alt.X("across:Q", **x), alt.Y("up:Q", **y), detail="name:N", order="x:Q", **color(LINES, legend=False)
    )  # fmt: skip
    return without_data(alt.layer(axis, title, curve, box).properties(height=235).configure_view(stroke=None))


@cached(maxsize=100)
def pieced(x: float) -> Spec:
    base = alt.Chart().encode(
        alt.X("x:Q", scale=alt.Scale(domain=[-REACH, REACH], nice=False)),
        alt.Y("y:Q", title=tr("the pieces and their maximum"), scale=alt.Scale(domain=[-4, 8], nice=False)),
    )
    lines = base.transform_filter(f"datum.line != '{TOP}'").mark_line(strokeWidth=1.5, strokeDash=[5, 4], color=GRAY, clip=True)
    tips = [
        alt.Tooltip("x:Q"),
        alt.Tooltip("y:Q", title=TOP, format=".3~g"),
        alt.Tooltip("slope:Q", title=tr("slope"), format=".3~g"),
    ]
    top = base.transform_filter(f"datum.line == '{TOP}'").mark_line(strokeWidth=3.5, clip=True).encode(tooltip=tips)
    spot = base.transform_filter(f"datum.line == '{TOP}' && datum.x == {x}").mark_point(
        filled=True, size=110, opacity=1, clip=True
    )
    return without_data((lines.encode(detail="line:N") + top + spot).properties(height=330))
