"""A pool has a worker process per core, the runs they train, the queue of those that wait, and all trainings known.

Turns. A worker gives each active run a short turn after the other, and within a run each of its groups, so that all pictures
move at once. A group stays with the worker that began it; two runs that share experiments share their groups. Of a run with
many groups a worker begins the next when one of the HELD that it has begun has ended: each holds its images in memory.

Admission. As many runs as there are workers are active at a time, and beside them as many short ones, which cost less than
SHORT: so neither long runs shut short ones out, nor a stream of short ones the long. Of those that wait for the same kind of
place, the next is the one that would be done first, had each begun alone when it came: the least arrival + cost / RATE. So a
run of cost c is overtaken by cheaper ones, but only by those that come within its first c / RATE seconds: none starves.
A visitor has at most LIVE active runs; the next waits, unless an earlier one that nobody looks at any more can be ended.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence

from engine.compare import History, split
from engine.experiments import Experiment
from pages.kit.driver import PATIENCE, Driver, start
from pages.kit.far import Cluster, Far
from pages.kit.keeper import Keeper
from pages.kit.language import N_
from pages.kit.log import LOG
from pages.kit.runs import ENDED, RECENT, Run, State
from pages.kit.trainings import KEPT, TICKS, Group, Training, Trainings

GRACE, QUEUED = 90.0, 30.0  # seconds without a look, in training (hidden tabs throttle their timers) and in the queue
SHORT, RATE = 1e11, 5e10  # multiply-adds: of a short run, two or three seconds, and of all workers in a second
LIVE = 2  # active runs a visitor
LIVES, FAR_LIVES = 2, 5  # workers that a group may cost; those of a cluster come and go
HELD = 24  # groups of a run that a worker has begun and not ended


class Pool:
    """One lock guards it all; `changed` wakes whoever waits for it."""

    def __init__(
        self,
        workers: int,
        grace: float = GRACE,
        queued: float = QUEUED,
        kept: int = KEPT,
        patience: float = PATIENCE,
        keeper: Keeper | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        self.grace, self.queued, self.patience, self.keeper, self.cluster = grace, queued, patience, keeper, cluster
        self.cores = workers
        self.workers = 0 if cluster else workers  # places to train
        self.changed, self.over = threading.Condition(), threading.Event()
        self.trainings = Trainings(kept)
        self.runs: OrderedDict[tuple[Experiment, ...], Run] = OrderedDict()
        self.waiting: list[Run] = []  # in the order they came
        self.active: list[Run] = []
        self.groups: list[Group] = []
        self.drivers: list[Driver] = []
        self._man()
        threading.Thread(target=self._watch, daemon=True).start()

    def run(self, experiments: Sequence[Experiment], visitor: str = "") -> Run:
        """The run of these experiments: the one there is, unless it failed or was stopped, else a new one that trains what
        is not yet known."""
        self._recall(experiments, again=True)
        with self.changed:
            run = self._find(experiments)
            if run is None or run.state in ("cancelled", "failed"):
                run = self.runs[tuple(experiments)] = Run(experiments, self)
                self._enqueue(run)
            if visitor:
                run.askers.add(visitor)
            run.seen = time.monotonic()
            self._forget()
            return run

    def find(self, experiments: Sequence[Experiment]) -> Run | None:
        """The run of these experiments, if somebody has asked for it already, or for all of them in other runs; to find it
        keeps it."""
        self._recall(experiments)
        with self.changed:
            return self._find(experiments)

    def known(self, spec: Experiment) -> History | None:
        """The history of a training that has come to its end, if there is one; to look at it keeps it."""
        self._recall([spec])
        with self.changed:
            return self.trainings.of(spec).history if self.trainings.done([spec]) else None

    def extend(self, run: Run, experiments: Sequence[Experiment]) -> None:
        """See `Run.extend`."""
        with self.changed:
            new = [spec for spec in dict.fromkeys(experiments) if spec not in run.experiments]
            if run.state in ("cancelled", "failed") or not new:
                return
            if self.runs.get(run.experiments) is run:
                del self.runs[run.experiments]
            run.trainings += [self.trainings.of(spec) for spec in new]
            self.runs[run.experiments] = run
            run.short = run.short and run.cost < SHORT
            if run.state == "running":
                self._form(run)
            elif run.state == "done" and not run.complete:
                run.state = "queued"
                self._enqueue(run)
            self._forget()
            self.changed.notify_all()

    def end(self, run: Run, state: State, note: str = "") -> None:
        """End a run if it has not ended; its trainings that no other run wants stop."""
        with self.changed:
            if run.state in ENDED:
                return
            run.state, run.note = state, note or run.note
            wanted = self._wanted()
            for group in list(self.groups):
                if not wanted.intersection(group.trainings):
                    self._dissolve(group)
            self.changed.notify_all()

    def watchers(self) -> int:
        """Visitors who have looked at a run that has not ended, within the last few seconds."""
        with self.changed:
            return len(set().union(*(run.watchers() for run in self._live())))

    def place(self, run: Run) -> int:
        """How many of the queue are to begin before this run."""
        rivals = [other for other in self.waiting if other.state == "queued" and other.short == run.short]
        return sorted(rivals, key=self._due).index(run) if run in rivals else 0

    def excuse(self, run: Run) -> str:
        """Why a run does not go on as it should, empty if it does."""
        if run.state == "queued" and self._held(run):
            return N_("{a} of your runs are training: this one waits for one of them to end.").format(a=LIVE)
        if run.state not in ENDED and any(driver.failing for driver in self.drivers):
            return N_("A worker process could not be started; the server tries again.")
        return self.cluster.excuse if self.cluster and run.state not in ENDED else ""

    @property
    def where(self) -> str:
        """It trains now."""
        return N_("on the cluster") if self.cluster and self.cluster.places else N_("on this server")

    def close(self) -> None:
        """End all workers, stopped ones too."""
        with self.changed:
            self.over.set()
            for run in self._live():
                self.end(run, "cancelled", N_("The server is closing."))
            self.changed.notify_all()
        for driver in self.drivers:
            driver.kill()
        for driver in self.drivers:
            driver.join(timeout=10)
        if self.cluster:
            self.cluster.close()
        if self.keeper:
            self.keeper.close()

    def _find(self, experiments: Sequence[Experiment]) -> Run | None:
        key = tuple(experiments)
        run = self.runs.get(key)
        if (run is None or run.state in ("cancelled", "failed")) and self.trainings.done(key):
            run = self.runs[key] = Run(key, self)
            self._forget()
        if run is not None and key in self.runs:
            self.runs.move_to_end(key)
            for spec in key:
                self.trainings.of(spec)
        return run

    def _recall(self, experiments: Sequence[Experiment], again: bool = False) -> None:
        """Look in the store for those that are neither known nor in training. Not to be called with the lock held."""
        if not self.keeper or self.over.is_set():
            return
        with self.changed:
            known = self.trainings.all
            idle = [spec for spec in experiments if spec not in known or not (known[spec].done or known[spec].group)]
        found = self.keeper.recall(idle, again) if idle else {}
        if not found:
            return
        with self.changed:
            self._forget()
            for spec, (history, seconds) in found.items():
                training = self.trainings.of(spec)
                if not training.done and not training.group:
                    training.recall(history, seconds)
            self._finish()

    def _live(self) -> list[Run]:
        return [run for run in (*self.active, *self.waiting) if run.state not in ENDED]

    def _wanted(self) -> set[Training]:
        return {training for run in self._live() for training in run.trainings}

    def _forget(self) -> None:
        """Let go of trainings, and of the ended runs that show them or are too many."""
        gone = self.trainings.forget(self._wanted())
        ended = [key for key, run in self.runs.items() if run.state in ENDED]
        for place, key in enumerate(ended):
            if place < len(ended) - self.trainings.kept or gone.intersection(self.runs[key].trainings):
                del self.runs[key]

    def _enqueue(self, run: Run) -> None:
        if run.state == "queued":
            run.arrived, run.short = time.monotonic(), run.cost < SHORT
            self.waiting.append(run)
            self.changed.notify_all()

    def _due(self, run: Run) -> tuple[float, int]:
        return run.arrived + run.cost / RATE, self.waiting.index(run)

    def _held(self, run: Run) -> bool:
        """Whether everybody who asked for it has as many active runs as one may have."""
        return bool(run.askers) and all(sum(who in other.askers for other in self.active) >= LIVE for who in run.askers)

    def _admit(self) -> None:
        """Let go of what is over or unwatched, and of the queue as many in as there is room for."""
        for run in self._live():
            if run.unseen() > (self.grace if run.state == "running" else min(self.queued, self.grace)):
                self.end(run, "cancelled", N_("The run stopped because nobody was watching."))
        self._sweep()
        for run in sorted(self.waiting, key=self._due):
            if run.state != "queued":
                continue
            if self._held(run):
                self._yield(run)
            beside = [other for other in self.active if other.short == run.short]
            if not run.cost or (len(beside) < self.workers and not self._held(run)):
                run.state = "running"
                self.waiting.remove(run)
                self.active.append(run)
                self._form(run)
                self.changed.notify_all()

    def _sweep(self) -> None:
        self.active = [run for run in self.active if run.state == "running"]
        self.waiting = [run for run in self.waiting if run.state == "queued"]

    def _yield(self, run: Run) -> None:
        """End what only its askers asked for before and nobody looks at any more."""
        for other in self._live():
            if other.arrived < run.arrived and other.askers <= run.askers and other.unseen() > RECENT:
                self.end(other, "cancelled", N_("The run stopped in favor of a later one."))
        self._sweep()

    def _form(self, run: Run) -> None:
        """Groups of what is neither known nor in training."""
        missing = list(dict.fromkeys(training for training in run.trainings if not training.done and not training.group))
        for places in split([training.spec for training in missing]):
            group = Group([missing[place] for place in places])
            for training in group.trainings:
                training.begin(group)
            self.groups.append(group)
        self._finish()

    def _dissolve(self, group: Group) -> None:
        self.groups.remove(group)
        for training in group.trainings:
            training.end()

    def _finish(self) -> None:
        for run in self._live():
            if run.complete:
                self.end(run, "done")

    def _wanting(self, group: Group) -> list[Run]:
        return [run for run in self._live() if group in run.groups]

    def fail(self, group: Group, sentence: str) -> None:
        """End the runs that want this group."""
        with self.changed:
            for run in self._wanting(group):
                self.end(run, "failed", sentence)

    def next(self, worker: int) -> tuple[Group, list[int]] | None:
        """Wait for a turn to give: the group least recently served, of the run that this worker has served least recently;
        with it the names of all groups that are still this worker's. None if its process is to go."""
        with self.changed:
            while not self.over.is_set():
                self._admit()
                leaves = self._leaves(worker)
                if leaves and not any(group.worker == worker for group in self.groups):
                    break
                turns = [
                    (run.last.get(worker, 0), group.last, place, group.name, run, group)
                    for place, run in enumerate(self.active)
                    for group in self._open(run, worker, leaves)
                ]
                if turns:
                    *_, run, group = min(turns, key=lambda turn: turn[:4])
                    group.worker = worker
                    group.last = run.last[worker] = next(TICKS)
                    return group, [kept.name for kept in self.groups if kept.worker == worker]
                self.changed.wait(timeout=1.0)
        return None

    def hire(self, worker: int):
        """A process and the pipe to it, of the cluster if it is there; None if there is no place. OSError or MemoryError if it
        cannot be started."""
        if self.cluster and (self.cluster.places or not self.cluster.known.is_set()):
            return self.cluster.hire()
        return start() if worker < self.cores else None

    def _leaves(self, worker: int) -> bool:
        """Whether its process is one of this machine, while the cluster is there again."""
        here = not isinstance(self.drivers[worker].process, Far)
        return here and self.cluster is not None and self.cluster.places > 0

    def _man(self) -> None:
        """A driver for each place that there is now."""
        with self.changed:
            if self.cluster:
                self.workers = self.cluster.places or self.cores * self.cluster.known.is_set()
            while len(self.drivers) < self.workers:
                driver = Driver(self, len(self.drivers), self.patience)
                driver.start()  # RuntimeError if the machine has no thread left
                self.drivers.append(driver)

    def _open(self, run: Run, worker: int, leaves: bool) -> set[Group]:
        """The groups of a run that a worker may serve: those it has begun, and new ones while these are few, and it stays."""
        groups = run.groups
        begun = {group for group in groups if group.worker == worker}
        return begun if leaves or len(begun) >= HELD else begun | {group for group in groups if group.worker is None}

    def _watch(self) -> None:
        """Kill the workers that do not answer; their drivers replace them. Nothing ends it but the end of the pool."""
        while not self.over.wait(min(1.0, self.patience / 4)):
            try:
                for driver in self.drivers:
                    driver.hurry()
                if self.cluster:
                    self._man()
            except Exception:
                LOG.exception("the pool goes on watching after an error")

    def take(self, group: Group, kind: str, news) -> None:
        """What a worker sent after a turn: histories with the probes and weights that are new, or a sentence."""
        with self.changed:
            if group not in self.groups:
                return
            if kind == "error":
                sentence, traceback = news
                LOG.error("a run failed: %s\n%s", sentence, traceback)
                self.fail(group, sentence)
                return
            found, seconds = news
            first = not all(len(training.history.loss) for training in group.trainings)
            for training, grown in zip(group.trainings, found, strict=True):
                training.take(grown, seconds / len(found))
            if kind == "done":
                if self.keeper:
                    for training in group.trainings:
                        self.keeper.keep(training.history, training.seconds)
                self._dissolve(group)
                self._finish()
            if first or kind == "done":  # nobody waits for anything else
                self.changed.notify_all()

    def lost(self, worker: int, suspect: Group | None) -> None:
        """A worker is lost: its groups start again on a new one; the group it was busy with, once."""
        with self.changed:
            for group in self.groups:
                if group.worker == worker:
                    group.worker, group.last = None, 0
                    for run in self._wanting(group):
                        run.note = N_("A worker process died and was replaced; its part of the run started again.")
            if suspect in self.groups:
                suspect.deaths += 1
                lives = FAR_LIVES if self.cluster else LIVES
                if suspect.deaths >= lives:
                    often = N_("A worker process died {a} times, so the run was given up.").format(a=lives)
                    self.fail(suspect, N_("A worker process died twice, so the run was given up.") if lives == LIVES else often)
            self.changed.notify_all()
