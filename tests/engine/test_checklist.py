"""The checklist finds nothing in a sound network, and each bug by the checks that can see it; the table is run and printed."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from engine import checklist
from engine.bugs import BUGS
from engine.checklist import CHECKS, judge, plan, tried
from engine.compare import History
from engine.experiments import PRESETS, Experiment, mnist
from tests.runs import trained

CS231N = replace(PRESETS["S3"][0], train_size=1000)  # 0–255, centered
UNIT = mnist(hidden=(20,), initializer="normal", init_scale=0.01, lr=0.3, train_size=500)
NORMED = replace(UNIT, hidden=(20, 20), batchnorm="before")
SIGNS = {"pass": "✓", "fail": "✗", "unknown": "?"}


def outcomes(base: Experiment) -> dict:
    """Check → outcome."""
    return {name: judge(name, base, trained(specs)) for name, specs in plan(base).items()}


def row(base: Experiment) -> str:
    return "".join(SIGNS[outcome.state] for outcome in outcomes(base).values())


@pytest.mark.parametrize("seed", range(5))
def test_s12_a_sound_network_passes_all(seed):
    found = outcomes(replace(CS231N, seed=seed))
    assert {outcome.state for outcome in found.values()} == {"pass"}
    assert found["first_loss"].seen.loss == pytest.approx(np.log(10), rel=0.01)
    assert found["penalty"].seen.rise == pytest.approx(0.2, abs=0.01)  # S2: about 2.50
    assert found["twenty"].seen.loss < 0.01
    assert found["window"].seen.least <= 1e-3 <= found["window"].seen.largest
    assert found["window"].seen.saved > 0.3


def test_which_check_finds_which_bug():
    """Columns: data, first loss, penalty, gradient, alone, sure and wrong, twenty by heart, learning rates, new images."""
    found = {bug: row(replace(NORMED, bug=bug)) for bug in BUGS}
    sys.stdout.write("\n".join(["", *(f"{BUGS[bug].label:30}{signs}" for bug, signs in found.items()), ""]))
    finds = {bug: {name for name, sign in zip(CHECKS, signs, strict=True) if sign == "✗"} for bug, signs in found.items()}
    assert finds.pop("none") == set()
    surely = {
        "labels": {"new_images"},
        "pixels": {"data"},
        "zeros": {"penalty", "twenty", "window", "new_images"},
        "sign": {"gradient"},
        "factor": {"gradient"},
        "slope": {"gradient"},
        "statistics": {"alone"},
        "softmax": {"sure"},
        "rate": {"window"},
    }
    for bug, checks in surely.items():
        assert checks <= finds[bug], bug
    assert "gradient" not in finds["labels"] | finds["pixels"] | finds["zeros"] | finds["softmax"] | finds["rate"]


def test_batch_normalization_hides_pixels_that_are_too_large():
    plain, normed = (outcomes(replace(base, bug="pixels")) for base in (UNIT, NORMED))
    assert plain["twenty"].state == plain["window"].state == "fail"
    assert "fail" not in (normed["twenty"].state, normed["window"].state)


@pytest.mark.parametrize("base", [CS231N, UNIT, NORMED])
def test_a_plan_of_its_own_first_update_is_the_same(base):
    assert plan(checklist.one_update(base)) == plan(base)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"train_size": 50}, "data few"),
        ({"bug": "pixels"}, "data range"),
        ({"bug": "pixels", "scaling": "standardize"}, "data range"),
        ({"scaling": "standardize"}, "data"),
        ({"scaling": "center"}, "data"),
        ({"dataset": "circles", "hidden": (3,)}, "data"),
    ],
)
def test_the_look_at_the_data(changes, kind):
    assert judge("data", replace(UNIT, **changes), []).seen.kind == kind


def history(loss: list[float], lr: float = 0.1) -> History:
    spec = mnist(steps=len(loss), lr=lr)
    return History(spec, np.array(loss), np.empty(0), np.array([0.5]), None, {}, {})


@pytest.mark.parametrize(
    ("loss", "learns", "stopped"),
    [
        ([2.0] * 30, False, None),
        ([2.0] * 3 + [1.0] * 60, True, None),
        ([2.0, 5.9, 6.1, 1.0], False, 3),
        ([2.0, np.nan, np.nan], False, 2),
    ],
)
def test_a_rate_learns_barely_moves_or_is_stopped_at_three_times_the_first_loss(loss, learns, stopped):
    found = tried(history(loss))
    assert (found.learns, found.stopped) == (learns, stopped)
