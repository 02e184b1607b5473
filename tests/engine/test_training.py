"""Training: PyTorch's loss curves, batches and streams, schedules, clipping, probes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.compare import compare
from engine.datasets import load
from engine.experiments import Experiment, mnist
from engine.layers import BatchNorm, Bend, Dropout, Maxout
from engine.losses import softmax_cross_entropy
from engine.network import Network, stack
from engine.optimizers import OPTIMIZERS
from engine.trained import restore
from engine.training import batches, build, streams, train, update
from tests.oracle.make_losses import CASES, RATE, RULES, STEPS, WIDTHS, inputs

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "losses.json").read_text("utf-8"))
SMALL = mnist(hidden=(20, 15), steps=12, train_size=200, eval_every=5)


class Masks:
    """Stands in for a dropout layer's generator: hands out numbers that lead to the given masks."""

    def __init__(self, masks):
        self.masks = iter(masks)

    def random(self, shape, dtype):
        mask = next(self.masks)
        assert mask.shape == shape
        return mask.astype(dtype)


def test_the_oracle_covers_six_rules_and_its_script():
    assert [{key: case[key] for key in CASES[0]} for case in ORACLE] == CASES
    assert len({case["optimizer"] for case in ORACLE}) == 6


@pytest.mark.parametrize(
    "case", ORACLE, ids=lambda case: "-".join(str(value) for key, value in case.items() if key != "losses")
)
def test_loss_curve_is_pytorchs(case):
    weights, x, y, masks = inputs()
    rate = RATE if case["dropout"] else 0.0
    layers = stack(WIDTHS, case["activation"], batchnorm=case["batchnorm"], rate=rate, rng=np.random.default_rng())
    network = Network(layers, (1,), np.float64)
    network.initialize("zeros", 1.0, 0.0, np.random.default_rng())
    for layer, w in zip(network.dense, weights, strict=True):
        layer.W[...] = w
    for layer, mask in zip([layer for layer in layers if isinstance(layer, Dropout)], masks, strict=False):
        layer.rng = Masks(mask)
    rule, (lr, hyper) = OPTIMIZERS[case["optimizer"]], RULES[case["optimizer"]]
    state, curve = [np.zeros_like(network.theta) for _ in rule.state], []
    for t in range(STEPS):
        loss, gradient = softmax_cross_entropy(network.forward(x[t], train=True), y[t])
        network.backward(gradient)
        for layer in network.dense:
            loss = loss + case["weight_decay"] / 2 * (layer.W**2).sum()
            layer.dW += case["weight_decay"] * layer.W
        update(rule, t + 1, network, state, lr, hyper)
        curve.append(loss.item())
    np.testing.assert_allclose(curve, case["losses"], rtol=0, atol=1e-9)


def test_streams_are_independent_and_repeatable():
    draws = {name: rng.random(4).tolist() for name, rng in streams(3).items()}
    assert draws == {name: rng.random(4).tolist() for name, rng in streams(3).items()}
    assert len({tuple(values) for values in draws.values()}) == 3
    assert draws["batches"] != streams(4)["batches"].random(4).tolist()


def test_epochs_without_replacement_show_every_example_once():
    drawn = batches(np.random.default_rng(0), 20, 5, replacement=False)
    for _ in range(3):
        assert sorted(np.concatenate([next(drawn) for _ in range(4)]).tolist()) == list(range(20))
    assert len(next(batches(np.random.default_rng(0), 7, 100, replacement=False))) == 7
    assert next(batches(np.random.default_rng(0), 7, 100, replacement=True)).max() < 7


def test_dropout_does_not_change_the_batches_or_the_first_weights():
    plain, dropped = compare([SMALL]), compare([replace(SMALL, dropout=0.5)])
    free = compare([replace(SMALL, dropout=0.5, steps=1)])[0]
    assert plain[0].loss[0] != dropped[0].loss[0]
    assert free.loss[0] == dropped[0].loss[0]
    first = next(train([SMALL])).loss[0, 0]
    assert first == plain[0].loss[0]


def test_loss_is_before_the_update_and_holds_the_penalty():
    """S1 and S2: −ln(1/10) at first, more with weight decay."""
    tiny = mnist(scaling="centered", hidden=(50,), initializer="normal", init_scale=1e-4, steps=1)
    plain, decayed = compare([tiny, replace(tiny, weight_decay=1e3)])
    assert plain.loss[0] == pytest.approx(2.3026, abs=1e-3)
    weights = 784 * 50 + 50 * 10
    assert decayed.loss[0] - plain.loss[0] == pytest.approx(0.5 * 1e3 * weights * 1e-8, rel=0.02)
    assert decayed.loss[0] == pytest.approx(2.50, abs=0.01)


def test_accuracies_come_after_the_updates_1_and_every_eval_every():
    history = compare([replace(SMALL, steps=11, eval_every=5)])[0]
    assert len(history.train_accuracy) == len(history.test_accuracy) == 3
    assert len(compare([replace(SMALL, evaluate="train")])[0].test_accuracy) == 0
    assert len(compare([replace(SMALL, evaluate="none")])[0].train_accuracy) == 0


