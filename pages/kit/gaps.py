"""A gap is what training accuracy promises and test accuracy does not keep: over epochs, settings and numbers of images."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from pages.kit import curves

LINES = ["train", "test"]
TICKS = {"grid": True, "format": ".2~f", "tickCount": 6}


def epochs(history: History, which: str) -> curves.Series:
    """Epochs done, (evaluations,), and the accuracy after them on the "train" or "test" images."""
    updates, values = curves.accuracy(history, which)
    spec = history.experiment
    return updates * min(spec.batch_size, spec.train_size) / spec.train_size, values


def ends(histories: Sequence[History], names: Sequence[str]) -> pd.DataFrame:
    """A row a name: means of the last train and test accuracy over its seeds, and the lowest and highest test accuracy."""
    rows = []
    for name in dict.fromkeys(names):
        own = [h for h, label in zip(histories, names, strict=True) if label == name and len(h.test_accuracy)]
        if own:
            train, test = (np.array([getattr(h, f"{which}_accuracy")[-1] for h in own]) for which in LINES)
            rows.append((name, train.mean(), test.mean(), test.min(), test.max(), train.mean() - test.mean(), len(own)))
    return pd.DataFrame(rows, columns=["name", "train", "test", "low", "high", "gap", "seeds"])


def floor(found: pd.DataFrame, name: str) -> float:
    """Where a picture of the finished networks begins: a little below the worst seed of `name`, so that differences show."""
    lowest = float(found.set_index("name")["low"].get(name, 0.0))
    return max(0.0, round((lowest - 0.1) * 20 - 0.5) / 20)


def over_epochs(histories: Sequence[History], title: str, end: float, height: int = 270) -> alt.LayerChart:
    """Train and test accuracy of one network, a thin line a seed and a thick one for their mean; between them, the gap."""
    means = pd.concat([curves.frame(histories, [which] * len(histories), lambda h, w=which: epochs(h, w)) for which in LINES])
    each = pd.concat(
        [
            curves.frame([h], [which], lambda h, w=which: epochs(h, w), seed=h.experiment.seed)
            for h in histories
            for which in LINES
            if len(histories) > 1
        ]
        or [means.assign(seed=0).head(0)]
    )
    gap = means.pivot(index="x", columns="line", values="y").reindex(columns=LINES).dropna().reset_index()
    marks = [tick for tick in np.arange(0, end + 1, 50 if end > 120 else 20 if end > 40 else 5).tolist() if tick <= end]
    axis = alt.Axis(titlePadding=2, values=marks, format="d")
    x = alt.X("x:Q", title="epoch", scale=alt.Scale(domain=[0, 1.3 * end], nice=False), axis=axis)
    y = {"title": None, "scale": alt.Scale(domain=[0, 1.04], nice=False), "axis": alt.Axis(**TICKS)}
    color = alt.Color("line:N", scale=alt.Scale(domain=LINES), legend=None)
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=LINES, range=[[1, 0], [7, 3]]), legend=None)
    shade = alt.Chart(gap).mark_area(color="#888", opacity=0.2).encode(x, alt.Y("train:Q", **y), alt.Y2("test:Q"))
    thin = alt.Chart(each).mark_line(strokeWidth=1, opacity=0.4).encode(x, alt.Y("y:Q", **y), color, detail="seed:N")
    tips = ["line:N", alt.Tooltip("x:Q", title="epoch", format=".0f"), alt.Tooltip("y:Q", title="accuracy", format=".3f")]
    thick = alt.Chart(means).mark_line(strokeWidth=2.8).encode(x, alt.Y("y:Q", **y), color, dash, tooltip=tips)
    told = _told(gap.tail(1))
    style = {"align": "left", "dx": 7, "fontSize": 13, "fontWeight": "bold"}
    at = {"x": x, "y": alt.Y("y:Q", **y), "text": "word:N"}
    word = alt.Chart(told[told["line"] != "gap"]).mark_text(**style).encode(**at, color=color)
    between = alt.Chart(told[told["line"] == "gap"]).mark_text(**style, color="#888").encode(**at)
    return alt.layer(shade, thin, thick, word, between).properties(title=alt.TitleParams(title, offset=8), height=height)


def _told(last: pd.DataFrame) -> pd.DataFrame:
    """The numbers where the lines end, kept apart."""
    rows = []
    for x, train, test in last[["x", *LINES]].itertuples(index=False):
        middle, half = (train + test) / 2, max((train - test) / 2, 0.12)
        middle = min(max(middle, half), 1 - half)
        rows = [
            (x, middle + half, "train", f"train {train:.3f}"),
            (x, middle, "gap", f"gap {train - test:.2f}"),
            (x, middle - half, "test", f"test {test:.3f}"),
        ]
    return pd.DataFrame(rows, columns=["x", "y", "line", "word"])


def over_settings(
    found: pd.DataFrame, families: dict[str, str], none: str, *, bottom: float = 0.0, height: int = 430
) -> alt.LayerChart:
    """Test accuracy of every setting: the mean, a bar from the lowest to the highest seed, and training accuracy hollow.

    `families` (name → family) gives the order and the colors. The band is the range of the setting `none`; means below
    `bottom` stand at the edge with their number.
    """
    order = list(families)
    data = found.assign(
        family=found["name"].map(families),
        at=found["test"].clip(lower=bottom),
        low=found["low"].clip(lower=bottom),
        high=found["high"].clip(lower=bottom),
        word=[f"{'▼ ' if test < bottom else ''}{test:.3f}" for test in found["test"]],
    )
    kinds = list(dict.fromkeys(families.values()))
    legend = alt.Legend(orient="top", title=None, symbolSize=110, columnPadding=8)
    x = alt.X("name:N", title=None, sort=order, scale=alt.Scale(domain=order), axis=alt.Axis(labelAngle=-35, labelLimit=120))
    y = {"title": None, "scale": alt.Scale(domain=[bottom, 1.0], nice=False), "axis": alt.Axis(grid=True, format=".2f")}
    color = alt.Color("family:N", scale=alt.Scale(domain=kinds), legend=legend)
    shape = alt.Shape("family:N", scale=alt.Scale(domain=kinds, range=["circle", "square", "triangle-up"]), legend=legend)
    base = alt.Chart(data).encode(x)
    reference = alt.Chart(data[data["name"] == none])
    band = reference.mark_rect(color="#888", opacity=0.18).encode(alt.Y("low:Q", **y), alt.Y2("high:Q"))
    rule = reference.mark_rule(color="#888", strokeDash=[5, 4]).encode(alt.Y("at:Q", **y))
    bar = base.mark_rule(strokeWidth=3).encode(alt.Y("low:Q", **y), alt.Y2("high:Q"), color)
    tips = [
        alt.Tooltip("name:N", title="network"), alt.Tooltip("test:Q", format=".3f"), alt.Tooltip("low:Q", format=".3f"),
        alt.Tooltip("high:Q", format=".3f"), alt.Tooltip("train:Q", format=".3f"), "seeds:Q",
    ]  # fmt: skip
    dot = base.mark_point(filled=True, size=130, opacity=1).encode(alt.Y("at:Q", **y), color, shape, tooltip=tips)
    hollow = (
        base.transform_filter(alt.datum.train >= bottom)
        .mark_point(filled=False, size=90, strokeWidth=1.8)
        .encode(alt.Y("train:Q", **y), color, shape, tooltip=tips)
    )
    word = base.mark_text(align="left", dx=9, fontSize=12, color="#888").encode(alt.Y("at:Q", **y), text="word:N")
    return alt.layer(band, rule, bar, hollow, dot, word).properties(height=height)


def over_images(
    found: pd.DataFrame, sizes: Sequence[int], yours: int, *, bottom: float = 0.0, height: int = 430
) -> alt.LayerChart:
    """Train and test accuracy against the number of images, its names; the rule stands at `yours`."""
    data = found.assign(images=found["name"].astype(int)).sort_values("images")
    data = data.assign(middle=(data["train"] + data["test"]) / 2, word=[f"{gap:.2f}" for gap in data["gap"]])
    long = data.melt(["images", "gap", "low", "high", "seeds"], LINES, "line", "accuracy")
    ticks = sorted({*sizes, yours})
    axis = alt.Axis(values=ticks, format="~d", labelOverlap=True, grid=False)
    x = alt.X("images:Q", title="training images", axis=axis, scale=alt.Scale(type="log", domain=[40, 5000], nice=False))
    y = {
        "title": "accuracy after the last update",
        "scale": alt.Scale(domain=[bottom, 1.02], nice=False, clamp=True),
        "axis": alt.Axis(**TICKS),
    }
    legend = alt.Legend(orient="bottom-right", title=None, symbolSize=400, symbolType="stroke")
    color = alt.Color("line:N", scale=alt.Scale(domain=LINES), legend=legend)
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=LINES, range=[[1, 0], [7, 3]]), legend=legend)
    shade = alt.Chart(data).mark_area(color="#888", opacity=0.2).encode(x, alt.Y("train:Q", **y), alt.Y2("test:Q"))
    rule = alt.Chart(pd.DataFrame({"images": [yours]})).mark_rule(color="#888", strokeDash=[3, 3]).encode(x)
    bar = alt.Chart(data.assign(line="test")).mark_rule(strokeWidth=3).encode(x, alt.Y("low:Q", **y), alt.Y2("high:Q"), color)
    tips = ["line:N", "images:Q", alt.Tooltip("accuracy:Q", format=".3f"), alt.Tooltip("gap:Q", format=".3f"), "seeds:Q"]
    line = alt.Chart(long).mark_line(strokeWidth=2.8).encode(x, alt.Y("accuracy:Q", **y), color, dash)
    dot = alt.Chart(long).mark_point(filled=True, size=80, opacity=1).encode(x, alt.Y("accuracy:Q", **y), color, tooltip=tips)
    word = (
        alt.Chart(data)
        .mark_text(fontSize=12.5, fontWeight="bold", color="#888")
        .encode(x, alt.Y("middle:Q", **y), text="word:N")
    )
    return alt.layer(shade, rule, bar, line, dot, word).properties(height=height)
