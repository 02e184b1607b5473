"""Specs round, check and reproduce; presets are what the book's figures need."""

import tracemalloc
from dataclasses import fields, replace

import numpy as np
import pytest

from engine.compare import compare
from engine.datasets import FORMER
from engine.descent import descend, follow
from engine.experiments import PRESETS, STEPS_AND_RATES, Descent, Experiment, memory, mnist, sizes, textbook, work
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.training import train

NAMED = ["O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O9", "O10", "O13", "O14", "O18", "O21", "O22", "O23"]


def test_every_row_of_the_issue_has_a_preset():
    assert set(NAMED) <= set(PRESETS)


DESCENTS = [name for name, specs in PRESETS.items() if isinstance(specs[0], Descent)]
TRAININGS = [name for name in PRESETS if name not in DESCENTS]


def test_every_mnist_row_of_the_issue_has_a_preset():
    rows = "O11 A7 A8 A9 A10 A11 A12 P4 P6 I1 I13 I15 B4 B5 B6 B7 B8 B9 B10 R1 R2 R3 R4 R6"
    rows += " S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 H1 X1"
    assert rows.split() == TRAININGS


@pytest.mark.parametrize("name", DESCENTS)
def test_presets_run_and_differ_only_in_the_optimizer_and_its_sliders(name):
    specs = PRESETS[name]
    assert len({spec.optimizer for spec in specs}) == len(specs)
    assert len({(s.surface, s.formula, s.x0, s.y0, s.steps, s.noise, s.batch_size, s.schedule) for s in specs}) == 1
    for spec in specs:
        assert follow(spec).diverged_at is None


@pytest.mark.parametrize("surface", STEPS_AND_RATES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_textbook_settings_go_downhill(surface, optimizer):
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
        ({"optimizer": "momentum", "hyper": (("momentum", 2),)}, "momentum must lie between 0 and 0.999"),
        ({"hyper": (("rho", 0.9),)}, "hyper of sgd knows no rho"),
        ({"hyper": (("lr", 0.9),)}, "hyper of sgd knows no lr"),
        ({"lr": "a"}, "lr must be a number, not 'a'"),
        ({"steps": 7.9}, "steps must be a whole number, not 7.9"),
        ({"surface": "ravine", "surface_hyper": (("condition", 0),)}, "condition must lie"),
        ({"surface_hyper": (("span", 3),)}, "surface_hyper of anisotropic knows no span"),
        ({"schedule": "exponential", "schedule_hyper": (("decay", 9),)}, "decay must lie"),
    ],
)
def test_a_wrong_value_is_named_with_its_range(wrong, says):
    with pytest.raises(ValueError, match=says):
        Descent(**wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"lr": -1}, "lr must lie between 1e-07 and 1e"),
        ({"hidden": (100,) * 21}, "hidden must hold at most 20 layers"),
        ({"hidden": (0,)}, "hidden must lie between 1 and 1000"),
        ({"dropout": 1}, "dropout must lie between 0 and 0.9"),
        ({"activation": "nope"}, "activation must be one of identity"),
        ({"initializer": "nope"}, "initializer must be one of zeros"),
        ({"batchnorm": "between"}, "batchnorm must be one of none"),
        ({"steps": 10**9}, "steps must lie"),
        ({"weight_steps": (0,)}, "weight_steps must lie between 1 and 20000, not 0"),
        ({"weight_steps": (1, 20001)}, "weight_steps must lie between 1 and 20000, not 20001"),
        ({"weight_steps": range(1, 22)}, "weight_steps must hold at most 20 steps, not 21"),
        ({"weight_steps": (1, 5, 5)}, "weight_steps must rise, not 1, 5, 5"),
        ({"weight_steps": (5, 1)}, "weight_steps must rise, not 5, 1"),
        ({"weight_steps": (1.5,)}, "weight_steps must be a whole number, not 1.5"),
        ({"weight_steps": (float("nan"),)}, "weight_steps must be a whole number"),
        ({"weight_steps": ("1",)}, "weight_steps must be a number, not '1'"),
        ({"weight_steps": (True,)}, "weight_steps must be a number, not True"),
        ({"probe_steps": (3, 2)}, "probe_steps must rise, not 3, 2"),
        ({"scaling": "nope"}, "scaling must be one of none, center"),
        ({"pixels": "nope"}, "pixels must be one of unit, bytes"),
        ({"scaling": "center", "train_size": 1}, "train_size of a scaling with statistics must lie between 2 and"),
        ({"scaling": "center", "scaling_hyper": (("eps", 1),)}, "scaling_hyper of center knows no eps"),
        ({"scaling": "zca", "scaling_hyper": (("dimensions", 785),)}, "dimensions must lie between 0 and 784, not 785"),
        ({"scaling": "zca", "scaling_hyper": (("dimensions", 1.5),)}, "dimensions must be a whole number, not 1.5"),
        ({"scaling": "zca", "dataset": "circles", "scaling_hyper": (("dimensions", 3),)}, "between 0 and 2, not 3"),
        ({"scaling": "zca", "scaling_hyper": (("eps", -1),)}, "eps must lie between 0 and"),
        ({"test_brightness": -1}, "test_brightness must lie"),
    ],
)
def test_a_wrong_experiment_is_named_with_its_range(wrong, says):
    with pytest.raises(ValueError, match=says):
        Experiment(**wrong)


