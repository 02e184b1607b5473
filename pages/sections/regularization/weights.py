"""Inside: the weights of the plain network, the decayed one and the one with dropout, and dropout as an ensemble."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.layers import Dropout
from engine.network import Weights
from engine.registry import Range
from engine.trained import ensemble, restore
from engine.training import histogram, train
from pages.kit import digits, lab, testing
from pages.kit import weights as pictures
from pages.kit.controls import Choice, Number, Setting, row
from pages.sections.regularization.nets import BOOK, DECAYED, NETS, PLAIN, diverged, net

LABEL = "Inside"
NAME = "regularization/weights"
MOMENTS, UNITS, MASKS = 12, 25, 64
DROPOUTS = {kind: NETS[kind] for kind in ("inverted", "book")}
WHATS = {"weights": "The weights", "change": "Their change since update 1"}
KNOWN: dict[str, Setting] = {
    "weights_dropout": Choice("Dropout", "inverted", DROPOUTS, menu=True),
    "weights_decay": Number("weight decay λ", DECAYED.weight_decay, Range(0, 10)),
    "weights_rate": Number("dropout rate", BOOK.dropout, Range(0, 0.9)),
    "weights_lr": Number("lr", PLAIN.lr, Range(1e-4, 1, log=True)),
    "weights_steps": Number("updates, 24 to 2000", PLAIN.steps, Range(24, 2000)),
    "weights_layer": Number("layer, 1 to 6", 1, Range(1, 6)),
    "weights_moment": Number("moment, 1 to 12", MOMENTS, Range(1, MOMENTS)),
    "weights_what": Choice("What", "change", WHATS),
}
LATEX = r"""\|W\| = \sqrt{\textstyle\sum w^2}
\qquad
\hat y_{\text{ensemble}} = \frac1k\sum_{j=1}^{k} \operatorname{softmax}\big(z(x;\, m_j)\big)"""


def settings():
    return KNOWN


def show():
    picture, side = lab.stage()
    with side:
        lab.predict(NAME)
        values = {"weights_dropout": KNOWN["weights_dropout"].draw("weights_dropout")}
        values |= row(KNOWN, ("weights_decay", "weights_rate")) | row(KNOWN, ("weights_lr", "weights_steps"))
        values |= row(KNOWN, ("weights_layer", "weights_moment"))
        lab.reset(KNOWN)
    steps, layer = values["weights_steps"], values["weights_layer"] - 1
    kinds = ("plain", "decay", values["weights_dropout"])
    names = [NETS[kind] for kind in kinds]
    moments = np.linspace(1, steps, MOMENTS).round().astype(int).tolist()
    moment = moments[values["weights_moment"] - 1]

    def specs() -> list[Experiment]:
        base = replace(PLAIN, lr=values["weights_lr"], steps=steps, probe_steps=tuple(moments), weight_steps=(1, steps))
        return [net(kind, base, values["weights_decay"], values["weights_rate"]) for kind in kinds]

    def draw(histories: list[History]) -> None:
        left, right = st.columns([0.58, 0.42], gap="small")
        norms = pictures.norms(histories, names, layer, moment, steps)
        left.altair_chart(norms, key="weights_norms", alt="Norm of the weights of every layer against updates")
        bars = pictures.histogram(histories, names, layer, moment)
        right.altair_chart(bars, key="weights_histogram", alt="Histogram of the weights of one layer")

    histories = lab.run(NAME, picture, side, specs, draw)
    with picture:
        st.caption(
            "Left, the norm of the weights of each hidden layer, a bundle of six lines a network, the chosen layer thick. Right, all "
            "weights of that layer at the dotted moment. Look which bundle sinks, and what that does to the width of its histogram."
        )
        if histories:
            lab.outcome(NAME, sentence(histories, names, layer) + diverged(histories, names))
    if histories:
        first_layer(histories, names)
        if not histories[-1].diverged:
            masks(histories[-1])
    lab.explain(NAME, histories, Dropout, histogram, ensemble, train, latex=LATEX)


def sentence(histories: list[History], names: list[str], layer: int) -> str:
    """The norm of the chosen layer before and after, network by network."""
    last = histories[0].experiment.steps
    ends = [[float(h.probes[t][layer]["weight_norm"]) for t in (1, last)] for h in histories]
    told = [f"**{name}** {start:.2f} → {end:.2f}" for name, (start, end) in zip(names, ends, strict=True)]
    return f"The norm of W in layer {layer + 1}, from update 1 to {last}: {', '.join(told)}."


def first_layer(histories: list[History], names: list[str]) -> None:
    """The same units of the first layer in every network, as images on one scale."""
    st.markdown("##### What the first layer looks for")
    what = KNOWN["weights_what"].draw("weights_what")
    found = []
    for history in histories:
        start, end = (dense(history, step) for step in history.experiment.weight_steps)
        found.append(end - start if what == "change" else end)
    if not all(np.isfinite(W).all() for W in found):
        st.caption("A network that has diverged has no weights to show.")
        return
    units = digits.strongest(dense(histories[0], histories[0].experiment.steps) - dense(histories[0], 1), UNITS)
    top = float(np.percentile(np.abs(np.concatenate([W[:, units] for W in found])), 99.5))
    for place, W, name in zip(st.columns(len(found), gap="small"), found, names, strict=True):
        place.image(digits.sheet(W[:, units], top), width="stretch", caption=name)
    st.caption(
        f"The {UNITS} units whose weights changed most in the plain network, the same units in all three: they began with the same "
        f"random weights. Each is 28 × 28 weights, one a pixel: red counts for the unit, blue against it, full color from ±{top:.2g} on."
    )


def dense(history: History, step: int) -> np.ndarray:
    """W of the first layer, (784, width), after a step."""
    return restore(history.experiment, history.weights[step]).dense[0].W


def masks(history: History) -> None:
    """Dropout as an ensemble: the average of many masks against the one scaled network."""
    spec, step = history.experiment, history.experiment.steps
    kept: Weights = history.weights[step]
    together = testing.masks(spec, step, MASKS, kept)
    scaled = float((testing.probabilities(spec, step, kept).argmax(axis=-1) == testing.images(spec)[1]).mean())
    st.markdown("##### Dropout is an ensemble")
    picture, words = st.columns([0.62, 0.38], gap="medium", vertical_alignment="center")
    picture.altair_chart(pictures.masks(together, scaled), key="weights_masks", alt="Test accuracy against masks averaged")
    words.markdown(
        f"One random mask alone gets {together[0]:.3f} of the test images right, the mean answer of {MASKS} masks {together[-1]:.3f}. "
        f"The network with no unit dropped and its signal scaled gets {scaled:.3f} in a single pass: that is the bargain of dropout."
    )
    words.caption("Each mask is a smaller network, all share their weights. Look how fast the line comes close to the rule.")
