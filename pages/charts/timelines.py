"""Searches as time goes by, a panel each: curves of all networks, where their updates are spent, and where they are cut.

Networks of a rung run side by side: each goes from the left to the right end of their stretch, while all of them together
spend as many updates as it is wide. So at every place all searches have spent as much.
"""

from collections.abc import Iterator, Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.budget import Rung
from engine.compare import History
from pages.charts import curves
from pages.charts.curves import Names, Spec
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY

Plan = Sequence[Rung]
Found = Sequence[Sequence[History]]  # of a search: rung → its networks
DOWN = 1.375  # from a panel to the next, in panels; a sum of powers of two, so that places are exact
PLACES = 160  # at which the best so far is drawn
LEAST = {"x": "float32", "y": "float32", "up": "float32", "lr": "float32", "weight_decay": "float32"}  # as a picture travels


def stretch(rung: Rung, history: History) -> tuple[np.ndarray, np.ndarray]:
    """(points,): where the search is, and the validation accuracy, from the rung before until this one or the divergence; the
    first look, after one update, is the beginning."""
    t, y = curves.accuracy(history, "validation")
    own = (t > rung.since) & (t < (history.diverged or np.inf))
    since = max(rung.since, 1)
    share = (t[own] - since) / (rung.until - since) if rung.until > since else np.ones(own.sum())
    return rung.start + share * (rung.end - rung.start), y[own]


def trial(history: History) -> tuple[float, float]:
    return history.experiment.lr, history.experiment.weight_decay


def fates(plan: Plan, found: Found, best: History | None) -> Iterator[tuple[str, History, np.ndarray, np.ndarray]]:
    """Of every network of a search what became of it: "cut", "best", the choice so far, or "on"; its longest training; its
    curve."""
    begun: dict[tuple, list] = {}
    for k, (rung, histories) in enumerate(zip(plan, found, strict=False)):
        for history in histories:
            begun.setdefault(trial(history), []).append((k, rung, history))
    for own in begun.values():
        x, y = (np.concatenate(part) for part in zip(*(stretch(rung, history) for _, rung, history in own), strict=True))
        k, rung, history = own[-1]
        cut = k + 1 < len(found) and plan[k + 1].since == rung.until
        yield "best" if history is best else "cut" if cut else "on", history, x, y


def lines(plans: Mapping[str, Plan], found: Mapping[str, Found], best: Mapping[str, History | None]) -> pd.DataFrame:
    """What `panels` draws: a row a look at a network, with columns line (the search), network, kind ("cut", "on" or "best"),
    x, y, up, lr, weight_decay, last (whether it is its latest look), lost (whether it has diverged after that)."""
    drawn = [
        (name, panel, *fate)
        for panel, name in enumerate(plans)
        for fate in fates(plans[name], found[name], best[name])
        if len(fate[-1])
    ]
    names, panel, kinds, histories, xs, ys = zip(*drawn, strict=True) if drawn else [()] * 6
    counts = np.array([len(x) for x in xs], int)
    x, y = (np.concatenate([np.empty(0), *parts]) for parts in (xs, ys))
    of_each = {
        "line": np.array(names, object),
        "network": np.arange(len(counts)),
        "kind": np.array(kinds, object),
        "lr": np.array([history.experiment.lr for history in histories]),
        "weight_decay": np.array([history.experiment.weight_decay for history in histories]),
        "lost": np.array([history.diverged is not None for history in histories], bool),
    }
    data = pd.DataFrame({name: np.repeat(column, counts) for name, column in of_each.items()})
    last = np.isin(np.arange(len(x)), np.cumsum(counts) - 1)
    up = y - np.repeat(np.array(panel, int), counts) * DOWN
    return data.assign(x=x, y=y, up=up, last=last, lost=data["lost"] & last).astype(LEAST)


def said(plan: Plan) -> str:
    """The sizes of a search's rungs, bracket by bracket.

    >>> from engine.budget import Terms, plan
    >>> said(plan("halving", Terms(28, 9, 2))), said(plan("hyperband", Terms(72, 9, 2))), said(plan("panda", Terms(28, 9, 2)))
    ('14 → 4 → 1', '9 → 3 → 1, 5 → 1, 3', '3, one by one')
    """
    if len(plan) > 1 and all(rung.networks == 1 and not rung.since for rung in plan):
        return tr("{n}, one by one", n=len(plan))
    words = "".join(f"{' → ' if rung.since else ', '}{rung.networks}" for rung in plan)
    return words.removeprefix(", ")


