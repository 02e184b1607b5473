"""Grid against random: as many trials each, and what each of them learns about the one axis that matters."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History, grouped
from engine.experiments import Experiment
from engine.registry import Range as Span
from engine.search import STRATEGIES, nth, places
from engine.verdict import Verdict, paired
from pages.charts import searches
from pages.kit.controls import Number, Values, of, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import told
from pages.sections.search import trials
from pages.sections.search.trials import BOOK

WAYS = {"grid": N_("grid"), "random": N_("random")}
CONTROLS = {
    **trials.rates(1e-4, 1.0),
    "each": Number("values an axis ≤ 5", 3, Span(2, 5)),
    **trials.decays(),
    **of(BOOK, steps=(20, 500)),
    "seeds": seeds(3, 10),
}


def specs(values: Values) -> list[Experiment]:
    """Of every seed the points of the grid, then as many at random; a seed is a day: images, first weights and draws are its
    own, for both ways the same."""
    space, base = trials.space(values), trials.asked(values, evaluate="none")
    sliders = {"grid": {"each": values.each}, "random": {}}
    return [
        replace(base, seed=seed, **nth(way, space, k, seed, **sliders[way]))
        for seed in range(values.seeds)
        for way in WAYS
        for k in range(values.each**2)
    ]


def by_way(histories: list[History]) -> dict[str, list[list[History]]]:
    """Way → day → its trials."""
    days = grouped(histories, lambda spec: spec.seed).values()
    half = len(histories) // len(days) // 2
    return {"grid": [own[:half] for own in days], "random": [own[half:] for own in days]}


def draw(histories: list[History], values: Values) -> None:
    """The first day's trials in both ways, with their shadows on the axes; below what is known of the learning rate."""
    lr, decay = (values.lr_low, values.lr_high), (values.decay_low, values.decay_high)
    first = {way: trials.table(days[0], line=way) for way, days in by_way(histories).items()}
    for place, (way, found) in zip(st.columns(2, gap="small"), first.items(), strict=True):
        name = tr(WAYS[way])
        place.markdown(tr("**{way}**: {n} learning rates", way=name.capitalize(), n=found["lr"].nunique()))
        words = tr("Trials of {way} search, and their shadows on both axes", way=name)
        place.vega_lite_chart(found, searches.shadows(lr, decay, 300), key=f"grid_{way}", alt=words)
    known = pd.concat(found.assign(line=tr(WAYS[way])) for way, found in first.items()).dropna(subset="score")
    chart = searches.good(lr, tuple(map(tr, WAYS.values())), 240)
    words = tr("Validation accuracy over the learning rate, for both ways")
    st.vega_lite_chart(known, chart, key="grid_known", alt=words)


def table(histories: list[History]) -> pd.DataFrame:
    """A row a trial: its way, seed, setting and validation accuracy."""
    ways = by_way(histories).items()
    parts = [trials.table(own, line=way).assign(seed=seed) for way, days in ways for seed, own in enumerate(days)]
    return pd.concat(parts).drop(columns="rank")


def verdict(histories: list[History]) -> Verdict:
    """How many values of the learning rate each way tries, and whose best trial is better, day by day."""
    ways = by_way(histories)
    best = {way: [max(scores(own), default=np.nan) for own in days] for way, days in ways.items()}
    rates = {way: sorted({history.experiment.lr for history in days[0]}) for way, days in ways.items()}
    rows = [
        {"name": WAYS[way], "values": len(own), "gap": widest(own), "best": trials.mean(best[way])}
        for way, own in rates.items()
    ]
    lead = paired(best["random"], best["grid"])
    numbers = {"rows": rows, "trials": len(ways["grid"][0]), "lead": told(lead), "seeds": lead.seeds}
    if not lead.seeds:
        return Verdict("lost", also=trials.lost(histories))
    kind, right = "days" if lead.seeds > 1 else "one", lead.says("random", "grid", one="")
    return Verdict(kind, right=right, **numbers, also=trials.lost(histories))


def scores(own: list[History]) -> list[float]:
    return [found for found in map(trials.score, own) if np.isfinite(found)]


def widest(rates: list[float]) -> float:
    """The widest stretch between two learning rates that were tried, as a factor."""
    return max((high / low for low, high in pairwise(rates)), default=1.0)


LAB = Lab(
    id="search/grid",
    title="Grid against random",
    prefix="against_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    spread=N_("Drawn is the first of {seeds} days."),
    formula=r"n^d \text{ trials:}\quad \text{grid } n \text{ values of each axis} \qquad \text{random } n^d",
    code=[STRATEGIES["grid"].function, STRATEGIES["random"].function, places],
)
