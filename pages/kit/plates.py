"""Plates are a canvas of rows of small square images, no pixel smoothed, with a dial and perhaps a curve that moves with it.

Images travel as bytes between the ends of their row; a pixel that is pointed at says its value. What is turned is asked for
(see `hand`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pages.charts.blob import pack
from pages.kit import hand
from pages.kit.canvas import canvas
from pages.kit.hand import Dial

_PLATES = canvas("plates", ("ask", "blob", "color", "dial", "frame", "note", "paths", "sheet", "theme"))
INK, SIGNED, COLOR = "ink", "signed", "color"


@dataclass(frozen=True)
class Row:
    """Images (n, side, side), or (n, side, side, 3) of the kind COLOR, with values from 0 to `end`, or ±`end` if SIGNED, to
    which others are clipped. INK is black on white, SIGNED has a color below 0 and another above it."""

    label: str
    words: str
    images: np.ndarray
    kind: str = INK
    end: float = 1.0
    captions: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Curve:
    """Shares (n,) that the first 1, 2, … n of something keep, with the places of some of them."""

    values: np.ndarray
    marks: Sequence[tuple[int, float]]
    names: tuple[str, str]


def show(key: str, blob: bytes) -> None:
    _PLATES(key=key, data=blob, **hand.listeners(key))


def describe(rows: Sequence[Row], summary: str, dial: Dial | None = None, curve: Curve | None = None, echo: int = 0) -> bytes:
    header = {
        "runs": [],
        "summary": summary,
        "rows": [
            {
                "label": row.label,
                "words": row.words,
                "kind": row.kind,
                "end": row.end,
                "side": row.images.shape[1],
                "count": len(row.images),
                "captions": list(row.captions),
            }
            for row in rows
        ],
        "dial": dial and dial._asdict(),
        "curve": curve and {"marks": list(curve.marks), "names": curve.names},
        "echo": echo,
    }
    arrays = {"pixels": np.concatenate([encoded(row).ravel() for row in rows])}
    if curve:
        arrays["curve_values"] = curve.values.astype(np.float32)
    return pack(header, arrays)


def encoded(row: Row) -> np.ndarray:
    """Its images as bytes, 0 at the lower end and 255 at the upper."""
    low = -row.end if row.kind == SIGNED else 0.0
    return np.rint(np.clip((row.images - low) / (row.end - low), 0, 1) * 255).astype(np.uint8)
