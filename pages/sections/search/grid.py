"""Grid against random: as many trials each, and what each of them learns about the one axis that matters."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.registry import Range as Span
from engine.search import STRATEGIES, places, propose
from engine.verdict import Verdict, paired
from pages.charts import searches
from pages.kit.controls import Number, Values, applied, of, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import told
from pages.sections.search import trials
from pages.sections.search.trials import BOOK

WAYS = {"grid": N_("grid"), "random": N_("random")}
CONTROLS = {
    **trials.RATES,
    "each": Number("values an axis ≤ 5", 3, Span(2, 5)),
    **trials.DECAYS,
    **of(BOOK, steps=(20, 500)),
    "seeds": seeds(3, 10),
}
CONTROLS["lr_low"] = replace(CONTROLS["lr_low"], default=1e-4)
CONTROLS["lr_high"] = replace(CONTROLS["lr_high"], default=1.0)


def specs(values: Values) -> list[Experiment]:
    """Of every seed the points of the grid, then as many at random; a seed is a day: images, first weights and draws are its
    own, for both ways the same."""
    space, count = trials.space(values), values.each**2
    base = replace(applied(BOOK, values), evaluate="none", eval_every=max(1, values.steps - 1))
    return [
        replace(
            base, seed=seed, **propose(way, space, [({}, 0.0)] * k, seed, **({"each": values.each} if way == "grid" else {}))
        )
        for seed in range(values.seeds)
        for way in WAYS
        for k in range(count)
    ]


def by_way(histories: list[History]) -> dict[str, list[list[History]]]:
    """Way → day → its trials."""
    days: dict[int, list[History]] = {}
    for history in histories:
        days.setdefault(history.experiment.seed, []).append(history)
    half = len(histories) // len(days) // 2
    return {"grid": [own[:half] for own in days.values()], "random": [own[half:] for own in days.values()]}


def frame(own: list[History], way: str) -> pd.DataFrame:
    rows = [(way, k + 1, h.experiment.lr, h.experiment.weight_decay, trials.score(h)) for k, h in enumerate(own)]
    found = pd.DataFrame(rows, columns=["line", "place", "lr", "weight_decay", "score"])
    return found.assign(rank=found["score"].rank(ascending=False, method="first"))


def draw(histories: list[History], values: Values) -> None:
    """The first day's trials in both ways, with their shadows on the axes; below what is known of the learning rate."""
    lr, decay = (values.lr_low, values.lr_high), (values.decay_low, values.decay_high)
    first = {way: frame(days[0], way) for way, days in by_way(histories).items()}
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
    parts = [frame(own, way).assign(seed=seed) for way, days in by_way(histories).items() for seed, own in enumerate(days)]
    return pd.concat(parts).drop(columns="rank")


def verdict(histories: list[History]) -> Verdict:
    """How many values of the learning rate each way tries, and whose best trial is better, day by day."""
    ways = by_way(histories)
    best = {way: np.array([max(scores(own), default=np.nan) for own in days]) for way, days in ways.items()}
    rows = [
        {
            "name": WAYS[way],
            "values": len({history.experiment.lr for history in days[0]}),
            "gap": widest(days[0]),
            "best": np.nanmean(best[way]) if np.isfinite(best[way]).any() else None,
        }
        for way, days in ways.items()
    ]
    lead = paired(best["random"], best["grid"])
    numbers = {"rows": rows, "trials": len(ways["grid"][0]), "lead": told(lead), "also": trials.lost(histories)}
    if lead.seeds < 2:
        return Verdict("one", **numbers)
    right = "alike" if not lead.told else "random" if lead.mean > 0 else "grid"
    return Verdict("days", right=right, seeds=lead.seeds, **numbers)


def scores(own: list[History]) -> list[float]:
    return [found for found in map(trials.score, own) if np.isfinite(found)]


def widest(own: list[History]) -> float:
    """The widest stretch of learning rates between two that were tried, as a factor."""
    rates = sorted({history.experiment.lr for history in own})
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
