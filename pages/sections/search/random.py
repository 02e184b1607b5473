"""Random: a hundred trials of learning rate and weight decay, each a network that is really trained."""

from dataclasses import replace
from math import log10

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.filled import number
from engine.importance import importance
from engine.registry import Range as Span
from engine.search import STRATEGIES, Range, at_border, propose
from engine.verdict import Verdict, share_error
from pages.charts import curves, searches
from pages.kit import address
from pages.kit.controls import Number, Values, applied, of
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.sections.search import trials
from pages.sections.search.thinking import by_chance
from pages.sections.search.trials import BOOK, LABELS

BEST = 20  # learning curves on the wall
FEW = 5
CONTROLS = {
    **trials.rates(),
    "trials": Number("trials ≤ 200", 100, Span(1, 200)),
    "sampling": trials.SAMPLING,
    **trials.decays(),
    **of(BOOK, steps=(20, 500), seed=()),
}


def specs(values: Values) -> list[Experiment]:
    """A network a trial, all with the same images and first weights."""
    space, base = trials.space(values), replace(applied(BOOK, values), eval_every=max(4, values.steps // 50))
    return [by_chance(space, base, k) for k in range(values.trials)]


def table(histories: list[History]) -> pd.DataFrame:
    """A row a trial that has ended: setting, score and rank."""
    return trials.table(histories)[[history.ended for history in histories]]


def draw(histories: list[History], values: Values) -> None:
    """The trials over both axes; below the learning curves of the best, as in the book."""
    lr, decay = (values.lr_low, values.lr_high), (values.decay_low, values.decay_high)
    words = tr("Trials over learning rate and weight decay, by validation accuracy")
    chart = searches.scatter(lr, decay, height=330)
    st.vega_lite_chart(table(histories), chart, key="random_dots", on_select=zoom, selection_mode="box", alt=words)
    best = trials.ranked([history for history in histories if history.ended])[:BEST]
    names = tr("validation"), tr("training")
    lines = [
        curves.frame(best, [name] * len(best), series, list(range(len(best))))
        for name, series in zip(names, (curves.MEASURES["validation"], curves.accuracy), strict=True)
    ]
    end, titles = histories[0].experiment.steps, tuple(tr("best {k}", k=k + 1) for k in range(BEST))
    wall = curves.grid(names, titles, columns=5, height=440, end=end)
    data = curves.panels(pd.concat(lines), end=end, columns=5)
    st.vega_lite_chart(data, wall, key="random_wall", alt=tr("The best learning curves"))


def zoom() -> None:
    """A box that is dragged is where the next search looks."""
    box = st.session_state["random_dots"].selection.get("box") or {}
    if {"lr", "weight_decay"} <= box.keys():
        low, high = (sorted(float(f"{end:.3g}") for end in box[name]) for name in ("lr", "weight_decay"))
        address.tell(lr_low=low[0], lr_high=low[1], decay_low=high[0], decay_high=high[1])


def verdict(histories: list[History]) -> Verdict:
    """The best, how sure that is, where the best few lie, and whether the best lies at an end of a range."""
    best, also = trials.ranked(histories), trials.lost(histories)
    if not best:
        return Verdict("lost", also=also)
    space = spanned(histories)
    top, first = trials.score(best[0]), trials.setting(best[0])
    numbers = {"count": len(histories), "accuracy": top, "setting": trials.said(first)}
    numbers["error"] = share_error(top, best[0].experiment.validation_size)
    if len(best) < FEW or not space:
        return Verdict("few", **numbers, also=also)
    found = importance(space, trials.seen(histories))
    rates = [h.experiment.lr for h in best[:FEW]]
    few = [space["lr"].place(lr) for lr in rates]
    right = "anywhere" if np.ptp(few) > 0.5 else "low" if max(few) < 0.4 else "high" if min(few) > 0.6 else "middle"
    numbers |= {"fifth": trials.score(best[FEW - 1]), "few_low": min(rates), "few_high": max(rates)}
    numbers |= {"lr": found["lr"], "decay": found["weight_decay"]}
    if len(best) >= BEST:
        also = [Verdict("twentieth", score=trials.score(best[BEST - 1])), *also]
    also += [Verdict("border", name=LABELS["lr"])] if "lr" in at_border(space, first) else []
    return Verdict("found", right=right, **numbers, also=also)


def spanned(histories: list[History]) -> dict[str, Range]:
    """The space as far as trials have gone, on logarithmic scales; nothing where all are alike."""
    values = {name: [getattr(h.experiment, name) for h in histories] for name in LABELS}
    space = {name: Range(min(own), max(own), log=True) for name, own in values.items()}
    return space if all(span.low < span.high for span in space.values()) else {}


def formula(values: Values) -> str:
    """How a trial is drawn, from these ranges."""
    ends = {r"\eta": (values.lr_low, values.lr_high), r"\lambda": (values.decay_low, values.decay_high)}
    if values.sampling == "log":
        said = [rf"{name} = 10^{{\,U({log10(low):.3g},\,{log10(high):.3g})}}" for name, (low, high) in ends.items()]
    else:
        said = [rf"{name} = U({number(low)},\,{number(high)})" for name, (low, high) in ends.items()]
    return r" \qquad ".join(said)


LAB = Lab(
    id="search/random",
    title="Random search",
    preset="H1",
    prefix="random_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    formula=formula,
    code=[STRATEGIES["random"].function, propose, Range],
)
