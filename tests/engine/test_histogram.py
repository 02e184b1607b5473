"""Histograms: exact counts against NumPy's own, bins that merge, and every kind of value somewhere."""

import numpy as np
import pytest

from engine.histogram import BINS, Tally, count

RNG = np.random.default_rng(0)
SAMPLES = {
    "normal": RNG.normal(size=5000),
    "sigmoid": 1 / (1 + np.exp(-5 * RNG.normal(size=5000))),
    "relu": np.maximum(RNG.normal(size=5000), 0),
    "heavy tails": RNG.standard_t(2, size=5000),
    "tiny": 1e-30 * RNG.normal(size=500),
    "huge": 1e30 * RNG.normal(size=500),
    "far from zero": 1e3 + 1e-3 * RNG.normal(size=500),
    "edges": np.array([-1.0, -0.5, 0.0, 0.5, 1.0]),
    "all the same": np.full(7, 0.3),
    "negative": -np.abs(RNG.normal(size=100)),
    "ends at zero": np.array([-1.0, -0.25, 0.0]),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SAMPLES)
def test_counts_are_exact(name, dtype):
    values = SAMPLES[name].astype(dtype)
    found = count(values)
    assert len(found.counts) <= BINS
    expected, _ = np.histogram(values[values != 0].astype(float), found.edges)
    np.testing.assert_array_equal(found.counts, expected)
    assert found.zeros == (values == 0).sum()
    assert found.size == values.size
    assert found.mean == pytest.approx(values.astype(float).mean(), rel=1e-5, abs=1e-6 * float(np.abs(values).max()))
    assert found.std == pytest.approx(values.astype(float).std(), rel=1e-3, abs=1e-6 * float(np.abs(values).max()))


@pytest.mark.parametrize("name", ["normal", "sigmoid", "relu", "heavy tails"])
def test_at_least_half_of_the_bins_are_used(name):
    assert len(count(SAMPLES[name]).counts) > BINS / 2 - 2


def test_two_bins_are_one_of_the_next_width():
    found = count(SAMPLES["normal"])
    wide = np.arange(found.first // 2, (found.first + len(found.counts)) // 2 + 2) * 2.0 ** (found.exponent + 1)
    expected, _ = np.histogram(SAMPLES["normal"], wide)
    merged = np.zeros(len(wide) - 1, int)
    np.add.at(merged, (found.first + np.arange(len(found.counts))) // 2 - found.first // 2, found.counts)
    np.testing.assert_array_equal(merged, expected)


@pytest.mark.parametrize("sizes", [[1], [700, 1, 300], [40] * 1000], ids=str)
@pytest.mark.parametrize("name", [*SAMPLES, "growing", "with gaps", "ends on edges"])
def test_what_is_added_bit_by_bit_is_counted_as_at_once(name, sizes):
    special = {
        "growing": np.sort(np.concatenate([SAMPLES["tiny"], SAMPLES["normal"], SAMPLES["huge"]])),
        "with gaps": np.where(np.arange(5000) % 7, SAMPLES["normal"], [np.nan, np.inf, -np.inf, 0, 0.0] * 1000),
        "ends on edges": np.tile([-1.0, -0.5, 0.0, 0.5, 1.0, 0.25, 2.0, 2.0, 4.0], 50),
    }
    values = special[name] if name in special else SAMPLES[name]
    tally, whole = Tally((0, 1)), count(values, (0, 1))
    for part in np.split(values, [cut for cut in np.cumsum(sizes) if cut < len(values)]):
        tally.add(part)
    found = tally.histogram()
    np.testing.assert_array_equal(found.edges, whole.edges)
    np.testing.assert_array_equal(found.counts, whole.counts)
    for kind in ("zeros", "low", "high", "lost", "size"):
        assert getattr(found, kind) == getattr(whole, kind)
    scale = np.abs(values[np.isfinite(values)]).max()
    assert [found.mean, found.std] == pytest.approx([whole.mean, whole.std], rel=1e-12, abs=1e-15 * scale)


def test_saturated_values_are_counted_and_stay_in_their_bins():
    found = count(np.array([0.0, 0.01, 0.049, 0.5, 0.951, 1.0]), (0.0, 1.0))
    assert (found.low, found.high, found.zeros) == (3, 2, 1)
    assert found.counts.sum() == 5
    assert count(np.array([0.01, 0.99]), (0.0, None)).high == 0


def test_what_is_not_finite_is_lost_and_told():
    found = count(np.array([1.0, np.nan, np.inf, -np.inf, 2.0]))
    assert (found.lost, found.counts.sum(), found.mean) == (3, 2, 1.5)
    nothing = count(np.full(4, np.nan))
    assert (nothing.lost, nothing.size, len(nothing.counts)) == (4, 4, 0)
    assert np.isnan(nothing.std)


def test_zeros_alone():
    found = count(np.zeros((3, 4), np.float32))
    assert (found.zeros, found.size, found.mean, found.std) == (12, 12, 0, 0)
