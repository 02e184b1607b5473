"""Races of EXPERIMENTS.md, as medians over seeds: initializers, optimizers, activations at equal updates."""

import numpy as np
import pytest

from tests.runs import ends, medians, preset

LOSSES = {"evaluate": "none", "steps": 1010}
PROBED = {"probe_steps": (500,)}  # the same for A10 and A11, which share a network


def loss_at(*steps):
    return lambda history: [history.loss[step - 10 : step + 10].mean() for step in steps]


def test_i13_the_race_of_initializers():
    normal, xavier, he = medians(preset("I13", **LOSSES), loss_at(100, 500, 1000), seeds=3)
    np.testing.assert_allclose(normal, 2.303, atol=0.005)
    np.testing.assert_allclose(xavier, [2.23, 1.06, 0.36], rtol=0.25)
    np.testing.assert_allclose(he, [1.56, 0.34, 0.21], rtol=0.15)


def test_o11_the_race_of_optimizers():
    race = [spec for spec in preset("O11", **LOSSES) if spec.optimizer != "rmsprop"]  # the book has no number for it
    sgd, momentum, adagrad, adam = medians(race, loss_at(100, 1000), seeds=3)
    assert sgd[0] == pytest.approx(1.48, rel=0.15)
    assert sgd[1] == pytest.approx(0.19, rel=0.3)
    for race, known in ((momentum, 0.0045), (adagrad, 0.0021), (adam, 0.0005)):
        assert known / 3 < race[1] < 3 * known
    assert sgd[1] > max(momentum[1], adagrad[1], adam[1])


def test_a11_the_same_net_with_each_activation():
    relu, tanh, sigmoid, normed = medians(ends("A11", **PROBED), lambda history: history.test_accuracy[-1], seeds=3)
    np.testing.assert_allclose([relu, tanh, sigmoid, normed], [0.92, 0.91, 0.10, 0.90], atol=0.05)


def test_a10_relus_family_learns_alike_and_alpha_moves():
    family = ends("A10", **PROBED)
    assert (medians(family, lambda history: history.test_accuracy[-1], seeds=3) > 0.88).all()
    alphas = medians(family, lambda h: float(h.probes[500][0].get("alpha", np.nan)), seeds=3)
    assert abs(alphas[2] - 0.25) > 0.02
