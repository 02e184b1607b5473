"""The subject of an anatomy: one optimizer on one surface, as the textbook sets both until a visitor changes something."""

from collections.abc import Iterable

import streamlit as st

from engine import optimizers
from engine.experiments import SURFACES, Descent, textbook
from engine.formula import MAX_LENGTH
from engine.optimizers import OPTIMIZERS
from engine.replay import UNCORRECTED
from pages.kit.old import controls
from pages.kit.old.controls import Choice, Number, Setting, Text, labels
from pages.sections.optimizers import settings as s
from pages.sections.optimizers.quantities import RULES

PREFIX, OPENING = "anatomy_", 4
SLOPE = {"formula": "x", "x0": 9.0, "y0": 0.0, "lr": 0.1, "steps": 60}
BESIDE = {"adagrad": "rmsprop", "rmsprop": "adagrad", "adam": UNCORRECTED.name}
STARTS = {
    "Adam's first steps": textbook("adam"),
    "Momentum in a valley": textbook("momentum", steps=60),
    "AdaGrad's wall": textbook("adagrad"),
    "AdaGrad, constant slope": textbook("adagrad", "formula", **SLOPE | {"lr": 1.0}),
}
FIRST = STARTS["Adam's first steps"]
WHERE = ("x0", "y0", "steps")
TRANSPORT: dict[str, Setting] = {f"{PREFIX}{key}": setting for key, setting in s.TRANSPORT.items()}
TRANSPORT[f"{PREFIX}step"] = Number("step", OPENING, s.TRANSPORT["step"].range)


def settings() -> dict[str, Setting]:
    """Every control by its key in the address."""
    rule = _chosen("rule", labels(OPTIMIZERS), FIRST.optimizer)
    start = book(rule, _chosen("surface", labels(SURFACES), FIRST.surface))
    found: dict[str, Setting] = {
        "rule": Choice("Optimizer", FIRST.optimizer, labels(OPTIMIZERS), menu=True),
        "surface": Choice("Surface", FIRST.surface, labels(SURFACES), menu=True),
        "formula": Text("f(x, y) =", SLOPE["formula"], MAX_LENGTH),
        "beside": Choice("Beside it", BESIDE.get(rule, "none"), {"none": "nothing", **labels(RULES)}, menu=True),
        "lr": Number(s.SLIDER_LABELS["lr"], start.lr, s.FIELD_RANGES["lr"]),
    }
    for name in WHERE:
        found[name] = Number(s.FIELD_LABELS[name], getattr(start, name), s.FIELD_RANGES[name])
    for entry in OPTIMIZERS.values():
        found |= s.sliders(entry, optimizers.RANGES)
    return {f"{PREFIX}{key}": setting for key, setting in found.items()} | TRANSPORT


def book(rule: str, surface: str) -> Descent:
    """The textbook's descent; where there is no textbook, down a constant slope."""
    return textbook(rule, surface, **SLOPE) if surface == "formula" else textbook(rule, surface)


def draw() -> tuple[Descent, str]:
    """The spec that the controls describe, and the rule beside it, empty if there is none; ValueError if something is wrong."""
    known = settings()
    with st.container(horizontal=True, gap="xsmall"):
        for name, start in STARTS.items():
            st.button(name, on_click=choose, args=(start,))
    left, right = st.columns(2, gap="xsmall")
    with left:
        rule = _draw(known, "rule", on_change=lambda: retune(("lr", "beside")))
    with right:
        surface = _draw(known, "surface", on_change=lambda: retune(("lr", *WHERE)))
    formula = _draw(known, "formula") if surface == "formula" else ""
    lr = _draw(known, "lr", slider=True)
    sliders = {f"{PREFIX}{rule}_{name}": name for name in OPTIMIZERS[rule].sliders if name != "lr"}
    hyper = tuple((sliders[key], value) for key, value in controls.row(known, sliders).items())
    beside = _draw(known, "beside")
    with st.expander("Start and steps"):
        where = controls.row(known, [f"{PREFIX}{name}" for name in WHERE])
    st.button("Reset to the textbook", on_click=choose, args=(FIRST,))
    x0, y0, steps = where.values()
    spec = Descent(surface, (), formula, x0, y0, rule, lr, hyper, steps=steps)
    return spec, "" if beside == "none" else beside


def choose(start: Descent) -> None:
    """Every control as this descent has it, and what suits it beside it; for use in a callback."""
    st.session_state[f"{PREFIX}rule"], st.session_state[f"{PREFIX}surface"] = start.optimizer, start.surface
    known = settings()
    controls.assign({key: setting for key, setting in known.items() if key not in TRANSPORT})
    values = {"rule": start.optimizer, **{name: getattr(start, name) for name in ("surface", "lr", *WHERE)}}
    for name, value in values.items():
        st.session_state[f"{PREFIX}{name}"] = value


def retune(names: Iterable[str]) -> None:
    """These controls take the textbook's values for the rule and the surface that are now chosen; for use in a callback."""
    known = settings()
    controls.assign({f"{PREFIX}{name}": known[f"{PREFIX}{name}"] for name in names})


def _draw(known: dict[str, Setting], name: str, **more):
    return known[f"{PREFIX}{name}"].draw(f"{PREFIX}{name}", **more)


def _chosen(name: str, options: dict[str, str], default: str) -> str:
    """The choice of the session, else of the address, else the default."""
    given = st.session_state.get(f"{PREFIX}{name}") or st.query_params.get(f"{PREFIX}{name}")
    return {**{label: key for key, label in options.items()}, **{key: key for key in options}}.get(given, default)
