"""Bumps: SGD stays in the well where it starts; a ball with momentum rolls on, perhaps over the next top."""

import streamlit as st

from engine import optimizers
from engine.experiments import textbook
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.wells import FATES, LONG, Bumps
from pages.charts import balls
from pages.kit import compute, export
from pages.kit.old import controls, lab
from pages.kit.old.controls import Choice, Number, Setting, row
from pages.kit.player import RESTING, describe, player
from pages.sections.optimizers import bumps, rolling

LABEL = "Bumps"
NAME = "optimizers/wells"
SHAPE = Choice("Shape", "double", bumps.SHAPES)
WELL = textbook("momentum", "double_well")
BOOKS = {  # in both SGD is stuck where it starts, and the ball gets to the deepest well
    "double": Bumps("double", depth=1.0, tilt=0.3, lr=WELL.lr, momentum=0.9, start=WELL.x0),
    "bumpy": Bumps("bumpy", depth=1.0, tilt=0.3, lr=0.05, momentum=0.9, start=3.5),
}
STEPS = {"double": 100, "bumpy": 150}


def settings() -> dict[str, Setting]:
    """Every control; a shape brings its own textbook."""
    shape = SHAPE.chosen("wells")
    book = BOOKS[shape]
    return {
        "wells": SHAPE,
        "wells_shown": Choice("Shown", "curve", {"curve": "As a curve", "valley": "As a 2-D valley"}),
        "wells_depth": Number("depth", book.depth, Range(0.1, 5)),
        "wells_tilt": Number("tilt", book.tilt, Range(-3, 3)),
        "wells_start": Number("start x", book.start, Range(-4, 4)),
        "wells_y": Number("start y", WELL.y0, Range(-4, 4)),
        "wells_lr": Number("learning rate η", book.lr, Range(1e-4, 1, log=True)),
        "wells_momentum": Number("momentum μ", book.momentum, optimizers.RANGES["momentum"]),
        "wells_steps": Number("steps ≤ 300", STEPS[shape], Range(10, LONG)),
    }


def choose() -> None:
    """The textbook of the chosen shape; it stays a curve or a valley."""
    controls.assign({key: setting for key, setting in settings().items() if key not in ("wells", "wells_shown")})


def show():
    picture, side = lab.stage(NAME)
    with side:
        shape = SHAPE.draw("wells", on_change=choose)
        known = settings()
        shown = known["wells_shown"].draw("wells_shown")
        ground = row(known, ("wells_depth", "wells_tilt"))
        rules = row(known, ("wells_lr", "wells_momentum"))
        start = row(known, ("wells_start", "wells_y") if shown == "valley" else ("wells_start",))
        steps = known["wells_steps"].draw("wells_steps")
        st.button("Reset to the textbook", on_click=choose)
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
        balls.curve(asked.span, rolling.heights(asked), steps),
        key="wells_curve",
        alt="The curve, and SGD and the ball on it at the step that the slider chooses",
    )
    ends = rolling.outcomes(asked)
    st.vega_lite_chart(
        ends,
        balls.ladder(asked.span, LONG, tuple(fate for fate in FATES if fate in set(ends["line"]))),
        key="wells_ends",
        alt=f"Where the ball is after {LONG} steps for every momentum",
    )


def descend(asked: Bumps, y0: float, steps: int) -> None:
    """The same curve as a valley, animated."""
    specs = asked.specs(steps, y0)
    blob = describe(specs, [compute.path(spec) for spec in specs], compute.surface(specs[0]), **RESTING, replay=asked.shape)
    player(blob, "wells_valley", on_transport=lambda: None, on_start=move_start)


def move_start() -> None:
    x, y = st.session_state["wells_valley"].start
    st.session_state["wells_start"], st.session_state["wells_y"] = float(x), float(y)
