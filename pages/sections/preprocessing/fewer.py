"""Fewer dimensions: digits are rebuilt from their first k numbers along the principal axes of 4,000 others."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.components import first, needed, principal
from engine.verdict import Verdict
from pages.kit import plates
from pages.kit.controls import Values
from pages.kit.hand import Dial
from pages.kit.language import tr
from pages.kit.plates import SIGNED, Curve, Row
from pages.sections.preprocessing.axes import Axes, digits, learned, square

SHARES = (0.9, 0.95, 0.99)
STOPS = np.unique(np.geomspace(1, 784, 100).round()).tolist()
EIGEN = 10  # of them shown
ASKED = {"15": 15, "150": 150, "600": 600}


class Rebuilt(NamedTuple):
    """What the first k dimensions keep."""

    axes: Axes
    k: int


def find(values: Values) -> Rebuilt:
    return Rebuilt(learned(), values.k)


def blob(values: Values, echo: int) -> bytes:
    found, k, x = learned(), values.k, digits(values.which)
    fit = first(found.fit, k)
    rebuilt = fit.inverse(fit(x))
    axes, variances = principal(found.fit)
    end = float(np.abs(axes[:EIGEN]).max())
    shares = [f"{share:.1%}" for share in variances[:EIGEN] / variances.sum()]
    rows = [
        Row(tr("Test digits"), tr("784 numbers each"), square(x)),
        Row(tr("Rebuilt"), tr("from {k}", k=k), square(rebuilt)),
        Row(tr("What is lost"), "± 1", square(x - rebuilt), SIGNED),
        Row(tr("Eigen-digits"), f"± {end:.2g}", square(axes[:EIGEN]), SIGNED, end, shares),
    ]
    marks = [(needed(found.trained, share), share) for share in SHARES]
    curve = Curve(found.trained, marks, (tr("dimensions k"), tr("variance kept")))
    summary = tr(
        "Ten test digits, rebuilt from {k} dimensions, above the share of the variance that the first dimensions keep.", k=k
    )
    return plates.describe(rows, summary, Dial("k", tr("dimensions k"), STOPS, k), curve, echo)


def verdict(found: Rebuilt) -> Verdict:
    """How many dimensions keep the shares that one asks for, and what is kept by those that were chosen."""
    (_, _, trained, tested), k = found
    places = sorted({k, 100, *(needed(trained, share) for share in SHARES)})
    rows = [{"k": place, "trained": trained[place - 1], "tested": tested[place - 1]} for place in places]
    asked = needed(trained, 0.95)
    right = min(ASKED, key=lambda name: abs(np.log(ASKED[name] / asked)))
    return Verdict("kept", right=right, k=k, trained=trained[k - 1], tested=tested[k - 1], asked=asked, rows=rows)


def table(found: Rebuilt) -> pd.DataFrame:
    """What every number of dimensions keeps."""
    trained, tested = found.axes.trained, found.axes.tested
    return pd.DataFrame({"dimensions": np.arange(1, len(trained) + 1), "kept_of_training": trained, "kept_of_test": tested})
