"""Comparing: every history is its own, bit for bit, whatever it is compared with and however many workers there are."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from engine.compare import REPLICAS, compare, empty, split, stream
from engine.experiments import PRESETS, mnist
from engine.optimizers import OPTIMIZERS

SMALL = mnist(hidden=(30, 20), steps=25, train_size=300, eval_every=8, weight_steps=(1, 20))
VARIED = [
    {"lr": 0.05},
    {"lr": 0.003, "init_scale": 0.5},
    {"dropout": 0.3},
    {"weight_decay": 0.1},
    {"clip": 0.5},
    {"lr": 0.2, "dropout": 0.1, "weight_decay": 0.01, "init_scale": 1.5},
]


def assert_equal(one, other):
    assert one.experiment == other.experiment
    assert one.diverged == other.diverged
    for name in ("loss", "train_accuracy", "test_accuracy"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert list(one.weights) == list(other.weights) == list(one.experiment.weight_steps)
    for t, weights in one.weights.items():
        np.testing.assert_array_equal(weights.theta, other.weights[t].theta, strict=True)
        for ours, theirs in zip(weights.running, other.weights[t].running, strict=True):
            np.testing.assert_array_equal(ours, theirs, strict=True)


@pytest.mark.parametrize("batchnorm", ["none", "before"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_replica_is_as_if_alone(optimizer, batchnorm):
    base = mnist(**{**vars(SMALL), "optimizer": optimizer, "hyper": (), "batchnorm": batchnorm})
    specs = [replace(base, **change) for change in VARIED]
    assert len(split(specs)) == 2
    for together, spec in zip(compare(specs), specs, strict=True):
        assert_equal(together, compare([spec])[0])


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "elu", "prelu", "maxout", "gelu"])
def test_a_replica_is_as_if_alone_with_every_kind_of_layer(activation):
    specs = [replace(SMALL, activation=activation, batchnorm="after", **change) for change in VARIED[:4]]
    for together, spec in zip(compare(specs), specs, strict=True):
        assert_equal(together, compare([spec])[0])


def test_any_number_of_workers_gives_the_same():
    specs = [replace(SMALL, **change) for change in VARIED] + [replace(SMALL, optimizer="adam", seed=3), replace(SMALL, seed=1)]
    one, two, five = (compare(specs, workers=workers) for workers in (1, 2, 5))
    for a, b, c in zip(one, two, five, strict=True):
        assert_equal(a, b)
        assert_equal(a, c)


def test_order_is_kept_and_groups_are_small():
    specs = [replace(SMALL, lr=0.001 * (k + 1), optimizer=("sgd", "adam")[k % 2]) for k in range(10)]
    assert [history.experiment for history in compare([replace(s, steps=1) for s in specs])] == [
        replace(s, steps=1) for s in specs
    ]
    groups = split(specs)
    assert sorted(place for group in groups for place in group) == list(range(10))
    assert max(map(len, groups)) <= REPLICAS


def test_the_most_work_comes_first_and_of_equal_work_the_most_state():
    race = PRESETS["O11"]
    assert [race[place].optimizer for [place] in split(race)] == ["adam", "momentum", "adagrad", "rmsprop", "sgd"]
    few, wide, pair = replace(SMALL, optimizer="adam"), replace(SMALL, hidden=(100, 20)), replace(SMALL, lr=0.1)
    assert split([few, SMALL, wide, pair]) == [[2], [1, 3], [0]]
    seldom, often = replace(SMALL, eval_every=25), replace(SMALL, eval_every=1)
    assert split([seldom, often]) == [[1], [0]]


def test_weights_differ_from_step_to_step_and_are_nan_once_diverged():
    base = replace(SMALL, scaling="bytes", weight_steps=tuple(range(1, 21)))
    fine, lost = compare([replace(base, batchnorm="before"), replace(base, lr=1e6)])
    (mean, var), (later, wider) = fine.weights[1].running[0], fine.weights[20].running[0]
    assert mean.shape == var.shape == (1, 30)
    assert (mean != later).any()
    assert (var != wider).any()
    assert (fine.weights[1].theta != fine.weights[20].theta).any()
    assert 1 < lost.diverged < 20
    for step, weights in lost.weights.items():
        assert np.isnan(weights.theta).all() == (step >= lost.diverged)
    assert lost.weights[20].running == ()


def test_a_diverged_replica_leaves_the_others_alone():
    specs = [replace(SMALL, lr=lr, scaling="bytes") for lr in (1e-4, 1e6, 1e-3)]
    fine, lost, other = compare(specs)
    assert lost.diverged is not None
    assert lost.diverged < 6
    assert np.isnan(lost.loss[lost.diverged :]).all()
    assert len(lost.loss) == 25
    assert fine.diverged is other.diverged is None
    assert_equal(fine, compare([specs[0]])[0])


def test_a_stream_grows_and_ends_as_compare_does():
    specs = [replace(SMALL, **change) for change in VARIED]
    lengths, last = [], []
    for last in stream(specs, workers=2, every=5):
        lengths.append([len(history.loss) for history in last])
    assert all((np.diff(np.array(lengths), axis=0) >= 0).ravel())
    assert lengths[-1] == [25] * len(specs)
    assert any(0 < length < 25 for row in lengths for length in row)
    for streamed, whole in zip(last, compare(specs), strict=True):
        assert_equal(streamed, whole)


def test_a_stream_can_be_closed_or_stopped_between_steps():
    slow = [replace(SMALL, steps=20000, evaluate="none", lr=lr) for lr in (0.01, 0.02, 0.03, 0.04, 0.05)]
    running = stream(slow, workers=2, every=1)
    assert 1 <= max(len(history.loss) for history in next(running)) < 100
    running.close()
    stop = threading.Event()
    lengths = []
    for grown in stream(slow, workers=2, every=1, stop=stop):
        stop.set()
        lengths.append(max(len(history.loss) for history in grown))
    assert lengths[-1] < 2000


def test_an_error_inside_comes_out():
    with pytest.raises(ValueError, match="train_size must lie between 1 and 4000"):
        compare([replace(SMALL, train_size=5000)])


def test_nothing_to_compare():
    assert compare([]) == []


def test_the_last_accuracy_is_no_number_where_there_is_none_and_of_a_network_that_is_lost():
    fine, lost = compare([SMALL, replace(SMALL, lr=1e6)])
    assert fine.ended
    assert lost.ended
    assert not empty(SMALL).ended
    assert fine.last("test") == fine.test_accuracy[-1]
    assert lost.diverged
    assert np.isnan([fine.last("validation"), lost.last("test"), empty(SMALL).last("train")]).all()


def test_accuracies_are_measured_at_the_updates_that_eval_every_names():
    spec = replace(SMALL, steps=17, eval_every=8, train_size=300, batch_size=100)
    (history,) = compare([spec])
    assert history.measured_at.tolist() == [1, 9, 17]
    np.testing.assert_allclose(history.epochs, [1 / 3, 3, 17 / 3])
    (tested,) = compare([replace(spec, evaluate="test", batch_size=10**4)])
    assert tested.measured_at.tolist() == [1, 9, 17]
    assert tested.epochs.tolist() == [1, 9, 17]  # a batch holds no more than there is
    assert len(compare([replace(spec, evaluate="none")])[0].measured_at) == 0


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.9, 0.99])
def test_a_smoothed_loss_is_the_running_average_corrected_for_its_start(keep):
    (history,) = compare([replace(SMALL, evaluate="none", weight_steps=())])
    history = replace(history, loss=np.random.default_rng(0).normal(2, 1, 2000))
    average, expected = 0.0, []
    for t, loss in enumerate(history.loss, start=1):
        average = keep * average + (1 - keep) * loss
        expected.append(average / (1 - keep**t))
    np.testing.assert_allclose(history.smoothed(keep), expected, rtol=1e-12)
    assert len(replace(history, loss=np.empty(0)).smoothed(keep)) == 0
