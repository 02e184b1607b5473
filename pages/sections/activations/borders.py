"""Borders are pictures of what a network says at every point of the plane."""

import base64
import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from engine.compare import History
from engine.experiments import Experiment
from engine.losses import softmax
from engine.network import Weights
from engine.trained import restore
from pages.charts.borders import REACH
from pages.charts.curves import GAP

SIDE = 72  # pixels of a picture
COLORS = ((18, 131, 230), (240, 58, 0), (91, 10, 145))  # of the theme's palette, in light and dark legible as a tint


def points(dataset: str) -> np.ndarray:
    """(SIDE², 2): the middles of the pixels, row by row from the top."""
    reach = REACH[dataset]
    middles = (np.arange(SIDE) + 0.5) / SIDE * 2 * reach - reach
    x, y = np.meshgrid(middles, -middles)
    return np.stack([x.ravel(), y.ravel()], axis=-1).astype(np.float32)


@st.cache_data(max_entries=500, show_spinner=False)
def picture(spec: Experiment, step: int, _weights: Weights) -> str:  # noqa: ARG001
    """A data URL: each pixel tinted by the class the network names there, the more the surer it is."""
    sure = softmax(restore(spec, _weights).forward(points(spec.dataset)))
    classes, said = sure.shape[-1], sure.argmax(axis=-1)
    strength = (sure.max(axis=-1) - 1 / classes) / (1 - 1 / classes)
    pixels = np.zeros((SIDE * SIDE, 4), np.uint8)
    pixels[:, :3] = np.array(COLORS)[said]
    pixels[:, 3] = np.nan_to_num(40 + 100 * strength)
    file = io.BytesIO()
    Image.fromarray(pixels.reshape(SIDE, SIDE, 4)).save(file, "png")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def frames(histories: Sequence[History], steps: Sequence[int]) -> pd.DataFrame:
    """Columns panel, frame, middle, url, word: a picture for each network and step."""
    rows = [
        (place, frame, place * GAP + 0.5, picture(h.experiment, step, h.weights[step]), f"update {step}")
        for frame, step in enumerate(steps)
        for place, h in enumerate(histories)
    ]
    return pd.DataFrame(rows, columns=["panel", "frame", "middle", "url", "word"])
