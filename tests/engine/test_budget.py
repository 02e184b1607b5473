"""Schedulers spend what they may and no more, by the sizes of their papers; who is cut follows from the scores alone."""

import math
from itertools import islice

import numpy as np
import pytest
from scipy.stats import spearmanr

from engine.budget import MOST, SCHEDULERS, Terms, agreement, asked, begin, bracket, cost, draws, most, moved, plan
from engine.search import Range

SPACE = {"lr": Range(1e-6, 1, log=True), "weight_decay": Range(1e-8, 1e-4, log=True)}
PAPER = Terms(budget=1581, longest=81, cuts=4, eta=3)
# R = 81, η = 3: n = ⌈5/(s+1) 3ˢ⌉; where ⌊5/(s+1)⌋ 3ˢ is taken, as in a script of the authors, 27, 9 and 6 in the middle
BRACKETS = {
    4: [(81, 1), (27, 3), (9, 9), (3, 27), (1, 81)],
    3: [(34, 3), (11, 9), (3, 27), (1, 81)],
    2: [(15, 9), (5, 27), (1, 81)],
    1: [(8, 27), (2, 81)],
    0: [(5, 81)],
}
MLR3 = [(8, 1), (4, 2), (2, 4), (1, 8), (6, 2), (3, 4), (1, 8), (4, 4), (2, 8), (4, 8)]  # R = 8, η = 2, mlr3hyperband's manual
TERMS = [
    PAPER,
    Terms(14 * 243, 243),
    Terms(2000, 200, 3, 2),
    Terms(40 * 125, 125, 3, 5),
    Terms(9, 2, 1, 2),
    Terms(30 * 20, 20, 2, 4),
]


def ridge(trial) -> float:
    """A score that grows with the updates, the sooner the nearer the learning rate is to 0.1; none above 0.3."""
    setting, updates = trial
    far = abs(math.log10(setting["lr"] / 0.1))
    return math.nan if setting["lr"] > 0.3 else 0.9 - 0.1 * far - 0.5 / updates


def searched(name: str, terms: Terms, seed: int = 0, score=ridge):
    return asked(begin(name, SPACE, terms, seed), score)


def paid(rungs) -> int:
    """Updates, when each setting pays those beyond what it had."""
    had: dict = {}
    for rung in rungs:
        had |= {tuple(setting.values()): updates for setting, updates in rung}
    return sum(had.values())


def test_hyperband_has_the_sizes_of_the_paper():
    rungs = [(rung.networks, rung.until) for rung in plan("hyperband", PAPER)]
    assert rungs == [size for sizes in BRACKETS.values() for size in sizes]
    assert [cost(sizes) for sizes in BRACKETS.values()] == [297, 276, 279, 324, 405]
    assert sum(n * updates for n, updates in BRACKETS[4]) == 405  # the paper's B = (s + 1) R, which pays every rung anew


def test_hyperband_has_the_sizes_of_mlr3():
    terms = Terms(budget=100, longest=8, cuts=3, eta=2)
    assert [(rung.networks, rung.until) for rung in plan("hyperband", terms)][: len(MLR3)] == MLR3


def test_hyperband_begins_a_second_round_where_the_budget_is_that_of_two():
    one, two = (plan("hyperband", PAPER._replace(budget=times * 1581)) for times in (1, 2))
    assert [rung[:3] for rung in two] == [rung[:3] for rung in one] * 2


@pytest.mark.parametrize("terms", TERMS, ids=repr)
@pytest.mark.parametrize("name", SCHEDULERS)
def test_what_is_spent_is_what_was_planned_and_hardly_less_than_the_budget(name, terms):
    rungs, sizes = searched(name, terms), plan(name, terms)
    assert [(len(rung), {updates for _, updates in rung}) for rung in rungs] == [(r.networks, {r.until}) for r in sizes]
    assert paid(rungs) == sizes[-1].end == sum(r.networks * (r.until - r.since) for r in sizes)
    assert terms.budget - terms.longest < sizes[-1].end <= terms.budget
    assert [rung.start for rung in sizes] == [0, *(rung.end for rung in sizes[:-1])]


@pytest.mark.parametrize("terms", TERMS, ids=repr)
@pytest.mark.parametrize("name", SCHEDULERS)
def test_a_setting_is_asked_once_with_as_many_updates_and_goes_on_only_if_it_was_there(name, terms):
    rungs = [{tuple(setting.values()): updates for setting, updates in rung} for rung in searched(name, terms)]
    trials = [trial for rung in rungs for trial in rung.items()]
    assert len(trials) == len(set(trials)) == sum(rung.networks for rung in plan(name, terms))
    for rung, before, size in zip(rungs[1:], rungs, plan(name, terms)[1:], strict=False):
        assert rung.keys() <= before.keys() if size.since else not rung.keys() & before.keys()
    for values, _ in trials:
        assert all(span.low <= value <= span.high for value, span in zip(values, SPACE.values(), strict=True))


