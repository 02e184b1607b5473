"""Paths: optimizers descend a surface, animated."""

import streamlit as st

from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS
from pages.kit import compute, export, text
from pages.kit.player import describe
from pages.sections.optimizers import panel, stage, verdict
from pages.sections.optimizers import settings as s

LABEL = "Paths"


def settings():
    preset = s.chosen_preset()
    return {**s.settings_for(preset, s.chosen_surface(preset)), **s.TRANSPORT}


def show():
    preset = s.chosen_preset()
    known = s.settings_for(preset, s.chosen_surface(preset))
    heading = st.container()
    picture, side = st.columns([0.68, 0.32], gap="medium")
    alarm, view = picture.container(), picture.container()
    with picture:
        display = panel.draw_view(known)
    try:
        with side:
            specs, focus = panel.draw(preset, known)
        objective = specs[0].objective()
    except ValueError as problem:
        view.error(f"That cannot be drawn: {text.quote(str(problem))}")
    else:
        paths = [compute.path(spec) for spec in specs]
        with alarm:
            verdict.warn(specs, paths, objective)
        with view:
            stage.show(describe(specs, paths, compute.surface(specs[0]), **display, replay=preset, transport=stage.opening()))
        outcome, rule = st.columns(2, gap="medium")
        with outcome:
            verdict.show(specs, paths, objective)
            title, sentence = text.preset(preset)
            export.buttons(specs, paths, f"# {preset} · {title}\n\n{sentence}")
        with rule:
            explain(objective, focus)
    with heading:
        panel.presets(preset)


def explain(objective: Objective, name: str) -> None:
    """The surface, and the rule in focus: in words, as a formula, and as the code that ran."""
    if objective.latex:
        st.markdown(f"##### {objective.label}\n$f(x, y) = {objective.latex}$")
        st.caption(verdict.shape(objective))
    rule = OPTIMIZERS[name]
    st.markdown(f"##### {rule.label}\n{text.item('optimizers', name)}")
    st.latex(rule.latex)
    st.caption(f"Source: {rule.source}. The code that ran:")
    st.code(rule.code, language="python")
