"""Searches as pictures: what was asked, by how good it was; and the shadows that trials throw on the axes."""

import altair as alt

from pages.charts import curves
from pages.charts.axes import decades, powers
from pages.charts.curves import Spec
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

Ends = tuple[float, float]


def _tips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("place:Q", title=tr("trial")),
        alt.Tooltip("lr:Q", title=tr("learning rate"), format=".3g"),
        alt.Tooltip("weight_decay:Q", title="λ", format=".3g"),
        alt.Tooltip("score:Q", title=tr("validation accuracy"), format=".2f"),
        alt.Tooltip("rank:Q", title=tr("rank")),
    ]


def _axis(name: str, title: str, ends: Ends, grid: bool = True) -> dict:
    low, high = ends[0] / 1.4, ends[1] * 1.4
    ticks = decades(low, high)
    axis = powers(values=ticks, grid=grid) if len(ticks) > 1 else powers(tickCount=5, grid=grid)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return {"shorthand": f"{name}:Q", "title": title, "axis": axis, "scale": scale}


def _plane(lr: Ends, decay: Ends) -> tuple[alt.X, alt.Y]:
    return alt.X(**_axis("lr", tr("learning rate"), lr)), alt.Y(**_axis("weight_decay", tr("weight decay λ"), decay))


def _dots(lr: Ends, decay: Ends, area: float, legend: alt.Legend | None) -> alt.Chart:
    """A dot a trial, by its score."""
    x, y = _plane(lr, decay)
    color = alt.Color("score:Q", scale=alt.Scale(domain=[0, 1], scheme="viridis"), legend=legend)
    mark = alt.Chart().mark_point(filled=True, size=area, opacity=1, stroke=f"{GRAY}88", strokeWidth=0.5)
    return mark.encode(x, y, color, tooltip=_tips())


@cached(maxsize=300)
def scatter(lr: Ends, decay: Ends, height: int) -> Spec:
    """Trials (lr, weight_decay, score, place; rank 1 is the best); a box that is dragged is the selection "box"."""
    legend = alt.Legend(title=tr("validation accuracy"), orient="top", gradientLength=220)
    brush = alt.BrushConfig(stroke="#1283E6", strokeWidth=2, fillOpacity=0.12)
    dot = _dots(lr, decay, 90, legend).add_params(alt.selection_interval("box", encodings=["x", "y"], mark=brush))
    base = alt.Chart().encode(*_plane(lr, decay), tooltip=_tips())
    best = base.transform_filter("datum.rank == 1").mark_point(size=320, color="#F2541B", strokeWidth=2.5, opacity=1)
    lost = base.transform_filter("!isValid(datum.score)")
    lost = lost.mark_point(shape="cross", angle=45, size=70, filled=True, color="#F2541B")
    return curves.without_data(alt.layer(dot, lost, best).properties(height=height))


@cached(maxsize=300)
def shadows(lr: Ends, decay: Ends, height: int) -> Spec:
    """Trials as in `scatter`, and at each axis a tick where one of them has its value."""
    x, y = _plane(lr, decay)
    below = (
        alt.Chart()
        .mark_tick(thickness=3, size=14, color="#F2541B", orient="vertical")
        .encode(x, y=alt.value(alt.ExprRef("height - 8")))
    )
    left = alt.Chart().mark_tick(thickness=3, size=14, color="#1283E6", orient="horizontal").encode(y, x=alt.value(8))
    return curves.without_data(alt.layer(_dots(lr, decay, 170, None), below, left).properties(height=height))


@cached(maxsize=100)
def board(order: tuple[str, ...], side: int, lr: Ends, decay: Ends, height: int) -> Spec:
    """Trials as in `scatter`, by line a shape, on side × side cells; a click on one is the selection "cell" (u, v)."""
    ends = {"u": lr, "v": decay}
    cell = alt.Chart(alt.sequence(0, side * side, as_="k")).transform_calculate(
        u=f"floor(datum.k / {side})", v=f"datum.k % {side}"
    )
    for name, (low, high) in ends.items():
        edge = f"{low:g} * pow({high / low:g}, (datum.{name} + {{}}) / {side})"
        cell = cell.transform_calculate(**{f"{name}0": edge.format(0), f"{name}1": edge.format(1)})
    x = alt.X(**_axis("u0", tr("learning rate"), lr, grid=False))
    y = alt.Y(**_axis("v0", tr("weight decay λ"), decay, grid=False))
    hover = alt.selection_point("over", on="pointerover", clear="pointerout", fields=["u", "v"], empty=False)
    pick = alt.selection_point("cell", fields=["u", "v"], empty=False)
    fill = alt.condition(hover, alt.value(0.35), alt.value(0.04))
    cell = cell.mark_rect(color=GRAY, stroke=GRAY, strokeOpacity=0.25, strokeWidth=0.5, cursor="pointer")
    cell = cell.encode(x, y, alt.X2("u1:Q"), alt.Y2("v1:Q"), fillOpacity=fill).add_params(hover, pick)
    shape = alt.Shape(
        "line:N",
        scale=alt.Scale(domain=list(order), range=["circle", "diamond"]),
        legend=alt.Legend(orient="top", title=None, symbolFillColor=GRAY),
    )
    legend = alt.Legend(title=tr("validation accuracy"), orient="top", gradientLength=220)
    dot = _dots(lr, decay, 190, legend).encode(shape)
    base = alt.Chart().encode(*_plane(lr, decay), tooltip=_tips())
    best = base.transform_filter("datum.rank == 1").mark_point(size=420, color="#F2541B", strokeWidth=2.5, opacity=1)
    lost = base.transform_filter("!isValid(datum.score)").mark_point(
        shape="cross", angle=45, size=90, filled=True, color="#F2541B"
    )
    word = base.mark_text(dy=-14, fontSize=size(12), color=GRAY).encode(text="place:Q")
    return curves.without_data(alt.layer(cell, dot, lost, best, word).properties(height=height))


@cached(maxsize=300)
def good(lr: Ends, order: tuple[str, ...], height: int) -> Spec:
    """Score over the learning rate, by line: what a search may know of the axis that matters."""
    x = alt.X(**_axis("lr", tr("learning rate"), lr))
    y = alt.Y("score:Q", title=tr("validation accuracy"), scale=alt.Scale(domain=[0, 1]))
    tips = [
        alt.Tooltip("line:N", title=tr("line")),
        alt.Tooltip("lr:Q", title=tr("lr"), format=".3g"),
        alt.Tooltip("score:Q", title=tr("score"), format=".2f"),
    ]
    above = alt.Legend(orient="top", title=None, symbolSize=110)
    color = alt.Color("line:N", scale=alt.Scale(domain=list(order)), legend=above)
    base = alt.Chart().encode(x, y, color, tooltip=tips)
    shape = alt.Shape("line:N", scale=alt.Scale(domain=list(order), range=["circle", "square"]), legend=above)
    return curves.without_data(base.mark_point(filled=True, size=110, opacity=0.9).encode(shape).properties(height=height))
