"""Histograms of what the layers of networks hold at one step: a row a network, a column a layer, one scale for all."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from pages.kit.curves import GAP

BINS = 40
CROWDED = 6  # layers


def layers(
    histories: Sequence[History], names: Sequence[str], step: int, what: str, zone: tuple[float, float] | None = None
) -> alt.LayerChart:
    """`what` ("inputs", "activations", "gradients") of every hidden layer at a step that was looked at; `zone` is shaded."""
    return wall([[layer[what].ravel() for layer in history.probes[step]] for history in histories], names, zone)


def wall(
    values: Sequence[Sequence[np.ndarray]], names: Sequence[str], zone: tuple[float, float] | None = None
) -> alt.LayerChart:
    """Flat arrays by network and layer; exact zeros are told, not drawn. All panels share the middle 99 % of all values."""
    low, high = span(np.concatenate([layer for network in values for layer in network]))
    rows, titles = [], []
    depth = max(map(len, values))
    for down, (name, network) in enumerate(zip(names, values, strict=True)):
        for place, layer in enumerate(network):
            left, bottom = place * GAP, -down * GAP * 1.45
            counts, edges = np.histogram(layer[layer != 0], BINS, (low, high))
            tallest = max(1, counts.max())
            for count, start, end in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
                if count:
                    at = [left + (edge - low) / (high - low) for edge in (start, end)]
                    rows.append((name, place + 1, *at, bottom, bottom + count / tallest, start, count))
            titles.append((left, bottom, bottom + 1.2, bottom + 1.05, *told_of(layer, place + 1, depth)))
    bars = pd.DataFrame(rows, columns=["network", "layer", "left", "right", "bottom", "top", "from", "count"])
    frames = pd.DataFrame(titles, columns=["left", "bottom", "above", "under", "title", "summary"])
    frames = frames.assign(right=frames["left"] + 1, top=frames["bottom"] + 1)
    x = {"scale": alt.Scale(domain=[-0.02, GAP * depth - GAP + 1.02], nice=False), "axis": None}
    y = {"scale": alt.Scale(domain=[-GAP * 1.45 * (len(names) - 1) - 0.2, 1.3], nice=False), "axis": None}
    box = alt.Chart(frames).encode(alt.X("left:Q", **x))
    edge = box.mark_rect(fill=None, stroke="#8884").encode(alt.X2("right:Q"), alt.Y("bottom:Q", **y), alt.Y2("top:Q"))
    words = {"align": "left", "fontSize": 11.5, "color": "#888"}
    title = box.mark_text(**words).encode(alt.Y("above:Q", **y), text="title:N")
    told = box.mark_text(**{**words, "fontSize": 10.5}).encode(alt.Y("under:Q", **y), text="summary:N")
    ends = pd.DataFrame(
        [
            {"at": left + at, "down": bottom - 0.08, "word": short(value, high - low)}
            for left, bottom in zip(frames["left"], frames["bottom"], strict=True)
            for at, value in ((0.06, low), (0.94, high))
        ]
    )
    scale = alt.Chart(ends).mark_text(fontSize=10, color="#888").encode(alt.X("at:Q", **x), alt.Y("down:Q", **y), text="word:N")
    bar = alt.Chart(bars).mark_rect().encode(
        alt.X("left:Q", **x), alt.X2("right:Q"), alt.Y("bottom:Q", **y), alt.Y2("top:Q"),
        alt.Color("network:N", scale=alt.Scale(domain=list(names)), legend=alt.Legend(orient="top", title=None)),
        tooltip=["network:N", "layer:O", alt.Tooltip("from:Q", format=".3g"), "count:Q"],
    )  # fmt: skip
    shades = []
    if zone and low < zone[1] and high > zone[0]:
        ends_at = [(min(max(end, low), high) - low) / (high - low) for end in zone]
        shade = frames.assign(start=frames["left"] + ends_at[0], stop=frames["left"] + ends_at[1])
        shades = [
            alt.Chart(shade).mark_rect(opacity=0.14, color="#888").encode(
                alt.X("start:Q", **x), alt.X2("stop:Q"), alt.Y("bottom:Q", **y), alt.Y2("top:Q")
            )
        ]  # fmt: skip
    height = 165 * len(names) + 40
    return alt.layer(*shades, edge, bar, title, told, scale).properties(height=height).configure_view(stroke=None)


def span(values: np.ndarray) -> tuple[float, float]:
    """The range of the middle 99 % of the values, widened where there is none.

    >>> span(np.array([0.0, 0.0]))
    (-1.0, 1.0)
    """
    values = values[np.isfinite(values)].astype(float)
    low, high = np.percentile(values, [0.5, 99.5]) if values.size else (-1.0, 1.0)
    wider = 0.0 if high - low > 1e-6 * max(abs(low), abs(high)) else 1e-3 * max(abs(low), abs(high)) or 1.0
    return float(low) - wider, float(high) + wider


def short(value: float, span: float) -> str:
    """An end of a scale; what is nothing beside the scale is 0."""
    return "0" if abs(value) < 1e-3 * span else f"{value:.2g}"


def told_of(values: np.ndarray, layer: int, depth: int) -> tuple[str, str]:
    """What stands above a panel, in fewer words where there are many side by side."""
    words = summary(values)
    return (f"layer {layer}", words) if depth <= CROWDED else (str(layer), words.removeprefix("std ").removesuffix(" zeros"))


@np.errstate(all="ignore")
def summary(values: np.ndarray) -> str:
    zeros = (values == 0).mean()
    return f"std {values.std(dtype=float):.2g}" + (f" · {zeros:.0%} zeros" if zeros else "")
