"""A control is a setting drawn as a widget; its value lives in the address bar, so a link is the whole state of a page.

A setting knows its default (what the preset says) and what is allowed. Streamlit writes to the address what differs
from the default, and drops what it cannot read without a word; `read_address` runs before the first widget, says what
was ignored, and lets an address use catalogue names (`surface=rosenbrock`) as well as labels.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import streamlit as st

from engine.experiments import rounded
from engine.registry import Entry, Range
from pages.kit.text import quote

BOUND = "query-params"


@dataclass(frozen=True)
class Number:
    """A number box, with a logarithmic slider beside it where the range is logarithmic and `slider` is asked for."""

    label: str
    default: float
    range: Range

    def problem(self, raw: list[str]) -> str | None:
        try:
            value = type(self.default)(raw[-1])
        except ValueError:
            return f"{quote(raw[-1], 40)} is not a{' whole' if isinstance(self.default, int) else ''} number"
        inside = self.range.low <= value <= self.range.high
        return None if inside else f"{quote(raw[-1], 40)} is not between {self.range.low:g} and {self.range.high:g}"

    def address(self, raw: list[str]) -> list[str]:
        return raw[-1:]

    def draw(self, key: str, slider: bool = False) -> float:
        kind = type(self.default)
        low, high = kind(self.range.low), kind(self.range.high)
        step = rounded(self.default / 10 or low) if self.range.log else (1 if kind is int else 0.1 if high > 1 else 0.01)
        form = None if kind is int else "%.6g"
        box, beside = st.columns([0.45, 0.55], vertical_alignment="bottom") if slider else (st.container(), None)
        value = box.number_input(self.label, low, high, self.default, step, form, key=key, bind=BOUND)
        if beside:
            with beside:
                self._draw_slider(key, value)
        return value

    def _draw_slider(self, key: str, value: float) -> None:
        """The slider moves in powers of ten and writes to the box, which stays the truth."""
        slider = f"{key}_slider"
        st.session_state[slider] = round(math.log10(value), 2)
        low, high = math.log10(self.range.low), math.log10(self.range.high)

        def write() -> None:
            st.session_state[key] = float(f"{10 ** st.session_state[slider]:.3g}")

        st.slider(self.label, low, high, step=0.02, format="10^%.2f", key=slider, on_change=write, label_visibility="collapsed")


@dataclass(frozen=True)
class Choice:
    """One of, or with a tuple as default some of, the options: value → label."""

    label: str
    default: str | tuple[str, ...]
    options: Mapping[str, str]
    menu: bool = False

    @property
    def many(self) -> bool:
        return isinstance(self.default, tuple)

    def problem(self, raw: list[str]) -> str | None:
        if self.many and raw == [""]:
            return None
        unknown = [value for value in raw if value not in self.options and value not in self.options.values()]
        return f"there is no {quote(unknown[0], 40)}" if unknown else None

    def address(self, raw: list[str]) -> list[str]:
        return [self.options.get(value, value) for value in (raw if self.many else raw[-1:])]

    def chosen(self, key: str) -> str:
        """What the session says, else the address, else the default; for controls whose defaults hang on this one."""
        given = self.address(st.query_params.get_all(key))
        named = next((value for value, label in self.options.items() if [label] == given), self.default)
        return st.session_state.get(key, named)

    def draw(self, key: str, on_change: Callable[[], None] | None = None):
        values = list(self.options)
        common = {"format_func": self.options.__getitem__, "key": key, "bind": BOUND, "on_change": on_change}
        if self.menu:
            return st.selectbox(self.label, values, values.index(self.default), **common)
        if self.many:
            return st.pills(self.label, values, selection_mode="multi", default=self.default, wrap=True, **common)
        return st.segmented_control(
            self.label, values, default=self.default, required=True, label_visibility="collapsed", **common
        )


@dataclass(frozen=True)
class Text:
    """A line of text."""

    label: str
    default: str
    longest: int

    def problem(self, raw: list[str]) -> str | None:
        return f"it is longer than {self.longest} characters" if len(raw[-1]) > self.longest else None

    def address(self, raw: list[str]) -> list[str]:
        return raw[-1:]

    def draw(self, key: str) -> str:
        return st.text_input(self.label, self.default, self.longest, key=key, bind=BOUND)


Setting = Number | Choice | Text


def labels(catalogue: Mapping[str, Entry]) -> dict[str, str]:
    """Name → label, in catalogue order."""
    return {name: entry.label for name, entry in catalogue.items()}


def row(settings: Mapping[str, Setting], keys: Iterable[str]) -> dict:
    """Draw some controls side by side: key → value."""
    keys = list(keys)
    if len(keys) < 2:
        return {key: settings[key].draw(key) for key in keys}
    values = {}
    for place, key in zip(st.columns(len(keys), gap="xsmall"), keys, strict=True):
        with place:
            values[key] = settings[key].draw(key)
    return values


def assign(settings: Mapping[str, Setting]) -> None:
    """Put every control back to its default; for use in a callback."""
    for key, setting in settings.items():
        st.session_state[key] = list(setting.default) if isinstance(setting.default, tuple) else setting.default


def read_address(settings: Mapping[str, Setting], elsewhere: Iterable[str] = ()) -> None:
    """Clean the address of what no setting can use, note it for `show_ignored`, and run again if anything changed.

    Keys that other sections know are left over from there, and not worth a word.
    """
    given = {key: st.query_params.get_all(key) for key in st.query_params}
    problems, usable = [], {}
    for key, raw in given.items():
        if key not in settings and key in elsewhere:
            continue
        if key not in settings:
            problems.append(f"{quote(key, 40)} is not a setting here")
        elif problem := settings[key].problem(raw):
            problems.append(f"{quote(key, 40)}: {problem}")
        else:
            usable[key] = settings[key].address(raw)
    if usable != given:
        st.session_state["ignored"] = problems
        st.query_params.from_dict(usable)
        st.rerun()


def show_ignored() -> None:
    """The sentence about what the address asked for in vain, shown once."""
    if problems := st.session_state.pop("ignored", []):
        st.warning(f"Ignored in the address: {'; '.join(problems)}. The defaults are used instead.")
