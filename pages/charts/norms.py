"""Weights as pictures: their norms while training, their histogram at one moment, and an ensemble of dropout masks."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from pages.charts import curves
from pages.charts.curves import Names, Spec
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY


def norms(
    histories: Sequence[History], names: Sequence[str], layer: int, moment: int, end: int, height: int = 400
) -> tuple[pd.DataFrame, Spec]:
    """‖W‖ of every hidden layer against updates: a bundle of lines a network, the chosen layer thick; a rule at `moment`."""
    data = curves.layers(histories, "weight_norm")
    data = data.assign(line=[names[place] for place in data["place"]], thick=np.where(data["layer"] == layer + 1, 3.2, 1.0))
    return data, _norms(tuple(names), moment, end, 1.1 * (data["y"].max() if len(data) else 15), height)


@cached(maxsize=300)
def _norms(names: Names, moment: int, end: int, top: float, height: int) -> Spec:
    x = alt.X("x:Q", title=tr("update"), scale=alt.Scale(domain=[0, end], nice=False))
    scale = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("y:Q", title=tr("norm of W"), axis=alt.Axis(titlePadding=2), scale=scale)
    width = alt.StrokeWidth("thick:Q", scale=None, legend=None)
    tips = [
        alt.Tooltip("line:N", title=tr("network")),
        alt.Tooltip("layer:O", title=tr("layer")),
        alt.Tooltip("x:Q", title=tr("update")),
        alt.Tooltip("y:Q", format=".3g"),
    ]
    line = alt.Chart().mark_line().encode(x, y, width, detail="layer:O", tooltip=tips, **curves.color(names, most=2))
    rule = alt.Chart(alt.Data(values=[{"x": moment}])).mark_rule(color=GRAY, strokeDash=[3, 3]).encode(x)
    return curves.without_data(alt.layer(rule, line).properties(height=height))


def histogram(
    histories: Sequence[History], names: Sequence[str], layer: int, moment: int, height: int = 400
) -> tuple[pd.DataFrame, Spec]:
    """The weights of one layer at one moment, a stepped line a network: share of the weights per unit of w."""
    rows = []
    for history, name in zip(histories, names, strict=True):
        found = history.probes[moment][layer]["weights"] if moment in history.probes else None
        if found and len(found.counts):
            density = found.counts / max(found.size, 1) / 2.0**found.exponent
            rows += zip([name] * len(found.edges), found.edges, [*density, 0.0], strict=True)
    data = pd.DataFrame(rows, columns=["line", "w", "density"])
    reach, top = (abs(data["w"]).max(), 1.05 * data["density"].max()) if len(data) else (0.25, 10)
    return data, _histogram(tuple(names), layer + 1, moment, reach, top, height)


@cached(maxsize=300)
def _histogram(names: Names, layer: int, moment: int, reach: float, top: float, height: int) -> Spec:
    span = alt.Scale(domain=[-reach, reach], nice=False)
    up = alt.Scale(domain=[0, top], nice=False)
    title = tr("weights w of layer {layer} at update {moment}", layer=layer, moment=moment)
    x = alt.X("w:Q", scale=span, axis=alt.Axis(tickCount=5), title=title)
    color = alt.Color("line:N", scale=alt.Scale(domain=list(names)), legend=None)
    base = alt.Chart().encode(x, alt.Y("density:Q", title=tr("density"), scale=up, axis=alt.Axis(titlePadding=2)), color)
    tips = [
        alt.Tooltip("line:N", title=tr("line")),
        alt.Tooltip("w:Q", format=".3f"),
        alt.Tooltip("density:Q", title=tr("density"), format=".3g"),
    ]
    area = base.mark_area(interpolate="step-after", opacity=0.12).encode(alt.Y2(datum=0))
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(tooltip=tips)
    return curves.without_data(alt.layer(area, line).properties(height=height))


def table(histories: Sequence[History]) -> pd.DataFrame:
    """A row a bin of a layer's weights at a moment, with the norm of that layer."""
    rows = [
        (
            h.experiment.weight_decay, h.experiment.dropout, h.experiment.seed, k + 1, step, float(layer["weight_norm"]),
            *each,
        )
        for h in histories
        for step, layers in sorted(h.probes.items())
        for k, layer in enumerate(layers)
        for each in zip(layer["weights"].edges, layer["weights"].edges[1:], layer["weights"].counts, strict=False)
    ]  # fmt: skip
    columns = ["weight_decay", "dropout", "seed", "layer", "update", "norm", "from", "to", "weights"]
    return pd.DataFrame(rows, columns=columns)


def masks(accuracies: np.ndarray, scaled: float, height: int = 330) -> tuple[pd.DataFrame, Spec]:
    """Test accuracy of the mean of k masks against k; the rule is the one scaled network."""
    data = pd.DataFrame({"k": 1 + np.arange(len(accuracies)), "accuracy": accuracies})
    low, high = min(accuracies.min(), scaled), max(accuracies.max(), scaled)
    edge = max(0.01, 0.15 * (high - low))
    return data, _masks(len(data), float(low - edge), float(high + edge), scaled, height)


@cached(maxsize=100)
def _masks(most: int, low: float, high: float, scaled: float, height: int) -> Spec:
    y = {"title": tr("test accuracy"), "scale": alt.Scale(domain=[low, high], nice=False), "axis": alt.Axis(format=".2f")}
    x = alt.X(
        "k:Q", title=tr("masks averaged, k"), scale=alt.Scale(type="log", base=2, domain=[1, most]),
        axis=alt.Axis(values=[1, 2, 4, 8, 16, 32, 64], format="d"),
    )  # fmt: skip
    tips = ["k:Q", alt.Tooltip("accuracy:Q", title=tr("accuracy"), format=".3f")]
    line = alt.Chart().mark_line(point=True, strokeWidth=2).encode(x, alt.Y("accuracy:Q", **y), tooltip=tips)
    level = {"accuracy": scaled, "k": 1, "word": tr("the scaled network, {accuracy:.3f}", accuracy=scaled)}
    base = alt.Chart(alt.Data(values=[level])).encode(alt.Y("accuracy:Q", **y))
    rule = base.mark_rule(color=GRAY, strokeDash=[6, 3], strokeWidth=2)
    word = base.mark_text(align="left", dx=4, dy=11, fontSize=size(12), color=GRAY).encode(x, text="word:N")
    return curves.without_data(alt.layer(rule, line, word).properties(height=height))
