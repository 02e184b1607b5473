"""A gap is what training accuracy promises and test accuracy does not keep: over epochs, settings and numbers of images.

As in `curves`, a chart is built once without its data, and a live picture sends data alone.
"""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from pages.charts import curves
from pages.charts.letters import size
from pages.kit.language import N_, cached, tr
from pages.kit.theme import GRAY

FAMILIES = [N_("plain"), N_("weight decay"), N_("dropout"), N_("batch normalization")]
SPAN = (-0.2, 0.1)  # of a picture of networks that are still training
LONGEST = 0.2
LINES = [N_("train"), N_("test")]
TICKS = {"grid": True, "format": ".2~f", "tickCount": 6}


def epochs(history: History, which: str) -> curves.Series:
    """Epochs done, (evaluations,), and the accuracy after them on the "train" or "test" images."""
    values = getattr(history, f"{which}_accuracy")
    return history.epochs[: len(values)], values


def ends(histories: Sequence[History], names: Sequence[str]) -> pd.DataFrame:
    """A row a name: means of the last train and test accuracy over its seeds, and the lowest and highest test accuracy.

    Networks that have diverged do not count.
    """
    rows = []
    for name in dict.fromkeys(names):
        own = [
            h for h, label in zip(histories, names, strict=True) if label == name and len(h.test_accuracy) and not h.diverged
        ]
        if own:
            train, test = (np.array([getattr(h, f"{which}_accuracy")[-1] for h in own]) for which in LINES)
            rows.append((name, train.mean(), test.mean(), test.min(), test.max(), train.mean() - test.mean(), len(own)))
    return pd.DataFrame(rows, columns=["name", "train", "test", "low", "high", "gap", "seeds"])


def floor(found: pd.DataFrame, name: str) -> float:
    """Where a picture of the finished networks begins: a little below the worst seed of `name`, so that differences show."""
    lowest = float(found.set_index("name")["low"].get(name, 0.0))
    return max(0.0, round((lowest - 0.1) * 20 - 0.5) / 20)


def curves_of(histories: Sequence[History]) -> pd.DataFrame:
    """What `over_epochs` draws of one network's seeds, rows of a `kind`: "gap", "seed", "mean" and, at the end, "word"."""
    means = [curves.frame(histories, [tr(which)] * len(histories), lambda h, w=which: epochs(h, w)) for which in LINES]
    points = [
        (tr(which), x, y, h.experiment.seed)
        for h in histories
        for which in LINES
        for x, y in zip(*epochs(h, which), strict=True)
        if len(histories) > 1 and np.isfinite(y)
    ]
    each = pd.DataFrame(points, columns=["line", "x", "y", "seed"])
    train, test = (mean.set_index("x")["y"] for mean in means)
    gap = pd.DataFrame({"y": train, "low": test}).dropna().reset_index()
    kinds = {"gap": gap, "seed": each, "mean": pd.concat(means), "word": _words(gap.tail(1))}
    return pd.concat([data.assign(kind=kind) for kind, data in kinds.items()])


def _words(last: pd.DataFrame) -> pd.DataFrame:
    """The numbers where the lines end, kept apart."""
    rows = []
    for x, train, test in last[["x", "y", "low"]].itertuples(index=False):
        middle, half = (train + test) / 2, max((train - test) / 2, 0.12)
        middle = min(max(middle, half), 1 - half)
        rows += [
            (x, middle + half, tr("train"), tr("train {value:.3f}", value=train)),
            (x, middle, "gap", tr("gap {value:.2f}", value=train - test)),
            (x, middle - half, tr("test"), tr("test {value:.3f}", value=test)),
        ]
    return pd.DataFrame(rows, columns=["x", "y", "line", "word"])


