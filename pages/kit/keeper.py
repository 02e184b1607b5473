"""A keeper goes to the store for the pool, so that nobody who waits for a page waits for a disk or a network.

Reads go side by side, and are waited for a moment; while one is late, none is waited for. What came too late for who asked
goes to whoever asks next, for anything. Writes go one after the other.
"""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from engine.compare import History
from engine.experiments import Experiment
from pages.kit.store import Store
from pages.kit.trainings import size

MOMENT = 1.0  # seconds
MISSED = 60.0  # seconds for which what was not there is not asked for again: another server may have trained it
READERS, READS = 8, 1000  # threads, and what may wait: what is more is not looked for
WRITES = 3e8  # bytes that may wait to be written: what is more is not kept
REMEMBERED = 10_000  # experiments that were not there

Kept = tuple[History, float]


class Keeper:
    """`recall` and `keep` never raise, and never take much longer than a moment."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.readers, self.writer = ThreadPoolExecutor(READERS), ThreadPoolExecutor(1)
        self.waiting = 0  # bytes
        self.lock = threading.Lock()
        self.asked: dict[Experiment, Future[Kept | None]] = {}
        self.missed: dict[Experiment, float] = {}
        self.late: set[Future[Kept | None]] = set()  # for which somebody has waited in vain

    def recall(self, specs: Sequence[Experiment], again: bool = False) -> dict[Experiment, Kept]:
        """What is kept of these, as far as it comes in a moment, and of what others asked for and came too late for them.
        `again` asks for what was not there a while ago, too."""
        asked = self._ask(specs, again)
        late = {future for future in self.late if not future.done()}
        self.late = late | wait(asked.values(), 0 if late else MOMENT).not_done
        with self.lock:
            if len(self.missed) > REMEMBERED:
                self.missed.clear()
            came = {spec: future for spec, future in (self.asked | asked).items() if future.done()}
            found = {spec: None if future.cancelled() else future.result() for spec, future in came.items()}
            for spec, kept in found.items():
                self.asked.pop(spec, None)
                if not kept:
                    self.missed[spec] = time.monotonic()
        return {spec: kept for spec, kept in found.items() if kept}

    def keep(self, history: History, seconds: float) -> None:
        """Write it soon."""
        with self.lock:
            if self.waiting > WRITES:
                return
            self.waiting += size(history)
        self.writer.submit(self._write, history, seconds)

    def close(self) -> None:
        """Write what is to be written."""
        self.readers.shutdown(wait=False, cancel_futures=True)
        self.writer.shutdown()

    def _ask(self, specs: Sequence[Experiment], again: bool) -> dict[Experiment, Future[Kept | None]]:
        now = time.monotonic()
        with self.lock:
            for spec in specs:
                new = spec not in self.asked and (again or now - self.missed.get(spec, -MISSED) >= MISSED)
                if new and len(self.asked) < READS:
                    self.asked[spec] = self.readers.submit(self.store.get, spec)
            return {spec: self.asked[spec] for spec in specs if spec in self.asked}

    def _write(self, history: History, seconds: float) -> None:
        self.store.put(history, seconds)
        with self.lock:
            self.waiting -= size(history)
