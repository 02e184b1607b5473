"""The shape of a run as a small panel: its loss above, accuracies below, and what the doctor saw, drawn where it saw it.

Where the doctor has looked inside of the network, that curve takes the place of the accuracies. Everything shares one axis: the
lower half goes from 0 to 1, the upper one from UP to UP + 1.
"""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.compare import History
from engine.doctor import Finding, measured
from pages.charts import curves
from pages.charts.axes import ten
from pages.charts.curves import Spec
from pages.charts.letters import grown, size
from pages.kit.language import N_, cached, tr
from pages.kit.theme import GRAY

UP, TOP = 1.35, 3.5  # where the upper half begins, and the loss at its top
POWERS = {"update_ratio": (-6, 0), "spread": (-6, 0), "gradient_ratio": (-6, 0), "gradient_norm": (-6, 6), "dead": None}
INSIDE = {
    "update_ratio": N_("update : weight"),
    "spread": N_("std of the last activations"),
    "gradient_ratio": N_("first : last gradient norm"),
    "gradient_norm": N_("gradient norm"),
    "dead": N_("silent share of a layer"),
}
LINES = [N_("training accuracy"), N_("test accuracy"), N_("loss"), N_("measured inside"), "–", N_("threshold")]
TRAIN, TEST, LOSS, WITHIN, _, LEVEL = LINES
COLOR = alt.Scale(domain=LINES)
DASHED = [[1, 0], [7, 3], [1, 0], [1, 0], [1, 0], [3, 3]]
DASH = alt.Scale(domain=LINES, range=DASHED)


def above(loss: np.ndarray) -> np.ndarray:
    """Where a loss stands in the upper half: at its edge, if it is higher."""
    return UP + np.clip(loss / TOP, 0, 1)


def below(values: np.ndarray, measure: str) -> np.ndarray:
    """Where a number stands in the lower half."""
    span = POWERS.get(measure)
    if not span:
        return np.clip(values, 0, 1)
    return np.clip((np.log10(np.maximum(values, 1e-30)) - span[0]) / (span[1] - span[0]), 0, 1)


def panel_of(histories: Sequence[History], finding: Finding | None) -> pd.DataFrame:
    """What `panel` draws of the seeds of a network and of a finding about the first of them: columns line, x, y, seed, word."""
    measure = finding.measure if finding else ""
    parts = []
    for history in histories:
        x, y = curves.loss(history, 0.9)
        found = [(LOSS, x, above(y))]
        if measure in INSIDE:
            x, y = measured(history, measure)
            found.append((WITHIN, x, below(y, measure)))
        else:
            found += [(line, *curves.accuracy(history, which)) for line, which in ((TRAIN, "train"), (TEST, "test"))]
        seed = history.experiment.seed
        parts += [pd.DataFrame({"line": line, "x": x, "y": y, "seed": seed, "kind": "line"}) for line, x, y in found]
    data = pd.concat(parts)
    data = data[np.isfinite(data["y"].astype(float))]
    return pd.concat([data, *(signs(histories[0], finding) if measure else [])])


def signs(history: History, finding: Finding) -> list[pd.DataFrame]:
    """The threshold of a finding, since when it is crossed, and, of accuracy that falls, every fall since then."""
    measure, since, end = finding.measure, finding.evidence["update"], history.experiment.steps
    low, high = (UP, UP + 1) if measure == "loss" else (0, 1)
    rule = pd.DataFrame({"x": [since], "y": [low], "y2": [high], "kind": "since"})
    if measure == "gap":
        x, test = curves.accuracy(history, "test")
        level = pd.DataFrame({"x": x, "y": np.minimum(test + finding.level, 1)})
    elif measure == "fall":
        x, fall = measured(history, "fall")
        train = curves.accuracy(history)[1][: len(x)]
        deep = (fall >= finding.level) & (x >= since)
        level = pd.DataFrame({"x": x[deep], "y": train[deep] + fall[deep], "y2": train[deep]})
        return [level.assign(kind="fall", line=LEVEL), rule]
    else:
        y = above(np.array(finding.level)) if measure == "loss" else below(np.array(finding.level), measure)
        level = pd.DataFrame({"x": [0, end], "y": float(y)})
    return [level.assign(kind="level", line=LEVEL), rule]


