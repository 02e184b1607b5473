"""Formulas: exact gradients, and a sentence for everything that is not arithmetic."""

import re
import time

import numpy as np
import pytest

from engine.formula import MAX_LENGTH, compile_formula, functions

GOOD = [
    "x**2/20 + y**2",
    "-x + +y - -3",
    "(x + y) * (x - y) / 2",
    "sin(x) * cos(y) + tan(x/5)",
    "exp(-x*x/9) * tanh(y)",
    "log(x*x + 1) + sqrt(y*y + 1)",
    "abs(x - 1.2345) + min(x, 2*y) + max(x*y, 1e-3)",
    "pi*x + e*y + 2**x + x**3 + (x*x + 1)**y",
    "3",
    "  y  ",
    "y + 0*x**0",
]


@pytest.mark.parametrize("text", GOOD)
def test_gradient_is_exact(text):
    f = compile_formula(text)
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-3, 3, (2, 100))
    h = 1e-6
    value, (dx, dy) = f(x, y)
    assert value.shape == dx.shape == dy.shape == (100,)
    np.testing.assert_allclose(dx, (f(x + h, y)[0] - f(x - h, y)[0]) / (2 * h), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(dy, (f(x, y + h)[0] - f(x, y - h)[0]) / (2 * h), rtol=1e-6, atol=1e-6)
    one, (one_dx, one_dy) = f(x[7].item(), y[7].item())
    np.testing.assert_allclose([one, one_dx, one_dy], [value[7], dx[7], dy[7]], rtol=1e-12)


def random_formula(rng, depth=3):
    """Powers written with ^, at most one in a factor."""
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(["x", "y", "2", "0.5", "pi"])
    left, right = (random_formula(rng, depth - 1) for _ in range(2))
    forms = ["{} + {}", "({})*({})", "({})^2", "({})^ 3 - {}", "2^-({})", "-sin({})^2"]
    return rng.choice(forms).format(left, right)


@pytest.mark.parametrize("seed", range(60))
def test_a_power_may_be_written_in_three_ways(seed):
    """Against Python's own reading of **, and the gradient of ** to the last bit."""
    rng = np.random.default_rng(seed)
    text = random_formula(rng)
    starred = text.replace("^", "**")
    raised = text.replace("^ ", "^").replace("^2", "²").replace("^3", "³")
    x, y = rng.uniform(-2, 2, (2, 20))
    found, (dx, dy) = compile_formula(text)(x, y)
    with np.errstate(all="ignore"):
        expected = eval(starred, {"x": x, "y": y, "pi": np.pi, "sin": np.sin})  # noqa: S307
    np.testing.assert_allclose(found, expected + 0 * x, rtol=1e-12)
    for other in (starred, raised):
        np.testing.assert_array_equal([found, dx, dy], [(same := compile_formula(other)(x, y))[0], *same[1]])


@pytest.mark.parametrize(
    ("text", "value"), [("x²", 9), ("2^x²", 512), ("-x²", -9), ("x¹⁰", 59049), ("x^2^y", 81), ("x²/2³ - y", -0.875)]
)
def test_raised_digits_are_powers(text, value):
    assert compile_formula(text)(3.0, 2.0)[0] == value


def test_every_function_of_the_issue_is_known():
    assert set(functions()) == {"sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "min", "max"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x**2 + yy", "unknown name yy at column 8"),
        ("__import__('os')", "unknown function __import__ at column 1: there are sin, cos, tan, "),
        ("x² + y^2*arcsin(x)", "unknown function arcsin at column 10: there are sin"),
        ("y + sin", "sin needs brackets, as in sin(x), at column 5"),
        ("x.real", "x.real is not arithmetic at column 1"),
        ("(x).__class__", "not arithmetic"),
        ("9**9**9**9", "not a finite real number at column 4"),
        ("1/0", "division by zero at column 1"),
        ("x + log(-1)", "log(-1) is not a finite real number at column 5"),
        ("(-8)**0.5", "not a finite real number"),
        ("", "empty"),
        ("   ", "empty"),
        ("((((", "never closed"),
        ("(" * 190, "at column"),
        ("-" * 190 + "x", "nested deeper"),
        ("x" * (MAX_LENGTH + 1), "more than 200"),
        ("+".join(["x"] * 60), "more than 40 operations"),
        ("    x + yy", "unknown name yy at column 9"),
        ("é + x", "column 1"),
        ("2x + y", "write 2*x"),
        ("x^2 + yy", "unknown name yy at column 7"),
        (" x² + y³ + é", "unknown name é at column 12"),
        ("x²³ % y", "x²³ % y is not arithmetic at column 1"),
        ("y + 1/(2²-4)", "division by zero at column 5"),
        ("x^2 + log(-1²)", "log(-1²) is not a finite real number at column 7"),
        ("x + y^", "something is missing at column 7"),
        ("x² +", "something is missing at column 5"),
        ("x^^2", "invalid syntax at column 3"),
        ("x²2", "invalid syntax at column 3"),
        ("x²y", "invalid syntax at column 3"),
        ("(x\n+yy)", "unknown name yy at column 5"),
        ("y + x²**3", "a power of a power needs brackets, as in (x²)^3, at column 7"),
        ("x² ³", "a power of a power needs brackets"),
        ("sin(x, y)", "sin takes 1 argument(s), not 2"),
        ("min(x)", "min takes 2 argument(s), not 1"),
        ("sin(*x)", "not arithmetic"),
        ("sin(x=1)", "sin(x=1) is not arithmetic"),
        ("x if y else 1", "not arithmetic"),
        ("lambda: x", "not arithmetic"),
        ("[x for x in y]", "not arithmetic"),
        ("'a'", "not arithmetic"),
        ("True", "not arithmetic"),
        ("1j", "not arithmetic"),
        ("x; y", "at column 2"),
        ("x = 3", "at column"),
        ("x\x00", "null bytes"),
        ("import os", "invalid syntax"),
    ],
)
def test_bad_input_gets_a_sentence_at_once(text, says):
    start = time.thread_time()
    with pytest.raises(ValueError, match=re.escape(says)):
        compile_formula(text)
    assert time.thread_time() - start < 0.5


@pytest.mark.parametrize("text", ["log(x)", "1/x", "sqrt(x + y)", "x**0.5", "exp(exp(exp(x)))", "tan(1/x)", "x**-400"])
def test_gaps_are_nan_or_inf_and_quiet(text):
    f = compile_formula(text)
    grid = np.linspace(-10, 10, 101)
    value, slopes = f(*np.meshgrid(grid, grid))
    assert value.shape == slopes[0].shape == slopes[1].shape == (101, 101)
    assert np.isrealobj(value)


def test_the_longest_formula_is_bounded_in_time():
    f = compile_formula("+".join(["exp(x*y)"] * 13))
    grid = np.linspace(-10, 10, 101)
    start = time.thread_time()
    f(*np.meshgrid(grid, grid))
    assert time.thread_time() - start < 0.5
