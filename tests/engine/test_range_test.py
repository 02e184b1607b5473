"""The range test: its learning rates, where it stops, and what is suggested of losses whose shape is known."""

import time
from dataclasses import replace

import numpy as np
import pytest

from engine import range_test
from engine.compare import compare, empty
from engine.experiments import mnist
from engine.range_test import Curve, curve, rates, suggestions

STEPS = 100
SPEC = mnist(lr=1e-7, steps=STEPS, schedule="growing", schedule_hyper=(("times", 1e8),), evaluate="none")
RATES = np.geomspace(1e-7, 10, STEPS)


def grown(loss):
    return replace(empty(SPEC), loss=np.asarray(loss, float))


def test_rates_grow_by_the_same_factor_from_the_first_to_the_last():
    np.testing.assert_allclose(rates(SPEC), RATES, rtol=1e-12)


def test_it_stops_where_the_smoothed_loss_is_four_times_its_best():
    """Smoothed with weights .98ᵏ: after n losses of 1, k of 100 make the mean 1 + 99 (1 − .98ᵏ) / (1 − .98ⁿ⁺ᵏ)."""
    found = curve(grown(np.r_[np.ones(60), np.full(40, 100.0)]))
    n, k = 60, np.arange(1, 41)
    mean = 1 + 99 * (1 - 0.98**k) / (1 - 0.98 ** (n + k))
    assert len(found.losses) == n + np.argmax(mean > 4)
    assert len(found.rates) == len(found.losses)


def test_it_stops_where_the_loss_is_no_number():
    assert len(curve(grown(np.r_[np.ones(30), np.full(70, np.nan)])).losses) == 30
    assert len(curve(grown(np.ones(STEPS))).losses) == STEPS
    assert len(curve(empty(SPEC)).losses) == 0


def test_a_valley_is_halfway_down_the_minimum_a_tenth_and_the_steepest_the_steepest():
    """Flat for 40 updates, a fall of a half cosine of 30, then ever higher."""
    fall = 2 + np.cos(np.pi * np.arange(30) / 29)
    losses = np.r_[np.full(40, 3.0), fall, np.linspace(1.1, 3, 30)]
    found = suggestions(Curve(RATES, losses), STEPS)
    place = {name: np.abs(np.log(RATES / (lr * 10 if name == "minimum" else lr))).argmin() for name, lr in found.items()}
    assert place["minimum"] == 69
    assert place["steepest"] == pytest.approx(54, abs=1)
    assert place["valley"] == pytest.approx(54, abs=1)


def test_the_ends_are_not_looked_at():
    losses = np.r_[0.1, np.linspace(3, 2, 94), np.zeros(5)]
    assert suggestions(Curve(RATES, losses), STEPS)["minimum"] == pytest.approx(RATES[94] / 10)
    assert suggestions(Curve(RATES[:15], losses[:15]), STEPS) == {}


@pytest.mark.parametrize("losses", [np.ones(20), np.arange(20.0), -np.arange(20.0), np.array([2.0, 1.0])])
def test_every_suggestion_is_a_rate(losses):
    x = RATES[: len(losses)]
    for name, entry in range_test.SUGGESTIONS.items():
        assert x[0] / 10 <= entry(Curve(x, losses)) <= x[-1], name


def test_one_test_takes_less_than_two_seconds():
    deep = replace(SPEC, hidden=(100,) * 3, train_size=4000, optimizer="adam", hyper=())
    start = time.perf_counter()
    (history,) = compare([deep])
    found = suggestions(curve(history), STEPS)
    assert time.perf_counter() - start < 2
    assert 1e-4 < found["steepest"] < 0.1
