"""Before and after: what every preprocessor, fitted to 4,000 training digits, makes of ten test digits."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.components import tail, whitened
from engine.datasets import load
from engine.preprocessing import Transform
from engine.verdict import Verdict
from pages.kit import compute, plates
from pages.kit.controls import Values
from pages.kit.hand import Dial
from pages.kit.plates import SIGNED, Row
from pages.sections.preprocessing.axes import Axes, axes, digits, square

STOPS = [float(f"{m}e{k}") for k in range(-6, 1) for m in (1, 1.5, 2, 3, 5, 7)] + [10.0]
SHOWN = (0, 1, 2, 9, 29, 99, 299, 599)  # principal axes
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
MOST = {"some": 10, "tens": 100}  # the largest value is below


class Stage(NamedTuple):
    """What a preprocessor makes of digits: the largest value of a test digit, the correlation of neighboring pixels, None if
    there are no pixels any more, and the share of the variance that is in what held the last hundredth of it before."""

    label: str
    largest: float
    neighbors: float | None
    tail: float


class Compared(NamedTuple):
    stages: list[Stage]
    eps: float
    pixels: int
    """That hold the last hundredth of the variance."""
    axes: int


def find(values: Values) -> Compared:
    found = axes()
    return compared(values.eps, found)


def ways(found: Axes, eps: float) -> dict[str, tuple[str, Transform]]:
    """Label, what is said of it, and the transform."""
    return {
        "Standardized": ("÷ σ, pixel by pixel", found.scaled),
        "Decorrelated": ("along v₁, v₂, …", found.fit),
        "Whitened": ("÷ √(λ + ε)", whitened(found.fit, eps)),
        "ZCA-whitened": ("and turned back", whitened(found.fit, eps, back=True)),
    }


@compute.heavy("Whitening 1,000 digits …", max_entries=200)
def compared(eps: float, _found: Axes) -> Compared:
    """Of the test digits, but for the variance, which is that of the training digits."""
    data = load()
    x, learned = data.x_test - _found.fit.mean.astype(np.float32), data.x_train.var(axis=0, dtype=float)
    last_pixels, last_axes = tail(learned), tail(_found.fit.variances)
    stages = [Stage("Centered", np.abs(x).max(), neighbors(x), learned[last_pixels].sum() / learned.sum())]
    for label, (_, fit) in ways(_found, eps).items():
        y = fit(data.x_test)
        by_pixel = label == "Standardized"
        variances, last = (learned, last_pixels) if by_pixel else (_found.fit.variances, last_axes)
        after = variances / fit.scale**2
        turned = label in ("Decorrelated", "Whitened")
        stages.append(Stage(label, np.abs(y).max(), None if turned else neighbors(y), after[last].sum() / after.sum()))
    return Compared(stages, eps, int(last_pixels.sum()), int(last_axes.sum()))


def neighbors(x: np.ndarray) -> float:
    """The correlation of a pixel with the one to its right, over all pixels of x (n, 784)."""
    images = square(x)
    return float(np.corrcoef(images[:, :, :-1].ravel(), images[:, :, 1:].ravel())[0, 1])


def blob(values: Values, echo: int) -> bytes:
    found, x = axes(), digits(values.which)
    fit, scaled = found.fit, found.scaled
    deviation = np.where(scaled.scale < 1, scaled.scale, 0)  # 1 is that of a pixel that never varies
    learned = np.stack([fit.mean, deviation, *fit.axes[list(SHOWN)]])
    learned /= np.abs(learned).max(axis=1, keepdims=True)
    names = ["mean μ", "σ", *(f"v{k + 1}".translate(LOWERED) for k in SHOWN)]
    rows = [
        Row("Learned", "each to its own scale", square(learned), SIGNED, 1.0, names),
        Row("Test digits", "0 to 1", square(x)),
        signed("Centered", "− μ", x - fit.mean),
        *(signed(label, words, transform(x)) for label, (words, transform) in ways(found, values.eps).items()),
    ]
    summary = "The mean digit, and ten test digits centered, standardized, decorrelated, whitened and ZCA-whitened."
    return plates.describe(rows, summary, Dial("eps", "ε of whitening", STOPS, values.eps), echo=echo)


def signed(label: str, words: str, images: np.ndarray) -> Row:
    """A row whose ends leave out the one pixel in a hundred that is farthest from 0."""
    end = float(np.percentile(np.abs(images), 99)) or 1.0
    return Row(label, f"{words}, ± {end:.2g}", square(images), SIGNED, end)


def verdict(found: Compared) -> Verdict:
    """How large the largest value gets, and how much of the variance is in what hardly varied."""
    by_name = {stage.label: stage for stage in found.stages}
    largest = by_name["Standardized"].largest
    right = next((name for name, most in MOST.items() if largest < most), "hundreds")
    numbers = {"largest": largest, "eps": found.eps, "pixels": found.pixels, "axes": found.axes}
    return Verdict("compared", right=right, **numbers, rows=[stage._asdict() for stage in found.stages])


def table(found: Compared) -> pd.DataFrame:
    return pd.DataFrame(found.stages)
