"""The race: the same network from different first weights on MNIST, and the gradient of every layer, which explains it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.probes import probe
from engine.registry import Range
from pages.charts import curves, signals
from pages.kit import inside
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, labels, row
from pages.sections.initialization import starts

LABEL = "The race"
NAME = "initialization/race"
MOST = 4
BOOK = PRESETS["I13"][0]
TOLD = (100, 500, 1000)  # updates at which the table of EXPERIMENTS.md stands
KNOWN: dict[str, Setting] = {
    "race_activation": Choice("Activation", BOOK.activation, labels(ACTIVATIONS), menu=True),
    "race_starts": starts.menu(MOST),
    "race_lr": Number("lr", BOOK.lr, Range(1e-4, 10, log=True)),
    "race_steps": Number("updates ≤ 2000", BOOK.steps, Range(20, 2000)),
    "race_seeds": Number("seeds ≤ 3", 1, Range(1, 3)),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        activation = KNOWN["race_activation"].draw("race_activation")
        chosen = KNOWN["race_starts"].draw("race_starts")
        values = row(KNOWN, ("race_lr", "race_steps", "race_seeds"))
        lab.reset(KNOWN)
    names = [start.label for key, start in starts.STARTS.items() if key in chosen]

    def specs() -> list[Experiment]:
        steps = values["race_steps"]
        looked = inside.moments(steps)
        base = replace(BOOK, activation=activation, lr=values["race_lr"], steps=steps, probe_steps=looked)
        begun = [starts.begun(base, key) for key in starts.picked(chosen, MOST)]
        return [replace(spec, seed=seed) for seed in range(values["race_seeds"]) for spec in begun]

    histories = lab.run(NAME, picture, specs, lambda found: draw(found, names))
    with picture:
        lab.caption(NAME, values["race_seeds"])
        if histories:
            lab.outcome(NAME, sentence(histories, names) + lab.diverged(histories, names * values["race_seeds"]))
    lab.explain(NAME, histories, probe, *starts.code(chosen))


def draw(histories: list[History], names: list[str]) -> None:
    """Losses, and under them the gradient norms of the layers, a panel a way to draw the weights."""
    end = histories[0].experiment.steps
    everyone = names * (len(histories) // len(names))
    losses = curves.frame(histories, everyone, lambda history: curves.loss(history, 0.9))
    chart = curves.lines(tuple(names), x="update", y="loss", end=end, domain=(0, 2.5), height=230)
    st.vega_lite_chart(losses, chart, key="race loss", alt="Loss against updates")
    st.vega_lite_chart(
        signals.norms(histories, everyone),
        signals.gradients(tuple(names), end),
        key="race gradients",
        alt="Norms of the gradients",
    )


def sentence(histories: Sequence[History], names: Sequence[str]) -> str:
    """Each start's loss where the book tells it, and the first gradients of its first and last hidden layer."""
    said = []
    steps = histories[0].experiment.steps
    told = [t for t in TOLD if t <= steps] or [steps]
    for name, history in zip(names, histories, strict=False):
        first, last = (history.probes[1][layer]["gradient_norm"] for layer in (0, -1))
        reached = [t for t in told if not history.diverged or t < history.diverged]
        losses = ", ".join(f"{history.loss[max(0, t - 10) : t].mean():.2f} after {t}" for t in reached)
        fallen = f"loss {losses} updates; " if losses else ""
        said.append(
            f"**{name}**: {fallen}the gradient of W has norm {first:.1g} in layer 1 at the first update, and {last:.1g} in "
            f"layer {len(history.probes[1])}."
        )
    return " ".join(said)
