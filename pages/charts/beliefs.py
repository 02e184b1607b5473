"""What a search believes of two hyper-parameters, as maps: what it expects, how little it knows, what asking there may gain."""

import altair as alt
import pandas as pd

from pages.charts import curves
from pages.charts.axes import powers
from pages.charts.curves import Spec
from pages.kit.language import N_, cached, tr

Ends = tuple[float, float]
MAPS = {"mean": N_("Expected accuracy"), "sd": N_("Uncertainty"), "gain": N_("Expected gain")}
SCHEMES = {"mean": "viridis", "sd": "blues", "gain": "oranges"}
DOMAINS = {"mean": [0, 1], "sd": [0, 0.3], "gain": None}
FORMATS = {"mean": ".2f", "sd": ".2f", "gain": ".3f"}


def of(believed: pd.DataFrame | None, dots: pd.DataFrame, what: str) -> pd.DataFrame:
    """What `map_of` draws: a row a cell of the lattice, and one a trial; where most may be gained is the next."""
    trials = dots.assign(kind="trial")
    if believed is None:
        return trials
    cells = believed[["u", "v", what]].rename(columns={what: "value"}).assign(kind="cell")
    top = believed.loc[[believed["gain"].idxmax()], ["u", "v"]].assign(kind="next")
    return pd.concat([cells, trials, top])


@cached(maxsize=100)
def map_of(what: str, side: int, lr: Ends, decay: Ends, height: int) -> Spec:
    """Cells of a lattice of places from 0 to 1 along both axes, which are told by their values; trials as dots, the next as a
    cross."""
    half = 0.52 / side  # a little over its neighbors, or seams show
    axes = {"u": (tr("learning rate"), lr), "v": (tr("weight decay λ"), decay)}
    encoded = {}
    for name, (title, (low, high)) in axes.items():
        words = powers()
        place = f"{low:g} * pow({high:g} / {low:g}, datum.value)"
        label = words.labelExpr.replace("datum.value", f"({place})").replace("datum.label", "'x'")
        axis = alt.Axis(values=[0, 0.5, 1], labelExpr=label, title=title)
        encoded[name] = {"scale": alt.Scale(domain=[0, 1], nice=False), "axis": axis}
    x, y = alt.X("left:Q", **encoded["u"]), alt.Y("low:Q", **encoded["v"])
    legend = alt.Legend(title=None, orient="top", gradientLength=150, tickCount=3)
    scale = alt.Scale(scheme=SCHEMES[what], **({"domain": DOMAINS[what]} if DOMAINS[what] else {}))
    tips = [alt.Tooltip("value:Q", title=tr(MAPS[what]), format=FORMATS[what])]
    edges = {"left": f"datum.u - {half}", "right": f"datum.u + {half}", "low": f"datum.v - {half}", "high": f"datum.v + {half}"}
    cell = alt.Chart().transform_filter("datum.kind == 'cell'")
    for edge, formula in edges.items():
        cell = cell.transform_calculate(**{edge: formula})
    color = alt.Color("value:Q", scale=scale, legend=legend)
    cell = cell.mark_rect(strokeWidth=0).encode(x, y, color, alt.X2("right:Q"), alt.Y2("high:Q"), tooltip=tips)
    at = (alt.X("u:Q", **encoded["u"]), alt.Y("v:Q", **encoded["v"]))
    known = [
        alt.Tooltip("lr:Q", title=tr("learning rate"), format=".3g"),
        alt.Tooltip("weight_decay:Q", title="λ", format=".3g"),
        alt.Tooltip("score:Q", title=tr("accuracy"), format=".2f"),
    ]
    dot = alt.Chart().transform_filter("datum.kind == 'trial'").encode(*at, tooltip=known)
    dot = dot.mark_point(filled=True, size=55, color="#1B2230", stroke="#ffffff", strokeWidth=1.2, opacity=1)
    top = alt.Chart().transform_filter("datum.kind == 'next'").encode(*at)
    top = top.mark_point(shape="cross", angle=45, size=130, filled=True, color="#F2541B", stroke="#ffffff", opacity=1)
    title = alt.TitleParams(tr(MAPS[what]), anchor="start")
    return curves.without_data(alt.layer(cell, dot, top).properties(height=height, title=title))
