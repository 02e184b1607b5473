"""Anatomy: one step of one optimizer, taken apart: gradient, memory, effective learning rate, and the step they make."""

import numpy as np
import streamlit as st

from engine.descent import Path
from engine.experiments import Descent
from engine.optimizers import OPTIMIZERS
from engine.replay import UNCORRECTED, corrected, replay
from pages.kit import compute, export, text
from pages.kit.old import lab
from pages.kit.player import RESTING, describe, player
from pages.sections.optimizers import filled, quantities, stage, subject, verdict
from pages.sections.optimizers.quantities import RULES

LABEL = "Anatomy"
NAME = "optimizers/anatomy"
PLAYER = "anatomy_stage"

settings = subject.settings


def show():
    picture, side = lab.stage(NAME)
    below = st.container()
    try:
        with side:
            spec, beside = subject.draw()
        objective = spec.objective()
    except ValueError as problem:
        picture.error(f"That cannot be drawn: {text.quote(str(problem))}")
        return
    path = compute.path(spec)
    with picture:
        verdict.warn([spec], [path], objective)
    follow(picture, below, spec, path, beside)
    outcome, lesson = st.columns(2, gap="medium")
    with outcome:
        if len(path.gradients):
            lab.outcome(NAME, sentence(spec, path, beside))
        st.markdown(memory(spec.optimizer))
        about = f"# {OPTIMIZERS[spec.optimizer].label}, step by step"
        export.buttons([spec], [path], about, name=f"anatomy-{spec.optimizer}")
    with lesson:
        rule = OPTIMIZERS[spec.optimizer]
        lab.explain(NAME, None, rule.function, UNCORRECTED.function, replay, corrected, latex=rule.latex)


@st.fragment
def follow(picture, below, spec: Descent, path: Path, beside: str) -> None:
    """The player, and the formula of the step where it stopped: a fragment, so that a pause runs nothing else again."""
    transport = stage.opening(subject.PREFIX, subject.OPENING)
    display = {**RESTING, "replay": "anatomy", "name": f"anatomy-{spec.optimizer}", "transport": transport}
    if beside:
        display["beside"] = f"{RULES[beside].label}, same gradients"
    rows = quantities.rows(spec, path, beside)
    with picture:
        blob = describe([spec], [path], compute.surface(spec), rows=rows, **display)
        player(
            blob,
            PLAYER,
            on_transport=lambda: stage.remember_transport(PLAYER, subject.TRANSPORT, spec.steps),
            on_start=move_start,
            anatomy=True,
        )
        lab.caption(NAME)
    told = getattr(st.session_state.get(PLAYER), "transport", None) or transport
    if len(path.gradients):
        with below:
            last = len(path.gradients) - 1
            fill(spec, path, last if told["step"] is None else max(0, min(int(told["step"]), last)))


def move_start() -> None:
    x0, y0 = map(float, st.session_state[PLAYER].start)
    st.session_state[f"{subject.PREFIX}x0"], st.session_state[f"{subject.PREFIX}y0"] = x0, y0
    st.rerun()


def fill(spec: Descent, path: Path, k: int) -> None:
    """The formula of the step that leaves point k, filled in for both coordinates, and its numbers as a table."""
    rule = OPTIMIZERS[spec.optimizer]
    st.markdown(f"##### {rule.label}, step t = {k + 1}, in numbers")
    sliders = {**dict(spec.hyper), "lr": float(path.lr[k])}
    heads = ["", "θ", "g", *(quantities.SYMBOLS.get(name, name) for name in path.state), "η", "−Δθ/g", "Δθ"]
    table = []
    for axis, (name, place) in enumerate(zip("xy", st.columns(2, gap="medium"), strict=True)):
        before = [values[k - 1, axis] if k else 0.0 for values in path.state.values()]
        (theta, after), g = path.points[k : k + 2, axis].tolist(), float(path.gradients[k, axis])
        place.latex(filled.equations(filled.fill(rule, k + 1, theta, g, before, sliders), name))
        changes = [(theta, after), *zip(before, (values[k, axis] for values in path.state.values()), strict=True)]
        moved, *states = (f"{plain(old)} → {plain(new)}" for old, new in changes)
        last = map(plain, (sliders["lr"], path.effective_step[k, axis], after - theta))
        table.append(dict(zip(heads, [f"**{name}**", moved, plain(g), *states, *last], strict=True)))
    st.table(table, border="horizontal", width="content", hide_index=True, alt="The step's numbers")


def plain(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.4g}".replace("-", "−")


def sentence(spec: Descent, path: Path, beside: str) -> str:
    """How the first step compares with its slope, what became of the effective lr, and what the other rule would do."""
    label, moves = OPTIMIZERS[spec.optimizer].label, np.diff(path.points, axis=0)
    (gx, gy), (dx, dy) = np.abs(path.gradients[0]), np.abs(moves[0])
    said = []
    if gx and gy and dx:
        said.append(
            f"At the start the slope along y is {gy / gx:.3g} times that along x, and the first step of {label} goes "
            f"{dy / dx:.3g} times as far along y."
        )
    rates = path.effective_step[:, 0][np.isfinite(path.effective_step[:, 0])]
    if len(rates) > 1 and np.ptp(rates) < 1e-6 * rates[0]:
        said.append(f"Its effective lr is {rates[0]:.3g} at every step.")
    elif len(rates) > 1 and (rates > 0).all():
        said.append(f"Along x its effective lr goes from {rates[0]:.3g} to {rates[-1]:.3g}.")
    if beside and moves[[0, -1]].any(axis=1).all():
        other = quantities.counterpart(spec, path, beside).moves
        first, last = (np.hypot(*other[k]) / np.hypot(*moves[k]) for k in (0, -1))
        name = RULES[beside].label
        said.append(f"{name}, fed the same gradients, would step {first:.3g} times as far at first, {last:.3g} times at last.")
    return " ".join(said)


def memory(name: str) -> str:
    """How many numbers each rule keeps for a parameter, the one in focus in bold."""
    groups: dict[int, list[str]] = {}
    for rule in OPTIMIZERS.values():
        groups.setdefault(len(rule.state), []).append(f"**{rule.label}**" if rule.name == name else rule.label)
    rows = [f"| {', '.join(labels)} | {count}× the parameters |" for count, labels in sorted(groups.items())]
    return "\n".join(["| | state |", "|---|---|", *rows])
