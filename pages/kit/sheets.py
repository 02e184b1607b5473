"""A sheet holds many small images at once: the weights of units, 28 × 28 each."""

import numpy as np

SIDE = 28
RED, BLUE = (240, 58, 0), (18, 131, 230)  # of the theme's palette; legible on light and dark


def strongest(W: np.ndarray, units: int) -> np.ndarray:  # noqa: N803
    """Places of the units, columns of W (784, width), with the largest norm, the largest first."""
    return np.argsort(-np.square(W).sum(axis=-2), kind="stable")[:units]


def sheet(W: np.ndarray, top: float, columns: int = 5, zoom: int = 3) -> np.ndarray:  # noqa: N803
    """Columns of W (784, units) as images on one sheet of RGBA: red above 0, blue below, clear at 0, full from ± top on.

    >>> sheet(np.eye(784)[:, :7], top=1, zoom=1).shape
    (60, 150, 4)
    """
    units, edge = W.shape[-1], SIDE + 2
    values = np.full((-(-units // columns) * edge, columns * edge), np.nan)
    for place in range(units):
        down, across = edge * (place // columns), edge * (place % columns)
        values[down : down + SIDE, across : across + SIDE] = W[:, place].reshape(SIDE, SIDE)
    drawn, values = np.isfinite(values), np.nan_to_num(values)
    picture = np.zeros((*values.shape, 4), np.uint8)
    picture[..., :3] = np.where((values > 0)[..., None], RED, BLUE)
    picture[..., 3] = np.clip(255 * np.abs(values) / (top or 1), 12, 255) * drawn
    return np.kron(picture, np.ones((zoom, zoom, 1), np.uint8))
