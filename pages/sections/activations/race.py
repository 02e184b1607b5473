"""The race: the same network with each activation, each with the first weights that suit it, and PReLU's α on the move."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import Bend, Maxout
from engine.registry import Range
from pages.charts import curves
from pages.kit import inside
from pages.kit.old import controls, lab
from pages.kit.old.controls import Choice, Number, Setting, row

LABEL = "The race"
NAME = "activations/race"
MOST = 6
RIGHT = 0.8  # the training accuracy to which updates are counted


class Net(NamedTuple):
    label: str
    activation: str
    initializer: str
    batchnorm: str = "none"


SUITED = {"identity": "xavier", "sigmoid": "xavier", "tanh": "xavier", "softplus": "xavier", "selu": "lecun"}
NETS = {
    **{name: Net(entry.label, name, SUITED.get(name, "he")) for name, entry in ACTIVATIONS.items()},
    "maxout": Net("Maxout", "maxout", "xavier"),
    "sigmoid-bn": Net("Sigmoid + BatchNorm", "sigmoid", "xavier", "before"),
}
BOOKS = {
    "A11": ("A11 · What to use", ("relu", "tanh", "sigmoid", "sigmoid-bn")),
    "A10": ("A10 · ReLU's family", ("relu", "leaky_relu", "prelu", "elu", "maxout")),
}
BOOK = Choice("Figure", "A11", {key: title for key, (title, _) in BOOKS.items()})


def settings() -> dict[str, Setting]:
    """The settings, whose defaults are those of the figure in the address."""
    _, nets = BOOKS[BOOK.chosen("race")]
    first = PRESETS["A11"][0]
    return {
        "race": BOOK,
        "race_nets": Choice(f"Networks, at most {MOST}", nets, {k: net.label for k, net in NETS.items()}),
        "race_shown": Choice("Shown", "train", curves.SHOWN),
        "race_lr": Number("lr", first.lr, Range(1e-4, 10, log=True)),
        "race_steps": Number("updates ≤ 1000", first.steps, Range(20, 1000)),
        "race_seeds": Number("seeds ≤ 3", 1, Range(1, 3)),
    }


def choose() -> None:
    controls.assign({key: setting for key, setting in settings().items() if key != "race"})


def show():
    picture, side = lab.stage(NAME)
    with side:
        BOOK.draw("race", on_change=choose)
        known = settings()
        shown = known["race_shown"].draw("race_shown")
        chosen = known["race_nets"].draw("race_nets")
        values = row(known, ("race_lr", "race_steps", "race_seeds"))
        st.button("Reset to the textbook", on_click=choose)
    nets = [net for key, net in NETS.items() if key in chosen]
    names = [net.label for net in nets] * values["race_seeds"]

    def specs() -> list[Experiment]:
        if not 1 <= len(nets) <= MOST:
            raise ValueError(f"choose one to {MOST} networks, not {len(nets)}")
        steps = values["race_steps"]
        looked = inside.moments(steps)
        return [
            replace(
                PRESETS["A11"][0],
                activation=net.activation,
                initializer=net.initializer,
                batchnorm=net.batchnorm,
                lr=values["race_lr"],
                steps=steps,
                seed=seed,
                probe_steps=looked if net.activation == "prelu" else (),
            )
            for seed in range(values["race_seeds"])
            for net in nets
        ]

    histories = lab.run(NAME, picture, specs, lambda found: draw(found, names, shown))
    with picture:
        lab.caption(NAME, values["race_seeds"])
        if histories:
            lab.outcome(NAME, sentence(histories, names) + lab.diverged(histories, names))
    lab.explain(NAME, histories, *([Bend] if {"maxout"} != set(chosen) else []), *([Maxout] if "maxout" in chosen else []))


def draw(histories: list[History], names: Sequence[str], shown: str) -> None:
    """The curves and, if PReLU is among them, the α of its layers."""
    end, order = histories[0].experiment.steps, tuple(dict.fromkeys(names))
    learned = [history for history in histories if history.experiment.activation == "prelu"][:1]
    chart = curves.lines(
        order,
        x="update",
        y=curves.SHOWN[shown].lower(),
        end=end,
        domain=(0, 2.5) if shown == "loss" else (0, 1),
        everyone=tuple(net.label for net in NETS.values()),
        height=300 if learned else 470,
    )
    data = curves.frame(histories, names, curves.MEASURES[shown])
    st.vega_lite_chart(data, chart, key=f"race {shown == 'loss'} {bool(learned)}", alt=f"{curves.SHOWN[shown]} against updates")
    for history in learned:
        layers = tuple(f"layer {k + 1}" for k in range(len(history.experiment.hidden)))
        chart = curves.lines(layers, x="update", y="PReLU's α", end=end, domain=(-0.2, 1), height=200)
        st.vega_lite_chart(
            curves.layers([history], "alpha"), chart, key="race alpha", alt="The learned α of every layer against updates"
        )


def sentence(histories: Sequence[History], names: Sequence[str]) -> str:
    """The last accuracies, best first, and how many updates each took to get most training images right."""
    ends: dict[str, list[float]] = {}
    needed: dict[str, list[float]] = {}
    for history, name in zip(histories, names, strict=True):
        ends.setdefault(name, []).append(float(history.test_accuracy[-1]))
        needed.setdefault(name, []).append(reached(history))
    best = sorted(ends, key=lambda name: -np.mean(ends[name]))
    said = ", ".join(f"{name} {np.mean(ends[name]):.2f}" for name in best)
    taken = {name: float(np.median(found)) for name, found in needed.items()}
    times = ", ".join(f"{name} {steps:.0f}" if np.isfinite(steps) else f"{name} never" for name, steps in taken.items())
    return (
        f"Test accuracy after {histories[0].measured_at[-1]} updates: {said}. Updates until {RIGHT:.0%} of the training "
        f"images are right, looked at every {histories[0].experiment.eval_every}: {times}." + claim(taken)
    )


def reached(history: History) -> float:
    """The first measured update with enough training images right; infinite if there is none."""
    updates, values = curves.accuracy(history)
    there = values >= RIGHT
    return float(updates[there.argmax()]) if there.any() else float("inf")


def claim(taken: dict[str, float]) -> str:
    """What these runs say of the claim that ReLU converges six times faster than tanh."""
    relu, tanh = taken.get("ReLU"), taken.get("tanh")
    if not relu or not tanh or not np.isfinite([relu, tanh]).all():
        return ""
    return f" “ReLU converges six times faster than tanh” (Krizhevsky et al. 2012) is a factor of {tanh / relu:.1f} here."
