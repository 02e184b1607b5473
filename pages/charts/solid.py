"""A solid is a surface in three dimensions with paths that follow its ground, as a Plotly figure that plays and is turned.

It is built as plain JSON: Plotly itself is loaded where a figure is shown, and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.descent import Path
from engine.experiments import Descent
from engine.objectives import Objective
from engine.optimizers import OPTIMIZERS
from pages.charts import field
from pages.charts.contours import Surface
from pages.kit.language import tr
from pages.kit.theme import Style, style

Figure = dict[str, Any]
PIECES, MOST = 6, 1200  # of a step, so that a path follows the ground; of a path
FRAMES = 100
GRID = 65  # points a side: Plotly makes 131 of them, and of 51 as many as 205, for it draws no fewer than 128
FAR, STEEPEST = 2.4, 89.9  # of a view
WIDE = 20  # times f at the start: a surface that rises higher is drawn in logarithms
LIFT = 0.012  # of the height: paths lie on the ground, not in it
PALETTE = [f"#00000{k}" for k in range(1, 10)] + ["#000010"]  # the names under which Streamlit puts in the theme's colors
GROUND = [[k / 9, f"#0000{11 + k}"] for k in range(10)]  # likewise, from low to high
SYMBOLS = {
    "circle": "circle",
    "square": "square",
    "triangle": "cross",
    "diamond": "diamond",
    "cross": "x",
    "down": "circle-open",
}
WHITE, CLEAR = "#ffffff", "rgba(0,0,0,0)"
WORDS = "#000036"  # likewise, the theme's color of text
AHEAD = "rgba(113,122,135,0.45)"  # of the part of a path that is still to come
SPACE = {"type": "scatter3d"}


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
    """Where one stands: degrees around from the y axis and above the horizon, and how far away, in widths of the scene."""

    turn: float
    tilt: float
    far: float = FAR

    @classmethod
    def of(cls, x: float, y: float, z: float) -> "View":
        """
        >>> View.of(**View(30, 35).eye)
        View(turn=30.0, tilt=35.0, far=2.4)
        """
        turn, tilt = np.degrees([np.arctan2(-x, -y), np.arctan2(z, np.hypot(x, y))])
        return cls(*(float(f"{number:.4g}") for number in (turn, tilt, np.hypot(np.hypot(x, y), z))))

    @property
    def eye(self) -> dict[str, float]:
        turn, tilt = np.radians([self.turn, np.clip(self.tilt, -STEEPEST, STEEPEST)])
        flat = self.far * np.cos(tilt)
        return {"x": float(-flat * np.sin(turn)), "y": float(-flat * np.cos(turn)), "z": float(self.far * np.sin(tilt))}


@dataclass(frozen=True)
class Height:
    """How high f is drawn: as it is, or as log(1 + f above the lowest)."""

    lowest: float
    highest: float
    log: bool

    def __call__(self, f: np.ndarray) -> np.ndarray:
        return np.log1p(np.maximum(f - self.lowest, 0)) if self.log else f

    @property
    def lift(self) -> float:
        low, high = self(np.array([self.lowest, self.highest]))
        return LIFT * float(high - low)


def figure(
    objective: Objective,
    surface: Surface,
    tracks: Sequence[Track],
    pins: Sequence[Pin],
    view: View,
    *,
    step: int,
    steps: int,
    log: bool = False,
) -> Figure:
    """The figure with its clock at `step`."""
    finite = surface.values[np.isfinite(surface.values)]
    height = Height(float(finite.min(initial=0)), float(finite.max(initial=0)), log) if finite.size else Height(0, 1, log)
    data = [_ground(objective, surface, height)]
    heads: list[tuple[int, np.ndarray, int]] = []
    for track in tracks:
        ways, pieces = lain(objective, surface.view, track.points, height)
        color = PALETTE[track.look.color % 6]
        data += [_trail(track, ways, color, step), _head(track, ways, color, pieces, step)]
        heads.append((len(data) - 2, ways, pieces))
    data += [_pin(objective, pin, height) for pin in pins if _within(surface.view, pin)]
    shown = sorted({*range(0, steps + 1, -(-steps // FRAMES)), step, steps}) if tracks else []
    frames = [
        {"name": str(k), "traces": [i + j for i, _, _ in heads for j in (0, 1)],
         "data": [part for _, ways, pieces in heads for part in ({"line": _until(k)} | SPACE, _place(ways, pieces, k) | SPACE)]}
        for k in shown
    ]  # fmt: skip
    return {"data": data, "layout": _layout(surface, height, view, shown, step), "frames": frames}


def lain(objective: Objective, view, points: np.ndarray, height: Height) -> tuple[np.ndarray, int]:
    """(n, 4): x, y, height and step of a path laid on the ground, and how many pieces a step is; NaN beyond the view."""
    pieces = max(1, min(PIECES, MOST // max(1, len(points) - 1)))
    parts = np.linspace(0, 1, pieces, endpoint=False)
    between = points[:-1, None] + parts[:, None] * np.diff(points, axis=0)[:, None]
    every = np.vstack([between.reshape(-1, 2), points[-1:]])
    with np.errstate(all="ignore"):
        f = objective(*every.T)[0] + 0 * every[:, 0]
    corner, far = np.array(view).T
    inside = ((every >= corner) & (every <= far)).all(axis=-1)
    whole = np.column_stack([every, height(f) + height.lift])
    return np.column_stack([np.where(inside[:, None], whole, np.nan), np.arange(len(every)) / pieces]), pieces


def _ground(objective: Objective, surface: Surface, height: Height) -> Figure:
    x, y = (np.linspace(*ends, GRID) for ends in surface.view)
    with np.errstate(all="ignore"):
        f = objective(*np.meshgrid(x, y))[0] + np.zeros((GRID, GRID))
    f = np.where(np.isfinite(f), f, np.nan)
    z = height(f)
    levels = height(surface.levels)
    lines = {"show": True, "usecolormap": False, "color": WHITE, "width": 1, "highlightcolor": WHITE}
    if len(levels) > 1 and np.isfinite(z).any():
        lines |= {"start": float(np.nanmin(z)), "end": float(np.nanmax(z)), "size": float(np.ptp(z[np.isfinite(z)]) / 14 or 1)}
    return {
        "type": "surface",
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
        "z": z.astype(np.float32),
        "customdata": f.astype(np.float32),
        "hovertemplate": "x %{x:.3g}<br>y %{y:.3g}<br>f %{customdata:.4g}<extra></extra>",
        "colorscale": GROUND,
        "showscale": False,
        "opacity": 1,
        "contours": {"z": lines, "x": {"highlight": False}, "y": {"highlight": False}},
        "lighting": {"ambient": 0.75, "diffuse": 0.6, "specular": 0.1, "roughness": 0.8},
        "showlegend": False,
    }


def _trail(track: Track, ways: np.ndarray, color: str, step: int) -> Figure:
    """The whole way, in its color up to the step."""
    scale = [[0, color], [0.5, color], [0.5, AHEAD], [1, AHEAD]]
    line = {"color": ways[:, 3].astype(np.float32), "colorscale": scale, "width": 6, "showscale": False, **_until(step)}
    shown = dict(zip("xyz", ways[:, :3].T.astype(np.float32), strict=True))
    look = {"mode": "lines", "name": track.label, "showlegend": False, "hoverinfo": "skip"}
    return SPACE | shown | look | {"line": line}


def _until(step: int) -> dict[str, float]:
    """The ends of a scale in whose middle, a little after the step, the color ends."""
    return {"cmin": step + 0.01 - 1e4, "cmax": step + 0.01 + 1e4}


def _head(track: Track, ways: np.ndarray, color: str, pieces: int, step: int) -> Figure:
    return {
        "type": "scatter3d",
        "mode": "markers",
        "name": track.label,
        "marker": {
            "symbol": SYMBOLS[track.look.marker],
            "size": 8,
            "color": color,
            "opacity": 1,
            "line": {"color": WHITE, "width": 1},
        },
        "hovertemplate": f"{track.label}<br>x %{{x:.3g}}<br>y %{{y:.3g}}<br>f %{{customdata:.4g}}<extra></extra>",
        **_place(ways, pieces, step),
    }


def _place(ways: np.ndarray, pieces: int, step: int) -> dict[str, list]:
    """Where a path stands at a step; where it ended, if that is earlier."""
    point = ways[min(step * pieces, len(ways) - 1), :3].tolist()
    return {name: [float(f"{v:.6g}") if np.isfinite(v) else None] for name, v in zip("xyz", point, strict=True)}


def _within(view, pin: Pin) -> bool:
    (left, right), (low, high) = view
    return left <= pin.x <= right and low <= pin.y <= high


def _pin(objective: Objective, pin: Pin, height: Height) -> Figure:
    z = float(height(np.array(objective(pin.x, pin.y)[0]))) + height.lift
    marker = {"size": 5, "color": "#d0006f", "line": {"color": WHITE, "width": 1}}
    word = {"mode": "markers+text", "text": [pin.label], "textposition": "top center", "textfont": {"size": 16}}
    return {"type": "scatter3d", "name": pin.label, "x": [pin.x], "y": [pin.y], "z": [z], "marker": marker,
            "showlegend": False, "hoverinfo": "skip", **word}  # fmt: skip


def _layout(surface: Surface, height: Height, view: View, shown: Sequence[int], step: int) -> Figure:
    levels = surface.levels
    axis = {"title": {"text": tr("f, log scale") if height.log else "f"}}
    if height.log and len(levels):
        few = levels[:: -(-len(levels) // 6)]
        axis |= {"tickvals": height(few).tolist(), "ticktext": [f"{level:g}".replace("-", "−") for level in few]}
    moves = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}, "transition": {"duration": 0}}
    plays = {"fromcurrent": True, "frame": {"duration": 50, "redraw": True}, "transition": {"duration": 0}}
    buttons = [
        {"label": f"▶ {tr('Play')}", "method": "animate", "args": [None, {"mode": "immediate", **plays}]},
        {"label": f"❚❚ {tr('Pause')}", "method": "animate", "args": [[None], moves]},
    ]
    found = {
        "height": 520,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "legend": {"x": 0, "y": 1, "bgcolor": CLEAR},
        "scene": {
            "camera": {"eye": view.eye, "up": {"x": 0, "y": 0, "z": 1}},
            "aspectmode": "manual",
            "aspectratio": {"x": 1.15, "y": 1.15, "z": 0.7},
            "xaxis": {"title": {"text": "x"}, "range": list(surface.view[0])},
            "yaxis": {"title": {"text": "y"}, "range": list(surface.view[1])},
            "zaxis": axis,
        },
    }
    if shown:
        found["updatemenus"] = [
            {"type": "buttons", "direction": "left", "x": 0, "y": 0, "xanchor": "left", "yanchor": "top", "pad": {"t": 34},
             "showactive": False, "buttons": buttons}
        ]  # fmt: skip
        found["sliders"] = [
            {"active": shown.index(step), "x": 0.45, "len": 0.55, "y": 0, "pad": {"t": 20}, "font": {"color": CLEAR},
             "currentvalue": {"prefix": f"{tr('step')} ", "font": {"color": WORDS, "size": 14}},
             "ticklen": 0, "minorticklen": 0,
             "steps": [{"label": str(k), "method": "animate", "args": [[str(k)], moves]} for k in shown]}
        ]  # fmt: skip
    return found


def wide(objective: Objective, surface: Surface) -> bool:
    """Whether the surface rises so high above the start that the paths would lie in a small part of the height."""
    lowest, highest = np.nanmin(surface.values), np.nanmax(surface.values)
    return bool(highest - lowest > WIDE * (float(objective(*objective.start)[0]) - lowest))


def tracks(specs: Sequence[Descent], paths: Sequence[Path]) -> list[Track]:
    """The paths of specs, each in the look of its rule."""
    rules = [OPTIMIZERS[spec.optimizer] for spec in specs]
    return [Track(tr(rule.label), path.points, style(OPTIMIZERS, rule.name)) for rule, path in zip(rules, paths, strict=True)]


def plan(name: str, surface: Surface, tracks: Sequence[Track], pins: Sequence[Pin], step: int) -> bytes:
    """The same ground from above, with the paths as far as a step, for the canvas of fields."""
    strokes = [field.Stroke(track.points[: step + 1], "", track.look.color, track.look.dash) for track in tracks]
    plane = field.Plane(surface.view, title=tr("From above, step {step}", step=step))
    marks = [field.Mark(pin.x, pin.y, pin.label) for pin in pins]
    return field.landscape(plane, surface, tr("Contour lines of {surface}", surface=name), strokes, marks)
