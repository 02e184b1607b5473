"""Activations: derivatives against central differences, known values, bounds; initializers: their standard deviations."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, RANGES
from engine.initializers import INITIALIZERS

ENTRIES = pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=lambda entry: entry.name)


@ENTRIES
def test_derivative_is_the_central_difference(entry):
    x = np.linspace(-6, 6, 241) + 0.0123
    h = 1e-6
    np.testing.assert_allclose(entry.derivative(x), (entry(x + h) - entry(x - h)) / (2 * h), atol=1e-8)


@ENTRIES
def test_float32_stays_and_extremes_are_finite(entry):
    x = np.array([-1e4, -100, -1, 0, 1, 100, 1e4], np.float32)
    assert entry(x).dtype == np.float32
    assert entry.derivative(x).dtype == np.float32
    assert np.isfinite(entry(x[1:-1])).all()
    low, high = entry.bounds
    assert low is None or entry(np.array([-50.0]))[0] == pytest.approx(low, abs=1e-6)
    assert high is None or entry(np.array([50.0]))[0] == pytest.approx(high, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("sigmoid", 0.0, 0.5), ("tanh", 1.0, 0.7615941559557649), ("relu", -2.0, 0.0), ("leaky_relu", -2.0, -0.02),
        ("prelu", -2.0, -0.5), ("elu", -1.0, np.expm1(-1)), ("selu", 1.0, 1.0507009873554805), ("softplus", 0.0, np.log(2)),
        ("gelu", 1.0, 0.8413447460685429), ("silu", 1.0, 0.7310585786300049), ("identity", 3.0, 3.0),
    ],
)  # fmt: skip
def test_known_values(name, x, y):
    assert ACTIVATIONS[name](np.array([x]))[0] == pytest.approx(y, abs=3e-4 if name == "gelu" else 1e-12)


def where(x, right, left):
    """What is said of x > 0, and of the rest."""
    return [r if v > 0 else w for v, r, w in zip(x, right, left, strict=True)]


SAID = {  # every formula with an α, read by hand
    r"\begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}": lambda x, alpha: where(x, x, alpha * x),
    r"\max(0, x) + \alpha \min(0, x),\ \alpha \text{ learned}": lambda x, alpha: [max(0, v) + alpha * min(0, v) for v in x],
    r"x \text{ if } x > 0 \text{ else } \alpha (e^x - 1)": lambda x, alpha: where(x, x, alpha * (np.exp(x) - 1)),
}


@pytest.mark.parametrize("alpha", np.linspace(*RANGES["alpha"][:2], 9).tolist())
@pytest.mark.parametrize("name", [name for name, entry in ACTIVATIONS.items() if "alpha" in entry.sliders])
def test_t11_the_formula_shown_is_the_curve_at_every_alpha(name, alpha):
    entry, x, h = ACTIVATIONS[name], np.linspace(-6, 6, 241) + 0.0123, 1e-6
    np.testing.assert_allclose(entry(x, alpha=alpha), SAID[entry.latex](x, alpha), atol=1e-14)
    numeric = (entry(x + h, alpha=alpha) - entry(x - h, alpha=alpha)) / (2 * h)
    np.testing.assert_allclose(entry.derivative(x, alpha=alpha), numeric, atol=1e-8)
    for f in (entry, entry.derivative):
        assert f(x.astype(np.float32), alpha=alpha).dtype == np.float32


def test_softplus_loses_nothing_far_from_zero():
    """ln(1 + e^x) is e^x − e^2x/2 + … on the left, and x + e^−x − … on the right."""
    x = np.array([-80.0, -30.0, -17.0])
    np.testing.assert_allclose(ACTIVATIONS["softplus"](x.astype(np.float32)), np.exp(x) - np.exp(2 * x) / 2, rtol=1e-5)
    assert ACTIVATIONS["softplus"](-x).tolist() == pytest.approx((-x + np.exp(x)).tolist(), rel=1e-15)
    assert ACTIVATIONS["softplus"](np.array([-1e4, 1e4])).tolist() == [0, 1e4]


def test_a1_the_sigmoid_passes_at_most_a_quarter():
    slope = ACTIVATIONS["sigmoid"].derivative(np.array([0.0, 10.0, -10.0]))
    np.testing.assert_allclose(slope, [0.25, 4.5396e-5, 4.5396e-5], rtol=1e-4)


@pytest.mark.parametrize(
    ("name", "std"),
    [
        ("normal", 1), ("xavier", 400**-0.5), ("glorot", (2 / 600) ** 0.5), ("he", (2 / 400) ** 0.5), ("lecun", 400**-0.5),
        ("orthogonal", 400**-0.5),
    ],
)  # fmt: skip
def test_standard_deviations(name, std):
    W = INITIALIZERS[name](np.random.default_rng(0), 400, 200)
    assert W.shape == (400, 200)
    assert W.std() == pytest.approx(std, rel=0.02)
    assert abs(W.mean()) < 0.02 * std


@pytest.mark.parametrize("shape", [(30, 20), (20, 30), (25, 25)])
def test_orthogonal(shape):
    W = INITIALIZERS["orthogonal"](np.random.default_rng(0), *shape)
    gram = W.T @ W if shape[0] >= shape[1] else W @ W.T
    np.testing.assert_allclose(gram, np.eye(min(shape)), atol=1e-12)


def test_zeros_and_constant():
    rng = np.random.default_rng(0)
    assert not INITIALIZERS["zeros"](rng, 3, 4).any()
    assert (INITIALIZERS["constant"](rng, 3, 4) == 1).all()
