"""What a visitor takes home of a wall: a row for each layer, and a script that sends the signals again."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.sections.initialization.nets import SAMPLES, Layer
from pages.sections.initialization.starts import STARTS

SIGNALS = {
    "normal": "normal_inputs({samples}, {width}, {seed})",
    "digits": 'load("mnist", train_size={samples}, seed={seed}).x_train',
}
SCRIPT = """\"\"\"Sends the signals again; run it where the folder `engine` of the playground is.\"\"\"

import numpy as np

from engine.datasets import load
from engine.diagnostics import layer_statistics, normal_inputs

inputs = {signals} * np.float32({times})
for initializer, scale in {starts}:
    print(initializer, "times", scale)
    layers = layer_statistics(
        {activation!r}, initializer, depth={depth}, width={width}, samples={samples}, seed={seed},
        init_scale=scale, inputs=inputs,
    )
    for number, layer in enumerate(layers, start=1):
        print(f"  layer {{number}}: std {{layer.std:.4g}}, of the gradient {{layer.gradient_std:.4g}}")
"""


def buttons(activation: str, starts: Sequence[str], nets: Sequence[Sequence[Layer]], values: dict) -> None:
    """Download buttons; the files are made only when they are asked for."""
    script = lambda: script_of(activation, starts, values)  # noqa: E731
    with st.container(horizontal=True):
        st.download_button("Layers (CSV)", lambda: csv_of(starts, nets), "layers.csv", "text/csv", on_click="ignore")
        st.download_button("Script (Python)", script, "layers.py", "text/x-python", on_click="ignore")


def csv_of(starts: Sequence[str], nets: Sequence[Sequence[Layer]]) -> str:
    rows = [
        {
            "first_weights": STARTS[key].label,
            "layer": number,
            "mean": layer.outputs.mean,
            "std": layer.outputs.std,
            "std_predicted": layer.predicted,
            "zeros": layer.outputs.zeros / layer.outputs.size,
            "near_lower_end": layer.outputs.low / layer.outputs.size,
            "near_upper_end": layer.outputs.high / layer.outputs.size,
            "gradient_std": layer.back.std,
            "gradient_std_predicted": layer.predicted_back,
        }
        for key, net in zip(starts, nets, strict=True)
        for number, layer in enumerate(net, start=1)
    ]
    return pd.DataFrame(rows).to_csv(index=False)


def script_of(activation: str, starts: Sequence[str], values: dict) -> str:
    numbers = {name: values[f"wall_{name}"] for name in ("depth", "width", "seed", "times")} | {"samples": SAMPLES}
    drawn = [(STARTS[key].initializer, STARTS[key].scale * values["wall_scale"]) for key in starts]
    signals = SIGNALS[values["wall_input"]].format(**numbers)
    return SCRIPT.format(signals=signals, starts=drawn, activation=activation, **numbers)
