"""A sentence is a verdict in the words of its template, one for each kind in the lab's text.

A template is a format string with three more things to say: `{n:update|updates}` counts, a table's row that names what
only `rows` know is repeated for each, and what is true beside the verdict, `also`, is told after it.
"""

import math
import string
from collections.abc import Mapping
from typing import Any

from engine.verdict import Verdict
from pages.charts.axes import ten
from pages.kit import text

FEW = 5  # powers of ten from which on a number is written by its power


class Words(string.Formatter):
    """Numbers as they are read: a true minus, no minus before zero, powers of ten where there are many zeros, a dash for
    what there is none of, and things counted."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """
        >>> Words().format("{n:seed|seeds}, {m:seed|seeds}, {x:.2f}, {y:.2f}, {z:.1e}", n=1, m=3, x=-0.001, y=-2.5, z=-4.5e-5)
        '1 seed, 3 seeds, 0.00, −2.50, −4.5·10⁻⁵'
        >>> Words().format("{a:.3g}, {b:.1e}, {c:.1e}, {d:.3g}", a=8271.8, b=0.5, c=1.7, d=1e6)
        '8,270, 0.50, 1.7, 10⁶'
        """
        if value is None:
            return "–"
        if value == math.inf:
            return "∞"
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return f"{value:,} {one if value == 1 else many}"
        said = super().format_field(value, format_spec)
        if isinstance(value, str):
            return said
        digits, _, power = said.partition("e")
        if power and abs(int(power)) < FEW:
            said = f"{float(said):,.{max(0, len(digits.partition('.')[2]) - int(power))}f}"
        elif power:
            times = digits[:-1] if digits.lstrip("-") == "1" else f"{digits}·"
            said = times + ten(int(power))
        if not said.startswith("-"):
            return said
        return f"−{said[1:]}" if said.strip("-0.%") else said[1:]


WORDS = Words()


def of(verdict: Verdict, templates: Mapping[str, str]) -> str:
    """The Markdown of a verdict by its lab's templates, else by those that all labs share."""
    template = templates.get(verdict.kind) or shared()[verdict.kind]
    lines = []
    for line in template.splitlines():
        rows = verdict.rows if line.startswith("|") and named(line) - verdict.numbers.keys() else [{}]
        lines += [WORDS.format(line, **verdict.numbers | row) for row in rows]
    told = ["\n".join(lines), *(of(also, templates) for also in verdict.numbers.get("also", ()))]
    return "\n\n".join(told) if any("\n" in part for part in told) else " ".join(told)


def named(line: str) -> set[str]:
    """
    >>> sorted(named("| {name} | {low:.2f} to {high:.2f} |"))
    ['high', 'low', 'name']
    """
    return {field for _, field, _, _ in WORDS.parse(line) if field}


def shared() -> Mapping[str, str]:
    return text.prose("verdicts").verdicts
