"""In 3-D: a surface from any side with the paths on it, and a tour of the words for what the ground is like."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from engine import objectives
from engine.descent import Path
from engine.experiments import SURFACES, Descent, textbook
from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import solid
from pages.charts.solid import View
from pages.kit import address, compute, field, turntable
from pages.kit.address import Given
from pages.kit.controls import Choice, Controls, Number, Values, labels, never
from pages.kit.lab import Lab
from pages.kit.language import listed, tr
from pages.sections.optimizers import handover
from pages.sections.optimizers.fields import LABELS, RANGES, WHERE, numbers, rates, typed
from pages.sections.optimizers.tour import STOPS, Stop

ID = "optimizers/surface"
FREE, FIRST, STEPS, OPENING = "none", "valley", 100, 30
CAMERAS = {
    "tour": "As the tour looks",
    "corner": "From a corner",
    "along": "Along x",
    "across": "Along y",
    "above": "From above",
}
VIEWS = {"tour": View(30, 35), "corner": View(45, 32), "along": View(90, 18), "across": View(0, 18), "above": View(0, 90)}
EYE = {"turn": Range(-180, 180), "tilt": Range(-90, 90), "far": Range(0.1, 20)}  # which the figure tells
RULES, GROUND = "Learning rates", "Start and steps"
TITLES = {FREE: "Just look around", **{name: stop.title for name, stop in STOPS.items()}}


class Standing(NamedTuple):
    """The ground, the stop of the tour if there is one, the paths on it, and the step at which they are looked at."""

    objective: Objective
    stop: Stop | None
    specs: list[Descent]
    paths: list[Path]
    step: int


def controls(given: Given) -> Controls:
    """A stop brings its own surface; a surface its start, learning rates and height."""
    stop = STOPS.get(given.get("stop", FIRST))
    home = stop.surface if stop else STOPS[FIRST].surface
    surface, camera = given.get("of", home), given.get("camera", "tour")
    eye = stop.view if stop and surface == home and camera == "tour" else VIEWS[camera]
    books = {name: textbook(name, surface, steps=STEPS) for name in OPTIMIZERS}
    own = ("formula", "x0", "y0", "steps", "height", *OPTIMIZERS, *objectives.RANGES)
    found = {
        "stop": Choice("Tour", FIRST, TITLES, menu=True, resets=("of", *own, "camera", *EYE)),
        "of": Choice("Surface", home, labels(SURFACES), menu=True, resets=(*own, "camera", *EYE)),
        "formula": typed("x**2/20 + y**2", "of"),
    }
    for name, span in objectives.RANGES.items():
        default = next(entry.sliders[name] for entry in SURFACES.values() if name in entry.sliders)
        found[name] = Number(LABELS[name], default, span, when=lambda v, name=name: name in SURFACES[v.of].sliders)
    found |= {
        "rules": Choice("Optimizers", ("sgd", "momentum", "adam"), labels(OPTIMIZERS)),
        "height": Choice("Height", "log" if wide(surface) else "linear", {"linear": "Height f", "log": "Height log f"}),
        "camera": Choice("View", "tour", CAMERAS, menu=True, resets=EYE),
        **{name: Number(name, float(getattr(eye, name)), span, digits=4, when=never) for name, span in EYE.items()},
        "step": Number("step", OPENING, RANGES["steps"]._replace(low=0)),
    }
    lrs = {name: book.lr for name, book in books.items()}
    return found | rates(lrs, lambda values: values.rules, fold=RULES) | numbers(books["sgd"], fold=GROUND)


def wide(surface: str) -> bool:
    return surface != "formula" and solid.wide(SURFACES[surface], compute.surface(Descent(surface=surface)))


def specs(values: Values) -> list[Descent]:
    here = {name: getattr(ground(values), name) for name in ("surface_hyper", "formula")}
    where = {name: getattr(values, name) for name in WHERE}
    return [textbook(name, values.of, lr=getattr(values, name), **here, **where) for name in values.rules]


def ground(values: Values) -> Descent:
    sliders = tuple((name, getattr(values, name)) for name in SURFACES[values.of].sliders)
    return Descent(surface=values.of, surface_hyper=sliders, formula=getattr(values, "formula", ""))


def find(values: Values) -> Standing:
    """The tour's stop counts on its own surface only."""
    stop, asked = STOPS.get(values.stop), specs(values)
    stop = stop if stop and stop.surface == values.of else None
    step = min(values.step, values.steps)
    return Standing(ground(values).objective(), stop, asked, [compute.path(spec) for spec in asked], step)


