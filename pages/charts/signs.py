"""Vital signs as small panels in one chart: a line a layer, and the layer that is pointed at lights up in all of them.

As in `curves`, the chart is built once without its data, and a live picture sends data alone.
"""

from collections.abc import Sequence
from math import log10

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from engine.signs import BAND, IDEAL, SIGNS, looks
from pages.charts import curves
from pages.charts.axes import ten
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

Panels = tuple[tuple[str, str], ...]  # name of a sign, and words above
ACROSS, DOWN = 1.07, 1.36  # from a panel to the next, in panels
SIDE = 34  # pixels left of the panels, for numbers
GREEN = "#1FA36B"
POINTED = "pointed"
FAR = 1000  # looks, more than there are
SMALL = {
    "panel": "int16",
    "order": "int32",
    "across": "float32",
    "up": "float32",
    "value": "float32",
    "last": bool,
}  # as a picture travels


def place(name: str, value: np.ndarray) -> np.ndarray:
    """Where in its panel a sign stands, from 0, the bottom, to 1; what is beyond stands at the edge."""
    sign = SIGNS[name]
    with np.errstate(divide="ignore"):
        share = np.log(value / sign.low) / np.log(sign.high / sign.low) if sign.log else value
    return np.clip(share, 0, 1)


def lines(panels: Sequence[tuple[History, str]], *, columns: int, gap: float = ACROSS) -> pd.DataFrame:
    """Columns line ("layer 1", …), panel, order, across, up, value, last (whether it is the latest look): the signs of
    networks, panel by panel. A layer is one line through all of them, which an empty row after each panel breaks."""
    parts = []
    for panel, (history, name) in enumerate(panels):
        found, depth = looks(history, name), len(history.experiment.hidden)
        t = np.array([*found, np.nan])
        values = np.array([*found.values(), np.full(depth, np.nan)])
        part = {
            "line": np.tile(np.array(layers(depth), object), len(t)),
            "panel": panel,
            "order": np.repeat(np.arange(len(t)) + panel * FAR, depth),
            "across": np.repeat(t / history.experiment.steps, depth) + panel % columns * gap,
            "up": place(name, values).ravel() - panel // columns * DOWN,
            "value": values.ravel(),
            "last": np.repeat(t == max(found, default=0), depth),
        }
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True).astype(SMALL)


def layers(depth: int) -> curves.Names:
    return tuple(tr("layer {k}", k=k + 1) for k in range(depth))


