"""Its loss surface: a line is fitted by two weights, and what is done to its inputs decides how round the valley is."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine.clouds import RANGES, Cloud
from engine.descent import Path, descend
from engine.lines import KINDS, Line
from engine.preprocessing import PREPROCESSORS
from engine.quadratic import best, limit
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts.contours import Surface, sample
from pages.charts.paths import RESTING, Shown, scene
from pages.kit import address, compute, hand
from pages.kit.address import Given
from pages.kit.controls import Choice, Controls, Number, Values, never
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.player import player
from pages.kit.theme import Style

STAGE = "surface_stage"
LONG = 1000  # updates after which nobody waits any more
NEAR, EXACT = 0.01, 1e-9  # of the way, or of a weight: what may be left of it
END = -1  # the step that stands for the last one
BOOKS = {"one": Cloud(2.0, 0.0, 0.5, 1.0, 0.0), "two": Cloud(2.0, 1.0, 1.0, 0.5, 0.8)}
SHAPES = {
    "one": {"mean_x": N_("mean of x"), "std_x": N_("std of x")},
    "two": {
        "mean_x": N_("mean of x₁"),
        "mean_y": N_("mean of x₂"),
        "std_x": N_("std of x₁"),
        "std_y": N_("std of x₂"),
        "correlation": N_("correlation"),
    },
}
BOUNDS = RANGES | {"std_x": Range(0.1, 2), "std_y": Range(0.1, 2), "correlation": Range(-0.99, 0.99)}  # so that κ is finite
AXES = {"one": ("w", "b", "L"), "two": ("w₁", "w₂", "L")}
STARTS = {"one": (N_("start w"), N_("start b")), "two": (N_("start w₁"), N_("start w₂"))}
LOOKS = [Style(1, [], "square"), Style(4, [12, 3, 2, 3], "diamond"), Style(0, [8, 4], "circle"), Style(3, [5, 2], "triangle")]
ASKED = {"alike": 1, "ten": 10, "hundred": 100}
FORMULA = r"""L = \tfrac{1}{2} \operatorname{mean}(X\theta - t)^2 \qquad H = \tfrac{1}{n} X^\top X \qquad
    \kappa = \frac{\lambda_{\max}}{\lambda_{\min}} \qquad \eta < \frac{2}{\lambda_{\max}} \qquad
    \eta^* = \frac{2}{\lambda_{\min} + \lambda_{\max}}"""


class Descended(NamedTuple):
    """A line, where all paths start, and for each of the KINDS of its inputs a learning rate and the path with it."""

    line: Line
    start: tuple[float, float]
    rates: list[float]
    paths: list[Path]


def controls(given: Given) -> Controls:
    inputs = given.get("inputs", "one")
    (first, second), book = STARTS[inputs], BOOKS[inputs]
    return {
        "inputs": Choice(
            "Inputs", "one", {"one": "One input, w and b", "two": "Two inputs"}, resets=(*SHAPES["two"], "w", "b")
        ),
        "rates": Choice("Rates", "best", {"best": "Each its best rate", "same": "One rate for all"}),
        "lr": Number("learning rate η", 0.3, Range(1e-3, 10, log=True), when=lambda values: values.rates == "same"),
        **{name: Number(label, float(getattr(book, name)), BOUNDS[name]) for name, label in SHAPES[inputs].items()},
        "w": Number(first, 0.0, Range(-10, 10)),
        "b": Number(second, 0.0, Range(-10, 10)),
        "steps": Number("updates ≤ 500", 100, Range(5, 500)),
        "step": Number("step", END, Range(END, 500), when=never),
    }


def line_of(values: Values) -> Line:
    shape = {name: getattr(values, name) for name in SHAPES[values.inputs]}
    return Line(values.inputs, Cloud(**vars(BOOKS[values.inputs]) | shape))


def rates_of(line: Line, values: Values) -> list[float]:
    return best_rates(line) if values.rates == "best" else [values.lr] * len(KINDS[line.inputs])


def best_rates(line: Line) -> list[float]:
    return [best("sgd", eigenvalues(line, name))[0] for name in KINDS[line.inputs]]


def find(values: Values) -> Descended:
    line, start = line_of(values), (values.w, values.b)
    rates = rates_of(line, values)
    paths = [path(line, name, lr, start, values.steps) for name, lr in zip(KINDS[line.inputs], rates, strict=True)]
    return Descended(line, start, rates, paths)


@compute.cached(500)
def path(line: Line, name: str, lr: float, start: tuple[float, float], steps: int) -> Path:
    return descend(line.objective(name), "sgd", start, steps, lr=lr)


@compute.cached(200)
def surface(line: Line, name: str) -> Surface:
    return sample(line.objective(name))


@compute.cached(500)
def eigenvalues(line: Line, name: str) -> np.ndarray:
    return np.linalg.eigvalsh(line.hessian(name))


def draw(found: Descended, values: Values) -> None:  # noqa: ARG001
    transport = RESTING["transport"] | address.on_arrival(step=None if values.step == END else values.step)
    hand.follow(values, lambda held, echo: stage(held, transport, echo))


def stage(held: Values, transport: dict, echo: int) -> None:
    """The player, which a pause runs again and nothing else."""
    player(
        blob(held, transport, echo),
        STAGE,
        on_transport=remember_step,
        on_start=lambda: hand.rest(started(*st.session_state[STAGE].start) | {"step": END}),
        on_drag=lambda w, b, n: hand.hold(started(w, b), n),
        on_scrub=lambda _, lr, n: hand.hold({"lr": lr}, n),
        on_rate=lambda _, lr: hand.rest({"lr": lr, "step": END}),
    )


def started(w: float, b: float) -> dict[str, float]:
    return {"w": w, "b": b}


def remember_step() -> None:
    step = st.session_state[STAGE].transport["step"]
    address.tell(step=END if step is None else step)


def blob(values: Values, transport: dict, echo: int) -> bytes:
    """All paths, each over its own loss, with one clock; what is under the hand must not fill the cache."""
    line, start, scenes = line_of(values), (values.w, values.b), b""
    same = values.rates == "same"
    display = {**RESTING, "transport": transport, "layout": "panels", "replay": f"{values.inputs} {values.rates}"}
    display |= {"names": AXES[values.inputs], "title": tr(LAB.title), "name": "loss-surface", "echo": echo, "scrub": same}
    for name, lr, look in zip(KINDS[line.inputs], rates_of(line, values), LOOKS, strict=True):
        objective = line.objective(name)
        found = descend(objective, "sgd", start, values.steps, lr=lr)
        end = "" if found.diverged_at is None else tr("diverged")
        inputs = tr(objective.label)
        label = f"{inputs}  κ {condition(line, name):,.4g}"
        shown = Shown(label, float(f"{lr:.3g}"), found.points, found.values, end, look)
        summary = tr("The loss over the two weights of a line, {kind} inputs, and the path of SGD.", kind=inputs.lower())
        scenes += scene([shown], surface(line, name), summary=summary, start=list(start), steps=values.steps, **display)
    return scenes


def condition(line: Line, name: str) -> float:
    low, high = eigenvalues(line, name)
    return float(high / low)


def verdict(found: Descended) -> Verdict:
    """The shape of every valley, and how many updates it takes."""
    line, start, rates, _ = found
    fastest = best_rates(line)
    rows, quickest = [], []
    for name, lr, top in zip(KINDS[line.inputs], rates, fastest, strict=True):
        edge = float(limit("sgd", 0, eigenvalues(line, name)))
        own, quick = (line.left(name, eta, start, LONG) for eta in (lr, top))
        row = {"name": PREPROCESSORS[name].label, "kappa": condition(line, name), "limit": edge, "best": top}
        rows.append(row | {"updates": told(own, lr < edge), "quick": told(quick, True)})
        quickest.append(reached(quick))
    slow, fast = (LONG if updates is None else max(updates, 1) for updates in (quickest[0], quickest[-1]))
    times = max(slow / fast, 1)
    right = min(ASKED, key=lambda name: abs(np.log(times / ASKED[name])))
    right = "" if right == "hundred" and times < ASKED[right] / 2 else right  # neither about ten times nor a hundred
    also = [Verdict("scaled", raw=rows[0]["kappa"], scaled=rows[1]["kappa"])] if line.inputs == "one" else []
    return Verdict("best" if rates == fastest else "same", right=right, rows=rows, lr=rates[0], also=also)


def reached(left: np.ndarray) -> int | None:
    """The first update after which no more than NEAR of the way to the minimum is left."""
    near = np.flatnonzero(left <= max(NEAR * left[0], EXACT))
    return int(near[0]) if len(near) else None


def told(left: np.ndarray, stable: bool) -> str:
    """The number of updates in words."""
    updates = reached(left)
    if updates is not None:
        return f"{updates:,}"
    return tr("more than {n:,}", n=LONG) if stable else tr("diverges") if left[-1] > left[0] * (1 + EXACT) else tr("never")


def table(found: Descended) -> pd.DataFrame:
    """The paths, an update a row."""
    frames = [
        pd.DataFrame({"inputs": name, "lr": lr, "update": range(len(each.values)), "w": w, "b": b, "loss": each.values})
        for name, lr, each in zip(KINDS[found.line.inputs], found.rates, found.paths, strict=True)
        for w, b in [each.points.T]
    ]
    return pd.concat(frames)


LAB = Lab(
    id="preprocessing/surface",
    title="Its loss surface",
    prefix="surface_",
    controls=controls,
    find=find,
    draw=draw,
    verdict=verdict,
    table=table,
    formula=FORMULA,
    code=[Line, best, limit],
)
