"""A worker is a process of its own that trains one group of experiments at a time and sends back how they grow.

It imports the engine and nothing of Streamlit. Over its pipe come a group, or None to end; while a group trains, STOP may
come. Back go ("grown", histories), then one of ("done", None) and ("error", sentence).
"""

import time
from collections.abc import Sequence
from multiprocessing.connection import Connection

from engine.compare import History, history
from engine.experiments import Experiment
from engine.training import train

STOP = "stop"
PAUSE = 0.2  # seconds between two snapshots


def serve(pipe: Connection) -> None:
    """Train group after group until None comes or the other end is gone."""
    try:
        while (group := pipe.recv()) is not None:
            if group == STOP:  # it crossed the end of the group it was meant for
                continue
            try:
                _train(group, pipe)
                pipe.send(("done", None))
            except Exception as error:
                pipe.send(("error", f"{type(error).__name__}: {error}"))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        pass


def _train(group: Sequence[Experiment], pipe: Connection) -> None:
    sent = 0.0
    for record in train(group):
        last = record.done == group[0].steps
        if last or time.monotonic() - sent > PAUSE:
            grown: list[History] = [history(spec, record, r) for r, spec in enumerate(group)]
            pipe.send(("grown", grown))
            sent = time.monotonic()
        if pipe.poll():
            pipe.recv()
            return
