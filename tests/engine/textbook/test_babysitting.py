"""First steps of a run in EXPERIMENTS.md, and what tells whether it goes well."""

import pytest

from tests.runs import medians, preset, trained


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
    def ends(history):
        ratios = [layer["update_ratio"] for layers in history.probes.values() for layer in layers]
        return min(ratios), max(ratios)

    ((lowest, highest),) = medians(preset("S11", evaluate="none", probe_steps=(1, *range(6, 201, 5))), ends, seeds=5)
    assert lowest == pytest.approx(2e-4, rel=0.3)
    assert highest == pytest.approx(1.3e-3, rel=0.3)
