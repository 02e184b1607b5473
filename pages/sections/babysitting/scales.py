"""The two scales of the same pixels, and the rates to try on them: CS231n's own are 255 times those of the other labs."""

from pages.kit.controls import Choice

PIXELS = {"bytes": "Pixels 0–255, mean-subtracted", "unit": "Pixels 0–1"}
SCALED = {"bytes": {"pixels": "bytes", "scaling": "center"}, "unit": {"pixels": "unit", "scaling": "none"}}
CHOICE = Choice("Pixels", "bytes", PIXELS)
STEPS = {1: (1,), 2: (1, 3), 3: (1, 2, 5)}  # rates of a decade


def ladder(low: int, high: int, decade: int) -> list[float]:
    """Learning rates from 10^low to 10^high, so many a decade.

    >>> ladder(-2, 0, 2)
    [0.01, 0.03, 0.1, 0.3, 1.0]
    """
    return [float(f"{digit}e{power}") for power in range(low, high) for digit in STEPS[decade]] + [float(f"1e{high}")]
