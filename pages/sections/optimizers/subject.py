"""The subject of an anatomy: one optimizer on one surface, as the textbook sets both until a visitor changes something."""

from engine import optimizers
from engine.experiments import SURFACES, Descent, textbook
from engine.formula import MAX_LENGTH
from engine.optimizers import OPTIMIZERS
from engine.replay import UNCORRECTED
from pages.kit.address import Given
from pages.kit.controls import Choice, Controls, Number, Text, Values, labels, never
from pages.kit.language import N_
from pages.sections.optimizers.quantities import RULES
from pages.sections.optimizers.settings import FIELD_RANGES, SLIDER_LABELS

OPENING = 4
SLOPE = {"formula": "x", "x0": 9.0, "y0": 0.0, "lr": 0.1, "steps": 60}
BESIDE = {"adagrad": "rmsprop", "rmsprop": "adagrad", "adam": UNCORRECTED.name}
STARTS = {
    N_("Adam's first steps"): textbook("adam"),
    N_("Momentum in a valley"): textbook("momentum", steps=60),
    N_("AdaGrad's wall"): textbook("adagrad"),
    N_("AdaGrad, constant slope"): textbook("adagrad", "formula", **SLOPE | {"lr": 1.0}),
}
FIRST = STARTS["Adam's first steps"]
WHERE = {"x0": "start x", "y0": "start y", "steps": "steps"}
SPEEDS = ("0.25", "0.5", "1", "2", "4")


def controls(given: Given) -> Controls:
    rule, surface = given.get("rule", FIRST.optimizer), given.get("surface", FIRST.surface)
    start = book(rule, surface)
    found = {
        "rule": Choice("Optimizer", FIRST.optimizer, labels(OPTIMIZERS), menu=True, resets=("lr", "beside")),
        "surface": Choice("Surface", FIRST.surface, labels(SURFACES), menu=True, resets=("lr", *WHERE)),
        "formula": Text("f(x, y) =", SLOPE["formula"], MAX_LENGTH, when=lambda values: values.surface == "formula"),
        "lr": Number(SLIDER_LABELS["lr"], start.lr, FIELD_RANGES["lr"], slider=True),
    }
    for entry in OPTIMIZERS.values():
        found |= hyper(entry)
    found["beside"] = Choice("Beside it", BESIDE.get(rule, "none"), {"none": "nothing", **labels(RULES)}, menu=True)
    for name, label in WHERE.items():
        found[name] = Number(label, getattr(start, name), FIELD_RANGES[name], fold="Start and steps")
    return found | {
        "step": Number("step", OPENING, FIELD_RANGES["steps"]._replace(low=0), when=never),
        "speed": Choice("speed", "1", {speed: speed for speed in SPEEDS}, when=never),
        "loop": Choice("loop", "false", {"false": "false", "true": "true"}, when=never),
    }


def hyper(rule: optimizers.Optimizer) -> dict[str, Number]:
    """A number for every slider of a rule but lr, asked for where the rule is chosen."""
    return {
        f"{rule.name}_{name}": Number(
            SLIDER_LABELS[name], value, optimizers.RANGES[name], when=lambda values: values.rule == rule.name
        )
        for name, value in rule.sliders.items()
        if name != "lr"
    }


def book(rule: str, surface: str) -> Descent:
    """The textbook's descent; where there is no textbook, down a constant slope."""
    return textbook(rule, surface, **SLOPE) if surface == "formula" else textbook(rule, surface)


def spec(values: Values) -> Descent:
    sliders = [name for name in OPTIMIZERS[values.rule].sliders if name != "lr"]
    found = tuple((name, getattr(values, f"{values.rule}_{name}")) for name in sliders)
    formula, where = getattr(values, "formula", ""), (values.x0, values.y0)
    return Descent(values.surface, (), formula, *where, values.rule, values.lr, found, steps=values.steps)


def settings(start: Descent) -> Given:
    """Those of a descent: what is not named is the textbook's."""
    names = ("surface", "formula", "lr", *WHERE)
    return {"rule": start.optimizer, **{name: getattr(start, name) for name in names if getattr(start, name) != ""}}
