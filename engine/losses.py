"""A loss says how wrong outputs are, one number a network, and how it changes with each of them."""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """eᶻ / Σ eᶻ over the last axis, shifted by the largest z so that nothing overflows.

    >>> softmax(np.array([5.0, 2, -1, 3])).round(3).tolist()
    [0.842, 0.042, 0.002, 0.114]
    """
    z = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


def softmax_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean of −ln ŷ[label] over the batch, (…), and its gradient by the logits, (ŷ − y) / batch.

    `logits` (…, batch, classes), `labels` (batch,) of int. DLFS 4.2.4 and 5.6.3.
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    z = np.exp(shifted)
    total = z.sum(axis=-1, keepdims=True)
    rows = np.arange(len(labels))
    loss = (np.log(total[..., 0]) - shifted[..., rows, labels]).mean(axis=-1)
    z /= total
    z[..., rows, labels] -= 1
    z /= len(labels)
    return loss, z


def accuracy(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The share of the batch whose largest logit is the label's, (…)."""
    return (logits.argmax(axis=-1) == labels).mean(axis=-1)
