"""The settings of Paths: a preset is the base, its surface decides the rest, the controls hold the differences from both."""

from collections.abc import Mapping
from dataclasses import fields, replace

from engine import objectives, optimizers, schedules
from engine.experiments import PRESETS, SURFACES, Descent, Hyper, textbook
from engine.formula import MAX_LENGTH
from engine.optimizers import OPTIMIZERS
from engine.registry import Entry, Range
from engine.schedules import SCHEDULES
from pages.kit import text
from pages.kit.address import Given
from pages.kit.controls import EVERYTHING, SLIDERS, Choice, Control, Controls, Number, Text, Values, labels, never
from pages.kit.language import cached, tr

SLIDER_LABELS = SLIDERS | {
    "condition": "condition number κ",
    "angle": "angle, degrees",
    "span": "seen from −a to a",
}
FIELD_LABELS = {"x0": "start x", "y0": "start y", "steps": "steps"}
NOISE_LABELS = {"noise": "gradient noise", "batch_size": "batch size", "seed": "seed"}
FIELD_RANGES: dict[str, Range] = {f.name: f.metadata["range"] for f in fields(Descent) if "range" in f.metadata}

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
TRANSPORT: Controls = {  # what the player tells
    "step": Number("step", 0, FIELD_RANGES["steps"]._replace(low=0), when=never),
    "speed": Choice("speed", "1", {s: s for s in ("0.25", "0.5", "1", "2", "4")}, when=never),
    "loop": Choice("loop", "false", {"false": "false", "true": "true"}, when=never),
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
        when, shown = (lambda values, name=name: name in values.optimizers), (lambda values, name=name: name == values.focus)
        lr = Number(SLIDER_LABELS["lr"], spec.lr, FIELD_RANGES["lr"], slider=True, when=when, shown=shown, fold=RULES)
        known |= {f"{name}_lr": lr}
        known |= sliders(OPTIMIZERS[name], optimizers.RANGES, spec.hyper, when=when, shown=shown, fold=RULES)
    typed = Text("f(x, y) =", first.formula or "x**2/20 + y**2", MAX_LENGTH, when=_is("surface", "formula"), fold=GROUND)
    known |= {"surface": Choice("Surface", own[0].surface, labels(SURFACES), menu=True, fold=GROUND), "formula": typed}
    for entry in SURFACES.values():
        known |= sliders(entry, objectives.RANGES, when=_is("surface", entry.name), fold=GROUND)
    known |= {n: Number(label, getattr(first, n), FIELD_RANGES[n], fold=GROUND) for n, label in FIELD_LABELS.items()}
    known["schedule"] = Choice("Learning-rate schedule", first.schedule, labels(SCHEDULES), menu=True, fold=FADE)
    for entry in SCHEDULES.values():
        hyper = first.schedule_hyper if entry.name == first.schedule else ()
        known |= sliders(entry, schedules.RANGES, hyper, when=_is("schedule", entry.name), fold=FADE)
    known |= {n: Number(label, getattr(first, n), FIELD_RANGES[n], fold=FADE) for n, label in NOISE_LABELS.items()}
    for name, options in VIEW.items():
        known[name] = Choice(name.title(), facts.get(name, next(iter(options))), options, fold=LOOK)
    known |= TRANSPORT
    return known | {"surface": replace(known["surface"], resets=tuple(name for name in known if name not in STAYS))}


def base(preset: str, surface: str) -> dict[str, Descent]:
    """What every optimizer starts from: the preset's own spec on its surface, else the textbook's on the surface."""
    own = DESCENTS[preset]
    if surface not in (own[0].surface, "formula"):
        return {name: textbook(name, surface) for name in OPTIMIZERS}
    shared = {name: getattr(own[0], name) for name in (*FIELD_RANGES, "formula", "schedule", "schedule_hyper") if name != "lr"}
    return {**{name: textbook(name, own[0].surface, **shared) for name in OPTIMIZERS}, **{spec.optimizer: spec for spec in own}}


def sliders(entry: Entry, ranges: Mapping[str, Range], hyper: Hyper = (), **more) -> dict[str, Number]:
    """A number for every slider of an entry but lr, called `entry_slider`."""
    values = {**entry.sliders, **dict(hyper)}
    return {
        f"{entry.name}_{name}": Number(SLIDER_LABELS.get(name, name), value, ranges[name], **more)
        for name, value in values.items()
        if name != "lr"
    }


def _is(name: str, value: str):
    return lambda values: getattr(values, name) == value


def specs(values: Values) -> list[Descent]:
    """What the settings ask for; ValueError if that is nothing."""
    if not values.optimizers:
        raise ValueError(tr("choose at least one optimizer"))
    common = {name: getattr(values, name) for name in (*FIELD_LABELS, *NOISE_LABELS, "surface", "schedule")}
    common["formula"] = getattr(values, "formula", "")
    common["surface_hyper"] = _hyper(SURFACES[values.surface], values)
    common["schedule_hyper"] = _hyper(SCHEDULES[values.schedule], values)
    return [
        Descent(**common, optimizer=name, lr=getattr(values, f"{name}_lr"), hyper=_hyper(OPTIMIZERS[name], values))
        for name in values.optimizers
    ]


def _hyper(entry: Entry, values: Values) -> Hyper:
    return tuple((name, getattr(values, f"{entry.name}_{name}")) for name in entry.sliders if name != "lr")


def question(values: Values) -> str:
    """What is asked about the paths: what the preset asks, while surface, optimizers and noise are as it has them."""
    own = DESCENTS[values.preset]
    kept = values.surface == own[0].surface and getattr(values, "formula", "") == own[0].formula
    kept = kept and values.optimizers == tuple(spec.optimizer for spec in own) and (values.noise > 0) == (own[0].noise > 0)
    asked = text.preset(values.preset).facts.get("question", "") if kept else ""
    return asked or ("alone" if len(values.optimizers) == 1 else "race")
