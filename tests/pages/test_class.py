"""A class on a real server: what students send that is none of theirs changes nothing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.classroom import Visitor
from tests.browser.serving import served


class Forger(Visitor):
    """A visitor who sends what no button of theirs would."""

    async def forge(self, *widgets: str) -> None:
        """Say that all these widgets were pressed."""
        message = BackMsg()
        message.rerun_script.page_script_hash, message.rerun_script.query_string = self.hash, self.query
        for widget in widgets:
            message.rerun_script.widget_states.widgets.add(id=widget, trigger_value=True)
        await self.socket.send(message.SerializeToString())


async def attack(address: str) -> None:
    async with Forger(address, "class") as teacher:
        await teacher.opened.wait()
        await teacher.press("Open a room")
        code = (await teacher.read(r"# \w{5}"))[2:]
        await teacher.turn_to("optimizers")
        await teacher.press("Ask this lab's question")
        async with Forger(address, "optimizers", f"room={code}") as student:
            await student.opened.wait()
            assert not {"Discuss", "Reveal", "No question", "End the room"} & student.buttons.keys()
            await teacher.read("0 of 1 have voted")
            await student.forge(*filter(None, (*teacher.buttons.values(), *teacher.switches.values())))
            await asyncio.sleep(2)
            teacher.words.clear()
            await teacher.read("0 of 1 have voted")  # neither turned on, nor revealed, nor ended
            assert not [problem for problem in student.problems if "waits" not in problem]
        for key in (code, "x" * 10_000, "", "' or 1=1"):
            async with Forger(address, "optimizers", f"room={code}&key={key}") as stranger:
                await stranger.opened.wait()
                assert "Discuss" not in stranger.buttons


def test_students_can_neither_teach_nor_end_a_class():
    with served() as address, ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(attack(address))).result()


def test_a_link_into_a_class_that_is_over_says_so(visit):
    app = visit("pages/home.py", room="ZZZZZ")
    assert [error.value for error in app.error] == ["There is no class `ZZZZZ` on this server."]
    assert "room" not in app.query_params
