"""The wall: histograms of the activations and gradients of every layer, for several ways to draw the first weights."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from engine.diagnostics import layer_statistics, predicted
from pages.charts import signals
from pages.kit import compute, wall
from pages.kit.old import lab
from pages.kit.old.controls import row
from pages.sections.initialization import depths, figures, takehome
from pages.sections.initialization.nets import Layer, layers
from pages.sections.initialization.starts import STARTS, code, picked

LABEL = "The wall"
NAME = "initialization/wall"
LATEX = (
    r"\operatorname{Var}[z] = n_\text{in} \operatorname{Var}[w]\, \operatorname{E}[x^2] \qquad "
    r"\operatorname{Var}[g_{l-1}] = n_\text{out} \operatorname{Var}[w]\, \operatorname{E}[f'(z)^2]\, \operatorname{Var}[g_l]"
)


settings = figures.settings


def controls() -> tuple[str, list[str], dict]:
    """The activation, the chosen ways to draw the first weights, and the numbers, as the controls have them."""
    figures.BOOK.draw("wall", on_change=figures.choose)
    known = settings()
    activation = known["wall_activation"].draw("wall_activation")
    chosen = known["wall_starts"].draw("wall_starts")
    values = row(known, ("wall_depth", "wall_width", "wall_seed"))
    with st.expander("Input and scale", expanded=bool({"wall_input", "wall_times", "wall_scale"} & set(st.query_params))):
        values["wall_input"] = known["wall_input"].draw("wall_input")
        values |= row(known, ("wall_times", "wall_scale"))
    st.button("Reset to the textbook", on_click=figures.choose)
    return activation, chosen, values


def show():
    picture, side = lab.stage(NAME)
    with side:
        activation, chosen, values = controls()
    try:
        starts = picked(chosen, figures.MOST)
    except ValueError as problem:
        picture.error(f"That cannot be drawn: {problem}")
        return
    asked = [values[f"wall_{name}"] for name in ("depth", "width", "seed", "scale", "input", "times")]
    with compute.threads() as pool:
        nets = list(pool.map(lambda key: layers(activation, key, *asked), starts))
    names = [STARTS[key].label for key in starts]
    with picture:
        figure = st.session_state["wall"]
        wall.show("histograms", names, views(activation, nets), opening=int(figure == "I12"), replay=figure)
        lab.caption(NAME)
        lab.outcome(NAME, " ".join(sentence(name, net, activation) for name, net in zip(names, nets, strict=True)))
    for place, what in zip(st.columns(len(signals.WHATS)), signals.WHATS, strict=True):
        data = depths.table(nets, names, what)
        spec = signals.layers(tuple(names), what, values["wall_depth"], signals.domain(data, what))
        place.vega_lite_chart(data, spec, key=f"wall {what}", alt=f"{signals.WHATS[what]} of every layer")
    st.caption(
        "Points are measured, in the colors of the wall; lines are what the variance argument says before any number is "
        "drawn. Where weights are not drawn at random it has nothing to say."
    )
    takehome.buttons(activation, starts, nets, values)
    lab.explain(NAME, None, layer_statistics, predicted, *code(starts), latex=LATEX)


def views(activation: str, nets: Sequence[Sequence[Layer]]) -> list[wall.View]:
    return [
        wall.View("Activations", [[[layer.outputs for layer in net] for net in nets]], wall.ends(activation)),
        wall.View("Gradients", [[[layer.back for layer in net] for net in nets]]),
    ]


def sentence(name: str, net: Sequence[Layer], activation: str) -> str:
    """What a layer does to the signal and to the gradient, and what is left at the other end."""
    first, last, between = net[0], net[-1], len(net) - 1
    ends = first.outputs.std, last.outputs.std, first.back.std, last.back.std
    if not np.isfinite(ends).all():
        return f"**{name}**: the signal overflows."
    if not all(ends):
        return f"**{name}**: nothing arrives at the other end."
    left, back = last.outputs.std / first.outputs.std, first.back.std / last.back.std
    word, share = last.stuck(activation)
    stuck = f" ({share:.0%} {word})" if share > 0.2 else ""
    kept, kept_back = left ** (1 / between), back ** (1 / between)
    return (
        f"**{name}**: a layer multiplies the std of the signal by {kept:.2g}, which leaves {left:.1g} of it at layer "
        f"{len(net)}{stuck}, and that of the gradients, going back, by {kept_back:.2g}: {back:.1g} at layer 1."
    )
