"""A run is a set of experiments that trains in the background, once for all who ask for it.

The pool has a worker process per core. As many runs as there are workers are active at a time, the others queue. A worker
gives each active run a short turn after the other, and within a run each of its groups, so that all pictures move at once.
A group stays with the worker that began it. A run that nobody has looked at for a while stops.
"""

import itertools
import multiprocessing
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.compare import History, empty, split
from engine.experiments import Experiment
from pages.kit.worker import serve

State = Literal["queued", "running", "done", "cancelled", "failed"]
GRACE = 90.0  # seconds without a look: hidden tabs throttle their timers
RECENT = 10.0  # seconds
KEPT = 50  # finished runs
MEMORY = 300e6  # bytes of them
ENDED = ("done", "cancelled", "failed")
TICKS = itertools.count(1)  # also names a group to its worker


@dataclass(frozen=True)
class Snapshot:
    """A run as it is now. `place` counts the runs to be done before it; times are in seconds, on this server."""

    state: State
    histories: list[History]
    place: int
    progress: float
    elapsed: float
    remaining: float | None
    note: str
    others: int
    """Visitors who watch it beside the one who looks."""


@dataclass(eq=False)
class Group:
    """Places in a run's experiments that train in lockstep on one worker; `last` is the tick of its last turn."""

    places: list[int]
    worker: int | None = None
    last: int = 0
    name: int = field(default_factory=lambda: next(TICKS))


class Run:
    """Shared by everybody who asked for the same experiments."""

    def __init__(self, experiments: tuple[Experiment, ...], pool: "Pool") -> None:
        self.experiments, self.pool = experiments, pool
        self.histories = [empty(spec) for spec in experiments]
        self.seconds = [0.0 for _ in experiments]  # of training, each
        self.groups = [Group(places) for places in split(experiments)]
        self.last: dict[int, int] = {}  # worker → tick of its last turn
        self.state: State = "queued" if self.groups else "done"
        self.note = ""
        self.seen = time.monotonic()
        self.watching: dict[str, float] = {}  # visitor → time of the last look
        self.started = self.ended = 0.0
        self.retried = False

    def look(self, wait: float = 0.0, visitor: str = "") -> Snapshot:
        """The run as it is now, or as soon as there is something to see, `wait` seconds at most; looking keeps it going."""
        with self.pool.changed:
            self.pool.changed.wait_for(lambda: self.state != "running" or any(len(h.loss) for h in self.histories), wait)
            self.seen = self.watching[visitor] = time.monotonic()
            done = sum(len(history.loss) for history in self.histories)
            progress = done / sum(spec.steps for spec in self.experiments) if self.experiments else 1.0
            elapsed = ((self.ended or time.monotonic()) - self.started) if self.started else 0.0
            remaining = elapsed * (1 - progress) / progress if self.state == "running" and progress else None
            place = self.pool.place(self)
            others = len(self.watchers() - {visitor})
            return Snapshot(self.state, list(self.histories), place, progress, elapsed, remaining, self.note, others)

    def watchers(self) -> set[str]:
        """Who has looked within the last few seconds."""
        with self.pool.changed:
            self.watching = {visitor: seen for visitor, seen in self.watching.items() if time.monotonic() - seen < RECENT}
            return set(self.watching)

    def cancel(self, visitor: str = "") -> None:
        """Stop between two steps, unless somebody else is watching."""
        with self.pool.changed:
            if not self.watchers() - {visitor}:
                self._end("cancelled", "The run was cancelled.")

    def size(self) -> int:
        """Bytes of what networks have shown, the largest parts: probes and weights."""
        probes = [array for h in self.histories for layers in h.probes.values() for layer in layers for array in layer.values()]
        weights = [kept.theta for h in self.histories for kept in h.weights.values()]
        return sum(array.nbytes for array in (*probes, *weights))

    def _end(self, state: State, note: str = "") -> None:
        if self.state not in ENDED:
            self.state, self.note, self.ended = state, note or self.note, time.monotonic()
            self.groups.clear()
            self.pool.changed.notify_all()

    def _abandoned(self) -> bool:
        return time.monotonic() - self.seen > self.pool.grace


def _start():
    """A worker process and the pipe to it."""
    context = multiprocessing.get_context("spawn")
    pipe, far_end = context.Pipe()
    process = context.Process(target=serve, args=(far_end,), daemon=True)
    process.start()
    far_end.close()
    return process, pipe


