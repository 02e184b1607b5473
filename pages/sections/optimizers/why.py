"""Why so slow: on a quadratic the rate of convergence is known in advance; it is the shape of the valley that slows SGD."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine import quadratic
from engine.descent import Path
from engine.experiments import Descent
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.quadratic import SURFACES, Valley, away
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import descents, valley
from pages.kit import address, compute, field
from pages.kit.controls import Choice, Number, Values, holds, labels
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.words import WORDS
from pages.sections.optimizers import handover
from pages.sections.optimizers.fields import number

ID = "optimizers/why"
SHAPE = ("condition", "angle")
NARROW = 5  # κ of a valley that is felt as one
NEAR = 0.05  # of the best lr: as good as the best
OTHERS = {name: label for name, label in labels(OPTIMIZERS).items() if name not in quadratic.RULES}
RAVINE = OBJECTIVES["ravine"].sliders
CONTROLS = {
    "surface": Choice("Surface", "anisotropic", {name: OBJECTIVES[name].label for name in SURFACES}, menu=True),
    **{name: number(name, RAVINE[name], when=holds("surface", "ravine")) for name in SHAPE},
    "rule": Choice("Rule", "momentum", {name: OPTIMIZERS[name].label for name in ("momentum", "nesterov")}),
    "lr": Number("learning rate η", 0.95, Range(1e-4, 10, log=True)),
    "momentum": number("momentum", 0.9),
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
    """A valley, the rules that are shown, the one with momentum second, the paths of all that are told of, and how many steps
    of them are shown."""

    valley: Valley
    shown: tuple[str, ...]
    paths: dict[str, Path]
    steps: int

    @property
    def table(self) -> pd.DataFrame:
        return valley.distances(self.valley, {name: self.paths[name] for name in self.shown}, self.steps)


def ground(values: Values) -> Valley:
    shape = tuple((name, getattr(values, name)) for name in SHAPE) if values.surface == "ravine" else ()
    return Valley(values.surface, shape, values.lr, values.momentum)


def shown(values: Values) -> tuple[str, ...]:
    return ("sgd", values.rule, *values.others)


def specs(values: Values) -> list[Descent]:
    return [replace(ground(values).spec(name), steps=values.steps) for name in shown(values)]


def find(values: Values) -> Foretold:
    told, here = [name for name in OPTIMIZERS if name in (*quadratic.RULES, *values.others)], ground(values)
    return Foretold(here, shown(values), {name: compute.path(here.spec(name)) for name in told}, values.steps)


def draw(found: Foretold, values: Values) -> None:
    here, surface = found.valley, compute.surface(specs(values)[0])
    left, right = st.columns(2, gap="small")
    with left:
        field.show("why_ground", valley.contour(here, values.rule, surface, found.paths))
    with right:
        field.show("why_map", valley.rates(here, values.rule), lambda *cell: choose(here, *cell))
    shrinking = found.table
    chart = descents.slopes(found.shown, found.steps, valley.floor(shrinking))
    alt = tr("Distance to the minimum of each rule against steps, with the predicted straight lines")
    shrinking["line"] = shrinking["line"].map(tr)
    st.vega_lite_chart(shrinking, chart, key="why_slopes", alt=alt)


def choose(here: Valley, column: int, line: int) -> None:
    """A click on the map sets η and μ."""
    address.tell(lr=f"{valley.lrs(here)[column]:.6g}", momentum=valley.MOMENTA[line])


def beside(found: Foretold | None, values: Values) -> None:
    if found:
        handover.offer(ID, specs(values))


def verdict(found: Foretold) -> Verdict:
    """Where the lr of plain SGD stands between its best and its limit, and what every rule makes of the valley."""
    here = found.valley
    lr, kappa, edge, rate = here.lr, here.condition, here.limit("sgd"), here.rate("sgd")
    best, _, fastest = here.best("sgd")
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
    numbers = {"lr": lr, "edge": edge, "rate": rate, "best": best, "fastest": fastest, "kappa": kappa}
    numbers |= {"off": abs(off), "times": max(lr, best) / min(lr, best), "digit": digits(rate)}
    rows = [line(here, name, quadratic.measured(away(path))) for name, path in found.paths.items()]
    return Verdict(kind, right=right, **numbers, also=[Verdict("rules", rows=rows, momentum=here.momentum)])


def line(here: Valley, name: str, found: float) -> dict[str, str | float]:
    """What the closed form says of a rule if it has one, and its measured rate."""
    spec = here.spec(name)
    told = {"name": OPTIMIZERS[name].label, "setting": f"{spec.lr:.4g}", "measured": found}
    if name not in quadratic.RULES:
        return {**told, "edge": "–", "predicted": "–", "digit": digits(found), "best": "–", "quickest": "–"}
    lr, mu, fastest = here.best(name)
    own, its = (f", {here.momentum:.4g}", f", {mu:.3g}") if name != "sgd" else ("", "")
    return {
        **told,
        "setting": f"{spec.lr:.4g}{own}",
        "edge": f"{here.limit(name):.3g}",
        "predicted": f"{here.rate(name):.3f}",
        "digit": digits(here.rate(name)),
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
    table=lambda found: found.table,
    verdict=verdict,
    formula=lambda values: LATEX[values.rule],
    code=[quadratic.rate, quadratic.limit, quadratic.best],
)
