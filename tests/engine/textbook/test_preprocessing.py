"""Preprocessing in EXPERIMENTS.md, as medians over three seeds: what statistics leak, and what scaling does to learning."""

from dataclasses import replace

import numpy as np
import pytest

from engine.experiments import PRESETS
from tests.runs import medians

ENDS = {"eval_every": 200}


def test_p4_a_leak_matters_where_training_pictures_are_few_or_the_tests_are_others():
    found = medians(PRESETS["P4"], lambda history: history.test_accuracy[-1], seeds=3)
    train, everything, each = found.reshape(2, 3, 3).transpose(2, 0, 1)  # of all ways: brightness × size
    assert everything[0, 0] - train[0, 0] > 0.02
    assert abs(everything[0, 2] - train[0, 2]) < 0.02
    assert (each[1] - train[1] > 0.05).all()
    assert (np.diff(train) > 0).all()


def test_p6_one_rate_serves_every_scaling_but_raw_pixels():
    raw, unit, centered, *_ = medians(PRESETS["P6"], lambda history: history.test_accuracy[-1], seeds=3)
    assert min(unit, centered) > 0.8
    assert raw < max(unit, centered)


def test_p6_raw_pixels_want_a_rate_255_squared_smaller():
    """Of a linear layer from zero weights: exactly the same descent, were it not for the bias."""
    raw, unit = PRESETS["P6"][:2]
    slow = replace(raw, lr=unit.lr / 255**2)
    bytes_, ones = medians([slow, unit], lambda history: history.smoothed(0.9)[-1], seeds=3)
    assert bytes_ == pytest.approx(ones, rel=0.02)


def test_p6_whitening_everything_wins_the_training_loss_and_loses_test_accuracy():
    def ends(history):
        return [history.smoothed(0.9)[-1], history.test_accuracy[-1]]

    _, _, centered, _, whitened = medians([replace(spec, **ENDS) for spec in PRESETS["P6"]], ends, seeds=3)
    assert whitened[0] < centered[0]
    assert whitened[1] < centered[1] - 0.1
