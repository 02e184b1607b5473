"""A far worker is a thread of a Dask cluster that stands where a process of this machine and the pipe to it stand.

So queue, turns and mourning are the pool's. A turn is a task, pinned to the worker that holds its group; the cluster is looked
at once a second, since a task that is pinned to a worker that has gone would wait for ever.
"""

import pickle
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pages.kit.fingerprint import versions
from pages.kit.log import LOG
from pages.kit.worker import Answer, Held, give

if TYPE_CHECKING:
    from distributed import Future

TURN = 0.5  # seconds: a task costs some milliseconds on its way
LOOK, AGAIN = 1.0, 10.0  # seconds between two looks, and before another try to connect
PATIENCE, LONGEST = 5.0, 20.0  # seconds to connect, and for an answer of a scheduler that is busy
IDLE = 600.0  # seconds after which a worker lets go of the groups of a server that it has not heard of
HELD: dict[str, tuple[float, dict[int, Held]]] = {}  # on a worker of the cluster: slot → time of its last turn, its groups
HERE = "this server trains for itself."
AWAY = f"The cluster cannot be reached: {HERE}"


def turn(slot: str, *asked: Any) -> Answer:
    """On a worker of the cluster: a turn of a group that this slot holds."""
    now = time.monotonic()
    for other, (used, _) in list(HELD.items()):
        if now - used > IDLE:
            HELD.pop(other, None)
    _, held = HELD.get(slot, (now, {}))
    HELD[slot] = now, held
    return give(held, *asked, seconds=TURN)


class Call:
    """To unpickle it is to call the function: so the scheduler sees bytes, and only workers need to know the playground."""

    def __init__(self, function: Callable, args: tuple) -> None:
        self.function, self.args = function, args

    def __reduce__(self) -> tuple[Callable, tuple]:
        return self.function, self.args


class Far:
    """Both process and pipe. It takes a place of its cluster until it is closed."""

    def __init__(self, cluster: "Cluster", address: str) -> None:
        self.cluster, self.address = cluster, address
        self.slot = uuid.uuid4().hex
        self.future: Future | None = None
        self.killed = self.closed = False

    def send(self, asked: tuple) -> None:
        if not self.is_alive():
            raise OSError(f"{self.address} is gone")
        self.future = self.cluster.submit(self.address, turn, self.slot, *asked)

    def recv(self) -> Answer:
        try:
            while self.future and self.is_alive():
                with suppress(TimeoutError):
                    return self.future.result(timeout=LOOK)
        except Exception as error:  # of Dask, and of all kinds: the turn itself raises nothing
            self.cluster.doubt()
            raise EOFError(f"{self.address}: {error}") from error
        finally:
            self.future = None
        raise EOFError(f"{self.address} is gone")

    def is_alive(self) -> bool:
        return not self.killed and self.address in self.cluster.threads

    def kill(self) -> None:
        """A task cannot be stopped: a worker that does not answer is not asked again."""
        if self.future and self.is_alive():
            self.cluster.shun(self.address)
        self.killed = True

    def join(self, timeout: float | None = None) -> None:
        """There is nothing to wait for."""

    def close(self) -> None:
        if not self.closed:
            self.cluster.release(self.address)
        self.closed, self.future = True, None