@cached(maxsize=300)
def panel(measure: str, end: int, height: int) -> Spec:
    """A panel of updates from 0 to `end`, whose finding showed in a measure."""
    ticks = alt.Axis(
        values=[0, end / 2, end], labelExpr=f"datum.value == {end / 2} ? '{tr('update')}' : datum.label", labelOverlap=False
    )
    x = alt.X("x:Q", title=None, scale=alt.Scale(domain=[0, end], nice=False), axis=ticks)
    span = POWERS.get(measure)
    lower = "format(datum.value, '.1f')"
    if span:
        words = [f"'{ten(power)}'" if power else "'1'" for power in (span[0], sum(span) // 2, span[1])]
        lower = f"datum.value < 0.1 ? {words[0]} : datum.value < 0.9 ? {words[1]} : {words[2]}"
    label = f"datum.value > 1.2 ? format((datum.value - {UP}) * {TOP}, '.0f') : {lower}"
    axis = alt.Axis(values=[0, 0.5, 1, *(UP + loss / TOP for loss in range(4))], labelExpr=label, minExtent=26)
    y = {"title": None, "axis": axis, "scale": alt.Scale(domain=[0, UP + 1.25], nice=False)}
    color = alt.Color("line:N", scale=COLOR, legend=None)
    dash = alt.StrokeDash("line:N", scale=DASH, legend=None)
    thin = alt.condition("datum.seed == 0", alt.value(2.4), alt.value(0.8))
    faint = alt.condition("datum.seed == 0", alt.value(1), alt.value(0.5))

    def layer(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.kind == '{kind}'").encode(x, alt.Y("y:Q", **y))

    words = [
        {"at": 0, "up": UP + 1.04, "word": tr("loss")},
        {"at": 0, "up": 1.04, "word": tr(INSIDE.get(measure, N_("accuracy")))},
    ]
    title = alt.Chart(alt.Data(values=words)).mark_text(align="left", baseline="bottom", fontSize=size(11.5), color=GRAY)
    title = title.encode(alt.X("at:Q", title=None), alt.Y("up:Q", **y), text="word:N")
    line = layer("line").mark_line(clip=True).encode(color, dash, detail="seed:N", strokeWidth=thin, opacity=faint)
    level = layer("level").mark_line(strokeWidth=2, clip=True).encode(color, dash)
    since = layer("since").mark_rule(strokeWidth=2, color=GRAY).encode(alt.Y2("y2:Q"))
    fall = layer("fall").mark_rule(strokeWidth=4).encode(alt.Y2("y2:Q"), color=color)
    return curves.without_data(alt.layer(since, line, level, fall, title).properties(height=height))


def legend() -> alt.TopLevelMixin:
    """What the lines of all panels are, as a chart of its own."""
    names = [tr(line) for line in LINES]
    shown = [name for name in names if name != "–"]
    look = {"symbolType": "stroke", "symbolSize": 400, "symbolOpacity": 1, "symbolStrokeWidth": 2.5}
    above = alt.Legend(title=None, orient="top", values=shown, columns=3, labelLimit=300, **look)
    chart = alt.Chart(alt.Data(values=[{"line": name, "x": 0} for name in shown])).mark_line(opacity=0)
    chart = chart.encode(
        alt.X("x:Q", axis=None),
        alt.Color("line:N", scale=alt.Scale(domain=names), legend=above),
        alt.StrokeDash("line:N", scale=alt.Scale(domain=names, range=DASHED), legend=above),
    )
    return grown(chart.properties(height=56).configure_view(stroke=None))
