"""Every rule against PyTorch, and against what its formula says in closed form."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.compare import compare
from engine.descent import descend
from engine.experiments import mnist
from engine.objectives import OBJECTIVES, parse
from engine.optimizers import OPTIMIZERS, RANGES, adam, lion
from engine.training import build, streams

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "paths.json").read_text("utf-8"))


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: f"{case['optimizer']}-{case['objective']}")
def test_path_is_pytorchs(case):
    points = np.array(case["points"])
    steps = ORACLE["every"] * (len(points) - 1)
    path = descend(OBJECTIVES[case["objective"]], case["optimizer"], points[0], steps, lr=case["lr"], **case["hyper"])
    np.testing.assert_allclose(path.points[:: ORACLE["every"]], points, rtol=0, atol=1e-9)


def test_oracle_covers_every_rule_but_lion_on_four_surfaces():
    """Lion is not in PyTorch: closed forms hold it, below."""
    cases = {(case["optimizer"], case["objective"]) for case in ORACLE["cases"]}
    rules, surfaces = ({case[i] for case in cases} for i in (0, 1))
    assert rules == OPTIMIZERS.keys() - {"lion"}
    assert len(surfaces) == 4
    assert len(cases) == len(ORACLE["cases"]) == 4 * len(rules)


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


def test_lion_walks_in_equal_steps():
    """A constant gradient: θ moves by lr a step, whatever the slope; with decay it comes to rest where ηλθ = −η·sign(g)."""
    path = descend(parse("100*x - y/100"), "lion", (0, 0), 50, lr=0.3)
    np.testing.assert_allclose(path.points, 0.3 * np.outer(np.arange(51), [-1, 1]), atol=1e-12)
    path = descend(parse("100*x - y/100"), "lion", (0, 0), 500, lr=0.3, weight_decay=0.1)
    rest = np.array([-10, 10])
    np.testing.assert_allclose(path.points, rest * (1 - 0.97 ** np.arange(501)[:, None]), atol=1e-12)


def test_lions_sign_is_of_beta1_and_its_memory_of_beta2():
    """After m = 1 the gradient turns to −1: m is 2·.99ʲ − 1 after j steps, and .9·m − .1 < 0 from .99ʲ < 5/9 on, j = 59."""
    theta, m, steps = 0.0, 1.0, []
    for t in range(1, 101):
        new, m = lion(t, theta, -1.0, m, lr=1.0)
        steps.append(new - theta)
        theta = new
    assert steps == [-1.0] * 59 + [1.0] * 41


def test_decay_beside_the_gradient_shrinks_theta_by_its_own_share():
    """No slope: Adam rests, AdamW and Lion shrink θ by the factor 1 − ηλ a step."""
    flat = parse("0*x")
    for name in ("adamw", "lion"):
        path = descend(flat, name, (8, -4), 40, lr=0.5, weight_decay=0.1)
        np.testing.assert_allclose(path.points, np.outer(0.95 ** np.arange(41), [8, -4]), rtol=1e-12)
    assert (descend(flat, "adam", (8, -4), 40, lr=0.5).points == (8, -4)).all()


@pytest.mark.parametrize(("plain", "decaying"), [("adam", "adamw"), ("lion", "lion")])
def test_a_network_decays_in_its_weights_alone(plain, decaying):
    """The first gradient is the same for both; W loses ηλ of itself besides, and b, γ, β, α nothing."""
    net = {"hidden": (6, 5), "activation": "prelu", "batchnorm": "before", "bias_init": 0.5, "train_size": 50, "steps": 1}
    undecayed = mnist(**net, optimizer=plain, lr=0.02, weight_steps=(1,))
    spec = replace(undecayed, optimizer=decaying, hyper=(("weight_decay", 0.5),))
    start = build(undecayed, (1,), np.float32(0), np.random.default_rng(), np.float32)
    start.initialize("he", 1.0, 0.5, streams(undecayed.seed)["init"])
    before = start.theta[0].copy()
    free, decayed = (history.weights[1].theta for history in compare([undecayed, spec]))
    start.theta[...] = 0
    for layer in start.dense:
        layer.W[...] = 1
    weight = start.theta[0] == 1
    assert weight.sum() == 784 * 6 + 6 * 5 + 5 * 10
    np.testing.assert_allclose((decayed - free)[weight], -0.02 * 0.5 * before[weight], atol=1e-7)
    np.testing.assert_array_equal(decayed[~weight], free[~weight])
    assert (free != before)[~weight].sum() > 20


@pytest.mark.parametrize(
    ("rule", "copies"),
    [
        *[("sgd", 0), ("momentum", 1), ("nesterov", 1), ("adagrad", 1), ("rmsprop", 1), ("adam", 2)],
        *[("adadelta", 2), ("adamax", 2), ("amsgrad", 3), ("adamw", 2), ("lion", 1)],
    ],
)
def test_state_carried(rule, copies):
    """O16."""
    assert len(OPTIMIZERS[rule].state) == copies
