"""Inside: what flows through the layers of a few networks while they train, and their loss, step by step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.histogram import Histogram
from engine.registry import Range
from pages.kit import address, compute, lines, live, text, wall
from pages.kit.controls import Choice, Controls, Number, Values, never
from pages.kit.language import N_, tr

WHATS = {
    "inputs": N_("Before the activation"),
    "activations": N_("After it"),
    "gradients": N_("Gradients"),
    "weights": N_("Weights"),
}
AXES = {"": "chosen by the data", "all": "one for all", "row": "one a row", "panel": "one a panel"}
LINEAR_ZONE = (-1.96, 1.96)
FRAMES = 12  # of a wall: three networks of five layers are then 150 kB


def moments(steps: int, most: int = 20) -> tuple[int, ...]:
    """At most so many updates from the first to the last, close together at first."""
    return tuple(np.unique(np.geomspace(1, steps, most).round().astype(int)).tolist())


def probed(spec: Experiment) -> Experiment:
    """The experiment, with its layers looked at from the first update to the last."""
    return replace(spec, probe_steps=moments(spec.steps, FRAMES))


def looks(views: Mapping[str, str], opening: str, steps: int = 0) -> Controls:
    """What a wall itself tells: the view, the axis, and, of a run of so many steps, the step; 0 is the last."""
    found = {"view": Choice("View", opening, views, when=never), "axis": Choice("Axis", "", AXES, when=never)}
    return found | ({"step": Number("step", 0, Range(0, steps), when=never)} if steps else {})


def turned(views: Sequence[str]) -> Callable[[int, str | None, int | None], None]:
    """What hears where the visitor turned a wall of these views, and tells the address; 0 is the last step."""

    def hear(view: int, axis: str | None, step: int | None) -> None:
        known = address.here().lab.known(address.here().given)
        told = {"view": list(views)[view], "axis": axis or "", "step": step or 0}
        address.change(**{name: value for name, value in told.items() if name in known})

    return hear


def opened(values: Values, *since: Any) -> dict[str, Any]:
    """How a wall opens: from then on the browser turns it."""
    step = getattr(values, "step", 0) or None
    found = address.on_arrival(*since, opening=values.view, axis=values.axis, step=step)
    arrival = found.pop("arrival")
    return {**found, "replay": f"{arrival} {since}"}


def show(specs: Callable[[], Sequence[Experiment]], names: Sequence[str], title: str) -> None:
    """The networks' layers and losses; they train now, if nobody has looked before."""
    st.markdown(f"##### {tr('Inside: {name}', name=title)}")
    try:
        running = compute.run([probed(spec) for spec in specs()])
    except ValueError as problem:
        st.error(tr("That cannot be run: {problem}", problem=text.quote(tr(str(problem)))))
        return
    live.follow("inside", running, lambda: running.experiments, lambda histories: draw(histories, names))


def draw(
    histories: list[History],
    names: Sequence[str],
    wide: bool = True,
    opening: str = "inputs",
    everyone: Sequence[str] = (),
    **look: Any,
) -> None:
    """The wall of the layers, opening on one of WHATS, and the losses: beside it where there is room, else below. A network's
    color is that of its place in `everyone`, or in `names`; `look` is for `wall.show`."""
    steps = sorted(set.intersection(*(set(history.probes) for history in histories)))
    if not steps:
        st.caption(tr("No step has been looked at yet."))
        return
    layers, loss = st.columns([0.7, 0.3], gap="medium") if wide else (st.container(), st.container())
    with layers:
        colors = [list(everyone or names).index(name) for name in names]
        wall.show(
            "inside layers", names, views(histories, steps), steps, opening=list(WHATS).index(opening), colors=colors, **look
        )
    top = max(2.5, *(float(np.ceil(min(10, history.loss[:20].max(initial=0)))) for history in histories))
    drawn = {"y": tr("loss"), "domain": (0, top), "height": 330 if wide else 220, "everyone": tuple(everyone), "into": loss}
    lines.over_updates(histories, names, "loss", **drawn, key="inside loss", alt=tr("Loss against updates"))


def views(histories: Sequence[History], steps: Sequence[int]) -> list[wall.View]:
    """What may be looked at in networks of one activation."""
    activation = histories[0].experiment.activation
    marks = {
        "inputs": {"zone": LINEAR_ZONE if activation in ("sigmoid", "tanh") else None},
        "activations": {"saturates": wall.ends(activation)},
    }
    return [wall.View(tr(label), wall.of(histories, steps, what), **marks.get(what, {})) for what, label in WHATS.items()]


def table(histories: Sequence[History]) -> pd.DataFrame:
    """A row for each hidden layer of each network at each update that was looked at: its numbers, and mean, std and shares of
    its histograms."""
    rows = [
        {"network": place, "update": step, "layer": number, **numbers(layer)}
        for place, history in enumerate(histories)
        for step, layers in sorted(history.probes.items())
        for number, layer in enumerate(layers, start=1)
    ]
    return pd.DataFrame(rows)


def numbers(layer: Mapping[str, Histogram | float | np.ndarray]) -> dict[str, float]:
    """Name → number of what was looked at in a layer."""
    found: dict[str, float] = {}
    for name, value in layer.items():
        if isinstance(value, Histogram):
            size = max(1, value.size)
            shares = {"zeros": value.zeros / size, "near_lower_end": value.low / size, "near_upper_end": value.high / size}
            found |= {f"{name}_{what}": n for what, n in {"mean": value.mean, "std": value.std, **shares}.items()}
        elif np.ndim(value) == 0:
            found[name] = float(value)
    return found
