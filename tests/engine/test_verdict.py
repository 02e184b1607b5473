"""Verdicts are values; a difference in pairs against SciPy's quantiles, intervals and tests."""

import copy
import pickle
from dataclasses import FrozenInstanceError, replace
from math import inf, isnan, nan

import numpy as np
import pytest
from scipy import stats

from engine.verdict import Difference, Verdict, paired, share_error, t_quantile


def test_numbers_are_reached_by_name_and_as_a_mapping():
    found = Verdict("wider", right="more", gap=0.171, name="dropout")
    assert (found.kind, found.right, found.gap, found.name) == ("wider", "more", 0.171, "dropout")
    assert found.numbers == {"gap": 0.171, "name": "dropout"}
    assert "{name}: {gap:.2f}".format(**found.numbers) == "dropout: 0.17"
    assert (Verdict("none").right, Verdict("none").numbers) == ("", {})
    assert not hasattr(found, "loss")
    with pytest.raises(AttributeError, match="no loss"):
        _ = found.loss


def test_verdicts_are_equal_by_value():
    one = Verdict("a", right="x", p=1, q=np.float64(0.5))
    assert one == Verdict("a", right="x", q=0.5, p=1)
    assert hash(one) == hash(Verdict("a", right="x", q=0.5, p=np.int64(1)))
    others = [
        Verdict("b", right="x", p=1, q=0.5),
        Verdict("a", p=1, q=0.5),
        Verdict("a", right="x", p=1),
        Verdict("a", right="x"),
    ]
    assert one not in others
    assert len({one, *others, *others}) == 5
    assert type(one.q) is float


def test_a_verdict_is_frozen_copied_pickled_and_its_own_source():
    found = Verdict("a", right="x", gap=paired([1, 2], [0, 0.5]), best="he")
    with pytest.raises(FrozenInstanceError):
        found.kind = "b"
    with pytest.raises(FrozenInstanceError):
        found.best = "xavier"
    found.numbers["best"] = "xavier"
    assert found.best == "he"
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found  # noqa: S301
    assert eval(repr(found)) == found  # noqa: S307
    assert repr(Verdict("none")) == "Verdict('none')"


@pytest.mark.parametrize("df", range(1, 201))
def test_the_quantile_is_students(df):
    assert t_quantile(df) == pytest.approx(stats.t.ppf(0.975, df), rel=4e-4)


@pytest.mark.parametrize("seeds", [2, 3, 5, 10, 40])
def test_the_interval_is_scipys(seeds):
    rng = np.random.default_rng(seeds)
    common = rng.normal(0, 5, seeds)
    a, b = common + rng.normal(0.4, 1, seeds), common + rng.normal(0, 1, seeds)
    found, known = paired(a, b), stats.ttest_rel(a, b)
    low, high = known.confidence_interval(0.95)
    assert (found.mean - found.error, found.mean + found.error) == pytest.approx((low, high), rel=2e-3)
    assert found.told == (known.pvalue < 0.05)
    assert (found.seeds, found.lost) == (seeds, 0)
    turned = paired(b, a)
    assert (turned.mean, turned.error) == pytest.approx((-found.mean, found.error))


def test_in_pairs_what_the_seeds_share_falls_out():
    """Sleep of ten patients with two drugs: Student 1908; mean 1.58, t = 4.06."""
    dextro = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    laevo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = paired(laevo, dextro)
    assert found.mean == pytest.approx(1.58)
    assert found.error == pytest.approx(1.58 / 4.0621 * 2.2622, rel=1e-3)
    assert found.told
    assert stats.ttest_ind(laevo, dextro).pvalue > 0.05  # apart they would not tell


def test_one_seed_cannot_tell():
    found = paired([0.9], [0.1])
    assert (found.mean, found.error, found.seeds, found.told) == (pytest.approx(0.8), inf, 1, False)


@pytest.mark.parametrize("n", [2, 3, 7])
def test_what_is_deterministic_has_no_error(n):
    assert paired([0.1] * n, [0.0] * n) == Difference(0.1, 0.0, n)
    assert paired([0.1] * n, [0.0] * n).told
    same = paired([0.3] * n, [0.3] * n)
    assert (same.mean, same.error, same.told) == (0, 0, False)


def test_what_is_exactly_at_its_error_is_not_told():
    assert not Difference(0.01, 0.01, 5).told
    assert not Difference(-0.01, 0.01, 5).told
    assert Difference(-0.011, 0.01, 5).told


def test_pairs_in_which_one_diverged_are_left_out_and_counted():
    found = paired([0.5, nan, 0.7, 0.9, inf], [0.4, 0.1, 0.5, nan, 0.2])
    assert found == replace(paired([0.5, 0.7], [0.4, 0.5]), lost=3)
    assert (found.seeds, found.lost) == (2, 3)
    one = paired(np.array([0.5, nan], np.float32), np.array([0.4, 0.1], np.float32))
    assert (one.error, one.seeds, one.lost, one.told) == (inf, 1, 1, False)
    none = paired([nan, nan], [0.1, 0.2])
    assert isnan(none.mean)
    assert (none.error, none.seeds, none.lost, none.told) == (inf, 0, 2, False)
    assert paired([], []).told is False


@pytest.mark.parametrize(("a", "b"), [([1, 2], [1]), ([1], [1, 2]), (1.0, 2.0), ([[1, 2]], [[1, 2]])])
def test_what_is_no_pair_is_refused(a, b):
    with pytest.raises(ValueError, match="two lists of the same length"):
        paired(a, b)


def test_the_interval_holds_the_truth_in_95_of_100_cases():
    rng = np.random.default_rng(0)
    held = [abs(found.mean - 0.3) <= found.error for found in (paired(rng.normal(0.3, 1, 4), np.zeros(4)) for _ in range(4000))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)  # 3.5 standard errors


@pytest.mark.parametrize(("seen", "n"), [(80, 100), (100, 100), (0, 20), (3, 7), (9500, 10000)])
def test_the_error_of_a_share_is_that_of_wilsons_interval(seen, n):
    interval = stats.binomtest(seen, n).proportion_ci(method="wilson")
    assert share_error(seen / n, n) == pytest.approx((interval.high - interval.low) / 2, rel=1e-6)
