"""Why: on a quadratic the rate of convergence is known in advance; it is the shape of the valley that makes SGD slow."""

from dataclasses import replace

import streamlit as st

from engine import objectives, optimizers, quadratic
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from pages.charts import descents
from pages.kit import compute, export, field
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, row
from pages.sections.optimizers import predictions, rates, valleys
from pages.sections.optimizers.valleys import Valley

LABEL = "Why"
NAME = "optimizers/why"
SHAPES = {"why_condition": "condition", "why_angle": "angle"}
OTHERS = {name: rule.label for name, rule in OPTIMIZERS.items() if name not in quadratic.RULES}
KNOWN: dict[str, Setting] = {
    "why_surface": Choice("Surface", "anisotropic", {name: OBJECTIVES[name].label for name in valleys.SURFACES}),
    "why_condition": Number("condition number κ", 50.0, objectives.RANGES["condition"]),
    "why_angle": Number("angle, degrees", 30.0, objectives.RANGES["angle"]),
    "why_rule": Choice("Rule", "momentum", {name: OPTIMIZERS[name].label for name in ("momentum", "nesterov")}),
    "why_lr": Number("learning rate η", 0.95, Range(1e-4, 10, log=True)),
    "why_momentum": Number("momentum μ", 0.9, optimizers.RANGES["momentum"]),
    "why_steps": Number("steps ≤ 300", 100, Range(10, 300)),
    "why_others": Choice("Compare with", ("adam",), OTHERS),
}

MATRIX = r"""\begin{{gathered}}
    \text{{along the eigenvector of }} \lambda: \quad
    \begin{{pmatrix}} \theta \\ v \end{{pmatrix}} \leftarrow
    \begin{{pmatrix}} {} \\ -\eta\lambda & \mu \end{{pmatrix}} \begin{{pmatrix}} \theta \\ v \end{{pmatrix}},
    \qquad \text{{rate}} = \max_\lambda \text{{ of its larger }} |\text{{eigenvalue}}| \\[4pt]
    \text{{SGD: }} \eta < \frac{{2}}{{\lambda_{{\max}}}}, \quad \text{{rate}}^* = \frac{{\kappa - 1}}{{\kappa + 1}} \qquad
    {} \end{{gathered}}"""
LATEX = {
    "momentum": MATRIX.format(
        r"1 - \eta\lambda & \mu",
        r"\text{Momentum: } \eta < \frac{2(1 + \mu)}{\lambda_{\max}}, \quad "
        r"\text{rate}^* = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}",
    ),
    "nesterov": MATRIX.format(
        r"1 - (1 + \mu)\,\eta\lambda & \mu^2",
        r"\text{Nesterov: } \eta < \frac{2(1 + \mu)}{(1 + 2\mu)\lambda_{\max}}, \quad "
        r"\text{rate}^* = 1 - \frac{2}{\sqrt{3\kappa + 1}}",
    ),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        surface = KNOWN["why_surface"].draw("why_surface")
        shape = row(KNOWN, SHAPES) if surface == "ravine" else {}
        rule = KNOWN["why_rule"].draw("why_rule")
        values = row(KNOWN, ("why_lr", "why_momentum", "why_steps"))
        others = KNOWN["why_others"].draw("why_others")
        lab.reset(KNOWN)
    sliders = tuple((SHAPES[key], value) for key, value in shape.items())
    valley = Valley(surface, sliders, values["why_lr"], values["why_momentum"])
    compared = ("sgd", rule, *(name for name in OTHERS if name in others))
    shrinking = rates.distances(valley, compared, values["why_steps"])
    with picture:
        ground, plan = st.columns(2, gap="small")
        with ground:
            field.show("why_ground", rates.contour(valley, rule))
        with plan:
            field.show("why_map", rates.rate_map(valley, rule), lambda *cell: choose(valley, *cell))
        st.vega_lite_chart(
            shrinking,
            descents.slopes(compared, values["why_steps"], rates.floor(shrinking)),
            key="why_slopes",
            alt="Distance to the minimum of each rule against steps, with the predicted straight lines",
        )
        lab.caption(NAME)
        lab.outcome(NAME, predictions.sentence(valley, rule))
    known = {name: OPTIMIZERS[name].label for name in OPTIMIZERS if name in quadratic.RULES or name in others}
    st.table(predictions.table(valley, known), width="content", alt="Predicted and measured rates of each rule")
    drawn = [replace(valley.spec(name), steps=values["why_steps"]) for name in compared]
    export.buttons(drawn, [compute.path(spec) for spec in drawn], name="why")
    lab.explain(NAME, None, quadratic.rate, quadratic.limit, quadratic.best, latex=LATEX[rule])


def choose(valley: Valley, column: int, line: int) -> None:
    """A click on the map sets η and μ."""
    st.session_state["why_lr"] = float(f"{rates.rates_of(valley)[column]:.6g}")
    st.session_state["why_momentum"] = float(rates.MOMENTA[line])
