"""Inside: the weights of the plain network, the decayed one and the one with dropout, and dropout as an ensemble."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.layers import Dropout
from engine.registry import Range
from engine.trained import ensemble, learned, restore
from engine.training import penalize
from engine.verdict import Verdict, paired
from pages.charts import norms
from pages.kit import images, sheets, testing
from pages.kit.controls import Choice, Number, Values, never, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import diverged, told
from pages.sections.regularization import nets
from pages.sections.regularization.nets import NETS, PLAIN

MOMENTS, UNITS, MASKS = 12, 25, 64
CONTROLS = {
    "mode": Choice(
        "Dropout", "inverted", {kind: NETS[kind] for kind in ("inverted", "book")}, menu=True, key="weights_dropout"
    ),
    **nets.strengths("weights_"),
    **of(PLAIN, lr=(1e-4, 1), steps=(24, 2000)),
    "seeds": seeds(3, 5),
    "layer": Number("layer, 1 to 6", 1, Range(1, 6)),
    "moment": Number("moment, 1 to 12", MOMENTS, Range(1, MOMENTS)),
    "what": Choice("What", "added", {"weights": "The weights", "added": "What the data added"}, when=never),
}
LEFT = r"$W_t - (1 - \eta\lambda)^{t-1} W_1$"
LATEX = r"""\begin{aligned}
\|W\| &= \sqrt{\textstyle\sum w^2} \\
\hat y_{\text{ensemble}} &= \frac1k\sum_{j=1}^{k} \operatorname{softmax}\big(z(x;\, m_j)\big)
\end{aligned}"""


def moments(steps: int) -> list[int]:
    return np.linspace(1, steps, MOMENTS).round().astype(int).tolist()


def specs(values: Values) -> list[Experiment]:
    steps = values.steps
    base = replace(PLAIN, lr=values.lr, steps=steps, eval_every=nets.looks(steps))
    base = replace(base, probe_steps=tuple(moments(steps)), weight_steps=(1, steps))
    return seeded([nets.net(kind, base, values) for kind in ("plain", "decay", values.mode)], values.seeds)


def first(histories: list[History], values: Values) -> tuple[list[History], list[str]]:
    """The three networks of the first seed, and their names."""
    kinds, shown = ("plain", "decay", values.mode), histories[:3]
    return shown, [nets.title(kind, history.experiment) for kind, history in zip(kinds, shown, strict=True)]


def draw(histories: list[History], values: Values) -> None:
    shown, names = first(histories, values)
    moment = moments(values.steps)[values.moment - 1]
    left, right = st.columns([0.58, 0.42], gap="small")
    bundles = norms.norms(shown, names, values.layer - 1, moment, values.steps)
    left.vega_lite_chart(*bundles, key="weights_norms", alt=tr("Norm of the weights of every layer against updates"))
    bars = norms.histogram(shown, names, values.layer - 1, moment)
    right.vega_lite_chart(*bars, key="weights_histogram", alt=tr("Histogram of the weights of one layer"))


def norm(history: History, step: int) -> float:
    """√Σ‖W‖² of the hidden layers before the update; NaN if the network has diverged."""
    return np.nan if history.diverged else float(np.sqrt(sum(layer["weight_norm"] ** 2 for layer in history.probes[step])))


def verdict(histories: list[History]) -> Verdict:
    """The norm of all hidden weights before and after, against the plain network in pairs of one seed."""
    found, lost = nets.by_kind(histories), diverged(histories, nets.names(histories))
    steps = histories[0].experiment.steps
    ends = {kind: np.array([[norm(h, step) for h in own] for step in (1, steps)]) for kind, own in found.items()}
    rows = [
        {
            "name": NETS[kind],
            "start": np.nanmean(start),
            "end": np.nanmean(end),
            "seeds": int(np.isfinite(end).sum()),
            "than": "–" if kind == "plain" else told(paired(end, ends["plain"][1]), 2),
        }
        for kind, (start, end) in ends.items()
        if np.isfinite(end).any()
    ]
    if not rows:
        return Verdict("lost", also=lost)
    numbers = {"updates": steps, "rows": rows, "also": [*nets.off(histories), *lost]}
    least = min(ends, key=lambda kind: np.inf if np.isnan(ends[kind][1]).all() else np.nanmean(ends[kind][1]))
    less = [paired(ends[kind][1], ends[least][1]) for kind in ends if kind != least]
    pairs = max((difference.seeds for difference in less), default=0)
    if not pairs:
        return Verdict("alone", **numbers)
    if pairs < 2:
        return Verdict("one", **numbers)
    sure = all(difference.told for difference in less)
    right = (least if least in ("plain", "decay") else "dropout") if sure else ""
    return Verdict("norms", right=right, **numbers)


def after(histories: list[History] | None, values: Values) -> None:
    """What the first layer looks for, and dropout as an ensemble, in the networks of the first seed."""
    if histories is None:
        return
    shown, names = first(histories, values)
    first_layer(shown, names, values.what)
    if not values.dropout:
        st.caption(tr("With a dropout rate of 0 there is nothing to drop, and no ensemble."))
    elif not shown[-1].diverged:
        masks(shown[-1])


def first_layer(histories: list[History], names: list[str], what: str) -> None:
    """The same units of the first layer in every network, as images on one scale."""
    st.markdown(f"##### {tr('What the first layer looks for')}")
    CONTROLS["what"].draw("weights_what")
    known = [(name, history) for name, history in zip(names, histories, strict=True) if not history.diverged]
    if not known:
        st.caption(tr("Networks that have diverged have no weights to show."))
        return
    units = sheets.strongest(added(known[0][1]), UNITS)
    found = [(added(h) if what == "added" else dense(h, h.experiment.steps))[:, units] for _, h in known]
    top = float(np.percentile(np.abs(found), 99.5))
    for place, picked, (name, _) in zip(st.columns(len(names), gap="small"), found, known, strict=False):
        place.image(images.drawn(sheets.sheet(picked, top)), width="stretch", caption=name)
    st.caption(
        tr(
            "The {units} units to which the data added most in the first network, and the same units, with the same first "
            "weights, in the others. Each is 28 × 28 weights, one a pixel: red excites the unit, blue inhibits it; full color "
            "from ±{top:.2g} on. What the data added are the weights less what decay has left of the first ones, "
            "{formula}. Look for strokes of digits.",
            units=UNITS,
            top=top,
            formula=LEFT,
        )
    )


def dense(history: History, step: int) -> np.ndarray:
    """W of the first layer, (784, width), after a step."""
    return restore(history.experiment, history.weights[step]).dense[0].W


def added(history: History) -> np.ndarray:
    """What the data added to W of the first layer: for SGD exactly the gradients' part."""
    return learned(history.experiment, dense(history, 1), dense(history, history.experiment.steps))


