"""A control is a setting drawn as a widget: it knows its default, what is allowed, and how it is written in an address.

Controls of an experiment come from the spec itself, by `of`: default, range and label are those of the field.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from types import SimpleNamespace
from typing import Any, Self

import streamlit as st

from engine.activations import ACTIVATIONS
from engine.experiments import Spec, rounded
from engine.initializers import INITIALIZERS
from engine.optimizers import OPTIMIZERS
from engine.registry import Entry, Range
from pages.kit.language import N_, tr
from pages.kit.text import quote

Values = SimpleNamespace  # name of a control → its value
EVERYTHING = ("*",)
WORDS = {"steps": "updates", "activation": "Activation", "initializer": "First weights", "weight_decay": "weight decay λ"}
WORDS |= {"dropout": "dropout rate", "train_size": "images", "batch_size": "batch size", "bias_init": "first bias"}
WORDS |= {"x0": "start x", "y0": "start y", "noise": "gradient noise", "init_scale": "weights ×", "lr": "learning rate"}
SLIDERS = {
    "lr": "learning rate η",
    "momentum": "momentum μ",
    "rho": "decay ρ",
    "beta1": "β₁",
    "beta2": "β₂",
    "eps": "ε",
    "weight_decay": "weight decay λ",
    "drop": "factor",
    "every": "every … steps",
    "decay": "decay k",
    "warmup": "steps of warm-up",
    "times": "times in the end",
    "dimensions": "dimensions",
}
CATALOGUES = {"activation": ACTIVATIONS, "initializer": INITIALIZERS, "optimizer": OPTIMIZERS}


def always(values: Values) -> bool:  # noqa: ARG001
    return True


def never(values: Values) -> bool:  # noqa: ARG001
    """For settings without a widget, which something else on the page tells."""
    return False


def holds(name: str, value: str) -> Callable[[Values], bool]:
    """For settings that count only where that one has this value, or has it among others."""
    return lambda values: value in (known if isinstance(known := getattr(values, name), tuple) else (known,))


@dataclass(frozen=True, kw_only=True)
class Control:
    """What all controls share: `when` it counts, and `shown` while it does, the headline it folds under, what falls back to
    the textbook when a visitor changes it, and its key in the address, if that is not its name after the prefix of its lab."""

    key: str = ""
    when: Callable[[Values], bool] = always
    shown: Callable[[Values], bool] = always
    fold: str = ""
    resets: Collection[str] = ()

    def beside(self, values: Values) -> Self:  # noqa: ARG002
        """The control as it is beside these other settings."""
        return self

    def settled(self, value: Any, values: Values) -> Any:  # noqa: ARG002
        """What the value comes to beside these other settings."""
        return value


@dataclass(frozen=True)
class Number(Control):
    """A number box; with `slider`, a slider on a logarithmic scale beside it. `most` names a setting that it may not exceed."""

    label: str
    default: float
    range: Range
    slider: bool = False
    digits: int = 6
    """That count, in the address as in the experiment."""
    most: str = ""

    def beside(self, values: Values) -> Self:
        return replace(self, range=self.range._replace(high=getattr(values, self.most))) if self.most else self

    def settled(self, value: float, values: Values) -> float:
        return min(value, getattr(values, self.most)) if self.most else value

    def read(self, raw: list[str]) -> float:
        """The value of an address; ValueError with a sentence if it has none."""
        try:
            value = type(self.default)(raw[-1])
        except ValueError:
            kind = N_("{said} is not a whole number") if isinstance(self.default, int) else N_("{said} is not a number")
            raise ValueError(tr(kind, said=quote(raw[-1], 40))) from None
        if not self.range.low <= value <= self.range.high:
            low, high = self.range[:2]
            raise ValueError(tr("{said} is not between {low:g} and {high:g}", said=quote(raw[-1], 40), low=low, high=high))
        return float(self._written(value)) if isinstance(value, float) else value

    def write(self, value: float) -> list[str]:
        return [str(value) if isinstance(self.default, int) else self._written(value)]

    def _written(self, value: float) -> str:
        return f"{value:.{self.digits}g}"

    def draw(self, key: str) -> None:
        kind = type(self.default)
        low, high = kind(self.range.low), kind(self.range.high)
        even = 1 if kind is int else 0.1 if high > 1 else 0.01
        step = rounded(self.default / 10 or low or 0.001) if self.range.log else even
        form = None if kind is int else "%.6g"
        box, beside = st.columns([0.45, 0.55], vertical_alignment="bottom") if self.slider else (st.container(), None)
        box.number_input(tr(self.label), low, high, step=step, format=form, key=key)
        if beside:
            with beside:
                self._draw_slider(key)

    def _draw_slider(self, key: str) -> None:
        """The slider moves through round numbers and writes to the box, which stays the truth."""
        kind, slider, value = type(self.default), f"{key} slider", st.session_state[key]
        options = [kind(number) for number in two_digits(self.range.low, self.range.high) if kind(number) == number]
        st.session_state[slider] = min(options, key=lambda option: abs(math.log(option / value)))

        def write() -> None:
            st.session_state[key] = st.session_state[slider]

        words = "{:g}".format
        st.select_slider(tr(self.label), options, key=slider, format_func=words, on_change=write, label_visibility="collapsed")


@cache
def two_digits(low: float, high: float) -> list[float]:
    """The numbers of two digits in a range, and its ends.

    >>> two_digits(9e-5, 1e-4)
    [9e-05, 9.1e-05, 9.2e-05, 9.3e-05, 9.4e-05, 9.5e-05, 9.6e-05, 9.7e-05, 9.8e-05, 9.9e-05, 0.0001]
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    inside = {number for k in powers for m in range(10, 100) if low < (number := float(f"{m}e{k - 1}")) < high}
    return sorted({low, high} | inside)


