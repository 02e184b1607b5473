"""A formula is a visitor's text in x and y, made into a function with its exact gradient; it is never run as Python.

Python's own parser gives the syntax tree; only the arithmetic listed here is built from it, and every node carries its
partial derivatives along (forward-mode differentiation). Powers may be written as people write them: x**2, x^2, x².
"""

import ast
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

MAX_LENGTH, MAX_DEPTH, MAX_OPERATIONS = 200, 100, 40

CONSTANTS = {"pi": math.pi, "e": math.e}


def power(u, v):
    """u**v that is NaN, never complex, where it is not real; plain floats keep Python's fast power."""
    return u**v if isinstance(v, float) and v.is_integer() else np.power(u, v)


# name → the function, and its partial derivatives by each argument
RULES: dict[str, tuple[Callable[..., Any], ...]] = {
    "+": (lambda u, v: u + v, lambda u, v: 1.0, lambda u, v: 1.0),
    "-": (lambda u, v: u - v, lambda u, v: 1.0, lambda u, v: -1.0),
    "*": (lambda u, v: u * v, lambda u, v: v, lambda u, v: u),
    "/": (lambda u, v: u / v, lambda u, v: 1 / v, lambda u, v: -u / (v * v)),
    "**": (power, lambda u, v: v * power(u, v - 1), lambda u, v: power(u, v) * np.log(u)),
    "negative": (lambda u: -u, lambda u: -1.0),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda u: -np.sin(u)),
    "tan": (np.tan, lambda u: 1 / np.cos(u) ** 2),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda u: 1 / u),
    "sqrt": (np.sqrt, lambda u: 0.5 / np.sqrt(u)),
    "abs": (np.abs, np.sign),
    "tanh": (np.tanh, lambda u: 1 - np.tanh(u) ** 2),
    "min": (np.minimum, lambda u, v: 1.0 * (u <= v), lambda u, v: 1.0 * (u > v)),
    "max": (np.maximum, lambda u, v: 1.0 * (u >= v), lambda u, v: 1.0 * (u < v)),
}
FUNCTIONS = [name for name in RULES if name.isalpha() and name != "negative"]
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
POWER = re.compile(rf"\^|([{RAISED}]+)(?=\s*(\^|\*\*|[{RAISED}])?)")

# A compiled node: a number, or a function of (x, y) that gives (value, d/dx, d/dy).
Node = float | Callable[[Any, Any], tuple[Any, Any, Any]]


def functions() -> list[str]:
    """The names of what a formula may call."""
    return list(FUNCTIONS)


def compile_formula(text: str) -> Callable[[Any, Any], tuple[Any, tuple[Any, Any]]]:
    """A function (x, y) → (value, (dx, dy)) over floats and arrays; ValueError says what is wrong, and at which column.

    >>> compile_formula("x²/4 + y^2")(-6.0, 2.0)
    (13.0, (-3.0, 4.0))
    """
    if not text.strip():
        raise ValueError("the formula is empty")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"the formula has {len(text)} characters, more than {MAX_LENGTH}")
    code, places = _in_python(re.sub(r"\s", " ", text))
    try:
        tree = ast.parse(code, mode="eval").body
    except SyntaxError as error:
        at = 1 if error.offset is None else error.offset or len(places)  # Python says 0 for the end
        what = "something is missing" if at >= len(places) else error.msg
        what = "a letter follows a number: write 2*x, not 2x," if "decimal literal" in error.msg else what
        raise ValueError(f"{what} at column {places[min(at, len(places)) - 1] + 1}") from None
    node = _Compiler(text, code, places).node(tree, 0)

    def formula(x, y):
        with np.errstate(all="ignore"):
            value, dx, dy = node(x, y) if callable(node) else (node, 0.0, 0.0)
            zero = 0.0 if isinstance(x, float) and isinstance(y, float) else np.zeros(np.broadcast(x, y).shape)
            return value + zero, (dx + zero, dy + zero)

    return formula


