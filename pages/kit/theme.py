"""A style is how an item of a catalogue looks on every page: its place in the palette, a dash and a marker.

The colors themselves stand in `.streamlit/config.toml`, once for the light and once for the dark theme.
"""

from collections.abc import Mapping
from typing import NamedTuple

from engine.registry import Entry

DASHES = ([], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [16, 5], [10, 3, 2, 3, 2, 3])
GRAY = "#717a87"  # of secondary words: a contrast of 4.3 to both backgrounds, where 4.35 is the most that one gray can have
MARKERS = ("circle", "square", "triangle", "diamond", "cross", "down")


class Style(NamedTuple):
    color: int
    dash: list[int]
    marker: str


def style(catalogue: Mapping[str, Entry], name: str) -> Style:
    """Color index, dash and marker by place in the catalogue: colors that come again have another dash and another marker."""
    place = list(catalogue).index(name)
    lap = place // len(MARKERS)
    return Style(place, DASHES[place % len(DASHES)], MARKERS[(place + 2 * lap) % len(MARKERS)])
