"""Components are what data are made of along their principal axes: found once, they give every shorter or whiter version.

`fit` is the transform of the preprocessor "decorrelate" with all its axes; a ValueError says that it is another.
"""

from dataclasses import replace

import numpy as np

from engine.preprocessing import Transform, spread


def first(fit: Transform, dimensions: int) -> Transform:
    """What "decorrelate" with so many dimensions would have been. ValueError if there are not as many."""
    axes, _ = principal(fit)
    if not 1 <= dimensions <= len(axes):
        raise ValueError(f"dimensions must lie between 1 and {len(axes)}, not {dimensions}")
    return replace(fit, scale=fit.scale[:dimensions], axes=axes[:dimensions])


def whitened(fit: Transform, eps: float, back: bool = False) -> Transform:
    """What "whiten", or "zca" if it is turned back, would have been."""
    _, variances = principal(fit)
    return replace(fit, scale=spread(variances, eps), back=back)


def principal(fit: Transform) -> tuple[np.ndarray, np.ndarray]:
    """All principal axes (features, features), as rows, and the variances along them."""
    if fit.axes is None or fit.variances is None or len(fit.axes) < len(fit.variances):
        raise ValueError("this transform has not all principal axes")
    return fit.axes, fit.variances


def kept(fit: Transform, x: np.ndarray) -> np.ndarray:
    """(features,): the share of Σ ‖x − μ‖² over x (n, features) that the first 1, 2, … dimensions keep.

    Of the data that `fit` has seen it is λ₁ + … + λₖ over the sum of all λ. Jolliffe, Principal Component Analysis, 6.1.1.
    """
    along = np.square(fit(x.astype(float))).sum(axis=0)
    return along.cumsum() / along.sum()


def needed(kept: np.ndarray, share: float) -> int:
    """The smallest number of dimensions that keeps that share.

    >>> needed(np.array([0.5, 0.75, 1.0]), 0.75)
    2
    """
    return int(np.argmax(kept >= share - 1e-12)) + 1


def tail(variances: np.ndarray, share: float = 0.99) -> np.ndarray:
    """(features,): which of them, or of axes, are left when the fewest that hold that share of the variance are taken away; not
    those that never vary."""
    order = np.argsort(-variances, kind="stable")
    rest = order[needed(variances[order].cumsum() / variances.sum(), share) :]
    return np.isin(np.arange(len(variances)), rest) & (variances > 0)