@cached(maxsize=300)
def panels(names: Names, titles: Names, plans: tuple[tuple[Rung, ...], ...], budget: int, height: int) -> Spec:
    """A panel a search, over updates spent from 0 to the budget, with a rule at every cut."""
    tops = [1 - panel * DOWN for panel in range(len(names))]
    ends = alt.Axis(
        values=[*tops, *(top - 1 for top in tops)], labelExpr=f"(1 - datum.value) % {DOWN} == 0 ? 1 : 0", grid=False
    )
    scale = alt.Scale(domain=[tops[-1] - 1.05, 1.3], nice=False)
    x = {"title": None, "scale": alt.Scale(domain=[0, budget], nice=False), "axis": alt.Axis(grid=False)}
    y = {"title": tr("validation accuracy"), "scale": scale, "axis": ends}
    style = curves.color(names, legend=False)
    boxes = [
        {"line": name, "title": title, "top": top, "bottom": top - 1, "left": 0, "right": budget, "spent": plan[-1].end}
        for name, title, top, plan in zip(names, titles, tops, plans, strict=True)
    ]
    edges = [
        {"at": rung.start, "top": top, "bottom": top - 1, "cut": rung.since > 0}
        for top, plan in zip(tops, plans, strict=True)
        for rung in plan[1:]
    ]
    base, box = alt.Chart().encode(alt.X("x:Q", **x), alt.Y("up:Q", **y)), still(boxes)
    sides = {"x2": "right:Q", "y": alt.Y("bottom:Q", **y), "y2": "top:Q"}
    left, head = alt.X("left:Q", **x), alt.Y("top:Q", **y)
    title = box.mark_text(align="left", dx=40, dy=-9, fontSize=size(12.5), fontWeight="bold", limit=alt.expr("width - 40"))
    edge = {"x": alt.X("at:Q", **x), "y": alt.Y("bottom:Q", **y), "y2": "top:Q"}
    tips = [
        alt.Tooltip("lr:Q", title=tr("learning rate"), format=".3g"),
        alt.Tooltip("weight_decay:Q", title="λ", format=".3g"),
        alt.Tooltip("y:Q", title=tr("validation accuracy"), format=".2f"),
    ]

    def of(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind == '{kind}'")

    layers = [
        box.mark_rect(color=GRAY, opacity=0.12).encode(alt.X("spent:Q", **x), **sides),
        box.mark_rect(fill=None, stroke=f"{GRAY}66", strokeWidth=1).encode(left, **sides),
        still([one for one in edges if one["cut"]]).mark_rule(color=GRAY, strokeDash=[3, 3]).encode(**edge),
        still([one for one in edges if not one["cut"]]).mark_rule(color=f"{GRAY}66").encode(**edge),
        box.mark_rule(strokeWidth=2.5, yOffset=-9).encode(head, **style, x=alt.value(0), x2=alt.value(32)),
        title.encode(left, head, style["color"], text="title:N"),
        of("cut").mark_line(color=GRAY, strokeWidth=1, opacity=0.5).encode(detail="network:N", tooltip=tips),
        of("on").mark_line(strokeWidth=1.6, opacity=0.75).encode(style["color"], detail="network:N", tooltip=tips),
        of("best").mark_line(strokeWidth=3.5).encode(style["color"], detail="network:N", tooltip=tips),
        of("cut").transform_filter("datum.last").mark_point(filled=True, size=14, color=GRAY, opacity=0.9),
        base.transform_filter("datum.lost").mark_point(shape="cross", angle=45, size=45, filled=True, color=GRAY, opacity=1),
        of("best").transform_filter("datum.last").mark_point(size=130, strokeWidth=2.5, opacity=1).encode(style["color"]),
    ]
    return curves.without_data(alt.layer(*layers).properties(height=height))


def still(rows: list[dict]) -> alt.Chart:
    return alt.Chart(alt.Data(values=rows))


def best_so_far(plan: Plan, found: Found, budget: int) -> pd.Series:
    """The best validation accuracy that any network of a search has shown, by updates spent, as far as its rungs have ended."""
    rungs = zip(plan, found, strict=False)
    ended = [(rung, histories) for rung, histories in rungs if all(history.ended for history in histories)]
    points = [stretch(rung, history) for rung, histories in ended for history in histories]
    x, y = (np.concatenate([np.empty(0), *part]) for part in zip(*points, strict=True)) if points else np.empty((2, 0))
    places = np.linspace(0, budget, PLACES)
    places = places[places <= (ended[-1][0].end if ended else 0)]
    order = np.argsort(x, kind="stable")
    known = np.fmax.accumulate(np.concatenate([[np.nan], y[order]]))
    return pd.Series(known[np.searchsorted(x[order], places, side="right")], places)


def best_of(plans: Mapping[str, Plan], found: Mapping[str, Sequence[Found]], budget: int) -> pd.DataFrame:
    """Columns line, x, y, low, high, as `curves.lines` draws them: the best so far of each search, mean and ends over seeds."""
    parts = [
        pd.concat([best_so_far(plan, own, budget) for own in found[name]], axis=1, join="inner").dropna()
        for name, plan in plans.items()
    ]
    frames = [
        pd.DataFrame({"line": name, "x": part.index, "y": part.mean(axis=1), "low": part.min(axis=1), "high": part.max(axis=1)})
        for name, part in zip(plans, parts, strict=True)
    ]
    return pd.concat(frames, ignore_index=True)
