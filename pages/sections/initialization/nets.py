"""Nets are what signals are sent through: computed once for everybody, kept as histograms, told as a table."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.datasets import load
from engine.diagnostics import layer_statistics, normal_inputs, predicted
from engine.histogram import Histogram
from pages.kit import compute
from pages.kit.language import N_
from pages.kit.wall import ends
from pages.sections.initialization.starts import STARTS

SAMPLES = 1000
INPUTS = {"normal": "N(0, 1)", "digits": "MNIST digits, 0–1"}
SOURCES = {  # of a script
    "normal": "normal_inputs({samples}, {width}, {seed})",
    "digits": 'load("mnist", train_size={samples}, seed={seed}).x_train',
}


class Layer(NamedTuple):
    """What comes out of a layer, and the gradient there; beside their std, what the variance argument says."""

    outputs: Histogram
    back: Histogram
    predicted: float
    predicted_back: float

    def stuck(self, activation: str) -> tuple[str, float]:
        """The share of outputs that pass no gradient: near an end that is never reached, or exactly zero."""
        if any(end is not None for end in ends(activation)):
            return N_("saturated"), (self.outputs.low + self.outputs.high) / self.outputs.size
        return N_("zeros"), self.outputs.zeros / self.outputs.size


@compute.heavy(N_("Sending signals through the layers …"), max_entries=200)
def layers(
    activation: str,
    start: str,
    depth: int,
    width: int,
    seed: int,
    scale: float = 1.0,
    inputs: str = "normal",
    times: float = 1.0,
) -> list[Layer]:
    """The layers of a net whose first weights are those of a start, times `scale`, for inputs times `times`."""
    x = signals(inputs, width, seed) * np.float32(times)
    initializer, scale = STARTS[start].initializer, scale * STARTS[start].scale
    net = layer_statistics(
        activation, initializer, depth=depth, width=width, samples=SAMPLES, seed=seed, init_scale=scale, inputs=x, keep=False
    )
    power = float(np.square(x).mean())
    argument = predicted(activation, initializer, [x.shape[-1], *[width] * depth], init_scale=scale, power=power)
    stds, backs = (argument.std, argument.back) if argument else ([float("nan")] * depth,) * 2
    return [Layer(found.outputs, found.back, std, back) for found, std, back in zip(net, stds, backs, strict=True)]


def signals(inputs: str, width: int, seed: int) -> np.ndarray:
    """Inputs (SAMPLES, features)."""
    if inputs == "digits":
        return load("mnist", train_size=SAMPLES, seed=seed).x_train
    return normal_inputs(SAMPLES, width, seed)


def table(nets: Mapping[str, Sequence[Layer]]) -> pd.DataFrame:
    """A row a layer of each net, by its start."""
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
        for key, net in nets.items()
        for number, layer in enumerate(net, start=1)
    ]
    return pd.DataFrame(rows)
