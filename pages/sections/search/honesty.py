"""Honesty: the best of many settings, by validation images, by cross-validation or by the test images, and what it keeps."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.datasets import bounds
from engine.experiments import Experiment
from engine.honesty import Way, chances, deviation, optimism, ways
from engine.registry import Range as Span
from engine.search import Range, nth
from engine.verdict import Verdict, paired
from pages.charts import curves, honesty
from pages.kit import lines
from pages.kit.controls import Number, Values, of, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import told
from pages.sections.search import trials

BOOK = replace(trials.BOOK, steps=100, batch_size=50, hidden=(20,), evaluate="test")
WAYS = {"validation": N_("validation"), "folds": N_("all folds"), "test": N_("test set")}
RIGHT = {("test",): "test", ("validation", "test"): "both", tuple(WAYS): "all", (): "open"}
MOST = 800  # networks of a run
LATEX = r"""\begin{aligned}
\mathrm{P}(k\text{-th of } n \text{ is the best of } m) &= \tbinom{k-1}{m-1} / \tbinom{n}{m} \\
\sigma &= \sqrt{p\,(1-p) / \text{images}}
\end{aligned}"""
CONTROLS = {
    "trials": Number("settings ≤ 40", 30, Span(2, 40)),
    "folds": Number("folds ≤ 10", 5, Span(3, 10)),
    "images": Number("validation images", 100, Span(20, 400)),
    **trials.rates(0.1, 0.3),
    "width_low": Number("units from", 10, Span(2, 100)),
    "width_high": Number("units to", 30, Span(2, 100)),
    **of(BOOK, steps=(20, 500)),
    "seeds": seeds(5, 5),
}


def specs(values: Values) -> list[Experiment]:
    """Of every seed as many settings, and of each of these a network a fold, with the same images and batches."""
    count = values.trials * values.folds * values.seeds
    if count > MOST:
        words = N_("this would train {count} networks, more than {most}: ask for fewer settings, folds or seeds")
        raise ValueError(tr(words, count=count, most=MOST))
    space = {
        "lr": Range(values.lr_low, values.lr_high, log=True).checked("the learning rate"),
        "width": Range(values.width_low, values.width_high, log=True, whole=True).checked("units"),
    }
    split = {"train_size": (values.folds - 1) * values.images, "validation_size": values.images}
    base = trials.asked(values, BOOK, **split)
    return [
        replace(base, seed=seed, lr=asked["lr"], hidden=(int(asked["width"]),), fold=fold)
        for seed in range(values.seeds)
        for asked in (nth("random", space, k, seed) for k in range(values.trials))
        for fold in range(values.folds)
    ]


def by_seed(histories: list[History]) -> list[dict[str, Way]]:
    """For each seed its ways to choose, among the settings whose networks have all ended with numbers."""
    folds, found = 1 + max(h.experiment.fold for h in histories), {}
    for start in range(0, len(histories), folds):
        own = histories[start : start + folds]
        of_seed = found.setdefault(own[0].experiment.seed, [])
        if all(h.ended and not h.diverged for h in own):
            of_seed.append(own)
    return [
        ways(
            np.array([[h.validation_accuracy[-1] for h in own] for own in settings]),
            np.array([[h.known for h in own] for own in settings]),
            settings[0][0].experiment.validation_size,
            seed,
        )
        if settings
        else {}
        for seed, settings in found.items()
    ]


def promised(days: list[dict[str, Way]]) -> dict[str, np.ndarray]:
    """Way → (seeds, n): the optimism of the best of 1 … n settings, as many as all seeds have."""
    if not all(days):
        return {}
    grown = {name: [optimism(day[name]) for day in days] for name in WAYS}
    count = min(len(each) for each in grown["test"])
    return {name: np.array([each[:count] for each in own]) for name, own in grown.items()}


def used(spec: Experiment) -> dict[str, int]:
    """Way → images by which it chooses."""
    return {"validation": spec.validation_size, "folds": spec.train_size + spec.validation_size, "test": spec.validation_size}


def draw(histories: list[History], values: Values) -> None:
    """What the settings of the first seed promise and keep, by each way; below the optimism over the settings tried."""
    days, images = by_seed(histories), used(histories[0].experiment)
    names, ends = {way: tr(name) for way, name in WAYS.items()}, honesty.span(days[0])
    order = tuple(names.values())
    for place, (way, name) in zip(st.columns(3, gap="small"), names.items(), strict=True):
        place.markdown(tr("**By {name}**, {n:,} images", name=name, n=images[way]))
        chart = honesty.panel(order, ends, 250)
        data = honesty.settings(name, days[0].get(way), images[way])
        words = tr("Promised against kept accuracy, chosen by {name}", name=name)
        place.vega_lite_chart(data, chart, key=f"honesty {way}", alt=words)
    data = curves.bands({names[way]: grown for way, grown in promised(days).items()})
    look = {"x": tr("settings tried"), "y": tr("promised too much"), "end": values.trials, "height": 235}
    words = tr("Optimism over the number of settings tried")
    lines.draw(data, order, domain=honesty.around(data), **look, key="honesty lines", alt=words)


def table(histories: list[History]) -> pd.DataFrame:
    """A row a setting, way and seed: what it promises and keeps."""
    rows = [
        (seed, WAYS[name], k + 1, way.scores[k], way.truth[k], k == way.chosen)
        for seed, day in enumerate(by_seed(histories))
        for name, way in day.items()
        for k in range(len(way.scores))
    ]
    return pd.DataFrame(rows, columns=["seed", "way", "setting", "promised", "kept", "chosen"])


def verdict(histories: list[History]) -> Verdict:
    """How much too much each way's best promises, over seeds, and whether folds choose better than one of them."""
    days, also = by_seed(histories), trials.lost(histories)
    grown = promised(days)
    if not grown or len(grown["test"][0]) < 2:
        return Verdict("few", also=also)
    count, images = grown["test"].shape[1], used(histories[0].experiment)
    folds = 1 + max(h.experiment.fold for h in histories)
    more = {name: paired(own[:, -1], np.zeros(len(days))) for name, own in grown.items()}
    best = {name: [(way.scores[way.chosen], way.truth[way.chosen]) for way in (day[name] for day in days)] for name in WAYS}
    means = {name: np.mean(own, axis=0) for name, own in best.items()}
    rows = [
        {
            "name": WAYS[name],
            "images": images[name],
            "networks": count * (folds if name == "folds" else 1),
            "promised": means[name][0],
            "deviation": deviation(means[name][0], images[name]),
            "kept": means[name][1],
            "more": told(more[name]),
        }
        for name in WAYS
    ]
    better = [[day["folds"].truth[day[name].chosen] for day in days] for name in ("folds", "validation")]
    lead = paired(*better)
    numbers = {"rows": rows, "count": count, "folds": folds, "lead": told(lead), "seeds": len(days)}
    if len(days) < 2:
        return Verdict("one", **numbers, also=also)
    much = tuple(name for name, difference in more.items() if difference.mean > difference.error)
    return Verdict("seeds", right=RIGHT.get(much, ""), **numbers, also=also)


LAB = Lab(
    id="search/honesty",
    title="Honesty",
    prefix="honesty_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    spread=N_("Dots are the settings of the first of {seeds} seeds; bands reach from the lowest to the highest."),
    formula=LATEX,
    code=[bounds, ways, chances, optimism],
)
