"""Borders in square panels: what networks say at every point of the plane, behind the points they have learned from."""

from collections.abc import Callable, Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from engine.datasets import CLOUDS, TWINS, load
from engine.experiments import Experiment
from engine.losses import softmax
from engine.network import Weights
from engine.trained import restore
from pages.charts.curves import GAP, Names, Spec, without_data
from pages.charts.letters import size
from pages.kit import images
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

SHOWN = 300  # points drawn over a picture
SIDE = 72  # pixels of a picture
COLORS = (  # of the theme's palette, in light and dark legible as a tint
    (18, 131, 230), (240, 58, 0), (91, 10, 145), (0, 140, 110), (190, 150, 60), (113, 122, 135),
)  # fmt: skip
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "triangle-down")
HEIGHT, TALL = 330, 1.22  # of the chart, in pixels and in panels

REACH = {"circles": 2.6, "spirals": 1.3, **dict.fromkeys(CLOUDS.values(), 6.4), **dict.fromkeys(TWINS.values(), 4.7)}


def points(dataset: str) -> np.ndarray:
    """(SIDE², 2): the middles of the pixels, row by row from the top."""
    reach = REACH[dataset]
    middles = (np.arange(SIDE) + 0.5) / SIDE * 2 * reach - reach
    x, y = np.meshgrid(middles, -middles)
    return np.stack([x.ravel(), y.ravel()], axis=-1).astype(np.float32)


def picture(spec: Experiment, weights: Weights) -> str:
    """A `data:` address: each pixel tinted by the class the network names there, the more the surer it is."""
    sure = softmax(restore(spec, weights).forward(points(spec.dataset)))
    classes, said = sure.shape[-1], sure.argmax(axis=-1)
    strength = (sure.max(axis=-1) - 1 / classes) / (1 - 1 / classes)
    pixels = np.zeros((SIDE * SIDE, 4), np.uint8)
    pixels[:, :3] = np.array(COLORS)[said]
    pixels[:, 3] = np.nan_to_num(40 + 100 * strength)
    return images.drawn(pixels.reshape(SIDE, SIDE, 4))


def frames(histories: Sequence[History], steps: Sequence[int], shot: Callable[[History, int], str]) -> pd.DataFrame:
    """Columns panel, frame, middle, url, word: the picture `shot` for each network and step."""
    rows = [
        (place, frame, place * GAP + 0.5, shot(h, step), tr("update {step}", step=step))
        for frame, step in enumerate(steps)
        for place, h in enumerate(histories)
    ]
    return pd.DataFrame(rows, columns=["panel", "frame", "middle", "url", "word"])


@cached(maxsize=200)
def squares(titles: Names, dataset: str, count: int) -> Spec:
    """Square panels side by side, at the last of `count` frames until the slider below moves; no round trip."""
    data = load(dataset, train_size=SHOWN)
    reach = REACH[dataset]
    dots = [
        {"across": place * GAP + (x + reach) / (2 * reach), "up": (y + reach) / (2 * reach), "class": int(label)}
        for place in range(len(titles))
        for (x, y), label in zip(data.x_train.tolist(), data.y_train, strict=True)
    ]
    edges = [{"left": place * GAP, "right": place * GAP + 1, "title": title} for place, title in enumerate(titles)]
    across = GAP * (len(titles) - 1) + 1.02
    unit = f"min(width / {across}, {HEIGHT / TALL})"  # pixels: the side of a square panel, whatever the width of the page
    ends = [alt.ExprRef("0"), alt.ExprRef(f"{unit} * {across}")], [alt.ExprRef(f"{unit} * {TALL}"), alt.ExprRef("0")]
    x = {"scale": alt.Scale(domain=[-0.01, across - 0.01], range=ends[0], nice=False), "axis": None}
    y = {"scale": alt.Scale(domain=[-0.12, TALL - 0.12], range=ends[1], nice=False), "axis": None}
    at = alt.param(
        "frame", value=max(0, count - 1), bind=alt.binding_range(min=0, max=count - 1, step=1, name=f"{tr('moment')} ")
    )
    boxes = alt.Chart(alt.Data(values=edges)).encode(alt.X("left:Q", **x))
    box = boxes.mark_rect(fill=None, stroke=f"{GRAY}66").encode(alt.X2("right:Q"), alt.YDatum(0, **y), alt.Y2Datum(1))
    title = boxes.mark_text(align="left", dy=-8, fontSize=size(13), color=GRAY).encode(alt.YDatum(1, **y), text="title:N")
    classes = list(range(len(COLORS)))
    color = alt.Color("class:N", scale=alt.Scale(domain=classes), legend=None)
    shape = alt.Shape("class:N", scale=alt.Scale(domain=classes, range=list(SHAPES)), legend=None)
    dot = alt.Chart(alt.Data(values=dots)).mark_point(filled=True, size=26, opacity=0.9)
    dot = dot.encode(alt.X("across:Q", **x), alt.Y("up:Q", **y), color, shape)
    if not count:
        return without_data(
            alt.layer(box, title, dot, alt.Chart().mark_point()).properties(height=HEIGHT).configure_view(stroke=None)
        )
    shot = alt.Chart().transform_filter("datum.frame == frame").encode(alt.X("middle:Q", **x), alt.YDatum(0.5, **y))
    image = shot.mark_image(width=alt.ExprRef(unit), height=alt.ExprRef(unit), aspect=False).encode(url="url:N")
    word = shot.transform_filter("datum.panel == 0").mark_text(align="left", fontSize=size(13), color=GRAY)
    word = word.encode(alt.XDatum(0, **x), alt.YDatum(-0.06, **y), text="word:N")
    layers = alt.layer(image, dot, box, title, word)
    return without_data((layers.add_params(at) if count > 1 else layers).properties(height=HEIGHT).configure_view(stroke=None))
