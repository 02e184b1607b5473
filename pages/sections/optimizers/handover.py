"""A handover shows a run of one lab in another: each is told surface, rules, start and step in its own names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from engine import quadratic
from engine.objectives import OBJECTIVES
from pages.kit import address
from pages.kit.language import tr

MOST = 6  # rules that a map compares


@dataclass(frozen=True)
class Run:
    """What is handed over: `rules` are names with their lr; what is None is the other lab's own."""

    surface: str
    rules: Mapping[str, float]
    start: tuple[float, float] | None = None
    step: int | None = None
    steps: int | None = None
    formula: str = ""


def offer(
    here: str,
    *,
    surface: str,
    rules: Mapping[str, float],
    start: tuple[float, float] | None = None,
    step: int | None = None,
    steps: int | None = None,
    formula: str = "",
) -> None:
    """A button for each other lab that can show this run; `here` is the id of the lab that offers it."""
    run = Run(surface, rules, start, step, steps, formula)
    labs = {lab.id: lab for lab in address.here().labs}
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(tr("This run in"), width="content")
        for name, settings in SETTINGS.items():
            if name != here and name in labs and rules and settings(run):
                st.button(tr(labs[name].title), key=f"{here} to {name}", on_click=hand, args=(labs[name], run))


def hand(lab: address.Lab, run: Run) -> None:
    """Turn to the lab with this run, at the step where the player stands now."""
    step = address.here().given.get("step", run.step)
    address.go(lab.id, **allowed(lab, SETTINGS[lab.id](replace(run, step=step))))


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


def _paths(run: Run) -> dict[str, Any]:
    found = {"surface": run.surface, "formula": run.formula, "optimizers": tuple(run.rules), **_where(run)}
    return _told(found | {f"{name}_lr": lr for name, lr in run.rules.items()})


def _anatomy(run: Run) -> dict[str, Any]:
    (rule, lr), *_ = run.rules.items()
    return _told({"rule": rule, "surface": run.surface, "formula": run.formula, "lr": lr, **_where(run)})


def _solid(run: Run) -> dict[str, Any]:
    found = {"stop": "none", "of": run.surface, "formula": run.formula, "rules": tuple(run.rules), **_where(run)}
    return _told(found | run.rules)


def _maps(run: Run) -> dict[str, Any]:
    """One rule's arrivals, or who of several wins; nothing on a formula, whose minima nobody knows."""
    if run.surface not in OBJECTIVES or len(run.rules) > MOST:
        return {}
    rules = tuple(run.rules)
    kind = {"kind": "winner", "rules": rules} if len(rules) > 1 or not OBJECTIVES[run.surface].minima else {"kind": "basins"}
    return _told({"surface": run.surface, "rule": rules[0], "steps": run.steps, **kind, **run.rules})


def _why(run: Run) -> dict[str, Any]:
    """Where a closed form is known: a quadratic and one of its rules."""
    rule = next((name for name in run.rules if name in quadratic.RULES), None)
    if run.surface not in ("anisotropic", "bowl", "ravine") or rule is None:
        return {}
    momentum = {"rule": rule} if rule != "sgd" else {}
    others = tuple(name for name in run.rules if name not in quadratic.RULES)
    return _told({"surface": run.surface, "lr": run.rules[rule], "steps": run.steps, "others": others, **momentum})


def _where(run: Run) -> dict[str, Any]:
    x0, y0 = run.start or (None, None)
    return {"x0": x0, "y0": y0, "steps": run.steps, "step": run.step}


def _told(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value not in (None, "")}


SETTINGS = {
    "optimizers/play": _paths,
    "optimizers/anatomy": _anatomy,
    "optimizers/surface": _solid,
    "optimizers/maps": _maps,
    "optimizers/why": _why,
}
