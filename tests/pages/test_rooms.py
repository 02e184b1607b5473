"""Rooms: codes, keys, votes and bounds, mostly without a page."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from pages.kit import classroom, compute
from pages.kit.language import speaking
from pages.kit.rooms import AWAY, HOURS, POLLS, SLOT, Poll, Rooms, rows
from pages.labs import LABS

ANSWERS = {"sgd": "SGD", "adam": "Adam"}


def asked(rooms: Rooms, visitors: int = 3):
    room = rooms.open()
    for visitor in range(visitors):
        rooms.enter(room, str(visitor))
    rooms.ask(room, Poll("optimizers/paths", "Which?", ANSWERS))
    return room


def test_a_code_lets_in_and_a_key_teaches():
    rooms = Rooms()
    room = rooms.open()
    assert rooms.find(room.code.lower()) is room
    assert rooms.held(room.key) is room
    assert rooms.held(room.code) is None
    assert rooms.held("") is None
    assert len(room.key) >= 22  # 128 bits


def test_a_visitor_has_one_vote_and_may_change_it():
    rooms = Rooms()
    room = asked(rooms)
    assert rooms.vote(room, "0", "sgd")
    assert rooms.vote(room, "0", "adam")
    assert rooms.vote(room, "1", "adam")
    assert room.poll.counted(0) == {"sgd": 0, "adam": 2}


def test_only_votes_that_are_asked_for_count():
    rooms = Rooms()
    room = asked(rooms)
    assert not rooms.vote(room, "0", "rmsprop")
    assert not rooms.vote(room, "stranger", "sgd")
    rooms.turn(room, "discuss")
    assert not rooms.vote(room, "0", "sgd")
    rooms.turn(room, "second")
    assert rooms.vote(room, "0", "sgd")
    rooms.turn(room, "shown", right="sgd")
    assert not rooms.vote(room, "1", "sgd")
    assert (room.poll.counted(0), room.poll.counted(1)) == ({"sgd": 0, "adam": 0}, {"sgd": 1, "adam": 0})
    rooms.turn(room, "first")
    assert room.poll.state == "shown"  # never back


def test_sixty_votes_at_once_all_count():
    rooms = Rooms()
    room = asked(rooms, 60)
    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(lambda k: rooms.vote(room, str(k), "sgd" if k % 3 else "adam"), range(60)))
    assert room.poll.counted(0) == {"sgd": 40, "adam": 20}


def test_rooms_members_and_questions_are_bounded():
    rooms = Rooms(most=2, members=2)
    room, _ = rooms.open(), rooms.open()
    with pytest.raises(ValueError, match="2 rooms"):
        rooms.open()
    assert [rooms.enter(room, visitor) for visitor in "abca"] == [True, True, False, True]
    for _ in range(POLLS):
        rooms.ask(room, Poll("", "", ANSWERS))
    with pytest.raises(ValueError, match="at most"):
        rooms.ask(room, Poll("", "", ANSWERS))


def test_a_room_is_over_after_its_hours_and_who_does_not_look_is_not_here():
    clock = [0.0]
    rooms = Rooms(now=lambda: clock[0])
    room = asked(rooms)
    assert rooms.here(room) == 3
    clock[0] = 20
    rooms.enter(room, "1")
    assert rooms.here(room) == 1
    clock[0] = HOURS + 1
    assert rooms.find(room.code) is None
    assert rooms.held(room.key) is None


def test_places_are_counted_only_as_they_change():
    rooms = Rooms()
    room = rooms.open()
    rooms.take(room, "", {})
    rooms.take(room, "optimizers", {"preset": ["O3"]})
    rooms.take(room, "optimizers", {"preset": ["O3"]})
    assert room.version == 2


def test_who_is_away_makes_room():
    clock = [0.0]
    rooms = Rooms(members=2, now=lambda: clock[0])
    room = rooms.open()
    assert [rooms.enter(room, visitor) for visitor in "abc"] == [True, True, False]
    clock[0] = AWAY - 1
    assert rooms.enter(room, "b")
    clock[0] = AWAY + 1
    assert [rooms.enter(room, visitor) for visitor in "cd"] == [True, False]


def test_there_are_no_more_votes_than_places():
    clock = [0.0]
    rooms = Rooms(members=2, now=lambda: clock[0])
    room = asked(rooms, 2)
    assert all(rooms.vote(room, visitor, "sgd") for visitor in "01")
    clock[0] = AWAY + 1
    assert rooms.enter(room, "2")
    assert not rooms.vote(room, "2", "adam")
    rooms.turn(room, "second")
    assert rooms.vote(room, "2", "adam")


def test_a_class_that_was_asked_too_often_is_told_so(monkeypatch):
    rooms, state = Rooms(), {}
    monkeypatch.setattr(classroom, "rooms", lambda: rooms)
    monkeypatch.setattr(classroom.st, "session_state", state)
    room = rooms.open()
    for _ in range(POLLS):
        classroom.put(room, Poll("", "", ANSWERS))
    assert not state
    classroom.put(room, Poll("", "", ANSWERS))
    assert "at most" in state[classroom.PROBLEM]


def test_pages_are_drawn_anew_one_after_the_other():
    clock = [100.0]
    rooms = Rooms(now=lambda: clock[0])
    room = rooms.open()
    assert [round(rooms.wait(room) / SLOT) for _ in range(4)] == [0, 1, 2, 3]
    clock[0] = 200
    assert rooms.wait(room) == 0


def test_the_table_of_votes_names_nobody():
    rooms = Rooms()
    room = asked(rooms)
    rooms.vote(room, "0", "adam")
    rooms.turn(room, "shown", right="sgd")
    assert rows(room) == [
        {
            "question": 1,
            "lab": "optimizers/paths",
            "asked": "Which?",
            "answer": "SGD",
            "first": 0,
            "second": "",
            "right": "right",
        },
        {"question": 1, "lab": "optimizers/paths", "asked": "Which?", "answer": "Adam", "first": 1, "second": "", "right": ""},
    ]


def test_a_lab_is_asked_about_in_the_language_of_who_reads():
    lab = LABS["optimizers/why"]
    values = lab.settle({})
    poll = Poll(lab.id, "asked", {}, (lab, values))
    assert classroom.spoken(poll)[0] == lab.prose(values).question
    with speaking("ko"):
        question, answers = classroom.spoken(poll)
    assert question.endswith("까요?")
    assert answers.keys() == lab.prose(values).answers.keys()
    assert classroom.spoken(Poll("a slide", "Which?", ANSWERS)) == ("Which?", ANSWERS)


def test_what_failed_is_not_trained_in_advance_again(visit, monkeypatch):
    begun, rooms = [], Rooms()
    monkeypatch.setattr(classroom, "rooms", lambda: rooms)

    def fails(specs):
        begun.append(specs)
        return SimpleNamespace(look=lambda **_: SimpleNamespace(state="failed" if specs == ["bad"] else "running"))

    app = visit("pages/class.py")
    next(button for button in app.button if button.label == "Open a room").click().run()
    monkeypatch.setattr(compute, "run", fails)
    app.session_state["class warm"] = [["bad"], ["good"]]
    for _ in range(3):
        app.run()
    assert begun == [["bad"], ["good"], ["good"], ["good"]]
