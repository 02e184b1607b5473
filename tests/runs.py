"""A run is trained once a session, for all tests of a worker that ask for it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.compare import History, compare
from engine.experiments import PRESETS, Experiment

KEPT: dict[Experiment, History] = {}


def trained(experiments: Sequence[Experiment]) -> list[History]:
    """The histories in the order of the experiments; those that are not known yet train side by side."""
    missing = [spec for spec in dict.fromkeys(experiments) if spec not in KEPT]
    KEPT.update(zip(missing, compare(missing), strict=True))
    return [KEPT[spec] for spec in experiments]


def medians(experiments: Sequence[Experiment], number: Callable, seeds: int) -> np.ndarray:
    """For each experiment the median over seeds of what `number` says of its history: a number, or several."""
    histories = trained([replace(spec, seed=seed) for seed in range(seeds) for spec in experiments])
    found = np.array([number(history) for history in histories])
    return np.median(found.reshape(seeds, len(experiments), *found.shape[1:]), axis=0)


def preset(name: str, **changes) -> list[Experiment]:
    """The specs of a preset, each with the changes."""
    return [replace(spec, **changes) for spec in PRESETS[name]]


def ends(name: str, **changes) -> list[Experiment]:
    """The specs of a preset, evaluated after the first and the last of their evaluations only: training is the same."""
    return [replace(s, **{"eval_every": (s.steps - 1) // s.eval_every * s.eval_every, **changes}) for s in PRESETS[name]]
