"""Factor charts: a signal against depth when every layer multiplies it, and the factor of one layer against its width."""

from functools import lru_cache

import altair as alt

from pages.kit.curves import Names, Spec
from pages.sections.initialization.comparisons import compared

WIDTHS = (10, 20, 50, 100, 200, 500, 1000)
SMALLEST, LARGEST = 1e-20, 1e20


def times(scale: float) -> str:
    return f"{scale:g}·I"


@lru_cache(maxsize=100)
def depth(names: Names, layers: int) -> Spec:
    x = alt.X("x:Q", title="layer", scale=alt.Scale(domain=[1, layers], nice=False))
    return compared(names, x, "signal, as a share of the first layer's", (SMALLEST, LARGEST), [1e-20, 1e-10, 1, 1e10, 1e20])


@lru_cache(maxsize=100)
def width(names: Names) -> Spec:
    scale = alt.Scale(type="log", domain=[WIDTHS[0], WIDTHS[-1]])
    x = alt.X("x:Q", title="inputs n of the layer", scale=scale, axis=alt.Axis(values=[10, 100, 1000], format="d"))
    return compared(names, x, "root mean square behind one layer", (0.01, 100), [0.01, 0.1, 1, 10, 100])
