"""The settings of Paths: a preset is the base, its surface decides the rest, the controls hold the differences from both."""

from dataclasses import replace

from engine.experiments import PRESETS, SURFACES, Descent, textbook
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from pages.kit import text
from pages.kit.address import Given
from pages.kit.controls import EVERYTHING, Choice, Control, Controls, Values, holds, labels, never
from pages.kit.language import cached, tr
from pages.kit.player import clock
from pages.sections.optimizers.fields import WHERE, hyper, number, numbers, sliders, typed

NOISE = ("noise", "batch_size", "seed")
SHARED = (*WHERE, *NOISE, "formula", "schedule", "schedule_hyper")  # by all paths
DESCENTS: dict[str, list[Descent]] = {
    name: specs for name, specs in PRESETS.items() if all(isinstance(spec, Descent) for spec in specs)
}
FIRST = "O9-all"
RULES, GROUND, FADE, LOOK = "Optimizers and learning rates", "Surface and start", "Schedule and noise", "View"
VIEW = {
    "layout": {"one": "One surface", "panels": "Side by side"},
    "arrows": {"none": "No arrows", "descent": "−∇f", "ascent": "+∇f", "alone": "−∇f alone"},
    "scale": {"log": "Log loss", "linear": "Linear loss"},
}
STAYS = {"preset", "surface", "formula", "optimizers", "focus", *VIEW, "speed", "loop"}  # on another surface


def controls(given: Given) -> Controls:
    """Every control of Paths; what a preset and its surface lead to."""
    preset = given.get("preset", FIRST)
    return settings_for(preset, given.get("surface", DESCENTS[preset][0].surface))


@cached(maxsize=500)
def settings_for(preset: str, surface: str) -> Controls:
    specs = base(preset, surface)
    own, facts = DESCENTS[preset], text.preset(preset).facts
    first = specs[own[0].optimizer]
    titles = {name: text.preset(name).title for name in DESCENTS}
    rules = tuple(spec.optimizer for spec in own)
    known: dict[str, Control] = {
        "preset": Choice("Preset", FIRST, titles, when=never, resets=EVERYTHING),
        "optimizers": Choice("Optimizers", rules, labels(OPTIMIZERS), fold=RULES),
        "focus": Choice("Focus", rules[0], labels(OPTIMIZERS), among="optimizers", fold=RULES),
    }
    for name, spec in specs.items():
        look = {"when": holds("optimizers", name), "shown": holds("focus", name), "fold": RULES}
        known |= {f"{name}_lr": number("lr", spec.lr, slider=True, **look), **sliders(OPTIMIZERS[name], spec.hyper, **look)}
    known["surface"] = Choice("Surface", own[0].surface, labels(SURFACES), menu=True, fold=GROUND)
    known["formula"] = typed(first.formula or "x**2/20 + y**2", fold=GROUND)
    for entry in SURFACES.values():
        known |= sliders(entry, when=holds("surface", entry.name), fold=GROUND)
    known |= numbers(first, fold=GROUND)
    known["schedule"] = Choice("Learning-rate schedule", first.schedule, labels(SCHEDULES), menu=True, fold=FADE)
    for entry in SCHEDULES.values():
        own_hyper = first.schedule_hyper if entry.name == first.schedule else ()
        known |= sliders(entry, own_hyper, when=holds("schedule", entry.name), fold=FADE)
    known |= numbers(first, NOISE, fold=FADE)
    for name, options in VIEW.items():
        known[name] = Choice(name.title(), facts.get(name, next(iter(options))), options, fold=LOOK)
    known |= clock()
    return known | {"surface": replace(known["surface"], resets=tuple(name for name in known if name not in STAYS))}


def base(preset: str, surface: str) -> dict[str, Descent]:
    """What every optimizer starts from: the preset's own spec on its surface, else the textbook's on the surface."""
    own = DESCENTS[preset]
    if surface not in (own[0].surface, "formula"):
        return {name: textbook(name, surface) for name in OPTIMIZERS}
    shared = {name: getattr(own[0], name) for name in SHARED}
    return {**{name: textbook(name, own[0].surface, **shared) for name in OPTIMIZERS}, **{spec.optimizer: spec for spec in own}}


def specs(values: Values) -> list[Descent]:
    """What the settings ask for; ValueError if that is nothing."""
    if not values.optimizers:
        raise ValueError(tr("choose at least one optimizer"))
    common = {name: getattr(values, name) for name in (*WHERE, *NOISE, "surface", "schedule")}
    common["formula"] = getattr(values, "formula", "")
    common["surface_hyper"] = hyper(SURFACES[values.surface], values)
    common["schedule_hyper"] = hyper(SCHEDULES[values.schedule], values)
    return [
        Descent(**common, optimizer=name, lr=getattr(values, f"{name}_lr"), hyper=hyper(OPTIMIZERS[name], values))
        for name in values.optimizers
    ]


def question(values: Values) -> str:
    """What is asked about the paths: what the preset asks, while surface, optimizers and noise are as it has them."""
    own = DESCENTS[values.preset]
    kept = values.surface == own[0].surface and getattr(values, "formula", "") == own[0].formula
    kept = kept and values.optimizers == tuple(spec.optimizer for spec in own) and (values.noise > 0) == (own[0].noise > 0)
    asked = text.preset(values.preset).facts.get("question", "") if kept else ""
    return asked or ("alone" if len(values.optimizers) == 1 else "race")
