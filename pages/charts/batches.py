"""Batches on their way through batch normalization, what a convolution shares, and accuracies with either statistics."""

import altair as alt
import numpy as np
import pandas as pd

from pages.charts.curves import Spec, without_data
from pages.charts.letters import grown, size
from pages.kit.language import N_, cached, tr
from pages.kit.theme import GRAY

ROWS = (N_("x, the batch"), N_("x̂, normalized"), N_("y, scaled and shifted"))


def strips_of(x: np.ndarray, xhat: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    """What `strips` draws: a row a number, and a row a stage with its `mean`, a deviation to both sides."""
    stages = dict(zip(map(tr, ROWS), (x, xhat, y), strict=True))
    points = [(name, i, value) for name, values in stages.items() for i, value in enumerate(values.tolist())]
    spread = [(name, v.mean(), v.mean() - v.std(), v.mean() + v.std()) for name, v in stages.items()]
    columns = ["stage", "mean", "low", "high"]
    return pd.concat([pd.DataFrame(points, columns=["stage", "member", "value"]), pd.DataFrame(spread, columns=columns)])


@cached
def strips() -> Spec:
    """Three number lines under each other, a line for each member of the batch."""
    names = [tr(name) for name in ROWS]
    label = alt.Axis(labelFontSize=size(13), labelLimit=200, domain=False, grid=True)
    stage = alt.Y("stage:N", sort=names, title=None, axis=label)
    of = alt.Tooltip("stage:N", title=tr("stage"))
    bars = alt.Chart().transform_filter("isValid(datum.mean)").encode(stage)
    bar = bars.mark_rule(strokeWidth=16, opacity=0.3, color=GRAY).encode(alt.X("low:Q", title=tr("value")), alt.X2("high:Q"))
    mean = bars.mark_point(shape="diamond", size=140, filled=True, color=GRAY)
    mean = mean.encode(alt.X("mean:Q"), tooltip=[of, alt.Tooltip("mean:Q", title=tr("mean"), format=".4g")])
    base = alt.Chart().transform_filter("isValid(datum.value)")
    base = base.encode(stage, alt.X("value:Q"), alt.Color("member:N", legend=None))
    path = base.mark_line(strokeWidth=1.5, opacity=0.6).encode(detail="member:N", order="stage_order:Q")
    path = path.transform_calculate(stage_order=f"indexof({names}, datum.stage)")
    dot = base.mark_circle(size=130, opacity=1)
    dot = dot.encode(tooltip=[of, alt.Tooltip("value:Q", title=tr("value"), format=".4g")])
    return without_data((bar + path + mean + dot).properties(height=300))


@cached
def feature_maps() -> tuple[pd.DataFrame, Spec]:
    """Four images, three feature maps each, as cells in the color of their statistics."""
    side = 4
    cells = pd.DataFrame(
        [
            {"x": image * (side + 1) + i, "y": channel * (side + 1) + j, "map": tr("map {k}", k=channel + 1)}
            for image in range(4)
            for channel in range(3)
            for i in range(side)
            for j in range(side)
        ]
    ).assign(right=lambda d: d["x"] + 0.92, bottom=lambda d: d["y"] + 0.92)
    images = f"""'{tr("image {k}", k="' + ((datum.value - 2) / 5 + 1) + '")}'"""
    axis = alt.Axis(values=[2, 7, 12, 17], labelExpr=images, grid=False, ticks=False, domain=False, labelPadding=6)
    return cells, without_data(
        alt.Chart()
        .mark_rect()
        .encode(
            alt.X("x:Q", axis=axis, title=None, scale=alt.Scale(domain=[-0.2, 19.2], nice=False)),
            alt.X2("right:Q"),
            alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[14.2, -0.2], nice=False)),
            alt.Y2("bottom:Q"),
            alt.Color("map:N", legend=alt.Legend(orient="top", title=None)),
        )
        .properties(height=230)
    )


def bars(table: pd.DataFrame) -> alt.TopLevelMixin:
    """Test accuracy (order, statistics, value), a bar each, in the order of the table."""
    order, kinds = table["order"].unique().tolist(), table["statistics"].unique().tolist()
    base = alt.Chart(table).encode(
        alt.X("statistics:N", sort=kinds, title=None, axis=alt.Axis(labelAngle=0, labelLimit=95)),
        alt.Y("value:Q", title=tr("test accuracy"), scale=alt.Scale(domain=[0, 1.05])),
        xOffset=alt.XOffset("order:N", sort=order),
    )
    legend = alt.Legend(orient="top", title=None)
    bar = base.mark_bar().encode(alt.Color("order:N", sort=order, scale=alt.Scale(domain=order), legend=legend))
    word = base.mark_text(dy=-7, fontSize=size(11), color=GRAY).encode(text=alt.Text("value:Q", format=".2f"))
    return grown((bar + word).properties(height=270))