@cached(maxsize=300)
def over_epochs(title: str, end: float, height: int) -> curves.Spec:
    """Train and test accuracy of one network, a thin line a seed and a thick one for their mean; between them, the gap."""
    marks = [tick for tick in np.arange(0, end + 1, 50 if end > 120 else 20 if end > 40 else 5).tolist() if tick <= end]
    axis = alt.Axis(titlePadding=2, values=marks, format="d")
    x = alt.X("x:Q", title=tr("epoch"), scale=alt.Scale(domain=[0, 1.3 * end], nice=False), axis=axis)
    axis = alt.Axis(titlePadding=2, **TICKS)
    y = alt.Y("y:Q", title=tr("accuracy"), scale=alt.Scale(domain=[0, 1.04], nice=False), axis=axis)
    lines = [tr(line) for line in LINES]
    color = alt.Color("line:N", scale=alt.Scale(domain=lines), legend=None)
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=lines, range=[[1, 0], [7, 3]]), legend=None)
    tips = [
        alt.Tooltip("line:N", title=tr("line")),
        alt.Tooltip("x:Q", title=tr("epoch"), format=".0f"),
        alt.Tooltip("y:Q", title=tr("accuracy"), format=".3f"),
    ]
    style = {"align": "left", "dx": 7, "fontSize": size(13), "fontWeight": "bold"}

    def layer(of: str) -> alt.Chart:
        return alt.Chart().transform_filter(of).encode(x, y)

    shade = layer("datum.kind == 'gap'").mark_area(color=GRAY, opacity=0.2).encode(alt.Y2("low:Q"))
    thin = layer("datum.kind == 'seed'").mark_line(strokeWidth=1, opacity=0.4).encode(color, detail="seed:N")
    thick = layer("datum.kind == 'mean'").mark_line(strokeWidth=2.8).encode(color, dash, tooltip=tips)
    word = layer("datum.kind == 'word' && datum.line != 'gap'").mark_text(**style).encode(color, text="word:N")
    between = layer("datum.kind == 'word' && datum.line == 'gap'").mark_text(**style, color=GRAY).encode(text="word:N")
    chart = alt.layer(shade, thin, thick, word, between).properties(title=alt.TitleParams(title, offset=8), height=height)
    return curves.without_data(chart)


def span(found: pd.DataFrame) -> tuple[float, float]:
    """From where to where a picture of finished networks goes: all differences with their errors, not beyond ± LONGEST."""
    error = found["error"].fillna(0.0)
    low, high = (found["more"] - error).min(), (found["more"] + error).max()
    return max(-LONGEST, np.floor(50 * min(low, 0)) / 50 - 0.02), min(LONGEST, np.ceil(50 * max(high, 0)) / 50 + 0.02)


def settings_of(found: pd.DataFrame, ends: tuple[float, float]) -> pd.DataFrame:
    """What `over_settings` draws of settings with their means `train` and `test`, and `more` ± `error`, the difference from the
    first of them; what lies outside of the picture stands at its edge, with an arrow at the number."""
    known = found["error"].fillna(0.0)
    outside = np.select([found["more"] < ends[0], found["more"] > ends[1]], ["◀ ", "▶ "], "")
    words = [
        tr("test {value:.3f}", value=test)
        if place == 0
        else f"{arrow}{more:+.4f}{f' ± {error:.4f}' if np.isfinite(error) else ''}".replace("-", "−")
        for place, (arrow, test, more, error) in enumerate(
            zip(outside, found["test"], found["more"], found["error"], strict=True)
        )
    ]
    return found.assign(
        family=found["family"].map(tr),
        at=found["more"].clip(*ends),
        bar=(found["more"] - known).clip(*ends),
        top=(found["more"] + known).clip(*ends),
        word=words,
    )


@cached(maxsize=300)
def over_settings(names: tuple[str, ...], ends: tuple[float, float], height: int) -> curves.Spec:
    """How much more test accuracy each setting has than the first of the names, the rule at 0: a bar is its error."""
    legend = alt.Legend(orient="top", title=None, symbolSize=110, columnPadding=8)
    low, high = ends
    wide = alt.Scale(domain=[low, high + 0.35 * (high - low)], nice=False)  # room for the numbers at the right
    marks = [tick for tick in (np.arange(-50, 51) / 50 if high - low < 0.3 else np.arange(-10, 11) / 10) if low <= tick <= high]
    axis = alt.Axis(values=marks, format="+.2f", labelExpr="datum.value ? datum.label : '0'", grid=True)
    x = {"title": tr("test accuracy less that of the plain network"), "scale": wide, "axis": axis}
    y = alt.Y("name:N", title=None, scale=alt.Scale(domain=names), axis=alt.Axis(labelFontSize=size(13), labelLimit=180))
    families = [tr(family) for family in FAMILIES]
    color = alt.Color("family:N", scale=alt.Scale(domain=families), legend=legend)
    shapes = alt.Scale(domain=families, range=["circle", "square", "triangle-up", "diamond"])
    shape = alt.Shape("family:N", scale=shapes, legend=legend)
    numbers = {
        "test": tr("mean test accuracy"),
        "more": tr("difference"),
        "error": tr("± of the difference"),
        "train": tr("mean train accuracy"),
    }
    tips = [alt.Tooltip(f"{field}:Q", title=title, format=".3f") for field, title in numbers.items()]
    tips = [alt.Tooltip("name:N", title=tr("network")), *tips]
    rule = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=GRAY, strokeDash=[5, 4]).encode(alt.X("zero:Q", **x))
    base = alt.Chart().encode(y)
    bar = base.mark_rule(strokeWidth=3).encode(alt.X("bar:Q", **x), alt.X2("top:Q"), color)
    dot = base.mark_point(filled=True, size=130, opacity=1).encode(alt.X("at:Q", **x), color, shape, tooltip=tips)
    word = base.mark_text(align="right", dx=-4, fontSize=size(13), color=GRAY).encode(x=alt.value("width"), text="word:N")
    return curves.without_data(alt.layer(rule, bar, dot, word).properties(height=height))


