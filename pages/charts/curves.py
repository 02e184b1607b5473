"""Curves turn histories into charts: lines with their spread over seeds, a grid of small panels, a heat map.

Scales are fixed in advance, so that a chart stands still while its lines grow: what is built here is the chart without its
data, once for all visitors, and a live picture sends data alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from pages.charts.axes import decades, powers
from pages.charts.letters import grown, size
from pages.kit.language import N_, cached, tr
from pages.kit.theme import DASHES, GRAY

Names = tuple[str, ...]
Spec = dict[str, Any]
Series = tuple[np.ndarray, np.ndarray]
PHONE = 48  # characters of a legend, with five for each sign
GAP = 1.12  # width of a panel and the gap beside it, in panels


def accuracy(history: History, which: str = "train") -> Series:
    """Updates done, (evaluations,), and the accuracy after them on the "train", "test" or "validation" images."""
    values = getattr(history, f"{which}_accuracy")
    return history.measured_at[: len(values)], values


def gap(history: History) -> Series:
    """Updates done, (evaluations,), and how much more training than test images are known after them."""
    (x, train), (_, test) = accuracy(history), accuracy(history, "test")
    return x[: len(test)], train[: len(test)] - test[: len(train)]


def loss(history: History, smooth: float = 0.0) -> Series:
    """Updates, and the loss before each, as a moving average that keeps `smooth` of the old one; at most 200 points."""
    values = history.smoothed(smooth) if smooth else history.loss
    places = np.unique(np.linspace(0, len(values) - 1, 200).astype(int)) if len(values) else np.empty(0, int)
    return places + 1, values[places]


SHOWN = {"train": N_("Training accuracy"), "test": N_("Test accuracy"), "loss": N_("Loss")}
MEASURES: dict[str, Callable[[History], Series]] = {
    "train": accuracy,
    "test": lambda history: accuracy(history, "test"),
    "validation": lambda history: accuracy(history, "validation"),
    "gap": gap,
    "loss": lambda history: loss(history, 0.9),
}


def frame(
    histories: Sequence[History], names: Sequence[str], series: Callable[[History], Series], panels: Sequence[int] | None = None
) -> pd.DataFrame:
    """Columns line, x, y, low, high, panel: the mean over the histories of one name and panel, which differ in their seed,
    and its extremes; only where all of them are finite."""
    keys = list(zip(names, panels or [0] * len(names), strict=True))
    columns: list[list] = [[], [], [], [], [], []]
    for key in dict.fromkeys(keys):
        found = [series(history) for history, own in zip(histories, keys, strict=True) if own == key]
        if not all(len(x) for x, _ in found):
            continue
        x, _ = min(found, key=lambda line: line[0][-1])  # how far all of them are
        ys = np.array([np.interp(x, *line) for line in found])
        fine = np.isfinite(ys).all(axis=0)
        ys, n = ys[:, fine], int(fine.sum())
        values = ([key[0]] * n, x[fine], ys.mean(axis=0), ys.min(axis=0), ys.max(axis=0), [key[1]] * n)
        for column, more in zip(columns, values, strict=True):
            column.extend(more)
    return pd.DataFrame(dict(zip(("line", "x", "y", "low", "high", "panel"), columns, strict=True)))


def bands(found: Mapping[str, Iterable[Sequence[float]]]) -> pd.DataFrame:
    """What `lines` draws of name → seed → numbers at 1, 2, …: their mean, and its extremes.

    >>> bands({"chance": [[0.5, 0.75], [0.25]]}).values.tolist()
    [['chance', 1, 0.375, 0.25, 0.5], ['chance', 2, 0.75, 0.75, 0.75]]
    """
    rows = [(name, x, y) for name, seeds in found.items() for own in seeds for x, y in enumerate(own, start=1)]
    seeds = pd.DataFrame(rows, columns=["line", "x", "y"]).groupby(["line", "x"], sort=False)["y"]
    return seeds.agg(y="mean", low="min", high="max").reset_index()


def level(line: str, y: float, end: float) -> pd.DataFrame:
    """A horizontal line from 0 to `end`, as `frame` would have it."""
    return pd.DataFrame({"line": line, "x": [0, end], "y": y, "low": y, "high": y, "panel": 0})


def layers(histories: Sequence[History], what: str) -> pd.DataFrame:
    """Columns place (of the history), layer (from 1), line ("layer 1", …), x (update), y, low, high: a number that was looked
    at in every hidden layer, where it is finite."""
    rows = [
        (place, k + 1, tr("layer {k}", k=k + 1), step, float(layer[what]))
        for place, history in enumerate(histories)
        for step, found in sorted(history.probes.items())
        for k, layer in enumerate(found)
        if np.isfinite(layer[what])
    ]
    data = pd.DataFrame(rows, columns=["place", "layer", "line", "x", "y"])
    return data.assign(low=data["y"], high=data["y"])


def columns_of(order: Sequence[str], most: int) -> int:
    """Of a legend of these names: as many as a phone has room for, at most `most`."""
    return max(1, min(most, PHONE // (max(map(breadth, order), default=0) + 5)))


def breadth(name: str) -> int:
    """Its characters, those of Hangul twice.

    >>> breadth("ln 10"), breadth("손실")
    (5, 4)
    """
    return len(name) + sum(east_asian_width(character) == "W" for character in name)


def above(order: Sequence[str], most: int) -> int:
    """Pixels that a legend of these names takes of the height of its chart."""
    return 26 * -(-len(order) // columns_of(order, most))


def reach(data: pd.DataFrame, live: tuple[float, float]) -> tuple[float, float]:
    """From where to where a logarithmic picture of finished networks goes: over whole decades, and at least over `live`."""
    seen = data["y"][data["y"] > 0]
    if seen.empty:
        return live
    low, high = np.log10([seen.min(), seen.max()])
    return min(live[0], 10.0 ** max(-8, np.floor(low))), max(live[1], 10.0 ** min(3, np.ceil(high)))


def color(
    order: Sequence[str], everyone: Sequence[str] = (), most: int = 3, legend: bool = True
) -> dict[str, alt.Color | alt.StrokeDash]:
    """Color and dash by place in `everyone`, who else there might be, or in `order`; a legend of those in `order` above, in as
    many columns as a phone has room for, at most `most`."""
    everyone, columns = everyone or order, columns_of(order, most)
    line = {"symbolType": "stroke", "symbolSize": 400, "symbolOpacity": 1, "symbolStrokeWidth": 2.5}
    above = alt.Legend(orient="top", columns=columns, title=None, labelLimit=400, values=list(order), **line)
    shown = above if legend else None
    scale = alt.Scale(domain=list(everyone))
    dashes = alt.Scale(domain=list(everyone), range=[DASHES[i % len(DASHES)] or [1, 0] for i in range(len(everyone))])
    return {
        "color": alt.Color("line:N", scale=scale, legend=shown),
        "strokeDash": alt.StrokeDash("line:N", scale=dashes, legend=shown),
    }


def without_data(chart: alt.Chart | alt.LayerChart) -> Spec:
    """The chart as a specification, without the one empty row that Altair puts where the live data will be; its parts have been
    checked where they were made, and to check them together takes as long as all the rest."""
    spec = grown(chart).to_dict(validate=False)
    spec.pop("datasets")
    for part in (spec, *spec.get("layer", ())):
        if part.get("data") == {"name": "empty"}:
            del part["data"]
    return spec


@cached(maxsize=300)
def lines(
    order: Names,
    *,
    x: str,
    y: str,
    end: float,
    domain: tuple[float, float] = (0, 1),
    log: bool = False,
    everyone: Names = (),
    legend: bool = True,
    height: int = 380,
    columns: int = 3,
) -> Spec:
    """A line a name over x from 0 to `end`; a band from the lowest to the highest seed where they differ; `columns` of the
    legend."""
    whole = alt.Axis(tickMinStep=1) if isinstance(end, int) else alt.Axis()
    base = alt.Chart().encode(alt.X("x:Q", title=x, scale=alt.Scale(domain=[0, end]), axis=whole))
    scale = alt.Scale(domain=list(domain), type="log" if log else "linear", clamp=True)
    axis = powers(values=decades(*domain, most=12)) if log else alt.Axis()
    style = color(order, everyone, columns, legend)
    band = base.mark_area(opacity=0.15).encode(
        alt.Y("high:Q", title=y, scale=scale, axis=axis), alt.Y2("low:Q"), style["color"]
    )
    tips = [alt.Tooltip("line:N", title=tr("network")), alt.Tooltip("x:Q", title=x), alt.Tooltip("y:Q", title=y, format=".3g")]
    line = base.mark_line(strokeWidth=2.5).encode(alt.Y("y:Q", title=y, scale=scale, axis=axis), tooltip=tips, **style)
    return without_data((band + line).properties(height=height))


DOWN = GAP * 1.12  # height of a panel and the gap above it


def panels(data: pd.DataFrame, *, end: float, columns: int) -> pd.DataFrame:
    """A frame as it stands in the grid, each row in its panel."""
    panel = data["panel"].astype(int)
    return data.assign(across=panel % columns * GAP + data["x"] / end, up=data["y"] - panel // columns * DOWN)


@cached(maxsize=300)
def grid(order: Names, titles: Names, *, columns: int, height: int, end: int, measure: str = "") -> Spec:
    """Small panels of what lies between 0 and 1, over updates from 0 to `end`, in one chart that fits every width."""
    places, measure = np.arange(len(titles)), measure or tr("accuracy")
    across, up = places % columns * GAP, -(places // columns) * DOWN
    sides = {"left": across, "right": across + 1, "bottom": up, "middle": up + 0.5, "top": up + 1}
    boxes = alt.Chart(alt.Data(values=pd.DataFrame({**sides, "title": titles}).to_dict("records")))
    x = {"scale": alt.Scale(domain=[-0.05 * columns, GAP * columns - GAP + 1.01], nice=False), "axis": None}
    y = {"scale": alt.Scale(domain=[float(up.min()) - 0.2, 1.16], nice=False), "axis": None}
    left, right = alt.X("left:Q", **x), alt.X2("right:Q")
    box = boxes.mark_rect(fill=None, stroke=f"{GRAY}44", strokeWidth=1).encode(
        left, right, alt.Y("bottom:Q", **y), alt.Y2("top:Q")
    )
    half = boxes.mark_rule(stroke=f"{GRAY}33").encode(left, right, alt.Y("middle:Q", **y))
    small = {"fontSize": size(11.5), "color": GRAY}
    title = boxes.mark_text(align="left", dy=-7, **small).encode(left, alt.Y("top:Q", **y), text="title:N")
    ends = [{"at": -0.015, "up": value + float(row), "word": str(value)} for row in sorted(set(up)) for value in (0, 1)]
    scale = alt.Chart(alt.Data(values=ends)).mark_text(align="right", **small)
    scale = scale.encode(alt.X("at:Q", **x), alt.Y("up:Q", **y), text="word:N")
    name = alt.Chart(alt.Data(values=[{"at": -0.015, "up": float(row)} for row in sorted(set(up))]))
    name = name.mark_text(angle=270, dy=-18, align="left", text=measure, **small)
    name = name.encode(alt.X("at:Q", **x), alt.Y("up:Q", **y))
    lowest = pd.DataFrame({"at": across, "up": up})[-columns:]
    below = [
        alt.Chart(alt.Data(values=lowest.assign(at=lowest["at"] + shift).to_dict("records")))
        .mark_text(align=side, dy=11, text=word, **small)
        .encode(alt.X("at:Q", **x), alt.Y("up:Q", **y))
        for side, shift, word in (("left", 0, "0"), ("center", 0.5, tr("update")), ("right", 1, f"{end}"))
    ]
    tips = [
        alt.Tooltip("line:N", title=tr("network")),
        alt.Tooltip("x:Q", title=tr("update")),
        alt.Tooltip("y:Q", title=measure, format=".3g"),
    ]
    curve = alt.Chart().mark_line(strokeWidth=2.2, clip=True)
    curve = curve.encode(alt.X("across:Q", **x), alt.Y("up:Q", **y), detail="panel:N", tooltip=tips, **color(order))
    return without_data(
        alt.layer(box, half, title, scale, name, *below, curve).properties(height=height).configure_view(stroke=None)
    )


@cached(maxsize=300)
def heat(*, x: str, value: str, columns: Names, rows: Names, height: int) -> Spec:
    """Cells (column, row, key, value from 0 to 1) by their names; a click on one is the selection "cell" of its key."""
    pick = alt.selection_point("cell", fields=["key"], empty=False)
    across = {"sort": list(columns), "scale": alt.Scale(domain=list(columns)), "axis": alt.Axis(labelAngle=-40)}
    down = {"sort": list(rows), "scale": alt.Scale(domain=list(rows)), "axis": alt.Axis(labelLimit=130)}
    legend = alt.Legend(title=value, orient="top", gradientLength=220)
    tips = [
        alt.Tooltip("column:N", title=x),
        alt.Tooltip("row:N", title=tr("network")),
        alt.Tooltip("value:Q", title=value, format=".3f"),
    ]
    chart = (
        alt.Chart(name="cells")
        .mark_rect(stroke=f"{GRAY}66", cursor="pointer")
        .encode(
            alt.X("column:N", title=x, **across),
            alt.Y("row:N", title=None, **down),
            alt.Color("value:Q", scale=alt.Scale(domain=[0, 1], scheme="viridis"), legend=legend),
            strokeWidth=alt.condition(pick, alt.value(3), alt.value(0.5)),
            tooltip=tips,
        )
    )
    return without_data(chart.add_params(pick).properties(height=height))
