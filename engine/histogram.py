"""A histogram counts values in equal bins as wide as a power of two: no rounding decides where a value falls, and two
neighboring bins are one bin of the next width, so that histograms of different widths can stand on one axis exactly.
"""

from dataclasses import dataclass
from math import ceil, floor, frexp, ldexp

import numpy as np

BINS = 128
SATURATED = 0.05  # this close to an end of its range an activation hardly moves
BLOCK = 1 << 15  # values counted at a time: their places then stay in the processor's cache
FINEST = 20  # bins are at least 2^-20 of the largest value wide


@dataclass(frozen=True)
class Histogram:
    """Bin i holds the values from (first + i) · 2^exponent up to, not including, the next; the last one includes its end.

    Zeros are counted apart and stand in no bin, nor does what is not finite.
    """

    exponent: int
    first: int
    counts: np.ndarray
    """(≤ BINS,) of int."""
    zeros: int
    low: int
    """How many lie within .05 of the lower end that the activation is bounded by; they stand in their bins too."""
    high: int
    """The same at the upper end."""
    lost: int
    """How many are not finite."""
    mean: float
    std: float

    @property
    def size(self) -> int:
        return int(self.counts.sum()) + self.zeros + self.lost

    @property
    def nbytes(self) -> int:
        return self.counts.nbytes

    @property
    def edges(self) -> np.ndarray:
        """(bins + 1,)."""
        return (self.first + np.arange(len(self.counts) + 1)) * 2.0**self.exponent


def count(values: np.ndarray, bounds: tuple[float | None, float | None] = (None, None)) -> Histogram:
    """The histogram of all values; `bounds` are the ends at which what made them saturates, None where it does not."""
    values = values.ravel()
    lost = 0
    low, high = values.min(initial=np.inf), values.max(initial=-np.inf)
    if not np.isfinite([low, high]).all():
        lost, values = values.size, values[np.isfinite(values)]
        lost -= values.size
        low, high = values.min(initial=np.inf), values.max(initial=-np.inf)
    if not values.size:
        return Histogram(0, 0, np.zeros(0, int), 0, 0, 0, lost, float("nan"), float("nan"))
    exponent = width_of(float(low), float(high))
    scaled = np.ldexp(values, -exponent)
    first = floor(ldexp(low, -exponent))
    end = max(ceil(ldexp(high, -exponent)), first + 1)
    counts = np.zeros(end - first, int)
    for start in range(0, scaled.size, BLOCK):
        places = np.minimum(np.floor(scaled[start : start + BLOCK]) - first, end - first - 1)
        counts += np.bincount(places.astype(np.intp), minlength=end - first)
    zeros = int(np.count_nonzero(values == 0))
    if zeros:
        counts[min(-first, end - first - 1)] -= zeros
    bottom, top = bounds
    return Histogram(
        exponent,
        first,
        counts,
        zeros,
        0 if bottom is None else int(np.count_nonzero(values < bottom + SATURATED)),
        0 if top is None else int(np.count_nonzero(values > top - SATURATED)),
        lost,
        ldexp(float(scaled.mean()), exponent),
        ldexp(float(scaled.std()), exponent),
    )


def width_of(low: float, high: float) -> int:
    """The exponent of the narrowest bins, no more than BINS of which reach from low to high.

    >>> width_of(-1, 1), width_of(0, 1), width_of(0.3, 0.3)
    (-6, -7, -21)
    """
    finest = frexp(max(abs(low), abs(high)))[1] - FINEST
    exponent = max(finest, frexp((high - low) / BINS)[1] - 1) if high > low else finest
    while ceil(ldexp(high, -exponent)) - floor(ldexp(low, -exponent)) > BINS:
        exponent += 1
    return exponent
