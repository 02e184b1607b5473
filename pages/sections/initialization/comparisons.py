"""A comparison draws what was measured as points and what was predicted as lines, on a logarithmic axis."""

import altair as alt

from pages.kit.curves import Names, Spec, color, without_data


def compared(
    names: Names,
    x: alt.X,
    title: str,
    ends: tuple[float, float],
    ticks: list[float],
    *,
    height: int = 420,
    legend: bool = True,
) -> Spec:
    """Of rows line, x, y (measured), predicted."""
    y = {
        "title": title,
        "scale": alt.Scale(type="log", domain=list(ends), clamp=True, nice=False),
        "axis": alt.Axis(values=ticks, format="~e"),
    }
    base = alt.Chart().encode(x)
    style = color(names, legend=legend)
    tips = [
        alt.Tooltip("line:N", title="first weights"),
        "x:Q",
        alt.Tooltip("y:Q", title="measured", format=".3g"),
        alt.Tooltip("predicted:Q", format=".3g"),
    ]
    line = base.mark_line(strokeWidth=2, clip=True).encode(alt.Y("predicted:Q", **y), **style)
    spot = base.mark_point(filled=True, size=35, opacity=1, clip=True).encode(alt.Y("y:Q", **y), style["color"], tooltip=tips)
    return without_data((line + spot).properties(height=height))
