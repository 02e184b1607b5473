"""Every rule against PyTorch, and against what its formula says in closed form."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.descent import descend
from engine.objectives import OBJECTIVES, parse
from engine.optimizers import OPTIMIZERS, RANGES, adam

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "paths.json").read_text("utf-8"))


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: f"{case['optimizer']}-{case['objective']}")
def test_path_is_pytorchs(case):
    points = np.array(case["points"])
    steps = ORACLE["every"] * (len(points) - 1)
    path = descend(OBJECTIVES[case["objective"]], case["optimizer"], points[0], steps, lr=case["lr"], **case["hyper"])
    np.testing.assert_allclose(path.points[:: ORACLE["every"]], points, rtol=0, atol=1e-9)


def test_oracle_covers_six_rules_on_four_surfaces():
    cases = {(case["optimizer"], case["objective"]) for case in ORACLE["cases"]}
    assert len(cases) == 24
    assert {rule for rule, _ in cases} >= {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"}


@pytest.mark.parametrize("rule", OPTIMIZERS.values(), ids=lambda rule: rule.name)
def test_every_rule_is_complete(rule):
    assert rule.label
    assert rule.latex
    assert rule.source
    assert rule.function.__doc__
    assert rule.code.startswith("@optimizer")
    assert "lr" in rule.sliders
    assert set(rule.sliders) - {"lr"} <= set(RANGES)
    for name, default in rule.sliders.items():
        if name in RANGES:
            RANGES[name].check(name, default)


@pytest.mark.parametrize("rule", OPTIMIZERS.values(), ids=lambda rule: rule.name)
def test_a_rule_works_element_by_element_on_any_shape(rule):
    rng = np.random.default_rng(0)
    theta, g = rng.normal(size=(2, 3, 4, 5))
    state = [np.zeros_like(theta)] * len(rule.state)
    for t in (1, 2, 3):
        whole = rule(t, theta, g, *state)
        corner = rule(t, theta[1, 2, 3].item(), g[1, 2, 3].item(), *[s[1, 2, 3].item() for s in state])
        np.testing.assert_array_equal([a[1, 2, 3] for a in whole], corner)
        theta, *state = whole


@pytest.mark.parametrize("t", [1, 50, 1000])
def test_adagrad_fades_as_one_over_root_t_and_rmsprop_stands_above_it(t):
    """O17 and O18: a constant gradient of 1."""
    adagrad = descend(parse("x"), "adagrad", (0, 0), t, lr=1, eps=1e-16).effective_step[-1, 0]
    rmsprop = descend(parse("x"), "rmsprop", (0, 0), t, lr=1, eps=1e-16, rho=0.99).effective_step[-1, 0]
    assert adagrad == pytest.approx(1 / np.sqrt(t), rel=1e-9)
    assert rmsprop / adagrad == pytest.approx({1: 10.0, 50: 11.3, 1000: 31.6}[t], abs=0.06)
    assert rmsprop / adagrad == pytest.approx(np.sqrt(t / (1 - 0.99**t)), rel=1e-9)


def test_adams_first_step_is_lr_in_the_direction_of_the_sign():
    g = np.array([1e-4, -3.0, 500.0])
    theta, _, _ = adam(1, np.zeros(3), g, np.zeros(3), np.zeros(3), lr=0.3)
    np.testing.assert_allclose(theta, -0.3 * np.sign(g), rtol=2e-4)


@pytest.mark.parametrize(
    ("rule", "copies"), [("sgd", 0), ("momentum", 1), ("nesterov", 1), ("adagrad", 1), ("rmsprop", 1), ("adam", 2)]
)
def test_state_carried(rule, copies):
    """O16."""
    assert len(OPTIMIZERS[rule].state) == copies
