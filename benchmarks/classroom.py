"""A classroom on one server: `python -m benchmarks.classroom` prints four tables, in four to six minutes; with `runs`, `wall`,
`drag` or `room` one of them: a class that trains, one before the wall, where everybody changes the seed every other second,
one that drags the start of the paths, and one that follows its teacher and votes. With the name of a topic, a class there:
everybody has a lab of it with settings from anywhere, and turns to another one every other second. With `--server` the door of
`server.py` stands before the app.

Visitors speak Streamlit's protocol as its frontend does: they open a page, press its Run button, and rerun a fragment as often
as the server asks them to. They share the machine with the server, so times are upper bounds. Linux only (/proc).
"""

import asyncio
import json
import math
import os
import random
import re
import statistics
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from pages.labs import TOPICS
from tests.browser.serving import served
from tests.pages.test_labs import at_random

PATIENCE, GAP = 120, 0.1  # seconds a visitor waits, and between two presses of Run
COLUMNS = {  # name → updates of a run, and the addresses of its visitors
    "1 visitor": (200, ["grid_seed=9998"]),
    "30, the same run": (200, [""] * 30),
    "30, own runs of 40": (40, [f"grid_steps=40&grid_seed={seed}" for seed in range(1, 31)]),
}
LASTS, EVERY = 20, 2  # seconds, and seconds between two changes of each visitor
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
CLASS, MOVES, BALLOT = 60, 5, 3.0  # visitors, places the class is taken to, and seconds in which all vote
DRAGGING, PAINT = 30, 0.05  # visitors who drag, and seconds a browser needs for a picture
TRAININGS = "trainings, by the workers' CPU"


