"""Inside: the weights of the plain network, the decayed one and the one with dropout, and dropout as an ensemble."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.histogram import count
from engine.layers import Dropout
from engine.network import Weights
from engine.registry import Range
from engine.trained import ensemble, learned, restore
from engine.training import train
from pages.charts import norms
from pages.kit import sheets, testing
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, row
from pages.sections.regularization.nets import BOOK, DECAYED, NETS, PLAIN, net

LABEL = "Inside"
NAME = "regularization/weights"
MOMENTS, UNITS, MASKS = 12, 25, 64
DROPOUTS = {kind: NETS[kind] for kind in ("inverted", "book")}
WHATS = {"weights": "The weights", "added": "What the data added"}
KNOWN: dict[str, Setting] = {
    "weights_dropout": Choice("Dropout", "inverted", DROPOUTS, menu=True),
    "weights_decay": Number("weight decay λ", DECAYED.weight_decay, Range(0, 10)),
    "weights_rate": Number("dropout rate", BOOK.dropout, Range(0, 0.9)),
    "weights_lr": Number("lr", PLAIN.lr, Range(1e-4, 1, log=True)),
    "weights_steps": Number("updates, 24 to 2000", PLAIN.steps, Range(24, 2000)),
    "weights_layer": Number("layer, 1 to 6", 1, Range(1, 6)),
    "weights_moment": Number("moment, 1 to 12", MOMENTS, Range(1, MOMENTS)),
    "weights_what": Choice("What", "added", WHATS),
}
LATEX = r"""\begin{aligned}
\|W\| &= \sqrt{\textstyle\sum w^2} \\
\hat y_{\text{ensemble}} &= \frac1k\sum_{j=1}^{k} \operatorname{softmax}\big(z(x;\, m_j)\big)
\end{aligned}"""


def show():
    picture, side = lab.stage(NAME)
    with side:
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
        bundles = norms.norms(histories, names, layer, moment, steps)
        left.altair_chart(bundles, key="weights_norms", alt="Norm of the weights of every layer against updates")
        bars = norms.histogram(histories, names, layer, moment)
        right.altair_chart(bars, key="weights_histogram", alt="Histogram of the weights of one layer")

    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
        if histories:
            lab.outcome(NAME, sentence(histories, names, layer) + lab.diverged(histories, names))
    if histories:
        first_layer(histories, names)
        if not histories[-1].diverged:
            masks(histories[-1])
    lab.explain(NAME, histories, Dropout, count, ensemble, train, latex=LATEX)


def sentence(histories: list[History], names: list[str], layer: int) -> str:
    """The norm of the chosen layer before and after, network by network."""
    last = histories[0].experiment.steps
    known = [(name, h) for name, h in zip(names, histories, strict=True) if not h.diverged]
    ends = [[float(h.probes[t][layer]["weight_norm"]) for t in (1, last)] for _, h in known]
    told = [f"**{name}** {start:.2f} → {end:.2f}" for (name, _), (start, end) in zip(known, ends, strict=True)]
    return f"The norm of W in layer {layer + 1}, from update 1 to {last}: {', '.join(told) or 'none is finite'}."


def first_layer(histories: list[History], names: list[str]) -> None:
    """The same units of the first layer in every network, as images on one scale."""
    st.markdown("##### What the first layer looks for")
    what = KNOWN["weights_what"].draw("weights_what")
    known = [(name, history) for name, history in zip(names, histories, strict=True) if not history.diverged]
    if not known:
        st.caption("Networks that have diverged have no weights to show.")
        return
    units = sheets.strongest(added(known[0][1]), UNITS)
    found = [(added(h) if what == "added" else dense(h, h.experiment.steps))[:, units] for _, h in known]
    top = float(np.percentile(np.abs(found), 99.5))
    for place, picked, (name, _) in zip(st.columns(len(names), gap="small"), found, known, strict=False):
        place.image(sheets.sheet(picked, top), width="stretch", caption=name)
    st.caption(
        f"The {UNITS} units to which the data added most in the first network, and the same units, with the same first "
        f"weights, in the others. Each is 28 × 28 weights, one a pixel: red excites the unit, blue inhibits it; full color "
        f"from ±{top:.2g} on. What the data added are the weights less what decay has left of the first ones, "
        "$W_t - (1 - \\eta\\lambda)^{t-1} W_1$. Look for strokes of digits."
    )


def dense(history: History, step: int) -> np.ndarray:
    """W of the first layer, (784, width), after a step."""
    return restore(history.experiment, history.weights[step]).dense[0].W


def added(history: History) -> np.ndarray:
    """What the data added to W of the first layer: for SGD exactly the gradients' part."""
    spec = history.experiment
    return learned(spec, dense(history, 1), dense(history, spec.steps))


def masks(history: History) -> None:
    """Dropout as an ensemble: the average of many masks against the one scaled network."""
    spec, step = history.experiment, history.experiment.steps
    kept: Weights = history.weights[step]
    together = testing.masks(spec, step, MASKS, kept)
    scaled = float((testing.probabilities(spec, step, kept).argmax(axis=-1) == testing.images(spec)[1]).mean())
    st.markdown("##### Dropout is an ensemble")
    picture, words = st.columns([0.62, 0.38], gap="medium", vertical_alignment="center")
    picture.altair_chart(norms.masks(together, scaled), key="weights_masks", alt="Test accuracy against masks averaged")
    words.markdown(
        f"One random mask alone gets {together[0]:.3f} of the test images right, the mean answer of {MASKS} masks "
        f"{together[-1]:.3f}. The network with no unit dropped and its signal scaled gets {scaled:.3f} in a single pass."
    )
    words.caption("Each mask is a smaller network, all share their weights. Look how fast the line comes close to the rule.")
