"""The grid: the same network from sixteen weight scales, with and without batch normalization, all training at once."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import PRESETS, SCALES, Experiment
from engine.layers import BatchNorm
from engine.verdict import Verdict
from pages.charts import curves
from pages.kit import address, inside
from pages.kit.controls import Choice, Values, applied, of
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.sections.batchnorm import formulas
from pages.sections.batchnorm.families import FAMILIES, spoken

SHORT = {"none": "without", "before": "with"}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
LEARNED, AHEAD = 0.5, 0.02  # training accuracies: what counts as learned, and as a lead


def wide() -> list[Experiment]:
    """Every third scale with each of six learning rates."""
    return [replace(spec, lr=lr) for spec in PRESETS["B5"] if spec.init_scale in SCALES[::3] for lr in RATES]


GRIDS = {"book": list(PRESETS["B5"]), "wide": wide()}


def title(spec: Experiment) -> str:
    return f"std {spec.init_scale:.2g}"


def cell(spec: Experiment, of_grid: str) -> tuple[str, str]:
    """Column and row of a network on the map."""
    return f"{spec.init_scale:.2g}", SHORT[spec.batchnorm] + (f", lr {spec.lr:g}" if of_grid == "wide" else "")


CELLS = {f"{g}-{place}": "std {}, {}".format(*cell(s, g)) for g, grid in GRIDS.items() for place, s in enumerate(grid)}
BOOK = of(PRESETS["B5"][0], lr=(1e-4, 10), steps=(20, 600), seed=(), activation=())
CONTROLS = {
    "grid": Choice("Grid", "book", {"book": "16 scales", "wide": "Scales × learning rates"}, key="grid"),
    "lr": replace(BOOK.pop("lr"), when=lambda values: values.grid == "book"),
    **BOOK,
    "cell": Choice("Look inside", "", {"": "Click a cell, or choose", **CELLS}, menu=True, key="cell"),
}


def specs(values: Values) -> list[Experiment]:
    return [applied(spec, values) for spec in GRIDS[values.grid]]


def draw(histories: list[History], values: Values) -> None:
    if values.grid == "book":
        panels(histories)
    cells(histories, values.grid)


def panels(histories: list[History]) -> None:
    places = {title: place for place, title in enumerate(dict.fromkeys(title(h.experiment) for h in histories))}
    names = [spoken()[h.experiment.batchnorm] for h in histories]
    data = curves.frame(histories, names, curves.accuracy, [places[title(h.experiment)] for h in histories])
    st.vega_lite_chart(
        curves.panels(data, end=histories[0].experiment.steps, columns=4),
        curves.grid(tuple(spoken().values()), tuple(places), columns=4, height=380, end=histories[0].experiment.steps),
        key="grid_panels",
        alt=tr("Training accuracy of 16 pairs of networks"),
    )


def cells(histories: list[History], grid: str) -> None:
    places = [tuple(map(tr, cell(h.experiment, grid))) for h in histories]
    values = [h.train_accuracy[-1] if len(h.train_accuracy) else None for h in histories]
    columns, rows = (tuple(dict.fromkeys(names)) for names in zip(*places, strict=True))
    keys = [f"{grid}-{place}" for place in range(len(places))]
    st.vega_lite_chart(
        pd.DataFrame(places, columns=["column", "row"]).assign(key=keys, value=np.array(values, float)).dropna(),
        curves.heat(
            x=tr("standard deviation of the first weights"),
            value=tr("training accuracy"),
            columns=columns,
            rows=rows,
            height=195 + 34 * len(rows),
        ),
        key="grid_cells",
        on_select=open_cell,
        selection_mode="cell",
        alt=tr("The last accuracies as a map"),
    )


def open_cell() -> None:
    """A click on the map chooses the network to look inside."""
    picked = st.session_state["grid_cells"].selection.get("cell") or [{"key": ""}]
    address.tell(cell=picked[0].get("key", ""))


def verdict(histories: list[History]) -> Verdict:
    """How much of the grid learns, with and without, and where the plain network is ahead."""
    total = len(histories) // 2
    pairs = list(zip(histories[:total], histories[total:], strict=True))
    rates = len({h.experiment.lr for h in histories}) > 1
    learned, normed = (sum(h.train_accuracy[-1] > LEARNED for h in family) for family in zip(*pairs, strict=True))
    ahead = [
        tr("{scale} at lr {lr:g}", scale=title(plain.experiment), lr=plain.experiment.lr) if rates else title(plain.experiment)
        for plain, norm in pairs
        if plain.train_accuracy[-1] > max(LEARNED, norm.train_accuracy[-1] + AHEAD)
    ]
    lost = sum(h.diverged is not None for h in histories)
    *others, last = ahead or [""]
    where = tr("{others} and {last}", others=", ".join(others), last=last) if others else last
    also = [Verdict("ahead", where=where)] if ahead else []
    also += [Verdict("lost", count=lost)] if lost else []
    share = learned / total
    right = "all" if share >= 0.75 else "few" if share <= 0.25 else "half"
    updates = histories[0].measured_at[-1]
    return Verdict("learned", right=right, updates=updates, total=total, plain=learned, normed=normed, also=also)


def look_inside(histories: Any, values: Values) -> None:  # noqa: ARG001
    """The layers of the pair that was chosen."""
    if not values.cell:
        return
    if not values.cell.startswith(values.grid):
        st.caption(tr("The chosen cell belongs to the other grid."))
        return
    place = int(values.cell.removeprefix(f"{values.grid}-"))
    inside.show(
        lambda: [replace(specs(values)[place], batchnorm=norm) for norm in FAMILIES],
        list(spoken().values()),
        title(GRIDS[values.grid][place]) + (f", lr {GRIDS['wide'][place].lr:g}" if values.grid == "wide" else ""),
    )


LAB = Lab(
    id="batchnorm/grid",
    title="The grid",
    preset="B5",
    prefix="grid_",
    controls=CONTROLS,
    words=lambda values: "batchnorm/grid" if values.grid == "book" else "batchnorm/grid-wide",
    specs=specs,
    draw=draw,
    verdict=verdict,
    after=look_inside,
    formula=formulas.NORMALIZE,
    code=[BatchNorm],
)
