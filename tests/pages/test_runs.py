"""Runs: shared, growing, stoppable, made of trainings that are known once for all, bounded."""

import time
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from engine.compare import compare
from engine.histogram import Histogram
from pages.kit.worker import Held
from tests.pages.pools import QUICK, SLOW, ended, moving, pooled, wait_for


@pytest.fixture
def pool():
    with pooled(grace=30, kept=4) as pool:
        yield pool


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


def test_what_is_known_is_bounded_and_what_was_used_last_stays(pool):
    runs = []
    for seed in range(6):
        runs.append(pool.run([replace(QUICK, seed=seed)]))
        wait_for(ended(runs[-1]))
        assert pool.run([replace(QUICK, seed=0)]) is runs[0]
    assert len(pool.trainings.all) <= 5
    assert len(pool.runs) <= 5
    assert pool.find([replace(QUICK, seed=1)]) is None
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


def test_large_trainings_are_forgotten_first(pool, monkeypatch):
    spec = replace(QUICK, probe_steps=(1, 20), weight_steps=(20,))
    first = pool.run([spec])
    wait_for(ended(first))
    (theta,) = (kept.theta for kept in compare([spec])[0].weights.values())
    assert first.trainings[0].bytes > theta.nbytes
    monkeypatch.setattr("pages.kit.trainings.MEMORY", 1.5 * first.trainings[0].bytes)
    second = pool.run([replace(spec, seed=1)])
    wait_for(ended(second))
    pool.run([QUICK])
    assert pool.find([spec]) is None
    assert pool.find([replace(spec, seed=1)]) is second


def test_one_more_optimizer_trains_one_network(pool):
    race = [replace(SLOW, steps=300, optimizer=name) for name in ("sgd", "adam", "adagrad")]
    first = pool.run(race[:2])
    wait_for(ended(first))
    second = pool.run(race)
    assert [group.trainings for group in pool.groups] in ([], [[second.trainings[2]]])
    assert all(ours is theirs for ours, theirs in zip(second.histories, first.histories, strict=False))
    wait_for(ended(second))
    for ours, theirs in zip(second.look().histories, compare(race), strict=True):
        np.testing.assert_array_equal(ours.loss, theirs.loss)
    third = pool.find([race[2], race[0]])
    assert third.state == "done"
    assert third.look().elapsed > 0
    assert third.histories == [second.histories[2], second.histories[0]]


def test_runs_that_share_an_experiment_share_its_training_until_none_wants_it(pool):
    alone, shared, other = (replace(SLOW, optimizer=name) for name in ("sgd", "adam", "adagrad"))
    first, second = pool.run([alone, shared]), pool.run([shared, other])
    wait_for(lambda: all(len(h.loss) for run in (first, second) for h in run.look().histories))
    assert first.trainings[1] is second.trainings[0]
    first.cancel()
    length, reached = len(first.histories[0].loss), len(second.histories[0].loss)
    wait_for(lambda: len(second.look().histories[0].loss) > reached)
    assert len(first.histories[0].loss) == length
    assert not first.trainings[0].group
    second.cancel()
    assert not pool.groups


def test_a_run_grows_while_it_is_watched(pool):
    specs = [replace(SLOW, steps=1500, lr=lr) for lr in (0.01, 0.02, 0.03, 0.04)]
    run = pool.run(specs[:1])
    wait_for(moving(run))
    run.extend(specs[:3])
    assert run.look().state == "running"
    assert run.experiments == tuple(specs[:3])
    wait_for(ended(run))
    run.extend(specs[3:])
    assert run.look().state in ("queued", "running")
    wait_for(ended(run))
    for ours, theirs in zip(run.look().histories, compare(specs), strict=True):
        np.testing.assert_array_equal(ours.loss, theirs.loss)
    assert pool.find(specs) is run
    assert pool.find(specs[:1]) is not run
    stopped = pool.run([SLOW])
    stopped.cancel()
    stopped.extend([QUICK])
    assert stopped.experiments == (SLOW,)


def test_views_of_what_is_known_are_forgotten_too():
    specs = [replace(QUICK, seed=seed) for seed in range(6)]
    with pooled(workers=1, kept=10) as pool:
        wait_for(ended(pool.run(specs)))
        for pair in permutations(specs, 2):
            assert pool.find(pair).state == "done"
        assert len(pool.runs) <= 10
        assert pool.find(specs).state == "done"
