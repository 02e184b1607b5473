"""The subject of an anatomy: one optimizer on one surface, as the textbook sets both until a visitor changes something."""

from engine.experiments import SURFACES, Descent, textbook
from engine.optimizers import OPTIMIZERS
from engine.replay import RULES, UNCORRECTED
from pages.kit.address import Given
from pages.kit.controls import Choice, Controls, Values, holds, labels
from pages.kit.language import N_
from pages.kit.player import clock
from pages.sections.optimizers.fields import WHERE, hyper, number, numbers, sliders, typed

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


def controls(given: Given) -> Controls:
    rule, surface = given.get("rule", FIRST.optimizer), given.get("surface", FIRST.surface)
    start = book(rule, surface)
    found = {
        "rule": Choice("Optimizer", FIRST.optimizer, labels(OPTIMIZERS), menu=True, resets=("lr", "beside")),
        "surface": Choice("Surface", FIRST.surface, labels(SURFACES), menu=True, resets=("lr", *WHERE)),
        "formula": typed(SLOPE["formula"]),
        "lr": number("lr", start.lr, slider=True),
    }
    for entry in OPTIMIZERS.values():
        found |= sliders(entry, when=holds("rule", entry.name))
    found["beside"] = Choice("Beside it", BESIDE.get(rule, "none"), {"none": "nothing", **labels(RULES)}, menu=True)
    return found | numbers(start, fold="Start and steps") | clock(OPENING)


def book(rule: str, surface: str) -> Descent:
    """The textbook's descent; where there is no textbook, down a constant slope."""
    return textbook(rule, surface, **SLOPE) if surface == "formula" else textbook(rule, surface)


def spec(values: Values) -> Descent:
    formula, sliders = getattr(values, "formula", ""), hyper(OPTIMIZERS[values.rule], values)
    return Descent(values.surface, (), formula, values.x0, values.y0, values.rule, values.lr, sliders, steps=values.steps)


def settings(start: Descent) -> Given:
    """Those of a descent: what is not named is the textbook's."""
    names = ("surface", "formula", "lr", *WHERE)
    return {"rule": start.optimizer, **{name: getattr(start, name) for name in names if getattr(start, name) != ""}}
