"""A pool for a test, which leaves no process behind, and networks that are quick, slow, and dear."""

import multiprocessing
import time
from contextlib import contextmanager

from engine.experiments import mnist
from pages.kit.pool import Pool
from pages.kit.runs import ENDED

QUICK = mnist(hidden=(10,), train_size=100, steps=20, eval_every=10)
SLOW = mnist(hidden=(10,), train_size=100, steps=20000, evaluate="none")
DEAR = mnist(hidden=(50,), train_size=100, steps=20000, evaluate="none")  # no short run any more


@contextmanager
def pooled(workers: int = 2, **options):
    others = multiprocessing.active_children()
    pool = Pool(workers, **options)
    try:
        yield pool
    finally:
        pool.close()
    assert not [child for child in multiprocessing.active_children() if child not in others and child.is_alive()]


def processes(pool: Pool):
    """The worker processes there are now."""
    return [driver.process for driver in pool.drivers if driver.process]


def wait_for(condition, seconds=180.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def ended(run):
    return lambda: run.look().state in ENDED


def moving(run):
    return lambda: run.look().progress > 0
