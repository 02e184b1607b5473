"""The doctor names the cause first; each rule is tried on a history that has its sign, and on one that is just short of it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine.compare import History, compare
from engine.doctor import RULES, diagnose, measured, unseen
from engine.experiments import mnist

STEPS = 100
SPEC = mnist(steps=STEPS, eval_every=10)


def layer(dead=0.0, gradient_norm=1.0, update_ratio=2e-3, spread=0.3):
    return {
        "dead": dead,
        "gradient_norm": gradient_norm,
        "update_ratio": update_ratio,
        "activations": SimpleNamespace(std=spread),
    }


def history(loss=None, train=0.95, test=0.93, probes=None, **changes) -> History:
    """A healthy history of three layers, but for what is given."""
    loss = np.linspace(2.4, 0.1, STEPS) if loss is None else np.asarray(loss, float)
    train, test = (np.broadcast_to(np.asarray(each, float), 10) for each in (train, test))
    return History(replace(SPEC, **changes), loss, train, test, None, {1: [layer()] * 3} if probes is None else probes, {})


def names(found: History) -> list[str]:
    return [finding.name for finding in diagnose(found)]


SAW = np.tile([0.9, 0.85], 5)
SIGNS = {  # rule → what has its sign, and what is just short of it
    "dead units": ({"probes": {1: [layer(), layer(dead=0.7)]}}, {"probes": {1: [layer(), layer(dead=0.69)]}}),
    "exploding gradients": ({"probes": {1: [layer(gradient_norm=71)]}}, {"probes": {1: [layer(gradient_norm=69)]}}),
    "vanishing gradients": (
        {"probes": {1: [layer(gradient_norm=0.04), layer()]}},
        {"probes": {1: [layer(gradient_norm=0.06), layer()]}},
    ),
    "bad start": ({"probes": {1: [layer(), layer(spread=0.009)]}}, {"probes": {1: [layer(spread=0.009), layer(spread=0.02)]}}),
    "lr too high": ({"probes": {2: [layer(update_ratio=0.11)]}}, {"probes": {2: [layer(update_ratio=0.09)]}}),
    "lr too low": (
        {"probes": {1: [layer(update_ratio=1e-5)], 9: [layer(update_ratio=2e-4)]}},
        {"probes": {1: [layer(update_ratio=1e-5)], 9: [layer(update_ratio=4e-4)]}},
    ),
    "oscillating": ({"train": SAW, "test": SAW - 0.02}, {"train": np.tile([0.9, 0.88], 5), "test": 0.87}),
    "no learning": ({"train": 0.3, "test": 0.12}, {"train": 0.87, "test": 0.8}),
    "overfitting": ({"train": 1.0, "test": 0.89}, {"train": 1.0, "test": 0.91}),
    "underfitting": ({"train": 0.84, "test": 0.8}, {"train": 0.86, "test": 0.82}),
}


@pytest.mark.parametrize("name", SIGNS)
def test_a_rule_sees_its_sign_and_nothing_short_of_it(name):
    sign, short = SIGNS[name]
    assert names(history(**sign)) == [name]
    assert names(history(**short)) == ["healthy"]


LOW = ("vanishing gradients", "bad start", "lr too low", "no learning", "underfitting")


@pytest.mark.parametrize("name", SIGNS)
def test_the_curve_that_showed_it_is_beyond_its_level_since_that_update(name):
    found = history(**SIGNS[name][0])
    finding = diagnose(found)[0]
    updates, values = measured(found, finding.measure)
    (value,) = values[updates == finding.evidence["update"]]
    assert value < finding.level if name in LOW else value >= finding.level - 1e-12


def test_every_rule_is_tried():
    assert [name.replace("_", " ") for name in RULES] == [*list(SIGNS)[:6], "diverged", *list(SIGNS)[6:]]


def test_a_finding_says_where_it_comes_from():
    for entry in RULES.values():
        assert entry.latex
        assert entry.source
        assert entry.advice
        assert entry.sliders, "thresholds are in the open"


def test_what_showed_first_is_the_cause():
    late = history(np.r_[np.linspace(2.4, 9, 50), np.full(50, np.nan)], 0.1, 0.1, {1: [layer()], 40: [layer(dead=1)]})
    assert names(late) == ["lr too high", "dead units", "diverged", "underfitting"]
    early = history(np.r_[np.linspace(2.4, 9, 50), np.full(50, np.nan)], 0.1, 0.1, {1: [layer(dead=1)]})
    assert names(early)[0] == "dead units"


def test_without_probes_the_loss_alone_is_read_and_the_rest_is_said_to_be_unseen():
    assert names(history(probes={})) == ["healthy"]
    assert names(history(np.full(STEPS, 2.303), 0.1, 0.1, {}))[0] == "bad start"
    assert names(history(np.r_[2.4, np.full(99, np.inf)], 0.1, 0.1, {}))[0] == "lr too high"
    assert unseen(history()) == []
    assert unseen(history(probes={})) == ["dead units", "exploding gradients", "vanishing gradients", "lr too low"]


def test_a_first_loss_far_above_guessing_is_a_bad_start_unless_weight_decay_is_in_it():
    loud = np.linspace(20, 0.1, STEPS)
    assert names(history(loud)) == ["bad start"]
    assert names(history(loud, weight_decay=0.1)) == ["healthy"]
    assert diagnose(history(np.linspace(2, 0.1, STEPS)), chance=0.5)[0].name == "bad start"


@pytest.mark.filterwarnings("error")
def test_odd_histories_are_diagnosed_too():
    assert names(history(np.full(STEPS, np.nan), np.nan, np.nan))
    assert names(replace(history(), train_accuracy=np.empty(0), test_accuracy=np.empty(0), probes={})) == ["healthy"]
    assert names(replace(history([2.4]), train_accuracy=np.array([0.1])))
    assert names(history(probes={1: []}))
    with pytest.raises(ValueError, match="nothing to diagnose"):
        diagnose(history([]))


def test_networks_with_a_known_fault():
    """A few of those that `python -m benchmarks.doctor` counts."""
    well = mnist(hidden=(50,) * 3, lr=0.1, train_size=4000, steps=200, eval_every=40, probe_steps=(1, 2, 20, 200))
    faults = {
        "healthy": well,
        "dead units": replace(well, bias_init=-3.0),
        "bad start": replace(well, initializer="normal", init_scale=0.01),
        "lr too high": replace(well, lr=1.5),
        "lr too low": replace(well, lr=3e-4),
        "no learning": replace(well, dataset="mnist-shuffled"),
        "overfitting": replace(well, train_size=100),
    }
    assert {name: names(found)[0] for name, found in zip(faults, compare(list(faults.values())), strict=True)} == {
        name: name for name in faults
    }
