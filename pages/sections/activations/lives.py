"""The lives of neurons, computed once for everybody, and what a visitor can take home of them."""

import csv
import io
from collections.abc import Sequence

import streamlit as st

from engine.neuron import Bent, Life, Linear, active, live
from pages.kit import compute
from pages.kit.language import tr

SCRIPT = '''"""Lets the neurons live again; run it where the folder `engine` of the playground is."""

from engine.neuron import Bent, Linear, live

NEURONS = [
    {specs},
]

for spec in NEURONS:
    life = live(spec)
    print(spec)
    print("  ends at", life.weights[-1], "with loss", life.loss[-1])
'''


@compute.cached(1000)
def life(spec: Linear | Bent) -> Life:
    return live(spec)


def buttons(name: str, specs: Sequence[Linear | Bent]) -> None:
    """Download buttons; the files are made only when they are asked for."""
    with st.container(horizontal=True):
        st.download_button(tr("Updates (CSV)"), lambda: csv_of(specs), f"{name}.csv", "text/csv", on_click="ignore")
        st.download_button(tr("Script (Python)"), lambda: script_of(specs), f"{name}.py", "text/x-python", on_click="ignore")


def csv_of(specs: Sequence[Linear | Bent]) -> str:
    """One row an update of a neuron; the gradient is the one that led to the row's weights."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    names = ["w1", "w2", "b"][: specs[0].start.size]
    table.writerow(["neuron", "update", *names, "loss", "active", *(f"gradient_{name}" for name in names)])
    for spec in specs:
        found, (x, _) = life(spec), spec.data()
        led = [[""] * len(names), *found.gradients.tolist()]
        rows = zip(found.weights.tolist(), found.loss.tolist(), active(found.weights, x).tolist(), led, strict=True)
        neuron = spec.inputs if isinstance(spec, Linear) else spec.activation
        table.writerows([neuron, k, *w, loss, share, *g] for k, (w, loss, share, g) in enumerate(rows))
    return file.getvalue()


def script_of(specs: Sequence[Linear | Bent]) -> str:
    return SCRIPT.format(specs=",\n    ".join(map(repr, specs)))
