"""Range test: one run whose learning rate grows, the three rates that it suggests, and a sweep to judge them."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment
from engine.fates import best, end
from engine.optimizers import OPTIMIZERS
from engine.range_test import SUGGESTIONS, curve, suggestions
from engine.registry import Range
from engine.schedules import SCHEDULES
from engine.verdict import Difference, Verdict, paired
from pages.charts import range_tests
from pages.kit.controls import Choice, Number, Values, applied, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import finished, told
from pages.sections.babysitting.scales import CHOICE, PIXELS, SCALED, ladder

BOOK = PRESETS["S7"][0]
STARTS = {"bytes": {}, "unit": {"initializer": "he", "init_scale": 1.0}}
RULES = {name: OPTIMIZERS[name].label for name in ("sgd", "momentum", "adam")}
BEST = N_("best of the sweep")
NAMES = (*(entry.label for entry in SUGGESTIONS.values()), BEST)
FIRST, TIMES = 1e-7, 1e8
LATEX = r" \\ ".join(rf"\text{{{entry.label}}} \quad & {entry.latex}" for entry in SUGGESTIONS.values())
LATEX = rf"\begin{{aligned}} {LATEX} \end{{aligned}}"
CONTROLS = {
    "pixels": CHOICE,
    "optimizer": Choice("Optimizer", "sgd", RULES),
    "length": Number("updates, test", 100, Range(30, 200)),
    **of(BOOK, batch_size=(10, 500)),
    "steps": replace(of(BOOK, steps=(20, 1000))["steps"], label="updates, sweep"),
    "decade": Number("rates a decade ≤ 3", 2, Range(1, 3)),
    "seeds": seeds(3, 5),
}


class Found(NamedTuple):
    """Range tests, seed by seed, and the sweep, rate → its networks, seed by seed."""

    tests: list[History]
    sweep: dict[float, list[History]]

    @property
    def best(self) -> float | None:
        """The rate of the sweep with the lowest training loss."""
        return best(self.sweep)

    @property
    def suggested(self) -> dict[str, np.ndarray]:
        """Suggestion → its rates (seeds,), NaN where the test of a seed gives none."""
        each = [suggestions(curve(test), test.experiment.steps) for test in self.tests]
        return {name: np.array([found.get(name, np.nan) for found in each]) for name in SUGGESTIONS}

    def accuracies(self, rates: np.ndarray) -> np.ndarray:
        """(seeds,): test accuracy at the rates of the sweep nearest to these, seed by seed; NaN where there is none."""
        tried = np.array(list(self.sweep))
        near = tried[np.abs(np.log(tried / rates[:, None])).argmin(axis=1)]
        found = [self.sweep[tried][seed].test_accuracy[-1] for seed, tried in enumerate(near)]
        return np.where(np.isfinite(rates), found, np.nan)


def specs(values: Values) -> list[Experiment]:
    """Of every seed the range test and the sweep."""
    base = replace(applied(BOOK, values), **SCALED[values.pixels], **STARTS[values.pixels])
    growing = {"schedule": "growing", "schedule_hyper": (("times", TIMES),)}
    test = replace(base, lr=FIRST, steps=values.length, evaluate="none", **growing)
    base = replace(base, evaluate="test", eval_every=max(1, base.steps - 1))
    return seeded([test, *(replace(base, lr=rate) for rate in ladder(-6, 1, values.decade))], values.seeds)


def sort(histories: list[History]) -> Found:
    kinds = grouped(histories, lambda spec: spec.schedule == "growing")
    return Found(kinds[True], grouped(kinds[False], lambda spec: spec.lr))


def marks(found: Found) -> pd.DataFrame:
    """Rows of kind "mark": what the tests suggest, a seed each and their geometric mean, and the best rate of the sweep."""
    rows = []
    for name, rates in found.suggested.items():
        known = [(seed, rate) for seed, rate in enumerate(rates) if np.isfinite(rate)]
        rows += [(tr(SUGGESTIONS[name].label), rate, seed, 1.0) for seed, rate in known if len(known) > 1]
        rows += [(tr(SUGGESTIONS[name].label), middle(rates), "all", 3.0)] if known else []
    rows += [(tr(BEST), found.best, "all", 3.0)] if found.best else []
    return pd.DataFrame(rows, columns=["line", "rate", "seed", "thick"]).assign(kind="mark")


def middle(rates: np.ndarray) -> float:
    """The geometric mean of those that there are."""
    return float(np.exp(np.nanmean(np.log(rates))))


def draw(histories: list[History], values: Values) -> None:
    """Above the tests, below the sweep, over the same rates."""
    found, done = sort(histories), finished(histories)
    tests = [curve(test) for test in found.tests]
    lines = [pd.DataFrame({"rate": t.rates, "y": t.losses, "seed": seed, "kind": "seed"}) for seed, t in enumerate(tests)]
    ends = [
        (rate, h.experiment.seed, h.test_accuracy[-1]) for rate, own in found.sweep.items() for h in own if len(h.test_accuracy)
    ]
    sweep = pd.DataFrame(ends, columns=["rate", "seed", "y"])
    means = sweep.groupby("rate", as_index=False)["y"].mean().assign(kind="mean", seed="all")
    rules = marks(found) if done else marks(Found([], {}))
    low, high = scale([t.losses for t in tests if len(t.losses)]) if done else (1.5, 3.0)
    names, title = tuple(map(tr, NAMES)), tr("smoothed loss of the test")
    chart = range_tests.over_rates(names, y=title, domain=(low, high), x="", dots=False, height=255)
    data = pd.concat([*lines, rules]).astype({"seed": str})
    words = tr("Loss of the range test against its learning rate, {pixels}", pixels=tr(PIXELS[values.pixels]))
    st.vega_lite_chart(data, chart, key=f"range test {done}", alt=words)
    look = {"y": tr("test accuracy of the sweep"), "domain": (0, 1), "x": tr("learning rate"), "dots": True}
    chart = range_tests.over_rates(names, **look, height=225)
    data = pd.concat([sweep.assign(kind="seed"), means, rules]).astype({"seed": str})
    st.vega_lite_chart(data, chart, key="range sweep", alt=tr("Test accuracy of constant learning rates"))


def scale(losses: list[np.ndarray]) -> tuple[float, float]:
    """From below the lowest loss to above the first, in tenths: what is higher stands at the edge."""
    low, first = min(each.min() for each in losses), max(each[0] for each in losses)
    depth = first - low
    return float(np.floor(10 * low - depth) / 10), float(np.ceil(10 * first + 5 * depth + 0.5) / 10)


def table(histories: list[History]) -> pd.DataFrame:
    """A row a network of the sweep: its rate and seed, its training loss in the end and its test accuracy."""
    rows = [(rate, h.experiment.seed, *end(h)) for rate, own in sort(histories).sweep.items() for h in own]
    return pd.DataFrame(rows, columns=["rate", "seed", "loss", "test_accuracy"])


def verdict(histories: list[History]) -> Verdict:
    """By what factor each suggestion misses the best rate of the sweep, and the test accuracy that this costs."""
    found = sort(histories)
    spec = found.tests[0].experiment
    numbers = {
        "pixels": PIXELS[spec.pixels],
        "optimizer": RULES[spec.optimizer],
        "length": spec.steps,
        "seeds": len(found.tests),
        "ran": min(len(curve(test).rates) for test in found.tests),
    }
    top, known = found.best, {name: rates for name, rates in found.suggested.items() if np.isfinite(rates).any()}
    if not top or not known:
        return Verdict("nothing", **numbers)
    tests = found.accuracies(np.full(len(found.tests), top))
    rows = [row(name, rates, top, paired(tests, found.accuracies(rates))) for name, rates in known.items()]
    numbers |= {"best": top, "test": tests.mean(), "rows": rows, "updates": histories[-1].experiment.steps}
    numbers["apart"] = max(map(middle, known.values())) / min(map(middle, known.values()))
    misses = {name: np.abs(np.log(rates / top)) for name, rates in known.items()}
    first, second = sorted(misses, key=lambda name: np.nanmean(misses[name]))[:2]
    lead = paired(misses[second], misses[first])
    names = {"first": SUGGESTIONS[first].label, "second": SUGGESTIONS[second].label}
    if lead.seeds < 2:
        return Verdict("one", **numbers, **names)
    return Verdict("nearest" if lead.told else "alike", right=first if lead.told else "open", **numbers, **names)


def row(name: str, rates: np.ndarray, best: float, cost: Difference) -> dict[str, Any]:
    """A suggestion in words: its mean and its extremes over seeds, how far off it is, and what that costs."""
    times = middle(rates) / best
    off = tr("{n:.2g} times too high", n=times) if times > 1 else tr("{n:.2g} times too low", n=1 / times)
    spread = {"rate": middle(rates), "low": np.nanmin(rates), "high": np.nanmax(rates)}
    return {"name": SUGGESTIONS[name].label, **spread, "off": off, "cost": told(cost), "source": SUGGESTIONS[name].source}


LAB = Lab(
    id="babysitting/range",
    title="Range test",
    prefix="range_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    spread=N_("Thin lines and rules: one of {seeds} seeds each; thick ones: all of them."),
    formula=LATEX,
    code=[SCHEDULES["growing"].function, curve, *(entry.function for entry in SUGGESTIONS.values())],
)
