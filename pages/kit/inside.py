"""Inside: what flows through the layers of a few networks while they train, and their loss, step by step."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from pages.charts import curves
from pages.kit import compute, text, wall
from pages.kit.old import lab

WHATS = {"inputs": "Before the activation", "activations": "After it", "gradients": "Gradients", "weights": "Weights"}
LINEAR_ZONE = (-1.96, 1.96)
FRAMES = 12  # of a wall: three networks of five layers are then 150 kB


def moments(steps: int, most: int = 20) -> tuple[int, ...]:
    """At most so many updates from the first to the last, close together at first."""
    return tuple(np.unique(np.geomspace(1, steps, most).round().astype(int)).tolist())


def probed(spec: Experiment) -> Experiment:
    """The experiment, with its layers looked at from the first update to the last."""
    return replace(spec, probe_steps=moments(spec.steps, FRAMES))


def show(specs: Callable[[], Sequence[Experiment]], names: Sequence[str], title: str) -> None:
    """The networks' layers and losses; they train now, if nobody has looked before."""
    st.markdown(f"##### Inside: {title}")
    try:
        running = compute.run([probed(spec) for spec in specs()])
    except ValueError as problem:
        st.error(f"That cannot be run: {text.quote(str(problem))}")
        return
    lab.follow("inside", running, lambda histories: draw(histories, names))


def draw(histories: list[History], names: Sequence[str], wide: bool = True, opening: str = "inputs") -> None:
    """The wall of the layers, opening on one of WHATS, and the losses: beside it where there is room, else below."""
    steps = sorted(set.intersection(*(set(history.probes) for history in histories)))
    if not steps:
        st.caption("No step has been looked at yet.")
        return
    layers, loss = st.columns([0.7, 0.3], gap="medium") if wide else (st.container(), st.container())
    with layers:
        wall.show("inside layers", names, views(histories, steps), steps, opening=list(WHATS).index(opening))
    top = max(2.5, *(float(np.ceil(min(10, history.loss[:20].max(initial=0)))) for history in histories))
    losses = curves.frame(histories, names, lambda history: curves.loss(history, 0.9))
    end, height = histories[0].experiment.steps, 330 if wide else 220
    loss.vega_lite_chart(
        losses,
        curves.lines(tuple(names), x="update", y="loss", end=end, domain=(0, top), height=height),
        key="inside loss",
        alt="Loss against updates",
    )


def views(histories: Sequence[History], steps: Sequence[int]) -> list[wall.View]:
    """What may be looked at in networks of one activation."""
    activation = histories[0].experiment.activation
    marks = {
        "inputs": {"zone": LINEAR_ZONE if activation in ("sigmoid", "tanh") else None},
        "activations": {"saturates": wall.ends(activation)},
    }
    return [wall.View(label, wall.of(histories, steps, what), **marks.get(what, {})) for what, label in WHATS.items()]
