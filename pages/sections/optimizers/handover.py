"""A handover shows a run of one lab in another: each is told surface, rules, start and step in its own names."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine import quadratic
from engine.experiments import Descent
from engine.objectives import OBJECTIVES
from pages.kit import address
from pages.kit.language import tr

MOST = 6  # rules that a map compares


def offer(here: str, specs: Sequence[Descent], step: int | None = None) -> None:
    """A button for each other lab that can show these descents, of rules on one surface from one start; `here` is the id of
    the lab that offers it, `step` where it stands."""
    labs = {lab.id: lab for lab in address.here().labs}
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(tr("This run in"), width="content")
        for name, settings in SETTINGS.items():
            if name != here and name in labs and specs and settings(specs):
                st.button(tr(labs[name].title), key=f"{here} to {name}", on_click=hand, args=(name, specs, step))


def hand(name: str, specs: Sequence[Descent], step: int | None = None) -> None:
    """Turn to the lab of that id with this run, at the step where the player stands now."""
    lab = next(lab for lab in address.here().labs if lab.id == name)
    step = address.here().given.get("step", step)
    address.go(lab, **allowed(lab, {**SETTINGS[name](specs), **({} if step is None else {"step": step})}))


def allowed(lab: address.Lab, asked: Mapping[str, Any]) -> address.Given:
    """The settings that the lab has and permits."""
    given = {}
    for _ in range(2):  # what leads comes first: it decides what the others are
        known = lab.known(given)
        for name, value in asked.items():
            try:
                given[name] = known[name].read(known[name].write(value))
            except (KeyError, ValueError):
                continue
    return given


def _paths(specs: Sequence[Descent]) -> dict[str, Any]:
    rates = {f"{spec.optimizer}_lr": spec.lr for spec in specs}
    return {"surface": specs[0].surface, "optimizers": _rules(specs), **_where(specs), **rates}


def _anatomy(specs: Sequence[Descent]) -> dict[str, Any]:
    return {"rule": specs[0].optimizer, "surface": specs[0].surface, "lr": specs[0].lr, **_where(specs)}


def _solid(specs: Sequence[Descent]) -> dict[str, Any]:
    return {"stop": "none", "of": specs[0].surface, "rules": _rules(specs), **_where(specs), **_rates(specs)}


def _maps(specs: Sequence[Descent]) -> dict[str, Any]:
    """One rule's arrivals, or who of several wins; nothing on a formula, whose minima nobody knows."""
    surface, steps, rules = specs[0].surface, specs[0].steps, _rules(specs)
    if surface not in OBJECTIVES or len(rules) > MOST:
        return {}
    several = len(rules) > 1 or not OBJECTIVES[surface].minima
    kind = {"kind": "winner", "rules": rules} if several else {"kind": "basins"}
    return {"surface": surface, "rule": rules[0], "steps": steps, **kind, **_rates(specs)}


def _why(specs: Sequence[Descent]) -> dict[str, Any]:
    """Where a closed form is known: a quadratic and one of its rules."""
    known = [spec for spec in specs if spec.optimizer in quadratic.RULES]
    if specs[0].surface not in quadratic.SURFACES or not known:
        return {}
    (rule, lr), others = (known[0].optimizer, known[0].lr), (n for n in _rules(specs) if n not in quadratic.RULES)
    momentum = {"rule": rule} if rule != "sgd" else {}
    return {"surface": specs[0].surface, "lr": lr, "steps": specs[0].steps, "others": tuple(others), **momentum}


def _rules(specs: Sequence[Descent]) -> tuple[str, ...]:
    return tuple(spec.optimizer for spec in specs)


def _rates(specs: Sequence[Descent]) -> dict[str, float]:
    return {spec.optimizer: spec.lr for spec in specs}


def _where(specs: Sequence[Descent]) -> dict[str, Any]:
    first = specs[0]
    where = {"x0": first.x0, "y0": first.y0, "steps": first.steps}
    return where | ({"formula": first.formula} if first.formula else {})


SETTINGS = {
    "optimizers/play": _paths,
    "optimizers/anatomy": _anatomy,
    "optimizers/surface": _solid,
    "optimizers/maps": _maps,
    "optimizers/why": _why,
}
