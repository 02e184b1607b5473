"""Inside: what flows through the layers of a few networks while they train, and their loss, step by step."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from pages.kit import compute, curves, histograms, lab, text

WHATS = {"inputs": "Into the activation", "activations": "Out of the activation", "gradients": "Gradients"}
LINEAR_ZONE = (-1.96, 1.96)


def probed(spec: Experiment) -> Experiment:
    """The experiment, with its layers looked at from the first update to the last."""
    steps = sorted({1, *(t for t in (3, 10, 30, 100, 300, 1000) if t < spec.steps), spec.steps})
    return replace(spec, probe_steps=tuple(steps))


def show(specs: Callable[[], Sequence[Experiment]], names: Sequence[str], title: str) -> None:
    """The networks' layers and losses; they train now, if nobody has looked before."""
    st.markdown(f"##### Inside: {title}")
    try:
        running = compute.run([probed(spec) for spec in specs()])
    except ValueError as problem:
        st.error(f"That cannot be run: {text.quote(str(problem))}")
        return
    lab.follow("inside", running, lambda histories: draw(histories, names))


def draw(histories: list[History], names: Sequence[str], wide: bool = True) -> None:
    """Histograms of the layers, and the losses: beside them where there is room, else below."""
    steps = sorted(set.intersection(*(set(history.probes) for history in histories)))
    if not steps:
        st.caption("No step has been looked at yet.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.segmented_control("What", list(WHATS), format_func=WHATS.__getitem__, default="inputs", required=True,
                                    key="inside what", label_visibility="collapsed")  # fmt: skip
        step = st.select_slider("update", steps, steps[-1], key=f"inside step {len(steps)}") if len(steps) > 1 else steps[0]
    zone = LINEAR_ZONE if what == "inputs" and histories[0].experiment.activation in ("sigmoid", "tanh") else None
    layers, loss = st.columns([0.7, 0.3], gap="medium") if wide else (st.container(), st.container())
    layers.altair_chart(histograms.layers(histories, names, step, what, zone), key="inside layers", alt=f"{what} of each layer")
    top = max(2.5, *(float(np.ceil(min(10, history.loss[:20].max(initial=0)))) for history in histories))
    losses = curves.frame(histories, names, lambda history: curves.loss(history, 0.9))
    end, height = histories[0].experiment.steps, 330 if wide else 220
    loss.vega_lite_chart(
        losses,
        curves.lines(tuple(names), x="update", y="loss", end=end, domain=(0, top), height=height),
        key="inside loss",
        alt="Loss against updates",
    )
