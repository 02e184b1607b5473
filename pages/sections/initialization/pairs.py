"""The pair map: every activation with every way to draw the first weights, by what is left of signal and gradient.

A click on a pair opens its wall.
"""

import numpy as np
import pandas as pd
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics
from engine.registry import Range
from pages.charts import maps
from pages.kit.old import lab, page
from pages.kit.old.controls import Choice, Number, Setting, row
from pages.sections.initialization import figures
from pages.sections.initialization.starts import STARTS

LABEL = "All pairs"
NAME = "initialization/pairs"
SAMPLES = 200
WHATS = {"signal": "Signal: last layer ÷ first", "gradient": "Gradient: first layer ÷ last"}
KNOWN: dict[str, Setting] = {
    "pairs_what": Choice("Shown", "signal", WHATS),
    "pairs_depth": Number("layers ≤ 12", 10, Range(2, 12)),
    "pairs_width": Number("width ≤ 200", 100, Range(10, 200)),
    "pairs_seed": Number("seed", 0, Range(0, 9999)),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        what = KNOWN["pairs_what"].draw("pairs_what")
        values = row(KNOWN, ("pairs_depth", "pairs_width", "pairs_seed"))
        lab.reset(KNOWN)
    table = ratios(values["pairs_depth"], values["pairs_width"], values["pairs_seed"])
    with picture:
        chart = maps.decades(
            tuple(start.label for start in STARTS.values()), tuple(entry.label for entry in ACTIVATIONS.values()), WHATS[what]
        )
        st.vega_lite_chart(
            table.assign(value=table[what]),
            chart,
            key="pairs",
            on_select=open_wall,
            selection_mode="cell",
            alt=f"{WHATS[what]} of every pair of activation and initializer",
        )
        lab.caption(NAME)
        lab.outcome(NAME, sentence(table))
    lab.explain(NAME, None, layer_statistics, table=table)


def open_wall() -> None:
    """Go to the address of the wall of the pair that was clicked on."""
    for picked in st.session_state["pairs"].selection.get("cell") or []:
        page.go(
            "wall",
            figures.settings(),
            wall_activation=next(key for key, entry in ACTIVATIONS.items() if entry.label == picked["row"]),
            wall_starts=next(key for key, start in STARTS.items() if start.label == picked["column"]),
            **{f"wall_{name}": st.session_state[f"pairs_{name}"] for name in ("depth", "width", "seed")},
        )


@st.cache_data(max_entries=50, show_spinner="Sending signals through all pairs …")
@np.errstate(all="ignore")
def ratios(depth: int, width: int, seed: int) -> pd.DataFrame:
    """Columns row, column, signal, gradient: log10 of what is left at the other end, within ±12; what overflows is 12."""
    rows = []
    for name, entry in ACTIVATIONS.items():
        for start in STARTS.values():
            kind = {"depth": depth, "width": width, "samples": SAMPLES, "seed": seed, "init_scale": start.scale}
            first, *_, last = layer_statistics(name, start.initializer, **kind)
            left = np.divide([last.std, first.gradient_std], [first.std, last.gradient_std])
            overflows = ~np.isfinite([last.std, first.gradient_std])
            rows.append(
                (entry.label, start.label, *np.where(overflows, 12, np.clip(np.nan_to_num(np.log10(left), nan=-12), -12, 12)))
            )
    return pd.DataFrame(rows, columns=["row", "column", "signal", "gradient"])


def sentence(table: pd.DataFrame) -> str:
    """How many pairs keep signal and gradient within a factor of ten, by the first weights."""
    alive = (table["signal"].abs() < 1) & (table["gradient"].abs() < 1)
    count = alive.groupby(table["column"], sort=False).sum().sort_values(ascending=False, kind="stable")
    best = ", ".join(f"{name} {many}" for name, many in count.items() if many)
    return (
        f"{alive.sum()} of {len(table)} pairs keep both signal and gradient within a factor of ten. Of {len(ACTIVATIONS)} "
        f"activations: {best or 'none with any'}."
    )
