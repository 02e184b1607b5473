"""Dead ReLU: a neuron whose hyperplane leaves its inputs on the silent side gets no gradient, and never comes back."""

import numpy as np
import streamlit as st

from engine import neuron
from engine.activations import ACTIVATIONS
from engine.neuron import RANGES, Bent, Life
from pages.charts import neurons
from pages.kit import text
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, row
from pages.sections.activations import hyperplanes, lives, rates

LABEL = "Dead ReLU"
NAME = "activations/dead"
BOOK = Bent()
SIDED = {name: ACTIVATIONS[name].label for name in ("relu", "leaky_relu", "prelu", "elu", "selu", "gelu", "silu")}
KNOWN: dict[str, Setting] = {
    "dead_activation": Choice("Activation", BOOK.activation, SIDED, menu=True),
    "dead_w1": Number("w₁", BOOK.w1, RANGES["w1"]),
    "dead_w2": Number("w₂", BOOK.w2, RANGES["w2"]),
    "dead_b": Number("bias b", BOOK.b, RANGES["b"]),
    "dead_lr": Number("learning rate η", BOOK.lr, RANGES["lr"]),
    "dead_steps": Number("updates", BOOK.steps, RANGES["steps"]),
    "dead_seed": Number("seed", BOOK.seed, RANGES["seed"]),
}
FORMULA = r"""\begin{aligned}
    \nabla L &= \tfrac{1}{n} \textstyle\sum (y - t)\,f'(z)\,x, \quad z = w \cdot x + b \\
    f'(z) &= 0 \text{ for } z \le 0 \text{, if } f \text{ is ReLU}
    \end{aligned}"""
STARTS = {
    "Alive": Bent(),
    "Unlucky start (A7)": Bent(w1=-1.0, w2=-0.8),
    "Large negative bias (A7)": Bent(b=-2.5),
    "Too high a rate (A7)": Bent(lr=2.0),
    "Small positive bias (A9)": Bent(b=0.1),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        with st.container(horizontal=True, gap="xsmall"):
            for name, start in STARTS.items():
                st.button(name, on_click=move, args=(start,))
        values = row(KNOWN, ("dead_w1", "dead_w2", "dead_b"))
        values["dead_lr"] = KNOWN["dead_lr"].draw("dead_lr", slider=True)
        values |= row(KNOWN, ("dead_activation", "dead_steps", "dead_seed"))
        lab.reset(KNOWN)
    try:
        spec = Bent(**{key.removeprefix("dead_"): value for key, value in values.items()})
    except ValueError as problem:
        picture.error(f"That cannot be drawn: {text.quote(str(problem))}")
        return
    life = lives.life(spec)
    with picture:
        st.vega_lite_chart(
            hyperplanes.table(spec, life),
            neurons.hyperplane(len(life.gradients)),
            key="hyperplane",
            alt="Inputs on both sides of a neuron's hyperplane, update by update, with loss and active share below",
        )
        lab.caption(NAME)
        lab.outcome(NAME, sentence(spec, life))
        lives.buttons("dead", [spec])
    sweep, words = st.columns(2, gap="medium")
    with sweep:
        rates.show(spec)
    with words:
        lab.explain(NAME, None, neuron.deltas, neuron.gradient, neuron.learn, latex=FORMULA)


def move(start: Bent) -> None:
    """Every control that describes where the neuron starts and how fast it learns; the activation stays."""
    for name in ("w1", "w2", "b", "lr"):
        st.session_state[f"dead_{name}"] = getattr(start, name)


def sentence(spec: Bent, life: Life) -> str:
    """What the neuron sees and gets at the start, and what training made of it."""
    x, t = spec.data()
    share = neuron.active(life.weights, x)
    g = neuron.gradient(ACTIVATIONS[spec.activation], spec.start, x, t)
    gets = f"its gradient in w₁, w₂, b is ({', '.join(f'{v:.3g}' for v in g)})"
    first = f"At the start the neuron is active for {share[0]:.0%} of the inputs; {gets}."
    if not g.any() and share[0]:
        return f"{first} It is the teacher itself: there is nothing left to learn."
    if not g.any():
        return (
            f"**Dead.** The neuron is active for {share[0]:.0%} of the inputs, and its gradient is exactly 0: after "
            f"{spec.steps} updates w₁, w₂ and b are bit for bit what they were."
        )
    if life.diverged_at:
        return f"{first} It **diverged** at update {life.diverged_at}: the learning rate is too high."
    return f"{first} {passage(share)} The loss went from {life.loss[0]:.3g} to {life.loss[-1]:.3g}."


def passage(share: np.ndarray) -> str:
    """How often the hyperplane left the inputs on its silent side, and how often it came back, from active shares (k+1,)."""
    silent = share == 0
    left, back = np.flatnonzero(silent[1:] & ~silent[:-1]) + 1, np.flatnonzero(~silent[1:] & silent[:-1]) + 1
    end = f"After {len(share) - 1} updates it is active for {share[-1]:.0%}."
    if not len(left) + len(back):
        return end
    if silent[-1] and not len(back):
        return f"Update {left[0]} threw its hyperplane off the inputs, and it **never came back**, in {len(share) - 1} updates."
    times = f"at update {back[0]}" + (f", and {len(back) - 1} more time{'s' * (len(back) > 2)}" if len(back) > 1 else "")
    return f"Its hyperplane had all inputs on the silent side, and **came back** {times}. {end}"
