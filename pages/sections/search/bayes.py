"""Bayes: what a search believes after each trial, what it does not know, where it asks next; chance and a grid beside it."""

from dataclasses import replace
from math import isqrt

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History, grouped
from engine.experiments import Experiment
from engine.gaussian import believe, improvement
from engine.registry import Range as Span
from engine.search import STRATEGIES, belief_of, lattice, nth
from engine.verdict import Verdict, paired
from pages.charts import beliefs, curves
from pages.kit import compute, lines
from pages.kit.controls import Number, Values, of, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import told
from pages.sections.search import trials
from pages.sections.search.thinking import Known, by_chance, thought
from pages.sections.search.trials import BOOK

START, SIDE = 6, 24  # trials at random, which Bayes and chance share; cells along the sides of a map
WAYS = BAYES, CHANCE, GRID = N_("Bayes"), N_("chance"), N_("grid")
CONTROLS = {
    **trials.rates(high=1.0),
    "trials": Number("trials ≤ 40", 20, Span(START + 2, 40)),
    **trials.decays(),
    "at": Number("beliefs after trial", 40, Span(2, 40), most="trials"),
    **of(BOOK, steps=(20, 500)),
    "seeds": seeds(1, 5),
}


def specs(values: Values) -> list[Experiment]:
    """Trial by trial and seed by seed one of Bayes, one of chance and one of a grid, as far as Bayes can ask by now. A grid
    that is through with its points stays at the last."""
    space, base = trials.space(values), trials.asked(values, evaluate="none")
    bases = [replace(base, seed=seed) for seed in range(values.seeds)]
    asked = [thought(space, own, values.trials, START) for own in bases]
    each = isqrt(values.trials)
    points = [nth("grid", space, k, each=each) for k in range(each**2)]
    return [
        spec
        for k in range(min(map(len, asked)))
        for own, thoughts in zip(bases, asked, strict=True)
        for spec in (thoughts[k], by_chance(space, own, k), replace(own, **points[min(k, each**2 - 1)]))
    ]


def by_way(histories: list[History]) -> dict[str, list[list[History]]]:
    """Way → seed → its trials, in their order."""
    days = grouped(histories, lambda spec: spec.seed).values()
    return {way: [own[place::3] for own in days] for place, way in enumerate(WAYS)}


@compute.cached(500)
def maps(space: tuple, known: Known) -> pd.DataFrame:
    """Columns u, v (places along both axes), mean, sd and gain over a lattice, as they are believed after these trials."""
    seen = [({"lr": lr, "weight_decay": decay}, score) for lr, decay, score in known]
    belief, where = belief_of(dict(space), seen), lattice(SIDE)
    mean, sd = belief.at(where)
    return pd.DataFrame(
        {"u": where[:, 0], "v": where[:, 1], "mean": mean, "sd": sd, "gain": improvement(mean, sd, belief.best)}
    )


def draw(histories: list[History], values: Values) -> None:
    """Three maps of the first search after some trial; below, the best so far of Bayes and chance."""
    space, ways = trials.space(values), by_way(histories)
    known = tuple((*one.values(), score) for one, score in trials.seen(ways[BAYES][0])[: values.at])
    believed = maps(tuple(space.items()), known) if np.isfinite([score for *_, score in known]).sum() > 1 else None
    dots = pd.DataFrame(known, columns=["lr", "weight_decay", "score"])
    dots = dots.assign(u=dots["lr"].map(space["lr"].place), v=dots["weight_decay"].map(space["weight_decay"].place))
    ends = tuple((span.low, span.high) for span in space.values())
    for place, what in zip(st.columns(3, gap="small"), beliefs.MAPS, strict=True):
        chart = beliefs.map_of(what, SIDE, *ends, height=320)
        data = beliefs.of(believed, dots, what)
        words = tr("{map} over both hyper-parameters", map=tr(beliefs.MAPS[what]))
        place.vega_lite_chart(data, chart, key=f"bayes {what}", alt=words)
    best = curves.bands({tr(way): map(trials.best_so_far, days) for way, days in ways.items()})
    look = {"x": tr("trial"), "y": tr("best so far"), "end": values.trials, "height": 220}
    lines.draw(best, map(tr, WAYS), **look, key="bayes best", alt=tr("The best so far of each way"))


def table(histories: list[History]) -> pd.DataFrame:
    """A row a trial: way, seed, place, setting and score; the first few are those of Bayes and chance."""
    ways = by_way(histories).items()
    parts = [trials.table(own, way=way, seed=own[0].experiment.seed) for way, days in ways for own in days]
    found = pd.concat(parts).rename(columns={"place": "trial"}).drop(columns="rank")
    return found.drop_duplicates(["way", "seed", "lr", "weight_decay"])


def verdict(histories: list[History]) -> Verdict:
    """Whose best is better in the end, over seeds, and how the later trials of both do."""
    ways, also = by_way(histories), trials.lost(histories)
    best = {way: np.array([trials.best_so_far(own)[-1] for own in days]) for way, days in ways.items()}
    later = {way: [trials.score(h) for own in days for h in own[START:]] for way, days in ways.items()}
    rows = [{"name": way, "best": best[way].mean(), "later": trials.mean(later[way])} for way in ways]
    lead, grid = paired(best[BAYES], best[CHANCE]), paired(best[BAYES], best[GRID])
    numbers = {"rows": rows, "count": len(ways[BAYES][0]), "start": START, "lead": told(lead), "grid": told(grid)}
    if len(ways[BAYES][0]) == START:
        return Verdict("begun", start=START, also=also)
    kind, right = "seeds" if lead.seeds > 1 else "one", lead.says("bayes", "chance", one="")
    return Verdict(kind, right=right, seeds=lead.seeds, **numbers, also=also)


LAB = Lab(
    id="search/bayes",
    title="Bayes",
    prefix="bayes_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    spread=N_("The maps are those of the first of {seeds} seeds; bands reach from the lowest to the highest."),
    formula=r"\mathrm{EI}(u) = \mathrm{E}\left[\max\left(0, f(u) - \mu^*\right)\right], \qquad f \sim \mathcal{GP}"
    r"\left(\mu, k\right), \quad k = \left(1 + r + \tfrac{r^2}{3}\right) e^{-r}",
    code=[STRATEGIES["bayes"].function, believe, improvement],
)
