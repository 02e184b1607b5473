"""Bumps: SGD stays in the well where it starts; a ball with momentum rolls on, perhaps over the next top."""

import streamlit as st

from engine import optimizers
from engine.experiments import textbook
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from pages.kit import compute, export, lab
from pages.kit.controls import Choice, Number, Setting, row
from pages.kit.player import RESTING, describe, player
from pages.sections.optimizers import bumps, rolling
from pages.sections.optimizers.bumps import Bumps

LABEL = "Bumps"
NAME = "optimizers/wells"
BOOK = textbook("momentum", "double_well")
KNOWN: dict[str, Setting] = {
    "wells": Choice("Shape", "double", bumps.SHAPES),
    "wells_shown": Choice("Shown", "curve", {"curve": "As a curve", "valley": "As a 2-D valley"}),
    "wells_depth": Number("depth", 1.0, Range(0.1, 5)),
    "wells_tilt": Number("tilt", 0.3, Range(-3, 3)),
    "wells_start": Number("start x", BOOK.x0, Range(-4, 4)),
    "wells_y": Number("start y", BOOK.y0, Range(-4, 4)),
    "wells_lr": Number("learning rate η", BOOK.lr, Range(1e-4, 1, log=True)),
    "wells_momentum": Number("momentum μ", 0.9, optimizers.RANGES["momentum"]),
    "wells_steps": Number("steps ≤ 300", 100, Range(10, bumps.LONG)),
}


def settings():
    return KNOWN


def show():
    picture, side = lab.stage()
    with side:
        lab.predict(NAME)
        shape = KNOWN["wells"].draw("wells")
        shown = KNOWN["wells_shown"].draw("wells_shown")
        ground = row(KNOWN, ("wells_depth", "wells_tilt"))
        rules = row(KNOWN, ("wells_lr", "wells_momentum"))
        start = row(KNOWN, ("wells_start", "wells_y") if shown == "valley" else ("wells_start",))
        steps = KNOWN["wells_steps"].draw("wells_steps")
        lab.reset(KNOWN)
    asked = Bumps(
        shape,
        ground["wells_depth"],
        ground["wells_tilt"],
        rules["wells_lr"],
        rules["wells_momentum"],
        start["wells_start"],
    )
    with picture:
        if shown == "curve":
            roll(asked, steps)
        else:
            descend(asked, start["wells_y"], steps)
        lab.caption(NAME)
        lab.outcome(NAME, bumps.sentence(asked))
        specs = asked.specs(steps, start.get("wells_y", 0.0))
        export.buttons(specs, [compute.path(spec) for spec in specs])
    rule = OPTIMIZERS["momentum"]
    lab.explain(NAME, None, rule.function, latex=rf"f(x, y) = {rolling.LATEX[shape]} \qquad {rule.latex}")


def roll(asked: Bumps, steps: int) -> None:
    """The curve with both on it, scrubbed in the browser; below, where the ball ends for every μ."""
    st.vega_lite_chart(
        rolling.table(asked, steps),
        rolling.curve(asked.span, rolling.heights(asked), steps),
        key="wells_curve",
        alt="The curve, and SGD and the ball on it at the step that the slider chooses",
    )
    st.vega_lite_chart(
        rolling.outcomes(asked),
        rolling.ladder(asked.span),
        key="wells_ends",
        alt=f"Where the ball is after {bumps.LONG} steps for every momentum",
    )


def descend(asked: Bumps, y0: float, steps: int) -> None:
    """The same curve as a valley, animated."""
    specs = asked.specs(steps, y0)
    blob = describe(specs, [compute.path(spec) for spec in specs], compute.surface(specs[0]), **RESTING, replay=asked.shape)
    player(blob, "wells_valley", on_transport=lambda: None, on_start=move_start)


def move_start() -> None:
    x, y = st.session_state["wells_valley"].start
    st.session_state["wells_start"], st.session_state["wells_y"] = float(x), float(y)
