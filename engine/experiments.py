"""An experiment is a flat, frozen spec of plain values; a preset is a list of them under the ID of the textbook figure.

This is the door to both: what a field is stands in `fields`, the specs in `specs`, the textbook's settings in `presets`.
"""

from engine.fields import Hyper, Spec, rounded
from engine.presets import CLASSICS, PRESETS, SCALES, STEPS_AND_RATES, mnist, textbook
from engine.specs import SURFACES, Descent, Experiment, memory, parameters, sizes, work

__all__ = [
    "CLASSICS",
    "PRESETS",
    "SCALES",
    "STEPS_AND_RATES",
    "SURFACES",
    "Descent",
    "Experiment",
    "Hyper",
    "Spec",
    "memory",
    "mnist",
    "parameters",
    "rounded",
    "sizes",
    "textbook",
    "work",
]
