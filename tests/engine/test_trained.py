"""Trained networks: restored as they were, BatchNorm on batches, ensembles of dropout masks, confusion."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.compare import compare
from engine.datasets import load
from engine.experiments import Experiment, mnist
from engine.losses import softmax
from engine.trained import batch_logits, collapsed, confusion, ensemble, learned, restore

SMALL = mnist(hidden=(20, 15), steps=30, train_size=300, eval_every=29, lr=0.1, weight_steps=(1, 30))
KINDS = {
    "plain": {},
    "no hidden layer": {"hidden": ()},
    "batchnorm before": {"batchnorm": "before"},
    "batchnorm after": {"batchnorm": "after", "activation": "tanh"},
    "dropout": {"dropout": 0.3},
    "dropout, book": {"dropout": 0.3, "dropout_mode": "book"},
    "maxout": {"activation": "maxout", "pieces": 3},
    "prelu": {"activation": "prelu"},
    "everything": {"activation": "prelu", "batchnorm": "before", "dropout": 0.2, "dropout_mode": "book", "scaling": "centered"},
}


def trained(spec: Experiment, step: int = 30):
    """The network after a step, and the data that it learned from."""
    data = spec.data()
    return restore(spec, compare([spec])[0].weights[step]), data


def share(logits, labels):
    return (logits.argmax(axis=-1) == labels).mean()


@pytest.mark.parametrize("change", KINDS.values(), ids=KINDS)
def test_a_restored_network_is_as_accurate_as_it_was(change):
    """After each of the two evaluated updates, also when it was one replica of two, the other with or without dropout."""
    spec = replace(SMALL, **change)
    data = spec.data()
    for history in (*compare([spec]), *compare([spec, replace(spec, dropout=0.4)])):
        for place, (step, weights) in enumerate(history.weights.items()):
            network = restore(history.experiment, weights)
            test, train = network.forward(data.x_test), network.forward(data.x_train)
            assert test.shape == (1000, 10)
            assert test.dtype == np.float32
            assert share(test, data.y_test) == pytest.approx(history.test_accuracy[place], abs=1e-9), step
            assert share(train, data.y_train) == pytest.approx(history.train_accuracy[place], abs=1e-9), step
        assert history.test_accuracy[0] != history.test_accuracy[1]


def test_to_restore_and_to_use_leaves_the_weights_alone():
    weights = compare([replace(SMALL, batchnorm="before")])[0].weights[30]
    theta, mean = weights.theta.copy(), weights.running[0][0].copy()
    network = restore(replace(SMALL, batchnorm="before"), weights)
    network.forward(np.ones((5, 784), np.float32), train=True)
    network.theta += 1
    np.testing.assert_array_equal(weights.theta, theta)
    np.testing.assert_array_equal(weights.running[0][0], mean)


@pytest.mark.parametrize(
    "change", [{"hidden": (20,)}, {"batchnorm": "before"}, {"activation": "prelu"}, {"dataset": "circles"}]
)
def test_weights_of_another_network_are_refused(change):
    weights = compare([SMALL])[0].weights[1]
    with pytest.raises(ValueError, match="could not broadcast"):
        restore(replace(SMALL, **change), weights)


@pytest.mark.parametrize("where", ["before", "after"])
def test_an_input_alone_in_its_batch_gets_the_logits_of_any_other(where):
    network, data = trained(replace(SMALL, batchnorm=where))
    alone = batch_logits(network, data.x_test[:50], 1)
    assert alone.shape == (50, 10)
    np.testing.assert_array_equal(alone, np.tile(alone[0], (50, 1)))
    assert np.ptp(batch_logits(network, data.x_test[:50], 2), axis=0).min() > 0


def test_batch_logits_of_one_hidden_layer_by_hand():
    spec = mnist(dataset="circles", hidden=(7,), batchnorm="before", lr=0.1, steps=50, train_size=500, weight_steps=(50,))
    network, data = trained(spec, 50)
    x = data.x_test.astype(float)
    W, b, gamma, beta, V, c = np.split(network.theta.astype(float), np.cumsum([14, 7, 7, 7, 14]))
    h = x @ W.reshape(2, 7) + b
    xhat = (h - h.mean(axis=0)) / np.sqrt(h.var(axis=0) + 1e-6)
    expected = np.maximum(gamma * xhat + beta, 0) @ V.reshape(7, 2) + c
    np.testing.assert_allclose(batch_logits(network, data.x_test, len(x)), expected, atol=1e-5)
    assert np.abs(network.forward(data.x_test) - expected).max() > 1e-2


def test_batches_are_consecutive_and_the_last_may_be_smaller():
    network, data = trained(replace(SMALL, batchnorm="before"))
    x = data.x_test[:50]
    parts = [batch_logits(network, part, len(part)) for part in (x[:20], x[20:40], x[40:])]
    np.testing.assert_array_equal(batch_logits(network, x, 20), np.concatenate(parts))


def test_batch_logits_change_nothing_in_the_network_and_drop_nothing():
    spec = replace(SMALL, batchnorm="before", dropout=0.3)
    network, data = trained(spec)
    before, weights = network.forward(data.x_test), network.weights
    once, twice = (batch_logits(network, data.x_test, 10) for _ in range(2))
    np.testing.assert_array_equal(once, twice)
    np.testing.assert_array_equal(network.forward(data.x_test), before)
    for kept, now in zip(weights.running, network.weights.running, strict=True):
        np.testing.assert_array_equal(now, kept)
    plain, data = trained(replace(SMALL, dropout=0.3))
    np.testing.assert_allclose(batch_logits(plain, data.x_test, 10), plain.forward(data.x_test), atol=1e-5)


@pytest.mark.parametrize("mode", ["inverted", "book"])
def test_an_ensemble_is_the_running_mean_of_single_masks(mode):
    spec = replace(SMALL, dropout=0.5, dropout_mode=mode)
    network, data = trained(spec)
    x = data.x_test[:100]
    together = ensemble(network, x, 6)
    singles = [softmax(network.forward(x, train=True)) for _ in range(6)]
    assert together.shape == (6, 100, 10)
    assert np.abs(singles[0] - singles[1]).max() > 0.1
    np.testing.assert_array_equal(together[0], singles[0])
    for k in range(1, 7):
        np.testing.assert_allclose(together[k - 1], np.mean(singles[:k], axis=0), atol=1e-6)


def test_an_ensemble_is_repeatable_and_a_larger_one_begins_like_it():
    network, data = trained(replace(SMALL, dropout=0.5))
    once, longer = ensemble(network, data.x_test[:50], 4), ensemble(network, data.x_test[:50], 9)
    np.testing.assert_array_equal(longer[:4], once)


def test_two_ensembles_of_k_masks_approach_as_1_over_root_k():
    spec = replace(SMALL, dropout=0.5)
    weights = compare([spec])[0].weights[30]
    x = load().x_test[:200]
    one, other = (ensemble(restore(replace(spec, seed=seed), weights), x, 100) for seed in (0, 1))
    distance = np.sqrt(np.square(one - other).mean(axis=(1, 2)))
    assert distance[0] / distance[99] == pytest.approx(10, rel=0.2)
    assert distance[0] / distance[24] == pytest.approx(5, rel=0.2)


def test_an_ensemble_without_dropout_is_one_network_and_batchnorm_has_none():
    network, data = trained(SMALL)
    for row in ensemble(network, data.x_test[:20], 3):
        np.testing.assert_allclose(row, softmax(network.forward(data.x_test[:20])), atol=1e-6)
    network, data = trained(replace(SMALL, batchnorm="before", dropout=0.5))
    with pytest.raises(ValueError, match="without BatchNorm"):
        ensemble(network, data.x_test, 3)


def test_a_diverged_network_answers_nan():
    wild = replace(SMALL, lr=1e6, scaling="bytes", dropout=0.2, weight_steps=tuple(range(1, 11)))
    history = compare([wild])[0]
    for weights in history.weights.values():
        network = restore(wild, weights)
        x = np.full((4, 784), 255, np.float32)
        logits, probabilities = batch_logits(network, x, 2), ensemble(network, x, 2)
    assert np.isnan(logits).all()
    assert np.isnan(probabilities).all()


def test_confusion_counts_the_true_label_in_rows():
    counts = confusion(np.array([0, 0, 1, 2, 2, 2]), np.array([0, 2, 1, 2, 2, 0]), 4)
    assert counts.tolist() == [[1, 0, 1, 0], [0, 1, 0, 0], [1, 0, 2, 0], [0, 0, 0, 0]]
    network, data = trained(SMALL)
    logits = network.forward(data.x_test)
    counts = confusion(data.y_test, logits.argmax(axis=-1), data.classes)
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(data.y_test))
    assert np.trace(counts) / 1000 == share(logits, data.y_test)


def test_a12_a_net_without_bends_is_one_layer_and_one_with_bends_is_not():
    x = np.random.default_rng(0).normal(size=(50, 784)).astype(np.float32)
    for activation, same in (("identity", True), ("tanh", False)):
        spec = mnist(activation=activation, hidden=(20, 15), steps=5, train_size=100, weight_steps=(5,))
        network = restore(spec, compare([spec])[0].weights[5])
        one = collapsed(network)
        assert one.W.shape == (784, 10)
        assert np.allclose(one.forward(x, train=False), network.forward(x), atol=1e-3) == same


def test_what_the_data_added_are_the_gradients_alone():
    spec = replace(SMALL, steps=5, weight_decay=0.5, weight_steps=(1, 2, 3, 4, 5))
    (history,) = compare([spec])
    W = [restore(spec, history.weights[t]).dense[0].W.astype(float) for t in range(1, 6)]
    pushes = [after - (1 - 0.05) * before for before, after in pairwise(W)]
    summed = sum(0.95 ** (3 - k) * push for k, push in enumerate(pushes))
    np.testing.assert_allclose(learned(spec, W[0], W[-1]), summed, atol=1e-12)
    assert np.abs(summed).max() > 1e-3
