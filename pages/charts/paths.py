"""Paths over a surface, and quantities of their steps, as the player is told of them."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.descent import Path
from engine.experiments import Descent
from engine.optimizers import OPTIMIZERS
from engine.replay import RULES, UNCORRECTED
from pages.charts.blob import pack
from pages.charts.contours import Surface
from pages.kit.language import tr
from pages.kit.theme import Style, style

RESTING = {"layout": "one", "arrows": "none", "scale": "log", "transport": {"step": None, "speed": "1", "loop": False}}
LOOKS = {name: style(OPTIMIZERS, name) for name in OPTIMIZERS}
LOOKS[UNCORRECTED.name] = Style(LOOKS["adam"].color, [2, 5], "diamond")


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
    shown = [followed(spec, path) for spec, path in zip(specs, paths, strict=True)]
    return scene(shown, surface, **setting(specs), **display)


def followed(spec: Descent, path: Path, rule: str = "") -> Shown:
    """The path of a spec, or that of another rule with its settings."""
    end = tr("undefined") if path.undefined else tr("diverged") if path.diverged_at is not None else ""
    name = rule or spec.optimizer
    return Shown(tr(RULES[name].label), spec.lr, path.points, path.values, end, LOOKS[name])


def setting(specs: Sequence[Descent]) -> dict[str, object]:
    """What a scene says of the specs that all its paths come from."""
    first = specs[0]
    return {"summary": summary(specs), "start": [first.x0, first.y0], "steps": first.steps}


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
