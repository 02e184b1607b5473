"""Fewer dimensions: digits are rebuilt from their first k numbers along the principal axes of 4,000 others."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.components import first, needed
from engine.verdict import Verdict
from pages.kit import plates
from pages.kit.controls import Values
from pages.kit.hand import Dial
from pages.kit.plates import INK, SIGNED, Curve, Row
from pages.sections.preprocessing.axes import Axes, axes, digits, square

SHARES = (0.9, 0.95, 0.99)
STOPS = np.unique(np.geomspace(1, 784, 100).round()).tolist()
EIGEN = 10  # of them shown
ASKED = {"15": 15, "150": 150, "600": 600}


class Rebuilt(NamedTuple):
    """What k dimensions keep."""

    axes: Axes
    k: int


def find(values: Values) -> Rebuilt:
    return Rebuilt(axes(), values.k)


def blob(values: Values, echo: int) -> bytes:
    found, k = axes(), values.k
    x, fit = digits(values.which), first(found.fit, k)
    rebuilt = fit.inverse(fit(x))
    shares = found.fit.variances[:EIGEN] / found.fit.variances.sum()
    ends = np.abs(found.fit.axes[:EIGEN]).max()
    rows = [
        Row("Test digits", "784 numbers each", square(x)),
        Row("Rebuilt", f"from {k}", square(rebuilt)),
        Row("What is lost", "± 1", square(x - rebuilt), SIGNED),
        Row("Eigen-digits", f"± {ends:.2g}", square(found.fit.axes[:EIGEN]), SIGNED, ends, [f"{share:.1%}" for share in shares]),
    ]
    marks = [(needed(found.learned, share), share) for share in SHARES]
    curve = Curve(found.learned, marks, ("dimensions k", "variance kept"))
    summary = f"Ten test digits, rebuilt from {k} dimensions, above the share of variance that the first dimensions keep."
    return plates.describe(rows, summary, Dial("k", "dimensions k", STOPS, k), curve, echo)


def verdict(found: Rebuilt) -> Verdict:
    """How many dimensions keep the shares that one asks for, and what is kept by those that were chosen."""
    (_, _, learned, tested), k = found
    places = sorted({k, *(needed(learned, share) for share in SHARES), 100})
    rows = [{"k": place, "learned": learned[place - 1], "tested": tested[place - 1]} for place in places]
    asked = needed(learned, 0.95)
    right = min(ASKED, key=lambda name: abs(np.log(ASKED[name] / asked)))
    numbers = {"k": k, "kept": learned[k - 1], "tested": tested[k - 1], "asked": asked, "times": 784 / k}
    return Verdict("kept", right=right, **numbers, rows=rows)


def table(found: Rebuilt) -> pd.DataFrame:
    """Of every number of dimensions what it keeps."""
    learned, tested = found.axes.learned, found.axes.tested
    return pd.DataFrame({"dimensions": np.arange(1, len(learned) + 1), "kept_of_training": learned, "kept_of_test": tested})
