"""Strategies ask inside their space, again the same by seed, and Bayes asks where it pays; beliefs are scikit-learn's."""

import json
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest

from engine.gaussian import NOISES, believe, improvement, matern
from engine.importance import importance
from engine.search import STRATEGIES, Range, at_border, belief_of, box, places, propose
from tests.oracle.make_importance import CASES, HIGH, LOW, trials

SPACE = {"lr": Range(1e-6, 1e-2, log=True), "momentum": Range(0, 0.99), "layers": Range(1, 5, whole=True)}
PLANE = {"lr": Range(1e-6, 1, log=True), "weight_decay": Range(1e-8, 1e-4, log=True)}
ORACLE = json.loads((Path(__file__).parents[1] / "oracle/importance.json").read_text("utf-8"))["cases"]


def ridge(setting) -> float:
    """What a network may come to: there is one good learning rate, and weight decay does not matter."""
    u = PLANE["lr"].place(setting["lr"])
    return 0.1 + 0.75 * float(np.exp(-(((u - 0.83) / 0.11) ** 2)))


def searched(name: str, count: int, seed: int = 0, space=PLANE, score=ridge, **sliders):
    seen = []
    for _ in range(count):
        asked = propose(name, space, seen, seed, **sliders)
        seen.append((asked, score(asked)))
    return seen


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_is_asked_lies_in_the_space_and_comes_again(name):
    def score(setting):
        return nan if setting["layers"] == 3 else setting["momentum"]

    sliders = {"each": 3} if name == "grid" else {}
    seen = searched(name, 25, 4, SPACE, score, **sliders)
    for asked, _ in seen:
        assert list(asked) == list(SPACE)
        for key, span in SPACE.items():
            assert span.low <= asked[key] <= span.high
        assert isinstance(asked["layers"], int)
    assert [one for one, _ in seen] == [one for one, _ in searched(name, 25, 4, SPACE, score, **sliders)]


def test_a_grid_asks_every_point_once_and_ends():
    seen = searched("grid", 9, each=3)
    assert len({tuple(asked.values()) for asked, _ in seen}) == 9
    assert len({asked["lr"] for asked, _ in seen}) == 3  # H5: three values of what matters, where chance tries nine
    with pytest.raises(StopIteration):
        propose("grid", PLANE, seen, each=3)
    assert len({asked["lr"] for asked, _ in searched("random", 9)}) == 9


def test_random_places_are_uniform_in_the_logarithm():
    u = places(PLANE, [asked for asked, _ in searched("random", 400)])
    for column in u.T:
        above = np.abs(np.sort(column) - (np.arange(400) + 0.5) / 400).max()
        assert above < 1.63 / 20  # Kolmogorov & Smirnov at 1 %


def test_coarse_to_fine_asks_again_where_it_was_good():
    seen = searched("coarse_to_fine", 60)
    first, last = (np.array([score for _, score in part]) for part in (seen[:20], seen[40:]))
    assert np.median(last) > np.median(first) + 0.2
    spread = places(PLANE, [asked for asked, _ in seen[40:]])
    assert np.ptp(spread[:, 0]) < 0.5


def test_bayes_beats_chance_on_a_ridge_after_twenty_five():
    best = {name: [max(score for _, score in searched(name, 25, seed)) for seed in range(5)] for name in ("random", "bayes")}
    assert np.median(best["bayes"]) >= np.median(best["random"])
    assert min(best["bayes"]) > 0.84
    u = places(PLANE, [asked for asked, _ in searched("bayes", 25)])[8:, 0]
    assert (np.abs(u - 0.83) < 0.1).mean() > 0.4  # most questions are asked on the ridge


def test_a_failed_trial_counts_as_the_worst():
    seen = searched("random", 10)
    failed = [*seen, ({"lr": 0.5, "weight_decay": 1e-5}, nan)]
    worst = [*seen, ({"lr": 0.5, "weight_decay": 1e-5}, min(score for _, score in seen))]
    u = np.random.default_rng(0).random((20, 2))
    assert np.allclose(belief_of(PLANE, failed).at(u), belief_of(PLANE, worst).at(u))


