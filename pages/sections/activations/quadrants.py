"""Quadrants: where the gradients of a neuron's two weights point, example by example."""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from engine.activations import ACTIVATIONS
from engine.neuron import Linear, example_gradients
from pages.kit.curves import Names, Spec, without_data


def gradients(spec: Linear) -> np.ndarray:
    """(n, 2): of every example at the start."""
    return example_gradients(ACTIVATIONS[spec.activation], spec.start, *spec.data())


def same_sign(found: np.ndarray) -> float:
    """Share of gradients in the shaded quadrants; those that are exactly 0 count as outside."""
    return float((found.prod(axis=1) > 0).mean())


def reach(found: np.ndarray) -> float:
    """How far the axes go: the largest component, up to the next tenth."""
    return float(np.ceil(10 * np.abs(found).max() + 1e-9) / 10)


def points(label: str, found: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"inputs": label, "g1": found[:, 0], "g2": found[:, 1]})


@lru_cache(maxsize=200)
def plane(reach: float, everyone: Names) -> Spec:
    """A dot an example over (dL/dw₁, dL/dw₂) from −reach to reach; the quadrants of equal signs are shaded."""
    corners = [{"left": 0, "right": side * reach, "low": 0, "high": side * reach} for side in (-1, 1)]
    scale, axis = alt.Scale(domain=[-reach, reach], nice=False), alt.Axis(labels=False, ticks=False, grid=False, titlePadding=2)
    x, y = {"title": "dL/dw₁", "scale": scale, "axis": axis}, {"title": "dL/dw₂", "scale": scale, "axis": axis}
    shade = alt.Chart(alt.Data(values=corners)).mark_rect(color="#888", opacity=0.22)
    shade = shade.encode(alt.X("left:Q", **x), alt.X2("right:Q"), alt.Y("low:Q", **y), alt.Y2("high:Q"))
    dot = alt.Chart().mark_circle(size=22, opacity=0.75)
    tips = [alt.Tooltip("g1:Q", title="dL/dw₁", format=".3g"), alt.Tooltip("g2:Q", title="dL/dw₂", format=".3g")]
    color = alt.Color("inputs:N", scale=alt.Scale(domain=list(everyone)), legend=None)
    return without_data(
        (shade + dot.encode(alt.X("g1:Q", **x), alt.Y("g2:Q", **y), color, tooltip=tips)).properties(height=170)
    )
