"""Vital signs are what a probe has found, and the band counts what lies in it."""

from dataclasses import replace

import numpy as np
import pytest

from engine.compare import compare
from engine.experiments import mnist
from engine.signs import BAND, SIGNS, farthest, inside, looks

SPEC = mnist(hidden=(20, 10), train_size=200, steps=12, evaluate="none", probe_steps=(1, 5, 12), weight_steps=(4, 5))


def test_update_to_weight_is_that_of_the_weights_before_and_after():
    (history,) = compare([SPEC])
    before, after = history.weights[4].theta, history.weights[5].theta
    first = 784 * 20  # the first layer's weights lead
    ratio = np.linalg.norm(after[:first] - before[:first]) / np.linalg.norm(before[:first])
    found = looks(history, "update")
    assert list(found) == [1, 5, 12]
    assert found[5].shape == (2,)
    assert found[5][0] == pytest.approx(ratio, rel=1e-3)
    assert looks(history, "weight")[5][0] == pytest.approx(np.linalg.norm(before[:first]), rel=1e-4)


def test_every_sign_is_seen_where_the_network_lives_and_nowhere_else():
    well, lost = compare([SPEC, replace(SPEC, activation="identity", lr=1e6)])
    for name in SIGNS:
        assert list(looks(well, name)) == [1, 5, 12]
        assert 12 not in looks(lost, name)


def test_shares_are_of_units_and_of_activations():
    dead, flat = compare([replace(SPEC, bias_init=-10.0), replace(SPEC, activation="sigmoid", bias_init=10.0)])
    assert (looks(dead, "dead")[1] == 1).all()
    assert (looks(dead, "saturated")[1] == 1).all()
    assert (looks(flat, "dead")[1] == 0).all()
    assert (looks(flat, "saturated")[1] == 1).all()


def test_the_band_includes_its_ends_and_the_farthest_layer_is_so_in_powers_of_ten():
    ratios = np.array([[BAND[0], 0.9 * BAND[0], 1e-3], [BAND[1], 1.1 * BAND[1], 1e-3]])
    assert inside(ratios) == 4
    assert farthest(np.array([[1e-3, 2e-2, 1e-5], [1e-3, 2e-2, 1e-5]])) == (3, 1e-5)
    assert farthest(np.array([[1e-3, 0.0]])) == (2, 0.0)
