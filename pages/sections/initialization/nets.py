"""Nets are what the sections of this page send signals through: computed once for everybody, kept as histograms."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from engine.datasets import load
from engine.diagnostics import layer_statistics, normal_inputs, predicted
from engine.histogram import Histogram
from pages.kit.wall import ends
from pages.sections.initialization.starts import STARTS

SAMPLES = 1000
INPUTS = {"normal": "N(0, 1)", "digits": "MNIST digits, 0–1"}


class Layer(NamedTuple):
    """What comes out of a layer, and the gradient there; beside their std, what the variance argument says."""

    outputs: Histogram
    back: Histogram
    predicted: float
    predicted_back: float

    def stuck(self, activation: str) -> tuple[str, float]:
        """The share of outputs that pass no gradient: near an end that is never reached, or exactly zero."""
        if any(end is not None for end in ends(activation)):
            return "saturated", (self.outputs.low + self.outputs.high) / self.outputs.size
        return "zeros", self.outputs.zeros / self.outputs.size


@st.cache_data(max_entries=200, show_spinner=False)
def layers(
    activation: str,
    start: str,
    depth: int,
    width: int,
    seed: int,
    scale: float = 1.0,
    inputs: str = "normal",
    times: float = 1.0,
    samples: int = SAMPLES,
) -> list[Layer]:
    """The layers of a net whose first weights are those of a start, times `scale`, for inputs times `times`."""
    chosen = STARTS[start]
    x = signals(inputs, width, seed, samples) * np.float32(times)
    net = layer_statistics(
        activation,
        chosen.initializer,
        depth=depth,
        width=width,
        samples=samples,
        seed=seed,
        init_scale=scale * chosen.scale,
        inputs=x,
    )
    power = float(np.square(x).mean())
    argument = predicted(
        activation, chosen.initializer, [x.shape[-1], *[width] * depth], init_scale=scale * chosen.scale, power=power
    )
    stds, backs = (argument.std, argument.back) if argument else ([float("nan")] * depth,) * 2
    return [Layer(found.outputs, found.back, std, back) for found, std, back in zip(net, stds, backs, strict=True)]


def signals(inputs: str, width: int, seed: int, samples: int) -> np.ndarray:
    """Inputs (samples, features)."""
    if inputs == "digits":
        return load("mnist", train_size=samples, seed=seed).x_train
    return normal_inputs(samples, width, seed)
