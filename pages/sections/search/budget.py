"""Budget: one network at a time by hand, many at once, or many more that are cut: four searches that spend as many updates."""

from dataclasses import replace
from functools import lru_cache
from itertools import islice, takewhile, zip_longest

import numpy as np
import pandas as pd
import streamlit as st

from engine.budget import SCHEDULERS, Rung, Terms, Trial, agreement, asked, begin, bracket, cut, plan
from engine.compare import History
from engine.experiments import Experiment
from engine.registry import Range as Span
from engine.search import Space
from engine.verdict import Verdict, paired
from pages.charts import timelines
from pages.kit import compute, lines
from pages.kit.controls import Number, Values, applied, labels, of, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import told
from pages.sections.search import trials
from pages.sections.search.trials import BOOK

MOST = 900  # trainings, fewer than the server keeps
LOOKS = 10  # at a network, at least
NAMES = labels(SCHEDULERS)
CONTROLS = {
    **trials.rates(high=10.0),
    "budget": Number("budget ≤ 30 R", 14, Span(2, 30)),
    **trials.decays(high=1.0),
    "steps": replace(of(replace(BOOK, steps=81), steps=(20, 500))["steps"], label="updates R ≤ 500"),
    "cuts": Number("cuts ≤ 4", 3, Span(1, 4)),
    "eta": Number("η ≤ 5", 3, Span(2, 5)),
    "seeds": seeds(3, 5),
}

Plans = dict[str, tuple[Rung, ...]]
Ways = dict[str, list[list[list[History]]]]  # scheduler → seed → rung → its networks


def terms_of(values: Values) -> Terms:
    return Terms(values.budget * values.steps, values.steps, values.cuts, values.eta).checked()


def plans(terms: Terms) -> Plans:
    return {way: plan(way, terms) for way in SCHEDULERS}


