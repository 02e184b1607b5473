"""Depth: without a bend, any number of layers is one straight cut; circles tell."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import Bend, Dense
from engine.registry import Range
from engine.trained import collapsed, restore
from pages.charts.borders import squares
from pages.kit import inside
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, labels, row
from pages.sections.activations import borders

LABEL = "Depth"
NAME = "activations/depth"
MOST, FRAMES = 3, 9
BOOK = PRESETS["A12"][0]
DATA = {"circles": "Circles", "spirals": "Spirals"}
KNOWN: dict[str, Setting] = {
    "depth_data": Choice("Data", "circles", DATA),
    "depth_nets": Choice(f"Activations, at most {MOST}", ("identity", "tanh", "relu"), labels(ACTIVATIONS)),
    "depth_layers": Number("hidden layers ≤ 6", len(BOOK.hidden), Range(1, 6)),
    "depth_width": Number("units ≤ 50", BOOK.hidden[0], Range(2, 50)),
    "depth_lr": Number("lr", BOOK.lr, Range(1e-3, 10, log=True)),
    "depth_steps": Number("updates ≤ 3000", BOOK.steps, Range(20, 3000)),
    "depth_seed": Number("seed", 0, Range(0, 9999)),
}
LATEX = r"h(h(h(x))) = c^3 x \qquad ((x W_1 + b_1) W_2 + b_2) W_3 + b_3 = x\,(W_1 W_2 W_3) + b"


def show():
    picture, side = lab.stage(NAME)
    with side:
        data = KNOWN["depth_data"].draw("depth_data")
        chosen = KNOWN["depth_nets"].draw("depth_nets")
        values = row(KNOWN, ("depth_layers", "depth_width", "depth_seed")) | row(KNOWN, ("depth_lr", "depth_steps"))
        lab.reset(KNOWN)
    names = [name for name in ACTIVATIONS if name in chosen]

    def specs() -> list[Experiment]:
        if not 1 <= len(names) <= MOST:
            raise ValueError(f"choose one to {MOST} activations, not {len(names)}")
        steps = values["depth_steps"]
        base = replace(
            BOOK,
            dataset=data,
            hidden=(values["depth_width"],) * values["depth_layers"],
            lr=values["depth_lr"],
            steps=steps,
            seed=values["depth_seed"],
            weight_steps=inside.moments(steps, FRAMES),
        )
        return [replace(base, activation=name) for name in names]

    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
        if histories:
            told = [ACTIVATIONS[name].label for name in names]
            lab.outcome(NAME, sentence(histories) + lab.diverged(histories, told))
    lab.explain(NAME, histories, Dense, Bend, latex=LATEX)


def draw(histories: Sequence[History]) -> None:
    """The borders at every step that all networks have reached."""
    steps = sorted(set.intersection(*(set(history.weights) for history in histories)))
    titles = tuple(ACTIVATIONS[history.experiment.activation].label for history in histories)
    spec = squares(titles, histories[0].experiment.dataset, len(steps))
    st.vega_lite_chart(
        borders.frames(histories, steps), spec, key=f"depth {len(steps)}", alt="Decision borders of the networks"
    )


def sentence(histories: Sequence[History]) -> str:
    """What every network gets right, and that a network without a bend is one matrix."""
    said = [
        f"**{ACTIVATIONS[h.experiment.activation].label}**: {h.test_accuracy[-1]:.0%} of the test points right after "
        f"{h.measured_at[-1]} updates."
        for h in histories
    ]
    for history in histories:
        spec = history.experiment
        if spec.activation == "identity" and not history.diverged:
            off = difference(history)
            said.append(
                f"Without a bend the {len(spec.hidden) + 1} layers are one: the product of their matrices gives the same "
                f"logits to within {off:.0e}."
            )
    return " ".join(said)


def difference(history: History) -> float:
    """How far the logits of a network without bends are, at most, from those of its one layer."""
    network = restore(history.experiment, history.weights[history.experiment.steps])
    points = borders.points(history.experiment.dataset)
    return float(np.abs(network.forward(points) - collapsed(network).forward(points, train=False)).max())
