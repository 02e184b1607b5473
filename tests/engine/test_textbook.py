"""The textbook's numbers, EXPERIMENTS.md, as medians over seeds: five for the A and I rows, three for the others."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.compare import History, compare
from engine.experiments import PRESETS
from engine.trained import restore

B5 = {  # init_scale → train accuracy of the last epoch, without and with batch normalization
    1: (0.10, 0.42),
    0.54: (0.10, 0.50),
    0.29: (0.98, 0.63),
    0.16: (0.82, 0.76),
    0.086: (0.24, 0.89),
    0.046: (0.12, 0.95),
    0.025: (0.12, 0.99),
    0.0136: (0.12, 1.0),
    0.0074: (0.12, 1.0),
    0.004: (0.12, 1.0),
    0.0022: (0.12, 1.0),
    0.0012: (0.12, 0.83),
    6.3e-4: (0.12, 0.80),
    3.4e-4: (0.12, 0.60),
    1.8e-4: (0.12, 0.62),
    1e-4: (0.12, 0.52),
}
EDGES = {(0.086, "none"), (6.3e-4, "before")}  # of the trainable band: there the seed decides


@cache
def seeds(name: str, **changes) -> list[list[History]]:
    """The preset's histories for each seed."""
    runs = [[replace(spec, seed=seed, **changes) for spec in PRESETS[name]] for seed in range(5 if name[0] in "AI" else 3)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(compare, runs))


def median(name: str, number, **changes):
    return np.median([[number(history) for history in run] for run in seeds(name, **changes)], axis=0)


def loss_at(*steps):
    return lambda history: [history.loss[step - 10 : step + 10].mean() for step in steps]


def test_b5_the_sixteen_panels():
    found = median("B5", lambda history: history.train_accuracy[-1])
    for spec, accuracy in zip(PRESETS["B5"], found, strict=True):
        scale = min(B5, key=lambda known: abs(np.log(known / spec.init_scale)))
        if (scale, spec.batchnorm) not in EDGES:
            assert accuracy == pytest.approx(B5[scale][spec.batchnorm == "before"], abs=0.15), spec
    assert all(len(history.train_accuracy) == 20 and not len(history.test_accuracy) for history in seeds("B5")[0])


def test_r1_three_hundred_images_are_learned_by_heart():
    at_100, train, test = median("R1", lambda h: [h.train_accuracy[100], h.train_accuracy[-1], h.test_accuracy[-1]])[0]
    assert at_100 > 0.97
    assert train > 0.99
    assert test == pytest.approx(0.77, abs=0.07)


def test_r2_weight_decay_narrows_the_gap():
    plain, decayed = median("R2", lambda h: [h.train_accuracy[200], h.test_accuracy[200]])
    assert decayed[0] == pytest.approx(0.89, abs=0.08)
    assert decayed[1] == pytest.approx(0.71, abs=0.08)
    assert decayed[0] - decayed[1] < plain[0] - plain[1]


def test_i13_the_race_of_initializers():
    normal, xavier, he = median("I13", loss_at(100, 500, 1000), evaluate="none", steps=1010)
    np.testing.assert_allclose(normal, 2.303, atol=0.005)
    np.testing.assert_allclose(xavier, [2.23, 1.06, 0.36], rtol=0.25)
    np.testing.assert_allclose(he, [1.56, 0.34, 0.21], rtol=0.15)


def test_o11_the_race_of_optimizers():
    races = median("O11", loss_at(100, 1000), evaluate="none", steps=1010)
    sgd, momentum, adagrad, _, adam = races
    assert sgd[0] == pytest.approx(1.48, rel=0.15)
    assert sgd[1] == pytest.approx(0.19, rel=0.3)
    for race, known in ((momentum, 0.0045), (adagrad, 0.0021), (adam, 0.0005)):
        assert known / 3 < race[1] < 3 * known
    assert sgd[1] > max(momentum[1], adagrad[1], adam[1])


def test_a11_the_same_net_with_each_activation():
    relu, tanh, sigmoid, normed = median("A11", lambda history: history.test_accuracy[-1])
    np.testing.assert_allclose([relu, tanh, sigmoid, normed], [0.92, 0.91, 0.10, 0.90], atol=0.05)


def dead(*steps):
    """Share of all hidden units that are silent, at these steps."""
    return lambda history: [np.mean([layer["dead"] for layer in history.probes[step]]) for step in steps]


def test_a7_a8_the_dead_share_rises_with_the_learning_rate_and_stays_harmless_at_the_books():
    first, last = median("A8", dead(1, 1000), evaluate="none").T
    assert first == pytest.approx(first[0], abs=1e-12)  # the same first weights and batch
    assert last[2] > 1.5 * last[1]
    assert 0.02 < last[0] < 0.2
    worst = median("A8", lambda history: max(layer["dead"] for layer in history.probes[1000]), evaluate="none")
    assert worst[2] > 0.25


