"""A room is a class in the server's memory: who is here, where the teacher is, and what the class is asked.

Students are known by a token alone. Whoever holds the key is the teacher; a code lets in, and can do nothing else.
"""

import secrets
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pages.kit.language import tr

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike
ROOMS, MEMBERS, POLLS = 200, 500, 100
HOURS = 6 * 3600.0  # seconds that a room lasts, and which nobody needs to end
SLOT = 0.035  # seconds that a page takes to be drawn: so far apart they come
AWAY = 15.0  # seconds without a look after which somebody is not here
STATES = ("first", "discuss", "second", "shown")

Query = dict[str, list[str]]


@dataclass
class Poll:
    """A question with its answers, key → words, and both votes, visitor → key; `state` goes through STATES. `source` is what it
    is asked about and `verdict` what came out, at which rooms do not look; `seeds` counts what the experiment answers with
    other seeds."""

    lab: str
    question: str
    answers: Mapping[str, str]
    source: Any = None
    state: str = STATES[0]
    votes: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))
    right: str = ""
    verdict: Any = None
    seeds: Mapping[str, int] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return self.state in ("first", "second")

    @property
    def twice(self) -> bool:
        """Whether the class has been asked again."""
        return self.state == "second" or bool(self.votes[1])

    def counted(self, vote: int) -> dict[str, int]:
        """Answer → how many gave it in the first (0) or the second vote (1)."""
        found = Counter(self.votes[vote].values())
        return {answer: found[answer] for answer in self.answers}


@dataclass(eq=False)
class Room:
    """`version` counts the places that the teacher took the class to."""

    code: str
    key: str
    opened: float
    seen: dict[str, float] = field(default_factory=dict)
    page: str = ""
    query: Query = field(default_factory=dict)
    version: int = 0
    due: float = 0.0  # when the next page may be drawn anew
    poll: Poll | None = None
    asked: list[Poll] = field(default_factory=list)


class Rooms:
    """All rooms, behind one lock. `now` tells seconds."""

    def __init__(self, most: int = ROOMS, members: int = MEMBERS, now: Callable[[], float] = time.monotonic) -> None:
        self.most, self.members, self.now = most, members, now
        self.lock = threading.Lock()
        self.all: OrderedDict[str, Room] = OrderedDict()

    def open(self) -> Room:
        """A new room; ValueError if there are as many as may be."""
        with self.lock:
            self._forget()
            if len(self.all) >= self.most:
                raise ValueError(tr("there are {most} rooms on this server already: try again later", most=self.most))
            code = next(code for code in iter(self._draw, "") if code not in self.all)
            room = self.all[code] = Room(code, secrets.token_urlsafe(16), self.now())
            return room

    def find(self, code: str) -> Room | None:
        with self.lock:
            self._forget()
            return self.all.get(code.upper())

    def held(self, key: str) -> Room | None:
        """The room whose teacher holds this key."""
        with self.lock:
            self._forget()
            return next((room for room in self.all.values() if key and secrets.compare_digest(room.key, key)), None)

    def end(self, room: Room) -> None:
        with self.lock:
            self.all.pop(room.code, None)

    def enter(self, room: Room, visitor: str) -> bool:
        """Whether a visitor is in the room. It is full at some point; then who is away makes room for who comes."""
        with self.lock:
            now = self.now()
            if visitor not in room.seen and len(room.seen) >= self.members:
                room.seen = {known: seen for known, seen in room.seen.items() if now - seen < AWAY}
            if visitor not in room.seen and len(room.seen) >= self.members:
                return False
            room.seen[visitor] = now
            return True

    def here(self, room: Room) -> int:
        """How many students have looked within the last few seconds."""
        with self.lock:
            return sum(self.now() - seen < AWAY for seen in room.seen.values())

    def take(self, room: Room, page: str, query: Query) -> None:
        """The teacher is here now."""
        with self.lock:
            if (page, query) != (room.page, room.query) or not room.version:
                room.page, room.query = page, query
                room.version += 1

    def wait(self, room: Room) -> float:
        """Seconds until it is a page's turn to be drawn anew: all at once would be slower for each, and stop the server."""
        with self.lock:
            now = self.now()
            room.due = max(now, room.due + SLOT)
            return room.due - now

    def ask(self, room: Room, poll: Poll) -> None:
        """Ask the class; ValueError if it has been asked as often as may be."""
        with self.lock:
            if len(room.asked) >= POLLS:
                raise ValueError(tr("a class is asked {most} questions at most: open another room", most=POLLS))
            room.poll = poll
            room.asked.append(poll)

    def vote(self, room: Room, visitor: str, answer: str) -> bool:
        """Whether a vote counts: of somebody who is in the room, one of the answers, while it is asked for. The last one of a
        visitor is kept."""
        with self.lock:
            poll = room.poll
            if poll is None or not poll.open or answer not in poll.answers or visitor not in room.seen:
                return False
            ballots = poll.votes[poll.state == "second"]
            if visitor not in ballots and len(ballots) >= self.members:
                return False
            ballots[visitor] = answer
            return True

    def turn(self, room: Room, state: str, right: str = "", verdict: Any = None) -> None:
        """The question goes on to another state; at its end to the answer that was right, and to what came out."""
        with self.lock:
            if room.poll and STATES.index(state) > STATES.index(room.poll.state):
                room.poll.state, room.poll.right, room.poll.verdict = state, right, verdict

    def close(self, room: Room) -> None:
        """No question any more."""
        with self.lock:
            room.poll = None

    @staticmethod
    def _draw() -> str:
        return "".join(secrets.choice(LETTERS) for _ in range(5))

    def _forget(self) -> None:
        for code, room in list(self.all.items()):
            if self.now() - room.opened > HOURS:
                del self.all[code]


def rows(room: Room) -> list[dict[str, str | int]]:
    """A row an answer of every question: how many gave it in the first and in the second vote, and whether it was right."""
    return [
        {
            "question": place + 1,
            "lab": poll.lab,
            "asked": poll.question,
            "answer": words,
            "first": poll.counted(0)[key],
            "second": poll.counted(1)[key] if poll.twice else "",
            "right": "right" if key == poll.right else "",
        }
        for place, poll in enumerate(room.asked)
        for key, words in poll.answers.items()
    ]
