"""A run is a set of experiments that trains in the background, once for all who ask for it.

The pool has a worker process per core. A run's groups are spread over the workers; as many runs as there are workers are
active at a time and take turns, the others queue. A run that nobody has looked at for a while stops.
"""

import multiprocessing
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.compare import History, empty, split
from engine.experiments import Experiment
from pages.kit.worker import STOP, serve

State = Literal["queued", "running", "done", "cancelled", "failed"]
GRACE = 90.0  # seconds without a look: hidden tabs throttle their timers
KEPT = 50  # finished runs
ENDED = ("done", "cancelled", "failed")


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


class Run:
    """Shared by everybody who asked for the same experiments."""

    def __init__(self, experiments: tuple[Experiment, ...], pool: "Pool") -> None:
        self.experiments, self.pool = experiments, pool
        self.histories = [empty(spec) for spec in experiments]
        self.groups = deque(split(experiments))
        self.left = len(self.groups)
        self.state: State = "queued" if self.groups else "done"
        self.note = ""
        self.seen = time.monotonic()
        self.started = self.ended = 0.0
        self.retried = False

    def look(self) -> Snapshot:
        """The run as it is now; to look is what keeps it going."""
        with self.pool.changed:
            self.seen = time.monotonic()
            done = sum(len(history.loss) for history in self.histories)
            progress = done / sum(spec.steps for spec in self.experiments) if self.experiments else 1.0
            elapsed = ((self.ended or time.monotonic()) - self.started) if self.started else 0.0
            remaining = elapsed * (1 - progress) / progress if self.state == "running" and progress else None
            place = self.pool.place(self)
            return Snapshot(self.state, list(self.histories), place, progress, elapsed, remaining, self.note)

    def cancel(self) -> None:
        """Stop between two steps, for everybody."""
        with self.pool.changed:
            self._end("cancelled", "The run was cancelled.")

    def _end(self, state: State, note: str = "") -> None:
        if self.state not in ENDED:
            self.state, self.note, self.ended = state, note or self.note, time.monotonic()
            self.groups.clear()
            self.pool.changed.notify_all()


class Pool:
    """The workers, the queue and the finished runs. One lock guards it all; `changed` wakes whoever waits for it."""

    def __init__(self, workers: int, grace: float = GRACE, kept: int = KEPT) -> None:
        self.grace, self.kept, self.workers = grace, kept, workers
        self.changed = threading.Condition()
        self.waiting: deque[Run] = deque()  # queued and running, the next to be given a worker first
        self.runs: OrderedDict[tuple[Experiment, ...], Run] = OrderedDict()
        self.closed = False
        self.threads = [threading.Thread(target=self._drive, daemon=True) for _ in range(workers)]
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
            for old in [k for k, r in self.runs.items() if r.state in ENDED][: max(0, len(self.runs) - self.kept)]:
                del self.runs[old]
            return run

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

    def _next(self) -> tuple[Run, list[int]] | None:
        """Wait for a group to train: active runs take turns, and a queued one becomes active when there is room."""
        with self.changed:
            while not self.closed:
                self.waiting = deque(run for run in self.waiting if run.groups)
                active = [run for run in self.runs.values() if run.state == "running"]
                for run in list(self.waiting):
                    if time.monotonic() - run.seen > self.grace:
                        run._end("cancelled", "The run stopped because nobody was watching.")
                    elif run.state == "running" or len(active) < self.workers:
                        if run.state == "queued":
                            run.state, run.started = "running", time.monotonic()
                        self.waiting.remove(run)
                        group = run.groups.popleft()
                        if run.groups:
                            self.waiting.append(run)
                        return run, group
                self.changed.wait(timeout=1.0)
        return None

    def _drive(self) -> None:
        """One thread a worker process: give it groups, take what it sends, replace it when it dies."""
        context = multiprocessing.get_context("spawn")
        process = pipe = None
        while (task := self._next()) is not None:
            run, group = task
            if process is None or not process.is_alive():
                pipe, far_end = context.Pipe()
                process = context.Process(target=serve, args=(far_end,), daemon=True)
                process.start()
                far_end.close()
            try:
                self._follow(run, group, pipe)
            except (EOFError, OSError):
                process.join(timeout=5)
                process = None
                self._mourn(run, group)
        if process is not None and process.is_alive():
            process.terminate()
            process.join()

    def _follow(self, run: Run, group: list[int], pipe) -> None:
        pipe.send([run.experiments[place] for place in group])
        told = False
        while True:
            while not pipe.poll(0.1):
                told = self._stop_if_over(run, pipe, told)
            kind, news = pipe.recv()
            with self.changed:
                if kind == "grown" and run.state == "running":
                    for place, grown in zip(group, news, strict=True):
                        run.histories[place] = grown
                elif kind == "error":
                    run._end("failed", news)
                    return
                elif kind == "done":
                    run.left -= 1
                    if run.left == 0:
                        run._end("done")
                    return
            told = self._stop_if_over(run, pipe, told)

    def _stop_if_over(self, run: Run, pipe, told: bool) -> bool:
        with self.changed:
            if run.state == "running" and time.monotonic() - run.seen > self.grace:
                run._end("cancelled", "The run stopped because nobody was watching.")
            over = run.state != "running"
        if over and not told:
            pipe.send(STOP)
        return over

    def _mourn(self, run: Run, group: list[int]) -> None:
        """A worker died: its group starts again on a new one, once."""
        with self.changed:
            if run.state != "running":
                return
            if run.retried:
                run._end("failed", "A worker process died twice, so the run was given up.")
                return
            run.retried = True
            run.note = "A worker process died and was replaced; its part of the run started again."
            run.groups.appendleft(group)
            if run not in self.waiting:
                self.waiting.appendleft(run)
            self.changed.notify_all()
