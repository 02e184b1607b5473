"""A formula filled in is the source of a rule, line by line, with the numbers of one step in place of its names."""

import ast
import operator
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.optimizers import Optimizer

SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly a term holds together
OPERATORS = {
    ast.Add: (operator.add, SUM, "{} + {}"),
    ast.Sub: (operator.sub, SUM, "{} - {}"),
    ast.Mult: (operator.mul, PRODUCT, r"{} \cdot {}"),
    ast.Div: (operator.truediv, ATOM, r"\frac{{{}}}{{{}}}"),
    ast.Pow: (operator.pow, POWER, "{}^{{{}}}"),
}
FUNCTIONS = {
    "sqrt": (np.sqrt, r"\sqrt{{{}}}"),
    "abs": (np.abs, r"\left|{}\right|"),
    "sign": (np.sign, r"\operatorname{{sign}}({})"),
    "maximum": (np.maximum, r"\max({},\ {})"),
}
SYMBOLS = {"theta": r"\theta", "step": r"\Delta"}


class Line(NamedTuple):
    """One line of a rule: what it computes, the term with its numbers, and what comes out."""

    name: str
    latex: str
    value: float


def fill(rule: Optimizer, t: int, theta: float, g: float, state: Sequence[float], sliders: Mapping[str, float]) -> list[Line]:
    """What the rule computes at step t for one coordinate, from its parameter, gradient and state before the step."""
    values = {"t": t, "theta": theta, "g": g, **dict(zip(rule.state, state, strict=True)), **rule.sliders, **sliders}
    lines = []
    for names, terms in _assignments(rule):
        done = [Line(name, *_filled(term, values)) for name, term in zip(names, terms, strict=True)]
        values |= {line.name: line.value for line in done}
        lines += done
    return lines


def equations(lines: Sequence[Line], coordinate: str) -> str:
    """The lines of one coordinate under each other as LaTeX; numbers rounded to four digits."""
    rows = (rf"{symbol(line.name)}_{coordinate} &= {line.latex} = {number(line.value)}" for line in lines)
    return r"\begin{aligned} " + r" \\[8pt] ".join(rows) + r" \end{aligned}"


def symbol(name: str) -> str:
    """
    >>> symbol("theta"), symbol("m_hat"), symbol("v_max")
    ('\\\\theta', '{\\\\hat m}', '{v^{\\\\max}}')
    """
    stem, _, more = name.partition("_")
    marked = {"hat": rf"{{\hat {stem}}}", "max": rf"{{{stem}^{{\max}}}}"}
    return marked.get(more) or SYMBOLS.get(name, name)


def number(value: float) -> str:
    """
    >>> number(0.30000001), number(-7), number(4.89e-4), number(1e-8)
    ('0.3', '-7', '4.89 \\\\cdot 10^{-4}', '10^{-8}')
    """
    digits, _, power = f"{value:.4g}".partition("e")
    if not power and 0 < abs(value) < 1e-3:
        digits, _, power = f"{value:.3e}".partition("e")
        digits = digits.rstrip("0").rstrip(".")
    if not power:
        return digits
    times = "" if digits == "1" else rf"{digits} \cdot "
    return rf"{times}10^{{{int(power)}}}"


def _assignments(rule: Optimizer) -> list[tuple[list[str], list[ast.expr]]]:
    """Names and terms of the source, line by line; what is returned unchanged is no line of its own."""
    found, done = [], set()
    (definition,) = ast.parse(rule.code).body
    for statement in getattr(definition, "body", ()):
        match statement:
            case ast.Assign([ast.Name(id=name)], term):
                names, terms = [name], [term]
            case ast.Assign([ast.Tuple(targets)], ast.Tuple(terms)):
                names = list(map(ast.unparse, targets))
            case ast.Return(ast.Tuple(terms)):
                both = list(zip(("theta", *rule.state), terms, strict=True))
                names = [name for name, term in both if not (isinstance(term, ast.Name) and name in done)]
                terms = [term for name, term in both if name in names]
            case _:
                continue
        done |= set(names)
        if names:
            found.append((names, terms))
    return found


def _filled(term: ast.expr, values: Mapping[str, float]) -> tuple[str, float]:
    text, _, value = _term(term, values)
    return text, float(value)


def _term(node: ast.expr, values: Mapping[str, float]) -> tuple[str, int, float]:
    """The term as LaTeX, how tightly it holds together, and its value."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return number(value), ATOM, value
        case ast.Name(id=name):
            value = values[name]
            text = number(value)
            return text, SUM if value < 0 else PRODUCT if "cdot" in text else POWER if "^" in text else ATOM, value
        case ast.BinOp(left, kind, right):
            apply, tightness, form = OPERATORS[type(kind)]
            (a, loose_a, x), (b, loose_b, y) = _term(left, values), _term(right, values)
            if not isinstance(kind, ast.Div):
                a = rf"\left({a}\right)" if loose_a < tightness or (loose_a == tightness == POWER) else a
            if tightness in (SUM, PRODUCT):  # on the right a sum, or what begins with a minus, stands apart
                b = rf"\left({b}\right)" if loose_b < tightness or (loose_b == SUM) else b
            return form.format(a, b), tightness, apply(x, y)
        case ast.Call(ast.Attribute(attr=name), arguments):
            apply, form = FUNCTIONS[name]
            texts, _, numbers = zip(*(_term(argument, values) for argument in arguments), strict=True)
            return form.format(*texts), ATOM, apply(*numbers)
    raise ValueError(f"{ast.unparse(node)} is no arithmetic")
