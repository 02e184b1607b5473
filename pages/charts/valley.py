"""A valley in pictures: its eigenvectors with two paths, the map of rates over lr and momentum, distances over steps."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from engine import quadratic
from engine.descent import Path
from engine.experiments import rounded
from engine.optimizers import OPTIMIZERS
from engine.quadratic import Valley, away
from pages.charts import field
from pages.charts.contours import Surface
from pages.kit.language import listed, tr
from pages.kit.theme import style

MOMENTA = (np.arange(100) / 100).round(2)
SLOWEST = 1000  # steps a digit that the colors tell apart
SEEN = 60  # steps of a path on the surface


def lrs(valley: Valley) -> np.ndarray:
    """(210,): the learning rates of the map, past the limit that Momentum comes near as μ nears 1."""
    return np.arange(1, 211) * rounded(0.02 / valley.curvatures[0][-1])


def rates(valley: Valley, rule: str) -> bytes:
    """Steps to gain a digit for every lr and momentum; nothing beyond the limit."""
    across, eigenvalues = lrs(valley), valley.curvatures[0]
    steps = quadratic.digit(quadratic.rate_map(rule, across, MOMENTA, eigenvalues))
    steps = np.where(np.isfinite(steps), np.maximum(steps, 1), np.nan)
    half = (across[1] - across[0]) / 2
    edge = np.column_stack([quadratic.limit(rule, MOMENTA, eigenvalues), MOMENTA])
    (lr, momentum, _), label = valley.best(rule), tr(OPTIMIZERS[rule].label)
    view, title = ((across[0] - half, across[-1] + half), (-0.005, 0.995)), tr("{rule}: click to choose η and μ", rule=label)
    return field.values(
        field.Plane(view, (tr("learning rate η"), tr("momentum μ")), ("η", "μ"), title=title, square=False),
        steps,
        (1, SLOWEST),
        tr("steps to gain a digit"),
        tr("Steps to gain a digit with {rule} over learning rate and momentum", rule=label),
        none=tr("diverges"),
        strokes=[field.Stroke(edge, tr("limit"), anchor=55)],
        marks=[field.Mark(lr, momentum, tr("best"), "star"), you(valley, float(across[-1]))],
    )


def you(valley: Valley, farthest: float) -> field.Mark:
    """Where the visitor stands; beyond the map, at its edge."""
    words = tr("you, at η {lr:g}", lr=valley.lr) if valley.lr > farthest else tr("you")
    return field.Mark(min(valley.lr, farthest), min(valley.momentum, 0.99), words)


def contour(valley: Valley, rule: str, surface: Surface, paths: Mapping[str, Path]) -> bytes:
    """The surface with the eigenvectors of its Hessian at the minimum, and how SGD and the rule descend it."""
    values, vectors = valley.curvatures
    reach = 0.8 * surface.view[0][1]
    strokes = [
        field.Stroke(np.outer([-reach, reach], axis), f"λ = {value:.3g}", dash=[2, 5], width=1.5)
        for value, axis in zip(values, upward(vectors).T, strict=True)
    ]
    rules = ["sgd", rule] if valley.momentum else ["sgd"]
    for name in reversed(rules):
        look = style(OPTIMIZERS, name)
        strokes.append(field.Stroke(paths[name].points[: SEEN + 1], "", look.color, look.dash, 2.25))
    start = field.Mark(*paths["sgd"].points[0].tolist(), tr("start"))
    plane = field.Plane(surface.view, title=f"κ = λmax/λmin = {valley.condition:.3g}")
    summary = tr("The surface, its two eigenvectors and the paths of {rules}", rules=listed(rules))
    return field.landscape(plane, surface, summary, strokes, [start])


def upward(vectors: np.ndarray) -> np.ndarray:
    """The same directions (2, n), each turned so that it points up, or to the right."""
    x, y = vectors
    return vectors * np.where((y < -1e-9) | ((np.abs(y) <= 1e-9) & (x < 0)), -1, 1)


def distances(valley: Valley, paths: Mapping[str, Path], steps: int) -> pd.DataFrame:
    """Columns line, x, y, predicted: the distance to the minimum over steps, and how it would shrink by the predicted rate."""
    frames = []
    for name, path in paths.items():
        left = away(path)[: steps + 1]
        x = np.arange(len(left))
        known = left[0] * valley.rate(name) ** x if name in quadratic.RULES else np.full(len(x), np.nan)
        frames.append(pd.DataFrame({"line": OPTIMIZERS[name].label, "x": x, "y": left, "predicted": known}))
    table = pd.concat(frames)
    return table.assign(y=table["y"].where(table["y"] > 0))


def floor(table: pd.DataFrame) -> float:
    """The power of ten that the distances come down to, at least 1e-8."""
    return float(10.0 ** np.floor(np.log10(np.clip(table["y"].min(), 1e-8, 1))))
