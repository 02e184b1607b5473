"""Overfitting and its remedies in EXPERIMENTS.md, as medians over three seeds."""

import numpy as np
import pytest

from tests.runs import ends, medians, preset

LOOKS = {"eval_every": 300}  # after the updates 1, 301 and 601: 200 epochs are 600


def accuracies(history):
    return np.array([history.train_accuracy, history.test_accuracy])


def test_r1_three_hundred_images_are_learned_by_heart():
    ((train, test),) = medians(preset("R1", **LOOKS), accuracies, seeds=3)
    assert train[1] > 0.97  # 100 epochs
    assert train[2] > 0.99
    assert test[2] == pytest.approx(0.77, abs=0.07)


def test_r2_weight_decay_narrows_the_gap():
    plain, decayed = medians(preset("R2", **LOOKS), accuracies, seeds=3)[..., 2]
    assert decayed[0] == pytest.approx(0.89, abs=0.08)
    assert decayed[1] == pytest.approx(0.71, abs=0.08)
    assert decayed[0] - decayed[1] < plain[0] - plain[1]


def test_r6_the_gap_closes_with_data():
    found = medians(ends("R6"), lambda history: [history.train_accuracy[-1], history.test_accuracy[-1]], seeds=3)
    gaps = found[:, 0] - found[:, 1]
    assert (np.diff(gaps) < 0).all()
    assert gaps[0] > 0.3
    assert gaps[-1] < 0.08
