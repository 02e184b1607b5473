"""A worker is a process of its own that trains groups of experiments, each a short turn at a time.

It imports the engine and nothing of Streamlit. Over its pipe come turns: (name of the group, its experiments, names of the
groups to hold on to). After each goes back ("grown" or "done", (histories, seconds)) or ("error", (sentence, traceback)).
"""

import os
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from engine.compare import History, history
from engine.datasets import load
from engine.experiments import Experiment
from engine.training import train

TURN = 0.1  # seconds
NICE = 10  # how far training stands back behind the server's own process

Answer = tuple[str, tuple[Any, Any]]


class Held:
    """A group in training, and the steps whose probes and weights have been sent."""

    def __init__(self, group: list[Experiment]) -> None:
        self.group, self.records = group, train(group)
        self.sent: set[int] = set()

    def turn(self, seconds: float = TURN) -> tuple[bool, list[History]]:
        """Train for so long: whether it is the end, and the histories with the probes and weights that are new."""
        end = time.monotonic() + seconds
        record = next(self.records)
        while record.done < self.group[0].steps and time.monotonic() < end:
            record = next(self.records)
        grown = [history(spec, record, r, without=self.sent) for r, spec in enumerate(self.group)]
        self.sent |= record.probes.keys() | record.weights.keys()
        return record.done == self.group[0].steps, grown


def give(held: dict[int, Held], name: int, group: list[Experiment], names: list[int], seconds: float = TURN) -> Answer:
    """A turn of a group, which begins if it is not held yet; of all that are, only those of the `names` stay."""
    for known in held.keys() - set(names):
        del held[known]
    try:
        if name not in held:
            held[name] = Held(group)
        began = time.monotonic()
        over, grown = held[name].turn(seconds)
        return "done" if over else "grown", (grown, time.monotonic() - began)
    except Exception as error:
        return "error", (sentence(error), traceback.format_exc())


def serve(pipe: Connection) -> None:
    """Give turns until the other end is gone. Visitors' pages go first, and the first run
    finds the images loaded; if they cannot be, the turn that needs them says why."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    with suppress(Exception):
        load("mnist")
    held: dict[int, Held] = {}
    try:
        while True:
            pipe.send(give(held, *pipe.recv()))
    except (EOFError, OSError, KeyboardInterrupt):
        pass


def sentence(error: Exception) -> str:
    """What a visitor is told: the words that our own checks chose, else the kind of the error before them."""
    return str(error) if isinstance(error, (ValueError, OSError)) else f"{type(error).__name__}: {error}"
