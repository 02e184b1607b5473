"""Admission: so many runs at a time, short ones first, nobody starves, two a visitor, none for nobody."""

import time
from dataclasses import replace

import pytest

from engine.experiments import work
from tests.pages.pools import DEAR, QUICK, SLOW, ended, moving, pooled, wait_for


def seeds(spec, count, start=0):
    return [[replace(spec, seed=seed)] for seed in range(start, start + count)]


def states(runs):
    return [run.look().state for run in runs]


@pytest.fixture
def pool():
    with pooled() as pool:
        yield pool


@pytest.mark.parametrize("spec", [SLOW, DEAR])
def test_as_many_runs_as_workers_and_the_others_queue_in_order(pool, spec):
    runs = [pool.run(specs) for specs in seeds(spec, 5)]
    wait_for(lambda: states(runs[:2]) == ["running"] * 2)
    assert states(runs[2:]) == ["queued"] * 3
    assert [run.look().place for run in runs] == [0, 0, 0, 1, 2]
    runs[0].cancel()
    wait_for(lambda: runs[2].look().state == "running")
    assert [run.look().place for run in runs[3:]] == [0, 1]
    assert runs[3].look().state == "queued"


def test_a_short_run_does_not_wait_behind_long_ones(pool):
    long = [pool.run(specs) for specs in seeds(DEAR, 20)]
    wait_for(lambda: states(long[:2]) == ["running"] * 2)
    wait_for(moving(long[0]))
    short = pool.run([QUICK])
    assert short.look().place == 0
    wait_for(ended(short))
    assert short.look().state == "done"
    assert states(long) == ["running"] * 2 + ["queued"] * 18


def test_a_long_run_is_not_starved_by_short_ones(pool):
    short = [pool.run(specs) for specs in seeds(SLOW, 12)]
    wait_for(lambda: states(short[:2]) == ["running"] * 2)
    long = pool.run([DEAR])
    wait_for(moving(long))
    assert states(short).count("queued") == 10


def test_a_dear_run_is_overtaken_only_while_its_own_cost_has_not_passed(monkeypatch):
    dear = [replace(DEAR, seed=seed) for seed in (90, 91, 92)]
    monkeypatch.setattr("pages.kit.pool.RATE", work(DEAR) / 0.4)  # three of them: 1.2 s
    with pooled(workers=1) as pool:
        (first, soon, late) = seeds(DEAR, 3)
        first = pool.run(first)
        wait_for(lambda: first.look().state == "running")
        dear, soon = pool.run(dear), pool.run(soon)
        time.sleep(1.0)
        late = pool.run(late)
        assert [run.look().place for run in (soon, dear, late)] == [0, 1, 2]
        for over, begins in ((first, soon), (soon, dear), (dear, late)):
            over.cancel()
            wait_for(lambda begins=begins: begins.look().state == "running")


def test_a_third_run_of_a_visitor_waits_and_says_so(pool):
    a, b, c, d = (specs for specs in seeds(SLOW, 4))
    first = pool.run(a, "ann")
    wait_for(lambda: first.look().state == "running")
    with pool.changed:  # nothing is admitted meanwhile
        pool.workers = 4
        runs = [first, *(pool.run(specs, "ann") for specs in (b, c))]
        other = pool.run(d, "bob")
    wait_for(lambda: states([*runs, other]) == ["running", "running", "queued", "running"])
    assert "2 of your runs are training" in runs[2].look().note
    pool.run(c, "bob")
    wait_for(lambda: runs[2].look().state == "running")
    assert runs[2].look().note == ""


def test_a_visitors_run_that_is_out_of_sight_makes_room_for_the_next(pool, monkeypatch):
    monkeypatch.setattr("pages.kit.pool.RECENT", 0.5)
    left, kept, new = (pool.run(specs, "ann") for specs in seeds(SLOW, 3))
    wait_for(lambda: kept.look().state == new.look().state == "running")
    assert left.state == "cancelled"
    assert "in favor of a later one" in left.note


def test_a_run_that_nobody_watches_ends_and_sooner_in_the_queue():
    with pooled(workers=1, grace=60, queued=0.5) as pool:
        run, queued = pool.run([DEAR]), pool.run([replace(DEAR, seed=1)])
        wait_for(lambda: queued.state == "cancelled")
        assert run.state == "running"
        pool.grace = 0.5
        wait_for(lambda: run.state == "cancelled")
        assert "nobody was watching" in run.note


def test_a_watched_run_goes_on():
    with pooled(workers=1, grace=0.5) as pool:
        run = pool.run([SLOW])
        end = time.monotonic() + 2
        while time.monotonic() < end:
            assert run.look().state in ("queued", "running")
            time.sleep(0.05)
    assert run.look().state == "cancelled"


def test_a_run_whose_networks_are_all_in_training_needs_no_place(pool):
    two = [pool.run(specs) for specs in seeds(DEAR, 2)]
    wait_for(lambda: states(two) == ["running"] * 2)
    both = pool.run([*two[0].experiments, *two[1].experiments])
    wait_for(lambda: both.look().state == "running")
    assert len(pool.groups) == 2


def test_a_worker_holds_only_so_many_groups_of_a_run(monkeypatch):
    monkeypatch.setattr("pages.kit.pool.HELD", 3)
    with pooled(workers=1) as pool:
        slow, quick = (pool.run([replace(spec, seed=seed) for seed in range(8)]) for spec in (SLOW, QUICK))
        wait_for(ended(quick))  # as many at a time of every run, one after the other
        assert quick.look().state == "done"
        assert len(slow.groups) == 8
        assert sum(group.worker is not None for group in slow.groups) == 3