@cached(maxsize=300)
def grid(
    depth: int, panels: Panels, *, columns: int, end: int, height: int, gap: float = ACROSS, heads: curves.Names = ()
) -> curves.Spec:
    """The panels over updates from 0 to `end`, with `heads` above the columns; the band of update : weight is green."""
    boxes = pd.DataFrame(panels, columns=["sign", "title"])
    boxes["left"] = np.arange(len(panels)) % columns * gap
    boxes["bottom"] = -(np.arange(len(panels)) // columns) * DOWN
    boxes = boxes.assign(right=boxes["left"] + 1, top=boxes["bottom"] + 1)
    wide = (columns - 1) * gap + 1
    pixel = -(-len(panels) // columns) * DOWN / height  # of the height of a panel, nearly
    span = [float(boxes["bottom"].min()) - 19 * pixel, 1 + (42 if heads else 22) * pixel]
    x = {"scale": alt.Scale(domain=[-0.02, wide + 0.01], nice=False, range=[SIDE, alt.expr("width")]), "axis": None}
    y = {"scale": alt.Scale(domain=span, nice=False), "axis": None}
    parts = [*ground(boxes, x, y), *written(boxes, x, y, columns, end, wide, heads), *moving(depth, x, y, columns, gap)]
    return curves.without_data(alt.layer(*parts).properties(height=height).configure_view(stroke=None))


def still(data: pd.DataFrame) -> alt.Chart:
    return alt.Chart(alt.Data(values=data.to_dict("records")))


def ground(boxes: pd.DataFrame, x: dict, y: dict) -> list[alt.Chart]:
    """The frames of the panels, and the band."""
    left, right = alt.X("left:Q", **x), alt.X2("right:Q")
    low, high = place("update", np.array(BAND))
    bands = boxes[boxes["sign"] == "update"]
    band = still(bands.assign(low=bands["bottom"] + low, high=bands["bottom"] + high)).mark_rect(color=GREEN, opacity=0.22)
    frame = still(boxes).mark_rect(fill=None, stroke=f"{GRAY}55", strokeWidth=1)
    return [
        band.encode(left, right, alt.Y("low:Q", **y), alt.Y2("high:Q")),
        frame.encode(left, right, alt.Y("bottom:Q", **y), alt.Y2("top:Q")),
    ]


def written(boxes: pd.DataFrame, x: dict, y: dict, columns: int, end: int, wide: float, heads: curves.Names) -> list[alt.Chart]:
    """Heads, titles, and the numbers of the scales."""

    def words(data: pd.DataFrame, at: str, up: str, word: str, **look) -> alt.Chart:
        mark = still(data).mark_text(**{"fontSize": size(11.5), "color": GRAY, **look})
        return mark.encode(alt.X(f"{at}:Q", **x), alt.Y(f"{up}:Q", **y), text=f"{word}:N")

    titled, lowest = boxes[boxes["title"] != ""], boxes[-columns:]
    beside = [
        {"at": row.left, "up": row.bottom + where, "word": word}
        for row in titled.itertuples()
        for where, word in ticks(row.sign)
    ]
    bold = {"fontWeight": "bold", "fontSize": size(12.5), "limit": alt.expr(f"(width - {SIDE}) / {wide}")}
    roomy = alt.expr(f"width > {130 * columns} ? 1 : 0")
    return [
        words(boxes[: len(heads)].assign(head=heads), "left", "top", "head", align="left", dy=-26, **bold),
        words(titled, "left", "top", "title", align="left", dy=-7),
        words(pd.DataFrame(beside), "at", "up", "word", align="right", dx=-4),
        words(lowest.assign(word="0"), "left", "bottom", "word", align="left", dy=11),
        words(lowest.assign(at=lowest["left"] + 0.5, word=tr("update")), "at", "bottom", "word", dy=11, opacity=roomy),
        words(lowest.assign(word=str(end)), "right", "bottom", "word", align="right", dy=11),
    ]


def moving(depth: int, x: dict, y: dict, columns: int, gap: float) -> list[alt.Chart]:
    """The lines; broad ones that nobody sees, for the hand; and the latest numbers of the layer that is pointed at."""
    pointed = alt.selection_point(POINTED, fields=["line"], on="pointerover", clear="pointerout")
    style = curves.color(layers(depth), most=4)
    at = {"x": alt.X("across:Q", **x), "y": alt.Y("up:Q", **y), "order": "order:Q"}
    lit = alt.when(pointed).then(alt.value(1)).otherwise(alt.value(0.12))
    hand = alt.Chart(name="layers").mark_line(strokeWidth=11, opacity=0.001)
    now = alt.Chart().transform_filter({"and": [{"param": POINTED, "empty": False}, "datum.last"]})
    corner = {"at": f"datum.panel % {columns} * {gap} + 0.98", "top": f"0.97 - floor(datum.panel / {columns}) * {DOWN}"}
    now = now.transform_calculate(**corner).mark_text(align="right", baseline="top", fontSize=size(12.5), fontWeight="bold")
    number = alt.Text("value:Q", format=".2~g")
    return [
        alt.Chart().mark_line(strokeWidth=2.2).encode(**at, **style, opacity=lit),
        hand.encode(**at, color=style["color"], tooltip=[alt.Tooltip("line:N", title=tr("this is"))]).add_params(pointed),
        now.encode(alt.X("at:Q", **x), alt.Y("top:Q", **y), text=number, color=style["color"]),
    ]


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
    return f"{value:g}" if 0 <= k <= 3 else ten(k)
