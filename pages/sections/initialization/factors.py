"""Factor charts: a signal against depth when every layer multiplies it, and the factor of one layer against its width."""

from functools import lru_cache

import altair as alt

from pages.kit.curves import Names, Spec, color, without_data

WIDTHS = (10, 20, 50, 100, 200, 500, 1000)
SMALLEST, LARGEST = 1e-20, 1e20


def times(scale: float) -> str:
    return f"{scale:g}·I"


@lru_cache(maxsize=100)
def depth(names: Names, layers: int) -> Spec:
    x = alt.X("x:Q", title="layer", scale=alt.Scale(domain=[1, layers], nice=False))
    return both(names, x, "signal, as a share of the first layer's", (SMALLEST, LARGEST), [1e-20, 1e-10, 1, 1e10, 1e20])


@lru_cache(maxsize=100)
def width(names: Names) -> Spec:
    scale = alt.Scale(type="log", domain=[WIDTHS[0], WIDTHS[-1]])
    x = alt.X("x:Q", title="inputs n of the layer", scale=scale, axis=alt.Axis(values=[10, 100, 1000], format="d"))
    return both(names, x, "root mean square behind one layer", (0.01, 100), [0.01, 0.1, 1, 10, 100])


def both(names: Names, x: alt.X, title: str, ends: tuple[float, float], ticks: list[float]) -> Spec:
    """Measured as points, predicted as lines, on a logarithmic axis."""
    y = {
        "title": title,
        "scale": alt.Scale(type="log", domain=list(ends), clamp=True),
        "axis": alt.Axis(values=ticks, format="~e"),
    }
    base = alt.Chart().encode(x)
    style = color(names)
    tips = [
        alt.Tooltip("line:N"),
        "x:Q",
        alt.Tooltip("y:Q", title="measured", format=".3g"),
        alt.Tooltip("predicted:Q", format=".3g"),
    ]
    line = base.mark_line(strokeWidth=2, clip=True).encode(alt.Y("predicted:Q", **y), **style)
    spot = base.mark_point(filled=True, size=30, opacity=1, clip=True).encode(alt.Y("y:Q", **y), style["color"], tooltip=tips)
    return without_data((line + spot).properties(height=420))
