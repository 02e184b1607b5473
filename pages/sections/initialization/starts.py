"""Starts are the ways to draw first weights that the sections of this page compare."""

from dataclasses import replace
from typing import NamedTuple

from engine.experiments import Experiment
from engine.initializers import INITIALIZERS


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


def begun(spec: Experiment, key: str) -> Experiment:
    """The experiment with the first weights of a start."""
    return replace(spec, initializer=STARTS[key].initializer, init_scale=STARTS[key].scale)
