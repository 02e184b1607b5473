"""Claims as pictures: what a sentence says as a shaded zone, and what was measured, with its error, inside it or outside."""

from collections.abc import Mapping, Sequence
from math import exp, inf, isfinite, log
from textwrap import fill
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from engine.claim import HERE, HOLDS, NOT, OPEN, Claim
from engine.sequential import anytime
from engine.verdict import Verdict
from pages.charts import curves
from pages.charts.curves import Spec
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

COLORS = {HOLDS: "#1283E6", HERE: "#E8A317", NOT: "#F2541B", OPEN: GRAY}
MARKS = {HOLDS: "circle", HERE: "diamond", NOT: "square", OPEN: "cross"}
ZONE = "#1283E6"
EDGE = 1.15  # of an overview, in which the farthest end of every row stands at 1
WORDS = 0.75  # beside it, for the effect in words
THIN = 0.02  # a zone is seen
PHONE = 320  # pixels, in which there is no room for them
NARROW = 34  # characters of a line of a sentence
BAND = 0.86  # of a strip's height


def row_of(claim: Claim, verdict: Verdict, words: str) -> dict[str, Any]:
    """What `overview` draws of a claim, with its effect in words; each row has a scale of its own."""

    def at(value: float) -> float:
        return (log(value) if value > 0 else -inf) if claim.factor and isfinite(value) else value

    dot, low, high = (at(verdict.numbers[name]) for name in ("effect", "low", "high"))
    turn = next((at(row["effect"]) for row in verdict.rows if row["place"] == verdict.turns), None)
    edges = [edge for edge in (*claim.says, *([] if turn is None else [turn])) if isfinite(edge)]
    far = 3 * max(abs(value) for value in (dot, *edges))  # a wider interval leaves the picture
    most = max(abs(value) for value in (dot, *edges, low, high) if abs(value) <= far) or 1.0
    ends = {"dot": dot, "low": low, "high": high, "from": claim.says[0], "to": claim.says[1]}
    ends |= {} if turn is None else {"turn": turn}
    placed = {name: float(np.clip(value / most, -EDGE, EDGE)) for name, value in ends.items()}
    placed["to"] = max(placed["to"], placed["from"] + THIN)
    told = {"sentence": fill(tr(claim.sentence), NARROW), "verdict": tr(verdict.kind), "effect": words}
    return {"claim": claim.name, **told, "edge": EDGE, **placed}


@cached(maxsize=20)
def overview(sentences: tuple[str, ...]) -> Spec:
    """A row a claim: its zone, its error as a bar, its effect as a mark of the verdict's color; a click is the selection
    "claim"."""
    pick = alt.selection_point("claim", fields=["claim"], empty=False)
    labels = alt.Axis(labelExpr="split(datum.label, '\\n')", labelFontSize=size(12), labelLimit=400, ticks=False, domain=False)
    y = alt.Y("sentence:N", title=None, scale=alt.Scale(domain=list(sentences), paddingInner=0.35), axis=labels)
    scale = alt.Scale(domain=[-EDGE, EDGE + WORDS], nice=False)
    axis = alt.Axis(
        values=[0], labelExpr=f"'{tr('0, or × 1')}'", grid=True, gridColor=GRAY, gridDash=[5, 4], labelFontSize=size(12)
    )
    across = {"title": None, "scale": scale, "axis": axis}
    kinds = [tr(kind) for kind in COLORS]
    small = {"symbolSize": 110, "rowPadding": 0, "labelFontSize": size(12.5)}
    legend = alt.Legend(orient="top", title=None, columns=curves.columns_of(kinds, 2), **small)
    color = alt.Color("verdict:N", scale=alt.Scale(domain=kinds, range=list(COLORS.values())), legend=legend)
    shape = alt.Shape("verdict:N", scale=alt.Scale(domain=kinds, range=list(MARKS.values())), legend=legend)
    base = alt.Chart().encode(
        y,
        tooltip=[
            alt.Tooltip("sentence:N", title=tr("sentence")),
            alt.Tooltip("verdict:N", title=tr("verdict")),
            alt.Tooltip("effect:N", title=tr("effect")),
        ],
    )
    zone = base.mark_bar(color=ZONE, opacity=0.16, cursor="pointer").encode(alt.X("from:Q", **across), alt.X2("to:Q"))
    bar = base.mark_rule(strokeWidth=3.5).encode(alt.X("low:Q", **across), alt.X2("high:Q"), color)
    dot = base.mark_point(filled=True, size=150, opacity=1, cursor="pointer").encode(alt.X("dot:Q", **across), color, shape)
    shown = alt.expr(f"width < {PHONE} ? 0 : 1")
    word = base.mark_text(align="left", dx=8, fontSize=size(12.5), color=GRAY, opacity=shown).encode(
        alt.X("edge:Q", **across), text="effect:N"
    )
    turns = base.transform_filter("isValid(datum.turn)").mark_point(size=110, strokeWidth=2.2, opacity=1)
    turns = turns.encode(alt.X("turn:Q", **across), color, shape)
    chart = alt.layer(zone.add_params(pick), bar, turns, dot, word)
    return curves.without_data(chart.properties(height=110 + 34 * len(sentences)))


