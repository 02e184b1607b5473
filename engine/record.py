"""A record is what is known of networks in training so far: of every step the loss, and now and then accuracies and probes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.datasets import Dataset
from engine.network import Network, Weights
from engine.probes import probe
from engine.specs import Experiment

ROWS = 250  # examples evaluated at a time: what is computed of them then stays in the processor's cache


@dataclass
class Record:
    """Of a group of networks; arrays are (replicas, …)."""

    spec: Experiment
    """One of the group: they are looked at together."""
    loss: np.ndarray
    """(replicas, steps): before each update, penalty included; NaN where not reached."""
    diverged: np.ndarray
    """(replicas,): the first step, from 1, whose loss is not finite; 0 for none so far."""
    done: int = 0
    train_accuracy: list[np.ndarray] = field(default_factory=list)
    test_accuracy: list[np.ndarray] = field(default_factory=list)
    validation_accuracy: list[np.ndarray] = field(default_factory=list)
    known: np.ndarray | None = None
    """(replicas, test examples): which are read rightly at the last evaluation, if that is asked for."""
    probes: dict[int, list[dict[str, Sequence]]] = field(default_factory=dict)
    """Step → for every hidden layer a dict of name → numbers, arrays or histograms of the replicas."""
    weights: dict[int, Weights] = field(default_factory=dict)
    """Step → weights after its update, of all replicas."""

    def before(self, t: int, loss: np.ndarray, network: Network) -> None:
        """Before update t: the loss, who has diverged by it, and a probe if one is asked for."""
        self.loss[:, t - 1] = loss
        self.diverged[(self.diverged == 0) & ~np.isfinite(loss)] = t
        if t in self.spec.probe_steps:
            self.probes[t] = probe(network)

    def after(self, t: int, network: Network, data: Dataset) -> None:
        """After update t: weights and accuracies, if they are asked for."""
        if t in self.spec.weight_steps:
            self.weights[t] = network.weights
        if (t - 1) % self.spec.eval_every == 0:
            self.evaluate(network, data)
        self.done = t

    def evaluate(self, network: Network, data: Dataset) -> None:
        """Accuracies on all training, testing and validation examples, in test mode."""
        asked = self.spec.evaluate
        for wanted, x, y, kept in (
            (asked in ("train", "both"), data.x_train, data.y_train, self.train_accuracy),
            (asked in ("test", "both"), data.x_test, data.y_test, self.test_accuracy),
            (len(data.y_validation), data.x_validation, data.y_validation, self.validation_accuracy),
        ):
            if wanted:
                parts = [slice(start, start + ROWS) for start in range(0, len(x), ROWS)]
                right = np.concatenate([network.forward(x[part]).argmax(axis=-1) == y[part] for part in parts], axis=-1)
                kept.append(right.mean(axis=-1))
                if kept is self.test_accuracy:
                    self.known = right
