"""Why so slow: on a quadratic the rate of convergence is known in advance; it is the shape of the valley that slows SGD."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine import objectives, optimizers, quadratic
from engine.experiments import Descent
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import descents
from pages.kit import address, field
from pages.kit.controls import Choice, Number, Values, labels
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.words import WORDS
from pages.sections.optimizers import handover, rates, valleys
from pages.sections.optimizers.settings import SLIDER_LABELS
from pages.sections.optimizers.valleys import Valley

ID = "optimizers/why"
SHAPE = ("condition", "angle")
NARROW = 5  # κ of a valley that is felt as one
NEAR = 0.05  # of the best lr: as good as the best
OTHERS = {name: label for name, label in labels(OPTIMIZERS).items() if name not in quadratic.RULES}
RAVINE = OBJECTIVES["ravine"].sliders
CONTROLS = {
    "surface": Choice("Surface", "anisotropic", {name: OBJECTIVES[name].label for name in valleys.SURFACES}, menu=True),
    **{
        name: Number(SLIDER_LABELS[name], RAVINE[name], objectives.RANGES[name], when=lambda values: values.surface == "ravine")
        for name in SHAPE
    },
    "rule": Choice("Rule", "momentum", {name: OPTIMIZERS[name].label for name in ("momentum", "nesterov")}),
    "lr": Number("learning rate η", 0.95, Range(1e-4, 10, log=True)),
    "momentum": Number("momentum μ", 0.9, optimizers.RANGES["momentum"]),
    "steps": Number("steps ≤ 300", 100, Range(10, 300)),
    "others": Choice("Compare with", ("adam",), OTHERS),
}
ALONG = r"""\begin{gathered}
    \text{along the eigenvector of } \lambda: \quad
    \begin{pmatrix} \theta \\ v \end{pmatrix} \leftarrow \begin{pmatrix} """
RATE = r""" \\ -\eta\lambda & \mu \end{pmatrix} \begin{pmatrix} \theta \\ v \end{pmatrix},
    \qquad \text{rate} = \max_\lambda \text{ of its larger } |\text{eigenvalue}| \\[4pt]
    \text{SGD: } \eta < \frac{2}{\lambda_{\max}}, \quad \text{rate}^* = \frac{\kappa - 1}{\kappa + 1} \qquad """
END = r" \end{gathered}"
LATEX = {
    "momentum": ALONG
    + r"1 - \eta\lambda & \mu"
    + RATE
    + r"\text{Momentum: } \eta < \frac{2(1 + \mu)}{\lambda_{\max}}, \quad "
    + r"\text{rate}^* = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}"
    + END,
    "nesterov": ALONG
    + r"1 - (1 + \mu)\,\eta\lambda & \mu^2"
    + RATE
    + r"\text{Nesterov: } \eta < \frac{2(1 + \mu)}{(1 + 2\mu)\lambda_{\max}}, \quad "
    + r"\text{rate}^* = 1 - \frac{2}{\sqrt{3\kappa + 1}}"
    + END,
}


class Foretold(NamedTuple):
    """A valley, the rule with momentum on it, and the rules that are compared."""

    valley: Valley
    rule: str
    others: tuple[str, ...]
    steps: int

    @property
    def shown(self) -> tuple[str, ...]:
        return ("sgd", self.rule, *self.others)


def find(values: Values) -> Foretold:
    shape = tuple((name, getattr(values, name)) for name in SHAPE) if values.surface == "ravine" else ()
    return Foretold(Valley(values.surface, shape, values.lr, values.momentum), values.rule, values.others, values.steps)


def specs(values: Values) -> list[Descent]:
    found = find(values)
    return [replace(found.valley.spec(name), steps=values.steps) for name in found.shown]


def draw(found: Foretold, values: Values) -> None:  # noqa: ARG001
    valley = found.valley
    ground, plan = st.columns(2, gap="small")
    with ground:
        field.show("why_ground", rates.contour(valley, found.rule))
    with plan:
        field.show("why_map", rates.rate_map(valley, found.rule), lambda *cell: choose(valley, *cell))
    shrinking = rates.distances(valley, found.shown, found.steps)
    chart = descents.slopes(found.shown, found.steps, rates.floor(shrinking))
    alt = tr("Distance to the minimum of each rule against steps, with the predicted straight lines")
    shrinking["line"] = shrinking["line"].map(tr)
    st.vega_lite_chart(shrinking, chart, key="why_slopes", alt=alt)


def choose(valley: Valley, column: int, line: int) -> None:
    """A click on the map sets η and μ."""
    address.tell(lr=f"{rates.rates_of(valley)[column]:.6g}", momentum=rates.MOMENTA[line])


def beside(found: Foretold, values: Values) -> None:  # noqa: ARG001
    valley = found.valley
    rules = {name: valley.spec(name).lr for name in found.shown}
    start = valley.spec("sgd")
    handover.offer(ID, surface=valley.surface, rules=rules, start=(start.x0, start.y0), steps=found.steps)


def table(found: Foretold) -> pd.DataFrame:
    return rates.distances(found.valley, found.shown, found.steps)


def verdict(found: Foretold) -> Verdict:
    """Where the lr of plain SGD stands between its best and its limit, and what every rule makes of the valley."""
    valley = found.valley
    lr, kappa, edge, rate = valley.lr, valley.condition, valley.limit("sgd"), valley.rate("sgd")
    best, _, fastest = valley.best("sgd")
    off = lr / best - 1
    right = "this" if abs(off) < NEAR else "smaller" if off > 0 else "larger"
    if lr >= edge:
        kind = "bounces" if lr == edge else "too-large"
    elif kappa < 1.001:
        kind = "round"
    elif abs(off) < NEAR:
        kind = "near-narrow" if kappa > NARROW else "near-wide"
    else:
        kind = "below" if lr < best else "above"
    known = [name for name in OPTIMIZERS if name in quadratic.RULES or name in found.others]
    numbers = {"lr": lr, "edge": edge, "rate": rate, "best": best, "fastest": fastest, "kappa": kappa}
    numbers |= {"off": abs(off), "times": max(lr, best) / min(lr, best), "digit": digits(rate)}
    rows = [line(valley, name) for name in known]
    return Verdict(kind, right=right, **numbers, also=[Verdict("rules", rows=rows, momentum=valley.momentum)])


def line(valley: Valley, name: str) -> dict[str, str | float]:
    """What the closed form says of a rule if it has one, and its measured rate."""
    spec, found = valley.spec(name), valley.measured(name)
    told = {"name": OPTIMIZERS[name].label, "setting": f"{spec.lr:.4g}", "measured": found}
    if name not in quadratic.RULES:
        return {**told, "edge": "–", "predicted": "–", "digit": digits(found), "best": "–", "quickest": "–"}
    lr, mu, fastest = valley.best(name)
    own, its = (f", {valley.momentum:.4g}", f", {mu:.3g}") if name != "sgd" else ("", "")
    return {
        **told,
        "setting": f"{spec.lr:.4g}{own}",
        "edge": f"{valley.limit(name):.3g}",
        "predicted": f"{valley.rate(name):.3f}",
        "digit": digits(valley.rate(name)),
        "best": f"{lr:.3g}{its}",
        "quickest": digits(fastest),
    }


def digits(rate: float) -> str:
    """Steps to gain a digit, in words."""
    needed = quadratic.digit(rate)
    return N_("never") if not np.isfinite(needed) else N_("1 or less") if needed <= 1 else WORDS.format("{:.3g}", needed)


LAB = Lab(
    id=ID,
    title="Why so slow",
    was=("Why",),
    prefix="why_",
    controls=CONTROLS,
    specs=specs,
    find=find,
    draw=draw,
    beside=beside,
    table=table,
    verdict=verdict,
    formula=lambda values: LATEX[values.rule],
    code=[quadratic.rate, quadratic.limit, quadratic.best],
)
