"""Filled-in formulas reproduce the engine's step, as computed and as printed."""

import re
from math import sqrt

import numpy as np
import pytest

from engine import filled
from engine.descent import descend
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS


def lines_at(path, rule, k, axis, sliders):
    before = [path.state[name][k - 1, axis] if k else 0.0 for name in rule.state]
    return filled.fill(rule, k + 1, float(path.points[k, axis]), float(path.gradients[k, axis]), before, sliders)


@pytest.mark.parametrize("rule", OPTIMIZERS.values(), ids=lambda rule: rule.name)
@pytest.mark.parametrize("surface", ["anisotropic", "rosenbrock"])
def test_a_filled_in_formula_ends_where_the_engine_does(rule, surface):
    sliders = {"lr": 0.001, **({"weight_decay": 0.1} if "weight_decay" in rule.sliders else {})}
    path = descend(OBJECTIVES[surface], rule.name, OBJECTIVES[surface].start, 40, **sliders)
    for k in (0, 1, 7, 39):
        for axis in (0, 1):
            values = {line.name: line.value for line in lines_at(path, rule, k, axis, sliders)}
            assert values["theta"] == pytest.approx(path.points[k + 1, axis], rel=1e-14)
            for name in rule.state:
                assert values[name] == pytest.approx(path.state[name][k, axis], rel=1e-14)


TEX = (
    (r"\left|", "abs("), (r"\right|", ")"), (r"\left", ""), (r"\right", ""), (r"\operatorname{sign}", "sign"),
    (r"\max", "max"), (r"\cdot", "*"), ("\\ ", " "),
)  # fmt: skip


def evaluated(latex: str) -> float:
    """What a reader with a calculator gets out of the printed term."""
    for tex, python in TEX:
        latex = latex.replace(tex, python)
    before = None
    while before != latex:
        before = latex
        latex = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", latex)
        latex = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", latex)
        latex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", latex)
    return eval(latex, {"sqrt": sqrt, "sign": np.sign})  # noqa: S307


@pytest.mark.parametrize("rule", OPTIMIZERS.values(), ids=lambda rule: rule.name)
def test_the_printed_numbers_reproduce_the_printed_result(rule):
    path = descend(OBJECTIVES["anisotropic"], rule.name, (-7.0, 2.0), 12, lr=0.05)
    for k in (0, 1, 5, 11):
        for line in lines_at(path, rule, k, 0, {"lr": 0.05}):
            largest = (
                max(abs(float(n)) for n in re.findall(r"\d+\.?\d*(?![\d.]*\})", line.latex)) if "theta" in line.name else 0
            )
            assert evaluated(line.latex) == pytest.approx(line.value, rel=2e-3, abs=1e-3 * largest), line.latex


def test_a_formula_reads_as_in_a_book():
    rule = OPTIMIZERS["adam"]
    found = filled.fill(rule, 2, -6.7, -0.67, [-0.07, 0.00049], {"lr": 0.3})
    assert [line.name for line in found] == ["m", "v", "m_hat", "v_hat", "theta"]
    assert found[0].latex == r"0.9 \cdot \left(-0.07\right) + \left(1 - 0.9\right) \cdot \left(-0.67\right)"
    assert found[3].latex == rf"\frac{{{filled.number(found[1].value)}}}{{1 - 0.999^{{2}}}}"
    book = filled.equations(found, "x")
    assert r"{\hat v}_x &= \frac" in book
    assert book.count("&=") == 5
