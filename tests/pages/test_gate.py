"""The gate: so many inside, a fair line, room for nesting, and no place lost whatever ends the work."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from pages.kit import classroom, compute
from pages.kit.gate import Gate, Request, Superseded
from tests.pages.pools import wait_for


class Work:
    """Pieces of work that stand in a gate's line, by name, until they are let go."""

    def __init__(self, gate):
        self.gate, self.go, self.begun, self.ends = gate, {}, [], {}
        self.threads = ThreadPoolExecutor(20)

    def come(self, name, request):
        """Wait until it stands in the line, or is inside."""
        self.go[name] = threading.Event()
        self.ends[name] = self.threads.submit(self._do, name, request)
        wait_for(lambda: any(ticket.request is request for ticket in (*self.gate.line, *self.gate.inside)))

    def _do(self, name, request):
        with self.gate(request):
            self.begun.append(name)
            self.go[name].wait(20)

    def finish(self, name):
        wait_for(lambda: name in self.begun)
        self.go[name].set()
        self.ends[name].result(20)


@pytest.fixture
def work():
    work = Work(Gate(1))
    yield work
    for event in work.go.values():
        event.set()
    work.threads.shutdown()


def test_no_more_inside_than_places():
    gate, inside, most = Gate(2), [], []

    def do(visitor):
        with gate(Request(visitor)):
            inside.append(visitor)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(visitor)

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(do, map(str, range(24))))
    assert len(most) == 24
    assert max(most) == 2


def test_the_line_goes_by_requests_with_all_their_pieces(work):
    work.come("first", Request())
    ann, bob = Request("ann"), Request("bob")
    work.come("a1", ann)
    work.come("b1", bob)
    assert (work.gate.before(ann), work.gate.before(bob)) == (0, 1)
    work.come("a2", ann)
    assert work.gate.before(bob) == 1
    for name in ("first", "a1", "a2", "b1"):
        work.finish(name)
    assert work.begun == ["first", "a1", "a2", "b1"]


def test_a_newer_request_takes_over_the_place_of_the_older(work):
    work.come("first", Request("ann"))
    work.come("old", Request("ann"))
    work.come("b", Request("bob"))
    work.come("new", Request("ann"))
    with pytest.raises(Superseded):
        work.ends["old"].result(20)
    work.come("other", Request())
    for name in ("first", "new", "b", "other"):
        work.finish(name)
    assert work.begun == ["first", "new", "b", "other"]


def test_a_thread_inside_walks_through():
    gate = Gate(1)
    with gate(Request("ann")), gate(Request("ann")), gate(Request("bob")):
        assert len(gate.inside) == 1
    assert not gate.inside
    assert not gate.held()


@pytest.mark.parametrize("error", [ValueError, StopException, KeyboardInterrupt])
def test_what_ends_the_work_or_the_wait_gives_the_place_back(work, error):
    with pytest.raises(error), work.gate(Request()):
        raise error
    assert not work.gate.inside
    work.come("first", Request())

    def weary(before):
        assert before == 0
        raise error

    with pytest.raises(error), work.gate(Request(), weary):
        pytest.fail("there is no place")
    assert not work.gate.line
    work.finish("first")
    work.come("last", Request())
    work.finish("last")


PAGE = """
import streamlit as st
from pages.kit import classroom, compute

if __name__ == "__main__":  # workers import it too

    @compute.heavy("Squaring …", max_entries=10)
    def square(number: int) -> int:
        assert compute.GATE.held()
        return number**2 if number < 100 else square(number % 100)

    st.write(f"{square(3)} {compute.each(square, [(2,), (3,), (204,)], 'Squaring …')}")
"""


@pytest.fixture
def gate(monkeypatch):
    gate = Gate(1)
    monkeypatch.setattr(compute, "GATE", gate)
    return gate


def test_heavy_work_of_a_page_goes_through_the_gate_once(gate, monkeypatch, tmp_path):
    entered, join = [], gate._join
    monkeypatch.setattr(gate, "_join", lambda ticket: entered.append(ticket.request.visitor) or join(ticket))
    (tmp_path / "page.py").write_text(PAGE)
    app = AppTest.from_file(tmp_path / "page.py").run()
    assert not app.exception
    assert app.markdown[0].value == "9 [4, 9, 16]"
    visitor = app.session_state["visitor"]
    assert visitor
    assert entered == [visitor] * 3  # 3, 2 and 204; the second 3 is known, 4 is computed in 204's place
    assert app.run().session_state["visitor"] == visitor
    assert len(entered) == 3
    assert not gate.inside


@pytest.mark.parametrize("several", [False, True])
def test_a_page_that_waits_shows_its_place_and_can_be_interrupted(gate, several, monkeypatch):
    work, told = Work(gate), []

    @contextmanager
    def spinner(text):
        told.append(text)
        if text == "Adding …":  # Streamlit may interrupt the script wherever it is called
            raise StopException
        yield

    @compute.heavy("Adding …", max_entries=10)
    def add(a: int, b: int) -> int:
        return a + b

    monkeypatch.setattr(compute.st, "spinner", spinner)
    work.come("first", Request())
    work.come("second", Request())
    asking = work.threads.submit(compute.each, add, [(1, 2), (3, 4)], "Adding …") if several else work.threads.submit(add, 1, 2)
    wait_for(lambda: told == ["Adding … 1 before you."])
    work.finish("first")
    with pytest.raises(StopException):
        asking.result(20)
    assert told == ["Adding … 1 before you.", "Adding …"]
    assert not gate.line
    work.finish("second")
    assert not gate.inside
    work.threads.shutdown()


def test_a_place_that_only_waits_is_somebody_elses_meanwhile_and_comes_back(work):
    gate, first, second, left, back = work.gate, Request("a"), Request("b"), threading.Event(), threading.Event()
    seen = []

    def page():
        with gate(first):
            with gate.left():
                seen.append(gate.held())
                left.set()
                back.wait(20)
            seen.append(gate.held())

    going = work.threads.submit(page)
    assert left.wait(20)
    work.come("b", second)
    wait_for(lambda: work.begun == ["b"])
    back.set()
    wait_for(lambda: any(ticket.request is first for ticket in gate.line))
    work.come("c", Request("c"))
    work.finish("b")
    going.result(20)  # whoever comes back was there before those who came since
    assert seen == [False, True]
    work.finish("c")
    assert not gate.line
    assert not gate.inside


def test_a_page_that_is_interrupted_keeps_its_place_in_the_line(visit, monkeypatch):
    places = []

    def remember(request, *_):
        places.append(request.since)
        raise StopException

    visitor = visit("pages/softmax.py")
    assert "since" not in visitor.session_state
    with monkeypatch.context() as patch:
        patch.setattr(compute, "PAGES", remember)
        visitor.run()
        visitor.run()
    assert len(set(places)) == 1
    assert "since" not in visitor.run().session_state
    assert not visitor.exception


def test_who_teaches_takes_no_turn(visit, monkeypatch):
    def refuse(*_):
        raise AssertionError("a turn was asked for")

    monkeypatch.setattr(compute, "PAGES", refuse)
    assert visit("pages/softmax.py").exception
    room = classroom.rooms().open()
    monkeypatch.setattr(classroom, "taught", lambda: room)
    assert not visit("pages/softmax.py").exception
    monkeypatch.setattr(classroom, "taught", lambda: None)
    assert visit("pages/softmax.py", room=room.code).exception
    classroom.rooms().end(room)
