"""Shapes are activations as tables: f and f' of one of them with its gate, all of them side by side, Maxout's pieces."""

from functools import cache, lru_cache

import numpy as np
import pandas as pd

from engine.activations import ACTIVATIONS
from engine.layers import Maxout
from pages.charts.curves import GAP
from pages.charts.gates import COLUMNS, LINES, REACH

STEP = 0.1
SHUT = 0.05  # a gate that lets less than this through


@lru_cache(maxsize=200)
def table(name: str, **sliders: float) -> pd.DataFrame:
    """Columns x, y = f(x), slope = f'(x) from −10 to 10."""
    x = np.round(np.arange(-REACH, REACH + STEP / 2, STEP), 1)
    entry = ACTIVATIONS[name]
    return pd.DataFrame({"x": x, "y": entry(x, **sliders), "slope": entry.derivative(x, **sliders)})


def plain(value: float) -> float:
    """The value without the sign of −0."""
    return float(value) + 0.0


def zones(data: pd.DataFrame) -> tuple[tuple[float, float], ...]:
    """Intervals at either end of the axis where the gate is shut."""
    x, shut = data["x"].to_numpy(), np.abs(data["slope"].to_numpy()) < SHUT
    low, high = int(np.argmin(shut)), int(np.argmin(shut[::-1]))
    left, right = (float(x[0]), float(x[low - 1])), (float(x[-high]), float(x[-1]))
    return (left,) * (low > 0) + (right,) * (high > 0)


def domain(data: pd.DataFrame) -> tuple[float, float]:
    """The ends of the vertical axis: a margin around what is bounded, −1.6 and 4 around what is not."""
    low, high = float(data[["y", "slope"]].min().min()), float(data[["y", "slope"]].max().max())
    low, high = max(low, -1.6), min(high, 4.0)
    margin = 0.08 * (high - low)
    return low - margin, high + 2.5 * margin


@cache
def members() -> dict[str, pd.DataFrame]:
    """Label → table of every activation, and of Maxout with three pieces."""
    lines = pieces(3, 0)
    top = lines[lines["line"] == "max"]
    maxout = pd.DataFrame({"x": top["x"], "y": top["y"], "slope": np.gradient(top["y"], STEP)})
    return {**{entry.label: table(name) for name, entry in ACTIVATIONS.items()}, "Maxout": maxout}


@cache
def everyone() -> pd.DataFrame:
    """Columns label, line, across, up: every activation and its derivative in its panel of the gallery."""
    frames = []
    for place, (label, data) in enumerate(members().items()):
        data = data[np.abs(data["x"]) <= 4]
        for line, column in zip(LINES, ("y", "slope"), strict=True):
            up = np.clip(data[column], -1.5, 2.5) / 4
            frames.append(
                pd.DataFrame(
                    {
                        "label": label,
                        "line": line,
                        "x": data["x"],
                        "across": place % COLUMNS * GAP + (data["x"] + 4) / 8,
                        "up": np.where(data[column].between(-1.5, 2.5), up, np.nan) - place // COLUMNS * 1.35,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


@lru_cache(maxsize=100)
def pieces(count: int, seed: int) -> pd.DataFrame:
    """Columns x, line, y: straight lines and, as "max", the largest of them, as the layer Maxout computes it."""
    rng = np.random.default_rng([seed, 50])
    w, b = rng.normal(size=count), rng.normal(size=count)
    x = np.round(np.arange(-REACH, REACH + STEP / 2, STEP), 1)
    lines = x[:, None] / 3 * w + b
    top = Maxout(count).forward(lines, train=False)[:, 0]
    frames = [pd.DataFrame({"x": x, "line": f"piece {k + 1}", "y": lines[:, k]}) for k in range(count)]
    return pd.concat([*frames, pd.DataFrame({"x": x, "line": "max", "y": top})], ignore_index=True)
