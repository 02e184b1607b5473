"""The pool and its runs: shared, in order, stoppable, surviving a killed worker and an error, bounded."""

import multiprocessing
import time
from dataclasses import replace

import numpy as np
import pytest

from engine.compare import compare
from engine.experiments import mnist
from engine.histogram import Histogram
from pages.kit.runs import ENDED, Pool
from pages.kit.worker import Held

QUICK = mnist(hidden=(10,), train_size=100, steps=20, eval_every=10)
SLOW = mnist(hidden=(10,), train_size=100, steps=20000, evaluate="none")


@pytest.fixture
def pool():
    others = multiprocessing.active_children()
    pool = Pool(workers=2, grace=30, kept=4)
    yield pool
    pool.close()
    assert not [child for child in multiprocessing.active_children() if child not in others and child.is_alive()]


def wait_for(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def ended(run):
    return lambda: run.look().state in ENDED


def test_a_run_ends_as_compare_does(pool):
    specs = [replace(QUICK, lr=lr, optimizer=name) for lr in (0.1, 0.01) for name in ("sgd", "adam")]
    run = pool.run(specs)
    wait_for(ended(run))
    snapshot = run.look()
    assert (snapshot.state, snapshot.progress, snapshot.note) == ("done", 1.0, "")
    assert 0 < snapshot.elapsed < 20
    for ours, theirs in zip(snapshot.histories, compare(specs), strict=True):
        np.testing.assert_array_equal(ours.loss, theirs.loss)
        np.testing.assert_array_equal(ours.test_accuracy, theirs.test_accuracy)


def test_two_askers_share_one_run_and_a_finished_one_is_there_at_once(pool):
    run = pool.run([QUICK])
    assert pool.run([replace(QUICK)]) is run
    wait_for(ended(run))
    again = pool.run([QUICK])
    assert again is run
    assert again.look().state == "done"


def test_it_grows_while_it_trains_and_tells_the_time_left(pool):
    run = pool.run([SLOW])
    wait_for(lambda: 0 < run.look().progress < 1)
    first = run.look()
    wait_for(lambda: run.look().progress > first.progress)
    assert run.look().remaining > 0
    assert np.isfinite(run.look().histories[0].loss).all()


def test_as_many_runs_as_workers_and_the_others_queue_in_order(pool):
    runs = [pool.run([replace(SLOW, seed=seed)]) for seed in range(5)]
    wait_for(lambda: [run.look().state for run in runs[:2]] == ["running"] * 2)
    assert [run.look().state for run in runs[2:]] == ["queued"] * 3
    assert [run.look().place for run in runs] == [0, 0, 0, 1, 2]
    runs[0].cancel()
    wait_for(lambda: runs[2].look().state == "running")
    assert [run.look().place for run in runs[3:]] == [0, 1]
    assert runs[3].look().state == "queued"


def test_active_runs_take_turns(pool):
    long = pool.run([replace(SLOW, steps=2000, seed=seed) for seed in range(8)])
    wait_for(lambda: long.look().state == "running")
    short = pool.run([QUICK])
    wait_for(ended(short))
    assert long.look().state == "running"


def test_all_groups_of_a_run_move_at_once(pool):
    run = pool.run([replace(SLOW, seed=seed) for seed in range(6)])
    wait_for(lambda: all(len(history.loss) for history in run.look().histories))
    assert run.look().progress < 0.5


def test_probes_and_weights_travel_once():
    group = [replace(SLOW, steps=2000, lr=lr, probe_steps=(1, 1000), weight_steps=(1, 1200, 2000)) for lr in (0.01, 0.02)]
    held, over, turns = Held(group), False, []
    while not over:
        over, grown = held.turn()
        turns.append(grown)
    assert len(turns) > 1
    for sent in zip(*turns, strict=True):
        assert [step for history in sent for step in history.probes] == [1, 1000]
        assert [step for history in sent for step in history.weights] == [1, 1200, 2000]


def test_probes_and_weights_arrive_whole(pool):
    spec = replace(SLOW, steps=3000, batchnorm="before", probe_steps=(1, 1500, 3000), weight_steps=(1, 1400, 3000))
    run = pool.run([spec])
    wait_for(ended(run))
    (ours,), (theirs,) = run.look().histories, compare([spec])
    assert list(ours.probes) == [1, 1500, 3000]
    for step, layers in theirs.probes.items():
        for found, expected in zip(ours.probes[step], layers, strict=True):
            for name, value in expected.items():
                if isinstance(value, Histogram):
                    np.testing.assert_equal(vars(found[name]), vars(value))
                else:
                    np.testing.assert_array_equal(found[name], value)
    assert list(ours.weights) == [1, 1400, 3000]
    for step, weights in theirs.weights.items():
        np.testing.assert_array_equal(ours.weights[step].theta, weights.theta)
        np.testing.assert_array_equal(ours.weights[step].running, weights.running)


def test_cancel_stops_between_two_steps_and_the_worker_goes_on(pool):
    run = pool.run([SLOW])
    wait_for(lambda: run.look().progress > 0)
    run.cancel()
    assert run.look().state == "cancelled"
    length = len(run.look().histories[0].loss)
    quick = pool.run([QUICK])
    wait_for(ended(quick))
    assert quick.look().state == "done"
    assert len(run.look().histories[0].loss) == length < 20000
    assert pool.run([SLOW]) is not run


def test_a_killed_worker_is_replaced_and_the_page_is_told(pool):
    run = pool.run([replace(SLOW, steps=3000)])
    wait_for(lambda: run.look().progress > 0)
    for child in multiprocessing.active_children():
        child.kill()
    wait_for(lambda: "was replaced" in run.look().note)
    wait_for(ended(run))
    assert run.look().state == "done"
    np.testing.assert_array_equal(run.look().histories[0].loss, compare([replace(SLOW, steps=3000)])[0].loss)


def test_a_worker_that_dies_twice_gives_the_run_up(pool):
    run = pool.run([SLOW])
    for _ in range(2):
        wait_for(lambda: len(run.look().histories[0].loss) > 0 and run.look().state == "running")
        before = run.retried
        for child in multiprocessing.active_children():
            child.kill()
        wait_for(lambda before=before: run.retried != before or run.look().state in ENDED)
        time.sleep(1.0)
    wait_for(ended(run))
    assert run.look().state == "failed"
    assert "died twice" in run.look().note


def test_an_error_inside_is_a_sentence(pool):
    run = pool.run([replace(QUICK, train_size=5000)])
    wait_for(ended(run))
    assert run.look().state == "failed"
    assert "train_size must lie between 1 and 4000" in run.look().note
    fine = pool.run([QUICK])
    wait_for(ended(fine))
    assert fine.look().state == "done"


def test_a_run_that_nobody_watches_ends():
    pool = Pool(workers=1, grace=0.5)
    run, queued = pool.run([SLOW]), pool.run([replace(SLOW, seed=1)])
    wait_for(lambda: run.state == "cancelled" and queued.state == "cancelled")
    assert "nobody was watching" in run.look().note
    pool.close()


def test_a_watched_run_goes_on():
    pool = Pool(workers=1, grace=0.5)
    run = pool.run([SLOW])
    end = time.monotonic() + 2
    while time.monotonic() < end:
        assert run.look().state in ("queued", "running")
        time.sleep(0.05)
    pool.close()
    assert run.look().state == "cancelled"


def test_the_cache_is_bounded_and_keeps_what_was_used_last(pool):
    runs = []
    for seed in range(6):
        runs.append(pool.run([replace(QUICK, seed=seed)]))
        wait_for(ended(runs[-1]))
        assert pool.run([replace(QUICK, seed=0)]) is runs[0]
    assert len(pool.runs) <= 5
    assert pool.run([replace(QUICK, seed=5)]) is runs[5]


def test_nothing_to_train_is_done(pool):
    assert pool.run([]).look().state == "done"


def test_the_first_snapshot_comes_soon_on_a_warm_pool(pool):
    warm = [pool.run([replace(QUICK, seed=seed, optimizer=name)]) for seed, name in enumerate(("sgd", "adam"))]
    for run in warm:
        wait_for(ended(run))
    start = time.monotonic()
    run = pool.run([SLOW])
    wait_for(lambda: run.look().progress > 0)
    assert time.monotonic() - start < 1.0


def test_one_visitor_cannot_cancel_what_another_watches(pool):
    run = pool.run([SLOW])
    run.look(visitor="a")
    assert run.look(visitor="b").others == 1
    assert pool.watchers() == 2
    run.cancel("b")
    assert run.look(visitor="a").state in ("queued", "running")
    alone = pool.run([replace(SLOW, seed=1)])
    alone.look(visitor="a")
    alone.cancel("a")
    assert alone.look().state == "cancelled"


def test_large_ended_runs_are_forgotten_first(pool, monkeypatch):
    spec = replace(QUICK, probe_steps=(1, 20), weight_steps=(20,))
    first = pool.run([spec])
    wait_for(ended(first))
    assert first.size() > 10_000
    monkeypatch.setattr("pages.kit.runs.MEMORY", 1.5 * first.size())
    second = pool.run([replace(spec, seed=1)])
    wait_for(ended(second))
    pool.run([QUICK])
    assert pool.find([spec]) is None
    assert pool.find([replace(spec, seed=1)]) is second