class Cluster:
    """The workers of a Dask scheduler, as far as they have this engine and Python. `threads` is their address → threads, empty
    if the cluster is not there; `excuse` says why; `known` tells that it has been looked at."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client: Any = None  # a distributed.Client, while there is one
        self.since = 0.0  # when it was connected
        self.threads: dict[str, int] = {}
        self.excuse = "The cluster is being looked for."
        self.known, self.over = threading.Event(), threading.Event()
        self.lock = threading.Lock()
        self.taken: Counter[str] = Counter()
        self.asked: dict[str, Future] = {}  # address → its versions, as soon as they are there
        self.differing: dict[str, str] = {}  # address → what it has else than this server
        self.shunned: set[str] = set()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    @property
    def places(self) -> int:
        return sum(self.threads.values())

    def hire(self) -> tuple[Far, Far] | None:
        """A worker, as process and pipe, if one is free."""
        with self.lock:
            free = [address for address, threads in self.threads.items() if self.taken[address] < threads]
            if not free:
                return None
            address = min(free, key=lambda address: self.taken[address] / self.threads[address])
            self.taken[address] += 1
        far = Far(self, address)
        return far, far

    def release(self, address: str) -> None:
        with self.lock:
            self.taken[address] -= 1

    def shun(self, address: str) -> None:
        """Do not use this worker any more."""
        LOG.warning("the cluster's worker %s does not answer and is not used any more", address)
        with self.lock:
            self.shunned.add(address)
            self.threads = {known: threads for known, threads in self.threads.items() if known != address}

    def submit(self, address: str, function: Callable, *args: Any) -> "Future":
        """A call on a worker; what is not pinned strictly, idle workers steal. OSError if the scheduler is gone."""
        where = {"workers": [address], "allow_other_workers": False, "pure": False, "retries": 0}
        try:
            return self.client.submit(pickle.loads, pickle.dumps(Call(function, args)), **where)
        except Exception as error:
            self.doubt()
            raise OSError(f"the cluster takes no task: {error}") from error

    def doubt(self) -> None:
        """Something went wrong: if it is the way to the scheduler, nobody is to try again before the next look."""
        client = self.client
        if not client or client.status != "running":
            self._have({}, AWAY)

    def close(self) -> None:
        self.over.set()
        self.thread.join(timeout=PATIENCE)

    def _watch(self) -> None:
        failed = 0
        while not self.over.wait(LOOK if self.client else AGAIN * (failed > 0)):
            try:
                self._connect()
                self._look()
                failed = 0
            except ImportError:
                self._lose("Dask is not installed (requirements-cluster.txt): " + HERE)
                failed += 1
            except Exception as error:
                failed += 1
                if failed == 1:
                    LOG.warning("the cluster at %s does not answer: %s: %s", self.address, type(error).__name__, error)
                if failed > 1 or not self.client or self.client.status != "running":  # else the scheduler is only busy
                    self._lose(AWAY)
        self._lose("")

    def _connect(self) -> None:
        from distributed import Client

        if not self.client:
            self.client = Client(self.address, set_as_default=False, timeout=PATIENCE, name="playground")
            self.since = time.monotonic()

    def _look(self) -> None:
        """Who is there; of those that are new, whether they have the same engine."""
        info = self.client.sync(self.client.scheduler.identity, n_workers=-1, callback_timeout=LONGEST)
        threads = {address: worker["nthreads"] for address, worker in info["workers"].items()}
        gone = {address for address, future in self.asked.items() if future.status in ("lost", "cancelled")}
        self.asked = {address: self.asked[address] for address in threads.keys() & self.asked.keys() - gone}
        self.differing = {address: self.differing[address] for address in self.asked.keys() & self.differing.keys()}
        for address in threads.keys() - self.asked.keys():
            self.asked[address] = self.submit(address, versions)
        for address in self.asked.keys() - self.differing.keys():
            self._compare(address)
        self.shunned &= threads.keys()
        fit = [address for address, found in self.differing.items() if not found and address not in self.shunned]
        if fit:
            self._have({address: threads[address] for address in fit}, "")
        elif len(self.differing) == len(threads) or time.monotonic() - self.since > PATIENCE:
            why = next(iter(self.differing.values()), "its workers do not answer") if threads else "it has no workers"
            self._have({}, f"The cluster cannot be used, {why}: {HERE}")
        else:
            return
        self.known.set()

    def _compare(self, address: str) -> None:
        """What a worker has else, if it has said so: asked once, since one that has gone meanwhile would not say it again."""
        future = self.asked[address]
        if future.done():
            with suppress(TimeoutError):
                found = self.differing[address] = differences(future)
                if found:
                    LOG.warning("the cluster's worker %s is not used: %s", address, found)

    def _have(self, threads: dict[str, int], excuse: str) -> None:
        with self.lock:
            changed, self.threads, self.excuse = self.threads != threads, threads, excuse
        if changed:
            LOG.info("the cluster at %s has %d workers with %d threads", self.address, len(threads), self.places)

    def _lose(self, excuse: str) -> None:
        client, self.client, self.asked, self.differing = self.client, None, {}, {}
        self._have({}, excuse)
        self.known.set()
        if client:
            with suppress(Exception):
                client.close(timeout=1)


def differences(found: "Future") -> str:
    """What a worker has else than this server, from its versions; empty if nothing. TimeoutError if it does not say."""
    if found.status != "finished":
        return "its workers do not find the playground"
    theirs, ours = found.result(timeout=LOOK), versions()
    return ", ".join(
        f"it has {name} {theirs.get(name)} instead of {ours[name]}" for name in ours if theirs.get(name) != ours[name]
    )
