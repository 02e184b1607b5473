"""Specs round, check and reproduce; presets are what the book's figures need."""

import pytest

from engine.descent import follow
from engine.experiments import PRESETS, STEPS_AND_RATES, Descent, Experiment, textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS

NAMED = ["O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O9", "O10", "O13", "O14", "O18", "O21", "O22", "O23"]


def test_every_row_of_the_issue_has_a_preset():
    assert set(NAMED) <= set(PRESETS)


DESCENTS = [name for name, specs in PRESETS.items() if isinstance(specs[0], Descent)]
TRAININGS = [name for name in PRESETS if name not in DESCENTS]


def test_every_mnist_row_of_the_issue_has_a_preset():
    rows = "O11 A8 A9 A11 I13 B4 B5 B6 B7 B8 B9 B10 R1 R2 R3 R4 R6 S1 S2 S3 S4 S5 S6 S7 S8 S11"
    assert rows.split() == TRAININGS


@pytest.mark.parametrize("name", DESCENTS)
def test_presets_run_and_differ_only_in_the_optimizer_and_its_sliders(name):
    specs = PRESETS[name]
    assert len({spec.optimizer for spec in specs}) == len(specs)
    assert len({(s.surface, s.formula, s.x0, s.y0, s.steps, s.noise, s.batch_size, s.schedule) for s in specs}) == 1
    for spec in specs:
        assert follow(spec).diverged_at is None


@pytest.mark.parametrize("surface", OBJECTIVES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_textbook_settings_go_downhill(surface, optimizer):
    assert surface in STEPS_AND_RATES
    path = follow(textbook(optimizer, surface))
    assert path.diverged_at is None
    assert path.values[-1] < path.values[0]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"lr": 0}, "lr must lie between 0.0001 and 100"),
        ({"lr": float("nan")}, "lr must lie"),
        ({"steps": 99999}, "steps must lie between 1 and 1000"),
        ({"x0": float("inf")}, "x0 must lie"),
        ({"surface": "nope"}, "surface must be one of bowl"),
        ({"optimizer": "nope"}, "optimizer must be one of sgd"),
        ({"schedule": "nope"}, "schedule must be one of constant"),
        ({"hyper": (("momentum", 2),)}, "momentum must lie between 0 and 0.999"),
        ({"hyper": (("nope", 2),)}, "hyper knows no nope"),
        ({"surface_hyper": (("condition", 0),)}, "condition must lie"),
        ({"schedule_hyper": (("decay", 9),)}, "decay must lie"),
    ],
)
def test_a_wrong_value_is_named_with_its_range(wrong, says):
    with pytest.raises(ValueError, match=says):
        Descent(**wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"lr": -1}, "lr must lie between 1e-06 and 1e"),
        ({"hidden": (100,) * 21}, "hidden must hold at most 20 layers"),
        ({"hidden": (0,)}, "hidden must lie between 1 and 1000"),
        ({"dropout": 1}, "dropout must lie between 0 and 0.9"),
        ({"activation": "nope"}, "activation must be one of identity"),
        ({"initializer": "nope"}, "initializer must be one of zeros"),
        ({"batchnorm": "between"}, "batchnorm must be one of none"),
        ({"steps": 10**9}, "steps must lie"),
    ],
)
def test_a_wrong_experiment_is_named_with_its_range(wrong, says):
    with pytest.raises(ValueError, match=says):
        Experiment(**wrong)


def test_numbers_are_kept_to_six_digits():
    spec = Descent(lr=1 / 3, hyper=(("momentum", 0.123456789),), steps=7.0)
    assert spec.lr == 0.333333
    assert spec.hyper == (("momentum", 0.123457),)
    assert (spec.steps, type(spec.steps)) == (7, int)
    assert spec == Descent(lr=0.3333331, hyper=(("momentum", 0.1234569),), steps=7)


def test_a_spec_is_its_own_source():
    spec = PRESETS["O22"][0]
    assert eval(repr(spec)) == spec  # noqa: S307