@lru_cache(maxsize=4000)
def network(base: Experiment, lr: float, decay: float, updates: int) -> Experiment:
    """The network of a trial, looked at after its last update; by test images, too, where it may be chosen. To go on is to
    train it once more with more updates: the first ones are the same."""
    every = next(gap for gap in range(max(1, updates // LOOKS), 0, -1) if (updates - 1) % gap == 0)
    evaluate = "test" if updates == base.steps else "none"
    return replace(base, lr=lr, weight_decay=decay, steps=updates, eval_every=every, evaluate=evaluate)


def specs(values: Values) -> list[Experiment]:
    """Rung by rung the networks of all schedulers and seeds, as far as the answers are known on which the next ones hang."""
    terms, space = terms_of(values), trials.space(values)
    bases = [replace(applied(BOOK, values), seed=seed) for seed in range(values.seeds)]
    rungs = [rung for own in plans(terms).values() for rung in own]
    count = len(bases) * sum(rung.networks for rung in rungs)
    if count > MOST:
        words = N_("these are {count:,} trainings, and {most} are the most: ask for less budget, fewer cuts or seeds")
        raise ValueError(tr(words, count=count, most=MOST))
    compute.check([network(base, 0.1, 0.0, rung.until) for base in bases for rung in rungs for _ in range(rung.networks)])
    found = {(way, base): answered(way, space, terms, base) for way in SCHEDULERS for base in bases}
    ready = min((len(own) for (way, _), own in found.items() if len(own) < len(plan(way, terms))), default=len(rungs))
    return [spec for k in range(ready) for own in found.values() for spec in (own[k] if k < len(own) else ())]


def answered(way: str, space: Space, terms: Terms, base: Experiment) -> list[list[Experiment]]:
    """The rungs of one search, as far as all networks of those before are known."""

    def spec(trial: Trial) -> Experiment:
        return network(base, *trial[0].values(), trial[1])

    def answer(trial: Trial) -> float | None:
        history = compute.known(spec(trial))
        return None if history is None else trials.score(history)

    return [[spec(trial) for trial in rung] for rung in asked(begin(way, space, terms, base.seed), answer)]


def by_way(histories: list[History], terms: Terms) -> Ways:
    """The histories of `specs`, as far as they go."""
    found: Ways = {way: [[] for _ in seeds_of(histories)] for way in SCHEDULERS}
    rungs, left = plans(terms), iter(histories)
    for k in range(max(map(len, rungs.values()))):
        for way, days in found.items():
            for own in days if k < len(rungs[way]) else ():
                block = list(islice(left, rungs[way][k].networks))
                own += [block] if block else []
    return found


def seeds_of(histories: list[History]) -> set[int]:
    return {history.experiment.seed for history in histories}


def read(histories: list[History]) -> tuple[Terms, Ways] | None:
    """The terms and what came of them, from the histories alone; None before the searches have come to their ends. First stand
    those that train to the end at once: of every seed one of Panda's, and as many of Caviar's as the budget has room for."""
    levels = sorted({history.experiment.steps for history in histories})
    ends = sum(1 for _ in takewhile(lambda history: history.experiment.steps == levels[-1], histories))
    budget = (ends // len(seeds_of(histories)) - 1) * levels[-1]
    terms = Terms(budget, levels[-1], len(levels) - 1, round(levels[-1] / levels[-2]))
    found = by_way(histories, terms)
    whole = all(
        len(block) == rung.networks and {(h.experiment.steps, h.experiment.seed) for h in block} == {(rung.until, seed)}
        for way, rungs in plans(terms).items()
        for seed, own in enumerate(found[way])
        for rung, block in zip_longest(rungs, own, fillvalue=())
    )
    return (terms, found) if whole else None


def choice(rungs: list[list[History]], longest: int) -> History | None:
    """The best by validation of those that have come to the end of the longest training."""
    ended = [h for rung in rungs for h in rung if h.experiment.steps == longest and h.ended]
    return next(iter(trials.ranked(ended)), None)


def draw(histories: list[History], values: Values) -> None:
    """The searches of the first seed as time goes by; below the best so far of all seeds."""
    terms = terms_of(values)
    found = {tr(NAMES[way]): days for way, days in by_way(histories, terms).items()}
    known = {tr(NAMES[way]): rungs for way, rungs in plans(terms).items()}
    names, first = tuple(known), {name: days[0] for name, days in found.items()}
    titles = tuple(f"{name}: {timelines.said(rungs)}" for name, rungs in known.items())
    data = timelines.lines(known, first, {name: choice(rungs, terms.longest) for name, rungs in first.items()})
    chart = timelines.panels(names, titles, tuple(known.values()), terms.budget, height=430)
    words = tr("Learning curves of four searches over the updates they have spent; most are cut")
    st.vega_lite_chart(data, chart, key="budget curves", alt=words)
    look = {"x": tr("updates spent"), "y": tr("best so far"), "end": terms.budget, "height": 180, "legend": False}
    best = timelines.best_of(known, found, terms.budget)
    lines.draw(best, names, **look, key="budget best", alt=tr("The best so far of four searches"))


def table(histories: list[History]) -> pd.DataFrame:
    """A row a training: way, seed and rung, setting, updates and score."""
    _, found = read(histories) or (None, {})
    rows = [
        (way, h.experiment.seed, k, *timelines.trial(h), h.experiment.steps, trials.score(h))
        for way, days in found.items()
        for own in days
        for k, block in enumerate(own, start=1)
        for h in block
    ]
    return pd.DataFrame(rows, columns=["way", "seed", "rung", "lr", "weight_decay", "updates", "score"])


def verdict(histories: list[History]) -> Verdict:
    """Whose choice, by validation, knows most of the test images; and whether the first look was right."""
    known, also = read(histories), trials.lost(list({timelines.trial(h): h for h in histories if h.diverged}.values()))
    if known is None:
        return Verdict("begun", count=len(histories))
    terms, found = known
    chosen = {way: [choice(own, terms.longest) for own in days] for way, days in found.items()}
    test, score = (
        {way: [h.last(which) if h else np.nan for h in own] for way, own in chosen.items()} for which in ("test", "validation")
    )
    if not any(map(any, chosen.values())):
        return Verdict("lost", also=also)
    first, second = sorted(SCHEDULERS, key=lambda way: trials.mean(test[way]) or 0.0, reverse=True)[:2]
    rows = [
        {
            "name": NAMES[way],
            "begun": begun(rungs),
            "ended": begun(rungs) - sum(rung.networks for rung in rungs if rung.until == terms.longest),
            "spent": rungs[-1].end,
            "score": trials.mean(score[way]),
            "test": trials.mean(test[way]),
            "behind": None if way == first else told(paired(test[first], test[way])),
        }
        for way, rungs in plans(terms).items()
    ]
    lead = paired(test[first], test[second])
    numbers = {"rows": rows, "budget": terms.budget, "first": NAMES[first], "second": NAMES[second], "lead": told(lead)}
    if len(chosen[first]) < 2:
        return Verdict("one", **numbers, also=also)
    also = [*early(found, chosen["caviar"]), *also]
    return Verdict("seeds", right=first if lead.told else "alike", seeds=len(chosen[first]), **numbers, also=also)


def begun(rungs: tuple[Rung, ...]) -> int:
    return sum(rung.networks for rung in rungs if not rung.since)


def early(found: Ways, chosen: list[History | None]) -> list[Verdict]:
    """Caviar's networks are among those that halving begins with: whether its first look at them told their ends, and whether
    it cut the one that Caviar has chosen in the end."""
    looks, lost = [], 0
    for late, rungs, best in zip((days[0] for days in found["caviar"]), found["halving"], chosen, strict=True):
        first, last = ({timelines.trial(h): trials.score(h) for h in rungs[k]} for k in (0, -1))
        looks.append(agreement([first[timelines.trial(h)] for h in late], [trials.score(h) for h in late]))
        lost += best is not None and timelines.trial(best) not in last
    rho = paired(looks, np.zeros(len(looks)))
    if rho.seeds < 2:
        return []
    numbers = {"networks": len(found["caviar"][0][0]), "updates": found["halving"][0][0][0].experiment.steps}
    return [Verdict("early" if rho.told else "dim", rho=told(rho, 2), lost=lost, seeds=len(looks), **numbers)]


LAB = Lab(
    id="search/budget",
    title="Budget",
    prefix="budget_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    spread=N_("The panels are those of the first of {seeds} seeds; below, bands reach from the lowest to the highest."),
    formula=r"n_i = \left\lfloor n\, \eta^{-i} \right\rfloor \text{ networks for } r_i = R\, \eta^{\,i-s} \text{ updates each,}"
    r"\quad i = 0, \dots, s",
    code=[SCHEDULERS["panda"].function, cut, bracket, SCHEDULERS["hyperband"].function],
)
