"""The scenery is a surface in three dimensions and from above, with the textbook's paths on both up to a step."""

from collections.abc import Sequence

import numpy as np

from engine.experiments import Descent, textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from pages.kit import compute, field, relief
from pages.kit.theme import style
from pages.sections.optimizers.tour import Stop

STEPS = 100


def descents(surface: str, rules: Sequence[str]) -> list[Descent]:
    return [textbook(name, surface, steps=STEPS) for name in rules]


def solid(surface: str, rules: Sequence[str], step: int, height: str, stop: Stop | None) -> bytes:
    """The surface with paths that cling to it, and a pin at the stop."""
    objective = OBJECTIVES[surface]
    tracks = [
        relief.Track(OPTIMIZERS[spec.optimizer].label, compute.path(spec).points[: step + 1], style(OPTIMIZERS, spec.optimizer))
        for spec in descents(surface, rules)
    ]
    return relief.describe(
        objective,
        compute.surface(Descent(surface=surface)),
        stop.view if stop else relief.View(replay=surface),
        f"{objective.label} in three dimensions with the paths of {', '.join(track.label for track in tracks) or 'nobody'}",
        log=height == "log",
        steps=step,
        tracks=tracks,
        pins=[relief.Pin(*stop.point, stop.name)] if stop else [],
    )


def plan(surface: str, rules: Sequence[str], step: int, stop: Stop | None) -> bytes:
    """The same from above."""
    objective = OBJECTIVES[surface]
    strokes = []
    for spec in descents(surface, rules):
        look = style(OPTIMIZERS, spec.optimizer)
        strokes.append(field.Stroke(compute.path(spec).points[: step + 1], "", look.color, look.dash))
    marks = [field.Mark(*stop.point, stop.name)] if stop else []
    plane = field.Plane(objective.view, title="From above")
    return field.landscape(
        plane, compute.surface(Descent(surface=surface)), f"Contour lines of {objective.label}", strokes, marks
    )


def lowest(surface: str, rules: Sequence[str], step: int) -> str:
    """Who is lowest at a step; at the first one all are at the start."""
    values = {
        OPTIMIZERS[spec.optimizer].label: path.values[step]
        for spec in descents(surface, rules)
        if len((path := compute.path(spec)).values) > step
    }
    if not values:
        return "Nobody is on the surface at this step."
    best = min(values.values())
    first = [name for name, value in values.items() if np.isclose(value, best, rtol=1e-9, atol=0)]
    who = " and ".join(filter(None, [", ".join(f"**{name}**" for name in first[:-1]), f"**{first[-1]}**"]))
    who += " is" if len(first) == 1 else " are"
    where = f"After {step} step{'s' * (step != 1)} {who} lowest" if step else "At step 0 all stand at the start"
    return f"{where}, with f = {best:.3g}.".replace("= -", "= −")