def draw(found: Standing, values: Values) -> None:
    """The solid, and beside it the same ground from above."""
    surface, stop, name = compute.surface(ground(values)), found.stop, tr(found.objective.label)
    tracks, pins = solid.tracks(found.specs, found.paths), [solid.Pin(*stop.point, tr(stop.name))] if stop else []

    def build(step: int, view: View) -> solid.Figure:
        log = values.height == "log"
        return solid.figure(found.objective, surface, tracks, pins, view, step=step, steps=values.steps, log=log)

    names = ", ".join(track.label for track in tracks) or tr("nobody")
    alt = tr("{surface} in three dimensions with the paths of {names}", surface=name, names=names)
    high, plan = st.columns([0.68, 0.32], gap="small")
    with high:
        view = View(*(getattr(values, name) for name in EYE))
        since = tuple((name, value) for name, value in vars(values).items() if name not in ("step", *EYE))
        turntable.show("surface_solid", build, alt, step=found.step, view=view, since=since, tell=left)
    with plan:
        field.show("surface_plan", solid.plan(name, surface, tracks, pins, found.step))


def left(step: int | None, view: View) -> None:
    """The address takes how the visitor left the figure."""
    address.tell(**vars(view), **({} if step is None else {"step": step}))


def beside(found: Standing | None, values: Values) -> None:  # noqa: ARG001
    if found:
        handover.offer(ID, found.specs, found.step)


def verdict(found: Standing) -> Verdict:
    """What the ground is like at the stop, as measured there, and who is lowest at the step."""
    lowest = _lowest(found)
    if found.stop is None:
        return Verdict(lowest.kind, right="close", **lowest.numbers)
    value, slope, curvatures = found.stop.measures
    (x, y), (low, high) = found.stop.point, curvatures
    numbers = {"x": x, "y": y, "f": value, "slope": slope, "low": low, "high": high}
    tidy = {name: 0.0 if abs(number) < 1e-6 else float(number) for name, number in numbers.items()}
    return Verdict(f"stop-{found.stop.name}", right="close", **tidy, also=[lowest])


def _lowest(found: Standing) -> Verdict:
    """Who is lowest at a step; at the first one all are at the start."""
    values = {
        OPTIMIZERS[spec.optimizer].label: float(path.values[found.step])
        for spec, path in zip(found.specs, found.paths, strict=True)
        if len(path.values) > found.step and path.diverged_at != 0
    }
    if not values:
        return Verdict("nobody", step=found.step)
    best = min(values.values())
    if not found.step:
        return Verdict("start", f=best)
    first = [name for name, value in values.items() if np.isclose(value, best, rtol=1e-9, atol=0)]
    who = listed([f"**{tr(name)}**" for name in first])
    return Verdict("lowest" if len(first) == 1 else "tied", who=who, f=best, step=found.step)


def formula(values: Values) -> str:
    entry = SURFACES[values.of]
    return f"f(x, y) = {entry.latex}" if entry.latex and values.of != "formula" else ""


LAB = Lab(
    id=ID,
    title="In 3-D",
    was=("3-D",),
    prefix="surface_",
    controls=controls,
    specs=specs,
    find=find,
    draw=draw,
    beside=beside,
    verdict=verdict,
    formula=formula,
    code=lambda values: [] if values.of == "formula" else [SURFACES[values.of].function],
)
