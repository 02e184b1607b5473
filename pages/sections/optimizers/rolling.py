"""Rolling: the way of two points down a curve, frame by frame, and the end of the ball for every momentum."""

import numpy as np
import pandas as pd

from engine.wells import LOST, MOMENTA, Bumps
from pages.charts.balls import NAMES, stride
from pages.kit import compute
from pages.sections.optimizers import bumps

LATEX = {
    "double": r"d\,(x^4 - 2x^2) + t\,x + y^2",
    "bumpy": r"\tfrac{d}{2}(1 - \cos 4x) + \tfrac{1}{8} x^2 + t\,x + y^2",
}


def table(asked: Bumps, steps: int) -> pd.DataFrame:
    """Columns line, step, x, y: the curve, whose line is "f" and whose step is −1, and both paths frame by frame."""
    x, f = asked.curve()
    frames = [pd.DataFrame({"line": "f", "step": -1, "x": x, "y": f})]
    for name, spec in zip(NAMES, asked.specs(steps), strict=True):
        path = compute.path(spec)
        shown = np.arange(0, steps + 1, stride(steps))
        held = np.minimum(shown, len(path.points) - 1)
        frames.append(pd.DataFrame({"line": name, "step": shown, "x": path.points[held, 0], "y": path.values[held]}))
    found = pd.concat(frames)
    return found[found["x"].abs() <= asked.span]


def heights(asked: Bumps) -> tuple[float, float]:
    """The ends of the axis of f, to two digits, with room for the ball."""
    _, f = asked.curve()
    room = 0.08 * (f.max() - f.min())
    return float(f"{f.min() - room:.2g}"), float(f"{f.max() + room:.2g}")


def outcomes(asked: Bumps) -> pd.DataFrame:
    """Columns x = μ, y = where the ball is in the end, line = its fate, own = the visitor's μ."""
    last, fates = bumps.ends(asked)
    return pd.DataFrame({"x": MOMENTA, "y": last, "line": fates, "own": asked.momentum})[fates != LOST]
