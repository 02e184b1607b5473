"""Compute is the only cache and the only door to workers and gate, so that equal requests are computed once for everybody."""

import atexit
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from functools import cache, wraps
from heapq import nlargest
from typing import ParamSpec, TypeVar

import streamlit as st

from engine.compare import REPLICAS, History
from engine.descent import Path, follow
from engine.experiments import Descent, Experiment, Hyper, memory, work
from engine.neuron import Bent, Life, Linear, live
from pages.charts.contours import Surface, sample
from pages.kit import door, internals, process, store
from pages.kit.far import Cluster
from pages.kit.gate import LOOK, TICKS, Gate, Request, Superseded
from pages.kit.keeper import Keeper
from pages.kit.language import N_, tr
from pages.kit.log import LOG
from pages.kit.pool import HELD, Pool
from pages.kit.runs import Run
from pages.kit.words import WORDS

MOST = 8e12  # multiply-adds of one run, two or three minutes of two cores
ROOM = 1e9  # bytes of networks in training that a worker may hold for one run
QUEUE = 60  # runs waiting
CORES = os.cpu_count() or 1
GATE = Gate(CORES)
PAGES = Gate(CORES)
ASKED = threading.local()  # in a thread of `threads()`: the request that it works for
STARTING = threading.Lock()
HANDS = threading.BoundedSemaphore(CORES)
"""To be held while what follows a visitor's hand is computed: thirty who drag must not keep the server from everybody else."""

P, T = ParamSpec("P"), TypeVar("T")
process.share()


def cached(entries: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A decorator for what is quickly computed, once for everybody; it keeps so many results."""
    return st.cache_data(max_entries=entries, show_spinner=False, hash_funcs={Descent: repr, Experiment: repr})


@cached(2000)
def path(spec: Descent) -> Path:
    return follow(spec)


@cached(1000)
def life(spec: Linear | Bent) -> Life:
    return live(spec)


def surface(spec: Descent) -> Surface:
    """The surface of a spec, one for all specs that share it."""
    return _surface(spec.surface, spec.formula, spec.surface_hyper)


@cached(100)
def _surface(kind: str, formula: str, hyper: Hyper) -> Surface:
    return sample(Descent(surface=kind, formula=formula, surface_hyper=hyper).objective())


def visitor() -> str:
    """Who is looking: the browser, by the name that it has from the door, else the tab."""
    return (internals.in_session() and door.known("visitor", st.context.cookies.get("visitor"))) or tab()


def tab() -> str:
    """In which tab of a browser, which is what a session is; nobody outside of one."""
    if not internals.in_session():
        return ""
    return st.session_state.setdefault("visitor", secrets.token_hex(8))


@contextmanager
def turn() -> Iterator[None]:
    """To run a script in: so many at a time, others wait. They share one interpreter, which has to send what they say, too.
    Who asks for something else before it was their turn, or in the middle of it, keeps their place in the line."""
    since = st.session_state.setdefault("since", next(TICKS))
    try:
        with PAGES(Request(tab(), since)):
            yield
    except Superseded:
        st.stop()
    del st.session_state["since"]


class Outside(Exception):  # noqa: N818
    """What was asked for is not in the cache, and the thread has no place to compute it."""


def heavy(words: str, max_entries: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A decorator for what takes longer than about 50 ms: cached for everybody, as by `st.cache_data`, and computed behind the
    gate. What is cached comes at once; else `words` and the place in the line are shown, and the visitor's next change ends
    the wait. Not to be called in what `st.cache_data` caches; in what is heavy itself it shares that one's place."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @cached(max_entries)
        @wraps(function)
        def kept(*args: P.args, **kwargs: P.kwargs) -> T:
            if not GATE.held():
                raise Outside
            return function(*args, **kwargs)

        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return kept(*args, **kwargs)
            except Outside:
                pass
            if hasattr(ASKED, "request"):
                with GATE(ASKED.request):
                    return kept(*args, **kwargs)
            with PAGES.left(), _line(words) as tell, GATE(Request(tab()), tell):
                tell(0)
                return kept(*args, **kwargs)

        return ask

    return decorate


def each(function: Callable[..., T], calls: Iterable[tuple], words: str) -> list[T]:
    """`function(*call)` for each of the calls, side by side as far as the gate has places, in the order of the calls."""
    request = Request(tab())
    with PAGES.left(), _line(words) as tell, threads(request) as pool:
        futures = [pool.submit(function, *call) for call in calls]
        try:
            while wait(futures, LOOK).not_done:
                tell(GATE.before(request))
            return [future.result() for future in futures]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            GATE.withdraw(request)


@contextmanager
def _line(words: str) -> Iterator[Callable[[int], None]]:
    """A function that shows how many stand before this visitor. It is where Streamlit interrupts a script that waits; one that
    was superseded stops."""
    shown: list[str] = []
    with ExitStack() as spinner:

        def tell(before: int) -> None:
            text = f"{tr(words)} {tr('{n} before you.', n=before)}" if before else tr(words)
            if shown[-1:] != [text]:
                shown.append(text)
                spinner.close()
                spinner.enter_context(st.spinner(text))
            tab()

        try:
            yield tell
        except Superseded:
            st.stop()


def threads(request: Request | None = None) -> ThreadPoolExecutor:
    """A thread a core, in which cached functions may be called; the heavy among them belong to one request."""
    adopt, asked = internals.adopter(), request or Request(tab())

    def begin() -> None:
        adopt()
        ASKED.request = asked

    return ThreadPoolExecutor(CORES, initializer=begin)


def _pool() -> Pool:
    """The server's one pool; nothing that a client sends ends it, as it would if `st.cache_resource` held it."""
    with STARTING:
        return _started()


@cache
def _started() -> Pool:
    kept, address = store.named(), os.environ.get("DASK_SCHEDULER_ADDRESS")
    pool = Pool(CORES, keeper=Keeper(kept) if kept else None, cluster=Cluster(address) if address else None)
    atexit.register(pool.close)
    return pool


def close() -> None:
    """End the pool, if there has been a use for one, and its workers."""
    if _started.cache_info().currsize:
        _started().close()


def run(experiments: Sequence[Experiment]) -> Run:
    """The one run of these experiments, training in the background; watch it with `.look()`. ValueError if it is too much."""
    check(experiments)
    if find(experiments) is None and len(_pool().waiting) >= QUEUE:
        raise _refused(N_("{n} runs are waiting already: try again in a minute."), n=QUEUE)
    return _pool().run(experiments, visitor())


def find(experiments: Sequence[Experiment]) -> Run | None:
    """The run of these experiments if somebody has asked for it already."""
    return _pool().find(experiments)


def known(spec: Experiment) -> History | None:
    """The history of an experiment that somebody has trained to its end already."""
    return _pool().known(spec)


def busy() -> tuple[int, int]:
    """Runs in training, and runs that wait."""
    return len(_pool().active), len(_pool().waiting)


def check(experiments: Sequence[Experiment]) -> None:
    """ValueError if training all of these would take the server too long, or a worker too much memory."""
    held = nlargest(HELD * REPLICAS, map(memory, experiments))
    asked = max(sum(map(work, experiments)) / MOST, sum(held) / ROOM)
    if asked > 1:
        words = N_(
            "this would take {n:.1f} times what one run may cost here: "
            "ask for fewer steps, seeds, networks or units, or smaller batches"
        )
        raise _refused(words, n=asked)


def _refused(words: str, **values: float) -> ValueError:
    LOG.info("refused: %s", WORDS.format(words, **values))
    return ValueError(tr(words, **values))
