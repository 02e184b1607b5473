"""The gallery: every activation with its derivative, and one of them from close up, with the gate it is to a gradient."""

import numpy as np
import pandas as pd
import streamlit as st

from engine import activations
from engine.activations import ACTIVATIONS
from engine.diagnostics import expected, reach
from engine.layers import Maxout
from engine.registry import Range
from pages.charts import gates
from pages.kit import costs
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, labels, row
from pages.sections.activations import shapes

LABEL = "Gallery"
NAME = "activations/gallery"
MAXOUT = "maxout"
SHAPE = Choice("Activation", "sigmoid", {**labels(ACTIVATIONS), MAXOUT: "Maxout"}, menu=True)


def settings() -> dict[str, Setting]:
    """The settings; α is that of the activation's source."""
    return {
        "shape": SHAPE,
        "shape_x": Number("x", 2.0, Range(-gates.REACH, gates.REACH)),
        "shape_alpha": Number("α", alpha(SHAPE.chosen("shape")) or 1.0, activations.RANGES["alpha"]),
        "shape_pieces": Number("pieces", 3, Range(2, 8)),
        "shape_seed": Number("seed", 0, Range(0, 9999)),
    }


def alpha(name: str) -> float | None:
    return ACTIVATIONS[name].sliders.get("alpha") if name in ACTIVATIONS else None


def show():
    picture, side = lab.stage(NAME)
    with side:
        name = SHAPE.draw("shape", on_change=own_alpha)
        known = settings()
        keys = ("shape_pieces", "shape_seed") if name == MAXOUT else ("shape_alpha",) if alpha(name) else ()
        values = row(known, ("shape_x", *keys))
        with st.container(horizontal=True, gap="xsmall"):
            for place in (-10.0, 0.0, 10.0):
                st.button(f"x = {place:g}", on_click=st.session_state.__setitem__, args=("shape_x", place))
            lab.reset(known)
        place = st.container()
    with picture:
        x = round(values["shape_x"], 1)
        if name == MAXOUT:
            data = shapes.pieces(values["shape_pieces"], values["shape_seed"])
            st.vega_lite_chart(data, gates.pieced(x), key="pieces", alt="Maxout as the largest of straight lines")
        else:
            sliders = {"alpha": values["shape_alpha"]} if alpha(name) else {}
            data = shapes.table(name, **sliders)
            st.vega_lite_chart(
                data,
                gates.close(x, shapes.zones(data), shapes.domain(data)),
                key="close-up",
                alt="The activation and its derivative",
            )
        st.vega_lite_chart(
            shapes.everyone(),
            gates.gallery(tuple(shapes.members())),
            key=f"gallery of {name}",
            alt="All activations with their derivatives",
            on_select=choose,
            selection_mode="pick",
        )
        lab.caption(NAME)
        lab.outcome(NAME, maxout(values["shape_pieces"]) if name == MAXOUT else sentence(name, x, data))
    with place:
        if name == MAXOUT:
            st.latex(r"\max_i\,(w_i x + b_i)")
        else:
            entry = ACTIVATIONS[name]
            st.latex(f"f(x) = {entry.latex}")
            st.markdown(facts(name, sliders, data))
            st.caption(f"Source: {entry.source}")
    lab.explain(NAME, None, Maxout if name == MAXOUT else ACTIVATIONS[name].function, table=data)


def own_alpha() -> None:
    """An activation comes with the α of its source."""
    st.session_state["shape_alpha"] = settings()["shape_alpha"].default


def choose() -> None:
    """A click on a small picture brings it close up."""
    chart = f"gallery of {st.session_state['shape']}"  # another one for each, so that its selection starts empty
    for picked in st.session_state[chart].selection.get("pick") or []:
        st.session_state["shape"] = next(name for name, label in SHAPE.options.items() if label == picked["label"])
        own_alpha()


def facts(name: str, sliders: dict[str, float], data: pd.DataFrame) -> str:
    """What is known of an activation with its sliders, as a table."""
    mean, std = expected(name, **sliders)
    cost = costs.measured()[name]
    return "\n".join(
        (
            f"| {ACTIVATIONS[name].label} | |",
            "|---|---|",
            f"| outputs | {bounds(*reach(name, **sliders))} |",
            f"| mean output for N(0, 1) inputs | {mean:.3f}{', zero-centered' if abs(mean) < 1e-6 else ''} |",
            f"| their std | {std:.3f} |",
            f"| steepest slope | {data['slope'].max():.3g} |",
            f"| cost, forward and backward, on this server | {cost.ratio:.1f} × ReLU |",
            f"| as a share of a layer of 500 | {cost.share:.0%} |",
        )
    )


def bounds(low: float, high: float) -> str:
    """
    >>> bounds(-0.0, np.inf), bounds(-np.inf, 1.0)
    ('0 to ∞', '-∞ to 1')
    """
    return " to ".join(f"{shapes.plain(np.round(end, 3)):g}".replace("inf", "∞") for end in (low, high))


def sentence(name: str, x: float, data: pd.DataFrame) -> str:
    """What the gate at x does to a gradient, and where the gate is shut."""
    here = data.iloc[int(np.abs(data["x"] - x).argmin())]
    shut = shapes.zones(data)
    where = " and ".join(
        f"below {shapes.plain(end):.1f}" if start <= -gates.REACH else f"above {shapes.plain(start):.1f}" for start, end in shut
    )
    closed = f" Less than {shapes.SHUT:.0%} of a gradient passes {where}." if shut else " The gate is nowhere shut."
    return (
        f"At x = {x:g} {ACTIVATIONS[name].label} gives {shapes.plain(here['y']):.3g}, and its local gradient is "
        f"{here['slope']:.2g}: of a gradient of 1 that comes back, {here['slope']:.2g} goes on.{closed}"
    )


def maxout(pieces: int) -> str:
    return (
        f"The largest of {pieces} straight lines is convex and piecewise linear; its slope is that of the line that wins, so a "
        f"gradient always passes, to one line alone. The price: {pieces} times the weights."
    )