@dataclass(frozen=True)
class Choice(Control):
    """One of, or with a tuple as default some of, the options: key → label; `among` names a setting that says which of them
    are offered, the first if the one that was chosen is not."""

    label: str
    default: str | tuple[str, ...]
    options: Mapping[str, str]
    menu: bool = False
    among: str = ""

    def beside(self, values: Values) -> Self:
        offered = getattr(values, self.among, ())
        return replace(self, options={key: self.options[key] for key in offered}) if offered else self

    def settled(self, value: Any, values: Values) -> Any:
        offered = getattr(values, self.among, ())
        return offered[0] if offered and value not in offered else value

    @property
    def many(self) -> bool:
        return isinstance(self.default, tuple)

    def read(self, raw: list[str]) -> str | tuple[str, ...]:
        """The value of an address, which may use labels too; ValueError if there is no such option."""
        if self.many and raw == [""]:
            return ()
        keys = {label: key for key, label in self.options.items()} | {key: key for key in self.options}
        for word in raw:
            if word not in keys:
                raise ValueError(tr("there is no {said}", said=quote(word, 40)))
        chosen = [keys[word] for word in raw]
        return tuple(key for key in self.options if key in chosen) if self.many else chosen[-1]

    def write(self, value: str | tuple[str, ...]) -> list[str]:
        return (list(value) or [""]) if self.many else [value]

    def draw(self, key: str) -> None:
        values = list(self.options)
        common = {"format_func": {value: tr(label) for value, label in self.options.items()}.__getitem__, "key": key}
        if self.menu:
            st.selectbox(tr(self.label), values, **common)
        elif self.many:
            st.pills(tr(self.label), values, selection_mode="multi", wrap=True, **common)
        else:
            st.segmented_control(tr(self.label), values, required=True, label_visibility="collapsed", **common)


@dataclass(frozen=True)
class Text(Control):
    """A line of text."""

    label: str
    default: str
    longest: int

    def read(self, raw: list[str]) -> str:
        if len(raw[-1]) > self.longest:
            raise ValueError(tr("it is longer than {n} characters", n=self.longest))
        return raw[-1]

    def write(self, value: str) -> list[str]:
        return [value]

    def draw(self, key: str) -> None:
        st.text_input(tr(self.label), max_chars=self.longest, key=key)


