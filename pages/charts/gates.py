"""Activations as curves: one from close up with its gate, all of them side by side, Maxout's pieces."""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from pages.charts.curves import GAP, Names, Spec, without_data
from pages.kit.theme import GRAY

REACH = 10.0
COLUMNS = 6

LINES = ("f(x)", "f′(x)")


@lru_cache(maxsize=300)
def close(x: float, shut: tuple[tuple[float, float], ...], ends: tuple[float, float]) -> Spec:
    """f and f' over x, shaded where the gate is shut. The gate stands at x until the pointer moves it: the browser knows
    every point, so there is no round trip."""
    at = alt.selection_point("at", on="pointermove, click", nearest=True, encodings=["x"], value=[{"x": x}], clear=False)
    base = alt.Chart().encode(alt.X("x:Q", scale=alt.Scale(domain=[-REACH, REACH], nice=False)))
    span = {"scale": alt.Scale(domain=list(ends), nice=False), "title": None}
    color = alt.Color(
        "line:N", scale=alt.Scale(domain=list(LINES)), legend=alt.Legend(orient="top", title=None, symbolType="stroke")
    )
    curve = base.transform_calculate(line=f"'{LINES[0]}'").encode(alt.Y("y:Q", **span), color)
    slope = base.transform_calculate(line=f"'{LINES[1]}'").encode(alt.Y("slope:Q", **span), color)
    here = base.transform_filter(at)
    bands = alt.Chart(alt.Data(values=[{"from": start, "to": stop} for start, stop in shut]))
    tinted = bands.mark_rect(opacity=0.13, color=GRAY).encode(alt.X("from:Q", title="x"), alt.X2("to:Q"))
    f = curve.mark_line(strokeWidth=3, clip=True)
    dashed = slope.mark_line(strokeWidth=2.5, strokeDash=[7, 4], clip=True)
    gate = slope.transform_filter(at).mark_rule(strokeWidth=7, opacity=0.55, clip=True).encode(alt.Y2Datum(0))
    spot = curve.transform_filter(at).mark_point(filled=True, size=110, opacity=1, clip=True)
    words = (
        "'x = ' + format(datum.x, '.1f') + ' · f = ' + format(datum.y, '.3g')"
        " + ' · of a gradient of 1, ' + format(datum.slope, '.2g') + ' passes'"
    )
    told = here.transform_calculate(words=words).mark_text(align="left", dy=14, fontSize=14, color=GRAY)
    told = told.encode(alt.XDatum(-REACH + 0.3), alt.YDatum(ends[1]), text="words:N")
    points = base.mark_point(opacity=0, size=60, clip=True).encode(alt.Y("y:Q", **span)).add_params(at)
    return without_data((tinted + f + dashed + gate + spot + told + points).properties(height=330))


@lru_cache(maxsize=10)
def gallery(titles: Names) -> Spec:
    """Small panels; a click on one is the selection "pick"."""
    places = np.arange(len(titles))
    across, down = places % COLUMNS * GAP, -(places // COLUMNS) * 1.35
    panels = pd.DataFrame(
        {"left": across, "right": across + 1, "bottom": down - 0.4, "top": down + 0.65, "zero": down, "label": list(titles)}
    )
    pick = alt.selection_point("pick", fields=["label"], empty=False)
    x = {"scale": alt.Scale(domain=[-0.02, GAP * COLUMNS - GAP + 1.02], nice=False), "axis": None}
    y = {"scale": alt.Scale(domain=[float(down.min()) - 0.45, 0.85], nice=False), "axis": None}
    boxes = alt.Chart(alt.Data(values=panels.to_dict("records")))
    left, right = alt.X("left:Q", **x), alt.X2("right:Q")
    box = (
        boxes.mark_rect(fill="transparent", stroke=f"{GRAY}66", cursor="pointer")
        .encode(left, right, alt.Y("bottom:Q", **y), alt.Y2("top:Q"), tooltip=alt.Tooltip("label:N", title="bring close up"))
        .add_params(pick)
        .properties(name="panels")
    )
    axis = boxes.mark_rule(stroke=f"{GRAY}44").encode(left, right, alt.Y("zero:Q", **y))
    title = boxes.mark_text(align="left", dy=-7, fontSize=12, color=GRAY).encode(left, alt.Y("top:Q", **y), text="label:N")
    color = alt.Color("line:N", scale=alt.Scale(domain=list(LINES)), legend=None)
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=list(LINES), range=[[1, 0], [5, 3]]), legend=None)
    curve = alt.Chart().mark_line(strokeWidth=2).encode(
        alt.X("across:Q", **x), alt.Y("up:Q", **y), color, dash, detail="label:N", order="x:Q"
    )  # fmt: skip
    return without_data(alt.layer(axis, title, curve, box).properties(height=235).configure_view(stroke=None))


@lru_cache(maxsize=100)
def pieced(x: float) -> Spec:
    base = alt.Chart().encode(
        alt.X("x:Q", scale=alt.Scale(domain=[-REACH, REACH], nice=False)),
        alt.Y("y:Q", title=None, scale=alt.Scale(domain=[-4, 8], nice=False)),
    )
    lines = base.transform_filter("datum.line != 'max'").mark_line(strokeWidth=1.5, strokeDash=[5, 4], color=GRAY, clip=True)
    top = base.transform_filter("datum.line == 'max'").mark_line(strokeWidth=3.5, clip=True)
    spot = base.transform_filter(f"datum.line == 'max' && datum.x == {x}").mark_point(
        filled=True, size=110, opacity=1, clip=True
    )
    return without_data((lines.encode(detail="line:N") + top + spot).properties(height=330))