def funnel_of(claim: Claim, effects: Mapping[str, np.ndarray], ends: tuple[float, float], level: float) -> pd.DataFrame:
    """What `funnel` draws: a dot a seed of every place and, after each seed, the interval of all so far; columns kind, place,
    up, x, low, high, seed."""
    low, high = ends
    rows = []
    for place, values in enumerate(effects.values()):
        for n in range(1, len(values) + 1):
            up = place + 1 - BAND + BAND * (n - 0.5) / len(values)
            so_far = anytime(values[:n], level)
            x = float(np.clip(values[n - 1], low, high))
            if isfinite(x):
                rows.append(("seed", place, up, x, x, x, n))
            if isfinite(so_far.error):
                around = np.clip([so_far.mean, so_far.mean - so_far.error, so_far.mean + so_far.error], low, high)
                rows.append(("band", place, up, *around.tolist(), n))
    found = pd.DataFrame(rows, columns=["kind", "place", "up", "x", "low", "high", "seed"])
    shown = found[["x", "low", "high"]].astype(float)
    return found.assign(**(np.exp(shown) if claim.factor else shown))


def ends_of(claim: Claim, known: Mapping[str, Sequence[float]], effects: Mapping[str, np.ndarray]) -> tuple[float, float]:
    """From where to where a picture of these seeds and of those that are known goes, in round numbers, 0 among them."""
    seen = np.concatenate([*(np.ravel(values) for values in (*known.values(), *effects.values())), [0.0]])
    seen = np.append(seen[np.isfinite(seen)], [edge for edge in claim.says if isfinite(edge)])
    wide = max(float(np.ptp(seen)), 1e-3)
    step = 10 ** np.floor(np.log10(wide)) / 2
    return float(np.floor((seen.min() - 0.08 * wide) / step) * step), float(np.ceil((seen.max() + 0.08 * wide) / step) * step)


@cached(maxsize=300)
def funnel(names: tuple[str, ...], effect: str, says: tuple[float, float], ends: tuple[float, float], factor: bool) -> Spec:
    """A strip a place: seeds from top to bottom, the interval closing around their mean, and the zone of what is claimed."""
    low, high = (exp(end) for end in ends) if factor else ends
    left, right = (float(np.clip(exp(min(edge, 50)) if factor else edge, low, high)) for edge in says)
    scale = alt.Scale(domain=[low, high], nice=False, type="log" if factor else "linear")
    words = alt.Undefined if factor else "datum.value ? datum.label : '0'"
    axis = alt.Axis(format="~g" if factor else "+~g", labelExpr=words, tickCount=6, labelFontSize=size(12))
    x = {"title": effect, "scale": scale, "axis": axis}
    y = {"axis": None, "scale": alt.Scale(domain=[len(names), 0], nice=False)}
    zone = alt.Chart(alt.Data(values=[{"from": left, "to": right, "top": 0, "bottom": len(names)}]))
    zone = zone.mark_rect(color=ZONE, opacity=0.12).encode(
        alt.X("from:Q", **x), alt.X2("to:Q"), alt.Y("top:Q", **y), alt.Y2("bottom:Q")
    )
    zero = alt.Chart(alt.Data(values=[{"at": 1 if factor else 0}])).mark_rule(color=GRAY, strokeDash=[5, 4], strokeWidth=1.5)
    titles = alt.Chart(alt.Data(values=[{"at": place + 0.01, "name": name} for place, name in enumerate(names)]))
    title = titles.mark_text(align="left", baseline="top", fontSize=size(13), fontWeight="bold", color=GRAY)
    line = titles.mark_rule(color=GRAY, opacity=0.35).encode(alt.Y("at:Q", **y))
    band = alt.Chart().transform_filter("datum.kind == 'band'").encode(detail="place:N", y=alt.Y("up:Q", **y))
    area = band.mark_area(orient="horizontal", color="#F2541B", opacity=0.22).encode(alt.X("low:Q", **x), alt.X2("high:Q"))
    mean = band.mark_line(color="#F2541B", strokeWidth=2.5).encode(alt.X("x:Q", **x), order="up:Q")
    tips = [alt.Tooltip("seed:Q", title=tr("seed number")), alt.Tooltip("x:Q", title=tr("effect"), format=".3g")]
    dot = alt.Chart().transform_filter("datum.kind == 'seed'")
    dot = dot.mark_point(filled=True, size=55, color=GRAY, opacity=1).encode(
        alt.X("x:Q", **x), alt.Y("up:Q", **y), tooltip=tips
    )
    title = title.encode(alt.Y("at:Q", **y), x=alt.value(6), text="name:N")
    chart = alt.layer(zone, zero.encode(alt.X("at:Q", **x)), line, area, mean, dot, title)
    return curves.without_data(chart.properties(height=60 + max(120, min(230, 560 // len(names))) * len(names)))
