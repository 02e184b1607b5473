"""One step: an optimizer's update taken apart: gradient, memory, effective learning rate, and the step they make."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from engine import filled
from engine.descent import Path
from engine.experiments import Descent
from engine.optimizers import OPTIMIZERS
from engine.replay import RULES, UNCORRECTED, corrected, counterpart, instead, replay
from engine.verdict import Verdict
from pages.charts import quantities
from pages.charts.paths import RESTING, followed, scene, setting
from pages.kit import address, compute, text
from pages.kit.controls import Values
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.player import moved, player, stopped, transport
from pages.kit.words import WORDS
from pages.sections.optimizers import handover, subject

ID, PLAYER = "optimizers/anatomy", "anatomy_stage"
ALIKE = 0.05  # of an exponent: how near two powers are the same


class Taken(NamedTuple):
    """A descent, its path, the rule beside it, if there is one, and the path that this one walks by itself."""

    spec: Descent
    path: Path
    beside: str
    own: Path | None


def find(values: Values) -> Taken:
    spec, beside = subject.spec(values), "" if values.beside == "none" else values.beside
    return Taken(spec, compute.path(spec), beside, instead(spec, beside) if beside else None)


def draw(taken: Taken, values: Values) -> None:
    """The player with a lane for every quantity."""
    spec, path, beside, own = taken
    header = RESTING | {"replay": "anatomy", "name": f"anatomy-{spec.optimizer}", "transport": transport(values)}
    shown = [followed(spec, path)]
    if own is not None and len(path.gradients):
        shown.append(followed(spec, own, beside))
        header["beside"] = tr("{rule}, same gradients", rule=tr(RULES[beside].label))
    header |= setting([spec])
    blob = scene(shown, compute.surface(spec), rows=quantities.rows(spec, path, beside), **header)
    heard = {"on_transport": lambda: stopped(PLAYER, spec.steps), "on_start": lambda: moved(PLAYER, "x0", "y0")}
    player(blob, PLAYER, **heard, anatomy=True)
    if trouble := lost(spec.optimizer, path):
        st.warning(LAB.sentence(trouble, values))


def beside(taken: Taken | None, values: Values) -> None:
    """Runs that are worth looking at, and where else this one can be seen."""
    with st.container(horizontal=True, gap="xsmall"):
        for name, start in subject.STARTS.items():
            st.button(tr(name), on_click=address.go, args=(ID,), kwargs=subject.settings(start))
    if taken:
        handover.offer(ID, [taken.spec], values.step)


def after(taken: Taken | None, values: Values) -> None:
    """The step that the player stands before, in numbers; what the rule is, and what it has to remember."""
    if taken is None:
        return
    if count := len(taken.path.gradients):
        fill(taken.spec, taken.path, min(values.step, count - 1))
    words, state = st.columns(2, gap="medium")
    words.markdown(text.item("optimizers", taken.spec.optimizer))
    state.markdown(memory(taken.spec.optimizer))


def fill(spec: Descent, path: Path, k: int) -> None:
    """The formula of the step that leaves point k, filled in for both coordinates, and its numbers as a table."""
    rule = OPTIMIZERS[spec.optimizer]
    head = N_("After step {k}: {rule}, step t = {t}, in numbers") if k else N_("At the start: {rule}, step t = 1, in numbers")
    st.markdown(f"##### {tr(head, k=k, rule=tr(rule.label), t=k + 1)}")
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
    st.table(table, border="horizontal", width="content", hide_index=True, alt=tr("The step's numbers"))


def plain(value: float) -> str:
    return "–" if np.isnan(value) else WORDS.format("{:.4g}", value)


def memory(name: str) -> str:
    """How many numbers each rule keeps for a parameter, the one in focus in bold."""
    groups: dict[int, list[str]] = {}
    for rule in OPTIMIZERS.values():
        groups.setdefault(len(rule.state), []).append(f"**{tr(rule.label)}**" if rule.name == name else tr(rule.label))
    head, kept = tr("state"), N_("{n}× the parameters")
    rows = [f"| {', '.join(labels)} | {tr(kept, n=count)} |" for count, labels in sorted(groups.items())]
    return "\n".join([f"| | {head} |", "|---|---|", *rows])


def lost(name: str, path: Path) -> Verdict | None:
    """Where a path ended before its time, and how."""
    if path.diverged_at is None:
        return None
    downhill = len(path.values) and path.values[-1] < path.values[0]
    kind = "nowhere" if not path.diverged_at else "undefined" if path.undefined else "downhill" if downhill else "left"
    return Verdict(kind, name=OPTIMIZERS[name].label, step=path.diverged_at)


def verdict(taken: Taken) -> Verdict:
    """How the first step compares with its slope, what became of the effective lr, and what the other rule would do."""
    spec, path, other, _ = taken
    if not len(path.gradients):
        return lost(spec.optimizer, path) or Verdict("nowhere")
    label, moves = OPTIMIZERS[spec.optimizer].label, np.diff(path.points, axis=0)
    rows, against = [], []
    for axis, name in enumerate("xy"):
        rates = path.effective_step[:, axis][np.isfinite(path.effective_step[:, axis])]
        if (rates < 0).any():  # then they are no learning rates
            against.append({"along": name, "count": int((rates < 0).sum()), "steps": len(rates)})
        elif len(rates):
            rows.append({"what": tr("learning rate along {axis}", axis=name), "first": rates[0], "last": rates[-1]})
    if other and moves[[0, -1]].any(axis=1).all():
        rival = counterpart(spec, path, other).moves
        first, last = (np.hypot(*rival[k]) / np.hypot(*moves[k]) for k in (0, -1))
        what = tr("step of {rule} on the same gradients ÷ its own", rule=tr(RULES[other].label))
        rows.append({"what": what, "first": first, "last": last})
    kind, right, numbers = compared(np.abs(path.gradients[0]), np.abs(moves[0]))
    tables = {"rows": rows, "against": against}
    also = [Verdict(table, rows=told) for table, told in tables.items() if told]
    return Verdict(kind, right=right, name=label, **numbers, also=also)


def compared(slopes: np.ndarray, steps: np.ndarray) -> tuple[str, str, dict[str, float]]:
    """How much longer the step (2,) is where the slope (2,) is steeper: kind, right answer, and both ratios."""
    if not slopes.any():
        return "level", "", {}
    if not (slopes.all() and steps.all()):
        return "one", "", {}
    axis = int(slopes[1] >= slopes[0])  # the steeper
    slope, step = slopes[axis] / slopes[1 - axis], steps[axis] / steps[1 - axis]
    numbers = {"slopes": float(slope), "steps": float(step), "along": "xy"[axis], "across": "xy"[1 - axis]}
    if slope < 1.01:
        return "equal", "", numbers
    power = np.log(step) / np.log(slope)
    right = next((key for key, value in {"slopes": 1, "root": 0.5, "same": 0}.items() if abs(power - value) < ALIKE), "")
    return "same" if right == "same" else "steps", right, numbers


LAB = Lab(
    id=ID,
    title="One step",
    was=("Anatomy",),
    prefix="anatomy_",
    controls=subject.controls,
    specs=lambda values: [subject.spec(values)],
    find=find,
    draw=draw,
    beside=beside,
    after=after,
    verdict=verdict,
    formula=lambda values: OPTIMIZERS[values.rule].latex,
    code=lambda values: [OPTIMIZERS[values.rule].function, UNCORRECTED.function, replay, corrected],
)
