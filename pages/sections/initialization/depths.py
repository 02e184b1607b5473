"""Depths: what each layer does to a signal, measured and predicted."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pages.sections.initialization.nets import Layer

SMALLEST, LARGEST = 1e-30, 1e30


def table(nets: Sequence[Sequence[Layer]], names: Sequence[str], what: str) -> pd.DataFrame:
    """Columns line, x (layer), y (measured), predicted; what no logarithm can show is left out."""
    pick = {
        "std": lambda layer: (layer.outputs.std, layer.predicted),
        "mean": lambda layer: (layer.outputs.mean, np.nan),
        "back": lambda layer: (layer.back.std, layer.predicted_back),
    }[what]
    rows = [(name, place + 1, *pick(layer)) for name, net in zip(names, nets, strict=True) for place, layer in enumerate(net)]
    data = pd.DataFrame(rows, columns=["line", "x", "y", "predicted"])
    if what != "mean":
        data[["y", "predicted"]] = data[["y", "predicted"]].where(lambda d: (d > SMALLEST) & (d < LARGEST))
    return data