def images_of(found: pd.DataFrame) -> pd.DataFrame:
    """What `over_images` draws of `ends` whose names are numbers of images: rows of kind "gap" and rows of kind "line"."""
    data = found.assign(images=found["name"].astype(int)).sort_values("images")
    gap = data.assign(kind="gap", middle=(data["train"] + data["test"]) / 2, word=[f"{gap:.2f}" for gap in data["gap"]])
    long = data.melt(["images", "gap", "low", "high", "seeds"], LINES, "line", "accuracy")
    return pd.concat([gap, long.assign(kind="line", line=long["line"].map(tr))])


@cached(maxsize=300)
def over_images(sizes: tuple[int, ...], yours: int, bottom: float, height: int) -> curves.Spec:
    """Train and test accuracy against the number of images; the dotted rule stands at `yours`."""
    axis = alt.Axis(values=sorted({*sizes, yours}), format="~d", labelOverlap=True, grid=False)
    x = alt.X("images:Q", title=tr("training images"), axis=axis, scale=alt.Scale(type="log", domain=[40, 5000], nice=False))
    scale = alt.Scale(domain=[bottom, 1.02], nice=False, clamp=True)
    y = {"title": tr("accuracy after the last update"), "scale": scale, "axis": alt.Axis(**TICKS)}
    line = {"symbolType": "stroke", "symbolSize": 400, "symbolOpacity": 1, "symbolStrokeWidth": 2.5}
    legend = alt.Legend(orient="bottom-right", title=None, **line)
    names = [tr(line) for line in LINES]
    color = alt.Color("line:N", scale=alt.Scale(domain=names), legend=legend)
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=names, range=[[1, 0], [7, 3]]), legend=legend)
    tips = [
        alt.Tooltip("line:N", title=tr("line")),
        alt.Tooltip("images:Q", title=tr("images")),
        alt.Tooltip("accuracy:Q", title=tr("accuracy"), format=".3f"),
        alt.Tooltip("gap:Q", title=tr("gap"), format=".3f"),
        alt.Tooltip("seeds:Q", title=tr("seeds")),
    ]
    gap, lines = (alt.Chart().transform_filter(alt.datum.kind == kind).encode(x) for kind in ("gap", "line"))
    shade = gap.mark_area(color=GRAY, opacity=0.2).encode(alt.Y("train:Q", **y), alt.Y2("test:Q"))
    mark = alt.Chart(alt.Data(values=[{"images": yours}])).mark_rule(color=GRAY, strokeDash=[3, 3]).encode(x)
    tests = lines.transform_filter(f"datum.line == '{tr('test')}'")
    bar = tests.mark_rule(strokeWidth=3).encode(alt.Y("low:Q", **y), alt.Y2("high:Q"), color)
    path = lines.mark_line(strokeWidth=2.8).encode(alt.Y("accuracy:Q", **y), color, dash)
    dot = lines.mark_point(filled=True, size=80, opacity=1).encode(alt.Y("accuracy:Q", **y), color, tooltip=tips)
    word = gap.mark_text(fontSize=size(12.5), fontWeight="bold", color=GRAY).encode(alt.Y("middle:Q", **y), text="word:N")
    return curves.without_data(alt.layer(shade, mark, bar, path, dot, word).properties(height=height))
