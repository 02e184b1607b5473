"""Fields of a descent as controls, which the labs of this topic share."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields

from engine import objectives, optimizers, schedules
from engine.experiments import Descent, Hyper
from engine.formula import MAX_LENGTH
from engine.optimizers import OPTIMIZERS
from engine.registry import Entry, Range
from pages.kit.controls import SLIDERS, Number, Text, Values, holds

RANGES: dict[str, Range] = {f.name: f.metadata["range"] for f in fields(Descent) if "range" in f.metadata}
RANGES |= optimizers.RANGES | objectives.RANGES | schedules.RANGES
WHERE = ("x0", "y0", "steps")
LABELS = SLIDERS | {
    "x0": "start x",
    "y0": "start y",
    "steps": "steps",
    "noise": "gradient noise",
    "batch_size": "batch size",
    "seed": "seed",
    "condition": "condition number κ",
    "angle": "angle, degrees",
    "span": "seen from −a to a",
}


def number(name: str, value: float, **more) -> Number:
    return Number(LABELS[name], value, RANGES[name], **more)


def numbers(spec: Descent, names: Collection[str] = WHERE, **more) -> dict[str, Number]:
    """A number for each of the fields, as the spec has it."""
    return {name: number(name, getattr(spec, name), **more) for name in names}


def sliders(entry: Entry, hyper: Hyper = (), **more) -> dict[str, Number]:
    """A number for every slider of an entry but lr, called `entry_slider`."""
    values = {**entry.sliders, **dict(hyper)}
    return {f"{entry.name}_{name}": number(name, value, **more) for name, value in values.items() if name != "lr"}


def hyper(entry: Entry, values: Values) -> Hyper:
    """What the settings say of these sliders."""
    return tuple((name, getattr(values, f"{entry.name}_{name}")) for name in entry.sliders if name != "lr")


def rates(
    lrs: Mapping[str, float], chosen: Callable[[Values], Collection[str]], span: Range = RANGES["lr"], **more
) -> dict[str, Number]:
    """The learning rate of every rule, asked for where it is chosen."""
    return {
        name: Number(f"lr of {OPTIMIZERS[name].label}", lr, span, when=lambda v, name=name: name in chosen(v), **more)
        for name, lr in lrs.items()
    }


def typed(formula: str, surface: str = "surface", **more) -> Text:
    """A formula, asked for where the setting `surface` is one."""
    return Text("f(x, y) =", formula, MAX_LENGTH, when=holds(surface, "formula"), **more)
