"""A real server, a real websocket, and the very messages and signals that once broke it."""

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.classroom import Visitor, below
from tests.browser.serving import served
from tests.pages.pools import wait_for


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def server(address: str) -> int:
    port = address.rpartition(":")[2]
    return next(pid for pid in below(os.getpid()) if f"server.port={port}" in command(pid))


def workers(pid: int) -> list[int]:
    return [child for child in below(pid) if "spawn_main" in command(child)]


async def open_page(visitor: Visitor) -> None:
    visitor.opened.clear()
    await visitor.rerun()
    await asyncio.wait_for(visitor.opened.wait(), 60)


async def clears_caches(address: str, pid: int) -> None:
    """One visitor starts a run and clears all caches again and again; the run is there for the next."""
    async with Visitor(address, "batchnorm", "grid_steps=600") as visitor, asyncio.timeout(120):
        await visitor.opened.wait()
        await visitor.rerun(pressed="Run")
        while "Cancel" not in visitor.buttons or len(workers(pid)) < os.cpu_count():
            await asyncio.sleep(0.1)
        before = workers(pid)
        for _ in range(4):
            await visitor.socket.send(BackMsg(clear_cache=True).SerializeToString())
            await open_page(visitor)
        assert workers(pid) == before
        async with Visitor(address, "batchnorm", "grid_steps=600") as newcomer:
            await newcomer.opened.wait()
            assert "Run" not in newcomer.buttons  # it runs, or has ended
        assert not visitor.problems


def test_clearing_the_caches_costs_no_worker_and_stopped_workers_do_not_keep_a_server():
    with served() as address:
        pid = server(address)
        with ThreadPoolExecutor(1) as thread:  # Playwright's loop may be running in this one
            thread.submit(lambda: asyncio.run(clears_caches(address, pid))).result()
        children = workers(pid)
        for child in children:
            os.kill(child, signal.SIGSTOP)
        began = time.monotonic()
    assert time.monotonic() - began < 10  # SIGTERM, and the server is gone
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
