"""Starts are the ways to draw first weights that the labs of this topic compare; each has one color on every picture."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

from engine.experiments import Experiment
from engine.initializers import INITIALIZERS
from pages.kit.controls import Choice
from pages.kit.language import tr


class Start(NamedTuple):
    label: str
    initializer: str
    scale: float


STARTS = {
    "std-1": Start("std 1", "normal", 1.0),
    "std-0.01": Start("std 0.01", "normal", 0.01),
    **{
        name: Start(entry.label, name, 1.0)
        for name, entry in INITIALIZERS.items()
        if name not in ("zeros", "constant", "normal")
    },
    "misprint": Start("2/√n, a misprint", "xavier", 2.0),
    "constant": Start("all 0.01", "constant", 0.01),
}
LABELS = {key: start.label for key, start in STARTS.items()}
EVERYONE = tuple(LABELS.values())


def spoken() -> tuple[str, ...]:
    """Everyone, as a picture names them."""
    return tuple(map(tr, EVERYONE))


def menu(most: int, default: tuple[str, ...] = ("std-0.01", "xavier", "he")) -> Choice:
    return Choice(f"First weights, at most {most}", default, LABELS)


def picked(chosen: Collection[str], most: int) -> list[str]:
    """The chosen starts in order; ValueError if there is none, or more than `most`."""
    if not 1 <= len(chosen) <= most:
        raise ValueError(tr("choose one to {most} ways to draw the first weights, not {n}", most=most, n=len(chosen)))
    return [key for key in STARTS if key in chosen]


def code(starts: Iterable[str]) -> list[Callable]:
    """The functions that draw the weights of these starts."""
    return list(dict.fromkeys(INITIALIZERS[STARTS[key].initializer].function for key in starts))


def begun(spec: Experiment, key: str) -> Experiment:
    """The experiment with the first weights of a start."""
    return replace(spec, initializer=STARTS[key].initializer, init_scale=STARTS[key].scale)


def key_of(spec: Experiment) -> str:
    """The start that an experiment has begun with."""
    return next(key for key, start in STARTS.items() if start[1:] == (spec.initializer, spec.init_scale))


def label(spec: Experiment) -> str:
    return LABELS[key_of(spec)]