class Pool:
    """The workers, the queue and the finished runs. One lock guards it all; `changed` wakes whoever waits for it."""

    def __init__(self, workers: int, grace: float = GRACE, kept: int = KEPT) -> None:
        self.grace, self.kept, self.workers = grace, kept, workers
        self.changed = threading.Condition()
        self.waiting: list[Run] = []  # in the order they came
        self.active: list[Run] = []
        self.runs: OrderedDict[tuple[Experiment, ...], Run] = OrderedDict()
        self.closed = False
        self.threads = [threading.Thread(target=self._drive, args=(worker,), daemon=True) for worker in range(workers)]
        for thread in self.threads:
            thread.start()

    def run(self, experiments: Sequence[Experiment]) -> Run:
        """The run of these experiments: the one there is, unless it failed or was stopped, else a new one."""
        key = tuple(experiments)
        with self.changed:
            run = self.runs.get(key)
            if run is None or run.state in ("cancelled", "failed"):
                run = self.runs[key] = Run(key, self)
                self.waiting.append(run)
                self.changed.notify_all()
            run.seen = time.monotonic()
            self.runs.move_to_end(key)
            self._forget()
            return run

    def _forget(self) -> None:
        """Let the oldest of the ended runs go while there are too many, or too large."""
        sizes = {key: run.size() for key, run in self.runs.items() if run.state in ENDED}
        for key, size in list(sizes.items()):
            if len(self.runs) > self.kept or sum(sizes.values()) > MEMORY:
                del self.runs[key]
                sizes.pop(key, size)

    def find(self, experiments: Sequence[Experiment]) -> Run | None:
        """The run of these experiments, if somebody has asked for it already; to find it keeps it."""
        key = tuple(experiments)
        with self.changed:
            if key in self.runs:
                self.runs.move_to_end(key)
            return self.runs.get(key)

    def watchers(self) -> int:
        """Visitors who have looked at a run that has not ended, within the last few seconds."""
        with self.changed:
            return len(set().union(*(run.watchers() for run in (*self.active, *self.waiting))))

    def place(self, run: Run) -> int:
        queued = [other for other in self.waiting if other.state == "queued"]
        return queued.index(run) if run in queued else 0

    def close(self) -> None:
        """End all workers."""
        with self.changed:
            self.closed = True
            for run in list(self.runs.values()):
                run._end("cancelled", "The server is closing.")
            self.changed.notify_all()
        for thread in self.threads:
            thread.join()

    def _next(self, worker: int) -> tuple[Run, Group, list[int]] | None:
        """Wait for a turn to give: the run and then its group that this worker has served least recently; with it the names
        of all groups that are still this worker's."""
        with self.changed:
            while not self.closed:
                self._admit()
                mine = [
                    (run.last.get(worker, 0), group.last, place, run, group)
                    for place, run in enumerate(self.active)
                    for group in run.groups
                    if group.worker in (None, worker)
                ]
                if mine:
                    *_, run, group = min(mine, key=lambda turn: turn[:3])
                    group.worker = worker
                    group.last = run.last[worker] = next(TICKS)
                    return run, group, [g.name for *_, g in mine if g.worker == worker]
                self.changed.wait(timeout=1.0)
        return None

    def _admit(self) -> None:
        """Let go of what is over or unwatched, and of the queue as many in as there is room for."""
        for run in (*self.active, *self.waiting):
            if run._abandoned():
                run._end("cancelled", "The run stopped because nobody was watching.")
        self.active = [run for run in self.active if run.state == "running"]
        self.waiting = [run for run in self.waiting if run.state == "queued"]
        while self.waiting and len(self.active) < self.workers:
            run = self.waiting.pop(0)
            run.state, run.started = "running", time.monotonic()
            self.active.append(run)
            self.changed.notify_all()

    def _drive(self, worker: int) -> None:
        """One thread a worker process: give it turns, take what it sends, replace it when it dies."""
        process, pipe = _start()
        while (turn := self._next(worker)) is not None:
            run, group, held = turn
            if not process.is_alive():
                pipe.close()
                process, pipe = _start()
                self._mourn(worker)
                continue
            try:
                pipe.send((group.name, [run.experiments[place] for place in group.places], held))
                kind, news = pipe.recv()
            except (EOFError, OSError):
                process.join(timeout=5)
                self._mourn(worker, run)
            else:
                self._take(run, group, kind, news)
        process.terminate()
        process.join()

    def _take(self, run: Run, group: Group, kind: str, news) -> None:
        """What a worker sent after a turn: histories with the probes and weights that are new, or a sentence."""
        with self.changed:
            if run.state != "running":
                return
            if kind == "error":
                run._end("failed", news)
                return
            found, seconds = news
            for place, grown in zip(group.places, found, strict=True):
                run.seconds[place] += seconds / len(group.places)
                known = run.histories[place]
                run.histories[place] = replace(grown, probes=known.probes | grown.probes, weights=known.weights | grown.weights)
            self.changed.notify_all()
            if kind == "done":
                run.groups.remove(group)
                if not run.groups:
                    run._end("done")

    def _mourn(self, worker: int, suspect: Run | None = None) -> None:
        """A worker died: its groups start again on a new one; the run it was busy with, once."""
        with self.changed:
            for run in self.active:
                for group in run.groups:
                    if group.worker == worker:
                        group.worker, group.last = None, 0
                        run.note = "A worker process died and was replaced; its part of the run started again."
            if suspect and suspect.retried:
                suspect._end("failed", "A worker process died twice, so the run was given up.")
            if suspect:
                suspect.retried = True
            self.changed.notify_all()
