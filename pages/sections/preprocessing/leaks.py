"""Leaks: the same network with statistics of the training pictures, of all pictures, and of each set by itself."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine import datasets
from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment
from engine.preprocessing import PREPROCESSORS
from engine.registry import Range
from engine.verdict import Verdict, paired
from pages.charts import differences
from pages.kit.controls import Choice, Number, Values, applied, labels, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import diverged, finished, told

BOOK = PRESETS["P4"][0]
WAYS = {"train": N_("of the training pictures"), "all": N_("of all pictures"), "each": N_("of each set by itself")}
LEAKS = ("all", "each")
SIZES = {f"{size}": f"{size}" for size in (20, 50, 100, 300, 1000, 4000)}
OFFERED = ("center", "standardize", "whiten", "zca")
MUCH = 0.1  # ten points


def turns(values: Values) -> bool:
    return values.scaling in ("whiten", "zca")


CONTROLS = {
    "scaling": Choice("Preprocessing", BOOK.scaling, {name: labels(PREPROCESSORS)[name] for name in OFFERED}, menu=True),
    "dimensions": Number("dimensions", 784, Range(1, 784), when=turns),
    "eps": Number("ε", 0.1, Range(0, 1), when=turns),
    "sizes": Choice("Training pictures", ("20", "100", "1000"), SIZES),
    "brightness": Number("test brightness", BOOK.test_brightness / 2, Range(0.05, 1)),
    **of(BOOK, lr=(1e-3, 1), steps=(20, 500)),
    "seeds": seeds(5, 10),
}
LATEX = r"""\hat x_\text{test} = \frac{x_\text{test} - \mu}{\sigma}
\qquad \mu,\ \sigma \text{ of } \begin{cases}
x_\text{train} & \text{honest} \\ x_\text{train} \cup x_\text{test} & \text{a leak} \\ x_\text{test} & \text{each by itself}
\end{cases}"""


def specs(values: Values) -> list[Experiment]:
    """Every way at every size, with test pictures as they are and darker."""
    if not values.sizes:
        raise ValueError(tr("choose at least one number of training pictures"))
    sliders = (("dimensions", values.dimensions), ("eps", values.eps)) if turns(values) else ()
    base = replace(applied(BOOK, values), scaling_hyper=sliders, eval_every=max(1, values.steps - 1))
    found = [
        replace(base, train_size=int(size), test_brightness=brightness, fitted_on=way)
        for brightness in dict.fromkeys((1.0, values.brightness))
        for size in values.sizes
        for way in datasets.FITTED
    ]
    return seeded(found, values.seeds)


def row(spec: Experiment) -> str:
    """The row of the picture that a network belongs to."""
    alike = spec.test_brightness == 1
    words = N_("{n} pictures") if alike else N_("{n} pictures, tests × {brightness:g}")
    return tr(words, n=spec.train_size, brightness=spec.test_brightness)


def by_way(histories: list[History]) -> dict[str, list[float]]:
    """Way → last test accuracies, seed by seed; NaN for a network that has diverged."""
    ways = grouped(histories, lambda spec: spec.fitted_on)
    return {way: [history.last("test") for history in own] for way, own in ways.items()}


def compared(histories: list[History]) -> pd.DataFrame:
    """A row a leak in each row of the picture: how much more test accuracy than the honest way, and its error, NaN of a
    single pair."""
    tests = {own: by_way(each) for own, each in grouped(histories, row).items() if finished(each)}
    found = [
        {"row": own, "line": tr(WAYS[way]), "word": told(more), "test": np.nanmean(ways[way]), **more.numbers}
        for own, ways in tests.items()
        for way in LEAKS
        if (more := paired(ways[way], ways["train"])).seeds
    ]
    columns = ["row", "line", "word", "test", "more", "error", "seeds"]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[3:-1], float))


def draw(histories: list[History], values: Values) -> None:  # noqa: ARG001
    found, names = compared(histories), tuple(grouped(histories, row))
    reach = differences.span(found) if finished(histories) and len(found) else differences.SPAN
    lines, title = tuple(tr(WAYS[way]) for way in LEAKS), tr("test accuracy gained")
    chart = differences.rows(names, lines, reach, x=title, legend=tr("statistics"), height=110 + 60 * len(names))
    words = tr("How much more test accuracy statistics have that have seen the test pictures, with its error")
    st.vega_lite_chart(differences.rows_of(found, reach), chart, key="leaks_chart", alt=words)


def verdict(histories: list[History]) -> Verdict:
    """What statistics that have seen the test pictures add, row by row, and where they add most."""
    lost = diverged(histories, [f"{row(h.experiment)}, {tr(WAYS[h.experiment.fitted_on])}" for h in histories])
    found = {own: by_way(each) for own, each in grouped(histories, row).items()}
    fine = {own: tests for own, tests in found.items() if np.isfinite(tests["train"]).any()}
    if not fine:
        return Verdict("lost", also=lost)
    more = {own: {way: paired(tests[way], tests["train"]) for way in LEAKS} for own, tests in fine.items()}
    shown = [
        {"name": own, "test": np.nanmean(tests["train"]), **{way: told(more[own][way]) for way in LEAKS}}
        for own, tests in fine.items()
    ]
    spec = histories[0].experiment
    numbers = {"rows": shown, "updates": spec.steps, "scaling": PREPROCESSORS[spec.scaling].label}
    pairs = max(difference.seeds for ways in more.values() for difference in ways.values())
    if pairs < 2:
        return Verdict("one", **numbers, also=lost)
    gains = {own: ways["all"].mean for own, ways in more.items() if ways["all"].told and ways["all"].mean > 0}
    most = max(gains, key=gains.__getitem__, default="")
    dark = {row(h.experiment) for h in histories if h.experiment.test_brightness < 1}
    right = "nowhere" if not most else "dark" if most in dark else "alike"
    also = [*alike([ways["all"] for own, ways in more.items() if own not in dark]), *axes(spec, more), *lost]
    return Verdict("leaks", right=right, seeds=pairs, **numbers, also=also)


def alike(differences: list) -> list[Verdict]:
    """Where test pictures are like the training pictures: in how many rows the leak gains, costs, or cannot be told."""
    known = [abs(one.mean) for one in differences if one.seeds > 1]
    if not known:
        return []
    gains = sum(one.told and one.mean > 0 for one in differences)
    costs = sum(one.told and one.mean < 0 for one in differences)
    total = len(differences)
    return [Verdict("alike", total=total, gains=gains, costs=costs, rest=total - gains - costs, most=max(known))]


def axes(spec: Experiment, more: dict) -> list[Verdict]:
    """Whether whitening each set by itself breaks the network: axes of two sets are not the same axes."""
    falls = [-ways["each"].mean for ways in more.values() if ways["each"].told]
    broken = spec.scaling == "whiten" and max(falls, default=0) > MUCH
    return [Verdict("axes", fall=max(falls))] if broken else []


LAB = Lab(
    id="preprocessing/leaks",
    title="Leaks",
    preset="P4",
    prefix="leaks_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=compared,
    spread=N_("Bars: the 95 % interval of the difference, in {seeds} pairs of one seed each."),
    formula=LATEX,
    code=[datasets.fitted.__wrapped__, PREPROCESSORS["standardize"].function],
)
