"""Your own network is a form over the whole of an experiment, for up to four networks side by side: the first as it differs
from the textbook, each other one as it differs from the first.

A network is a row here, name of a control → its value: what `row` makes of an experiment, `experiment` turns back. Settings of
the first network have plain names, those of the others begin with `b_`, `c_` and `d_`.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import streamlit as st

from engine import optimizers, preprocessing, schedules
from engine.datasets import SOURCES, present
from engine.experiments import Experiment, mnist
from engine.registry import Range
from pages.kit import address, inside, legend
from pages.kit.address import Given
from pages.kit.controls import SLIDERS, Choice, Controls, Number, Text, Values, always, never
from pages.kit.language import N_, tr
from pages.kit.legend import SLID, sliders

Row = dict[str, Any]

ID, PAGE, TITLE = "babysitting/own", "pages/babysitting.py", "Your own network"
OPEN = N_("Open in your own network")
LETTERS = "abcd"
MOST = len(LETTERS)
LOOKS = 20  # at the accuracies, unless a visitor says how often
BOOK = mnist()
RANGES = {"optimizer": optimizers.RANGES, "schedule": schedules.RANGES, "scaling": preprocessing.RANGES}  # of sliders
FORM = {  # headline → the settings that fold under it → their labels
    "": {
        "dataset": "Data", "train_size": "images", "steps": "updates", "batch_size": "batch size",
        "hidden": "Hidden layers, by their widths", "activation": "Activation", "pieces": "pieces of Maxout",
        "optimizer": "Optimizer", "lr": "learning rate",
    },
    "Inputs": {
        "validation_size": "validation images", "fold": "fold of them", "test_brightness": "test images ×", "pixels": "Pixels",
        "scaling": "Scaling", "fitted_on": "Statistics",
    },
    "First weights, normalization": {
        "initializer": "First weights", "init_scale": "weights ×", "bias_init": "first bias",
        "batchnorm": "Batch normalization", "keep": "kept of the running mean",
    },
    "Against overfitting": {"weight_decay": "weight decay λ", "dropout": "dropout rate", "dropout_mode": "Dropout"},
    "Schedule, batches, looks": {
        "schedule": "Schedule", "replacement": "Batches", "clip": "longest gradient, 0: any",
        "eval_every": "updates between looks",
    },
    "Hide a bug": {"bug": "Bug"},
}  # fmt: skip
DRAWN = {True: "replaced", False: "epochs"}  # with replacement, or not → as the form has it
LABELS = SLIDERS | {"dimensions": N_("dimensions, 0: all")}
COUNTS = {  # settings that are drawn only where they count
    "fold": lambda row: row["validation_size"] > 0,
    "fitted_on": lambda row: row["scaling"] != "none",
    "pieces": lambda row: row["activation"] == "maxout",
    "keep": lambda row: row["batchnorm"] != "none",
    "dropout_mode": lambda row: row["dropout"] > 0,
}
SHARED = {
    "seeds": Number("seeds ≤ 10", 1, Range(1, 10)),
    "seed": Number("first seed", 0, Range(0, 9999)),
}


def _control(name: str, label: str, fold: str) -> Number | Choice | Text:
    """The control of a field of an experiment; a choice is worded as in a legend."""
    field = {field.name: field for field in fields(Experiment)}[name]
    match field.metadata:
        case {"range": span}:
            return Number(label, getattr(BOOK, name), span, fold=fold)
        case {"names": names}:
            return Choice(label, getattr(BOOK, name), {n: legend.WORDS[name](n) for n in names}, menu=True, fold=fold)
        case {"widths": _}:
            return Text(label, said(BOOK.hidden), 120, fold=fold)
    return Choice(label, DRAWN[BOOK.replacement], {DRAWN[d]: legend.WORDS[name](d) for d in DRAWN}, menu=True, fold=fold)


def looks(steps: int) -> int:
    """Updates between two looks at the accuracies."""
    return max(1, (steps - 1) // LOOKS)


def said(hidden: Sequence[int]) -> str:
    return "-".join(map(str, hidden)) or "none"


def widths(words: str) -> tuple[int, ...]:
    """The hidden layers that are typed; ValueError with a sentence if they are none.

    >>> widths("100 100-50"), widths("none")
    ((100, 100, 50), ())
    """
    parts = words.replace("-", " ").replace(",", " ").split()
    try:
        return () if parts == ["none"] else tuple(map(int, parts))
    except ValueError:
        raise ValueError(tr("hidden layers are widths, such as 100-100-50, or none")) from None


PLAIN = {name: _control(name, label, fold) for fold, labels in FORM.items() for name, label in labels.items()}


def row(spec: Experiment) -> Row:
    """The network of an experiment; how it is looked at is not of it."""
    found = {name: getattr(spec, name) for name in PLAIN}
    found |= {"hidden": said(spec.hidden), "replacement": DRAWN[spec.replacement], "eval_every": looks(spec.steps)}
    for kind, (field, _) in SLID.items():
        told = dict(getattr(spec, field))
        for name, default in sliders(kind, found[kind]).items():
            found[f"{kind}_{name}"] = type(default)(told.get(name, default))
    return found


def experiment(row: Row, seed: int) -> Experiment:
    """The network of a row, looked at often enough for curves and doctor; ValueError with a sentence if it cannot be."""
    found = {name: row[name] for name in PLAIN}
    found |= {"hidden": widths(row["hidden"]), "replacement": row["replacement"] == DRAWN[True]}
    for kind, (field, _) in SLID.items():
        found[field] = tuple((name, row[f"{kind}_{name}"]) for name in sliders(kind, row[kind]))
    spec = Experiment(**found, seed=seed, probe_steps=inside.moments(row["steps"]))
    examples, asked = SOURCES[spec.dataset].examples, spec.train_size + spec.validation_size
    if asked > examples:
        words = N_("{asked} images to train and to validate are more than the {examples} that there are")
        raise ValueError(tr(words, asked=asked, examples=examples))
    return spec


def controls(given: Given) -> Controls:
    """Those of the form: of as many networks as there are, the open one's are shown."""
    return _controls(frozenset(given.items()), tuple(name for name in SOURCES if present(name)))


