"""A ball is a canvas of a curve f(x, 0) that balls roll along, one a path; the browser owns the clock and asks for nothing."""

from collections.abc import Sequence

import numpy as np

from engine.descent import Path
from engine.experiments import Descent
from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS
from pages.kit.canvas import canvas, pack
from pages.kit.theme import style

PIECES = 8  # of a step, so that a ball follows the curve
SAMPLES = 401
ROOM = 0.12  # of the height of the curve: above and below it
_BALL = canvas("ball", ("blob", "color", "frame", "paths", "theme"))


def show(key: str, blob: bytes) -> None:
    _BALL(key=key, data=blob)


def describe(objective: Objective, span: float, specs: Sequence[Descent], paths: Sequence[Path]) -> bytes:
    """The blob of the curve from −span to span, and of paths laid on it, every step in PIECES."""
    x = np.linspace(-span, span, SAMPLES)
    curve = np.column_stack([x, objective(x, 0 * x)[0]])
    ways = [laid(objective, path.points[:, 0]) for path in paths]
    low, high = curve[:, 1].min(), curve[:, 1].max()
    names = [OPTIMIZERS[spec.optimizer].label for spec in specs]
    header = {
        "summary": f"The curve f(x, 0) with {' and '.join(names)} on it, from x = {specs[0].x0:g} in {specs[0].steps} steps",
        "view": ((-span, span), (low - ROOM * (high - low), high + ROOM * (high - low))),
        "pieces": PIECES,
        "steps": specs[0].steps,
        "runs": [
            {"label": name, "steps": len(way) - 1, **style(OPTIMIZERS, spec.optimizer)._asdict()}
            for name, spec, way in zip(names, specs, ways, strict=True)
        ],
    }
    points = np.vstack(ways)
    with np.errstate(over="ignore"):
        arrays = {"curve": curve, "points": points, "values": points[:, 1]}
        return pack(header, {name: array.astype(np.float32) for name, array in arrays.items()})


def laid(objective: Objective, x: np.ndarray) -> np.ndarray:
    """(pieces, 2): x and f of a path x (k+1,), with points between its steps."""
    parts = np.linspace(0, 1, PIECES, endpoint=False)
    every = np.append((x[:-1, None] + parts * np.diff(x)[:, None]).ravel(), x[-1])
    with np.errstate(all="ignore"):
        return np.column_stack([every, objective(every, 0 * every)[0]])
