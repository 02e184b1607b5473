"""Schedules: closed forms at known steps, and the laws all of them keep."""

import math

import pytest

from engine.schedules import RANGES, SCHEDULES


@pytest.mark.parametrize(
    ("name", "t", "sliders", "factor"),
    [
        ("constant", 77, {}, 1),
        ("step", 20, {"drop": 0.5, "every": 20}, 1),
        ("step", 21, {"drop": 0.5, "every": 20}, 0.5),
        ("step", 41, {"drop": 0.5, "every": 20}, 0.25),
        ("exponential", 11, {"decay": 0.05}, math.exp(-0.5)),
        ("inverse_time", 11, {"decay": 0.1}, 0.5),
        ("cosine", 1, {}, 1),
        ("cosine", 51, {}, 0.5),
        ("warmup", 5, {"warmup": 20}, 0.25),
        ("warmup", 90, {"warmup": 20}, 1),
        ("growing", 1, {"times": 1e8}, 1),
        ("growing", 100, {"times": 1e8}, 1e8),
        ("growing", 50, {"times": 1e99}, 1e49),
    ],
)
def test_closed_forms(name, t, sliders, factor):
    assert SCHEDULES[name](t, 100, **sliders) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize("entry", SCHEDULES.values(), ids=lambda entry: entry.name)
def test_laws(entry):
    factors = [entry(t, 100) for t in range(1, 101)]
    rises = entry.name in ("warmup", "growing")
    assert all(0 <= factor <= (10 if entry.name == "growing" else 1) for factor in factors)
    assert entry(1, 1) > 0
    steady = factors if rises else factors[::-1]
    assert steady == sorted(steady)
    assert entry.label
    assert entry.latex
    assert entry.source
    assert set(entry.sliders) <= set(RANGES)