@pytest.mark.parametrize("former", FORMER)
def test_scalings_of_old_specs_are_read(former):
    pixels, scaling = FORMER[former]
    assert mnist(scaling=former) == mnist(pixels=pixels, scaling=scaling) == replace(mnist(), scaling=former)


@pytest.mark.parametrize(("scaling", "features"), [("decorrelate", 30), ("whiten", 30), ("zca", 784)])
def test_a_network_is_as_wide_as_what_is_left_of_its_inputs(scaling, features):
    few = mnist(scaling=scaling, scaling_hyper=(("dimensions", 30),), hidden=(5,), train_size=50, steps=2)
    assert (few.features, sizes(few)[0], few.data().x_test.shape) == (features, (features, 5), (1000, features))
    assert replace(few, scaling_hyper=()).features == 784
    (history,) = compare([few])
    assert np.isfinite(history.loss).all()


def test_numbers_are_kept_to_six_digits():
    spec = Descent(optimizer="momentum", lr=1 / 3, hyper=(("momentum", 0.123456789),), steps=7.0)
    assert spec.lr == 0.333333
    assert spec.hyper == (("momentum", 0.123457),)
    assert (spec.steps, type(spec.steps)) == (7, int)
    assert spec == Descent(optimizer="momentum", lr=0.3333331, hyper=(("momentum", 0.1234569),), steps=7)


def test_steps_are_kept_as_whole_numbers():
    spec = Experiment(weight_steps=[1.0, 20000], probe_steps=range(1, 21))
    assert spec.weight_steps == (1, 20000)
    assert set(map(type, spec.weight_steps)) == {int}
    assert spec == Experiment(weight_steps=(1, 20000), probe_steps=tuple(range(1, 21)))
    assert hash(spec)


def test_work_counts_the_multiply_adds_of_training_and_of_evaluations():
    spec = mnist(hidden=(50, 20), steps=10, batch_size=100, evaluate="none", train_size=300, eval_every=5)
    weights = 784 * 50 + 50 * 20 + 20 * 10
    trained = 3 * 10 * 100 * weights
    assert work(spec) == trained
    assert work(replace(spec, evaluate="train")) == trained + 2 * 300 * weights
    assert work(replace(spec, evaluate="test", eval_every=9)) == trained + 2 * 1000 * weights
    assert work(replace(spec, evaluate="both", eval_every=10)) == trained + 1300 * weights
    assert work(replace(spec, batch_size=1000)) == 3 * 10 * 300 * weights
    maxout = 784 * 150 + 50 * 60 + 20 * 10
    assert work(replace(spec, activation="maxout", pieces=3)) == 3 * 10 * 100 * maxout
    assert work(replace(spec, dataset="spirals", hidden=())) == 3 * 10 * 100 * 2 * 3


