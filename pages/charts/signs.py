"""Vital signs as small panels in one chart: a line a layer, and the layer that is pointed at lights up in all of them.

As in `curves`, the chart is built once without its data, and a live picture sends data alone.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import log10

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from engine.signs import BAND, IDEAL, SIGNS, looks
from pages.charts import curves
from pages.charts.letters import size
from pages.kit.theme import GRAY

Panels = tuple[tuple[str, str], ...]  # name of a sign, and words above
ACROSS, DOWN = 1.07, 1.36  # from a panel to the next, in panels
GREEN = "#1FA36B"
POINTED = "pointed"


def place(name: str, value: np.ndarray) -> np.ndarray:
    """Where in its panel a sign stands, from 0, the bottom, to 1; what is beyond stands at the edge."""
    sign = SIGNS[name]
    with np.errstate(divide="ignore"):
        share = np.log(value / sign.low) / np.log(sign.high / sign.low) if sign.log else value
    return np.clip(share, 0, 1)


def lines(panels: Sequence[tuple[History, str]], *, columns: int, gap: float = ACROSS) -> pd.DataFrame:
    """Columns line ("layer 1", …), panel, across, up, value, last (whether it is the latest look): the signs of networks, line
    by line of panels."""
    rows = [
        (f"layer {k + 1}", panel, t / history.experiment.steps, place(name, number), float(number), t == max(found))
        for panel, (history, name) in enumerate(panels)
        for found in [looks(history, name)]
        for t, numbers in found.items()
        for k, number in enumerate(numbers)
    ]
    data = pd.DataFrame(rows, columns=["line", "panel", "across", "up", "value", "last"])
    across, up = data["panel"] % columns * gap, -(data["panel"] // columns) * DOWN
    return data.assign(across=data["across"] + across, up=data["up"] + up)


def layers(depth: int) -> curves.Names:
    return tuple(f"layer {k + 1}" for k in range(depth))


@lru_cache(maxsize=300)
def grid(depth: int, panels: Panels, *, columns: int, end: int, height: int, gap: float = ACROSS, heads: tuple[str, ...] = ()):
    """The panels over updates from 0 to `end`, with `heads` above the columns; the band of update : weight is green."""
    boxes = pd.DataFrame({"sign": [name for name, _ in panels], "title": [title for _, title in panels]})
    boxes["left"] = np.arange(len(panels)) % columns * gap
    boxes["bottom"] = -(np.arange(len(panels)) // columns) * DOWN
    boxes = boxes.assign(right=boxes["left"] + 1, top=boxes["bottom"] + 1)
    wide = (columns - 1) * gap + 1
    x = {
        "scale": alt.Scale(domain=[-0.02, wide + 0.01], nice=False, range=[SIDE, alt.expr("width")]),
        "axis": None,
    }
    pixel = -(-len(panels) // columns) * DOWN / height  # of the height of a panel, nearly
    span = [float(boxes["bottom"].min()) - 19 * pixel, 1 + (42 if heads else 22) * pixel]
    y = {"scale": alt.Scale(domain=span, nice=False), "axis": None}

    def still(data: pd.DataFrame) -> alt.Chart:
        return alt.Chart(alt.Data(values=data.to_dict("records")))

    def words(data: pd.DataFrame, across: str, up: str, word: str, **look) -> alt.Chart:
        look = {"fontSize": size(11.5), "color": GRAY, **look}
        return still(data).mark_text(**look).encode(alt.X(f"{across}:Q", **x), alt.Y(f"{up}:Q", **y), text=f"{word}:N")

    left, right = alt.X("left:Q", **x), alt.X2("right:Q")
    box = still(boxes).mark_rect(fill=None, stroke=f"{GRAY}55", strokeWidth=1)
    box = box.encode(left, right, alt.Y("bottom:Q", **y), alt.Y2("top:Q"))
    roomy = alt.expr(f"width > {130 * columns} ? 1 : 0")
    low, high = place("update", np.array(BAND))
    bands = boxes[boxes["sign"] == "update"]
    band = still(bands.assign(low=bands["bottom"] + low, high=bands["bottom"] + high)).mark_rect(color=GREEN, opacity=0.22)
    band = band.encode(left, right, alt.Y("low:Q", **y), alt.Y2("high:Q"))
    titled = boxes[boxes["title"] != ""]
    title = words(titled, "left", "top", "title", align="left", dy=-7)
    named = pd.DataFrame({"head": heads, "left": np.arange(len(heads)) * gap, "up": 1})
    head = words(
        named,
        "left",
        "up",
        "head",
        align="left",
        dy=-26,
        fontWeight="bold",
        fontSize=size(12.5),
        limit=alt.expr(f"(width - {SIDE}) / {wide}"),
    )
    scale = pd.DataFrame(
        [
            {"at": row.left, "up": row.bottom + float(where), "word": word}
            for row in titled.itertuples()
            for where, word in ticks(row.sign)
        ]
    )
    numbers = words(scale, "at", "up", "word", align="right", dx=-4)
    lowest = boxes[-columns:]
    below = [
        words(lowest.assign(at=lowest["left"] + shift, word=word), "at", "bottom", "word", align=side, dy=11, opacity=shown)
        for side, shift, word, shown in (("left", 0, "0", 1), ("center", 0.5, "update", roomy), ("right", 1, f"{end}", 1))
    ]
    pointed = alt.selection_point(POINTED, fields=["line"], on="pointerover", clear="pointerout")
    style = curves.color(layers(depth), most=4)
    at = {"x": alt.X("across:Q", **x), "y": alt.Y("up:Q", **y), "detail": alt.Detail("panel:N"), "order": alt.Order("across:Q")}
    curve = (
        alt.Chart()
        .mark_line(strokeWidth=2.2)
        .encode(**at, **style, opacity=alt.when(pointed).then(alt.value(1)).otherwise(alt.value(0.12)))
    )
    hand = (
        alt.Chart(name="layers")
        .mark_line(strokeWidth=11, opacity=0.001)
        .encode(**at, color=style["color"], tooltip=[alt.Tooltip("line:N", title="this is")])
        .add_params(pointed)
    )
    now = alt.Chart().transform_filter({"and": [{"param": POINTED, "empty": False}, "datum.last"]})
    now = now.transform_calculate(
        at=f"datum.panel % {columns} * {gap} + 0.98", top=f"0.97 - floor(datum.panel / {columns}) * {DOWN}"
    )
    now = now.mark_text(align="right", baseline="top", fontSize=size(12.5), fontWeight="bold")
    now = now.encode(alt.X("at:Q", **x), alt.Y("top:Q", **y), text=alt.Text("value:Q", format=".2~g"), color=style["color"])
    chart = alt.layer(band, box, title, numbers, head, *below, curve, hand, now)
    return curves.without_data(chart.properties(height=height).configure_view(stroke=None))


SIDE = 34  # pixels left of the panels, for numbers


def ticks(name: str) -> list[tuple[float, str]]:
    """Where in its panel a number stands beside, and the number."""
    sign = SIGNS[name]
    if not sign.log:
        return [(0.04, "0"), (0.96, "1")]
    values = (sign.low, IDEAL, sign.high) if name == "update" else (sign.low, sign.high)
    return [(min(0.94, max(0.06, float(place(name, np.array(value))))), power(value)) for value in values]


def power(value: float) -> str:
    """
    >>> power(1e-3), power(1), power(100)
    ('10⁻³', '1', '100')
    """
    k = round(log10(value))
    return f"{value:g}" if 0 <= k <= 3 else "10" + str(k).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
