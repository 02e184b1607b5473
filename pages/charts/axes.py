"""A logarithmic axis says 0.01, 1 and 100, and farther out 10⁻⁵ and 2·10⁶."""

from typing import Any

import altair as alt

POWER = "floor(log(datum.value) / LN10 + 1e-9)"
DIGIT = "substring('⁰¹²³⁴⁵⁶⁷⁸⁹', {0}, {0} + 1)"
TENS, ONES = DIGIT.format(f"floor(abs({POWER}) / 10)"), DIGIT.format(f"abs({POWER}) % 10")
RAISED = f"({POWER} < 0 ? '⁻' : '') + (abs({POWER}) < 10 ? '' : {TENS}) + {ONES}"
FIRST = f"datum.value / pow(10, {POWER})"
TIMES = f"({FIRST} < 1.001 ? '' : format({FIRST}, '.3~r') + '·')"
LABEL = f"!datum.label ? '' : abs({POWER}) < 4 ? format(datum.value, '.3~r') : {TIMES} + '10' + {RAISED}"


def powers(**options: Any) -> alt.Axis:
    """The axis of a logarithmic scale; where Vega leaves a tick without a label, so does this."""
    return alt.Axis(labelExpr=LABEL, **options)
