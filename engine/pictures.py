"""A picture is an array of pixels (height, width, channels); cut into tiles it is examples such as a network sees."""

import numpy as np


def tiles(picture: np.ndarray, side: int) -> np.ndarray:
    """(n, side, side, channels): those that fit in, line by line from the upper left corner. ValueError if none does."""
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    if not rows * columns:
        raise ValueError(f"a picture of {picture.shape[0]} × {picture.shape[1]} has no tile of {side} × {side}")
    cut = picture[: rows * side, : columns * side].reshape(rows, side, columns, side, -1)
    return cut.swapaxes(1, 2).reshape(rows * columns, side, side, -1)


def mean_image(x: np.ndarray) -> np.ndarray:
    """(height, width, channels): over x (n, height, width, channels). Subtracted by Krizhevsky et al. 2012, section 2."""
    return x.mean(axis=0, dtype=float)


def mean_channels(x: np.ndarray) -> np.ndarray:
    """(channels,): over all examples and positions. Subtracted by Simonyan & Zisserman 2015, section 2.1."""
    return x.mean(axis=(0, 1, 2), dtype=float)


def unevenness(x: np.ndarray) -> float:
    """How far the mean image is from its channels' means, as a share of how far the pixels are, both root mean squares.

    If it meant nothing where in an example a pixel stands, it would be about 1/√n, which is chance.
    """
    channels = mean_channels(x)
    return float(np.sqrt(np.square(mean_image(x) - channels).mean() / np.square(x - channels).mean()))


def neighbors(x: np.ndarray) -> float:
    """The correlation of a pixel with the one to its right, over all pixels of x (n, height, width)."""
    return float(np.corrcoef(x[:, :, :-1].ravel(), x[:, :, 1:].ravel())[0, 1])