class Visitor:
    """A browser tab, as far as the server can tell."""

    def __init__(self, address: str, page: str, query: str = "", cookie: str = "") -> None:
        self.address, self.page, self.query, self.hash, self.cookie = address, page, query, "", cookie
        self.buttons: dict[str, str] = {}  # label → widget
        self.numbers: dict[str, str] = {}
        self.switches: dict[str, str] = {}
        self.on: set[str] = set()  # switches, which a browser tells with every message
        self.ballot: tuple[str, str, list[str]] = ("", "", [])  # the last group of buttons in a fragment, that, the buttons
        self.words: list[str] = []
        self.canvas = self.fragment = ""  # the last canvas, and the fragment that it stands in
        self.problems: list[str] = []
        self.timers: dict[str, asyncio.Task] = {}  # fragment → its reruns
        self.opened, self.trained = asyncio.Event(), asyncio.Event()
        self.looks = self.received = 0
        self.changed, self.waits = 0.0, []  # when what is not yet shown was asked for; seconds until it was

    async def __aenter__(self) -> Self:
        stream = f"ws{self.address.removeprefix('http')}/_stcore/stream"
        options = {"max_size": None, "proxy": None, "ping_interval": None, "additional_headers": {"Cookie": self.cookie}}
        self.socket = await connect(stream, subprotocols=["streamlit"], **options)
        self.reader = asyncio.create_task(self._read())
        await self.rerun()
        return self

    async def __aexit__(self, *_) -> None:
        self._stop_timers()
        self.reader.cancel()
        await self.socket.close()

    async def change(self, label: str, value: int) -> None:
        """Set a number, and note how long it is until what was asked for since is shown."""
        self.changed = self.changed or time.monotonic()
        await self.rerun(number=(label, value))

    async def go(self, query: str) -> None:
        """Turn to another address of the page, and note how long it is until it is shown."""
        self.changed, self.query = self.changed or time.monotonic(), query
        await self.rerun()

    async def tell(self, event: str, value: object) -> None:
        """Let the canvas tell the server something, and wait until its fragment has answered."""
        self.opened.clear()
        await self.rerun(fragment=self.fragment, told=json.dumps([{"event": event, "value": value}]))
        await asyncio.wait_for(self.opened.wait(), PATIENCE)

    async def read(self, pattern: str) -> str:
        """The last text that matches, as soon as there is one; all texts are forgotten then."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [text for text in self.words if re.match(pattern, text)]):
                await asyncio.sleep(0.02)
        self.words.clear()
        return found[-1]

    async def press(self, label: str) -> None:
        """Press a button and wait for what the page becomes."""
        self.opened.clear()
        await self.rerun(pressed=label)
        await asyncio.wait_for(self.opened.wait(), PATIENCE)

    async def turn_to(self, page: str) -> None:
        """Open another page in the same session."""
        self.hash, self.page = "", page
        self.opened.clear()
        await self.rerun()
        await asyncio.wait_for(self.opened.wait(), PATIENCE)

    async def rerun(
        self,
        pressed: str = "",
        fragment: str = "",
        number: tuple[str, int] | None = None,
        told: str = "",
        switch: str = "",
        chosen: str = "",
    ) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.fragment_id, state.is_auto_rerun = self.query, fragment, bool(fragment) and not told
        state.page_script_hash, state.page_name = self.hash, "" if self.hash else self.page
        if pressed:
            state.widget_states.widgets.add(id=self.buttons[pressed], trigger_value=True)
        if number:
            state.widget_states.widgets.add(id=self.numbers[number[0]], double_value=number[1])
        self.on |= {self.switches[switch]} if switch else set()
        for widget in self.on:
            state.widget_states.widgets.add(id=widget, bool_value=True)
        if chosen:
            state.fragment_id = self.ballot[1]
            state.widget_states.widgets.add(id=self.ballot[0]).string_array_value.data.append(chosen)
        if told:
            state.widget_states.widgets.add(id=f"$$STREAMLIT_INTERNAL_KEY_{self.canvas}__events", json_trigger_value=told)
        await self.socket.send(message.SerializeToString())

    async def _read(self) -> None:
        async for raw in self.socket:
            self.received += len(raw)
            self._take(ForwardMsg.FromString(raw))

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.looks += bool(message.metadata.run.fragment_ids)
            if not message.metadata.run.fragment_ids:
                self._stop_timers()
        elif kind == "navigation":
            self.hash = message.navigation.page_script_hash
        elif kind == "auto_rerun" and message.auto_rerun.fragment_id not in self.timers:
            fragment, every = message.auto_rerun.fragment_id, message.auto_rerun.interval
            self.timers[fragment] = asyncio.create_task(self._look_again(fragment, every))
        elif kind == "script_finished" and message.script_finished in FINISHED:
            self.opened.set()
            if self.changed:
                self.waits.append(time.monotonic() - self.changed)
                self.changed = 0.0
        elif kind == "delta":
            element = message.delta.new_element
            self.buttons[element.button.label] = element.button.id
            self.numbers[element.number_input.label] = element.number_input.id
            self.switches[element.checkbox.label] = element.checkbox.id
            self.words.append(element.markdown.body)
            if element.WhichOneof("type") == "button_group" and message.delta.fragment_id:
                group = element.button_group
                self.ballot = group.id, message.delta.fragment_id, [option.content for option in group.options]
            self.problems += filter(None, [element.alert.body, element.exception.message])
            if element.WhichOneof("type") == "bidi_component":
                self.canvas, self.fragment = element.bidi_component.id, message.delta.fragment_id
            if element.markdown.body.startswith("Trained in"):
                self.trained.set()

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
        with suppress(FileNotFoundError):  # a thread that has ended meanwhile
            for child in map(int, children.read_text().split()):
                yield child
                yield from below(child)


def spent(pid: int) -> tuple[float, float]:
    """CPU seconds so far, and megabytes of memory now."""
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK"), int(values[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def usage() -> list[float]:
    """CPU seconds and megabytes of the server, the same of its workers together; CPU seconds of this process."""
    server, *workers = map(spent, below(os.getpid()))
    return [*server, *map(sum, zip((0, 0), *workers, strict=True)), time.process_time()]


async def probe(period: float, action: Callable[[], Awaitable], over: asyncio.Event, times: list[float]) -> None:
    """Time an action again and again."""
    while not over.is_set():
        start = time.monotonic()
        await action()
        times.append(time.monotonic() - start)
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
    with suppress(TimeoutError):
        await asyncio.wait_for(visitor.trained.wait(), PATIENCE)
        return time.monotonic() - start
    return float("inf")


async def crowd(address: str, updates: int, queries: Sequence[str]) -> dict[str, str | float]:
    """Everybody opens the page, then one after the other presses Run: what a column says."""

    health = partial(asyncio.to_thread, urllib.request.urlopen, f"{address}/_stcore/health", timeout=PATIENCE)

    async def another() -> None:
        async with Visitor(address, "optimizers") as visitor:
            await asyncio.wait_for(visitor.opened.wait(), PATIENCE)

    before, over, n = usage(), asyncio.Event(), len(queries)
    beats, others = [], []
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        start = time.monotonic()
        visitors = [await stack.enter_async_context(Visitor(address, "batchnorm", query)) for query in queries]
        await asyncio.wait_for(asyncio.gather(*(visitor.opened.wait() for visitor in visitors)), PATIENCE)
        opened = time.monotonic() - start
        group.create_task(probe(0.5, health, over, beats))
        group.create_task(probe(2, another, over, others))
        waits = await asyncio.gather(*(press(visitor, turn) for turn, visitor in enumerate(visitors)))
        over.set()
        after = usage()
    server, server_mb, workers, workers_mb, visiting = (late - early for late, early in zip(after, before, strict=True))
    ends = [GAP * turn + wait for turn, wait in enumerate(waits)]
    overtaken = max(sum(later < end for later in ends[turn:]) for turn, end in enumerate(ends))
    problems = [problem for visitor in visitors for problem in visitor.problems]
    return {
        "all pages open, s": f"{opened:.2f}",
        f"runs ended within {PATIENCE} s": f"{sum(wait < PATIENCE for wait in waits)} of {n}",
        "Run → “Trained in”: first / median / last, s": " / ".join(f"{f(waits):.1f}" for f in (min, statistics.median, max)),
        "first press → last “Trained in”, s": f"{max(ends):.1f}",
        TRAININGS: workers / updates,
        "most later visitors served before one": str(overtaken) if len(set(queries)) == n else "–",
        "looks (reruns of the fragment)": str(sum(visitor.looks for visitor in visitors)),
        "CPU: server / workers / visitors, s": f"{server:.1f} / {workers:.1f} / {visiting:.1f}",
        "health: p50 / p95 / max (target < 1000), ms": spread(beats, ".0f", 1e3),
        "open /optimizers: p50 / p95 / max (target < 2), s": spread(others, ".2f"),
        "received by a visitor, kB": f"{sum(visitor.received for visitor in visitors) / n / 1e3:.0f}",
        "memory: server / workers, MB": f"{before[1]:.0f} → {after[1]:.0f} / {before[3]:.0f} → {after[3]:.0f}",
        "memory: more per visitor, MB": f"{server_mb / n:.1f} / {workers_mb / n:.1f}",
        "alerts and exceptions": " ".join([str(len(problems)), *problems[:1]]),
    }


async def wall(address: str) -> dict[str, str]:
    """Everybody before a wall of one's own, ten layers of 500 under three starts, and changing it."""
    queries = [f"wall=I9&wall_seed={seed}" for seed in range(CLASS)]
    return await changing(address, "initialization", queries, lambda visitor, k: visitor.change("seed", k))


