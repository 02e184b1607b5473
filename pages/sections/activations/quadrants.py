"""Quadrants: where the gradients of a neuron's two weights point, example by example."""

import numpy as np
import pandas as pd

from engine.activations import ACTIVATIONS
from engine.neuron import Linear, example_gradients


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