def test_a7_a_bias_of_minus_one_kills_and_so_do_tiny_weights():
    dark, plain, *_ = median("A9", dead(200), evaluate="none")[:, 0]
    assert dark > 0.8
    assert plain < 0.2
    tiny, _, he = median("A7", dead(1000), evaluate="none", probe_steps=(1000,))[:, 0]
    assert tiny > he + 0.1


def test_a9_a_small_positive_bias_means_fewer_zeros_at_the_start():
    def zeros(history):
        layers = history.probes[1]
        return np.mean([layer["activations"].zeros / layer["activations"].size for layer in layers])

    _, plain, small, larger = median("A9", zeros, evaluate="none")
    assert larger < small <= plain


def test_a10_relus_family_learns_alike_and_alpha_moves():
    found = median("A10", lambda history: history.test_accuracy[-1], probe_steps=(500,))
    assert (found > 0.88).all()
    alphas = median("A10", lambda h: float(h.probes[500][0].get("alpha", np.nan)), probe_steps=(500,))
    assert abs(alphas[2] - 0.25) > 0.02


def test_a12_a_linear_net_fails_on_circles():
    identity, tanh, relu = median("A12", lambda history: history.test_accuracy[-1])
    assert identity < 0.65
    assert min(tanh, relu) > 0.98


def test_i1_symmetric_units_stay_identical():
    def distinct(history):
        W = restore(history.experiment, history.weights[300]).dense[0].W
        return np.unique(W, axis=1).shape[1]

    assert median("I1", distinct, weight_steps=(300,)).tolist() == [1, 1, 8]


def test_i15_a_good_start_keeps_its_width_through_training():
    first, last = median("I15", lambda h: [h.probes[t][-1]["activations"].std for t in (1, 200)], probe_steps=(1, 200)).T
    assert first[0] < 1e-4
    assert 0.2 < first[1] < 0.8
    assert 0.2 < last[1] < 0.9


def test_s3_twenty_samples_are_learned_by_heart():
    (history,) = seeds("S3")[0]
    assert history.loss[-1] < 0.01
    assert history.train_accuracy[-1] == 1


def test_s4_s5_too_low_and_far_too_high():
    (slow,), (wild,) = seeds("S4")[0], seeds("S5")[0]
    assert 2.29 < slow.loss[-20:].mean() < 2.303
    assert wild.diverged is not None
    assert wild.diverged <= 5


def test_s8_loss_flat_while_accuracy_rises():
    (history,) = seeds("S8")[0]
    assert history.loss[-20:].mean() == pytest.approx(2.3, abs=0.01)
    assert history.train_accuracy[-1] > 0.35


def test_s11_update_to_weight_ratio():
    (history,) = seeds("S11")[0]
    ratios = [layer["update_ratio"] for layers in history.probes.values() for layer in layers]
    assert 1e-4 < min(ratios) < max(ratios) < 3e-3


def test_b6_batchnorm_survives_higher_learning_rates():
    last = median("B6", lambda history: history.train_accuracy[-1], evaluate="train")
    assert (last[5:] > 0.9).all()
    assert last[4] < 0.5


def test_b4_batchnorm_learns_faster_before_or_after_the_activation():
    plain, before, after = median("B4", lambda history: history.train_accuracy[-1])
    assert plain < 0.9 < before
    assert plain < 0.9 < after


def test_b7_at_equal_updates_neither_the_smallest_nor_the_largest_batch_generalizes_best():
    test = median("B7", lambda history: history.test_accuracy[-1])
    assert test.argmax() == 2
    assert test[0] < test[1] < test[2] > test[3] > test[4]


def test_b9_running_statistics_need_warming_up():
    fast, book, slow = median("B9", lambda history: history.test_accuracy[20])
    assert fast > slow + 0.1
    assert book > slow + 0.1


def test_b10_without_normalization_a_sigmoids_inputs_do_not_depend_on_the_image():
    plain, normed = median("B10", lambda h: [h.train_accuracy[-1], h.probes[200][-1]["input_std"]])
    assert plain[0] < 0.2
    assert plain[1] < 0.02
    assert normed[0] > 0.9
    assert normed[1] == pytest.approx(1, abs=0.25)


def test_r6_the_gap_closes_with_data():
    ends = median("R6", lambda history: [history.train_accuracy[-1], history.test_accuracy[-1]])
    gaps = ends[:, 0] - ends[:, 1]
    assert (np.diff(gaps) < 0).all()
    assert gaps[0] > 0.3
    assert gaps[-1] < 0.08
