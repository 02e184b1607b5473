"""Training is a loop of steps: draw a batch, forward, loss, backward, update. Here it is a generator, for many networks.

Networks of one group differ in numbers only (learning rate, scale of the weights, dropout, weight decay): those ride the
replica axis. They share batches, dropout draws and first normals, so that a chart shows the difference of one field.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from engine.bugs import BUGS
from engine.datasets import SOURCES
from engine.layers import squares
from engine.network import Network, stack
from engine.optimizers import OPTIMIZERS
from engine.record import Record
from engine.schedules import SCHEDULES
from engine.specs import Experiment

BLOCK = 1 << 14  # columns of θ updated at a time: a rule's temporaries then stay in the processor's cache


def train(group: Sequence[Experiment], dtype: type = np.float32) -> Iterator[Record]:
    """Train experiments that differ in numbers only; yields the same record after every step, filled a little further."""
    run = Group(group, dtype)
    network, record = run.network, run.record
    for t in range(1, run.spec.steps + 1):
        with np.errstate(all="ignore"):
            x, labels = run.draw()
            logits = network.forward(x, train=True)
            loss, gradient = run.loss(logits, labels)
            network.backward(gradient)
            loss = loss + penalize(network, run.decay)
            clip(network, run.longest)
            record.before(t, loss, network)
            run.update(t)
            guard(network, record.diverged)
            record.after(t, network, run.data)
        yield record


class Group:
    """Experiments in lockstep: what they share, `spec`, data, batches and rule; and by replica their numbers and weights."""

    def __init__(self, group: Sequence[Experiment], dtype: type) -> None:
        def column(name: str, axes: int) -> np.ndarray:
            """A number of each experiment along the replica axis, with `axes` axes behind it."""
            return np.array([getattr(spec, name) for spec in group], dtype).reshape(-1, *[1] * axes)

        bug = BUGS[group[0].bug]
        group = [bug.spec(spec) for spec in group]
        self.spec = spec = group[0]
        self.loss = bug.loss
        data = bug.data(spec.data())
        x_train, x_test = (x.astype(dtype, copy=False) for x in (data.x_train, data.x_test))
        self.data = replace(data, x_train=x_train, x_test=x_test)
        rngs = streams(spec.seed)
        self.batches = batches(rngs["batches"], len(x_train), spec.batch_size, spec.replacement)
        self.network = build(spec, (len(group),), column("dropout", 2), rngs["dropout"], dtype)
        self.network.initialize(spec.initializer, column("init_scale", 2), spec.bias_init, rngs["init"])
        self.lr, self.decay, self.longest = column("lr", 1), column("weight_decay", 2), column("clip", 1)
        self.factor = SCHEDULES[spec.schedule].bind(**dict(spec.schedule_hyper))
        self.rule = OPTIMIZERS[spec.optimizer]
        self.hyper: dict = {**self.rule.sliders, **dict(spec.hyper)}
        del self.hyper["lr"]
        if "weight_decay" in self.hyper:  # the rule's own
            self.hyper["weight_decay"] *= on_weights(self.network)
        self.state = [np.zeros_like(self.network.theta) for _ in self.rule.state]
        self.record = Record(spec, np.full((len(group), spec.steps), np.nan), np.zeros(len(group), int))

    def draw(self) -> tuple[np.ndarray, np.ndarray]:
        """The next batch: inputs (batch, features) and labels (batch,)."""
        rows = next(self.batches)
        return self.data.x_train[rows], self.data.y_train[rows]

    def update(self, t: int) -> None:
        """θ ← rule(θ, g), with the learning rate that the schedule gives step t."""
        lr = self.lr * self.lr.dtype.type(self.factor(t, self.spec.steps))
        update(self.rule, t, self.network, self.state, lr, self.hyper, self.record.probes.get(t))


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
    layers = stack(
        (spec.features, *spec.hidden, SOURCES[spec.dataset].classes),
        spec.activation,
        batchnorm=spec.batchnorm,
        keep=spec.keep,
        pieces=spec.pieces,
        rate=rate,
        inverted=spec.dropout_mode == "inverted",
        rng=rng,
    )
    return Network(BUGS[spec.bug].layers(layers), lead, dtype)


def penalize(network: Network, decay: np.ndarray) -> np.ndarray | float:
    """Weight decay λ (replicas, 1, 1): dW ← dW + λW. Returns the loss it comes from, Σ λ/2 ‖W‖², (replicas,). DLFS 6.4.2."""
    if not decay.any():
        return 0.0
    for layer in network.dense:
        layer.dW += decay * layer.W
    return sum(decay[:, 0, 0] / 2 * squares(layer.W) for layer in network.dense)


def clip(network: Network, longest: np.ndarray) -> None:
    """g ← g · longest / ‖g‖ where that is shorter; `longest` (replicas, 1), 0 for any length. Pascanu et al. 2013."""
    if longest.any():
        size = np.sqrt(squares(network.gradient))[:, None]
        network.gradient *= np.where((longest > 0) & (size > longest), longest / size, 1)


def guard(network: Network, diverged: np.ndarray) -> None:
    """The weights of a network that has diverged are NaN from then on, so that it is lost alone."""
    network.theta[diverged > 0] = np.nan


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
