"""A relief is a canvas of a surface in three dimensions, with paths that cling to it; the browser turns it.

It is drawn from the back to the front on a plain canvas: it needs no WebGL and no library.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.objectives import Objective
from pages.charts.contours import Surface
from pages.kit.canvas import canvas, pack
from pages.kit.theme import Style

PIECES = 8  # of a step, so that a path clings to the surface
STRIDE = 2  # of the surface's samples
_RELIEF = canvas("relief", ("blob", "color", "frame", "paths", "theme"))


@dataclass(frozen=True)
class Track:
    """A path (k+1, 2) as it looks."""

    label: str
    points: np.ndarray
    look: Style


@dataclass(frozen=True)
class Pin:
    """A place on the surface with a word above it."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class View:
    """Where the camera stands at first, in degrees; it stands there again when `replay` changes."""

    turn: float = 30.0
    tilt: float = 35.0
    replay: str = ""


def show(key: str, blob: bytes) -> None:
    _RELIEF(key=key, data=blob)


def describe(
    objective: Objective,
    surface: Surface,
    view: View,
    summary: str,
    *,
    log: bool = False,
    steps: int = 0,
    tracks: Sequence[Track] = (),
    pins: Sequence[Pin] = (),
) -> bytes:
    """The blob of a surface; heights from 0 to 1 are f, or with `log` log(1 + f above its lowest), over what is seen of it."""
    lowest, highest = np.nanmin(surface.values), np.nanmax(surface.values)
    corner, far = np.array(surface.view).T

    def rise(f):
        above = np.maximum(f - lowest, 0)
        return np.log1p(above) / np.log1p(highest - lowest) if log else above / (highest - lowest)

    def placed(points: np.ndarray, f: np.ndarray) -> np.ndarray:
        """(…, 3): where points (…, 2) with their f stand in the cube; NaN beyond the view."""
        flat = 2 * (points - corner) / (far - corner) - 1
        whole = np.concatenate([flat, rise(f)[..., None]], axis=-1)
        return np.where((np.abs(flat) <= 1).all(axis=-1, keepdims=True), whole, np.nan)

    def lain(points: np.ndarray) -> np.ndarray:
        """(pieces, 3): a path laid on the surface, every step in PIECES."""
        parts = np.linspace(0, 1, PIECES, endpoint=False)
        between = points[:-1, None] + parts[:, None] * np.diff(points, axis=0)[:, None]
        every = np.vstack([between.reshape(-1, 2), points[-1:]])
        return placed(every, objective(*every.T)[0])

    ways = [lain(track.points) for track in tracks]
    first = np.cumsum([0, *map(len, ways)]).tolist()
    contours = [
        np.vstack([placed(line, np.full(len(line), level)), np.full((1, 3), np.nan)])
        for level, line in zip(surface.levels, surface.lines, strict=True)
    ]
    header = {
        "names": ("x", "y"),
        "view": surface.view,
        "summary": summary,
        "camera": {"turn": view.turn, "tilt": view.tilt},
        "replay": view.replay,
        "steps": steps,
        "tall": 470,
        "levels3d": [(float(rise(level)), f"{level:g}") for level in marks(surface.levels, rise)],
        "tracks": [
            {"label": track.label, "first": start, "count": len(way), **track.look._asdict()}
            for track, way, start in zip(tracks, ways, first, strict=False)
        ],
        "marks": [mark for pin in pins if np.isfinite((mark := pinned(pin, placed, objective))["z"])],
        "runs": [],
    }
    arrays = {
        "heights": rise(surface.values[::STRIDE, ::STRIDE]),
        "ways": np.vstack([*ways, np.empty((0, 3))]),
        "contours": np.vstack([*contours, np.empty((0, 3))]),
    }
    return pack(header, {name: array.astype(np.float32) for name, array in arrays.items()})


def pinned(pin: Pin, placed, objective: Objective) -> dict:
    x, y, z = placed(np.array([pin.x, pin.y]), np.array(objective(pin.x, pin.y)[0])).tolist()
    return {"x": x, "y": y, "z": z, "label": pin.label}


def marks(levels: np.ndarray, rise) -> list[float]:
    """Those of the levels that stand far enough from each other to be written beside an axis."""
    found: list[float] = []
    for level in levels[::-1]:
        if not found or rise(found[-1]) - rise(level) > 0.13:
            found.append(float(level))
    return found
