"""To compare is to train experiments side by side: equal kinds in lockstep, groups on threads, each result its own.

The history of an experiment does not depend on what it is compared with, nor on the number of workers.
"""

import queue
import threading
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from functools import reduce
from typing import Any, TypeVar

import numpy as np

from engine.network import Weights
from engine.optimizers import OPTIMIZERS
from engine.record import Record
from engine.specs import Experiment, work
from engine.training import train

RIDING = ("lr", "init_scale", "dropout", "weight_decay", "clip")  # numbers: they ride the replica axis
REPLICAS = 4  # networks in lockstep: their parameters then stay in the processor's cache

K = TypeVar("K")


@dataclass(frozen=True)
class History:
    """What an experiment has shown so far."""

    experiment: Experiment
    loss: np.ndarray
    """(steps so far,): before each update, penalty included."""
    train_accuracy: np.ndarray
    """(evaluations,), after the updates `measured_at`; empty if not asked for."""
    test_accuracy: np.ndarray
    diverged: int | None
    """The first step whose loss is not finite."""
    probes: dict[int, list[dict[str, Any]]]
    """Step → for every hidden layer name → number, array or histogram: see `engine.probes.probe`."""
    weights: dict[int, Weights]
    """Step → weights after its update; `engine.trained.restore` makes a network of them."""
    validation_accuracy: np.ndarray = field(default_factory=lambda: np.empty(0))
    """(evaluations,); empty without validation examples."""
    known: np.ndarray = field(default_factory=lambda: np.empty(0, bool))
    """(test examples,): which are read rightly at the last evaluation; empty if not asked for."""

    @property
    def measured_at(self) -> np.ndarray:
        """(evaluations,): the updates after which accuracies were measured, 1, 1 + eval_every, …"""
        accuracies = (self.train_accuracy, self.test_accuracy, self.validation_accuracy)
        return 1 + self.experiment.eval_every * np.arange(max(map(len, accuracies)))

    @property
    def epochs(self) -> np.ndarray:
        """(evaluations,): the same in epochs: how often as many examples as there are had been drawn."""
        spec = self.experiment
        return self.measured_at * min(spec.batch_size, spec.train_size) / spec.train_size

    @property
    def ended(self) -> bool:
        """Whether all its updates are done."""
        return len(self.loss) == self.experiment.steps

    def last(self, which: str) -> float:
        """The latest accuracy on "train", "test" or "validation" examples; NaN where there is none, and of one that is lost."""
        values = getattr(self, f"{which}_accuracy")
        return float(values[-1]) if len(values) and not self.diverged else np.nan

    def smoothed(self, keep: float) -> np.ndarray:
        """(steps so far,): the mean of the losses up to each step, one that is k steps old weighing keepᵏ, 0 ≤ keep < 1."""
        steps = len(self.loss)
        if not steps:
            return self.loss
        weights = keep ** np.arange(min(steps, int(40 / (1 - keep))))  # those left out are below e⁻⁴⁰
        return np.convolve(self.loss, weights)[:steps] / np.convolve(np.ones(steps), weights)[:steps]


def compare(experiments: Sequence[Experiment], workers: int = 1) -> list[History]:
    """Train all to the end; histories in the order of the experiments."""
    return reduce(lambda _, grown: grown, stream(experiments, workers, every=None), [])


def stream(
    experiments: Sequence[Experiment], workers: int = 1, every: int | None = 10, stop: threading.Event | None = None
) -> Iterator[list[History]]:
    """The histories as they grow: after every `every` steps of some group, and at the end. Close it, or set `stop`, to end
    the training between two steps."""
    stop = stop or threading.Event()
    news: queue.SimpleQueue = queue.SimpleQueue()
    histories = [empty(spec) for spec in experiments]

    def follow(places: list[int]) -> None:
        group = [experiments[place] for place in places]
        for record in train(group):
            if stop.is_set():
                return
            last = record.done == group[0].steps
            if last or (every and record.done % every == 0):
                news.put([(place, history(experiments[place], record, r)) for r, place in enumerate(places)])

    groups = split(experiments)
    with ThreadPoolExecutor(max(1, workers)) as pool:
        try:
            running = [pool.submit(follow, places) for places in groups]
            for done in running:
                done.add_done_callback(lambda _: news.put(None))
            left = len(groups)
            while left:
                message = news.get()
                if message is None:
                    left -= 1
                    continue
                for place, grown in message:
                    histories[place] = grown
                yield list(histories)
            for done in running:
                done.result()
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def grouped(histories: Iterable[History], key: Callable[[Experiment], K]) -> dict[K, list[History]]:
    """What `key` says of an experiment → the histories of which it says so, in their order.

    >>> found = grouped([empty(Experiment(lr=lr)) for lr in (0.1, 1.0, 0.1)], lambda spec: spec.lr)
    >>> {lr: len(own) for lr, own in found.items()}
    {0.1: 2, 1.0: 1}
    """
    found: dict[K, list[History]] = {}
    for each in histories:
        found.setdefault(key(each.experiment), []).append(each)
    return found


def split(experiments: Sequence[Experiment]) -> list[list[int]]:
    """Places of the experiments that differ in riding numbers only, in chunks of at most REPLICAS, the most work first,
    and of equal work the one with the most state."""
    groups: dict[Experiment, list[int]] = {}
    neutral = {f.name: f.default for f in fields(Experiment) if f.name in RIDING}
    for place, spec in enumerate(experiments):
        groups.setdefault(replace(spec, **neutral), []).append(place)
    chunks = [places[i : i + REPLICAS] for places in groups.values() for i in range(0, len(places), REPLICAS)]

    def rank(places: list[int]) -> tuple[float, int]:
        spec = experiments[places[0]]
        return len(places) * work(spec), len(OPTIMIZERS[spec.optimizer].state)

    return sorted(chunks, key=rank, reverse=True)


def empty(spec: Experiment) -> History:
    none = np.empty(0)
    return History(spec, none, none, none, None, {}, {})


def history(spec: Experiment, record: Record, r: int, without: Container[int] = ()) -> History:
    """The part of replica r in a group's record, as it is now; probes and weights of the steps in `without` are left out."""

    def of(accuracies: list[np.ndarray]) -> np.ndarray:
        return np.array([each[r] for each in accuracies])

    probes = {
        t: [{name: replicas[r] for name, replicas in layer.items()} for layer in layers]
        for t, layers in record.probes.items()
        if t not in without
    }
    weights = {t: kept.replica(r) for t, kept in record.weights.items() if t not in without}
    diverged = int(record.diverged[r]) or None
    loss = record.loss[r, : record.done].copy()
    train, test, validation = map(of, (record.train_accuracy, record.test_accuracy, record.validation_accuracy))
    known = np.empty(0, bool) if record.known is None else record.known[r].copy()
    return History(spec, loss, train, test, diverged, probes, weights, validation, known)
