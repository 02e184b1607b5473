"""Units of EXPERIMENTS.md that die, stay alike or keep their width, as medians over three seeds."""

import numpy as np
import pytest

from engine.trained import restore
from tests.runs import medians, preset

A8 = preset("A8", evaluate="none")


def dead(*steps):
    """Share of all hidden units that are silent, at these steps; of a network that has diverged, all."""
    return lambda history: [np.mean([np.nan_to_num(layer["dead"], nan=1) for layer in history.probes[step]]) for step in steps]


def test_a7_a8_the_dead_share_rises_with_the_learning_rate_and_stays_harmless_at_the_books():
    first, last = medians(A8, dead(1, 1000), seeds=3).T
    assert first == pytest.approx(first[0], abs=1e-12)  # the same first weights and batch
    assert last[2] > 1.5 * last[1]
    assert 0.02 < last[0] < 0.2
    worst = medians(A8, lambda h: max(np.nan_to_num(layer["dead"], nan=1) for layer in h.probes[1000]), seeds=3)
    assert worst[2] > 0.25


def test_a7_a_bias_of_minus_one_kills_and_so_do_tiny_weights():
    dark, plain, *_ = medians(preset("A9", evaluate="none"), dead(200), seeds=3)[:, 0]
    assert dark > 0.8
    assert plain < 0.2
    tiny, _, he = preset("A7", evaluate="none", probe_steps=A8[1].probe_steps)
    assert he == A8[1]
    tiny, he = medians([tiny, he], dead(1000), seeds=3)[:, 0]
    assert tiny > he + 0.1


def test_a9_a_small_positive_bias_means_fewer_zeros_at_the_start():
    def zeros(history):
        layers = history.probes[1]
        return np.mean([layer["activations"].zeros / layer["activations"].size for layer in layers])

    _, plain, small, larger = medians(preset("A9", evaluate="none"), zeros, seeds=3)
    assert larger < small <= plain


def test_a12_a_linear_net_fails_on_circles():
    identity, tanh, relu = medians(preset("A12"), lambda history: history.test_accuracy[-1], seeds=3)
    assert identity < 0.65
    assert min(tanh, relu) > 0.98


def test_i1_symmetric_units_stay_identical():
    def distinct(history):
        W = restore(history.experiment, history.weights[300]).dense[0].W
        return np.unique(W, axis=1).shape[1]

    assert medians(preset("I1", evaluate="none", weight_steps=(300,)), distinct, seeds=3).tolist() == [1, 1, 8]


def test_i15_a_good_start_keeps_its_width_through_training():
    specs = preset("I15", evaluate="none", probe_steps=(1, 200))
    first, last = medians(specs, lambda h: [h.probes[t][-1]["activations"].std for t in (1, 200)], seeds=3).T
    assert first[0] < 1e-4
    assert 0.2 < first[1] < 0.8
    assert 0.2 < last[1] < 0.9
