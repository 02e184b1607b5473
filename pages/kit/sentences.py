"""A sentence is a verdict in the words of its template, one for each kind in the lab's text.

A template is a format string (see `words`) with two more things to say: a table's row that names what only `rows` know is
repeated for each, and what is true beside the verdict, `also`, is told after it. Names are said in the visitor's language.
"""

from collections.abc import Mapping
from typing import Any

from engine.verdict import Verdict
from pages.kit import text
from pages.kit.language import tr
from pages.kit.words import WORDS


def of(verdict: Verdict, templates: Mapping[str, str]) -> str:
    """The Markdown of a verdict by its lab's templates, else by those that all labs share."""
    template = templates.get(verdict.kind) or shared()[verdict.kind]
    lines = []
    for line in template.splitlines():
        rows = verdict.rows if line.startswith("|") and named(line) - verdict.numbers.keys() else [{}]
        lines += [WORDS.format(line, **spoken(verdict.numbers | row)) for row in rows]
    told = ["\n".join(lines), *(of(also, templates) for also in verdict.numbers.get("also", ()))]
    return "\n\n".join(told) if any("\n" in part for part in told) else " ".join(told)


def spoken(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, names among them in the visitor's language."""
    return {name: tr(value) if isinstance(value, str) else value for name, value in values.items()}


def named(line: str) -> set[str]:
    """
    >>> sorted(named("| {name} | {low:.2f} to {high:.2f} |"))
    ['high', 'low', 'name']
    """
    return {field for _, field, _, _ in WORDS.parse(line) if field}


def shared() -> Mapping[str, str]:
    return text.prose("verdicts").verdicts
