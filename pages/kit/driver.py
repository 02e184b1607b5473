"""A driver is a thread that keeps one worker process at work: it starts it, gives it turns, and replaces it when it is lost.

What can fail is expected to: a process that cannot be started is tried again, later and later; one that dies, or does not
answer, is replaced; any other error is logged. Nothing ends the thread but the end of its pool.
"""

import multiprocessing
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.experiments import work
from pages.kit.language import N_
from pages.kit.log import LOG
from pages.kit.trainings import Group
from pages.kit.worker import serve

if TYPE_CHECKING:
    from pages.kit.pool import Pool

PATIENCE, SLOW = 30.0, 1e9  # seconds for an answer, and multiply-adds a second that the step of a turn may need beside
FIRST = 4  # times the patience for the first turn of a group: the process is new, images have to be loaded
PAUSE, LONGEST = 0.5, 30.0  # seconds before another try to start a process: at first, and at most


class Driver(threading.Thread):
    """`failing` tells that no process could be started at the last try."""

    def __init__(self, pool: "Pool", worker: int, patience: float) -> None:
        super().__init__(daemon=True)
        self.pool, self.worker, self.patience = pool, worker, patience
        self.process = self.pipe = None
        self.failing = False
        self.held: list[int] = []  # names of the groups that the process holds
        self.deadline = float("inf")  # of the answer that is waited for

    def run(self) -> None:
        while not self.pool.over.is_set():
            group = None
            try:
                self.hire()
                if turn := self.pool.next(self.worker):
                    group, held = turn
                    self.turn(group, held)
                else:
                    self.dismiss()
            except Exception:
                LOG.exception("the driver of worker %d goes on after an error", self.worker)
                if group:
                    self.pool.fail(group, N_("Something went wrong on the server; its log says what."))
                self.pool.over.wait(PAUSE)
        self.dismiss()

    def turn(self, group: Group, held: list[int]) -> None:
        """One turn of a group, of those that the worker is to hold."""
        specs = [training.spec for training in group.trainings]
        step = sum(work(replace(spec, steps=1)) for spec in specs)
        self.deadline = time.monotonic() + self.patience * (1 if group.name in self.held else FIRST) + step / SLOW
        self.held = held
        suspect = None  # what kills a process before it has a turn is no group
        try:
            self.pipe.send((group.name, specs, held))
            suspect = group
            answer = self.pipe.recv()
        except (EOFError, OSError) as error:
            self.lose(suspect, type(error).__name__)
        else:
            self.pool.take(group, *answer)
        finally:
            self.deadline = float("inf")

    def hire(self) -> None:
        """See to it that there is a process, however many tries it takes, as soon as there is a place for one."""
        if self.process and not self.process.is_alive():
            self.lose(None, "found dead")
        pause = PAUSE
        while not self.process and not self.pool.over.is_set():
            try:
                if place := self.pool.hire(self.worker):
                    self.process, self.pipe = place
                else:
                    self.pool.over.wait(PAUSE)
            except (OSError, MemoryError) as error:
                LOG.warning("worker %d could not be started, again in %.1f s: %s", self.worker, pause, error)
                self.failing = True
                self.pool.over.wait(pause)
                pause = min(2 * pause, LONGEST)
            else:
                self.failing = False

    def lose(self, suspect: Group | None, why: str) -> None:
        """The process is gone, perhaps because of the group it was busy with."""
        if not self.pool.over.is_set():
            LOG.warning("worker %d was lost: %s", self.worker, why)
            self.pool.lost(self.worker, suspect)
        self.dismiss()

    def dismiss(self) -> None:
        process, pipe = self.process, self.pipe
        self.process = self.pipe = None
        self.held = []
        if process:
            process.kill()
            process.join(timeout=5)
            pipe.close()

    def hurry(self) -> None:
        """Kill the process if its answer is overdue."""
        if time.monotonic() > self.deadline:
            LOG.warning("worker %d does not answer and is killed", self.worker)
            self.kill()

    def kill(self) -> None:
        """End the process, from another thread and even if it is stopped: it holds nothing that would be missed."""
        if process := self.process:
            with suppress(OSError):
                process.kill()


def start():
    """A worker process and the pipe to it; OSError or MemoryError if there is no room for one."""
    context = multiprocessing.get_context("spawn")
    pipe, far_end = context.Pipe()
    try:
        process = context.Process(target=serve, args=(far_end,), daemon=True)
        process.start()
    except BaseException:
        pipe.close()
        raise
    finally:
        far_end.close()
    return process, pipe