def test_a_schedule_multiplies_the_learning_rate():
    half = compare([replace(SMALL, schedule="step", schedule_hyper=(("drop", 0.5), ("every", 1)), steps=2)])[0]
    plain = compare([replace(SMALL, steps=3)])[0]
    assert half.loss[1] == plain.loss[1]
    faded = compare([replace(SMALL, schedule="step", schedule_hyper=(("drop", 0.01), ("every", 1)))])[0]
    assert np.std(faded.loss[-5:]) < np.std(plain.loss) * 5


def test_clipping_bounds_the_step():
    wild = replace(SMALL, lr=1.0, steps=3, evaluate="none", probe_steps=(1,))
    free, clipped = compare([wild, replace(wild, clip=1e-3)])
    ratio = [history.probes[1][0]["update_ratio"] * history.probes[1][0]["weight_norm"] for history in (free, clipped)]
    assert ratio[1] <= 1e-3 * 1.001 < ratio[0]


def test_a_network_is_built_as_the_experiment_says():
    spec = replace(SMALL, activation="maxout", pieces=3, batchnorm="after", keep=0.5, dropout_mode="book")
    network = build(spec, (2,), np.full((2, 1, 1), 0.1), np.random.default_rng(), np.float64)
    assert [layer.W.shape for layer in network.dense] == [(2, 784, 60), (2, 20, 45), (2, 15, 10)]
    assert [layer.pieces for layer in network.layers if isinstance(layer, Maxout)] == [3, 3]
    assert [layer.keep for layer in network.layers if isinstance(layer, BatchNorm)] == [0.5, 0.5]
    assert [layer.inverted for layer in network.layers if isinstance(layer, Dropout)] == [False, False]


def test_probes_hold_what_a_wall_needs():
    spec = replace(SMALL, batchnorm="before", activation="sigmoid", probe_steps=(1, 12))
    probes = compare([spec])[0].probes
    assert set(probes) == {1, 12}
    for what in ("inputs", "activations", "gradients"):
        assert [layer[what].size for layer in probes[12]] == [100 * 20, 100 * 15]
    for layer, width in zip(probes[12], (20, 15), strict=True):
        assert layer["inputs"].std == pytest.approx(1, abs=0.1)  # normalized
        assert 0 < layer["activations"].mean < 1
        assert layer["update_ratio"] > 0
        assert layer["running_mean"].shape == (1, width)


def test_probes_count_the_weights_and_measure_the_gradient():
    spec = replace(SMALL, activation="maxout", probe_steps=(1, 12), weight_steps=(11, 12), lr=0.1)
    (alone,), (history, _) = compare([spec]), compare([spec, replace(spec, init_scale=0.1)])
    first, second = history.probes[12]
    before, after = (history.weights[t].theta[: 784 * 40].astype(float) for t in (11, 12))
    counts, _ = np.histogram(before[before != 0], first["weights"].edges)  # a probe is taken before the update
    np.testing.assert_array_equal(first["weights"].counts, counts)
    assert first["weight_norm"] == pytest.approx(np.linalg.norm(before))
    assert first["gradient_norm"] == pytest.approx(np.linalg.norm(after - before) / 0.1, rel=1e-3)
    assert second["weights"].size == 20 * 30
    np.testing.assert_array_equal(alone.probes[12][1]["weights"].counts, second["weights"].counts)


def test_weights_of_a_diverged_network_are_lost_and_equal_ones_are_counted():
    spec = replace(SMALL, scaling="bytes", lr=1e-4, probe_steps=(12,))
    fine, lost = (history.probes[12] for history in compare([spec, replace(spec, lr=1e6)]))
    assert [layer["weights"].size for layer in fine] == [784 * 20, 20 * 15]
    assert [layer["weights"].lost for layer in fine] == [0, 0]
    assert [layer["weights"].lost for layer in lost] == [784 * 20, 20 * 15]
    zeros = compare([replace(SMALL, initializer="zeros", steps=1, probe_steps=(1,))])[0].probes[1][0]
    assert zeros["weights"].zeros == 784 * 20


def test_a_probe_knows_what_prelu_has_learned():
    history = compare([replace(SMALL, activation="prelu", probe_steps=(1, 12), weight_steps=(11,))])[0]
    assert [layer["alpha"] for layer in history.probes[1]] == [0.25, 0.25]
    network = restore(history.experiment, history.weights[11])
    learned = [float(layer.alpha[0, 0]) for layer in network.layers if isinstance(layer, Bend)]
    assert [layer["alpha"] for layer in history.probes[12]] == learned
    assert learned != [0.25, 0.25]


def test_dead_units_are_counted():
    alive, dead = compare([replace(SMALL, bias_init=b, probe_steps=(1,), steps=1) for b in (0.0, -10.0)])
    assert dead.probes[1][0]["dead"] == 1
    assert alive.probes[1][0]["dead"] < 0.5


@pytest.mark.parametrize("dataset", ["circles", "spirals", "clouds", "correlated"])
def test_networks_learn_the_synthetic_sets(dataset):
    spec = mnist(dataset=dataset, train_size=700, hidden=(50, 50), optimizer="adam", lr=0.01, steps=600, eval_every=599)
    assert compare([spec])[0].test_accuracy[-1] > 0.85
    assert load(dataset).classes in (2, 3)


@pytest.mark.parametrize("activation", ["maxout", "prelu", "gelu", "selu"])
def test_every_kind_of_network_learns(activation):
    spec = Experiment(activation=activation, hidden=(30, 30), initializer="xavier", lr=0.1, steps=150, eval_every=149)
    assert compare([spec])[0].train_accuracy[-1] > 0.75
