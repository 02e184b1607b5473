"""A classroom on one server: `python -m benchmarks.classroom` prints one table, in one to four minutes.

Visitors speak Streamlit's protocol as its frontend does: they open a page, press its Run button, and rerun a fragment as often
as the server asks them to. They share the machine with the server, so times are upper bounds. Linux only (/proc).
"""

import asyncio
import os
import statistics
import time
import urllib.request
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.browser.serving import served

PATIENCE, GAP = 120, 0.1  # seconds a visitor waits, and between two presses of Run
COLUMNS = {  # name → updates of a run, and the addresses of its visitors
    "1 visitor": (200, ["grid_seed=9998"]),
    "30, the same run": (200, [""] * 30),
    "30, a run each*": (40, [f"grid_steps=40&grid_seed={seed}" for seed in range(1, 31)]),
}
TRAININGS = "trainings, by the workers' CPU"


class Visitor:
    """A browser tab, as far as the server can tell."""

    def __init__(self, address: str, page: str, query: str = "") -> None:
        self.address, self.page, self.query, self.hash = address, page, query, ""
        self.buttons: dict[str, str] = {}  # label → widget
        self.problems: list[str] = []
        self.cached: deque[str] = deque(maxlen=20)  # messages the server need not repeat
        self.timers: dict[str, asyncio.Task] = {}  # fragment → its reruns
        self.opened, self.trained = asyncio.Event(), asyncio.Event()
        self.looks = self.received = 0

    async def __aenter__(self) -> "Visitor":
        address = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        self.socket = await connect(address, subprotocols=["streamlit"], max_size=None, proxy=None, ping_interval=None)
        self.reader = asyncio.create_task(self._read())
        await self.rerun()
        return self

    async def __aexit__(self, *_) -> None:
        self._stop_timers()
        self.reader.cancel()
        await self.socket.close()

    async def rerun(self, pressed: str = "", fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.fragment_id, state.is_auto_rerun = self.query, fragment, bool(fragment)
        state.page_script_hash, state.page_name = self.hash, "" if self.hash else self.page
        state.cached_message_hashes.extend(self.cached)
        if pressed:
            state.widget_states.widgets.append(WidgetState(id=self.buttons[pressed], trigger_value=True))
        await self.socket.send(message.SerializeToString())

    async def _read(self) -> None:
        try:
            async for raw in self.socket:
                self.received += len(raw)
                self._take(ForwardMsg.FromString(raw))
        except ConnectionClosed as problem:
            self.problems.append(str(problem))

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self.cached.append(message.hash)
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self._stop_timers()
        elif kind == "navigation":
            self.hash = message.navigation.page_script_hash
        elif kind == "auto_rerun" and message.auto_rerun.fragment_id not in self.timers:
            asked = message.auto_rerun
            self.timers[asked.fragment_id] = asyncio.create_task(self._look_again(asked.fragment_id, asked.interval))
        elif kind == "script_finished":
            self.looks += message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.opened.set()
        elif kind == "delta":
            self._see(message.delta.new_element)

    def _see(self, element) -> None:
        kind = element.WhichOneof("type")
        if kind == "button":
            self.buttons[element.button.label] = element.button.id
        elif kind == "markdown" and element.markdown.body.startswith("Trained in"):
            self.trained.set()
        elif kind in ("alert", "exception"):
            self.problems.append(element.alert.body or element.exception.message)

    async def _look_again(self, fragment: str, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self.rerun(fragment=fragment)

    def _stop_timers(self) -> None:
        while self.timers:
            self.timers.popitem()[1].cancel()


def below(pid: int) -> Iterator[int]:
    """The descendants of a process: of this one, first the server."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            yield child
            yield from below(child)


def megabytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu(pid: int) -> float:
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def usage() -> list[float]:
    """CPU seconds and then megabytes of the server and of its workers; CPU seconds of this process."""
    server, *workers = below(os.getpid())
    return [cpu(server), sum(map(cpu, workers)), megabytes(server), sum(map(megabytes, workers)), time.process_time()]


async def probe(period: float, action: Callable[[], Awaitable], over: asyncio.Event, times: list[float]) -> None:
    """Time an action again and again, also while earlier ones have not ended."""

    async def timed() -> None:
        start = time.monotonic()
        await asyncio.wait_for(action(), PATIENCE)
        times.append(time.monotonic() - start)

    async with asyncio.TaskGroup() as group:
        while not over.is_set():
            group.create_task(timed())
            await asyncio.sleep(period)


def spread(times: Sequence[float], form: str, unit: float = 1) -> str:
    """Median, 95th percentile and the longest."""
    ranked = sorted(times)
    return " / ".join(f"{unit * q:{form}}" for q in (statistics.median(ranked), ranked[int(0.95 * len(ranked))], ranked[-1]))


async def press(visitor: Visitor, turn: int) -> float:
    """Seconds from pressing Run, when it is this visitor's turn, to reading that the run is done, or infinitely many."""
    await asyncio.sleep(GAP * turn)
    start = time.monotonic()
    await visitor.rerun(pressed="Run")
    try:
        await asyncio.wait_for(visitor.trained.wait(), PATIENCE)
    except TimeoutError:
        return float("inf")
    return time.monotonic() - start


async def crowd(address: str, updates: int, queries: Sequence[str]) -> dict[str, str | float]:
    """Everybody opens the page, then one after the other presses Run: what a column says."""

    async def health() -> None:
        await asyncio.to_thread(lambda: urllib.request.urlopen(f"{address}/_stcore/health", timeout=PATIENCE).close())

    async def open_another() -> None:
        async with Visitor(address, "optimizers") as visitor:
            await visitor.opened.wait()

    before, over, n = usage(), asyncio.Event(), len(queries)
    beats, others = [], []
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        start = time.monotonic()
        visitors = [await stack.enter_async_context(Visitor(address, "batchnorm", query)) for query in queries]
        await asyncio.wait_for(asyncio.gather(*(visitor.opened.wait() for visitor in visitors)), PATIENCE)
        opened = time.monotonic() - start
        group.create_task(probe(0.5, health, over, beats))
        group.create_task(probe(2, open_another, over, others))
        waits = await asyncio.gather(*(press(visitor, turn) for turn, visitor in enumerate(visitors)))
        over.set()
        after = usage()
    server, workers, _, _, visiting = (late - early for late, early in zip(after, before, strict=True))
    ends = [GAP * turn + wait for turn, wait in enumerate(waits)]
    problems = [problem for visitor in visitors for problem in visitor.problems]
    looks = sum(visitor.looks for visitor in visitors)
    return {
        "all pages open, s": f"{opened:.2f}",
        f"runs ended within {PATIENCE} s": f"{sum(wait < PATIENCE for wait in waits)} of {n}",
        "press → “Trained in”: first / median / last, s": f"{min(waits):.1f} / {statistics.median(waits):.1f} / {max(waits):.1f}",
        "from the first press to the last end, s": f"{max(ends):.1f}",
        TRAININGS: workers / updates,
        "most later visitors served before one": str(max(sum(e < end for e in ends[i:]) for i, end in enumerate(ends))),
        "CPU: workers / server / visitors, s": f"{workers:.1f} / {server:.1f} / {visiting:.1f}",
        "looks, and the server's CPU for each": f"{looks}, {1e3 * server / looks:.0f} ms",
        "health: p50 / p95 / max (target < 1000), ms": spread(beats, ".0f", 1e3),
        "open /optimizers: p50 / p95 / max (target < 2), s": spread(others, ".2f"),
        "received by a visitor, kB": f"{sum(visitor.received for visitor in visitors) / n / 1e3:.0f}",
        "memory of the server, MB": f"{before[2]:.0f} → {after[2]:.0f}",
        "memory of the workers, MB": f"{before[3]:.0f} → {after[3]:.0f}",
        "more for each visitor, MB": f"{(sum(after[2:4]) - sum(before[2:4])) / n:.1f}",
        "alerts and exceptions": " ".join([str(len(problems)), *problems[:1]]),
    }


async def study(address: str) -> list[dict[str, str | float]]:
    await crowd(address, 20, ["grid_steps=20&grid_seed=9999"])  # the workers start
    return [await crowd(address, *column) for column in COLUMNS.values()]


def main() -> None:
    with served() as address:
        columns = asyncio.run(study(address))
    one = columns[0][TRAININGS]
    for column in columns:
        column[TRAININGS] = f"{column[TRAININGS] / one:.1f}"
    print(f"{'':50}" + "".join(f"{name:>20}" for name in COLUMNS))
    for row in columns[0]:
        print(f"{row:50}" + "".join(f"{column[row]:>20}" for column in columns))
    print("* 40 updates instead of 200")


if __name__ == "__main__":
    main()
