"""An interval that may be looked at after every seed errs in 5 % of cases over all looks together, and not at each."""

import numpy as np
import pytest

from engine.sequential import SPREAD, anytime
from engine.verdict import paired

LOOKS, TRIES = 30, 1000


@pytest.mark.parametrize("level", [0.05, 0.01])
def test_all_looks_together_err_as_seldom_as_is_said(level):
    """Where there is nothing, up to thirty looks find something in `level` of cases at most; an interval for one look in a
    quarter of them."""
    rng = np.random.default_rng(0)
    tries = rng.normal(scale=rng.uniform(0.01, 10, (TRIES, 1)), size=(TRIES, LOOKS))
    wrong = [any(anytime(d[:n], level).told for n in range(2, LOOKS + 1)) for d in tries]
    assert np.mean(wrong) <= level
    if level == 0.05:
        once = [any(paired(d[:n], 0 * d[:n]).told for n in range(2, LOOKS + 1)) for d in tries[:300]]
        assert np.mean(once) > 0.2


@pytest.mark.parametrize("n", [3, 5, 10, 30])
def test_at_the_edge_of_the_interval_the_martingale_reaches_one_over_alpha(n):
    """Lai 1976: E = L^(−½) ((1 + u)/(1 + u/L))^(n/2) with u = t²/(n − 1), written down again."""
    d = np.random.default_rng(n).normal(size=n)
    t = anytime(d, 0.05).error * np.sqrt(n) / d.std(ddof=1)
    most, u = 1 + n / SPREAD, t**2 / (n - 1)
    assert ((1 + u) / (1 + u / most)) ** (n / 2) / np.sqrt(most) == pytest.approx(20, rel=1e-9)


def test_the_martingale_keeps_its_mean_where_there_is_nothing():
    """E has mean 1 at any n, so that Ville's inequality holds: by simulation, within four standard errors."""
    n = 6
    d = np.random.default_rng(1).normal(size=(40_000, n))
    u = n * d.mean(axis=1) ** 2 / d.var(axis=1, ddof=1) / (n - 1)
    most = 1 + n / SPREAD
    values = ((1 + u) / (1 + u / most)) ** (n / 2) / np.sqrt(most)
    assert values.mean() == pytest.approx(1, abs=4 * values.std() / np.sqrt(len(values)))


def test_few_seeds_cannot_tell_and_equal_ones_have_no_error():
    assert anytime([]).seeds == 0
    assert anytime([0.3]).error == np.inf
    assert anytime([0.3, 0.4]).error == np.inf
    assert anytime([0.5] * 4).error == 0
    assert anytime([0.1, np.nan, 0.2, 0.1]).lost == 1
    with pytest.raises(ValueError, match="one row"):
        anytime([[1.0]])
