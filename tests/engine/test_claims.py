"""Claims judge each way, by made-up seeds; what is exact is held to closed forms; some are trained with seeds of their own."""

from dataclasses import replace
from math import inf, isfinite, log, sqrt

import numpy as np
import pytest

from engine.claim import HERE, HOLDS, NOT, OPEN
from engine.claims import CLAIMS
from engine.compare import compare, empty
from engine.descent import follow
from engine.experiments import mnist
from engine.quadratic import best, rate
from engine.smoothness import roughness, shift

SEEDS = range(7000, 7004)  # used nowhere else
SEEDED = [name for name, claim in CLAIMS.items() if not claim.exact]
SEVERAL = [name for name in SEEDED if len(CLAIMS[name].places) > 1]


def inside(claim) -> float:
    low, high = claim.says
    return (low + high) / 2 if isfinite(low) and isfinite(high) else low + 1 if isfinite(low) else high - 1


def outside(claim) -> float:
    low, high = claim.says
    return low - 1 if isfinite(low) else high + 1


def edge(claim) -> float:
    return next(end for end in claim.says if isfinite(end))


def made_up(claim, values, noise=0.01) -> dict[str, np.ndarray]:
    """Ten seeds at every place around these values, the last of which stands for all places that are left."""
    wobble = noise * np.tile([1.0, -1.0], 5)
    return {place.name: values[min(i, len(values) - 1)] + wobble for i, place in enumerate(claim.places)}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_says_what_it_is(claim):
    assert claim.sentence.endswith(".")
    assert claim.source
    assert claim.effect
    assert claim.function.__doc__
    assert claim.says[0] < claim.says[1]
    assert len({place.name for place in claim.places}) == len(claim.places)


@pytest.mark.parametrize("name", SEEDED)
def test_a_claim_judges_each_way(name):
    claim = CLAIMS[name]
    assert claim.tell(made_up(claim, [inside(claim)])).kind == HOLDS
    assert claim.tell(made_up(claim, [outside(claim)])).kind == NOT
    assert claim.tell(made_up(claim, [edge(claim)], noise=1)).kind == OPEN
    assert claim.tell({place.name: np.array([inside(claim)]) for place in claim.places}).kind == OPEN  # one seed


@pytest.mark.parametrize("name", SEVERAL)
def test_a_claim_that_holds_at_some_places_holds_here_and_says_where_it_turns(name):
    claim = CLAIMS[name]
    found = claim.tell(made_up(claim, [inside(claim), outside(claim)]))
    assert (found.kind, found.turns) == (HERE, claim.places[1].name)
    assert claim.tell(made_up(claim, [outside(claim), inside(claim)])).kind == HERE
    unsure = made_up(claim, [inside(claim)]) | {claim.places[1].name: edge(claim) + np.tile([1.0, -1.0], 5)}
    assert (claim.tell(unsure).kind, claim.tell(unsure).turns) == (HERE, None)


@pytest.mark.parametrize("name", SEEDED)
def test_experiments_are_pairs_and_judged_as_they_come(name):
    """Seed by seed; a seed counts once all of its networks are finished."""
    claim = CLAIMS[name]
    specs = claim.experiments([3, 8])
    assert specs[: len(claim.arms)] == [replace(spec, seed=3) for spec in claim.arms]
    assert len(specs) == 2 * len(claim.arms)
    found = claim.judge([empty(spec) for spec in specs])
    assert (found.kind, found.seeds) == (OPEN, 0)


def test_a_factor_is_shown_as_one():
    found = CLAIMS["relu_is_six_times_faster"].tell(made_up(CLAIMS["relu_is_six_times_faster"], [log(1.5)]))
    assert found.effect == pytest.approx(1.5)
    assert (found.says_low, found.says_high) == (pytest.approx(6), inf)
    assert found.low < 1.5 < found.high


def judged(name: str, seeds=SEEDS):
    claim = CLAIMS[name]
    specs = claim.experiments(seeds)
    return claim.judge([follow(spec) for spec in specs] if claim.exact else compare(specs))


def test_the_gradient_of_the_bowl_is_twice_the_place():
    found = judged("gradient_of_the_bowl")
    assert (found.kind, found.effect, found.error) == (HOLDS, 2, 0)


def test_sgd_on_the_stretched_bowl_by_its_closed_form():
    """x → (1 − η/10) x, y → (1 − 2η) y, and Polyak's best momentum."""

    def f(lr: float, steps: int = 30) -> float:
        return (7 * (1 - lr / 10) ** steps) ** 2 / 20 + (2 * (1 - 2 * lr) ** steps) ** 2

    found = judged("sgd_is_inefficient")
    rows = {row["place"].removeprefix("lr .95 against "): row for row in found.rows}
    assert rows["lr .1, smooth"]["effect"] == pytest.approx(f(0.95) / f(0.1), rel=1e-9)
    assert rows["the best constant lr"]["effect"] == pytest.approx(f(0.95) / f(round(2 / 2.1, 6)), rel=1e-9)
    assert rows["Momentum at its best"]["answer"] == rows["AdaGrad"]["answer"] == "yes"
    assert rows["Momentum"]["answer"] == rows["Adam"]["answer"] == "no"
    assert (found.kind, found.turns) == (HERE, "lr .95 against AdaGrad")
    worst = max(float(rate("sgd", 0.95, 0, value)) for value in (0.1, 2))
    assert 1 < worst / best("sgd", [0.1, 2])[2] < 1.003


def test_he_loses_a_root_of_two_a_layer_if_its_root_is_in_the_wrong_place():
    """|g + log √2| − |g| is log √2 where √(2/n) lets the signal grow, and less where it shrinks."""
    found = judged("std_of_he")
    assert found.kind == NOT
    assert 1.2 < found.effect < sqrt(2) + 1e-6


def test_batch_normalization_has_mean_zero():
    found = judged("mean_of_batchnorm")
    assert found.kind == NOT
    assert found.effect == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("name", "answer"), [("covariate_shift", "no"), ("zoom_in", "no")])
def test_seeds_that_were_not_used_in_writing_say_the_same(name, answer):
    assert judged(name).rows[0]["answer"] == answer


def test_a_short_step_changes_the_gradient_in_proportion_to_its_length():
    """To first order in η, Δg is Hessian × step: half the rate, half the shift and half the turn."""
    (history,) = compare([mnist(hidden=(20, 20), activation="tanh", steps=30, evaluate="none", weight_steps=(10, 30))])
    half = replace(history, experiment=replace(history.experiment, lr=history.experiment.lr / 2))
    assert shift(history) / shift(half) == pytest.approx(2, rel=0.05)
    assert roughness(history, 1) / roughness(history, 0.5) == pytest.approx(2, rel=0.05)
    assert roughness(half, 1) == pytest.approx(roughness(history, 0.5))
