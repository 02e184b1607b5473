"""The gradients of all layers as a bundle of lines a network: where a bundle lies low, nothing is learned."""

from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import pandas as pd

from engine.compare import History
from pages.kit.curves import Names, Spec, color, layers, without_data

SMALLEST, LARGEST = 1e-7, 10.0


def table(histories: Sequence[History], names: Sequence[str]) -> pd.DataFrame:
    """Columns line, layer, x (update), y: the norm of the gradient of W; the first history of each name."""
    first = dict(zip(reversed(names), reversed(histories), strict=True))
    found = layers(list(first.values()), "gradient_norm")
    return found[found["y"] > 0].assign(line=lambda data: data["place"].map(dict(enumerate(first))))


@lru_cache(maxsize=100)
def chart(names: Names, end: int) -> Spec:
    scale = alt.Scale(type="log", domain=[SMALLEST, LARGEST], clamp=True)
    axis = alt.Axis(values=[1e-6, 1e-4, 1e-2, 1], format="~e")
    style = color(names, legend=False)
    tips = ["line:N", "layer:O", alt.Tooltip("x:Q", title="update"), alt.Tooltip("y:Q", title="norm", format=".2g")]
    base = alt.Chart().encode(
        alt.X("x:Q", title="update", scale=alt.Scale(domain=[0, end])),
        alt.Y("y:Q", title="norm of the gradient of W", scale=scale, axis=axis),
        style["color"],
        detail="layer:O",
        tooltip=tips,
    )
    line = base.mark_line(strokeWidth=1.6).encode(style["strokeDash"])
    return without_data(line.properties(height=210))