def _in_python(text: str) -> tuple[str, list[int]]:
    """The formula in Python's spelling, and the place in `text` of each of its characters and of its end.

    >>> _in_python(" x² + y")
    ('x**2  + y', [1, 2, 2, 2, 3, 3, 4, 5, 6, 7])
    """
    code, places, done = "", [], len(text) - len(text.lstrip())
    for power in POWER.finditer(text):
        start, end = power.span()
        if power[2]:
            raise ValueError(f"a power of a power needs brackets, as in (x²)^3, at column {end + 1}")
        digits = f"{power[1].translate(str.maketrans(RAISED, '0123456789'))} " if power[1] else ""
        code += text[done:start] + "**" + digits  # the space parts them from digits that follow
        places += [*range(done, start), *[start] * (len(digits) + 1), end]
        done = end
    return code + text[done:], [*places, *range(done, len(text) + 1)]


class _Compiler:
    """Turns the syntax tree of `code` into nodes; subtrees without x and y become numbers at once."""

    def __init__(self, text: str, code: str, places: list[int]) -> None:
        self.text, self.code, self.places, self.operations = text, code.encode(), places, 0

    def node(self, tree: ast.expr, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.wrong(tree, f"nested deeper than {MAX_DEPTH} levels")
        match tree:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self.number(tree, lambda: float(number))
            case ast.Name(id="x"):
                return lambda x, y: (x, 1.0, 0.0)
            case ast.Name(id="y"):
                return lambda x, y: (y, 0.0, 1.0)
            case ast.Name(id=name) if name in CONSTANTS:
                return CONSTANTS[name]
            case ast.Name(id=name) if name in FUNCTIONS:
                raise self.wrong(tree, f"{name} needs brackets, as in {name}(x),")
            case ast.Name(id=name):
                raise self.wrong(tree, f"unknown name {name}")
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.node(operand, depth + 1)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.chain(tree, "negative", [self.node(operand, depth + 1)])
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return self.chain(tree, OPERATORS[type(op)], [self.node(left, depth + 1), self.node(right, depth + 1)])
            case ast.Call(func=ast.Name(id=name), args=operands, keywords=[]) if name in FUNCTIONS:
                if len(operands) != len(RULES[name]) - 1:
                    raise self.wrong(tree, f"{name} takes {len(RULES[name]) - 1} argument(s), not {len(operands)}")
                return self.chain(tree, name, [self.node(operand, depth + 1) for operand in operands])
            case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
                raise self.wrong(tree, f"unknown function {name}", f": there are {', '.join(FUNCTIONS)}")
        raise self.wrong(tree, f"{self.written(tree)} is not arithmetic")

    def chain(self, tree: ast.expr, name: str, operands: list[Node]) -> Node:
        """The chain rule: ∂f/∂x = Σ ∂f/∂uᵢ · ∂uᵢ/∂x over the operands uᵢ that are not numbers."""
        self.operations += 1
        if self.operations > MAX_OPERATIONS:
            raise self.wrong(tree, f"more than {MAX_OPERATIONS} operations")
        if name == "**" and operands[1] == 0.0:
            return 1.0
        function, *partials = RULES[name]
        if not any(callable(u) for u in operands):
            return self.number(tree, lambda: float(function(*operands)))
        nodes = [u if callable(u) else (lambda x, y, u=u: (u, 0.0, 0.0)) for u in operands]
        moving = [(i, partials[i]) for i, u in enumerate(operands) if callable(u)]

        def chained(x, y):
            parts = [node(x, y) for node in nodes]
            u = [value for value, _, _ in parts]
            dx = dy = 0.0
            for i, partial in moving:
                slope = partial(*u)
                dx, dy = dx + slope * parts[i][1], dy + slope * parts[i][2]
            return function(*u), dx, dy

        return chained

    def number(self, tree: ast.expr, compute: Callable[[], float]) -> float:
        try:
            with np.errstate(all="ignore"):
                value = compute()
        except ZeroDivisionError:
            raise self.wrong(tree, "division by zero") from None
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.wrong(tree, f"{self.written(tree)} is not a finite real number")
        return value

    def written(self, tree: ast.expr) -> str:
        """What the visitor wrote there."""
        return self.text[self.place(tree.col_offset) : self.place(tree.end_col_offset)]

    def place(self, offset: int | None) -> int:
        """Where in the text a byte of the code comes from."""
        return self.places[len(self.code[:offset].decode())]

    def wrong(self, tree: ast.expr, what: str, more: str = "") -> ValueError:
        return ValueError(f"{what} at column {self.place(tree.col_offset) + 1}{more}")
