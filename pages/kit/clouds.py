"""Clouds are a canvas of a cloud's way through preprocessing: a panel a stage, all on one scale, the first to be taken hold of.

Where the cloud is pulled, the browser asks for the picture of it (see `hand`); a point pointed at lights up in all panels.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np

from engine.clouds import RANGES, Cloud, Stage
from pages.charts.blob import pack
from pages.kit import hand
from pages.kit.canvas import canvas
from pages.kit.hand import Dial
from pages.kit.language import tr

REACH = 5.0  # of a panel to each side of 0; the first reaches twice as far
HANDLED = ("mean_x", "mean_y", "std_x", "std_y", "correlation")

_CLOUDS = canvas("clouds", ("ask", "blob", "color", "dial", "frame", "note", "paths", "sheet", "theme"))


class Way(NamedTuple):
    """What a panel is called, and what leads to it."""

    title: str
    step: str


def show(key: str, blob: bytes) -> None:
    _CLOUDS(key=key, data=blob, **hand.listeners(key))


def describe(cloud: Cloud, stages: Sequence[Stage], ways: Sequence[Way], dial: Dial, echo: int) -> bytes:
    """The blob of five stages of a cloud: as it is; two on the upper way from there, and two on the lower."""
    panels = [
        {**way._asdict(), "mean": stage.mean.tolist(), "covariance": stage.covariance.tolist(), "axes": stage.axes.tolist()}
        for stage, way in zip(stages, ways, strict=True)
    ]
    header = {
        "runs": [],
        "summary": tr("The same {n} points: {ways}.", n=len(stages[0].x), ways=", ".join(way.title.lower() for way in ways)),
        "panels": panels,
        "reach": REACH,
        "cloud": {name: asdict(cloud)[name] for name in HANDLED},
        "ranges": {name: RANGES[name][:2] for name in HANDLED},
        "dial": dial._asdict(),
        "echo": echo,
    }
    arrays = {"points": np.stack([stage.x for stage in stages])}
    if cloud.error:
        arrays["again"] = np.stack([stage.again for stage in stages])
    return pack(header, {name: array.astype(np.float32) for name, array in arrays.items()})
