"""A catalogue is an ordered, read-only mapping from a name to a function that knows its label, formula and source.

Adding an item is writing one decorated function: menus, legends, URL values and tests read the catalogue.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, NamedTuple, Self, TypeVar


class Range(NamedTuple):
    """The closed interval a number may come from, and whether its slider is logarithmic."""

    low: float
    high: float
    log: bool = False

    def check(self, name: str, value: float) -> None:
        """Raise a ValueError that names the number and its range; NaN lies in no range.

        >>> Range(0, 1).check("momentum", 0.9)
        >>> Range(0, 1).check("momentum", 2)
        Traceback (most recent call last):
        ValueError: momentum must lie between 0 and 1, not 2
        """
        if not self.low <= value <= self.high:
            raise ValueError(f"{name} must lie between {self.low:g} and {self.high:g}, not {value:g}")


@dataclass(frozen=True)
class Entry:
    """One item of a catalogue. The keyword-only arguments of its function are its sliders."""

    function: Callable[..., Any]
    name: str
    label: str
    latex: str
    source: str

    def __call__(self, *args: Any, **sliders: Any) -> Any:
        return self.function(*args, **sliders)

    @cached_property
    def sliders(self) -> dict[str, float]:
        """Name → default of every keyword-only argument."""
        parameters = inspect.signature(self.function).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}

    @cached_property
    def code(self) -> str:
        """The very source that runs."""
        return inspect.getsource(getattr(self.function, "func", self.function))

    def bind(self, **sliders: float) -> Self:
        """The same entry with its sliders set."""
        return replace(self, function=partial(self.function, **sliders))


E = TypeVar("E", bound=Entry)


def catalogue(kind: type[E]) -> tuple[Mapping[str, E], Callable[..., Any]]:
    """An empty catalogue of `kind`, and the decorator that adds a function to it under the function's own name."""
    entries: dict[str, E] = {}

    def decorator(label: str, **fields: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            name = function.__name__
            entries[name] = kind(function=function, name=name, label=label, **fields)
            return function

        return register

    return MappingProxyType(entries), decorator
