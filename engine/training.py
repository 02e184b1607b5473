"""Training is a loop of steps: draw a batch, forward, loss, backward, update. Here it is a generator, for many networks.

Networks of one group differ in numbers only (learning rate, scale of the weights, dropout, weight decay): those ride the
replica axis. They share batches, dropout draws and first normals, so that a chart shows the difference of one field.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.datasets import SOURCES, Dataset, load
from engine.histogram import count
from engine.layers import Bend, Maxout
from engine.losses import accuracy, softmax_cross_entropy
from engine.network import Network, Weights, stack
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.specs import Experiment

BLOCK = 1 << 14  # columns of θ updated at a time: a rule's temporaries then stay in the processor's cache
ROWS = 250  # examples evaluated at a time, for the same reason


@dataclass
class Record:
    """What is known of a group so far; arrays are (replicas, …)."""

    loss: np.ndarray
    """(replicas, steps): before each update, penalty included; NaN where not reached."""
    diverged: np.ndarray
    """(replicas,): the first step, from 1, whose loss is not finite; 0 for none so far."""
    done: int = 0
    train_accuracy: list[np.ndarray] = field(default_factory=list)
    test_accuracy: list[np.ndarray] = field(default_factory=list)
    probes: dict[int, list[dict[str, Sequence]]] = field(default_factory=dict)
    """Step → for every hidden layer a dict of name → numbers, arrays or histograms of the replicas."""
    weights: dict[int, Weights] = field(default_factory=dict)
    """Step → weights after its update, of all replicas."""


def streams(seed: int) -> dict[str, np.random.Generator]:
    """One independent generator per purpose: switching dropout on must not change the batches."""
    return {name: np.random.default_rng([seed, 10 + i]) for i, name in enumerate(("init", "batches", "dropout"))}


def batches(rng: np.random.Generator, examples: int, size: int, replacement: bool) -> Iterator[np.ndarray]:
    """Indices (size,) for ever: drawn with replacement as in the book, else by epochs, each example once an epoch."""
    size = min(size, examples)
    while replacement:
        yield rng.integers(examples, size=size)
    while True:
        order = rng.permutation(examples)
        for start in range(0, examples - size + 1, size):
            yield order[start : start + size]


def build(spec: Experiment, lead: tuple[int, ...], rate: np.ndarray, rng: np.random.Generator, dtype: type) -> Network:
    """The network of an experiment before its weights are set, with a dropout of `rate`, () or one a replica, (…, 1, 1)."""
    data = SOURCES[spec.dataset]
    layers = stack(
        (data.features, *spec.hidden, data.classes),
        spec.activation,
        batchnorm=spec.batchnorm,
        keep=spec.keep,
        pieces=spec.pieces,
        rate=rate,
        inverted=spec.dropout_mode == "inverted",
        rng=rng,
    )
    return Network(layers, lead, dtype)


def train(group: Sequence[Experiment], dtype: type = np.float32) -> Iterator[Record]:
    """Train experiments that differ in numbers only; yields the same record after every step, filled a little further."""
    first = group[0]
    data = load(first.dataset, train_size=first.train_size, seed=first.seed, scaling=first.scaling)
    x_train, x_test = (x.astype(dtype, copy=False) for x in (data.x_train, data.x_test))
    draw = streams(first.seed)

    def column(name: str, axes: int) -> np.ndarray:
        """A number of each experiment along the replica axis, with `axes` axes behind it."""
        return np.array([getattr(spec, name) for spec in group], dtype).reshape(-1, *[1] * axes)

    network = build(first, (len(group),), column("dropout", 2), draw["dropout"], dtype)
    network.initialize(first.initializer, column("init_scale", 2), first.bias_init, draw["init"])
    rule = OPTIMIZERS[first.optimizer]
    factor = SCHEDULES[first.schedule].bind(**dict(first.schedule_hyper))
    hyper: dict = {**rule.sliders, **dict(first.hyper)}
    del hyper["lr"]
    if "weight_decay" in hyper:  # the rule's own
        hyper["weight_decay"] *= on_weights(network)
    lr, decay, clip = column("lr", 1), column("weight_decay", 2), column("clip", 1)
    state = [np.zeros_like(network.theta) for _ in rule.state]
    record = Record(np.full((len(group), first.steps), np.nan), np.zeros(len(group), int))
    indices = batches(draw["batches"], len(x_train), first.batch_size, first.replacement)

    for t in range(1, first.steps + 1):
        with np.errstate(all="ignore"):
            rows = next(indices)
            labels = data.y_train[rows]
            loss, gradient = softmax_cross_entropy(network.forward(x_train[rows], train=True), labels)
            network.backward(gradient)
            if decay.any():
                loss = loss + sum(decay[:, 0, 0] / 2 * squares(layer.W) for layer in network.dense)
                for layer in network.dense:
                    layer.dW += decay * layer.W
            if clip.any():
                size = np.sqrt(squares(network.gradient))[:, None]
                network.gradient *= np.where((clip > 0) & (size > clip), clip / size, dtype(1))
            record.loss[:, t - 1] = loss
            lost = (record.diverged == 0) & ~np.isfinite(loss)
            record.diverged[lost] = t
            if t in first.probe_steps:
                record.probes[t] = probe(network)
            update(rule, t, network, state, lr * dtype(factor(t, first.steps)), hyper, record.probes.get(t))
            network.theta[record.diverged > 0] = np.nan
            if t in first.weight_steps:
                record.weights[t] = network.weights
            if (t - 1) % first.eval_every == 0:
                evaluate(record, network, first.evaluate, x_train, x_test, data)
        record.done = t
        yield record


def on_weights(network: Network) -> np.ndarray:
    """(P,): 1 where θ holds a weight of a dense layer, 0 where it holds a bias, γ, β or α, which do not decay."""
    names, shapes = zip(*[item for layer in network.layers for item in layer.parameters.items()], strict=True)
    return np.repeat([name == "W" for name in names], np.prod(shapes, axis=1)).astype(network.theta.dtype)


def update(rule, t, network, state, lr, hyper, probes=None) -> None:
    """One step of the rule on θ, a block of columns at a time; with `probes`, note each layer's update : weight ratio.

    A slider is a number, or a row (P,) of one for each parameter.
    """
    theta, g = network.theta, network.gradient
    before = [layer.W.copy() for layer in network.dense] if probes is not None else []
    for start in range(0, theta.shape[-1], BLOCK):
        part = slice(start, start + BLOCK)
        sliders = {name: row[part] if isinstance(row, np.ndarray) else row for name, row in hyper.items()}
        theta[:, part], *new = rule(t, theta[:, part], g[:, part], *[s[:, part] for s in state], lr=lr, **sliders)
        for s, value in zip(state, new, strict=True):
            s[:, part] = value
    for layer, old, found in zip(network.dense, before, probes or (), strict=False):
        found["update_ratio"] = np.sqrt(squares(layer.W - old) / squares(old))


def probe(network: Network) -> list[dict[str, Sequence]]:
    """For every hidden layer what a histogram or a curve of it needs; `dead` is the share of units silent on the batch, NaN
    in a network that has diverged."""
    found = []
    for dense, bend in zip(
        network.dense, (layer for layer in network.layers if isinstance(layer, (Bend, Maxout))), strict=False
    ):
        bounds = bend.activation.bounds if isinstance(bend, Bend) else (None, None)
        found.append(
            {
                "inputs": [count(x) for x in bend.x],
                "activations": [count(y, bounds) for y in bend.y],
                "gradients": [count(dy) for dy in bend.dy],
                "weights": [count(W) for W in dense.W],
                "dead": np.where(np.isfinite(bend.y).all(axis=(-2, -1)), (bend.y == 0).all(axis=-2).mean(axis=-1), np.nan),
                "input_std": bend.x.std(axis=-2).mean(axis=-1),
                "weight_norm": np.sqrt(squares(dense.W)),
                "gradient_norm": np.sqrt(squares(dense.dW)),
            }
        )
        if isinstance(bend, Bend) and bend.learned:
            found[-1]["alpha"] = bend.alpha[:, 0, 0].copy()
    for norm, layer in zip(network.norms, found, strict=False):
        layer |= {"running_mean": np.array(norm.mean), "running_var": np.array(norm.var)}
    return found


def squares(array: np.ndarray) -> np.ndarray:
    """The sum of squares of each replica, (replicas,)."""
    return np.square(array.reshape(len(array), -1)).sum(axis=-1)


def evaluate(record: Record, network: Network, which: str, x_train, x_test, data: Dataset) -> None:
    """Accuracies on all training and all testing examples, in test mode."""
    for name, x, y, kept in (
        ("train", x_train, data.y_train, record.train_accuracy),
        ("test", x_test, data.y_test, record.test_accuracy),
    ):
        if which in (name, "both"):
            parts = [slice(start, start + ROWS) for start in range(0, len(x), ROWS)]
            hits = [accuracy(network.forward(x[part]), y[part]) * len(y[part]) for part in parts]
            kept.append(np.sum(hits, axis=0) / len(y))
