"""A spread is what a lab answers to its question with other seeds: what one run cannot say. A lab that trains several seeds by
itself says it in its own sentence."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace

from engine.experiments import Experiment
from pages.kit import compute
from pages.kit.controls import Values
from pages.kit.lab import Lab

SEEDS = 5


def asked(lab: Lab, values: Values) -> list[list[Experiment]]:
    """Seed by seed what a lab trains; nothing if it trains nothing, nothing that can be, or several seeds by itself."""
    if lab.find or hasattr(values, "seeds"):
        return []
    with suppress(ValueError):
        specs = lab.asked(values)
        if all(isinstance(spec, Experiment) for spec in specs):
            return [[replace(spec, seed=seed) for spec in specs] for seed in range(SEEDS)]
    return []


def begin(lab: Lab, values: Values) -> None:
    """Train in the background what the lab shows, and then its other seeds, unless it would take the server too long."""
    if lab.find:
        return
    with suppress(ValueError):
        compute.run(lab.asked(values))
        compute.run([spec for specs in asked(lab, values) for spec in specs])


def answers(lab: Lab, values: Values, visitor: str) -> dict[str, int]:
    """Answer → how many of the finished seeds say so, "" of those that cannot tell; to look keeps the others going."""
    seeds = asked(lab, values)
    if seeds and (run := compute.find([spec for specs in seeds for spec in specs])):
        run.look(visitor=visitor)
    runs = [run for specs in seeds if (run := compute.find(specs)) and run.state == "done"]
    verdicts = [lab.verdict(run.histories) for run in runs]
    return dict(Counter(verdict.right for verdict in verdicts if verdict))
