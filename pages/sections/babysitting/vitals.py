"""Vital signs: what is looked at in every layer of up to four networks while they train, above all update : weight."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st

from engine import signs
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.initializers import INITIALIZERS
from engine.optimizers import OPTIMIZERS
from engine.probes import probe
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import signs as pictures
from pages.kit import doctor, inside
from pages.kit.controls import Choice, Number, Values, applied, of
from pages.kit.lab import Lab
from pages.kit.language import tr

BOOK, MOST, MOMENTS = replace(PRESETS["S11"][0], steps=600), 3, 40
CHANGES: dict[str, tuple[str, Callable[[Experiment], Experiment]]] = {
    "small": ("Weights N(0, 0.01²)", lambda spec: replace(spec, initializer="normal", init_scale=0.01)),
    "large": ("Weights N(0, 1)", lambda spec: replace(spec, initializer="normal", init_scale=1.0)),
    "sigmoid": ("Sigmoid", lambda spec: replace(spec, activation="sigmoid", initializer="xavier")),
    "bias": ("First bias −1", lambda spec: replace(spec, bias_init=-1.0)),
    "low": ("lr ÷ 30", lambda spec: replace(spec, lr=spec.lr / 30)),
    "high": ("lr × 100", lambda spec: replace(spec, lr=spec.lr * 100)),
    "norm": ("BatchNorm", lambda spec: replace(spec, batchnorm="before")),
    "adam": ("Adam, lr 0.001", lambda spec: replace(spec, optimizer="adam", hyper=(), lr=0.001)),
}
VIEWS = {"all": "Side by side", "0": "1st", "1": "2nd", "2": "3rd", "3": "4th"}
CONTROLS = {
    "view": Choice("View", "all", VIEWS),
    "others": Choice(
        f"Beside the first, at most {MOST}", ("small", "sigmoid", "high"), {key: label for key, (label, _) in CHANGES.items()}
    ),
    **of(BOOK, lr=(1e-4, 10), steps=(20, 1000), seed=()),
    "depth": Number("hidden layers ≤ 8", len(BOOK.hidden), Range(1, 8)),
    "width": Number("width ≤ 200", BOOK.hidden[0], Range(1, 200)),
    **{
        name: replace(control, fold="The first network")
        for name, control in of(BOOK, activation=(), initializer=(), optimizer=()).items()
    },
}
LATEX = r"\frac{\lVert \Delta W \rVert}{\lVert W \rVert} \approx 10^{-3}"


def moments(steps: int) -> tuple[int, ...]:
    """Half of the looks close together at first, half at even distances."""
    evenly = np.linspace(1, steps, MOMENTS // 2).round().astype(int).tolist()
    return tuple(sorted({*inside.moments(steps, MOMENTS // 2), *evenly}))


def specs(values: Values) -> list[Experiment]:
    """The first network, and beside it those that differ from it; each once."""
    if len(values.others) > MOST:
        raise ValueError(tr("choose at most {most} networks beside the first, not {n}", most=MOST, n=len(values.others)))
    looks = {"probe_steps": moments(values.steps), "eval_every": max(1, (values.steps - 1) // 10)}
    first = replace(applied(BOOK, values), hidden=(values.width,) * values.depth, hyper=(), **looks)
    return list(dict.fromkeys([first, *(CHANGES[key][1](first) for key in values.others)]))


def names(histories: list[History]) -> list[str]:
    """The first by its rule, the others by what is different."""
    first, *others = [history.experiment for history in histories]
    base = f"{INITIALIZERS[first.initializer].label}, {OPTIMIZERS[first.optimizer].label} {first.lr:g}"
    return [base, *(next(label for label, change in CHANGES.values() if change(first) == spec) for spec in others)]


def draw(histories: list[History], values: Values) -> None:
    """Side by side a row a sign and a column a network, or one network in large."""
    called, shown = list(map(tr, names(histories))), values.view
    single = shown != "all" and int(shown) < len(histories)
    if single:
        found = [(histories[int(shown)], name) for name in signs.SIGNS]
        panels, look = tuple((name, tr(sign.label)) for name, sign in signs.SIGNS.items()), {"columns": 2, "gap": 1.2}
        heads = (called[int(shown)],)
    else:
        found = [(history, name) for name in signs.SIGNS for history in histories]
        panels = tuple(
            (name, tr(sign.label) * (not place)) for name, sign in signs.SIGNS.items() for place in range(len(histories))
        )
        look, heads = {"columns": len(histories)}, tuple(called)
    chart = pictures.grid(values.depth, panels, end=values.steps, height=600, heads=heads, **look)
    alt = tr("Six vital signs of every layer against updates, for each network")
    st.vega_lite_chart(pictures.lines(found, **look), chart, key=f"vitals {shown}", alt=alt)


def verdict(histories: list[History]) -> Verdict:
    """How many looks at a layer lie in the band, and which layer is farthest; the question is about the first network."""
    called, rows = names(histories), []
    for history, name in zip(histories, called, strict=True):
        looked = signs.looks(history, "update")
        ratios = np.array(list(looked.values()))
        row = {"name": name, "looks": ratios.size, "inside": None, "median": None, "layer": None, "far": None, "test": None}
        if ratios.size:
            layer, far = signs.farthest(ratios)
            row |= {"inside": signs.inside(ratios), "median": float(np.median(ratios)), "layer": layer, "far": far}
        if len(history.test_accuracy) and not history.diverged:
            row["test"] = history.test_accuracy[-1]
        rows.append(row)
    first = rows[0]["median"]
    low, high = signs.BAND
    right = "" if first is None else "less" if first < low else "band" if first <= high else "more"
    return Verdict("signs", right=right, rows=rows, low=low, high=high, also=[doctor.verdict(histories, called)])


LAB = Lab(
    id="babysitting/vitals",
    title="Vital signs",
    preset="S11",
    prefix="vitals_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=inside.table,
    formula=LATEX,
    code=[probe, signs.saturated, signs.inside, signs.farthest],
)
