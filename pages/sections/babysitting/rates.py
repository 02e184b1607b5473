"""Learning rates: the same network with rates from 10⁻⁶ to 10⁶, what becomes of each, and one of them from close up."""

from dataclasses import dataclass, replace
from functools import partial
from math import log
from typing import Self

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment
from engine.fates import FATES, best, end, fate
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import curves, rates
from pages.kit import address, inside
from pages.kit.controls import Choice, Number, Values, applied, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.words import WORDS
from pages.sections.babysitting import close
from pages.sections.babysitting.scales import CHOICE, PIXELS, SCALED, ladder

BOOK = PRESETS["S7"][0]
NAMES = {  # in the order of the theme's colors
    "rises": N_("loss flat, accuracy rises"),
    "high": N_("too high"),
    "": "–",  # a color that is left out
    "learns": N_("learns"),
    "barely": N_("barely moves"),
    "lost": N_("not a number"),
}
LOOKS = 10  # at accuracies, after the first


@dataclass(frozen=True)
class OneOf(Choice):
    """One of the rates that are swept: the nearest, where it is none of them."""

    def beside(self, values: Values) -> Self:
        return replace(self, options=offered(swept(values)))

    def settled(self, value: str, values: Values) -> str:
        return min(self.beside(values).options, key=lambda rate: abs(log(float(rate) / float(value))))


def swept(values: Values) -> list[float]:
    return ladder(values.low, values.high, values.decade)


def offered(found: list[float]) -> dict[str, str]:
    return {key(rate): WORDS.format("{rate:g}", rate=rate) for rate in found}


def key(rate: float) -> str:
    """The rate in an address, where a plus would be read as a blank."""
    return f"{rate:g}".replace("+0", "")


CONTROLS = {
    "pixels": CHOICE,
    "high": Number("highest lr: 10^", 6, Range(-5, 6)),
    "low": Number("lowest lr: 10^", -6, Range(-6, 5), most="high"),
    "decade": Number("rates a decade ≤ 3", 1, Range(1, 3)),
    **of(replace(BOOK, steps=300), init_scale=(1e-4, 1), steps=(20, 1000)),
    "seeds": seeds(3, 5),
    "rate": OneOf(
        "From close up: click a band, or choose", "1e-05", offered(sorted({*ladder(-6, 6, 2), *ladder(-6, 6, 3)})), menu=True
    ),
}


def specs(values: Values) -> list[Experiment]:
    base = replace(applied(BOOK, values), **SCALED[values.pixels])
    base = replace(base, eval_every=max(1, (base.steps - 1) // LOOKS), probe_steps=inside.moments(base.steps, 8))
    return seeded([replace(base, lr=rate) for rate in swept(values)], values.seeds)


def by_rate(histories: list[History]) -> dict[float, list[History]]:
    """Rate → its networks, seed by seed."""
    return grouped(histories, lambda spec: spec.lr)


def table(histories: list[History]) -> pd.DataFrame:
    """A row a network: learning rate, seed, what became of it, its loss and test accuracy in the end."""
    rows = [(h.experiment.lr, h.experiment.seed, NAMES[fate(h)], *end(h)) for h in histories if len(h.loss)]
    return pd.DataFrame(rows, columns=["rate", "seed", "word", "loss", "accuracy"])


def draw(histories: list[History], values: Values) -> None:
    """Left the losses; right what they come to, with bands to click on; below one rate from close up."""
    found, chosen = by_rate(histories), float(values.rate)
    left, right = st.columns([0.46, 0.54], gap="small")
    means = {rate: curves.frame(own, [""] * len(own), curves.MEASURES["loss"]) for rate, own in found.items()}
    powers = values.low, max(values.high, values.low + 1)
    chart = rates.losses(powers, title=tr(PIXELS[values.pixels]), end=values.steps, height=380)
    data = rates.losses_of(means, chosen)
    left.vega_lite_chart(data, chart, key="rates losses", alt=tr("Loss against updates, by learning rate"))
    ends = table(histories)
    ends, words = ends.assign(word=ends["word"].map(tr)), tuple(map(tr, NAMES.values()))
    span = 10 ** (powers[0] - 0.6), 10 ** (powers[1] + 0.6)
    for measure, title, edge, height in (
        ("loss", tr("loss in the end"), rates.LOSSES[1], 225),
        ("accuracy", tr("test accuracy"), 0, 155),
    ):
        chart = rates.fates(words, y=title, span=span, first=measure == "loss", height=height)
        data, name = rates.fates_of(ends, measure, chosen, edge), f"rates {measure}"
        click = {"on_select": partial(choose, name), "selection_mode": "rate"}
        right.vega_lite_chart(data, chart, key=name, alt=tr("{measure} by learning rate", measure=title), **click)
    close.draw(found[chosen])


def choose(chart: str) -> None:
    """A click on a band looks at its rate from close up."""
    picked = st.session_state[chart].selection.get("rate")
    if picked:
        address.tell(rate=key(picked[0]["rate"]))


def verdict(histories: list[History]) -> Verdict:
    """What becomes of the rates, the range of those that learn, and where the limit is."""
    found = by_rate(histories)
    fates = {rate: [fate(history) for history in own] for rate, own in found.items()}
    learn = [rate for rate, own in fates.items() if set(own) == {"learns"}]
    met = {what: [rate for rate, own in fates.items() for each in own if each == what] for what in FATES}
    rows = [
        {"name": NAMES[what], "low": min(own), "high": max(own), "networks": len(own), "all": len(histories)}
        for what, own in met.items()
        if own
    ]
    spec = histories[0].experiment
    told = {"updates": spec.steps, "pixels": PIXELS[spec.pixels], "total": len(found), "rows": rows}
    told["seeds"] = len(histories) // len(found)
    right = "none" if not learn else "one" if len(learn) == 1 else "few" if len(learn) < 4 else "many"
    if not learn:
        return Verdict("none", right=right, **told)
    top = best({rate: found[rate] for rate in learn})
    loss, accuracy = np.mean([end(history) for history in found[top]], axis=0)
    told |= {"low": min(learn), "top": max(learn), "best": top, "loss": loss, "test": accuracy}
    also = [limit(fates, max(learn))]
    return Verdict("range" if len(learn) > 1 else "single", right=right, count=len(learn), **told, also=also)


def limit(fates: dict[float, list[str]], top: float) -> Verdict:
    """Where learning ends: between the highest rate at which all networks learn and the next that throws one off."""
    over = [rate for rate, own in fates.items() if rate > top and {"high", "lost"} & set(own)]
    if not over:
        return Verdict("no-limit", highest=max(fates))
    own = fates[min(over)]
    numbers = {"top": top, "over": min(over), "bad": sum(each in ("high", "lost") for each in own), "seeds": len(own)}
    last = fates[max(fates)]
    finite = [Verdict("finite", highest=max(fates))] if "lost" not in last and set(last) == {"high"} else []
    return Verdict("limit", **numbers, also=finite)


LAB = Lab(
    id="babysitting/rates",
    title="Learning rates",
    preset="S7",
    prefix="rates_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    code=[fate],
)
