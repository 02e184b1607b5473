"""Sheets hold many small squares at once: the weights of units as images of 28 × 28, and the cells of a confusion matrix."""

import altair as alt
import numpy as np
import pandas as pd

SIDE = 28
RED, BLUE = (240, 58, 0), (18, 131, 230)  # of the theme's palette; legible on light and dark


def strongest(W: np.ndarray, units: int) -> np.ndarray:  # noqa: N803
    """Places of the units, columns of W (784, width), with the largest norm, the largest first."""
    return np.argsort(-np.square(W).sum(axis=-2), kind="stable")[:units]


def sheet(W: np.ndarray, top: float, columns: int = 5, zoom: int = 3) -> np.ndarray:  # noqa: N803
    """Columns of W (784, units) as images on one sheet of RGBA: red above 0, blue below, clear at 0, full from ± top on.

    >>> sheet(np.eye(784)[:, :7], top=1, zoom=1).shape
    (60, 150, 4)
    """
    units, edge = W.shape[-1], SIDE + 2
    values = np.full((-(-units // columns) * edge, columns * edge), np.nan)
    for place in range(units):
        down, across = edge * (place // columns), edge * (place % columns)
        values[down : down + SIDE, across : across + SIDE] = W[:, place].reshape(SIDE, SIDE)
    drawn, values = np.isfinite(values), np.nan_to_num(values)
    picture = np.zeros((*values.shape, 4), np.uint8)
    picture[..., :3] = np.where((values > 0)[..., None], RED, BLUE)
    picture[..., 3] = np.clip(255 * np.abs(values) / (top or 1), 12, 255) * drawn
    return np.kron(picture, np.ones((zoom, zoom, 1), np.uint8))


def matrix(counts: np.ndarray, chosen: tuple[int, int] | None = None, height: int = 440) -> alt.LayerChart:
    """The confusion matrix, true class by row and answer by column; a click on a cell is the selection "cell".

    The color tells mistakes apart; what was right, the diagonal, is many times more and stays gray.
    """
    classes = len(counts)
    true, said = np.divmod(np.arange(classes * classes), classes)
    data = pd.DataFrame({"true": true, "said": said, "count": counts.ravel()})
    data["mistakes"] = data["count"].where(data["true"] != data["said"], 0)
    data["word"] = [str(count or "") for count in counts.ravel().tolist()]
    mark = data[[pair == chosen for pair in zip(true.tolist(), said.tolist(), strict=True)]]
    x = alt.X("said:O", title="the network says", axis=alt.Axis(labelAngle=0, orient="top"))
    y = alt.Y("true:O", title="the digit is")
    shades = alt.Scale(type="sqrt", domain=[0, max(2, int(data["mistakes"].max()))], range=["#FFF1EA", "#F2541B"])
    tips = [alt.Tooltip("true:O", title="the digit is"), alt.Tooltip("said:O", title="the network says"), "count:Q"]
    frame = alt.Chart(data).mark_rect(filled=False, stroke="#8884").encode(x, y)
    diagonal = data[(data["true"] == data["said"]) & (data["count"] > 0)]
    right = alt.Chart(diagonal).mark_rect(color="#C3C9D4", stroke="#8884").encode(x, y, tooltip=tips)
    word = alt.Chart(data).mark_text(fontSize=13, color="#1B2230").encode(x, y, text="word:N")
    around = alt.Chart(mark).mark_rect(filled=False, stroke="#1283E6", strokeWidth=3).encode(x, y)
    pick = alt.selection_point("cell", fields=["true", "said"], empty=False)
    cell = (
        alt.Chart(data[data["mistakes"] > 0], name="cells")
        .mark_rect(cursor="pointer", stroke="#8884")
        .encode(x, y, alt.Color("mistakes:Q", scale=shades, legend=None), tooltip=tips)
        .add_params(pick)
    )
    return alt.layer(frame, right, cell, word, around).properties(height=height)