def masks(history: History) -> None:
    """Dropout as an ensemble: the average of many masks against the one scaled network."""
    spec, step = history.experiment, history.experiment.steps
    together = testing.masks(spec, step, MASKS, history.weights[step])
    scaled = float((testing.probabilities(spec, step, history.weights[step]).argmax(axis=-1) == testing.images(spec)[1]).mean())
    st.markdown(f"##### {tr('Dropout is an ensemble')}")
    picture, words = st.columns([0.62, 0.38], gap="medium", vertical_alignment="center")
    alt = tr("Test accuracy against masks averaged")
    picture.vega_lite_chart(*norms.masks(together, scaled), key="weights_masks", alt=alt)
    words.markdown(
        tr(
            "One random mask alone gets {one:.3f} of the test images right, the mean answer of {masks} masks {all:.3f}. The "
            "network with no unit dropped and its signal scaled gets {scaled:.3f} in a single pass.",
            one=together[0],
            masks=MASKS,
            all=together[-1],
            scaled=scaled,
        )
    )
    words.caption(
        tr("Each mask is a smaller network, all share their weights. Look how fast the line comes close to the rule.")
    )


LAB = Lab(
    id="regularization/weights",
    title="Inside",
    prefix="weights_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    after=after,
    table=norms.table,
    spread=N_("Pictures: the first of {seeds} seeds."),
    formula=LATEX,
    code=[penalize, Dropout, ensemble, learned],
)
