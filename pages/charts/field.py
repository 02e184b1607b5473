"""A field is a plane: a surface, or cells of kinds or values, with lines and marks on it, as its canvas is told of it.

Cells travel as numbers and become pixels in the browser, in the theme's colors: a map of 40,000 costs 80 kB.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from pages.charts.blob import pack
from pages.charts.contours import Surface

NONE = 65535
VIRIDIS = ("#fde725", "#90d743", "#35b779", "#21918c", "#31688e", "#443983", "#440154")  # from good to bad


@dataclass(frozen=True)
class Stroke:
    """A line through points (k, 2); its label stands at the point `anchor`. Colors are places in the palette, None the ink."""

    points: np.ndarray
    label: str = ""
    color: int | None = None
    dash: list[int] = field(default_factory=list)
    width: float = 2.0
    anchor: int = -1


@dataclass(frozen=True)
class Mark:
    """A point with its label."""

    x: float
    y: float
    label: str = ""
    shape: str = "circle"
    color: int | None = None


@dataclass(frozen=True)
class Kind:
    """What a cell may be: its place in the palette, what it says under the pointer, and in the legend if it is listed."""

    label: str
    color: int
    legend: str = ""


@dataclass(frozen=True)
class Plane:
    """The axes of a field: ends, names, and the short names a pointer reads."""

    view: tuple[tuple[float, float], tuple[float, float]]
    names: tuple[str, str] = ("x", "y")
    short: tuple[str, str] = ("x", "y")
    log: bool = False
    title: str = ""
    tall: int = 480
    square: bool = True


def landscape(
    plane: Plane, surface: Surface, summary: str, strokes: Sequence[Stroke] = (), marks: Sequence[Mark] = ()
) -> bytes:
    """The blob of a surface in shades and contour lines."""
    header = {"minima": surface.minima, "labels": surface.labels, "arrows": "none", "kinds": (), "ramp": None, "pick": False}
    return _pack(plane, summary, strokes, marks, header, _ground(surface))


def kinds(
    plane: Plane,
    cells: np.ndarray,
    known: Sequence[Kind],
    summary: str,
    *,
    none: str,
    blank: str = "",
    surface: Surface | None = None,
    marks: Sequence[Mark] = (),
) -> bytes:
    """The blob of cells (rows, columns), each the index of a kind or −1: `none` under the pointer, `blank` in the legend."""
    header = {"kinds": [asdict(kind) for kind in known], "ramp": None, "none": none, "blank": blank}
    return _cells(plane, np.where(cells < 0, NONE, cells).astype(np.uint16), header, summary, surface, (), marks)


def values(
    plane: Plane,
    cells: np.ndarray,
    domain: tuple[float, float],
    label: str,
    summary: str,
    *,
    none: str,
    surface: Surface | None = None,
    strokes: Sequence[Stroke] = (),
    marks: Sequence[Mark] = (),
) -> bytes:
    """The blob of positive cells (rows, columns) on a logarithmic ramp over `domain`; NaN is `none`."""
    header = {"kinds": (), "ramp": {"stops": VIRIDIS, "domain": domain, "label": label}, "none": none, "blank": none}
    return _cells(plane, cells.astype(np.float32), header, summary, surface, strokes, marks)


def _cells(plane, cells, header, summary, surface, strokes, marks) -> bytes:
    header |= {"counts": cells.shape[::-1], "pick": True}
    return _pack(plane, summary, strokes, marks, header, {"cells": cells, **(_ground(surface) if surface else {})})


def _ground(surface: Surface) -> dict[str, np.ndarray]:
    """The samples between which the browser draws the contour lines."""
    with np.errstate(over="ignore"):
        return {"surface": surface.values.astype(np.float32), "levels": surface.levels.astype(np.float32)}


def _pack(plane: Plane, summary: str, strokes, marks, header: dict, arrays: dict[str, np.ndarray]) -> bytes:
    (left, right), (bottom, top) = plane.view
    shown = {
        **asdict(plane),
        "ratio": (top - bottom) / (right - left) if plane.square else 0.75,
        "summary": summary,
        "strokes": [{**vars(stroke), "points": stroke.points.tolist()} for stroke in strokes],
        "marks": [asdict(mark) for mark in marks],
        "runs": [],
    }
    return pack({**header, **shown}, arrays)
