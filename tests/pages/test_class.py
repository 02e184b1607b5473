"""A class on a real server: what students send that is none of theirs changes nothing."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.classroom import Visitor
from tests.browser.serving import served


class Reader(Visitor):
    """A visitor who keeps the words of the page, and the identity of every switch."""

    def __init__(self, address: str, page: str, query: str = "") -> None:
        super().__init__(address, page, query)
        self.words: list[str] = []
        self.switches: dict[str, str] = {}

    def _take(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "delta":
            element = message.delta.new_element
            self.words.append(element.markdown.body or element.alert.body)
            self.switches[element.checkbox.label] = element.checkbox.id
        super()._take(message)

    async def read(self, pattern: str) -> str:
        """The last text that matches, as soon as there is one; it is forgotten then."""
        async with asyncio.timeout(30):
            while not (found := [text for text in self.words if re.match(pattern, text)]):
                await asyncio.sleep(0.05)
        self.words.clear()
        return found[-1]

    async def forge(self, *widgets: str) -> None:
        """Say that all these widgets were pressed."""
        message = BackMsg()
        message.rerun_script.page_script_hash, message.rerun_script.query_string = self.hash, self.query
        for widget in widgets:
            message.rerun_script.widget_states.widgets.add(id=widget, trigger_value=True)
        await self.socket.send(message.SerializeToString())

    async def turn_to(self, page: str) -> None:
        self.hash, self.page = "", page
        self.opened.clear()
        await self.rerun()
        await asyncio.wait_for(self.opened.wait(), 60)

    async def press(self, label: str) -> None:
        self.opened.clear()
        await self.rerun(pressed=label)
        await asyncio.wait_for(self.opened.wait(), 60)


async def attack(address: str) -> None:
    async with Reader(address, "class") as teacher:
        await teacher.opened.wait()
        await teacher.press("Open a room")
        code = (await teacher.read(r"# \w{5}"))[2:]
        await teacher.turn_to("optimizers")
        await teacher.press("Ask this lab's question")
        async with Reader(address, "optimizers", f"room={code}") as student:
            await student.opened.wait()
            assert not {"Discuss", "Reveal", "No question", "End the room"} & student.buttons.keys()
            await teacher.read("0 of 1 have voted")
            await student.forge(*filter(None, (*teacher.buttons.values(), *teacher.switches.values())))
            await asyncio.sleep(2)
            teacher.words.clear()
            await teacher.read("0 of 1 have voted")  # neither turned on, nor revealed, nor ended
            assert not [problem for problem in student.problems if "waits" not in problem]
        for key in (code, "x" * 10_000, "", "' or 1=1"):
            async with Reader(address, "optimizers", f"room={code}&key={key}") as stranger:
                await stranger.opened.wait()
                assert "Discuss" not in stranger.buttons


def test_students_can_neither_teach_nor_end_a_class():
    with served() as address, ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(attack(address))).result()
