"""Two servers behind the HAProxy of `deploy/`: rooms and visitors stay where they are, and one server may go."""

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from urllib.error import HTTPError

import pytest
from websockets.exceptions import InvalidHandshake

from benchmarks.classroom import Visitor
from pages.kit.door import LEAVE
from tests.browser.serving import ROOT, served
from tests.pages.pools import wait_for
from tests.pages.test_server import Listener, get, run, server

HAPROXY = shutil.which("haproxy") or shutil.which("/usr/sbin/haproxy") or ""
pytestmark = pytest.mark.skipif(not HAPROXY, reason="no HAProxy on this machine: apt-get install haproxy")


@dataclass
class Class:
    """An address, the two servers behind it, and what a crowd saw there."""

    address: str
    servers: tuple[str, str]
    pages: list[int] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    def open(self) -> list[int]:
        """Open sessions of each server."""
        texts = [get(f"{address}/_stcore/metrics")[1] for address in self.servers]
        return [int(line.split()[-1]) for text in texts for line in text.splitlines() if line.startswith("active_sessions ")]


def there(address: str) -> bool:
    with suppress(OSError):
        return get(f"{address}/_stcore/health")[0] == 200
    return False


@contextmanager
def hosted(**settings: str) -> Iterator[Class]:
    settings |= {"DRAIN_SECONDS": "4", "STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32)}
    with served("server.py", **settings) as one, served("server.py", **settings) as two:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        names = {"BIND": f"127.0.0.1:{port}", "ONE": one.removeprefix("http://"), "TWO": two.removeprefix("http://")}
        proxy = subprocess.Popen(
            [HAPROXY, "-f", "deploy/haproxy.cfg"], cwd=ROOT, env={**os.environ, **names}, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(lambda: there(f"http://127.0.0.1:{port}"))
            yield Class(f"http://127.0.0.1:{port}", (one, two))
        finally:
            proxy.terminate()
            proxy.wait(10)


def name() -> str:
    return f"visitor={secrets.token_hex(16)}"


def status(address: str, cookie: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": cookie}), timeout=20) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


async def crowd(asked: Class, over: asyncio.Event) -> None:
    """Newcomers, each of whom loads a page and opens a session."""
    while not over.is_set():
        cookie = name()
        asked.pages.append(await asyncio.to_thread(status, asked.address, cookie))
        try:
            async with Visitor(asked.address, "softmax", cookie=cookie) as visitor:
                ends = [asyncio.create_task(end) for end in (visitor.opened.wait(), visitor.socket.wait_closed())]
                await asyncio.wait(ends, timeout=20, return_when=asyncio.FIRST_COMPLETED)
                asked.sessions.append("opened" if visitor.opened.is_set() else "cut")
        except InvalidHandshake:
            asked.sessions.append("refused")


async def stays_together(asked: Class) -> None:
    async with AsyncExitStack() as stack:
        room = [Visitor(asked.address, "softmax", cookie=f"{name()}; room={code}") for code in ("ABCD", "abcd") * 5]
        for visitor in room:
            await stack.enter_async_context(visitor)
        await asyncio.gather(*(visitor.opened.wait() for visitor in room))
        assert sorted(asked.open()) == [0, 10]
        single = [Visitor(asked.address, "softmax", cookie=name()) for _ in range(20)]
        for visitor in single:
            await stack.enter_async_context(visitor)
        await asyncio.gather(*(visitor.opened.wait() for visitor in single))
        some, others = sorted(asked.open())
        assert some >= 1
        assert others >= 11
        assert some + others == 30


async def fills(asked: Class) -> None:
    """There is a place on each server, and newcomers find both; those of a room do not look elsewhere."""
    async with AsyncExitStack() as stack:
        for _ in range(2):
            visitor = await stack.enter_async_context(Visitor(asked.address, "softmax", cookie=name()))
            await visitor.opened.wait()
        assert asked.open() == [1, 1]
        assert status(asked.address, name()) == 503
        with pytest.raises(InvalidHandshake):
            await Visitor(asked.address, "softmax", cookie=name()).__aenter__()
        assert [status(address, "") for address in asked.servers] == [503, 503]
    async with Visitor(asked.address, "softmax", cookie=f"{name()}; room=ABCD") as first:
        await first.opened.wait()
        assert status(f"{asked.address}?room=ABCD", name()) == 503
        assert status(asked.address, f"{name()}; room=abcd") == 503
        assert status(asked.address, name()) == 200


async def loses_one(asked: Class, number: signal.Signals) -> str:
    """One server gets a signal while a crowd comes and goes; what a visitor was told who was there."""
    over, cookie = asyncio.Event(), name()
    async with asyncio.TaskGroup() as group:
        async with Listener(asked.address, "optimizers", cookie=cookie) as visitor:
            await visitor.opened.wait()
            theirs = asked.servers[asked.open().index(1)]
            for _ in range(3):
                group.create_task(crowd(asked, over))
            await asyncio.sleep(1)
            os.kill(server(theirs), number)
            await asyncio.wait_for(visitor.socket.wait_closed(), 20)
        async with Visitor(asked.address, "optimizers", "preset=O3", cookie=cookie) as again:  # as a browser does by itself
            await asyncio.wait_for(again.opened.wait(), 20)
            assert not again.problems
        await asyncio.sleep(2)
        over.set()
    return visitor.told


def test_a_room_stays_together_and_visitors_are_spread():
    with hosted() as asked:
        run(stays_together(asked))
        assert status(f"{asked.address}/_stcore/metrics", "") == 403


def test_who_finds_one_server_full_comes_to_the_other_unless_bound_for_a_room():
    with hosted(MAX_SESSIONS="1") as asked:
        run(fills(asked))


def test_a_server_that_is_to_stop_loses_nobody():
    with hosted() as asked:
        assert run(loses_one(asked, signal.SIGTERM)) == LEAVE
        assert set(asked.pages) == {200}
        assert set(asked.sessions) == {"opened"}


def test_a_server_that_is_killed_loses_those_who_were_there_and_nobody_else():
    with hosted() as asked:
        assert run(loses_one(asked, signal.SIGKILL)) == ""
        assert set(asked.pages) == {200}
        assert asked.sessions.count("cut") <= 3
        assert set(asked.sessions) <= {"opened", "cut"}
