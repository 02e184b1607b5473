"""The settings of the player: a preset is the base, the controls and the address hold the differences from it."""

from dataclasses import fields

import streamlit as st

from engine import objectives, optimizers, schedules
from engine.experiments import PRESETS, SURFACES, Descent, Hyper, textbook
from engine.formula import MAX_LENGTH
from engine.optimizers import OPTIMIZERS
from engine.registry import Entry, Range
from engine.schedules import SCHEDULES
from pages.kit.old.controls import Choice, Number, Setting, Text, labels

SLIDER_LABELS = {
    "lr": "learning rate η",
    "momentum": "momentum μ",
    "rho": "decay ρ",
    "beta1": "β₁",
    "beta2": "β₂",
    "eps": "ε",
    "weight_decay": "weight decay λ",
    "condition": "condition number κ",
    "angle": "angle, degrees",
    "span": "seen from −a to a",
    "drop": "factor",
    "every": "every … steps",
    "decay": "decay k",
    "warmup": "steps of warm-up",
}
FIELD_LABELS = {
    "x0": "start x",
    "y0": "start y",
    "steps": "steps",
    "noise": "gradient noise",
    "batch_size": "batch size",
    "seed": "seed",
}
FIELD_RANGES: dict[str, Range] = {f.name: f.metadata["range"] for f in fields(Descent) if "range" in f.metadata}

DESCENTS: dict[str, list[Descent]] = {
    name: specs for name, specs in PRESETS.items() if all(isinstance(spec, Descent) for spec in specs)
}
FIRST = "O9-all"
PRESET = Choice("Preset", FIRST, {name: name for name in DESCENTS})
LAYOUT = {"one": "One surface", "panels": "Side by side"}
ARROWS = {"none": "No arrows", "descent": "−∇f", "ascent": "+∇f", "alone": "−∇f alone"}
SCALE = {"log": "Log loss", "linear": "Linear loss"}
VIEW = {"layout": LAYOUT, "arrows": ARROWS, "scale": SCALE}
DISPLAY = {  # preset → how it is best looked at
    "O1": {"arrows": "descent"},
    "O2": {"arrows": "descent"},
    "O9": {"layout": "panels"},
    "O13": {"arrows": "descent"},
    "O18": {"scale": "linear"},
    "O21": {"scale": "linear"},
}
TRANSPORT: dict[str, Setting] = {
    "step": Number("step", 0, FIELD_RANGES["steps"]._replace(low=0)),
    "speed": Choice("speed", "1", {s: s for s in ("0.25", "0.5", "1", "2", "4")}),
    "loop": Choice("loop", "false", {"false": "false", "true": "true"}),
}


def chosen_preset() -> str:
    """The preset in the address, which is where it lives."""
    name = st.query_params.get("preset", FIRST)
    return name if name in DESCENTS else FIRST


def chosen_surface(preset: str) -> str:
    """The surface of the session, else of the address, else of the preset."""
    given = st.session_state.get("surface") or st.query_params.get("surface")
    names = {word: name for name, entry in SURFACES.items() for word in (name, entry.label)}
    return names.get(given, DESCENTS[preset][0].surface)


def base(preset: str, surface: str) -> dict[str, Descent]:
    """What every optimizer starts from: the preset's own spec on its surface, else the textbook's on the surface."""
    own = DESCENTS[preset]
    if surface not in (own[0].surface, "formula"):
        return {name: textbook(name, surface) for name in OPTIMIZERS}
    shared = {name: getattr(own[0], name) for name in (*FIELD_RANGES, "formula", "schedule", "schedule_hyper") if name != "lr"}
    return {**{name: textbook(name, own[0].surface, **shared) for name in OPTIMIZERS}, **{spec.optimizer: spec for spec in own}}


def settings_for(preset: str, surface: str) -> dict[str, Setting]:
    """Every control of the player by its key in the address."""
    specs = base(preset, surface)
    first = specs[DESCENTS[preset][0].optimizer]
    found: dict[str, Setting] = {
        "preset": PRESET,
        "surface": Choice("Surface", DESCENTS[preset][0].surface, labels(SURFACES), menu=True),
        "formula": Text("f(x, y) =", first.formula or "x**2/20 + y**2", MAX_LENGTH),
        "optimizers": Choice("Optimizers", tuple(spec.optimizer for spec in DESCENTS[preset]), labels(OPTIMIZERS)),
        "schedule": Choice("Learning-rate schedule", first.schedule, labels(SCHEDULES), menu=True),
        "focus": Choice("Focus", DESCENTS[preset][0].optimizer, labels(OPTIMIZERS)),
    }
    for name, label in FIELD_LABELS.items():
        found[name] = Number(label, getattr(first, name), FIELD_RANGES[name])
    for entry in SURFACES.values():
        found |= sliders(entry, objectives.RANGES)
    for entry in SCHEDULES.values():
        found |= sliders(entry, schedules.RANGES, first.schedule_hyper if entry.name == first.schedule else ())
    for name, spec in specs.items():
        found[f"{name}_lr"] = Number(SLIDER_LABELS["lr"], spec.lr, FIELD_RANGES["lr"])
        found |= sliders(OPTIMIZERS[name], optimizers.RANGES, spec.hyper)
    for name, options in VIEW.items():
        found[name] = Choice(name.title(), DISPLAY.get(preset, {}).get(name, next(iter(options))), options)
    return found


def sliders(entry: Entry, ranges, hyper: Hyper = ()) -> dict[str, Setting]:
    """A number for every slider of an entry but lr, under the key `entry_slider`."""
    values = {**entry.sliders, **dict(hyper)}
    return {
        f"{entry.name}_{name}": Number(SLIDER_LABELS.get(name, name), value, ranges[name])
        for name, value in values.items()
        if name != "lr"
    }
