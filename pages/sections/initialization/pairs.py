"""The pair map: every activation with every way to draw the first weights, by what is left of signal and gradient.

A click on a pair opens its wall.
"""

from itertools import product

import pandas as pd
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics, left
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import maps
from pages.kit import address, compute
from pages.kit.controls import Choice, Number, Values, labels
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.sections.initialization.starts import STARTS, spoken

SAMPLES = 200
PAIRS = list(product(ACTIVATIONS, STARTS))
WHATS = {"signal": "Signal: last layer ÷ first", "gradient": "Gradient: first layer ÷ last"}
CONTROLS = {
    "what": Choice("Shown", "signal", WHATS),
    "depth": Number("layers ≤ 12", 10, Range(2, 12)),
    "width": Number("width ≤ 200", 100, Range(10, 200)),
    "seed": Number("seed", 0, Range(0, 9999)),
}


def find(values: Values) -> pd.DataFrame:
    return ratios(values.depth, values.width, values.seed)


@compute.heavy(N_("Sending signals through all pairs …"), max_entries=50)
def ratios(depth: int, width: int, seed: int) -> pd.DataFrame:
    """Columns row, column, signal, gradient: log10 of what is left at the other end, within ±12; what overflows is 12."""
    kind = {"depth": depth, "width": width, "samples": SAMPLES, "seed": seed, "keep": False}
    rows = []
    for name, key in PAIRS:
        start = STARTS[key]
        net = layer_statistics(name, start.initializer, init_scale=start.scale, **kind)
        rows.append((ACTIVATIONS[name].label, start.label, *left(net)))
    return pd.DataFrame(rows, columns=["row", "column", "signal", "gradient"])


def draw(table: pd.DataFrame, values: Values) -> None:
    what, named = tr(WHATS[values.what]), {name: table[name].map(tr) for name in ("row", "column")}
    st.vega_lite_chart(
        table.assign(value=table[values.what], key=range(len(table)), **named),
        maps.decades(spoken(), tuple(map(tr, labels(ACTIVATIONS).values())), what),
        key="pairs",
        on_select=open_wall,
        selection_mode="cell",
        alt=tr("{what} of every pair of activation and initializer", what=what),
    )


def open_wall() -> None:
    """Turn to the wall of the pair that was clicked on."""
    place = address.here()
    asked = {name: getattr(address.settle(LAB, place.given), name) for name in ("depth", "width", "seed")}
    for cell in st.session_state["pairs"].selection.get("cell") or []:
        activation, start = PAIRS[cell["key"]]
        address.go("initialization/wall", figure="own", activation=activation, starts=(start,), **asked)


def verdict(table: pd.DataFrame) -> Verdict:
    """How many pairs keep signal and gradient within a factor of ten, by the first weights."""
    alive = (table["signal"].abs() < 1) & (table["gradient"].abs() < 1)
    count = alive.groupby(table["column"], sort=False).sum().sort_values(ascending=False, kind="stable")
    rows = [{"name": name, "count": int(many)} for name, many in count.items()]
    share = alive.mean()
    right = "most" if share > 0.5 else "third" if 0.25 < share < 0.42 else "handful" if share < 0.1 else ""
    return Verdict("alive", right=right, rows=rows, count=int(alive.sum()), total=len(table), each=len(ACTIVATIONS))


LAB = Lab(
    id="initialization/pairs",
    title="All pairs",
    prefix="pairs_",
    controls=CONTROLS,
    find=find,
    draw=draw,
    verdict=verdict,
    table=lambda table: table,
    code=[layer_statistics],
)
