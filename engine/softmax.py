"""Softmax makes probabilities of logits: with a temperature, as its formula is written, beside hardmax, and with its loss."""

import numpy as np

from engine.losses import softmax, softmax_cross_entropy


def tempered(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """softmax(z / T) over the last axis: even as T → ∞, hardmax as T → 0. Hinton, Vinyals & Dean 2015, eq. 1."""
    return softmax(logits / temperature)


@np.errstate(over="ignore", under="ignore", invalid="ignore")
def naive(logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """eᶻ and eᶻ / Σ eᶻ over the last axis as the formula is written: in float32 eᶻ is ∞ above z = 88.7, and ∞ / ∞ is no number.

    >>> naive(np.array([100, 0], np.float32))[1].tolist()
    [nan, 0.0]
    """
    z = np.exp(logits)
    return z, z / z.sum(axis=-1, keepdims=True)


def hardmax(logits: np.ndarray) -> np.ndarray:
    """1 for the largest logit of the last axis, 0 for the others; the largest share it where they are equal."""
    largest = logits == logits.max(axis=-1, keepdims=True)
    return largest / largest.sum(axis=-1, keepdims=True)


def cross_entropy(logits: np.ndarray, label: int, temperature: float = 1.0) -> tuple[float, np.ndarray]:
    """−ln ŷ[label] of one example, logits (classes,), and its gradient by them, (ŷ − y) / T."""
    loss, gradient = softmax_cross_entropy(logits[None] / temperature, np.array([label]))
    return float(loss), gradient[0] / temperature


def bend(points: np.ndarray, logits: np.ndarray) -> float:
    """The share of the logits' variance, less their mean over the classes, that no affine function of the points explains.

    `points` (n, 2), `logits` (n, classes). Where it is 0, every border zᵢ = zⱼ is a straight line; NaN if no logits differ.
    """
    z = logits.astype(float) - logits.mean(axis=-1, keepdims=True, dtype=float)
    affine = np.column_stack([points, np.ones(len(points))]).astype(float)
    rest = z - affine @ np.linalg.lstsq(affine, z, rcond=None)[0]
    return float(rest.var(axis=0).sum() / z.var(axis=0).sum()) if np.ptp(z, axis=0).any() else np.nan
