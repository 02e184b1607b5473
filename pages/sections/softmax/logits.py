"""Softmax: logits become probabilities, and a loss pushes them back; every step of the way, under the visitor's hand."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from engine import losses, softmax
from engine.registry import Range
from engine.verdict import Verdict
from pages.kit import address, logits
from pages.kit.controls import Number, Values
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.outcomes import records

BOOK, MOST = (5.0, 2.0, -1.0, 3.0, 0.0, 1.0), 6
VIEW, CONSTANTS, TEMPERATURES = Range(-10, 10), Range(-200, 200), Range(0.01, 100, log=True)
NAMES = [f"z{k + 1}" for k in range(MOST)]
SHIFT, STILL = 10, 1e-9  # what the question adds to every logit; the change of a −ln ŷ that counts as none
CONTROLS = {
    "classes": Number("classes, 2 to 6", 4, Range(2, MOST)),
    "truth": Number("true class", 4, Range(1, MOST), most="classes"),
    "temperature": Number("temperature T", 1.0, TEMPERATURES),
    **{
        name: Number(f"z{sub}", book, VIEW, when=lambda values, k=k: k < values.classes)
        for k, (name, sub, book) in enumerate(zip(NAMES, "₁₂₃₄₅₆", BOOK, strict=True))
    },
    "constant": Number("added to all, c", 0, CONSTANTS),
}
FORMULA = r"""\begin{aligned}
\hat y_i &= \frac{e^{z_i / T}}{\sum_j e^{z_j / T}} = \frac{e^{(z_i - m) / T}}{\sum_j e^{(z_j - m) / T}}, \quad m = \max_j z_j \\
L &= -\ln \hat y_t, \qquad \frac{\partial L}{\partial z_i} = \frac{\hat y_i - y_i}{T}
\end{aligned}"""


class Chain(NamedTuple):
    """Logits z on their way to a loss; arrays (classes,)."""

    z: np.ndarray
    temperature: float
    constant: int
    truth: int
    """The true class, from 1."""
    probabilities: np.ndarray
    hard: np.ndarray
    loss: float
    gradient: np.ndarray
    exps: np.ndarray
    """e^((z + c) / T), in float32."""
    naive: np.ndarray
    """As the formula is written, in float32."""


def find(values: Values) -> Chain:
    z = np.array([getattr(values, name) for name in NAMES[: values.classes]])
    temperature, constant = values.temperature, values.constant
    loss, gradient = softmax.cross_entropy(z, values.truth - 1, temperature)
    written = softmax.naive(((z + constant) / temperature).astype(np.float32))
    probabilities = softmax.tempered(z, temperature)
    return Chain(z, temperature, constant, values.truth, probabilities, softmax.hardmax(z), loss, gradient, *written)


def draw(chain: Chain, values: Values) -> None:  # noqa: ARG001
    told = tr(
        "Bars of the logits {z}, of their exponentials and of their probabilities {probabilities}, and the loss {loss} of "
        "class {truth}.",
        z=listed(chain.z, ".3g"),
        probabilities=listed(chain.probabilities, ".3f"),
        loss=format(chain.loss, ".3g"),
        truth=chain.truth,
    )
    settings = {"temperature": chain.temperature, "constant": chain.constant, "truth": chain.truth}
    ends = {"view": VIEW, "temperatures": TEMPERATURES, "constants": CONSTANTS}
    logits.show("softmax_logits", logits.describe(told, **ends, logits=chain.z.tolist(), **settings), on_settings=hear)


def listed(numbers: np.ndarray, form: str) -> str:
    return ", ".join(format(number, form) for number in numbers)


def hear(settings: Mapping[str, Any]) -> None:
    """What the visitor let go in the picture, if it is what the page allows."""
    with suppress(TypeError, KeyError):
        bars = dict(zip(NAMES, settings["logits"], strict=False))
        address.tell(**bars, **{name: settings[name] for name in ("temperature", "constant", "truth")})


def verdict(chain: Chain) -> Verdict:
    """What adding to all logits and doubling them does to the probabilities, and what becomes of the formula as written."""
    changed = {"shift": chain.z + SHIFT, "scale": 2 * chain.z}
    still = [name for name, z in changed.items() if np.allclose(surprises(z, chain), surprises(chain.z, chain), STILL, STILL)]
    moved = {name: np.abs(softmax.tempered(z, chain.temperature) - chain.probabilities).max() for name, z in changed.items()}
    right = "both" if len(still) == 2 else still[0] if still else "neither"
    told = {"rows": records(table(chain)), "added": SHIFT, "loss": chain.loss, "truth": chain.truth}
    return Verdict("chain", right=right, **told, **moved, also=[written(chain)])


def surprises(z: np.ndarray, chain: Chain) -> list[float]:
    """−ln ŷ of every class: where ŷ has come down to 0 it still tells two of them apart."""
    return [softmax.cross_entropy(z, k, chain.temperature)[0] for k in range(len(z))]


def written(chain: Chain) -> Verdict:
    """What 32 bits make of the formula as it is written."""
    if np.isinf(chain.exps).any():
        return Verdict("overflow", constant=chain.constant, temperature=chain.temperature)
    if not np.isfinite(chain.naive).all():
        return Verdict("underflow", constant=chain.constant, temperature=chain.temperature)
    return Verdict("written", off=float(np.abs(chain.naive - chain.probabilities).max()))


def table(chain: Chain) -> pd.DataFrame:
    """A row a class."""
    written = {"exp": chain.exps.astype(float), "naive": chain.naive.astype(float)}
    ways = {"probability": chain.probabilities, "hardmax": chain.hard, "gradient": chain.gradient}
    return pd.DataFrame({"class": np.arange(1, len(chain.z) + 1), "z": chain.z, **written, **ways})


LAB = Lab(
    id="softmax/logits",
    title="Softmax",
    controls=CONTROLS,
    find=find,
    draw=draw,
    verdict=verdict,
    table=table,
    formula=FORMULA,
    code=[
        losses.softmax,
        losses.softmax_cross_entropy,
        softmax.tempered,
        softmax.cross_entropy,
        softmax.naive,
        softmax.hardmax,
    ],
)
