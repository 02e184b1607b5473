"""Bugs do what they say and nothing else; without one, nothing changes."""

from dataclasses import replace

import numpy as np
import pytest

from engine.bugs import BUGS
from engine.compare import compare
from engine.experiments import mnist
from engine.gradcheck import check_network
from engine.losses import softmax_cross_entropy
from engine.training import build, streams

SPEC = mnist(hidden=(20, 20), train_size=200, steps=30, eval_every=10, batchnorm="before")


def wrong(bug: str) -> np.ndarray:
    """Relative errors of the gradients of 60 weights, those of the first layer first."""
    spec = replace(SPEC, bug=bug, hidden=(5, 4))
    rng = streams(0)
    network = build(spec, (), np.float64(0), rng["dropout"], np.float64)
    network.initialize("he", 1.0, 0.1, rng["init"])
    x, labels = rng["batches"].normal(size=(12, 784)), rng["batches"].integers(10, size=12)
    return check_network(network, x, labels, 60, rng["batches"], loss=BUGS[bug].loss).errors


@pytest.mark.parametrize("bug", [name for name in BUGS if name != "none"])
def test_every_bug_changes_the_run_and_says_how_it_is_mended(bug):
    if bug == "softmax":  # until a logit is too large for float32
        assert np.allclose(BUGS[bug].loss(np.eye(3), np.arange(3))[0], softmax_cross_entropy(np.eye(3), np.arange(3))[0])
        with np.errstate(all="ignore"):
            assert not np.isfinite(BUGS[bug].loss(np.float32([[0, 1000]]), np.array([0]))[0]).all()
    else:
        plain, buggy = compare([SPEC, replace(SPEC, bug=bug)])
        assert not np.array_equal(plain.loss, buggy.loss) or not np.array_equal(plain.test_accuracy, buggy.test_accuracy)
    assert BUGS[bug].fix.endswith(".")
    assert BUGS[bug].__doc__


@pytest.mark.parametrize("bug", ["sign", "factor", "slope"])
def test_wrong_gradients_are_wrong(bug):
    assert wrong(bug).max() > 0.5


@pytest.mark.parametrize("bug", ["none", "labels", "pixels", "zeros", "statistics", "softmax", "rate"])
def test_other_gradients_are_right(bug):
    assert wrong(bug).max() < 1e-4


def test_batch_statistics_leave_the_training_as_it_is():
    plain, buggy = compare([SPEC, replace(SPEC, bug="statistics")])
    assert np.array_equal(plain.loss, buggy.loss)
    assert not np.array_equal(plain.test_accuracy, buggy.test_accuracy)
