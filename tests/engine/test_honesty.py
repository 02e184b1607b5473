"""What a chosen score promises too much: against all subsets one by one, and against closed forms."""

from itertools import combinations
from math import pi, sqrt

import numpy as np
import pytest

from engine.honesty import Way, chances, deviation, optimism, ways


def brute(way: Way) -> np.ndarray:
    """Score less truth of the best of every subset, the first of equal ones, by size; less that of subsets of one."""
    more, places = way.scores - way.truth, range(len(way.scores))

    def best(own):
        return max(own, key=lambda k: (way.scores[k], -k))

    found = [np.mean([more[best(own)] for own in combinations(places, m + 1)]) for m in places]
    return np.array(found) - found[0]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_expected_is_the_mean_over_all_subsets(seed):
    rng = np.random.default_rng(seed)
    way = Way(rng.integers(0, 5, 7) / 4, rng.random(7))  # with equal scores
    np.testing.assert_allclose(optimism(way), brute(way), atol=1e-12)


def test_chances_are_chances():
    found = chances(np.array([0.3, 0.9, 0.5, 0.5]))
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found[0], 0.25)
    np.testing.assert_allclose(found[1] * 6, [0, 3, 2, 1])  # of six pairs
    np.testing.assert_allclose(found[3], [0, 1, 0, 0])


@pytest.mark.parametrize("n", [2, 13, 40])
def test_of_whole_numbers_the_expected_maximum_is_known(n):
    """Of m of 1 … n without replacement: m (n + 1) / (m + 1)."""
    scores = np.random.default_rng(1).permutation(n) + 1.0
    m = np.arange(1, n + 1)
    np.testing.assert_allclose(chances(scores) @ scores, m * (n + 1) / (m + 1))


def test_where_all_is_luck_the_normal_law_says_how_much():
    """Of 2 and of 3 normal scores: 1/√π and 3/(2√π) standard deviations."""
    rng = np.random.default_rng(2)
    found = np.mean([optimism(Way(rng.normal(0.8, 0.04, 40), np.full(40, 0.8)))[:3] for _ in range(2000)], axis=0)
    np.testing.assert_allclose(found / 0.04, [0, 1 / sqrt(pi), 1.5 / sqrt(pi)], atol=0.01)


def test_what_is_no_luck_and_what_all_share_is_no_optimism():
    truth = np.array([0.7, 0.8, 0.75])
    np.testing.assert_allclose(optimism(Way(truth + 0.05, truth)), 0, atol=1e-15)


def test_the_error_of_a_hundred_images():
    assert deviation(0.8, 100) == pytest.approx(0.04)
    assert deviation(0.5, 100) == pytest.approx(0.05)
    assert deviation(0.8, 400) == pytest.approx(0.02)


def test_nobody_chooses_by_the_images_that_tell_the_truth():
    """Two settings, two folds, 50 test images: what is known of the 20 to choose by is no part of the truth."""
    rng = np.random.default_rng(3)
    validation, known = rng.random((2, 2)), rng.random((2, 2, 50)) < 0.7
    found = ways(validation, known, 20, seed=5)
    for fold, truth in ((0, found["test"].truth), (0, found["validation"].truth)):
        both = 20 * found["test"].scores + 30 * truth
        np.testing.assert_allclose(both, known[:, fold].sum(axis=-1))
    np.testing.assert_array_equal(found["validation"].scores, validation[:, 0])
    np.testing.assert_allclose(found["folds"].scores, validation.mean(axis=1))
    assert found["validation"].chosen == validation[:, 0].argmax()
    other = ways(validation, known, 20, seed=6)
    assert not np.array_equal(other["test"].scores, found["test"].scores)
