"""Two accounts of why batch normalization works, as numbers: how far the ground shifts under a layer, how fast gradients turn.

Ioffe & Szegedy 2015 say that it keeps what a layer sees from shifting while the layers before it learn; Santurkar, Tsipras,
Ilyas and Mądry, "How Does Batch Normalization Help Optimization?", 2018, that it smooths the loss.
"""

import numpy as np

from engine.compare import History
from engine.losses import softmax_cross_entropy
from engine.network import Network
from engine.trained import restore

EXAMPLES = 200


@np.errstate(all="ignore")
def shift(history: History) -> float:
    """‖G′ − G‖ / ‖G‖: by how much of itself a layer's gradient G changes when one step of SGD is made in all layers before it.

    Internal covariate shift as Santurkar et al. 2018 define it (2.2), relative, as a mean over the layers from the second on
    and the steps whose weights are kept. NaN if the network has diverged.
    """
    moved = []
    for step in history.weights:
        network, *batch = _at(history, step)
        start = network.theta.copy()
        here = _gradient(network, *batch)
        there = start - history.experiment.lr * here
        for own in _columns(network)[1:]:
            network.theta[...] = np.concatenate([there[: own.start], start[own.start :]])
            moved.append(_changed(here[own], _gradient(network, *batch)[own]))
    return float(np.mean(moved))


@np.errstate(all="ignore")
def roughness(history: History, times: float = 4.0) -> float:
    """‖g(θ − kη g) − g(θ)‖ / ‖g(θ)‖: by how much of itself the gradient changes within k = `times` steps of SGD, as a mean over
    the steps whose weights are kept. On a quadratic it is kηλ along the eigenvector of λ. NaN if the network has diverged.
    """
    turns = []
    for step in history.weights:
        network, *batch = _at(history, step)
        here = _gradient(network, *batch)
        network.theta[...] = network.theta - times * history.experiment.lr * here
        turns.append(_changed(here, _gradient(network, *batch)))
    return float(np.mean(turns))


def _changed(here: np.ndarray, there: np.ndarray) -> float:
    return float(np.linalg.norm(there - here) / np.linalg.norm(here))


def _gradient(network: Network, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(P,), normalized by the statistics of the batch, as in training."""
    _, slope = softmax_cross_entropy(network.forward(x, train=True), labels)
    network.backward(slope)
    return network.gradient.copy()


def _columns(network: Network) -> list[slice]:
    """Where in θ the weights of every dense layer stand."""
    found, start = [], 0
    for layer in network.layers:
        for name, (rows, columns) in layer.parameters.items():
            if name == "W":
                found.append(slice(start, start + rows * columns))
            start += rows * columns
    return found


def _at(history: History, step: int) -> tuple[Network, np.ndarray, np.ndarray]:
    """The network as it was after a step, and the examples that it is asked with."""
    data = history.experiment.data()
    return restore(history.experiment, history.weights[step]), data.x_train[:EXAMPLES], data.y_train[:EXAMPLES]
