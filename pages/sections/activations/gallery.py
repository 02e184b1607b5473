"""The gallery: every activation with its derivative, and one of them from close up, with the gate it is to a gradient."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine import activations
from engine.activations import ACTIVATIONS
from engine.diagnostics import expected, reach
from engine.layers import Maxout
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import gates
from pages.kit import address, costs, text
from pages.kit.address import Given
from pages.kit.controls import Choice, Controls, Number, Values, holds, labels
from pages.kit.lab import Lab
from pages.kit.language import tr

LABELS = {**labels(ACTIVATIONS), Maxout.name: Maxout.label}
NAME = Choice("Activation", "sigmoid", LABELS, menu=True, key="shape", resets=("alpha",))
MOST = 0.5  # of a gradient
is_maxout = holds("name", Maxout.name)


class Shape(NamedTuple):
    """An activation at x; `table` has a row for it."""

    name: str
    x: float
    table: pd.DataFrame
    y: float
    slope: float
    shut: tuple[tuple[float, float], ...]
    """Intervals where the gate is shut."""


def alpha(name: str) -> float | None:
    """That of its source, if it has one."""
    return ACTIVATIONS[name].sliders.get("alpha") if name in ACTIVATIONS else None


def controls(given: Given) -> Controls:
    own = alpha(given.get("name", NAME.default))
    return {
        "name": NAME,
        "x": Number("x", 2.0, Range(-gates.REACH, gates.REACH)),
        "alpha": Number("α", own or 1.0, activations.RANGES["alpha"], when=lambda values: alpha(values.name) is not None),
        "pieces": Number("pieces", 3, Range(2, 8), when=is_maxout),
        "seed": Number("seed", 0, Range(0, 9999), when=is_maxout),
    }


def sliders(values: Values) -> dict[str, float]:
    return {"alpha": values.alpha} if hasattr(values, "alpha") else {}


def find(values: Values) -> Shape:
    if is_maxout(values):
        table = gates.pieces(values.pieces, values.seed, values.x)
        curve, shut = table[table["line"] == gates.TOP], ()
    else:
        table = curve = gates.table(values.name, values.x, **sliders(values))
        shut = gates.zones(gates.table(values.name, **sliders(values)))
    here = curve[curve["x"] == values.x].iloc[0]
    return Shape(values.name, values.x, table, float(here["y"]), float(here["slope"]), shut)


def draw(shape: Shape, values: Values) -> None:
    if is_maxout(values):
        alt = tr("Maxout as the largest of straight lines")
        st.vega_lite_chart(shape.table, gates.pieced(shape.x), key="pieces", alt=alt)
    else:
        chart = gates.close(shape.x, shape.shut, gates.domain(shape.table))
        st.vega_lite_chart(shape.table, chart, key="close-up", alt=tr("The activation and its derivative"))
    st.vega_lite_chart(
        gates.everyone(),
        gates.gallery(tuple((name, tr(label)) for name, label in LABELS.items())),
        key=f"gallery of {shape.name}",  # another one for each, so that its selection starts empty
        alt=tr("All activations with their derivatives"),
        on_select=lambda: choose(shape.name),
        selection_mode="pick",
    )


def choose(shown: str) -> None:
    """A click on a small picture brings it close up, with the α of its source."""
    for picked in st.session_state[f"gallery of {shown}"].selection.get("pick") or []:
        address.change(name=picked["name"], alpha=alpha(picked["name"]) or 1.0)


def beside(shape: Shape | None, values: Values) -> None:
    """Places to look at, and what is known of the activation."""
    with st.container(horizontal=True, gap="xsmall"):
        for x in (-10.0, 0.0, 10.0):
            st.button(f"x = {x:g}".replace("-", "−"), on_click=address.change, kwargs={"x": x})
    if shape and not is_maxout(values):
        st.markdown(facts(shape, sliders(values)))
    source = Maxout.source if is_maxout(values) else ACTIVATIONS[values.name].source
    st.caption(tr("Source: {source}", source=source))


def facts(shape: Shape, chosen: dict[str, float]) -> str:
    """What is known of an activation with its sliders, as a table."""
    mean, std = expected(shape.name, **chosen)
    cost = costs.measured()[shape.name]
    rows = {
        tr("outputs"): bounds(*reach(shape.name, **chosen)),
        tr("mean output for N(0, 1) inputs"): tr("0.000, zero-centered") if abs(mean) < 1e-6 else f"{mean:.3f}",
        tr("their std"): f"{std:.3f}",
        tr("steepest slope"): f"{shape.table['slope'].max():.3g}",
        tr("cost as written here, both ways"): f"{cost.ratio:.1f} × ReLU",
        tr("as a share of a layer of 500"): f"{cost.share:.1%}",
    }
    return "\n".join(
        [f"| {tr(LABELS[shape.name])} | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]
    )


def bounds(low: float, high: float) -> str:
    """
    >>> bounds(-0.0, np.inf), bounds(-np.inf, 1.0)
    ('0 to ∞', '−∞ to 1')
    """
    low, high = (float(np.round(end, 3)) + 0.0 for end in (low, high))
    return tr("{low:g} to {high:g}", low=low, high=high).replace("inf", "∞")


def after(shape: Shape | None, values: Values) -> None:  # noqa: ARG001
    """The lecture's summary."""
    st.markdown(text.page("activations/summary"))


def verdict(shape: Shape) -> Verdict:
    """What the gate at x does to a gradient, and where it is shut."""
    told = {"name": LABELS[shape.name], "x": shape.x, "y": shape.y, "slope": shape.slope}
    if shape.name == Maxout.name:
        pieces = shape.table["line"].nunique() - 1
        return Verdict("maxout", right="one", pieces=pieces, **told)
    passes = abs(shape.slope)
    right = "most" if passes >= MOST else "some" if passes >= gates.SHUT else "little"
    between = [(start, end) for start, end in shape.shut if -gates.REACH < start <= end < gates.REACH]
    outer = (zone for zone in shape.shut if zone not in between)
    where = dict(("low", end) if start <= -gates.REACH else ("high", start) for start, end in outer)
    shut = Verdict("-".join(["shut", *where]), share=gates.SHUT, **where) if where else Verdict("open", share=gates.SHUT)
    turns = [Verdict("shut-between", share=gates.SHUT, start=start, end=end) for start, end in between]
    return Verdict("gate", right=right, **told, also=[shut, *turns])


LAB = Lab(
    id="activations/gallery",
    title="Gallery",
    prefix="shape_",
    controls=controls,
    words=lambda values: "activations/gallery" + f"-{Maxout.name}" * is_maxout(values),
    find=find,
    draw=draw,
    beside=beside,
    after=after,
    verdict=verdict,
    table=lambda shape: shape.table,
    formula=lambda values: Maxout.latex if is_maxout(values) else f"f(x) = {ACTIVATIONS[values.name].latex}",
    code=lambda values: [Maxout if is_maxout(values) else ACTIVATIONS[values.name].function],
)