@pytest.mark.parametrize("name", ["halving", "hyperband"])
def test_the_best_go_on_and_what_failed_does_not(name):
    rungs = searched(name, PAPER, 3)
    for rung, following, size in zip(rungs, rungs[1:], plan(name, PAPER)[1:], strict=False):
        if size.since:
            kept = {tuple(setting.values()) for setting, _ in following}
            scores = {tuple(setting.values()): ridge((setting, updates)) for setting, updates in rung}
            least = min(scores[one] for one in kept)
            assert not any(score > least for one, score in scores.items() if one not in kept)
            assert not math.isnan(least) or sum(math.isfinite(score) for score in scores.values()) < len(kept)


@pytest.mark.parametrize("name", SCHEDULERS)
def test_a_search_comes_again_by_its_seed_and_stops_where_an_answer_is_missing(name):
    assert searched(name, PAPER, 5) == searched(name, PAPER, 5) != searched(name, PAPER, 6)
    assert searched(name, PAPER, 5, lambda _: None) == searched(name, PAPER, 5)[:1]
    assert len(searched(name, PAPER, 5, lambda _: math.nan)) == len(plan(name, PAPER))


def test_all_draw_the_same_settings():
    first = list(islice(draws(SPACE, 2), 19))
    assert [setting for setting, _ in searched("caviar", PAPER, 2)[0]] == first
    for name in ("halving", "hyperband"):
        assert [setting for setting, _ in searched(name, PAPER, 2)[0]][:19] == first
    assert searched("panda", PAPER, 2)[0] == [(first[0], 81)]


def test_caviar_and_halving_take_as_many_as_the_budget_pays():
    terms = Terms(14 * 243, 243)
    assert [(rung.networks, rung.until) for rung in plan("caviar", terms)] == [(14, 243)]
    halving = [(rung.networks, rung.until) for rung in plan("halving", terms)]
    assert halving == [(n := halving[0][0], 9), (n // 3, 27), (n // 9, 81), (n // 27, 243)]
    assert cost(halving) <= terms.budget < cost(bracket(n + 1, 3, terms))
    assert most(terms.budget, 0, terms) == 14


def test_a_hand_climbs_by_three_and_turns_back():
    trials = [rung[0][0] for rung in searched("panda", Terms(12 * 81, 81), 1)]
    rates, scores = [trial["lr"] for trial in trials], [ridge((trial, 81)) for trial in trials]
    for k, trial in enumerate(trials[1:], start=1):
        best = trials[int(np.argmax(scores[:k]))]
        assert sum(trial[name] != best[name] for name in SPACE) == 1
    assert max(scores) > scores[0] + 0.1
    climbed = next(k for k in range(1, 12) if rates[k] <= rates[k - 1])
    assert rates[1:climbed] == pytest.approx([3 * rate for rate in rates[: climbed - 1]], rel=1e-4)
    one = {"lr": 1e-3, "weight_decay": 1e-6}
    assert moved(SPACE, one, "lr", -1, 1.0)["lr"] == pytest.approx(1e-3 / 3, rel=1e-5)
    assert moved(SPACE, one, "lr", 1, 9.0) == {"lr": 1.0, "weight_decay": 1e-6}


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (Terms(0, 81), "too few"),
        (Terms(-5, 81), "too few"),
        (Terms(200, 81, 4), "too few"),
        (Terms(1000, 0), "cannot be cut"),
        (Terms(1000, 26), "cannot be cut"),
        (Terms(1000, 81, 0), "cannot be cut"),
        (Terms(1000, 81, 10_000), "cannot be cut"),
        (Terms(1000, 81, 1, 1), "2 or more"),
        (Terms(1000, 81, 1, 10_000), "cannot be cut"),
        (Terms(10**9, 81), "too many"),
    ],
    ids=repr,
)
def test_terms_that_nothing_can_be_done_with(terms, sentence):
    with pytest.raises(ValueError, match=sentence):
        begin("hyperband", SPACE, terms)


@pytest.mark.parametrize("name", SCHEDULERS)
def test_the_largest_searches_are_bounded(name):
    terms = Terms(10_000, 10_000, 1, 10_000)._replace(budget=19_999)
    assert sum(rung.networks for rung in plan(name, terms) if not rung.since) <= MOST
    with pytest.raises(ValueError, match="too many"):
        plan(name, terms._replace(budget=40_000))


def test_a_space_that_is_too_small_says_so():
    space = {"layers": Range(1, 3, whole=True)}
    with pytest.raises(ValueError, match="3 settings"):
        asked(begin("caviar", space, Terms(81 * 4, 81, 1)), lambda _: 0.0)
    with pytest.raises(ValueError, match="empty"):
        begin("caviar", {"lr": Range(1, 1)}, PAPER)


def test_agreement_is_spearmans():
    rng = np.random.default_rng(0)
    for _ in range(20):
        a, b = rng.integers(0, 6, (2, 12)) / 6
        assert agreement(a, b) == pytest.approx(spearmanr(a, b).statistic)
    assert agreement([0.1, 0.2, math.nan], [1, 2, 0]) == pytest.approx(1)
    assert math.isnan(agreement([1, 1, 1], [1, 2, 3]))
