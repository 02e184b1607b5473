"""Batch normalization in EXPERIMENTS.md, as medians over three seeds."""

import numpy as np
import pytest

from tests.runs import ends, medians, preset

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


def last(history):
    return history.train_accuracy[-1]


def test_b5_the_sixteen_panels():
    found = medians(ends("B5"), last, seeds=3)
    for spec, accuracy in zip(preset("B5"), found, strict=True):
        scale = min(B5, key=lambda known: abs(np.log(known / spec.init_scale)))
        if (scale, spec.batchnorm) not in EDGES:
            assert accuracy == pytest.approx(B5[scale][spec.batchnorm == "before"], abs=0.15), spec
        assert spec.evaluate == "train"
        assert spec.steps == 20 * spec.eval_every


def test_b6_batchnorm_survives_higher_learning_rates():
    found = medians(ends("B6"), last, seeds=3)
    assert (found[5:] > 0.9).all()
    assert found[4] < 0.5


def test_b4_batchnorm_learns_faster_before_or_after_the_activation_and_not_better():
    plain, *normed = medians(ends("B4"), lambda history: (last(history), history.test_accuracy[-1]), seeds=3)
    for train, test in normed:
        assert plain[0] < 0.9 < train
        assert test == pytest.approx(0.75, abs=0.02)  # FINDINGS T4
    assert plain[1] == pytest.approx(0.80, abs=0.02)


def test_b7_at_equal_updates_neither_the_smallest_nor_the_largest_batch_generalizes_best():
    test = medians(ends("B7"), lambda history: history.test_accuracy[-1], seeds=3)
    assert test.argmax() == 2
    assert test[0] < test[1] < test[2] > test[3] > test[4]


def test_b9_running_statistics_need_warming_up():
    fast, book, slow = medians(preset("B9", eval_every=20), lambda history: history.test_accuracy[1], seeds=3)  # update 21
    assert fast > slow + 0.1
    assert book > slow + 0.1


def test_b10_without_normalization_a_sigmoids_inputs_do_not_depend_on_the_image():
    plain, normed = medians(ends("B10"), lambda h: [last(h), h.probes[200][-1]["input_std"]], seeds=3)
    assert plain[0] < 0.2
    assert plain[1] < 0.02
    assert normed[0] > 0.9
    assert normed[1] == pytest.approx(1, abs=0.25)
