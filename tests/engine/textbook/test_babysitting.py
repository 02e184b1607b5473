"""First steps of a run in EXPERIMENTS.md, and what tells whether it goes well."""

import pytest

from tests.runs import preset, trained


def test_s3_twenty_samples_are_learned_by_heart():
    (history,) = trained(preset("S3"))
    assert history.loss[-1] < 0.01
    assert history.train_accuracy[-1] == 1


def test_s4_s5_too_low_and_far_too_high():
    slow, wild = trained(preset("S4") + preset("S5"))
    assert 2.29 < slow.loss[-20:].mean() < 2.303
    assert wild.diverged is not None
    assert wild.diverged <= 5


def test_s8_loss_flat_while_accuracy_rises():
    (history,) = trained(preset("S8"))
    assert history.loss[-20:].mean() == pytest.approx(2.3, abs=0.01)
    assert history.train_accuracy[-1] > 0.35


def test_s11_update_to_weight_ratio():
    (history,) = trained(preset("S11"))
    ratios = [layer["update_ratio"] for layers in history.probes.values() for layer in layers]
    assert 1e-4 < min(ratios) < max(ratios) < 3e-3