@pytest.mark.parametrize("n", [3, 12, 40])
def test_a_belief_is_that_of_scikit_learn(n):
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    rng = np.random.default_rng(n)
    x, u = rng.random((n, 2)), rng.random((50, 2))
    y = np.sin(4 * x[:, 0]) + 0.1 * rng.normal(size=n)
    found = believe(x, y)
    kernel = ConstantKernel(found.scale) * Matern(found.lengths, nu=2.5)
    oracle = GaussianProcessRegressor(kernel + WhiteKernel(found.scale * found.noise), optimizer=None)
    oracle.fit(x, (y - y.mean()) / y.std())
    mean, sd = oracle.predict(u, return_std=True)
    ours, own = found.at(u)
    assert np.allclose(ours, y.mean() + y.std() * mean, atol=1e-9)
    noisy = np.sqrt((own / y.std()) ** 2 + found.scale * found.noise)
    assert np.allclose(noisy, sd, atol=1e-6)
    likelihood = oracle.log_marginal_likelihood_value_ + n / 2 * (1 + np.log(2 * np.pi))
    assert found.likelihood == pytest.approx(likelihood, abs=1e-6)


def test_each_length_by_itself_is_nearly_as_likely_as_any_two_together():
    from engine.gaussian import LENGTHS, _fit

    for seed in range(4):
        rng = np.random.default_rng(seed)
        x = rng.random((15, 2))
        y = np.sin(6 * x[:, 0]) + 0.2 * x[:, 1] + 0.1 * rng.normal(size=15)
        every = max(_fit(x, y, [a, b], noise).likelihood for a in LENGTHS for b in LENGTHS for noise in NOISES)
        assert believe(x, y).likelihood > every - 1


def test_matern_and_improvement_have_closed_forms():
    a = np.array([[0.0, 0.0]])
    assert matern(a, a, np.ones(2)) == 1
    assert improvement(np.array([1.0]), np.array([1.0]), 1.0) == pytest.approx(1 / np.sqrt(2 * np.pi))
    assert improvement(np.array([5.0]), np.array([1e-6]), 1.0) == pytest.approx(4)
    samples = np.random.default_rng(0).normal(0.3, 0.5, 400_000)
    assert improvement(np.array([0.3]), np.array([0.5]), 0.6) == pytest.approx(np.maximum(samples - 0.6, 0).mean(), abs=1e-3)


@pytest.mark.parametrize(
    ("span", "sentence"), [((1, 1), "empty"), ((2, 1), "empty"), ((0, 1, True), "above 0"), ((0, inf), "ends")]
)
def test_ranges_that_are_none(span, sentence):
    with pytest.raises(ValueError, match=sentence):
        propose("random", {"lr": Range(*span)}, [])


def test_a_search_for_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        propose("random", {}, [])


def test_the_best_at_a_border_raises_an_alarm():
    assert at_border(PLANE, {"lr": 0.9, "weight_decay": 1e-6}) == ["lr"]
    assert at_border(PLANE, {"lr": 1e-3, "weight_decay": 1e-6}) == []
    low, high = box(np.array([[0.01, 0.5], [0.01, 0.7]]), 0.1)
    assert np.allclose(low, [0, 0.5])
    assert np.allclose(high, [0.06, 0.7])


@pytest.mark.parametrize("span", SPACE.values(), ids=SPACE)
def test_a_place_is_where_its_value_is(span):
    for u in (0.0, 0.1, 0.5, 0.999):
        assert span.at(span.place(span.at(u))) == pytest.approx(span.at(u), rel=1e-5)


@pytest.mark.parametrize("case", ORACLE, ids=[f"{seed}-{n}-{quantile}" for seed, n, quantile in CASES])
def test_importance_is_optunas(case):
    space = {name: Range(LOW[name], HIGH[name], log=name != "momentum") for name in LOW}
    settings, scores = trials(case["seed"], case["n"])
    found = importance(space, list(zip(settings, scores.tolist(), strict=True)), case["quantile"])
    assert found == pytest.approx(case["importance"], rel=1e-6)
    assert found["lr"] == max(found.values())