def test_a_small_batch_costs_what_reading_and_changing_all_weights_does():
    spec = mnist(batch_size=30, evaluate="none")
    assert work(spec) == work(replace(spec, batch_size=1)) == work(replace(spec, train_size=2)) < work(mnist(evaluate="none"))


@pytest.mark.parametrize("change", [{"optimizer": "sgd"}, {"optimizer": "adam"}, {"batch_size": 1000}, {"hidden": (600,) * 3}])
def test_memory_is_about_what_a_training_allocates(change):
    spec = mnist(**{"hidden": (400,) * 5, "steps": 2, "batch_size": 1, "train_size": 1000, "evaluate": "none", **change})
    spec.data()
    tracemalloc.start()
    try:
        list(train([spec]))
        peak = tracemalloc.get_traced_memory()[1] - 4 * 784 * 2000  # images
    finally:
        tracemalloc.stop()
    assert 0.5 < memory(spec) / peak < 2


def test_a_spec_is_its_own_source():
    spec = PRESETS["O22"][0]
    assert eval(repr(spec)) == spec  # noqa: S307


CHANGES = {
    "surface": {"surface": "bowl"},
    "surface_hyper": {"surface_hyper": (("condition", 9.0), ("angle", 30.0))},
    "formula": {"formula": "x*x + 2*y*y"},
    "x0": {"x0": -6.0},
    "y0": {"y0": 1.0},
    "optimizer": {"optimizer": "nesterov"},
    "lr": {"lr": 0.02},
    "hyper": {"hyper": (("momentum", 0.5),)},
    "schedule": {"schedule": "cosine", "schedule_hyper": ()},
    "schedule_hyper": {"schedule_hyper": (("decay", 0.5),)},
    "steps": {"steps": 9},
    "noise": {"noise": 2.0},
    "batch_size": {"batch_size": 8},
    "seed": {"seed": 1},
}


@pytest.mark.parametrize("name", [field.name for field in fields(Descent)])
def test_every_field_changes_the_path(name):
    surface = {"surface_hyper": "ravine", "formula": "formula"}.get(name, "anisotropic")
    formula = "x*x + y*y" if surface == "formula" else ""
    base = textbook("momentum", surface, formula=formula, lr=0.05, noise=1.0, batch_size=2, steps=8)
    base = replace(base, schedule="exponential", schedule_hyper=(("decay", 0.1),))
    path, changed = follow(base), follow(replace(base, **CHANGES[name]))
    assert path.points.shape != changed.points.shape or not np.allclose(path.points, changed.points)


def test_to_follow_is_to_descend():
    spec = replace(PRESETS["O22"][1], steps=50, batch_size=4, seed=3)
    entry = SCHEDULES["exponential"].bind(decay=0.01)
    path = descend(
        OBJECTIVES["anisotropic"], "momentum", (-7, 2), 50, schedule=entry, noise=2, batch_size=4, seed=3, lr=0.05, momentum=0.9
    )
    np.testing.assert_array_equal(follow(spec).points, path.points)


def test_o22_a_decay_settles_where_a_constant_lr_does_not():
    for spec in PRESETS["O22"]:
        faded, constant = (
            np.median([follow(replace(spec, seed=seed, **change)).values[-1] for seed in range(20)])
            for change in ({}, {"schedule": "constant", "schedule_hyper": ()})
        )
        assert faded < constant


def test_o23_the_cloud_shrinks():
    for spec in PRESETS["O23"]:
        cloud, slow, large = (
            np.median([follow(replace(spec, seed=seed, **change)).values[50:].mean() for seed in range(10)])
            for change in ({}, {"lr": spec.lr / 4}, {"batch_size": 64})
        )
        assert slow < cloud
        assert large < cloud
