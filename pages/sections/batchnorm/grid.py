"""The grid: the same network from sixteen weight scales, with and without batch normalization, all training at once."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, SCALES, Experiment
from engine.layers import BatchNorm
from engine.registry import Range
from pages.kit import curves, inside, lab
from pages.kit.controls import Choice, Number, Setting, labels, row
from pages.sections.batchnorm import formulas
from pages.sections.batchnorm.families import FAMILIES

LABEL = "The grid"
NAME = "batchnorm/grid"
SHORT = {"none": "without", "before": "with"}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
BOOK = PRESETS["B5"][0]


def wide() -> list[Experiment]:
    """Every third scale with each of six learning rates."""
    return [replace(spec, lr=lr) for spec in PRESETS["B5"] if spec.init_scale in SCALES[::3] for lr in RATES]


GRIDS = {"book": list(PRESETS["B5"]), "wide": wide()}


def title(spec: Experiment) -> str:
    return f"std {spec.init_scale:.2g}"


def cell(spec: Experiment, of: str) -> tuple[str, str]:
    """Column and row of a network on the map."""
    return f"{spec.init_scale:.2g}", SHORT[spec.batchnorm] + (f", lr {spec.lr:g}" if of == "wide" else "")


CELLS = {f"{of}-{place}": "std {}, {}".format(*cell(s, of)) for of, grid in GRIDS.items() for place, s in enumerate(grid)}
KNOWN: dict[str, Setting] = {
    "grid": Choice("Grid", "book", {"book": "16 scales", "wide": "Scales × learning rates"}),
    "grid_activation": Choice("Activation", "relu", labels(ACTIVATIONS), menu=True),
    "grid_lr": Number("lr", BOOK.lr, Range(1e-4, 10, log=True)),
    "grid_steps": Number("updates ≤ 600", BOOK.steps, Range(20, 600)),
    "grid_seed": Number("seed", BOOK.seed, Range(0, 9999)),
    "cell": Choice("Look inside", "", {"": "Click a cell, or choose", **CELLS}, menu=True),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        of = KNOWN["grid"].draw("grid")
        values = row(KNOWN, ("grid_lr", "grid_steps", "grid_seed") if of == "book" else ("grid_steps", "grid_seed"))
        values["grid_activation"] = KNOWN["grid_activation"].draw("grid_activation")
        lab.reset(KNOWN)
        opened = KNOWN["cell"].draw("cell")

    def specs() -> list[Experiment]:
        changes = {key.removeprefix("grid_"): value for key, value in values.items()}
        return [replace(spec, **changes) for spec in GRIDS[of]]

    def draw(histories: list[History]) -> None:
        if st.session_state["cell"] != opened:  # a click has chosen another one, in the fragment alone
            st.rerun()
        if of == "book":
            panels(histories)
        cells(histories, of)

    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
        if histories:
            lab.outcome(NAME, sentence(histories, of))
    if opened.startswith(of):
        place = int(opened.removeprefix(f"{of}-"))

        def pair() -> list[Experiment]:
            return [replace(specs()[place], batchnorm=norm) for norm in FAMILIES]

        inside.show(pair, list(FAMILIES.values()), heading(of, place))
    elif opened:
        side.caption("The chosen cell belongs to the other grid.")
    lab.explain(NAME, histories, BatchNorm, latex=formulas.NORMALIZE)


def panels(histories: list[History]) -> None:
    places = {title: place for place, title in enumerate(dict.fromkeys(title(h.experiment) for h in histories))}
    names = [FAMILIES[h.experiment.batchnorm] for h in histories]
    data = curves.frame(histories, names, curves.accuracy, [places[title(h.experiment)] for h in histories])
    st.vega_lite_chart(
        curves.panels(data, end=histories[0].experiment.steps, columns=4),
        curves.grid(tuple(FAMILIES.values()), tuple(places), columns=4, height=520),
        key="grid_panels",
        alt="Training accuracy of 16 pairs of networks",
    )


def cells(histories: list[History], of: str) -> None:
    places = [cell(h.experiment, of) for h in histories]
    values = [h.train_accuracy[-1] if len(h.train_accuracy) else None for h in histories]
    columns, rows = (tuple(dict.fromkeys(names)) for names in zip(*places, strict=True))
    st.vega_lite_chart(
        pd.DataFrame(places, columns=["column", "row"]).assign(value=np.array(values, float)).dropna(),
        curves.heat(
            x="standard deviation of the first weights",
            value="training accuracy",
            columns=columns,
            rows=rows,
            height=165 + 34 * len(rows),
        ),
        key="grid_cells",
        on_select=open_cell,
        selection_mode="cell",
        alt="The last accuracies as a map",
    )


def open_cell() -> None:
    """A click on the map chooses the network to look inside, of which the picture's fragment knows nothing."""
    picked = st.session_state["grid_cells"].selection.get("cell")
    names = {f"std {c['column']}, {c['row']}" for c in picked or []}
    st.session_state["cell"] = next((key for key, name in CELLS.items() if name in names), "")


def heading(of: str, place: int) -> str:
    spec = GRIDS[of][place]
    return title(spec) + (f", lr {spec.lr:g}" if of == "wide" else "")


def sentence(histories: list[History], of: str = "book") -> str:
    """How much of the grid learns, with and without."""
    total = len(histories) // 2
    pairs = list(zip(histories[:total], histories[total:], strict=True))
    learned = [sum(h.train_accuracy[-1] > 0.5 for h in family) for family in zip(*pairs, strict=True)]
    ahead = [
        heading(of, place)
        for place, (plain, normed) in enumerate(pairs)
        if plain.train_accuracy[-1] > max(0.5, normed.train_accuracy[-1] + 0.02)
    ]
    exceptions = f" Without is ahead at {'; '.join(ahead)}: “almost always faster” is the honest claim." if ahead else ""
    lost = sum(h.diverged is not None for h in histories)
    return (
        f"After {histories[0].measured_at[-1]} updates {learned[0]} of {total} networks without batch normalization get more "
        f"than half of the training images right, and {learned[1]} of {total} with it.{exceptions}"
        + (f" {lost} networks diverged: the learning rate is too high for them." if lost else "")
    )
