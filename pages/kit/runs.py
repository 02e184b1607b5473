"""A run is a view of some trainings that go on in the background: for all who ask for the same experiments, the same run."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.compare import History
from engine.experiments import Experiment
from pages.kit.language import N_
from pages.kit.trainings import Group, duration

if TYPE_CHECKING:
    from pages.kit.pool import Pool

State = Literal["queued", "running", "done", "cancelled", "failed"]
RECENT = 10.0  # seconds
ENDED = ("done", "cancelled", "failed")


@dataclass(frozen=True)
class Snapshot:
    """A run as it is now. `place` counts the runs to be begun before it; times are in seconds, on this server."""

    state: State
    histories: list[History]
    place: int
    progress: float
    elapsed: float
    """In which some of its networks trained, be it for an earlier run."""
    remaining: float | None
    note: str
    others: int
    """Visitors who watch it beside the one who looks."""


class Run:
    """Watch it with `look()`, which keeps it going; let it grow with `extend()`. Its pool's lock guards it."""

    def __init__(self, experiments: Sequence[Experiment], pool: "Pool") -> None:
        self.pool = pool
        self.trainings = [pool.trainings.of(spec) for spec in experiments]
        self.state: State = "done" if self.complete else "queued"
        self.note = ""
        self.short = False  # whether it takes one of the places for short runs
        self.arrived = self.seen = time.monotonic()
        self.askers: set[str] = set()  # visitors who asked for it, as far as they are known
        self.watching: dict[str, float] = {}  # visitor → time of the last look
        self.last: dict[int, int] = {}  # worker → tick of its last turn

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        return tuple(training.spec for training in self.trainings)

    @property
    def histories(self) -> list[History]:
        return [training.history for training in self.trainings]

    @property
    def seconds(self) -> list[float]:
        """Of training, each."""
        return [training.seconds for training in self.trainings]

    @property
    def complete(self) -> bool:
        return all(training.done for training in self.trainings)

    @property
    def groups(self) -> set[Group]:
        """In which some of its networks train now, for it or for another run."""
        return {training.group for training in self.trainings if training.group}

    @property
    def cost(self) -> float:
        """Multiply-adds of what is neither known nor in training."""
        missing = {training for training in self.trainings if not training.done and not training.group}
        return sum(training.work for training in missing)

    def look(self, wait: float = 0.0, visitor: str = "") -> Snapshot:
        """The run as it is now, or as soon as there is something to see, `wait` seconds at most; looking keeps it going."""
        with self.pool.changed:
            self.pool.changed.wait_for(lambda: self.state != "running" or any(len(h.loss) for h in self.histories), wait)
            self.seen = self.watching[visitor] = time.monotonic()
            done = sum(len(history.loss) for history in self.histories)
            progress = done / sum(spec.steps for spec in self.experiments) if self.trainings else 1.0
            elapsed = duration(self.trainings)
            remaining = elapsed * (1 - progress) / progress if self.state == "running" and progress else None
            place, note = self.pool.place(self), self.note or self.pool.excuse(self)
            others = len(self.watchers() - {visitor})
            return Snapshot(self.state, self.histories, place, progress, elapsed, remaining, note, others)

    def watchers(self) -> set[str]:
        """Who has looked within the last few seconds."""
        with self.pool.changed:
            self.watching = {visitor: seen for visitor, seen in self.watching.items() if time.monotonic() - seen < RECENT}
            return set(self.watching)

    def unseen(self) -> float:
        """Seconds since the last look."""
        return time.monotonic() - self.seen

    def cancel(self, visitor: str = "") -> None:
        """Stop between two steps, unless somebody else is watching; what another run wants as well goes on."""
        with self.pool.changed:
            if not self.watchers() - {visitor}:
                self.pool.end(self, "cancelled", N_("The run was cancelled."))

    def extend(self, experiments: Sequence[Experiment]) -> None:
        """Let it grow by those of the experiments that it does not have; one that was stopped stays so. Everybody who watches
        sees it grow; who asks for what it was gets a run of that."""
        self.pool.extend(self, experiments)
