"""A classroom of 30 on one server: `python -m benchmarks.classroom` prints one table (about four minutes).

Visitors speak Streamlit's protocol as its frontend does: they open a page, press its Run button, and rerun a fragment as often
as the server has asked them to. They share the machine with the server, so all times are upper bounds.
"""

import asyncio
import os
import statistics
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

from tests.browser.serving import served

CLASS, PATIENCE = 30, 120  # visitors, and seconds they wait
STEPS = 40  # of the runs with a seed each
TICKS = os.sysconf("SC_CLK_TCK")
STARTUP, TRAINED = "Predict first", "Trained in"  # what a page, and a finished run, say


class Visitor:
    """A browser tab, as far as the server can tell."""

    def __init__(self, address: str, page: str, query: str = "") -> None:
        self.address, self.page, self.query, self.hash = address, page, query, ""
        self.buttons: dict[str, str] = {}  # label → widget
        self.told: list[str] = []  # sentences and what progress bars say
        self.problems: list[str] = []
        self.cached: deque[str] = deque(maxlen=20)
        self.timers: dict[str, asyncio.Task] = {}  # fragment → its reruns
        self.received = 0
        self.finished = False
        self.news = asyncio.Event()

    async def __aenter__(self) -> "Visitor":
        address = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        self.socket = await connect(
            address, subprotocols=["streamlit"], max_size=None, proxy=None, open_timeout=PATIENCE, ping_timeout=PATIENCE
        )
        self.reader = asyncio.create_task(self._read())
        await self.rerun()
        return self

    async def __aexit__(self, *_) -> None:
        self.stop_timers()
        self.reader.cancel()
        await self.socket.close()

    def stop_timers(self) -> None:
        while self.timers:
            self.timers.popitem()[1].cancel()

    async def rerun(self, pressed: str = "", fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.fragment_id, state.is_auto_rerun = self.query, fragment, bool(fragment)
        state.page_script_hash, state.page_name = self.hash, "" if self.hash else self.page
        state.cached_message_hashes.extend(self.cached)
        if pressed:
            state.widget_states.widgets.append(WidgetState(id=self.buttons[pressed], trigger_value=True))
        await self.socket.send(message.SerializeToString())

    async def until(self, seen: Callable[[], bool]) -> float:
        """When it has been seen."""
        while not seen():
            self.news.clear()
            await self.news.wait()
        return time.monotonic()

    async def train(self) -> float:
        """Press Run, watch; the seconds until the page says it is done."""
        await self.until(lambda: self.finished and "Run" in self.buttons)
        start = time.monotonic()
        await self.rerun(pressed="Run")
        return await self.until(lambda: any(line.startswith(TRAINED) for line in self.told)) - start

    async def _read(self) -> None:
        async for raw in self.socket:
            self.received += len(raw)
            self._take(ForwardMsg.FromString(raw))
            self.news.set()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self.cached.append(message.hash)
        if kind == "new_session":
            self.hash = message.new_session.page_script_hash
            if not message.metadata.run.fragment_ids:
                self.stop_timers()
        elif kind == "auto_rerun" and message.auto_rerun.fragment_id not in self.timers:
            asked = message.auto_rerun
            self.timers[asked.fragment_id] = asyncio.create_task(self._look_again(asked.fragment_id, asked.interval))
        elif kind == "script_finished":
            self.finished = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        elif kind == "delta":
            element = message.delta.new_element
            shown = element.WhichOneof("type")
            if shown == "button":
                self.buttons[element.button.label] = element.button.id
            elif shown == "markdown":
                self.told.append(element.markdown.body)
            elif shown == "progress":
                self.told.append(element.progress.text)
            elif shown == "exception":
                self.problems.append(f"{element.exception.type}: {element.exception.message}")

    async def _look_again(self, fragment: str, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self.rerun(fragment=fragment)
