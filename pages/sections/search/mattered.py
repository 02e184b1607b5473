"""What mattered: five hyper-parameters at a time, every trial a line, and which of them one should have turned first."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.importance import importance, resampled
from engine.registry import Range as Span
from engine.search import Range, Seen, Setting, nth
from engine.verdict import Verdict
from pages.charts import parallel
from pages.kit import compute
from pages.kit.controls import Choice, Number, Values, of
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.sections.search import trials
from pages.sections.search.trials import BOOK

SPACE = {
    "lr": Range(1e-4, 1.0, log=True),
    "weight_decay": Range(1e-6, 1e-1, log=True),
    "batch_size": Range(10, 200, log=True, whole=True),
    "width": Range(10, 200, log=True, whole=True),
    "layers": Range(1, 5, whole=True),
}
LABELS = {**trials.LABELS, "batch_size": "batch size", "width": "units", "layers": "hidden layers"}
FEWEST, BEST, DRAWS, SURE = 10, 0.2, 100, 0.95
CONTROLS = {
    "varied": Choice("Varied", tuple(SPACE), LABELS),
    "trials": Number("trials ≤ 200", 60, Span(FEWEST, 200)),
    **of(replace(BOOK, steps=100), steps=(20, 500), seed=()),
}


def space(values: Values) -> dict[str, Range]:
    if len(values.varied) < 2:
        raise ValueError(tr("choose at least two hyper-parameters to vary"))
    return {name: SPACE[name] for name in values.varied}


def experiment(base: Experiment, setting: Setting) -> Experiment:
    """The network of a setting; what is not varied is as in the textbook, but for a learning rate at which it learns."""
    width, layers = setting.get("width", 100), setting.get("layers", 3)
    plain = {name: value for name, value in setting.items() if name not in ("width", "layers")}
    return replace(base, **{"lr": 0.1, **plain}, hidden=(int(width),) * int(layers))


def specs(values: Values) -> list[Experiment]:
    asked, base = space(values), trials.asked(values, evaluate="none")
    return [experiment(base, nth("random", asked, k, values.seed)) for k in range(values.trials)]


def setting(history: History) -> Setting:
    spec = history.experiment
    plain = {name: getattr(spec, name) for name in ("lr", "weight_decay", "batch_size")}
    return {**plain, "width": spec.hidden[0], "layers": len(spec.hidden)}


def seen(histories: list[History]) -> tuple[dict[str, Range], Seen]:
    """The hyper-parameters that were varied, and the finished trials."""
    ended = [(setting(h), trials.score(h)) for h in histories if h.ended]
    varied = [name for name in SPACE if len({setting(h)[name] for h in histories}) > 1]
    return {name: SPACE[name] for name in varied}, [({name: one[name] for name in varied}, score) for one, score in ended]


@compute.cached(200)
def mattered(names: tuple[str, ...], found: tuple) -> dict[str, np.ndarray]:
    """Name → its importance, then those in trials drawn again."""
    own = {name: SPACE[name] for name in names}
    known = [(dict(zip(names, one, strict=True)), score) for one, score in found]
    plain, drawn = importance(own, known, BEST), resampled(own, known, BEST, DRAWS)
    return {name: np.array([plain[name], *drawn[name]]) for name in names}


def importances(histories: list[History]) -> dict[str, np.ndarray]:
    """The same of what was varied, the most important first; nothing of too few trials."""
    own, known = seen(histories)
    fine = tuple((tuple(one.values()), score) for one, score in known if np.isfinite(score))
    drawn = mattered(tuple(own), fine) if len(fine) >= FEWEST else {}
    return {name: drawn[name] for name in sorted(drawn, key=lambda name: -drawn[name][0])}


def rows(drawn: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """Each importance, and where it lies in nine of ten trials drawn again."""
    ends = {name: np.quantile(again, [0.05, 0.95]) for name, (_, *again) in drawn.items()}
    return [{"name": LABELS[name], "value": drawn[name][0], "low": low, "high": high} for name, (low, high) in ends.items()]


def table(histories: list[History]) -> pd.DataFrame:
    """A row a trial that has ended: its setting and validation accuracy."""
    own, known = seen(histories)
    return pd.DataFrame([{**one, "score": score} for one, score in known], columns=[*own, "score"])


def draw(histories: list[History], values: Values) -> None:
    """Parallel coordinates; below the importance of each, and accuracy over the most important of them."""
    own, found = space(values), table(histories).dropna(subset="score")
    named = {name: tr(label) for name, label in LABELS.items()}
    figure = parallel.coordinates(own, named, found)
    st.plotly_chart(figure, key="mattered_lines", alt=tr("Trials as lines over an axis for each hyper-parameter"))
    left, right = st.columns([0.5, 0.5], gap="small")
    drawn = importances(histories)
    bars = parallel.importances(tuple(named[name] for name in own), 220)
    data = pd.DataFrame(rows(drawn), columns=["name", "value", "low", "high"])
    data["name"] = data["name"].map(tr)
    left.vega_lite_chart(data, bars, key="mattered_bars", alt=tr("How much each hyper-parameter mattered"))
    first = next(iter(drawn or own))
    span = own[first]
    chart = parallel.slice_(named[first], span.low, span.high, span.log, 220)
    data = found[[first, "score"]].rename(columns={first: "x"})
    words = tr("Validation accuracy over {name}", name=named[first])
    right.vega_lite_chart(data, chart, key=f"mattered {first}", alt=words)


def verdict(histories: list[History]) -> Verdict:
    """Which hyper-parameter mattered most, and whether trials drawn again say so too."""
    drawn, also = importances(histories), trials.lost(histories)
    count = len(seen(histories)[1])
    if not drawn:
        return Verdict("few", count=count, least=FEWEST, also=also)
    first, *_ = drawn
    again = np.array(list(drawn.values()))[:, 1:]
    sure = float((again[0] >= again[1:].max(axis=0)).mean())
    numbers = {"rows": rows(drawn), "count": count, "first": LABELS[first], "sure": sure}
    kind, right = ("first", first) if sure >= SURE else ("open", "open")
    return Verdict(kind, right=right, **numbers, also=also)


LAB = Lab(
    id="search/mattered",
    title="What mattered",
    prefix="mattered_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    formula=r"\gamma^2 \int p(u) \left(\tfrac{p^*(u)}{p(u)} - 1\right)^2 du \qquad p^* \text{ of the best share } \gamma",
    code=[importance, resampled],
)
