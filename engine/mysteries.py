"""A mystery is a network with a hidden fault, and its healthy twin; the same case is the same mystery for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from engine.bugs import BUGS
from engine.experiments import Experiment, mnist
from engine.faults import FAULTS, LOOKS, RATES, Fault

LAST = 9999  # case
CATALOGUE: Mapping[str, Fault] = {
    **FAULTS,
    "pixels not scaled": lambda spec: replace(spec, bug="pixels"),
    "zero weights": lambda spec: replace(spec, bug="zeros"),
}
NETS = (
    {"hidden": (100,) * 3},
    {"hidden": (50,) * 5},
    {"hidden": (80,) * 4, "activation": "leaky_relu"},
    {"hidden": (60,) * 4, "activation": "tanh", "initializer": "xavier"},
)


@dataclass(frozen=True)
class Mystery:
    fault: str
    """Of CATALOGUE."""
    hidden: Experiment
    twin: Experiment
    """The same without the fault, of the next seed, so that a healthy one too is told from its twin."""


def mystery(case: int) -> Mystery:
    """All faults are as likely; the network, its rule and its seed vary. ValueError if there is no such case."""
    if not 1 <= case <= LAST:
        raise ValueError(f"cases are numbered from 1 to {LAST}, not {case}")
    rng = np.random.default_rng([case, 13])
    fault = str(rng.choice(list(CATALOGUE)))
    while True:
        net, rule = NETS[rng.integers(len(NETS))], str(rng.choice(list(RATES)))
        seed = int(rng.integers(9999))
        healthy = mnist(**LOOKS, **net, optimizer=rule, lr=RATES[rule], seed=seed)
        if (hidden := CATALOGUE[fault](healthy)) is not None:
            return Mystery(fault, hidden, replace(healthy, seed=seed + 1))


def truth(hidden: Experiment, twin: Experiment) -> str:
    """The fault by which the hidden one differs from its twin."""
    healthy = replace(twin, seed=hidden.seed)
    return next(name for name, fault in CATALOGUE.items() if fault(healthy) == hidden)


def differences(hidden: Experiment, twin: Experiment) -> dict[str, tuple[Any, Any]]:
    """Field → its value in the healthy twin and in the hidden one, where they differ in more than the seed."""
    names = [field.name for field in fields(Experiment) if field.name != "seed"]
    pairs = {name: (getattr(twin, name), getattr(hidden, name)) for name in names}
    return {name: (healthy, own) for name, (healthy, own) in pairs.items() if healthy != own}


def examples(spec: Experiment, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first inputs (count, features) and labels (count,) that the network really learns from."""
    data = BUGS[spec.bug].data(spec.data())
    return data.x_train[:count], data.y_train[:count]
