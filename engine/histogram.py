"""A histogram counts values in equal bins as wide as a power of two: no rounding decides where a value falls, and two
neighboring bins are one bin of the next width, so that histograms of different widths can stand on one axis exactly.
"""

from dataclasses import dataclass
from math import ceil, floor, frexp, hypot, inf, ldexp, nan, sqrt

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
    tally = Tally(bounds)
    tally.add(values)
    return tally.histogram()


class Tally:
    """A histogram in the making: values are added an array at a time, and the bins widen as they come.

    However the values were cut into arrays, the counts are those of all at once; mean and std to the last digits.
    """

    def __init__(self, bounds: tuple[float | None, float | None] = (None, None)) -> None:
        self.bounds = bounds
        self.exponent = self.first = self.size = self.zeros = self.under = self.over = self.lost = 0
        self.counts = np.zeros(0, int)  # up to BINS + 1: the largest value may begin a bin of its own
        self.low, self.high, self.mean, self.std = inf, -inf, nan, nan

    def add(self, values: np.ndarray) -> None:
        values = values.ravel()
        low, high = values.min(initial=np.inf), values.max(initial=-np.inf)
        if not np.isfinite([low, high]).all():
            self.lost += values.size
            values = values[np.isfinite(values)]
            self.lost -= values.size
            low, high = values.min(initial=np.inf), values.max(initial=-np.inf)
        if not values.size:
            return
        self._widen(min(self.low, float(low)), max(self.high, float(high)))
        scaled = np.ldexp(values, -self.exponent)
        for start in range(0, scaled.size, BLOCK):
            places = np.floor(scaled[start : start + BLOCK]) - self.first
            self.counts += np.bincount(places.astype(np.intp), minlength=self.counts.size)
        self.zeros += int(np.count_nonzero(values == 0))
        bottom, top = self.bounds
        self.under += 0 if bottom is None else int(np.count_nonzero(values < bottom + SATURATED))
        self.over += 0 if top is None else int(np.count_nonzero(values > top - SATURATED))
        self._average(values.size, ldexp(float(scaled.mean()), self.exponent), ldexp(float(scaled.std()), self.exponent))

    def _widen(self, low: float, high: float) -> None:
        """Bins from low to high, with the counts so far in them: of 2^k neighbors each."""
        exponent = width_of(low, high)
        first = floor(ldexp(low, -exponent))
        counts = np.zeros(floor(ldexp(high, -exponent)) - first + 1, int)
        if self.counts.size:
            places = (self.first + np.arange(self.counts.size)) >> min(exponent - self.exponent, 62)
            np.add.at(counts, places - first, self.counts)
        self.low, self.high, self.exponent, self.first, self.counts = low, high, exponent, first, counts

    def _average(self, size: int, mean: float, std: float) -> None:
        """Mean and std of what was there and what came, from those of both. Chan, Golub & LeVeque 1979."""
        if not self.size:
            self.size, self.mean, self.std = size, mean, std
            return
        self.size += size
        new = size / self.size
        old, apart = 1 - new, mean - self.mean
        self.mean += new * apart
        self.std = hypot(sqrt(old) * self.std, sqrt(new) * std, sqrt(old * new) * apart)

    def histogram(self) -> Histogram:
        """Of all that was added."""
        counts = self.counts.copy()
        if self.zeros:
            counts[-self.first] -= self.zeros
        if counts.size > 1 and self.first + counts.size > ceil(ldexp(self.high, -self.exponent)):
            counts[-2] += counts[-1]
            counts = counts[:-1]
        return Histogram(self.exponent, self.first, counts, self.zeros, self.under, self.over, self.lost, self.mean, self.std)


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
