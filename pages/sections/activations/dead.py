"""Dead ReLU: a neuron whose hyperplane leaves its inputs on the silent side gets no gradient, and never comes back."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine import neuron
from engine.activations import ACTIVATIONS
from engine.neuron import RANGES, Bent, Life
from engine.verdict import Verdict
from pages.charts import neurons
from pages.kit import address, compute, export
from pages.kit.controls import Choice, Number, Values
from pages.kit.lab import Lab
from pages.kit.language import N_, tr

BOOK = Bent()
SIDED = {name: ACTIVATIONS[name].label for name in ("relu", "leaky_relu", "prelu", "elu", "selu", "gelu", "silu")}
CONTROLS = {
    "w1": Number("w₁", BOOK.w1, RANGES["w1"]),
    "w2": Number("w₂", BOOK.w2, RANGES["w2"]),
    "b": Number("bias b", BOOK.b, RANGES["b"]),
    "lr": Number("learning rate η", BOOK.lr, RANGES["lr"], slider=True),
    "activation": Choice("Activation", BOOK.activation, SIDED, menu=True),
    "steps": Number("updates", BOOK.steps, RANGES["steps"]),
    "seed": Number("seed", BOOK.seed, RANGES["seed"]),
}
FORMULA = r"""\begin{aligned}
    \nabla L &= \tfrac{1}{n} \textstyle\sum (y - t)\,f'(z)\,x, \quad z = w \cdot x + b \\
    f'(z) &= 0 \text{ for } z \le 0 \text{, if } f \text{ is ReLU}
    \end{aligned}"""
STARTS = {
    N_("Alive"): Bent(),
    N_("Unlucky start"): Bent(w1=-1.0, w2=-0.8),
    N_("Large negative bias"): Bent(b=-2.5),
    N_("Too high a rate"): Bent(lr=2.0),
    N_("Small positive bias"): Bent(b=0.1),
}
RATES = np.geomspace(*RANGES["lr"][:2], 61)


class Story(NamedTuple):
    spec: Bent
    life: Life

    @property
    def active(self) -> np.ndarray:
        """(k+1,): share of the inputs that the neuron sees."""
        return neuron.active(self.life.weights, self.spec.data()[0])


def find(values: Values) -> Story:
    spec = Bent(**vars(values))
    return Story(spec, compute.life(spec))


def words(values: Values) -> str:
    """A neuron that is silent from the start is asked about in its own words."""
    spec = Bent(**vars(values))
    return "activations/dead" if neuron.active(spec.start, spec.data()[0]) else "activations/dead-silent"


def draw(story: Story, values: Values) -> None:  # noqa: ARG001
    st.vega_lite_chart(
        neurons.table(*story),
        neurons.hyperplane(len(story.life.gradients)),
        key="hyperplane",
        alt=tr("Inputs on both sides of a neuron's hyperplane, update by update, with loss and active share below"),
    )


def beside(story: Story | None, values: Values) -> None:  # noqa: ARG001
    """Starts of the lecture; the activation stays."""
    with st.container(horizontal=True, gap="xsmall"):
        for name, start in STARTS.items():
            place = {field: getattr(start, field) for field in ("w1", "w2", "b", "lr")}
            st.button(tr(name), on_click=address.change, kwargs=place)


def after(story: Story | None, values: Values) -> None:  # noqa: ARG001
    """What is left at every learning rate, of the chosen activation beside ReLU and its leaky relative."""
    if not story:
        return
    spec = story.spec
    export.lives("dead", [spec], [story.life])
    names = tuple(dict.fromkeys(["relu", "leaky_relu", spec.activation]))
    found = pd.concat([ends(replace(spec, activation=name, lr=RANGES["lr"].low)) for name in names])
    words = tr("Still active after {n:update|updates}, by learning rate, for this seed", n=spec.steps)
    st.markdown(f"##### {words}")
    st.vega_lite_chart(
        pd.concat([found, pd.DataFrame({"now": [spec.lr]})]),
        neurons.rates(tuple(ACTIVATIONS[name].label for name in names)),
        key="rates",
        alt=tr("Share of inputs for which the neuron is active after training, against the learning rate"),
    )


@compute.cached(200)
def ends(spec: Bent) -> pd.DataFrame:
    """Columns line, x, y: learning rate and active share after the last update; only of the neurons that did not diverge."""
    weights, _ = neuron.learn(spec, RATES[:, None])
    share = neuron.active(weights[-1], spec.data()[0])
    return pd.DataFrame({"line": ACTIVATIONS[spec.activation].label, "x": RATES, "y": share}).dropna()


def verdict(story: Story) -> Verdict:
    """What the neuron sees and gets at the start, and what training made of it."""
    (spec, life), share = story, story.active
    g1, g2, g3 = neuron.gradient(ACTIVATIONS[spec.activation], spec.start, *spec.data()).tolist()
    moves = any((g1, g2, g3))
    told = {"first": share[0], "last": share[-1], "steps": spec.steps, "g1": g1, "g2": g2, "g3": g3}
    told |= {"loss": life.loss[0], "left": life.loss[-1]}
    if not moves:
        return Verdict("finished", **told) if share[0] else Verdict("dead", right="nothing", **told)
    if life.diverged_at:
        return Verdict("lost", right="worse" if share[0] else "moves", **told, step=life.diverged_at)
    if not share[0]:
        right = "wakes" if share[-1] else "moves"
    else:
        right = "silent" if not share[-1] else "worse" if life.loss[-1] > life.loss[0] else "learns"
    times = life.loss[-1] / life.loss[0]
    also = [Verdict("higher", times=times)] if times >= 1.05 else []
    return Verdict("lived", right=right, **told, rows=[{}], also=[*passage(share), *also])


def passage(share: np.ndarray) -> list[Verdict]:
    """How the hyperplane left the inputs on its silent side and came back, from active shares (k+1,); empty if it did not."""
    silent = share == 0
    turns = np.diff(silent.astype(int))
    left, back = np.flatnonzero(turns > 0) + 1, np.flatnonzero(turns < 0) + 1
    told = {"steps": len(share) - 1, "times": len(back)}
    if len(back) and silent[-1]:
        return [Verdict("left-again", left=int(left[-1]), **told)]
    if len(back):
        return [Verdict("came-back", back=int(back[0]), **told)]
    if silent[-1]:
        return [Verdict("thrown", left=int(left[0]), **told) if len(left) else Verdict("stayed", **told)]
    return []


LAB = Lab(
    id="activations/dead",
    title="Dead ReLU",
    prefix="dead_",
    controls=CONTROLS,
    words=words,
    find=find,
    draw=draw,
    beside=beside,
    after=after,
    verdict=verdict,
    formula=FORMULA,
    code=[neuron.deltas, neuron.gradient, neuron.learn],
)
