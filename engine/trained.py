"""A trained network is what its experiment builds with the weights that a run has kept; here it answers questions."""

from copy import deepcopy

import numpy as np

from engine.layers import BatchNorm, Dense
from engine.losses import softmax
from engine.network import Network, Weights
from engine.specs import Experiment
from engine.training import build, streams


def restore(spec: Experiment, weights: Weights) -> Network:
    """The one network of these weights: `.forward(x)` turns x (n, features) into logits (n, classes), as in testing.

    ValueError if the weights are not of such a network.
    """
    dtype = weights.theta.dtype.type
    network = build(spec, (), dtype(spec.dropout), streams(spec.seed)["dropout"], dtype)
    network.weights = weights
    return network


@np.errstate(all="ignore")
def learned(spec: Experiment, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """W at the end less what weight decay has left of W after the first update, W_t − (1 − ηλ)ᵗ⁻¹ W₁.

    For SGD with a constant learning rate that is what the data added, exactly.
    """
    return last - (1 - spec.lr * spec.weight_decay) ** (spec.steps - 1) * first


def collapsed(network: Network) -> Dense:
    """The one layer that the dense layers come to where nothing bends between them: x (W₁W₂…) + b."""
    first, *others = network.dense
    one = Dense(len(first.W), others[-1].W.shape[-1] if others else first.W.shape[-1])
    one.W, one.b = first.W, first.b
    for layer in others:
        one.W, one.b = one.W @ layer.W, one.b @ layer.W + layer.b
    return one


def bent(network: Network, x: np.ndarray) -> float:
    """How far the logits at x are, at most, from those of the one layer that the network is collapsed to."""
    return float(np.abs(network.forward(x) - collapsed(network).forward(x, train=False)).max())


@np.errstate(all="ignore")
def batch_logits(network: Network, x: np.ndarray, size: int) -> np.ndarray:
    """Logits (n, classes) where BatchNorm takes μ and σ² from each `size` consecutive inputs, the last perhaps fewer.

    That is what training does; all else is as in testing. Alone in its batch every input has x̂ = 0, hence the same logits.
    """
    layers = deepcopy(network.layers)  # the caller's keep their running means
    logits = []
    for start in range(0, len(x), size):
        y = x[start : start + size]
        for layer in layers:
            y = layer.forward(y, train=isinstance(layer, BatchNorm))
        logits.append(y)
    return np.concatenate(logits)


@np.errstate(all="ignore")
def ensemble(network: Network, x: np.ndarray, masks: int) -> np.ndarray:
    """Probabilities (masks, n, classes): row k − 1 is the mean over the first k dropout masks, one an input, as in training.

    The masks follow from the seed. ValueError with BatchNorm, where an answer would depend on the other inputs.
    Srivastava et al. 2014, section 7.5.
    """
    if network.norms:
        raise ValueError("an ensemble of dropout masks needs a network without BatchNorm")
    network = deepcopy(network)  # the caller's generator stays where it is
    single = [softmax(network.forward(x, train=True)) for _ in range(masks)]
    return np.cumsum(single, axis=0) / np.arange(1, masks + 1)[:, None, None]


def confusion(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts (classes, classes): row the true label, column the predicted one."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (labels, predicted), 1)
    return counts