async def labs(name: str, address: str) -> dict[str, str]:
    """Everybody in a lab of a topic, with settings of one's own, and turning to others."""
    topic = next(topic for topic in TOPICS if topic.name == name)
    rng, turns = random.Random(name), CLASS * (1 + LASTS // EVERY)
    asked = [(lab, at_random(lab, rng)) for lab in (topic.labs[k % len(topic.labs)] for k in range(turns))]
    queries = [topic.path(lab, given).partition("?")[2] for lab, given in asked]
    return await changing(address, name, queries[:CLASS], lambda visitor, k: visitor.go(queries[k]))


async def changing(
    address: str, page: str, queries: Sequence[str], change: Callable[[Visitor, int], Awaitable]
) -> dict[str, str]:
    """Everybody opens the page at an address of one's own and changes it every other second, what the k-th change is."""
    health = partial(asyncio.to_thread, urllib.request.urlopen, f"{address}/_stcore/health", timeout=PATIENCE)
    over, beats, memory, n = asyncio.Event(), [], [], len(queries)

    async def weigh() -> None:
        memory.append(usage()[1])

    async def changes(visitor: Visitor, place: int) -> None:
        await asyncio.sleep(EVERY * place / n)
        for turn in range(1, LASTS // EVERY + 1):
            await change(visitor, place + turn * n)
            await asyncio.sleep(EVERY)
        while visitor.changed:
            await asyncio.sleep(0.1)

    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        await (await stack.enter_async_context(Visitor(address, ""))).opened.wait()  # the teacher has seen that it is there
        group.create_task(probe(0.5, health, over, beats))
        group.create_task(probe(0.2, weigh, over, []))
        start = time.monotonic()
        visitors = [await stack.enter_async_context(Visitor(address, page, query)) for query in queries]
        await asyncio.wait_for(asyncio.gather(*(visitor.opened.wait() for visitor in visitors)), PATIENCE)
        opened = time.monotonic() - start
        await asyncio.wait_for(asyncio.gather(*(changes(visitor, place) for place, visitor in enumerate(visitors))), PATIENCE)
        over.set()
    means = [statistics.mean(visitor.waits) for visitor in visitors]
    waits = [wait for visitor in visitors for wait in visitor.waits]
    problems = [problem for visitor in visitors for problem in visitor.problems]
    return {
        f"{n} pages open, s": f"{opened:.1f}",
        "change → shown: mean / p50 / p95 / max, s": f"{statistics.mean(waits):.1f} / {spread(waits, '.1f')}",
        "the longest wait by the mean (target ≤ 3)": f"{max(waits) / statistics.mean(waits):.1f}",
        "a visitor's mean: shortest / longest, s": f"{min(means):.1f} / {max(means):.1f}",
        "health: p50 / p95 / max (target ≤ 250), ms": spread(beats, ".0f", 1e3),
        "memory of the server, peak (target ≤ 1000), MB": f"{max(memory):.0f}",
        "alerts and exceptions": " ".join([str(len(problems)), *problems[:1]]),
    }


async def drag(address: str) -> dict[str, str]:
    """Everybody drags the start of six paths; a browser asks for the next ones when the last are painted."""
    health = partial(asyncio.to_thread, urllib.request.urlopen, f"{address}/_stcore/health", timeout=PATIENCE)
    over, beats = asyncio.Event(), []

    async def drags(visitor: Visitor) -> list[float]:
        waits, start = [], time.monotonic()
        while (now := time.monotonic()) < start + LASTS:
            await visitor.tell("drag", [-7 + math.sin(now), 2 + math.cos(now), len(waits) + 1])
            waits.append(time.monotonic() - now)
            await asyncio.sleep(PAINT)
        return waits

    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        visitors = [await stack.enter_async_context(Visitor(address, "optimizers")) for _ in range(DRAGGING)]
        await asyncio.wait_for(asyncio.gather(*(visitor.opened.wait() for visitor in visitors)), PATIENCE)
        group.create_task(probe(0.5, health, over, beats))
        waits = await asyncio.gather(*map(drags, visitors))
        over.set()
    problems = [problem for visitor in visitors for problem in visitor.problems]
    answers = [wait for each in waits for wait in each]
    rate = len(answers) / LASTS
    return {
        f"{DRAGGING} drag: pictures a second, of one / of all": f"{rate / DRAGGING:.1f} / {rate:.0f}",
        "asked → answered: p50 / p95 / max, s": spread(answers, ".2f"),
        "health: p50 / p95 / max (target ≤ 250), ms": spread(beats, ".0f", 1e3),
        "received for a picture, kB": f"{sum(visitor.received for visitor in visitors) / (len(answers) + DRAGGING) / 1e3:.0f}",
        "alerts and exceptions": " ".join([str(len(problems)), *problems[:1]]),
    }


async def room(address: str) -> dict[str, str]:
    """A class follows its teacher from page to page, and votes."""
    health = partial(asyncio.to_thread, urllib.request.urlopen, f"{address}/_stcore/health", timeout=PATIENCE)
    over, beats, follows, looks = asyncio.Event(), [], [], []

    async def follow(student: Visitor, start: float) -> None:
        await student.read("#### ")
        follows.append(time.monotonic() - start)

    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        teacher = await stack.enter_async_context(Visitor(address, "class"))
        await teacher.opened.wait()
        await teacher.press("Open a room")
        code = (await teacher.read(r"# \w{5}"))[2:]
        students = [await stack.enter_async_context(Visitor(address, "", f"room={code}")) for _ in range(CLASS)]
        await asyncio.wait_for(asyncio.gather(*(student.opened.wait() for student in students)), PATIENCE)
        await teacher.rerun(switch="Take the class here")
        group.create_task(probe(0.5, health, over, beats))
        for move in range(MOVES):
            for student in students:
                student.words.clear()
            start = time.monotonic()
            await teacher.turn_to(("optimizers", "batchnorm", "search", "initialization", "optimizers")[move])
            looks.append(time.monotonic() - start)
            await asyncio.gather(*(follow(student, start) for student in students))
        await teacher.press("Ask this lab's question")
        await asyncio.gather(*(student.read(r"\*\*Class") for student in students))
        await asyncio.sleep(2 * EVERY)

        async def vote(student: Visitor, turn: int) -> None:
            await asyncio.sleep(BALLOT * turn / CLASS)
            await student.rerun(chosen=student.ballot[2][turn % 3])

        await asyncio.gather(*(vote(student, turn) for turn, student in enumerate(students)))
        await asyncio.sleep(EVERY)
        teacher.words.clear()
        counted = (await teacher.read(r"\d+ of \d+ have voted")).partition(".")[0]
        over.set()
        memory = usage()[1]
    problems = [problem for each in (teacher, *students) for problem in each.problems if "waits" not in problem]
    return {
        f"{CLASS} follow: p50 / p95 / max (target p95 ≤ 2), s": spread(follows, ".2f"),
        "the teacher's own page: p50 / p95 / max (target ≤ 250), ms": spread(looks, ".0f", 1e3),
        "votes counted": counted,
        "health: p50 / p95 / max (target ≤ 250), ms": spread(beats, ".0f", 1e3),
        "memory of the server (target ≤ 1200), MB": f"{memory:.0f}",
        "alerts and exceptions": " ".join([str(len(problems)), *problems[:1]]),
    }


async def runs(address: str) -> None:
    await crowd(address, 20, ["grid_steps=20&grid_seed=9999"])  # the workers start
    columns = [await crowd(address, *column) for column in COLUMNS.values()]
    print(f"{'':50}" + "".join(f"{name:>24}" for name in COLUMNS))
    for row, first in columns[0].items():
        cells = [f"{column[row] / first:.1f}" if row == TRAININGS else column[row] for column in columns]
        print(f"{row:50}" + "".join(f"{cell:>24}" for cell in cells))


async def main() -> None:
    parts = {"runs": runs, "wall": wall, "drag": drag, "room": room}
    topics = {topic.name: partial(labs, topic.name) for topic in TOPICS}
    asked = [part for part in sys.argv[1:] if part != "--server"]
    for part in asked or parts:
        with served("server.py" if "--server" in sys.argv else "app.py") as address:
            for row, cell in (await (parts | topics)[part](address) or {}).items():
                print(f"{row:50}{cell:>34}")


if __name__ == "__main__":
    asyncio.run(main())
