"""A real server, a real websocket, and the very messages and signals that once broke it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from benchmarks.classroom import Visitor, below, spent
from pages.kit.door import LEAVE
from tests.browser.serving import ROOT, served
from tests.pages.pools import wait_for

T = TypeVar("T")


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def server(address: str) -> int:
    port = address.rpartition(":")[2]
    return next(pid for pid in below(os.getpid()) if f"server.port={port}" in command(pid))


def workers(pid: int) -> list[int]:
    return [child for child in below(pid) if "spawn_main" in command(child)]


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """In a thread, since Playwright's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


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
        run(clears_caches(address, pid))
        children = workers(pid)
        for child in children:
            os.kill(child, signal.SIGSTOP)
        began = time.monotonic()
    assert time.monotonic() - began < 10  # SIGTERM, and the server is gone
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


async def health_meanwhile(address: str, doing: Coroutine) -> float:
    """The slowest answer of the health check until something is done, in seconds."""
    task, slowest = asyncio.create_task(doing), 0.0
    while not task.done():
        began = time.monotonic()
        assert (await asyncio.to_thread(get, f"{address}/_stcore/health"))[0] == 200
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.sleep(0.05)
    await task
    return slowest


async def floods(address: str) -> None:
    """Two thousand reruns a second, as far as the server takes them."""
    async with Visitor(address, "optimizers") as visitor:
        await visitor.opened.wait()
        end = time.monotonic() + 3
        with suppress(TimeoutError, ConnectionClosed):
            async with asyncio.timeout(3):
                while time.monotonic() < end:
                    await asyncio.gather(*(visitor.rerun() for _ in range(20)), asyncio.sleep(0.01))


async def sends_large_frames(address: str) -> None:
    for _ in range(8):  # 144 megabytes
        async with Visitor(address, "optimizers") as visitor:
            await visitor.opened.wait()
            with suppress(ConnectionClosed):
                await visitor.socket.send(b"\0" * 18_000_000)
            await visitor.socket.wait_closed()
            assert visitor.socket.close_code == 1009


async def fill(address: str) -> None:
    """Two have a place, the third reads why not, and comes in when one has gone."""
    async with Visitor(address, "optimizers") as first:
        async with Visitor(address, "optimizers") as second:
            await asyncio.gather(first.opened.wait(), second.opened.wait())
            assert get(f"{address}/ready") == (503, "full")
            status, page = get(address)
            assert status == 503
            assert "All 2 places on this server are taken." in page
            with pytest.raises(InvalidStatus, match="503"):
                await Visitor(address, "optimizers").__aenter__()
        while get(f"{address}/ready")[0] == 503:
            await asyncio.sleep(0.05)
        async with Visitor(address, "optimizers") as third:
            await asyncio.wait_for(third.opened.wait(), 60)


def test_one_visitor_cannot_keep_the_server_from_the_others():
    with served("server.py", MAX_SESSIONS="2") as address:
        run(fill(address))
        slowest: list[float] = []

        async def flood() -> None:
            slowest.append(await health_meanwhile(address, floods(address)))

        run(flood())
        assert slowest[0] < 1
        before = spent(server(address))[1]
        run(sends_large_frames(address))
        assert spent(server(address))[1] - before < 100  # megabytes


STARTED = """
import asyncio, sys, server
async def start():
    before = "pages.labs" in sys.modules
    async with server.lifespan(None):
        print(before, "pages.labs" in sys.modules)
asyncio.run(start())
"""


def test_the_app_has_been_read_before_the_first_visitor_comes():
    told = subprocess.run([sys.executable, "-c", STARTED], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["False", "True"]


class Listener(Visitor):
    """A visitor who reads the messages that pop up."""

    told = ""

    def _take(self, message) -> None:
        super()._take(message)
        self.told += message.delta.new_element.toast.body


async def is_there_when_it_stops(address: str, pid: int) -> list[int]:
    async with Listener(address, "batchnorm", "grid_steps=600") as visitor, asyncio.timeout(60):
        await visitor.opened.wait()
        await visitor.rerun(pressed="Run")
        while len(workers(pid)) < (os.cpu_count() or 1):
            await asyncio.sleep(0.1)
        children = workers(pid)
        os.kill(pid, signal.SIGTERM)
        while not visitor.told:
            await asyncio.sleep(0.05)
        assert visitor.told == LEAVE
        assert get(f"{address}/ready") == (503, "draining")
        assert get(address)[0] == 503
        assert get(f"{address}/_stcore/health")[0] == 200
        with pytest.raises(InvalidStatus, match="503"):
            await Visitor(address, "optimizers").__aenter__()
        await visitor.socket.wait_closed()
        assert visitor.socket.close_code == 1012
        assert not visitor.problems
    return children


def test_a_server_that_is_to_stop_says_so_and_stops_with_all_its_workers():
    with served("server.py", DRAIN_SECONDS="4") as address:
        pid = server(address)
        children = run(is_there_when_it_stops(address, pid))
        wait_for(lambda: "State:\tZ" in Path(f"/proc/{pid}/status").read_text(), 8)
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


HANGING = """
import time
from fsspec.implementations.local import LocalFileSystem
LocalFileSystem.mv = lambda *_: time.sleep(1000)
"""


async def trains(address: str) -> None:
    async with Visitor(address, "batchnorm", "grid_steps=20") as visitor, asyncio.timeout(60):
        await visitor.opened.wait()
        await visitor.rerun(pressed="Run")
        await visitor.trained.wait()


def test_a_store_that_hangs_does_not_keep_a_server_that_is_to_stop(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(HANGING)
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    with served("server.py", DRAIN_SECONDS="1", RUNS_DIR=str(tmp_path / "runs"), PYTHONPATH=path) as address:
        pid = server(address)
        run(trains(address))
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: "State:\tZ" in Path(f"/proc/{pid}/status").read_text(), 60)
