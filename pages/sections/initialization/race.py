"""The race: the same network from different first weights on MNIST, and the gradient of every layer, which explains it."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import streamlit as st

from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment
from engine.probes import probe
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import signals
from pages.kit import inside, lines
from pages.kit.address import Given
from pages.kit.controls import EVERYTHING, Choice, Controls, Number, Values, applied, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.outcomes import diverged
from pages.sections.initialization import starts

MOST = 4
BOOK = PRESETS["I13"][0]
TOLD = (100, 500, 1000)  # updates at which the table of EXPERIMENTS.md stands
LEARNED, NOTHING = 0.5, 0.95 * np.log(10)  # a training accuracy; a loss that knows no more than how frequent classes are


class Figure(NamedTuple):
    title: str
    spec: Experiment
    starts: tuple[str, ...]
    seeds: int


SIGMOID = replace(BOOK, activation="sigmoid", lr=0.1, steps=1000)
FIGURES = {
    "I13": Figure("I13 · ReLU: .01, Xavier and He", BOOK, ("std-0.01", "xavier", "he"), 1),
    "I12": Figure("I12 · Does Xavier suit the sigmoid?", SIGMOID, ("std-1", "xavier"), 3),
}
FIGURE = Choice("Figure", "I13", {key: f.title for key, f in FIGURES.items()}, menu=True, key="race", resets=EVERYTHING)


def controls(given: Given) -> Controls:
    """The settings, whose defaults are those of the figure."""
    figure = FIGURES[given.get("figure", FIGURE.default)]
    return {
        "figure": FIGURE,
        **of(figure.spec, activation=()),
        "starts": starts.menu(MOST, figure.starts),
        **of(figure.spec, lr=(1e-4, 10), steps=(20, 2000)),
        "seeds": seeds(figure.seeds, 3),
        "depth": Number("hidden layers ≤ 8", len(figure.spec.hidden), Range(1, 8)),
    }


def specs(values: Values) -> list[Experiment]:
    base = applied(replace(BOOK, hidden=BOOK.hidden[:1] * values.depth), values)
    base = replace(base, probe_steps=inside.moments(base.steps), eval_every=min(base.eval_every, base.steps - 1))
    return seeded([starts.begun(base, key) for key in starts.picked(values.starts, MOST)], values.seeds)


def names(histories: list[History]) -> list[str]:
    return [starts.label(history.experiment) for history in histories]


def draw(histories: list[History], values: Values) -> None:
    """Losses, and under them the gradient norms of the layers, a bundle a way to draw the weights."""
    named, everyone = list(map(tr, names(histories))), starts.spoken()
    look = {"y": tr("loss"), "height": 230, "everyone": everyone}
    lines.over_updates(histories, named, "loss", **look, key="race loss", alt=tr("Loss against updates"))
    chart = signals.gradients(tuple(dict.fromkeys(named)), everyone, values.steps)
    norms = signals.norms(histories, named)
    st.vega_lite_chart(norms, chart, key="race gradients", alt=tr("Norms of the gradients"))


def verdict(histories: list[History]) -> Verdict:
    """Its loss where the book tells it, and the first gradients of its first and last hidden layer; means over seeds."""
    steps = histories[0].experiment.steps
    moments = TOLD if steps >= TOLD[-1] else (max(1, steps // 10), steps // 2, steps)
    rows = {}
    for key, own in grouped(histories, starts.key_of).items():
        if each := [seen(history, (*moments, steps)) for history in own if not history.diverged]:
            rows[key] = {"name": starts.LABELS[key], **{name: float(np.mean([one[name] for one in each])) for name in each[0]}}
    told = {"a": moments[0], "b": moments[1], "c": moments[2], "updates": histories[0].measured_at[-1]}
    told |= {"seeds": len({h.experiment.seed for h in histories}), "hidden": len(histories[0].experiment.hidden)}
    also = diverged(histories, names(histories))
    sigmoid = histories[0].experiment.activation == "sigmoid"
    right = (suits if sigmoid else falls)(rows) if rows else ""
    return Verdict("race" if rows else "lost", right=right, rows=list(rows.values()), also=also, **told)


def seen(history: History, moments: tuple[int, ...]) -> dict[str, float]:
    """Its losses about these updates, its first gradients in the first and last hidden layer, its last accuracy."""
    losses = [history.loss[max(0, t - 10) : t].mean() for t in moments]
    first, last = (history.probes[1][layer]["gradient_norm"] for layer in (0, -1))
    found = dict(zip(("early", "midway", "late", "end"), losses, strict=True))
    return {**found, "first": first, "last": last, "accuracy": history.train_accuracy[-1]}


def falls(rows: dict[str, dict]) -> str:
    """How the loss of weights of .01 falls: hardly, or, if He is there too, as his."""
    small, he = rows.get("std-0.01"), rows.get("he")
    if small and small["end"] > NOTHING:
        return "hardly"
    return "" if not small or not he else "later" if small["end"] < 2 * he["end"] else "slowly"


def suits(rows: dict[str, dict]) -> str:
    """Which of standard deviation 1 and Xavier's has learned."""
    one, xavier = rows.get("std-1"), rows.get("xavier")
    if not one or not xavier:
        return ""
    learned = one["accuracy"] > LEARNED, xavier["accuracy"] > LEARNED
    return {(True, True): "both", (True, False): "one", (False, True): "xavier", (False, False): "neither"}[learned]


LAB = Lab(
    id="initialization/race",
    title="The race",
    preset="I13",
    prefix="race_",
    controls=controls,
    words=lambda values: "initialization/race-sigmoid" if values.activation == "sigmoid" else "initialization/race",
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=inside.table,
    code=lambda values: [probe, *starts.code(values.starts)],
)
