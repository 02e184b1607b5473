"""Before and after: what every preprocessor, fitted to 4,000 training digits, makes of ten test digits."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.components import principal, tail, whitened
from engine.datasets import load
from engine.pictures import neighbors
from engine.preprocessing import PREPROCESSORS, Transform
from engine.verdict import Verdict
from pages.kit import compute, plates
from pages.kit.controls import Values
from pages.kit.hand import Dial
from pages.kit.language import N_, tr
from pages.kit.plates import SIGNED, Row
from pages.sections.preprocessing.axes import Axes, digits, learned, square

STOPS = [float(f"{m}e{k}") for k in range(-6, 1) for m in (1, 1.5, 2, 3, 5, 7)] + [10.0]
SHOWN = [0, 1, 2, 9, 29, 99, 299, 599]  # principal axes
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
MOST = {"some": 10, "tens": 100}  # the largest value is below
WORDS = {
    "center": "− μ",
    "standardize": N_("÷ σ, pixel by pixel"),
    "decorrelate": N_("along v₁, v₂, …"),
    "whiten": "÷ √(λ + ε)",
    "zca": N_("and turned back"),
}


class Stage(NamedTuple):
    """What a preprocessor makes of digits: the largest value of a test digit, the correlation of neighboring pixels, None if
    there are no pixels any more, and the share of the variance that is in what held the last hundredth of it before."""

    name: str
    largest: float
    neighbors: float | None
    tail: float


class Compared(NamedTuple):
    """The stages with that ε, and how many pixels, or principal axes, hold the last hundredth of the variance at first."""

    stages: list[Stage]
    eps: float
    pixels: int
    axes: int


def find(values: Values) -> Compared:
    return compared(values.eps, learned())


def transforms(found: Axes, eps: float) -> dict[str, Transform]:
    """Those of WORDS."""
    center = PREPROCESSORS["center"].fit(np.stack([found.fit.mean] * 2))
    white = {"whiten": whitened(found.fit, eps), "zca": whitened(found.fit, eps, back=True)}
    return {"center": center, "standardize": found.scaled, "decorrelate": found.fit, **white}


@compute.heavy(N_("Whitening 1,000 digits …"), max_entries=200)
def compared(eps: float, _found: Axes) -> Compared:
    """Of the test digits, but for the variances, which are those of the training digits."""
    data = load()
    pixels, (_, along) = data.x_train.var(axis=0, dtype=float), principal(_found.fit)
    last_pixels, last_axes = tail(pixels), tail(along)
    stages = []
    for name, fit in transforms(_found, eps).items():
        y = fit(data.x_test)
        before, last = (pixels, last_pixels) if fit.axes is None else (along, last_axes)
        after = before / fit.scale**2
        alike = neighbors(square(y)) if fit.axes is None or fit.back else None
        stages.append(Stage(name, float(np.abs(y).max()), alike, float(after[last].sum() / after.sum())))
    return Compared(stages, eps, int(last_pixels.sum()), int(last_axes.sum()))


def blob(values: Values, echo: int) -> bytes:
    found, x = learned(), digits(values.which)
    axes, _ = principal(found.fit)
    deviation = np.where(found.scaled.scale < 1, found.scaled.scale, 0)  # 1 is that of a pixel that never varies
    statistics = np.stack([found.fit.mean, deviation, *axes[SHOWN]])
    statistics /= np.abs(statistics).max(axis=1, keepdims=True)
    names = [tr("mean μ"), "σ", *(f"v{k + 1}".translate(LOWERED) for k in SHOWN)]
    rows = [
        Row(tr("Learned"), tr("each on its own scale"), square(statistics), SIGNED, 1.0, names),
        Row(tr("Test digits"), tr("0 to 1"), square(x)),
        *(signed(name, fit(x)) for name, fit in transforms(found, values.eps).items()),
    ]
    summary = tr("The mean digit, and ten test digits centered, standardized, decorrelated, whitened and ZCA-whitened.")
    return plates.describe(rows, summary, Dial("eps", tr("ε of whitening"), STOPS, values.eps), echo=echo)


def signed(name: str, x: np.ndarray) -> Row:
    """A row whose ends leave out the one pixel in a hundred that is farthest from 0."""
    end = float(np.percentile(np.abs(x), 99)) or 1.0
    return Row(tr(PREPROCESSORS[name].label), f"{tr(WORDS[name])}, ± {end:.2g}", square(x), SIGNED, end)


def verdict(found: Compared) -> Verdict:
    """How large the largest value gets, and how much of the variance is in what hardly varied."""
    largest = next(stage.largest for stage in found.stages if stage.name == "standardize")
    right = next((name for name, most in MOST.items() if largest < most), "hundreds")
    rows = [stage._asdict() | {"name": PREPROCESSORS[stage.name].label} for stage in found.stages]
    return Verdict("compared", right=right, largest=largest, eps=found.eps, pixels=found.pixels, axes=found.axes, rows=rows)


def table(found: Compared) -> pd.DataFrame:
    return pd.DataFrame(found.stages)
