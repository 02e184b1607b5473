"""A worker is a process of its own that trains groups of experiments, each a short turn at a time.

It imports the engine and nothing of Streamlit. Over its pipe come turns: (name of the group, its experiments, names of the
groups to hold on to). After each goes back ("grown" or "done", (histories, seconds)) or ("error", (sentence, traceback)).
"""

import os
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection

from engine.compare import History, history
from engine.datasets import load
from engine.experiments import Experiment
from engine.training import train

TURN = 0.1  # seconds
NICE = 10  # how far training stands back behind the server's own process


class Held:
    """A group in training, and the steps whose probes and weights have been sent."""

    def __init__(self, group: list[Experiment]) -> None:
        self.group, self.records = group, train(group)
        self.sent: set[int] = set()

    def turn(self) -> tuple[bool, list[History]]:
        """Train for a turn: whether it is the end, and the histories with the probes and weights that are new."""
        end = time.monotonic() + TURN
        record = next(self.records)
        while record.done < self.group[0].steps and time.monotonic() < end:
            record = next(self.records)
        grown = [history(spec, record, r, without=self.sent) for r, spec in enumerate(self.group)]
        self.sent |= record.probes.keys() | record.weights.keys()
        return record.done == self.group[0].steps, grown


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
            name, group, names = pipe.recv()
            held = {known: held[known] for known in names if known in held}
            try:
                if name not in held:
                    held[name] = Held(group)
                began = time.monotonic()
                over, grown = held[name].turn()
                pipe.send(("done" if over else "grown", (grown, time.monotonic() - began)))
            except Exception as error:
                pipe.send(("error", (sentence(error), traceback.format_exc())))
    except (EOFError, OSError, KeyboardInterrupt):
        pass


def sentence(error: Exception) -> str:
    """What a visitor is told: the words that our own checks chose, else the kind of the error before them."""
    return str(error) if isinstance(error, (ValueError, OSError)) else f"{type(error).__name__}: {error}"
