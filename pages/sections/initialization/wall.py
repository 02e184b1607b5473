"""The wall: histograms of the activations and gradients of every layer, for several ways to draw the first weights."""

import numpy as np
import pandas as pd
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.diagnostics import LayerStatistics, layer_statistics
from engine.initializers import INITIALIZERS
from engine.registry import Range
from pages.kit import curves, histograms, lab
from pages.kit.controls import Choice, Number, Setting, assign, labels, row
from pages.sections.initialization.starts import STARTS

LABEL = "The wall"
NAME = "initialization/wall"
MOST = 4
BOOKS = {  # figure → activation, starts, depth, width
    "I3": ("Sigmoid, five layers of 100", "sigmoid", ("std-1", "std-0.01", "xavier", "he"), 5, 100),
    "I7": ("ReLU, five layers of 100", "relu", ("std-0.01", "std-1", "xavier", "he"), 5, 100),
    "I8": ("tanh, five layers of 100", "tanh", ("std-0.01", "std-1", "xavier", "he"), 5, 100),
    "I9": ("CS231n: tanh, ten layers of 500", "tanh", ("std-0.01", "std-1", "xavier"), 10, 500),
    "I11": ("CS231n: ReLU, ten layers of 500", "relu", ("xavier", "he"), 10, 500),
    "I12": ("Deep sigmoid: fine activations, no gradient", "sigmoid", ("xavier",), 10, 500),
}
BOOK = Choice("Figure", "I3", {key: f"{key} · {title}" for key, (title, *_) in BOOKS.items()}, menu=True)
LATEX = r"\operatorname{Var}[z] = n_{\text{in}} \operatorname{Var}[w]\, \operatorname{E}[x^2]"


def known() -> dict[str, Setting]:
    """The settings, whose defaults are those of the figure in the address."""
    given = BOOK.address(st.query_params.get_all("wall"))
    key = next((key for key, label in BOOK.options.items() if [label] == given), BOOK.default)
    _, activation, starts, depth, width = BOOKS[st.session_state.get("wall", key)]
    return {
        "wall": BOOK,
        "wall_activation": Choice("Activation", activation, labels(ACTIVATIONS), menu=True),
        "wall_starts": Choice(f"First weights, at most {MOST}", starts, {key: start.label for key, start in STARTS.items()}),
        "wall_depth": Number("layers ≤ 12", depth, Range(2, 12)),
        "wall_width": Number("width ≤ 500", width, Range(10, 500)),
        "wall_scale": Number("times", 1.0, Range(1e-3, 100, log=True)),
        "wall_seed": Number("seed", 0, Range(0, 9999)),
    }


def settings():
    return known()


def choose() -> None:
    assign({key: setting for key, setting in known().items() if key != "wall"})


def show():
    picture, side = lab.stage()
    with side:
        lab.predict(NAME)
        BOOK.draw("wall", on_change=choose)
        settings = known()
        activation = settings["wall_activation"].draw("wall_activation")
        chosen = settings["wall_starts"].draw("wall_starts")
        values = row(settings, ("wall_depth", "wall_width")) | row(settings, ("wall_scale", "wall_seed"))
        st.button("Reset to the textbook", on_click=choose)
    starts = [key for key in STARTS if key in chosen]
    if not 1 <= len(starts) <= MOST:
        picture.error(f"That cannot be drawn: choose one to {MOST} ways to draw the first weights, not {len(starts)}")
        return
    nets = [
        layers(activation, key, values["wall_depth"], values["wall_width"], values["wall_seed"], values["wall_scale"])
        for key in starts
    ]
    names = [STARTS[key].label for key in starts]
    with picture:
        values_of, gradients = (
            [[layer.values.ravel() for layer in net] for net in nets],
            [[layer.gradients.ravel() for layer in net] for net in nets],
        )
        tabs = dict(zip(("activations", "gradients"), st.tabs(["Activations", "Gradients"]), strict=True))
        tabs["activations"].altair_chart(histograms.wall(values_of, names), key="wall_values", alt="Activations of every layer")
        tabs["gradients"].altair_chart(histograms.wall(gradients, names), key="wall_gradients", alt="Gradients at every layer")
        lab.caption(NAME)
        lab.outcome(NAME, " ".join(sentence(name, net) for name, net in zip(names, nets, strict=True)))
        across, back = st.columns(2)
        for place, what in ((across, "std"), (back, "gradient_std")):
            spec = curve(tuple(names), what, values["wall_depth"])
            place.vega_lite_chart(depths(nets, names, what), spec, key=f"wall {what}", alt=f"{what} of every layer")
    lab.explain(NAME, None, layer_statistics, *{INITIALIZERS[STARTS[key].initializer].function for key in starts}, latex=LATEX)


@st.cache_data(max_entries=30, show_spinner=False)
def layers(activation: str, start: str, depth: int, width: int, seed: int, scale: float) -> list[LayerStatistics]:
    chosen = STARTS[start]
    return layer_statistics(
        activation, chosen.initializer, depth=depth, width=width, samples=1000, seed=seed, init_scale=scale * chosen.scale
    )


def depths(nets: list[list[LayerStatistics]], names: list[str], what: str) -> pd.DataFrame:
    rows = [
        (name, place + 1, max(getattr(layer, what), 1e-30)) for name, net in zip(names, nets, strict=True)
        for place, layer in enumerate(net) if np.isfinite(getattr(layer, what))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["line", "x", "y"]).assign(low=lambda d: d["y"], high=lambda d: d["y"])


def curve(names: tuple[str, ...], what: str, depth: int) -> curves.Spec:
    title = {"std": "std of the activations", "gradient_std": "std of the gradients"}[what]
    return curves.lines(names, x="layer", y=title, end=depth, domain=(1e-8, 1e2), log=True, height=260)


def sentence(name: str, net: list[LayerStatistics]) -> str:
    """What a layer does to the signal and to the gradient, and what is left at the other end."""
    first, last, depth = net[0], net[-1], len(net)
    if not np.isfinite([last.std, first.gradient_std]).all():
        return f"**{name}**: the signal overflows."
    kept = (last.std / first.std) ** (1 / (depth - 1)) if first.std and last.std else 0.0
    back = (first.gradient_std / last.gradient_std) ** (1 / (depth - 1)) if last.gradient_std else 0.0
    stuck = (last.zeros, "zeros") if last.zeros > 0.2 else (last.saturated, "saturated")
    told = f"{stuck[0]:.0%} {stuck[1]}" if stuck[0] > 0.2 else ""
    return (
        f"**{name}**: the std of the activations is multiplied by {kept:.2g} a layer and ends at {last.std:.2g}"
        f"{f' ({told})' if told else ''}; going back, gradients are multiplied by {back:.2g}, which leaves "
        f"{first.gradient_std / last.gradient_std:.1g} of them at the first layer."
    )