Controls = Mapping[str, Number | Choice | Text]


def of(spec: Spec, **bounds: tuple[float, float] | tuple[()]) -> dict[str, Number | Choice]:
    """A control for each field that is named, with the spec's value as default; () for the field's own range.

    >>> from engine.experiments import PRESETS
    >>> found = of(PRESETS["B10"][0], lr=(1e-4, 10), steps=(20, 1000), activation=())
    >>> [control.label for control in found.values()]
    ['learning rate', 'updates ≤ 1000', 'Activation']
    >>> found["lr"].range
    Range(low=0.0001, high=10, log=True)
    """
    metadata = {field.name: field.metadata for field in fields(spec)}
    found = {}
    for name, ends in bounds.items():
        default, label = getattr(spec, name), WORDS.get(name, name.replace("_", " "))
        if "names" in metadata[name]:
            catalogue = CATALOGUES.get(name, {})
            options = {n: catalogue[n].label if n in catalogue else n for n in metadata[name]["names"]}
            found[name] = Choice(
                label, default, {n: o for n, o in options.items() if n in catalogue or not catalogue}, menu=True
            )
        else:
            whole = isinstance(default, int)
            span = replaced(metadata[name]["range"], ends)
            found[name] = Number(f"{label} ≤ {span.high:g}" if whole and ends else label, default, span)
    return found


def replaced(span: Range, ends: tuple) -> Range:
    return span._replace(low=ends[0], high=ends[1]) if ends else span


def seeds(default: int, most: int) -> Number:
    """How many seeds every network is trained with."""
    return Number(f"seeds ≤ {most}", default, Range(1, most))


def labels(catalogue: Mapping[str, Entry]) -> dict[str, str]:
    """Name → label, in catalogue order."""
    return {name: entry.label for name, entry in catalogue.items()}


def applied(spec: Spec, values: Values) -> Spec:
    """The spec with those of its fields that the values know."""
    names = {field.name for field in fields(spec)}
    return replace(spec, **{name: value for name, value in vars(values).items() if name in names})


def seeded(specs: Iterable[Spec], count: int) -> list[Spec]:
    """Every spec with each of the seeds 0, 1, …, seed by seed."""
    specs = list(specs)
    return [replace(spec, seed=seed) for seed in range(count) for spec in specs]


def draw(controls: Controls, values: Values, keys: Mapping[str, str]) -> None:
    """Draw what the values ask for: short numbers up to three in a row, the rest one under the other, folded ones last."""
    controls = {name: controls[name].beside(values) for name in vars(values)}
    folds: dict[str, list[str]] = {"": []}
    for name, control in controls.items():
        if control.when(values) and control.shown(values):
            folds.setdefault(control.fold, []).append(name)
    for row in rows(controls, folds.pop(""), 3):
        draw_row(controls, row, keys)
    opened: set[str] = st.session_state.setdefault("folds", set())
    for headline, names in folds.items():
        if any(getattr(values, name) != controls[name].default for name in names):
            opened.add(headline)
        with st.expander(tr(headline), expanded=headline in opened):
            for row in rows(controls, names, 2):
                draw_row(controls, row, keys)


def rows(controls: Controls, names: Iterable[str], most: int) -> list[list[str]]:
    """The names in rows: at most so many short numbers, or one other control."""
    found: list[list[str]] = []
    for name in names:
        if found and len(found[-1]) < most and plain(controls[name]) and plain(controls[found[-1][0]]):
            found[-1].append(name)
        else:
            found.append([name])
    return found


def plain(control: Number | Choice | Text) -> bool:
    return isinstance(control, Number) and not control.slider


def draw_row(controls: Controls, names: list[str], keys: Mapping[str, str]) -> None:
    places = st.columns(len(names), gap="xsmall") if len(names) > 1 else [st.container()]
    for place, name in zip(places, names, strict=True):
        with place:
            controls[name].draw(keys[name])
