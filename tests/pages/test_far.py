"""Training on a Dask cluster: the numbers of this machine, whoever comes and goes. Real schedulers, workers and signals."""

import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from pages.kit import far
from pages.kit.far import Cluster, Far
from tests.pages.machines import kill, machines
from tests.pages.pools import QUICK, SLOW, ended, pooled, processes, wait_for
from tests.pages.test_store import SHOWN, assert_same
from tests.runs import trained

BRIEF = [replace(SLOW, steps=3000, seed=seed) for seed in range(4)]


@pytest.fixture(scope="module")
def two():
    with machines(2) as found:
        yield found


@contextmanager
def training_on(found, places=2, **options):
    """A pool of two cores and a cluster, as soon as it trains there, or knows that it cannot."""
    with pooled(cluster=Cluster(found.address), **options) as pool:
        wait_for(lambda: pool.workers and pool.cluster.places == places)
        wait_for(lambda: not places or far_processes(pool) == places)
        yield pool


def far_processes(pool):
    """How many there are; none while one of them is of this machine."""
    found = processes(pool)
    return len(found) if all(isinstance(process, Far) for process in found) else 0


def begun(run):
    wait_for(lambda: all(len(history.loss) for history in run.look().histories))
    return run


def assert_right(run):
    wait_for(ended(run))
    assert run.look().state == "done"
    for ours, theirs in zip(run.histories, trained(run.experiments), strict=True):
        np.testing.assert_array_equal(ours.loss, theirs.loss)


def test_a_cluster_trains_the_same_numbers(two):
    specs = [replace(QUICK, lr=lr, optimizer=name, **SHOWN) for lr in (0.1, 0.01) for name in ("sgd", "adam")]
    with training_on(two) as pool:
        run = pool.run(specs)
        wait_for(ended(run))
        assert (run.look().state, run.look().note) == ("done", "")
        assert far_processes(pool) == 2
        wrong = pool.run([replace(QUICK, train_size=5000)])
        wait_for(ended(wrong))
        assert wrong.look().note == "train_size must lie between 1 and 4000, not 5000"
    for ours, theirs in zip(run.histories, trained(specs), strict=True):
        assert_same(ours, theirs)


def test_a_worker_that_is_killed_and_one_that_comes_lose_nothing(two):
    with training_on(two) as pool:
        run = begun(pool.run([replace(spec, steps=10_000) for spec in BRIEF]))  # some turns are left
        kill(two.workers.pop(0))
        wait_for(lambda: "was replaced" in run.look().note)
        two.add()
        assert_right(run)
        wait_for(lambda: len(pool.cluster.threads) == 2)


def test_a_worker_that_does_not_answer_is_not_used_again(two, caplog):
    with training_on(two, patience=2) as pool:
        os.kill(two.workers[0].pid, signal.SIGSTOP)
        assert_right(pool.run(BRIEF))
        assert "does not answer and is not used any more" in caplog.text
        assert pool.workers == 1
        two.add()
        wait_for(lambda: pool.cluster.places == 2)
    kill(two.workers.pop(0))


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(far, "PATIENCE", 1.0)
    monkeypatch.setattr(far, "AGAIN", 0.5)


@pytest.mark.usefixtures("impatient")
def test_without_a_scheduler_this_server_trains_and_goes_over_when_it_comes():
    with machines(1) as found:
        kill(found.scheduler)
        with training_on(found, places=0) as pool:
            run = begun(pool.run(BRIEF[:2]))
            assert run.look().note == "The cluster cannot be reached: this server trains for itself."
            found.begin()
            assert_right(run)
            wait_for(lambda: pool.workers == 1)
            after = begun(pool.run([replace(SLOW, lr=0.02)]))
            assert far_processes(pool) == 1
            kill(found.scheduler)
            wait_for(lambda: pool.cluster.excuse)
            assert_right(after)
            assert not any(isinstance(process, Far) for process in processes(pool))


@pytest.mark.usefixtures("impatient")
def test_another_engine_does_not_train(two, monkeypatch, caplog):
    monkeypatch.setattr("pages.kit.fingerprint.fingerprint", lambda: "ours")
    with training_on(two, places=0) as pool:
        run = pool.run(BRIEF[:1])
        wait_for(lambda: "it has engine" in run.look().note)
        assert run.look().note.startswith("The cluster cannot be used, it has engine ")
        assert run.look().note.endswith(" instead of ours: this server trains for itself.")
        assert_right(run)
    assert "is not used: it has engine" in caplog.text


@pytest.mark.usefixtures("impatient")
def test_without_workers_or_dask_this_server_trains(monkeypatch):
    with machines(0) as found:
        with training_on(found, places=0) as pool:
            no_workers = "The cluster cannot be used, it has no workers: this server trains for itself."
            wait_for(lambda: pool.cluster.excuse == no_workers)
        monkeypatch.setitem(sys.modules, "distributed", None)
        with training_on(found, places=0) as pool:
            assert pool.cluster.excuse.startswith("Dask is not installed (requirements-cluster.txt)")
            assert_right(pool.run([QUICK]))
