"""Letters of a chart grow with the window, as those of the canvases do: at 1920 pixels they can be read from the last row."""

import altair as alt

GROWN = "max(1, min(1.4, windowSize()[0] / 1280))"


def size(points: float) -> alt.ExprRef:
    """A size of letters, in pixels of a window of 1280."""
    return alt.ExprRef(f"{points} * {GROWN}")


AXES, LEGENDS = ({"labelFontSize": size(label), "titleFontSize": size(13)} for label in (12, 13))


def grown(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """The chart with axes, legends and title in such letters; what a pointer reads are the chart's own tips alone."""
    chart = chart.configure_axis(**AXES).configure_legend(**LEGENDS).configure_title(fontSize=size(15))
    return chart.configure_mark(tooltip=None)
