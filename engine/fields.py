"""A field of a spec carries what it may hold, and a spec is a flat, frozen row of such fields.

The same fields drive widgets, URL, cache key, legend and the "reproduce this" script. Numbers are kept to 6 significant
digits, so that what the URL says and what the cache knows are the same number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from engine.registry import Entry, Range

Hyper = tuple[tuple[str, float], ...]


def number(default: float, low: float, high: float, log: bool = False) -> Any:
    """A dataclass field that carries its own range."""
    return field(default=default, metadata={"range": Range(low, high, log)})


def kind(default: str, names: Iterable[str]) -> Any:
    """A dataclass field that holds one of some names."""
    return field(default=default, metadata={"names": tuple(names)})


def sliders(of: str, catalogue: Mapping[str, Entry], ranges: Mapping[str, Range]) -> Any:
    """A dataclass field of (name, value) pairs: sliders, but lr, of the entry that the field `of` names."""
    return field(default=(), metadata={"of": of, "catalogue": catalogue, "ranges": ranges})


def widths(default: tuple[int, ...], low: int, high: int, deepest: int) -> Any:
    """A dataclass field of at most `deepest` layer widths, each in the range."""
    return field(default=default, metadata={"widths": Range(low, high), "deepest": deepest})


def moments(low: int, high: int, most: int) -> Any:
    """A dataclass field of at most `most` steps that rise, each in the range."""
    return field(default=(), metadata={"moments": Range(low, high), "most": most})


def rounded(value: float) -> float:
    """6 significant digits."""
    return float(f"{value:.6g}")


def number_of(name: str, value: Any, whole: bool = False) -> float:
    """The value as a rounded number; ValueError if it is not one, or has to be whole and is not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{name} must be a number, not {value!r}")
    if whole and value != value // 1:
        raise ValueError(f"{name} must be a whole number, not {value:g}")
    return int(value) if whole and abs(value) < 1e15 else rounded(value)


@dataclass(frozen=True)
class Spec:
    """Rounds and checks its fields; a wrong value is a ValueError that names field and range."""

    def __post_init__(self) -> None:
        for spec in fields(self):
            value = getattr(self, spec.name)
            match spec.metadata:
                case {"range": span}:
                    value = number_of(spec.name, value, whole=isinstance(spec.default, int))
                    span.check(spec.name, value)
                case {"names": names} if value not in names:
                    raise ValueError(f"{spec.name} must be one of {', '.join(names)}, not {value}")
                case {"of": of, "catalogue": catalogue, "ranges": ranges}:
                    known = set(catalogue[getattr(self, of)].sliders) - {"lr"}
                    for name, number in value:
                        if name not in known:
                            raise ValueError(f"{spec.name} of {getattr(self, of)} knows no {name}")
                        ranges[name].check(name, number_of(name, number))
                    value = tuple((name, rounded(number)) for name, number in value)
                case {"widths": span, "deepest": deepest}:
                    if len(value) > deepest:
                        raise ValueError(f"{spec.name} must hold at most {deepest} layers, not {len(value)}")
                    for width in value:
                        span.check(spec.name, width)
                case {"moments": span, "most": most}:
                    value = tuple(number_of(spec.name, step, whole=True) for step in value)
                    if len(value) > most:
                        raise ValueError(f"{spec.name} must hold at most {most} steps, not {len(value)}")
                    for step in value:
                        span.check(spec.name, step)
                    if list(value) != sorted(set(value)):
                        raise ValueError(f"{spec.name} must rise, not {', '.join(map(str, value))}")
            object.__setattr__(self, spec.name, value)
