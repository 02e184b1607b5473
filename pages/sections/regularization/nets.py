"""Nets are the networks this page compares: the plain one, the one with weight decay and those with dropout."""

from collections.abc import Iterable
from dataclasses import replace

from engine.compare import History
from engine.experiments import PRESETS, Experiment, parameters

PLAIN, DECAYED = PRESETS["R2"]
INVERTED, BOOK = PRESETS["R3"]
NETS = {
    "plain": "Plain",
    "decay": "Weight decay",
    "book": "Dropout, scaled in testing",
    "inverted": "Dropout, scaled in training",
}


def net(kind: str, base: Experiment, decay: float, rate: float) -> Experiment:
    """The network of that kind, in all else like `base`."""
    changes = {
        "plain": {},
        "decay": {"weight_decay": decay},
        "book": {"dropout": rate, "dropout_mode": "book"},
        "inverted": {"dropout": rate, "dropout_mode": "inverted"},
    }
    return replace(base, **changes[kind])


def seeded(specs: Iterable[Experiment], seeds: int) -> list[Experiment]:
    """Every spec with each of the seeds 0, 1, …, seed by seed."""
    specs = list(specs)
    return [replace(spec, seed=seed) for seed in range(seeds) for spec in specs]


def finished(histories: Iterable[History]) -> bool:
    return all(len(history.loss) == history.experiment.steps for history in histories)


def seeds_of(count: int) -> str:
    return f"mean of {count} seeds" if count > 1 else "one seed"


def shape(spec: Experiment) -> str:
    """784-100×6-10, with the number of its parameters.

    >>> from engine.experiments import mnist
    >>> shape(mnist(hidden=(100,) * 6))
    '784-100×6-10, 130,010 parameters'
    """
    inside = f"{spec.hidden[0]}×{len(spec.hidden)}-" if spec.hidden else ""
    return f"784-{inside}10, {parameters(spec):,} parameters"
