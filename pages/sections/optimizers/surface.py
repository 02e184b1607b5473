"""3-D: the surface from any side with the paths on it, and a tour of the words for what the ground is like."""

import streamlit as st

from engine.experiments import textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from pages.kit import compute, export, field, relief
from pages.kit.old import lab
from pages.kit.old.controls import BOUND, Choice, Number, Setting, labels
from pages.sections.optimizers import scenery, tour
from pages.sections.optimizers.tour import STOPS

LABEL = "3-D"
NAME = "optimizers/surface"
FREE = "none"
STOP = Choice("Tour", "valley", {FREE: "Just look around", **{key: stop.title for key, stop in STOPS.items()}}, menu=True)
HEIGHT = {"linear": "Height f", "log": "Height log f"}


def settings() -> dict[str, Setting]:
    """Every control; a stop brings its own surface."""
    return settings_for(STOP.chosen("surface_stop"))


def settings_for(stop: str) -> dict[str, Setting]:
    surface = STOPS[stop].surface if stop in STOPS else textbook("sgd").surface
    return {
        "surface_stop": STOP,
        "surface_of": Choice("Surface", surface, labels(OBJECTIVES), menu=True),
        "surface_rules": Choice("Optimizers", ("sgd", "momentum", "adam"), labels(OPTIMIZERS)),
        "surface_height": Choice("Height", "linear", HEIGHT),
        "surface_step": Number("step", 30, Range(0, scenery.STEPS)),
    }


def show():
    stay()
    known = settings()
    picture, side = lab.stage(NAME)
    with side:
        stop = STOPS.get(known["surface_stop"].draw("surface_stop", on_change=travel))
        surface = known["surface_of"].draw("surface_of", on_change=leave)
        height = known["surface_height"].draw("surface_height")
        step = st.slider("step", 0, scenery.STEPS, known["surface_step"].default, key="surface_step", bind=BOUND)
        chosen = known["surface_rules"].draw("surface_rules")
        lab.reset(settings_for(STOP.default))
    rules = [name for name in OPTIMIZERS if name in chosen]
    with picture:
        solid, plan = st.columns([0.64, 0.36], gap="small")
        with solid:
            relief.show("surface_solid", scenery.solid(surface, rules, step, height, stop))
        with plan:
            field.show("surface_plan", scenery.plan(surface, rules, step, stop))
        lab.caption(NAME)
        lab.outcome(NAME, f"{tour.sentence(stop)} {scenery.lowest(surface, rules, step)}")
        specs = scenery.descents(surface, rules)
        if specs:
            export.buttons(specs, [compute.path(spec) for spec in specs])
    lab.explain(NAME, None, OBJECTIVES[surface].function, latex=f"f(x, y) = {OBJECTIVES[surface].latex}")


def stay() -> None:
    """A stop counts on its own surface only: an address that names another one just looks around."""
    stop = STOPS.get(STOP.chosen("surface_stop"))
    if stop and settings()["surface_of"].chosen("surface_of") != stop.surface:
        st.session_state.pop("surface_stop", None)
        st.query_params["surface_stop"] = STOP.options[FREE]
        st.rerun()


def travel() -> None:
    """Another stop brings its surface."""
    st.session_state["surface_of"] = settings_for(st.session_state["surface_stop"])["surface_of"].default


def leave() -> None:
    """A surface of one's own choice ends the tour."""
    st.session_state["surface_stop"] = FREE
