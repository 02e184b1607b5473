"""The player is a canvas that animates paths over a surface: Python sends one blob, the browser owns the clock.

The server hears only where the visitor stopped (`on_transport`) and which start they chose (`on_start`).
"""

import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from engine.descent import Path
from engine.experiments import Descent
from engine.optimizers import OPTIMIZERS
from pages.charts.contours import Surface
from pages.kit.canvas import canvas, pack
from pages.kit.language import tr
from pages.kit.theme import Style, style

RESTING = {"layout": "one", "arrows": "none", "scale": "log", "transport": {"step": None, "speed": "1", "loop": False}}

SHARED = (
    *("ask", "blob", "closeup", "color", "frame", "isolines", "keys", "note"),
    *("paths", "scrub", "sheet", "surface", "theme", "zoom"),
)
_PLAYER = canvas("player", SHARED, without=["anatomy"])
_ANATOMY = canvas("anatomy", SHARED, folder="player")


def player(
    blob: bytes,
    key: str,
    on_transport: Callable[[], None],
    on_start: Callable[[], None],
    *,
    on_drag: Callable[[float, float, int], None] | None = None,
    on_scrub: Callable[[int, float, int], None] | None = None,
    on_rate: Callable[[int, float], None] | None = None,
    on_preset: Callable[[int], None] | None = None,
    anatomy: bool = False,
) -> None:
    """Mount the player; `st.session_state[key]` holds `.transport` and `.start` in the callbacks.

    Scenes that are added to each other (`blob + blob`) play together, in the layout "panels": one clock and one loss axis.
    `anatomy` is whether the scene may have rows.

    What is live is asked for by the header, and answered in a fragment. While the start is dragged `on_drag(x, y, n)` hears
    where it is, if the header has an `echo`; the next blob says `echo=n`, and not before it is painted does the browser ask
    again. So does `on_scrub(index, lr, n)` hear of a learning rate that is turned in the picture, if the header says
    `scrub=True`, and `on_rate(index, lr)` with which it ends. `on_preset(±1)` hears ] and [, if it says `presets=True`.
    """

    def told(name: str):
        return getattr(st.session_state[key], name)

    live = {
        "drag": on_drag and (lambda: on_drag(*map(float, told("drag")[:2]), int(told("drag")[2]))),
        "scrub": on_scrub and (lambda: on_scrub(int(told("scrub")[0]), float(told("scrub")[1]), int(told("scrub")[2]))),
        "rate": on_rate and (lambda: on_rate(int(told("rate")[0]), float(told("rate")[1]))),
        "preset": on_preset and (lambda: on_preset(int(told("preset")))),
    }
    heard = {f"on_{name}_change": callback for name, callback in live.items() if callback}
    mount = _ANATOMY if anatomy else _PLAYER
    mount(key=key, data=blob, on_transport_change=on_transport, on_start_change=on_start, **heard)


class Shown(NamedTuple):
    """A path as the player shows it."""

    label: str
    lr: float
    points: np.ndarray
    """(k+1, 2)"""
    values: np.ndarray
    """(k+1,): the loss at the points."""
    end: str
    """Why it ended early, empty if it did not."""
    look: Style


class Arrow(NamedTuple):
    """A quantity as an arrow from the current point: its name, the sign it is drawn with, and how many times its length."""

    name: str
    sign: int
    factor: float


class Row(NamedTuple):
    """A quantity of every step of a run, and beside it, if there is one, what another rule would have had."""

    label: str
    words: str
    values: np.ndarray
    """(k, 2)"""
    span: tuple[float, float]
    """Ends of its axis."""
    role: str
    """Its color: that of the "gradient", the "memory", the "step", or none."""
    arrow: Arrow | None = None
    other_label: str = ""
    other: np.ndarray | None = None
    """(k, 2)"""


def describe(specs: Sequence[Descent], paths: Sequence[Path], surface: Surface, **display: object) -> bytes:
    """The blob of the paths of `specs` over their surface; `display` goes to the browser as it is: see RESTING, and

    `layout`: "one" surface, "panels", or the "curve" that a surface is along x through the start, for balls to roll on;
    `replay`: when it changes, the run plays anew; `transport["arrival"]`: when it changes, the clock goes where the transport
    says. `title` and `subtitle` stand in full screen and in what is saved, under the file name `name`. `opening_view="fit"`
    opens close to the paths. `echo`, `scrub` and `presets` are what `player` answers.
    """
    ends = [tr("undefined") if path.undefined else tr("diverged") if path.diverged_at is not None else "" for path in paths]
    shown = [
        Shown(tr(OPTIMIZERS[spec.optimizer].label), spec.lr, path.points, path.values, end, style(OPTIMIZERS, spec.optimizer))
        for spec, path, end in zip(specs, paths, ends, strict=True)
    ]
    first = specs[0]
    return scene(shown, surface, summary=summary(specs), start=[first.x0, first.y0], steps=first.steps, **display)


def scene(
    shown: Sequence[Shown],
    surface: Surface,
    names: Sequence[str] = ("x", "y", "f"),
    rows: Sequence[Row] = (),
    **header: object,
) -> bytes:
    """The blob of some paths over a surface. `names` are those of its axes and of the loss, `rows` quantities of the only
    path; `header` goes to the browser as it is: summary, start, steps and how to display them (see RESTING)."""
    header |= {
        "names": names,
        "view": surface.view,
        "ground": zlib.crc32(surface.values.tobytes()),
        "minima": surface.minima,
        "labels": surface.labels,
        "runs": [
            {"label": path.label, "lr": f"{path.lr:g}", "steps": len(path.points) - 1, "end": path.end, **path.look._asdict()}
            for path in shown
        ],
    }
    arrays = {
        "surface": surface.values,
        "slopes": surface.slopes,
        "levels": surface.levels,
        "points": np.concatenate([path.points for path in shown]),
        "values": np.concatenate([path.values for path in shown]),
    }
    if rows:
        header["rows"] = [
            {
                **{name: getattr(row, name) for name in ("label", "words", "span", "role")},
                "arrow": row.arrow and row.arrow._asdict(),
                "other": None if row.other is None else row.other_label,
            }
            for row in rows
        ]
        arrays["quantities"] = np.concatenate([each for row in rows for each in (row.values, row.other) if each is not None])
    with np.errstate(over="ignore"):
        arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    return pack(header, arrays)


def summary(specs: Sequence[Descent]) -> str:
    """The picture in a sentence, for those who cannot see it."""
    first = specs[0]
    return tr(
        "Contour lines of the surface {surface}, the paths of {names} from ({x}, {y}) in {steps} steps, and their loss curves.",
        surface=first.surface,
        names=", ".join(f"{tr(OPTIMIZERS[spec.optimizer].label)} (lr {spec.lr:g})" for spec in specs),
        x=f"{first.x0:g}",
        y=f"{first.y0:g}",
        steps=first.steps,
    )