@lru_cache(maxsize=200)  # of 100 kB each
def _controls(given: frozenset, data: tuple[str, ...]) -> Controls:
    told = dict(given)
    letters = LETTERS[: told.get("count", 1)]
    opened = told.get("open", "a")
    found: dict[str, Any] = {
        "count": Number("networks", 1, Range(1, MOST), key="networks", when=never),
        "open": Choice("Network", "a", {letter: letter.upper() for letter in letters}, key="network", when=never),
    }
    base = row(BOOK)
    for letter in letters:
        start = prefix(letter)
        own = {name.removeprefix(start): value for name, value in told.items() if prefix_of(name) == start}
        form = _network(base, own)
        full = {name: own.get(name, control.default) for name, control in form.items()}
        for name, control in form.items():
            drawn = letter == opened and COUNTS.get(name, always)(full)
            more: dict[str, Any] = {"shown": always if drawn else never}
            if name == "dataset":
                resets = [start + size for size in ("train_size", "validation_size", "fold")]
                more |= {"options": {name: control.options[name] for name in data}, "resets": resets}
            found[start + name] = replace(control, **more)
        base = full if letter == "a" else base
    return found | SHARED


def _network(base: Row, own: Row) -> Controls:
    """The controls of one that is like `base` where its own row says nothing."""
    full = base | own
    found = {}
    for name, control in PLAIN.items():
        found[name] = replace(control, default=base[name])
        for slider, default in sliders(name, full[name]).items() if name in SLID else ():
            key = f"{name}_{slider}"
            start = base[key] if full[name] == base[name] else default
            found[key] = Number(LABELS[slider], start, RANGES[name][slider], fold=control.fold)
    if full["dataset"] != base["dataset"]:
        size = min(base["train_size"], SOURCES[full["dataset"]].examples)
        found["train_size"] = replace(found["train_size"], default=size)
    if full["steps"] != base["steps"]:
        found["eval_every"] = replace(found["eval_every"], default=looks(full["steps"]))
    return found


