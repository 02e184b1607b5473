"""An activation bends a layer's outputs, element by element; without one, depth collapses into a single linear map.

Every entry is called as `entry(x)`, and `entry.derivative(x)` is dy/dx. The slope is written in x and y = f(x), so that
training reuses the outputs it already has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.registry import Entry, Range, catalogue


@dataclass(frozen=True)
class Activation(Entry):
    """`slope(x, y, **sliders)` is dy/dx where y = f(x); `bounds` are the ends that f saturates at, None where it does not;
    `learned` is the slider that training turns, if there is one."""

    slope: Callable[..., Any]
    bounds: tuple[float | None, float | None] = (None, None)
    learned: str = ""

    def __call__(self, *args: Any, **sliders: Any) -> Any:
        with np.errstate(over="ignore"):
            return super().__call__(*args, **sliders)

    def derivative(self, x, **sliders):
        """dy/dx, of the shape of x."""
        with np.errstate(over="ignore"):
            return self.slope(np.asarray(x), self.function(x, **sliders), **sliders)


ACTIVATIONS, activation = catalogue(Activation)

RANGES = {"alpha": Range(0, 2), "lam": Range(0.1, 2)}


@activation("Identity", latex="x", source="CS231n lecture 6", slope=lambda x, y: np.ones_like(x))
def identity(x):
    return x


@activation("Sigmoid", latex=r"\frac{1}{1 + e^{-x}}", source="DLFS eq. 3.6", slope=lambda x, y: y * (1 - y), bounds=(0, 1))
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@activation("tanh", latex=r"\tanh x", source="LeCun et al. 1991", slope=lambda x, y: 1 - y * y, bounds=(-1, 1))
def tanh(x):
    return np.tanh(x)


@activation(
    "ReLU",
    latex=r"\max(0, x)",
    source="Krizhevsky et al. 2012; DLFS eq. 3.7",
    slope=lambda x, y: (x > 0).astype(x.dtype),
    bounds=(0, None),
)
def relu(x):
    return np.maximum(x, 0)


@activation(
    "Leaky ReLU",
    latex=r"\begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}",
    source="Maas et al. 2013",
    slope=lambda x, y, alpha=0.01: (x > 0) + x.dtype.type(alpha) * (x <= 0),
)
def leaky_relu(x, *, alpha=0.01):
    return np.maximum(x, alpha * x) if alpha <= 1 else np.minimum(x, alpha * x)


@activation(
    "PReLU",
    learned="alpha",
    latex=r"\max(0, x) + \alpha \min(0, x),\ \alpha \text{ learned}",
    source="He et al. 2015, eq. 1; α starts at .25",
    slope=lambda x, y, alpha=0.25: (x > 0) + x.dtype.type(alpha) * (x <= 0),
)
def prelu(x, *, alpha=0.25):
    return np.maximum(x, 0) + alpha * np.minimum(x, 0)


@activation(
    "ELU",
    latex=r"x \text{ if } x > 0 \text{ else } \alpha (e^x - 1)",
    source="Clevert et al. 2016, eq. 15",
    slope=lambda x, y, alpha=1.0: np.where(x > 0, x.dtype.type(1), y + alpha),
    bounds=(-1, None),
)
def elu(x, *, alpha=1.0):
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


@activation(
    "SELU",
    latex=r"\lambda\,(x \text{ if } x > 0 \text{ else } \alpha (e^x - 1)),\ \alpha = 1.6733,\ \lambda = 1.0507",
    source="Klambauer et al. 2017, eq. 2",
    slope=lambda x, y: np.where(x > 0, x.dtype.type(SELU_LAMBDA), y + x.dtype.type(SELU_LAMBDA * SELU_ALPHA)),
    bounds=(-1.7580993408473766, None),
)
def selu(x):
    return SELU_LAMBDA * (np.maximum(x, 0) + SELU_ALPHA * np.expm1(np.minimum(x, 0)))


SELU_ALPHA, SELU_LAMBDA = 1.6732632423543772, 1.0507009873554805


@activation("Softplus", latex=r"\ln(1 + e^x)", source="Dugas et al. 2001", slope=lambda x, y: sigmoid(x), bounds=(0, None))
def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))  # of no large number, and no small one is lost beside 1


@activation(
    "GELU",
    latex=r"\tfrac{x}{2} \left(1 + \tanh\left(\sqrt{2/\pi}\,(x + 0.044715\,x^3)\right)\right)",
    source="Hendrycks & Gimpel 2016, tanh form",
    slope=lambda x, y: _gelu_slope(x),
)
def gelu(x):
    return x / 2 * (1 + np.tanh(GELU_SCALE * x * (1 + 0.044715 * x**2)))


GELU_SCALE = float(np.sqrt(2 / np.pi))


def _gelu_slope(x):
    t = np.tanh(GELU_SCALE * x * (1 + 0.044715 * x**2))
    return (1 + t) / 2 + x / 2 * (1 - t * t) * GELU_SCALE * (1 + 3 * 0.044715 * x**2)


@activation(
    "SiLU",
    latex=r"x\,\sigma(x)",
    source="Elfwing et al. 2018; Swish: Ramachandran et al. 2017",
    slope=lambda x, y: y + sigmoid(x) * (1 - y),
)
def silu(x):
    return x * sigmoid(x)
