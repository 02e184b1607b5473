"""Paths: optimizers descend a surface, animated."""

from dataclasses import replace

import streamlit as st

from engine.experiments import Descent
from engine.formula import CONSTANTS, FUNCTIONS
from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS
from pages.kit import compute, hand, sentences, text
from pages.kit.controls import Values
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.player import transport
from pages.sections.optimizers import handover, settings, stage, stories, verdict
from pages.sections.optimizers.fields import RANGES
from pages.sections.optimizers.verdict import Ran

SEEDS = 5  # of a noisy descent, before anything is said about it
GRADIENTS = {"bowl": "(2x,\\ 2y)", "anisotropic": r"(\tfrac{1}{10} x,\ 2y)", "saddle": "(2x,\\ -2y)"}


def find(values: Values) -> Ran:
    """The paths; of noisy gradients also with other seeds, and what the question compares them with."""
    specs, asked = settings.specs(values), settings.question(values)
    specs[0].objective()
    seeds = [[replace(spec, seed=(spec.seed + k) % 10000) for spec in specs] for k in range(SEEDS if specs[0].noise else 0)]
    rivals = [[rival for spec in each if (rival := _rival(asked, spec))] for each in seeds]
    paths = [compute.path(spec) for spec in specs]
    return Ran(asked, specs, paths, _follow(seeds), _follow(rivals) if all(rivals) else [])


def _rival(asked: str, spec: Descent) -> Descent | None:
    """The same with a constant learning rate, or with four times the batch."""
    if asked == "schedule" and spec.schedule != "constant":
        return replace(spec, schedule="constant", schedule_hyper=())
    if asked == "noise" and 4 * spec.batch_size <= RANGES["batch_size"].high:
        return replace(spec, batch_size=4 * spec.batch_size)
    return None


def _follow(groups: list[list[Descent]]) -> list:
    return [[compute.path(spec) for spec in specs] for specs in groups]


def draw(ran: Ran, values: Values) -> None:
    """The player, and under it who is in trouble."""
    title, _, facts = text.preset(values.preset)
    ground = tr(ran.specs[0].objective().label)
    header = {name: getattr(values, name) for name in settings.VIEW} | {"transport": transport(values, 0)}
    header |= {"title": title if ran.question not in ("race", "alone") else ground, "subtitle": ground}
    header |= {"opening_view": facts.get("opening_view", "whole"), "replay": values.preset}
    hand.follow(values, lambda held, echo: stage.show(held, echo, header))
    for trouble in verdict.troubles(ran):
        st.warning(sentences.of(trouble, text.prose(LAB.id).verdicts))


def beside(ran: Ran | None, values: Values) -> None:  # noqa: ARG001
    if values.surface == "formula":
        names = ", ".join([*FUNCTIONS, *CONSTANTS])
        st.caption(tr("A formula may use x, y, + − * / **, brackets, and {names}.", names=names))


def after(ran: Ran | None, values: Values) -> None:
    """The surface, and the rule in focus, in words."""
    if not ran:
        return
    handover.offer(LAB.id, ran.specs)
    ground, words = st.columns(2, gap="medium")
    objective, rule = ran.specs[0].objective(), OPTIMIZERS[values.focus]
    with ground:
        st.markdown(f"##### {tr(objective.label)}")
        if objective.latex:
            gradient = GRADIENTS.get(values.surface)
            st.latex(f"f(x, y) = {objective.latex}" + (rf" \qquad \nabla f = {gradient}" if gradient else ""))
        st.caption(shape(objective))
    words.markdown(f"##### {tr(rule.label)}\n{text.item('optimizers', rule.name)}")
    words.caption(tr("Source: {source}", source=rule.source))


def shape(objective: Objective) -> str:
    """What the surface is like at its minimum, and where it comes from."""
    source = tr("Source: {source}", source=objective.source)
    if objective.condition is None:
        return source
    known = N_("Condition number at the minimum {condition:.4g}; plain SGD is stable there below lr 2/λmax = {stable:.3g}.")
    return f"{tr(known, condition=objective.condition, stable=objective.limit)} {source}"


def about(values: Values) -> str:
    title, sentence, _ = text.preset(values.preset)
    return f"# {values.preset} · {title}\n\n{sentence}"


def words(values: Values) -> str:
    asked = settings.question(values)
    return LAB.id if asked == "race" else f"{LAB.id}-{asked}"


LAB = Lab(
    id="optimizers/play",
    title="Paths",
    words=words,
    controls=settings.controls,
    specs=settings.specs,
    find=find,
    draw=draw,
    above=stage.presets,
    beside=beside,
    after=after,
    verdict=stories.verdict,
    about=about,
    formula=lambda values: OPTIMIZERS[values.focus].latex,
    code=lambda values: [OPTIMIZERS[values.focus].function],
)
