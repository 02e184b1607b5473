"""Docstrings of the engine, made ready to be read: doctests become code, an entry of a catalogue shows formula and source."""

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import griffe

from docs.generate import math
from engine.registry import Entry

PARTS = re.compile(r"(?m)(?P<doctest>^>>> (?:.+\n?)+)|(?P<code>`[^`]*`)|\*")


class Ready(griffe.Extension):
    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring:
            obj.docstring.value = PARTS.sub(ready, obj.docstring.value)

    def on_function(self, *, func: griffe.Function, **_: Any) -> None:
        if func.decorators and (entry := entries(func.module.path).get(func.name)):
            formula = f"\n\n{math(f'$${entry.latex}$$')}" if entry.latex else ""
            head = f"**{entry.label}**. Source: {entry.source}.{formula}"
            func.docstring = griffe.Docstring(f"{head}\n\n{func.docstring.value if func.docstring else ''}", parent=func)


def ready(found: re.Match) -> str:
    """Doctests are fenced; a star outside of code is a star, as in θ*."""
    if found["doctest"]:
        return f"\n```python\n{found[0].rstrip()}\n```\n"
    return found["code"] or r"\*"


def entries(module: str) -> dict[str, Entry]:
    """The entries of a module's catalogues, by name."""
    catalogues = [thing for thing in vars(import_module(module)).values() if isinstance(thing, Mapping)]
    return {name: entry for each in catalogues for name, entry in each.items() if isinstance(entry, Entry)}