def prefix(letter: str) -> str:
    return "" if letter == "a" else f"{letter}_"


def prefix_of(name: str) -> str:
    return name[:2] if name[1:2] == "_" else ""


def rows(values: Values) -> list[Row]:
    """The networks of the form."""
    shared = {"count", "open", *SHARED}
    return [
        {
            name.removeprefix(prefix(letter)): value
            for name, value in vars(values).items()
            if prefix_of(name) == prefix(letter) and name not in shared
        }
        for letter in LETTERS[: values.count]
    ]


def specs(values: Values) -> list[Experiment]:
    """What the form asks for: all its networks, seed by seed; ValueError with a sentence if one of them cannot be."""
    found = []
    for seed in range(values.seed, values.seed + values.seeds):
        for letter, own in zip(LETTERS, rows(values), strict=False):
            try:
                found.append(experiment(own, seed))
            except ValueError as problem:
                which = f"{tr('network {letter}', letter=letter.upper())}: " if values.count > 1 else ""
                raise ValueError(f"{which}{tr(str(problem))}") from None
    return found


def given_of(networks: Sequence[Row], **shared: Any) -> Given:
    """The settings with which the form asks for these networks."""
    given = {"count": len(networks), **shared}
    for letter, own in zip(LETTERS, networks, strict=False):
        given |= {prefix(letter) + name: value for name, value in own.items()}
    return address.changed(PLACE, given)


def duplicated(values: Values) -> Given:
    """The form with one more network, open, which is like the one that was."""
    known = rows(values)
    networks = [*known, known[LETTERS.index(values.open)]]
    return given_of(networks, open=LETTERS[len(known)], seed=values.seed, seeds=values.seeds)


def removed(values: Values) -> Given:
    """The form without the open network."""
    known, at = rows(values), LETTERS.index(values.open)
    return given_of(known[:at] + known[at + 1 :], open=LETTERS[max(0, at - 1)], seed=values.seed, seeds=values.seeds)


PLACE = SimpleNamespace(id=ID, title=TITLE, was=(), prefix="", known=controls)  # what an address needs to know of the form


LOOKED: Row = {"seed": 0, "evaluate": "both", "eval_every": 1, "probe_steps": (), "weight_steps": ()}


def networks(specs: Sequence[Experiment]) -> list[Experiment]:
    """The first of each that there is, whatever its seed and however it is looked at."""
    found: dict[tuple, Experiment] = {}
    for spec in specs:
        found.setdefault(tuple(value for name, value in vars(spec).items() if name not in LOOKED), spec)
    return list(found.values())


def opening(found: Sequence[Experiment], seeds: Collection[int]) -> Given:
    """The settings with which the form asks for these networks, at most four, with each of some seeds in a row."""
    return given_of([row(spec) for spec in found], seed=min(seeds), seeds=len(seeds))


def offer(name: str, specs: Sequence[Experiment]) -> None:
    """A link to the form with the networks of a lab; where there are more than it holds, with those that are picked."""
    found, seeds = networks(specs), {spec.seed for spec in specs}
    if len(found) <= MOST:
        _link(found, seeds)
        return
    _choose(f"{name} own {len(found)}", found, seeds)


@st.fragment
def _choose(key: str, found: Sequence[Experiment], seeds: Collection[int]) -> None:
    """The names of so many networks are looked for when they are asked for."""
    with st.popover(tr(OPEN), icon=":material/tune:", key=f"{key} open", on_change="rerun") as popover:
        if not popover.open:
            return
        names = legend.names([replace(spec, **LOOKED) for spec in found])
        label = tr("Which of these {found} networks, at most {most}?", found=len(found), most=MOST)
        picked = st.multiselect(label, range(len(found)), format_func=names.__getitem__, max_selections=MOST, key=key)
        if picked:
            _link([found[k] for k in picked], seeds)


def _link(found: Sequence[Experiment], seeds: Collection[int]) -> None:
    asked = address.query([PLACE], PLACE, opening(found, seeds))
    st.page_link(PAGE, label=tr(OPEN), icon=":material/tune:", query_params=asked or None)
