"""A gate lets as many threads do heavy work as there are places; the others stand in a line that is fair to visitors.

The line goes by requests, first come first served, all pieces of a request together. A visitor has one request in it: a newer
one takes over the place of the older, which is superseded. So nobody gets ahead by asking often, nor falls back by it.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOOK = 0.25  # seconds between two looks at the line
TICKS = itertools.count(1)


class Superseded(Exception):  # noqa: N818
    """The same visitor has asked for something else since."""


@dataclass(eq=False)
class Request:
    """What a visitor, or nobody known (""), asks for at once: one piece of work or several; `since` orders the line."""

    visitor: str = ""
    since: int = field(default_factory=lambda: next(TICKS))
    over: bool = False


@dataclass(eq=False)
class Ticket:
    """A piece of a request."""

    request: Request


class Gate:
    """`with gate(request): …` holds a place until the end, whatever ends it; a thread that holds one walks through."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.changed = threading.Condition()
        self.line: list[Ticket] = []
        self.inside: list[Ticket] = []
        self.thread = threading.local()

    def held(self) -> bool:
        """Whether this thread has a place."""
        return self._ticket is not None

    @property
    def _ticket(self) -> Ticket | None:
        """By which this thread has its place."""
        return getattr(self.thread, "ticket", None)

    @contextmanager
    def __call__(self, request: Request, waiting: Callable[[int], None] = lambda _: None) -> Iterator[None]:
        """A place, as soon as one is free. While there is none `waiting(n)` is called again and again, n requests stand before;
        what it raises gives the wait up. Superseded if the visitor comes with another request before it is this one's turn."""
        if self.held():
            yield
            return
        ticket = Ticket(request)
        self._join(ticket)
        try:
            while not self._wait(ticket):
                waiting(self.before(request))
            self.thread.ticket = ticket
            yield
        finally:
            self.thread.ticket = None
            self._leave(ticket)

    @contextmanager
    def left(self) -> Iterator[None]:
        """The place of this thread, if it has one, is somebody else's for as long as it only waits; then it comes back."""
        ticket, self.thread.ticket = self._ticket, None
        if ticket:
            self._leave(ticket)
        yield
        if ticket:
            self._join(ticket)
            while not self._wait(ticket):
                pass
            self.thread.ticket = ticket

    def before(self, request: Request) -> int:
        """How many requests stand before this one, whether it has joined the line or will."""
        with self.changed:
            return len({ticket.request for ticket in self.line if ticket.request.since < request.since})

    def withdraw(self, request: Request) -> None:
        """The visitor has gone: what waits of the request, and what would still come, is superseded."""
        with self.changed:
            request.over = True
            self.changed.notify_all()

    def _join(self, ticket: Ticket) -> None:
        with self.changed:
            mine = ticket.request
            older = {other.request for other in self.line if mine.visitor and other.request.visitor == mine.visitor} - {mine}
            for request in older:
                mine.since = min(mine.since, request.since)
                self.withdraw(request)
            self.line.append(ticket)
            self._admit()

    def _wait(self, ticket: Ticket) -> bool:
        """After a while at most: whether it is inside."""
        with self.changed:
            self.changed.wait_for(lambda: ticket in self.inside or ticket.request.over, LOOK)
            if ticket.request.over and ticket not in self.inside:
                raise Superseded
            return ticket in self.inside

    def _leave(self, ticket: Ticket) -> None:
        with self.changed:
            for place in (self.line, self.inside):
                if ticket in place:
                    place.remove(ticket)
            self._admit()

    def _admit(self) -> None:
        self.line.sort(key=lambda ticket: ticket.request.since)
        while len(self.inside) < self.places and (ready := [ticket for ticket in self.line if not ticket.request.over]):
            self.line.remove(ready[0])
            self.inside.append(ready[0])
        self.changed.notify_all()
