"""What Streamlit forgets at the end of a script, and what waits for it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.classroom import Visitor
from tests.browser.serving import served

RACE = """
import time
import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from pages.kit import internals

@st.fragment
def look():
    st.markdown("looked")

def ask():
    time.sleep(0.5)  # meanwhile the script comes to its end
    [fragment] = session._fragment_storage._fragments
    session.request_rerun(ClientState(fragment_id=fragment))

context = get_script_run_ctx()
session = Runtime.instance()._session_mgr.get_active_session_info(context.session_id).session
look()
session._call_soon_on_event_loop(ask)
st.markdown("the end")
if "deliver" in st.query_params:
    internals.deliver()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    script = tmp_path_factory.mktemp("race") / "race.py"
    script.write_text(RACE)
    with served(str(script)) as address:
        yield address


def words(address: str, query: str) -> list[str]:
    """What a visitor reads there."""
    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop in this one
        return thread.submit(lambda: asyncio.run(read(address, query))).result()


async def read(address: str, query: str) -> list[str]:
    async with Visitor(address, "", query) as visitor:
        for _ in range(100):
            if visitor.words.count("looked") == 2:
                break
            await asyncio.sleep(0.05)
        return visitor.words


def test_the_end_of_a_page_is_told_though_a_fragment_is_asked_for_just_then(address):
    assert "the end" in words(address, "deliver=1")


def test_without_waiting_streamlit_would_forget_it(address):
    told = words(address, "")
    assert "looked" in told
    assert "the end" not in told
