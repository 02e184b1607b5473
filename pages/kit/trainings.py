"""A training is one experiment and how far it has come: each distinct experiment has one, whoever asks for it."""

import itertools
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.compare import History, empty
from engine.experiments import Experiment, work

KEPT = 1000  # trainings that nobody waits for
MEMORY = 300e6  # bytes of them
TICKS = itertools.count(1)  # also names a group to its worker


@dataclass(eq=False)
class Group:
    """Trainings in lockstep on one worker; `last` is the tick of its last turn, `deaths` counts the workers it cost."""

    trainings: "list[Training]"
    worker: int | None = None
    last: int = 0
    deaths: int = 0
    name: int = field(default_factory=lambda: next(TICKS))


class Training:
    """Its history so far, the seconds it took, when it began and ended, and the group it trains in while it does."""

    def __init__(self, spec: Experiment) -> None:
        self.spec, self.work = spec, work(spec)
        self.group: Group | None = None
        self.restart()

    @property
    def done(self) -> bool:
        return len(self.history.loss) == self.spec.steps

    def restart(self) -> None:
        self.history, self.seconds, self.bytes = empty(self.spec), 0.0, 0
        self.started = self.ended = 0.0

    def begin(self, group: Group) -> None:
        self.restart()
        self.group, self.started = group, time.monotonic()

    def recall(self, history: History, seconds: float) -> None:
        """It was trained before, and kept."""
        self.restart()
        self.history, self.seconds, self.bytes = history, seconds, size(history)

    def end(self) -> None:
        self.group, self.ended = None, time.monotonic()

    def take(self, grown: History, seconds: float) -> None:
        """What a turn has shown: everything so far, but of the probes and weights only those that are new."""
        known = self.history
        self.history = replace(grown, probes=known.probes | grown.probes, weights=known.weights | grown.weights)
        self.seconds += seconds
        if grown.probes or grown.weights or self.done:
            self.bytes = size(self.history)


def size(history: History) -> int:
    """Bytes of what a network has shown, the largest parts."""
    probes = [array for layers in history.probes.values() for layer in layers for array in layer.values()]
    weights = [kept.theta for kept in history.weights.values()]
    return sum(array.nbytes for array in (history.loss, *probes, *weights))


def duration(trainings: Iterable[Training]) -> float:
    """Seconds in which at least one of them was in training."""
    total, until, now = 0.0, 0.0, time.monotonic()
    for training in sorted(trainings, key=lambda training: training.started):
        if training.started:
            end = training.ended or now
            total += max(0.0, end - max(until, training.started))
            until = max(until, end)
    return total


class Trainings:
    """All trainings there are; what was asked for last stays longest."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self.all: OrderedDict[Experiment, Training] = OrderedDict()

    def of(self, spec: Experiment) -> Training:
        """The training of an experiment, which may not have begun."""
        if spec not in self.all:
            self.all[spec] = Training(spec)
        self.all.move_to_end(spec)
        return self.all[spec]

    def done(self, specs: Iterable[Experiment]) -> bool:
        """Whether all of these are known to their ends."""
        return all(spec in self.all and self.all[spec].done for spec in specs)

    def forget(self, wanted: set[Training]) -> set[Training]:
        """Let the oldest go while there are too many, or too large; those that are wanted stay."""
        free = [training for training in self.all.values() if training not in wanted]
        count, total, gone = len(free), sum(training.bytes for training in free), set()
        for training in free:
            if count > self.kept or total > MEMORY:
                del self.all[training.spec]
                gone.add(training)
                count, total = count - 1, total - training.bytes
        return gone
