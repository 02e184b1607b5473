"""The wall: histograms of the activations and gradients of every layer, for several ways to draw the first weights."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics, predicted
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import signals
from pages.kit import compute, export, inside, wall
from pages.kit.address import Given
from pages.kit.controls import EVERYTHING, Choice, Controls, Number, Values, labels
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.sections.initialization.nets import INPUTS, SAMPLES, SOURCES, Layer, layers, table
from pages.sections.initialization.starts import LABELS, STARTS, code, menu, picked, spoken

MOST, ALIVE = 4, 10  # ways at a time; what changes by less than this factor is alive
VIEWS = {"activations": "Activations", "gradients": "Gradients"}
SIZES = {"std-1": "large", "std-0.01": "tiny"} | dict.fromkeys(("xavier", "glorot", "he", "lecun", "orthogonal"), "fitted")
LATEX = (
    r"\operatorname{Var}[z] = n_\text{in} \operatorname{Var}[w]\, \operatorname{E}[x^2] \qquad "
    r"\operatorname{Var}[g_{l-1}] = n_\text{out} \operatorname{Var}[w]\, \operatorname{E}[f'(z)^2]\, \operatorname{Var}[g_l]"
)


class Figure(NamedTuple):
    """A setting of a book."""

    title: str
    activation: str
    starts: tuple[str, ...]
    depth: int = 5
    width: int = 100
    view: str = "activations"


FIGURES = {
    "I3": Figure("I3–I6 · Sigmoid, five layers of 100", "sigmoid", ("std-1", "std-0.01", "xavier", "he")),
    "I7": Figure("I7 · ReLU, five layers of 100", "relu", ("std-0.01", "std-1", "xavier", "he")),
    "I8": Figure("I8 · tanh, five layers of 100", "tanh", ("std-0.01", "std-1", "xavier", "he")),
    "I9": Figure("I9–I11 · CS231n: tanh, ten layers of 500", "tanh", ("std-0.01", "std-1", "xavier"), 10, 500),
    "I11": Figure("I11 · CS231n: ReLU, ten layers of 500", "relu", ("xavier", "he"), 10, 500),
    "I12": Figure("I12 · Deep sigmoid: fine activations, no gradient", "sigmoid", ("xavier",), 10, 500, "gradients"),
    "own": Figure("None of a book: a pair of your own", "relu", ("he",), 10),
}
FIGURE = Choice("Figure", "I3", {key: f.title for key, f in FIGURES.items()}, menu=True, key="wall", resets=EVERYTHING)


def controls(given: Given) -> Controls:
    """The settings, whose defaults are those of the figure."""
    figure = FIGURES[given.get("figure", FIGURE.default)]
    fold = "Input and scale"
    return {
        "figure": FIGURE,
        "activation": Choice("Activation", figure.activation, labels(ACTIVATIONS), menu=True),
        "starts": menu(MOST, tuple(key for key in STARTS if key in figure.starts)),
        "depth": Number("layers ≤ 12", figure.depth, Range(2, 12)),
        "width": Number("width ≤ 500", figure.width, Range(10, 500)),
        "seed": Number("seed", 0, Range(0, 9999)),
        "input": Choice("Input", "normal", INPUTS, fold=fold),
        "times": Number("input ×", 1.0, Range(1e-3, 1000, log=True), fold=fold),
        "scale": Number("weights ×", 1.0, Range(1e-3, 100, log=True), fold=fold),
        **inside.looks(VIEWS, figure.view),
    }


@dataclass(frozen=True)
class Wall:
    """The nets of one activation by their start; of weights times `scale`."""

    activation: str
    scale: float
    nets: dict[str, list[Layer]]


def find(values: Values) -> Wall:
    starts = picked(values.starts, MOST)
    asked = [values.depth, values.width, values.seed, values.scale, values.input, values.times]
    calls = [(values.activation, key, *asked) for key in starts]
    nets = compute.each(layers, calls, N_("Sending signals through the layers …"))
    return Wall(values.activation, values.scale, dict(zip(starts, nets, strict=True)))


def draw(found: Wall, values: Values) -> None:
    outputs, back = ([[[getattr(layer, what) for layer in net] for net in found.nets.values()]] for what in ("outputs", "back"))
    activations, gradients = tr("activations").capitalize(), tr("Gradients")  # the page is called Activations, too
    views = [wall.View(activations, outputs, wall.ends(found.activation)), wall.View(gradients, back)]
    names = [tr(LABELS[key]) for key in found.nets]
    look = inside.opened(values, values.figure)
    look |= {"opening": list(VIEWS).index(look["opening"]), "on_view": inside.turned(VIEWS)}
    wall.show("histograms", names, views, colors=[spoken().index(name) for name in names], **look)


def after(found: Wall | None, values: Values) -> None:
    """Measured and predicted, layer by layer, and the script that sends the signals again."""
    if found is None:
        return
    rows, names = table(found.nets), tuple(tr(LABELS[key]) for key in found.nets)
    rows["first_weights"] = rows["first_weights"].map(tr)
    for place, what in zip(st.columns(len(signals.WHATS)), signals.WHATS, strict=True):
        data = signals.lines(rows, what)
        chart = signals.layers(names, spoken(), what, values.depth, signals.domain(data, what))
        place.vega_lite_chart(data, chart, key=f"wall {what}", alt=tr("{what} of every layer", what=tr(signals.WHATS[what])))
    st.caption(
        tr(
            "Points are measured. In the charts of standard deviations lines are what the variance argument says before any "
            "number is drawn; where weights are not drawn at random it has nothing to say. In the chart of means they join "
            "the points."
        )
    )
    export.script("layers", lambda: script_of(values))


def verdict(found: Wall) -> Verdict:
    """What a layer does to signal and gradient, and what is left at the other end; whose both are left is alive."""
    rows, also, alive = [], [], []
    for key, net in found.nets.items():
        name, ends = LABELS[key], [net[0].outputs.std, net[-1].outputs.std, net[0].back.std, net[-1].back.std]
        if not np.isfinite(ends).all() or not all(ends):
            also.append(Verdict("nothing" if np.isfinite(ends).all() else "overflow", name=name))
            continue
        left, back, layers_between = ends[1] / ends[0], ends[2] / ends[3], len(net) - 1
        word, share = net[-1].stuck(found.activation)
        kept, kept_back = left ** (1 / layers_between), back ** (1 / layers_between)
        numbers = {"left": left, "kept": kept, "back": back, "kept_back": kept_back, "share": share, "word": word}
        rows.append({"name": name} | numbers)
        alive += [key] * (1 / ALIVE < left < ALIVE and 1 / ALIVE < back < ALIVE)
    sizes = {SIZES.get(key, "") for key in alive} if found.scale == 1 else {""}
    right = sizes.pop() if len(sizes) == 1 else "" if alive else "none"
    many = {"count": len(alive), "total": len(found.nets), "depth": len(next(iter(found.nets.values())))}
    return Verdict("layers" if rows else "gone", right=right, rows=rows, also=also, **many)


def script_of(values: Values) -> str:
    """What sends the signals again."""
    numbers = {name: getattr(values, name) for name in ("depth", "width", "seed", "times", "activation")}
    drawn = [(STARTS[key].initializer, STARTS[key].scale * values.scale) for key in values.starts]
    inputs = SOURCES[values.input].format(samples=SAMPLES, **numbers)
    return export.SIGNALS.format(inputs=inputs, starts=drawn, samples=SAMPLES, **numbers)


LAB = Lab(
    id="initialization/wall",
    title="Layer by layer",
    was=("The wall",),
    prefix="wall_",
    controls=controls,
    find=find,
    draw=draw,
    after=after,
    verdict=verdict,
    table=lambda found: table(found.nets),
    formula=LATEX,
    code=lambda values: [layer_statistics, predicted, *code(values.starts)],
)
