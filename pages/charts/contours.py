"""Contours are what is drawn of a surface: its level lines with their labels, and arrows down its slope."""

from dataclasses import dataclass

import contourpy
import numpy as np

from engine.objectives import Objective

GRID, ARROWS = 101, 17
TINY = 1e-290  # below this, powers of ten and their ratios lose their digits


@dataclass(frozen=True)
class Surface:
    """An objective as a picture, NaN where it is not defined."""

    view: tuple[tuple[float, float], tuple[float, float]]
    minima: tuple[tuple[float, float], ...]
    values: np.ndarray
    """(GRID, GRID): f, rows from y_min to y_max."""
    slopes: np.ndarray
    """(2, ARROWS, ARROWS): ∇f at the middles of ARROWS × ARROWS equal cells."""
    levels: np.ndarray
    """(n,), rising."""
    lines: list[np.ndarray]
    """One (m, 2) array of points a level, NaN between pieces."""
    labels: list[tuple[str, float, float, float, float]]
    """Text of a level, and where it stands: x, y and the direction dx, dy of the line there."""


def sample(objective: Objective) -> Surface:
    (x_min, x_max), (y_min, y_max) = objective.view
    x, y = np.linspace(x_min, x_max, GRID), np.linspace(y_min, y_max, GRID)
    cells = (np.arange(ARROWS) + 0.5) / ARROWS
    with np.errstate(all="ignore"):
        values, _ = objective(*np.meshgrid(x, y))
        _, slopes = objective(*np.meshgrid(x_min + cells * (x_max - x_min), y_min + cells * (y_max - y_min)))
    values = np.where(np.isfinite(values), values, np.nan)
    levels = contour_levels(values)
    generator = contourpy.contour_generator(x, y, np.ma.masked_invalid(values), line_type="ChunkCombinedNan")
    lines = [generator.lines(level)[0][0] for level in levels]
    lines = [np.empty((0, 2)) if line is None else line for line in lines]
    labels = place_labels(objective.view, levels, lines, avoid=[objective.start, *objective.minima])
    return Surface(objective.view, objective.minima, values, np.array(slopes), levels, lines, labels)


def place_labels(view, levels, lines, avoid) -> list[tuple[str, float, float, float, float]]:
    """One label a level, each at the point of its line that is farthest from the edges, from `avoid` and the others."""
    (x_min, x_max), (y_min, y_max) = view
    corner, size = np.array([x_min, y_min]), np.array([x_max - x_min, y_max - y_min])
    taken = [(np.array(point) - corner) / size for point in avoid]
    labels = []
    for level, line in zip(levels, lines, strict=True):
        spots, ways = (line[:-1] - corner) / size, np.diff(line, axis=0)
        usable = np.isfinite(spots + ways).all(axis=1)
        if not usable.any():
            continue
        edges = 2 * np.minimum(spots, 1 - spots).min(axis=1)
        nearest = np.min([np.hypot(*(spots - point).T) for point in taken], axis=0)
        best = int(np.argmax(np.where(usable, np.minimum(edges, nearest), -1)))
        if min(edges[best], nearest[best]) > 0.05:
            taken.append(spots[best])
            labels.append((f"{level:.6g}", *line[best].tolist(), *ways[best].tolist()))
    return labels


def contour_levels(values: np.ndarray) -> np.ndarray:
    """About ten round numbers within the values: 1, 2, 5, 10, … where most of the surface is low, else even steps.

    >>> x = np.linspace(-10, 10, 101)
    >>> contour_levels(x[None] ** 2 / 20 + x[:, None] ** 2).tolist()
    [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return np.empty(0)
    lowest, low, middle, high = np.percentile(finite, [0, 0.2, 50, 98])
    with np.errstate(over="ignore"):
        span = high - low
    if not TINY < span < np.inf:
        return np.empty(0)
    if 0 <= lowest <= 0.01 * high and middle < 0.35 * high:
        low = max(low, 1e-12 * high)
        exponents = np.arange(np.floor(np.log10(low)), np.log10(high) + 1, int(np.log10(high / low) / 10) + 1)
        within = (1, 2, 5) if high < 5e3 * low else (1, 3) if high < 1e6 * low else (1,)
        levels = np.outer(10.0**exponents, within).ravel()
        return levels[(levels >= low) & (levels < min(2 * high, finite.max()))]
    rough = span / 12
    decade = 10.0 ** np.floor(np.log10(rough))
    step = next(k * decade for k in (1, 2, 5, 10) if k * decade >= rough)
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
