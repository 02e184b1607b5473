"""A spread is what a lab answers to its question with other seeds: what one run cannot say. A lab that trains several seeds by
itself says it in its own sentence.
"""

from collections import Counter
from contextlib import suppress
from types import SimpleNamespace

from engine.experiments import Experiment, work
from pages.kit import compute
from pages.kit.controls import Values
from pages.kit.lab import Lab

SEEDS = 5
MOST = 2e12  # multiply-adds of all of them, about forty seconds of two cores


def asked(lab: Lab, values: Values) -> list[list[Experiment]]:
    """Seed by seed what a lab trains; nothing if it has no seed to set, or this cannot be, or takes too long for an aside."""
    if lab.find or not hasattr(values, "seed"):
        return []
    with suppress(ValueError):
        found = [lab.asked(SimpleNamespace(**vars(values) | {"seed": seed})) for seed in range(SEEDS)]
        if sum(work(spec) for specs in found for spec in specs) < MOST:
            return found
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
