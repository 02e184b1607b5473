"""The playground for a class: `streamlit run server.py`. A door stands before the app, and it ends orderly: docs/hosting.md."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import asyncio
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pages.kit import internals, language
from pages.kit.door import HALL, Door, policy
from pages.kit.log import LOG

HANDLES = 5  # file handles of a session: its socket and its loop
SPARE = 600  # those of files, and of sessions that ended a short while ago
LAST = 12.0  # seconds for the workers, what is to be written, and the server to end, when the last visitors have been sent away


def setting(name: str, default: int) -> int:
    """A whole number from the environment; the server does not start with anything else."""
    asked = os.environ.get(name, str(default))
    if not (asked.isascii() and asked.isdecimal() and int(asked) > 0):
        raise SystemExit(f"{name} is {asked!r}, and must be a whole number above 0.")
    return int(asked)


async def ready(_) -> PlainTextResponse:
    """For a proxy: `ready`, `full` or `draining`."""
    state = "draining" if HALL.draining else "full" if HALL.refuses() else "ready"
    return PlainTextResponse(state, 200 if state == "ready" else 503)


def say(languages: Sequence[str], words: str) -> str:
    """The door's words in the first of these languages that is spoken here."""
    with language.speaking(next((name for name in languages if name in language.NAMES), language.ENGLISH)):
        return language.tr(words)


async def drain() -> None:
    """Nobody comes in, and those who are there read why, until the last has gone or the grace is over; then the workers end."""
    if HALL.draining:
        return
    HALL.draining, end = True, time.monotonic() + HALL.grace
    LOG.info("the server is to stop: %d sessions have %d seconds to end", HALL.inside.total(), HALL.grace)
    internals.run_everybody_again()
    while HALL.inside and time.monotonic() < end:
        await asyncio.sleep(0.1)
    LOG.info("the server stops with %d sessions open", HALL.inside.total())
    await end_workers()


async def end_workers() -> None:
    """They end, and the process soon after, whatever hangs: who writes to a store that does not answer waits for ever."""
    last = threading.Timer(LAST, os._exit, (1,))
    last.daemon = True
    last.start()
    from pages.kit import compute  # not before Streamlit's runtime is there, which its caches belong to

    await asyncio.to_thread(compute.close)


@asynccontextmanager
async def lifespan(_):
    """Before the first comes in, the app has been read. uvicorn closes all sockets before this ends, so what comes before that
    hangs on the signal."""
    check_handles()
    await asyncio.to_thread(import_module, "pages.labs")
    stop, loop = signal.getsignal(signal.SIGTERM), asyncio.get_running_loop()

    async def drain_and_stop() -> None:
        try:
            await drain()
        finally:
            signal.signal(signal.SIGTERM, stop)
            signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(lambda: loop.create_task(drain_and_stop())))
    yield
    await end_workers()


def check_handles() -> None:
    """Say so if visitors will be turned away for want of file handles."""
    if os.name == "posix":
        import resource

        has, needs = resource.getrlimit(resource.RLIMIT_NOFILE)[0], HANDLES * HALL.most + SPARE
        if has < needs:
            LOG.warning("%d sessions may need %d file handles, and there are %d: raise `ulimit -n`", HALL.most, needs, has)


HALL.most = setting("MAX_SESSIONS", HALL.most)
HALL.grace = setting("DRAIN_SECONDS", HALL.grace)
page = Path(st.__file__).parent / "static/index.html"
app = st.App(
    "app.py",
    routes=[Route("/ready", ready)],
    middleware=[Middleware(Door, policy=policy(page.read_text("utf-8")), say=say)],
    lifespan=lifespan,
)
