"""A logarithmic axis says 0.01, 1 and 100, and farther out 10⁻⁵ and 2·10⁶."""

from typing import Any

import altair as alt

POWER = "floor(log(datum.value) / LN10 + 1e-9)"
DIGIT = "substring('⁰¹²³⁴⁵⁶⁷⁸⁹', {0}, {0} + 1)"
TENS, ONES = DIGIT.format(f"floor(abs({POWER}) / 10)"), DIGIT.format(f"abs({POWER}) % 10")
EXPONENT = f"({POWER} < 0 ? '⁻' : '') + (abs({POWER}) < 10 ? '' : {TENS}) + {ONES}"
FIRST = f"datum.value / pow(10, {POWER})"
TIMES = f"({FIRST} < 1.001 ? '' : format({FIRST}, '.3~r') + '·')"
LABEL = f"!datum.label ? '' : abs({POWER}) < 4 ? format(datum.value, '.3~r') : {TIMES} + '10' + {EXPONENT}"

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def ten(power: int) -> str:
    """
    >>> ten(-3), ten(12)
    ('10⁻³', '10¹²')
    """
    return "10" + str(power).translate(RAISED)


def decades(low: float, high: float, most: int = 14) -> list[float]:
    """The powers of ten of a range; every second or third, if there are too many.

    >>> decades(0.002, 300), decades(1e-6, 1e6, most=7)[:3]
    ([0.01, 0.1, 1.0, 10.0, 100.0], [1e-06, 0.0001, 0.01])
    """
    found = [10.0**power for power in range(-12, 39) if low <= 10.0**power <= high]
    return found[:: max(1, -(-len(found) // most))]


def powers(**options: Any) -> alt.Axis:
    """The axis of a logarithmic scale; where Vega leaves a tick without a label, so does this."""
    return alt.Axis(labelExpr=LABEL, **options)
