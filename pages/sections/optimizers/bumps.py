"""Bumps in words: where SGD and the ball end, and from which momentum on the ball gets out."""

import numpy as np
import streamlit as st

from engine.descent import Path
from engine.wells import ALONE, BACK, LONG, LOST, MOMENTA, NEVER, OUT, Bumps
from pages.kit import compute

SHAPES = {"double": "Double well", "bumpy": "Bumpy valley"}


@st.cache_data(max_entries=500, show_spinner=False)
def ends(bumps: Bumps) -> tuple[np.ndarray, np.ndarray]:
    return bumps.ends()


def sentence(bumps: Bumps) -> str:
    """Where SGD and the ball end and how they got there, and from which momentum on it gets out."""
    sgd, ball = (compute.path(spec) for spec in bumps.specs(LONG))
    said = f"{_end('SGD', bumps, sgd)} {_end(f'The ball with μ {bumps.momentum:g}', bumps, ball)}"
    if len(bumps.tops):
        return f"{said} {_escape(bumps)}"
    lost = {"double": "the second well", "bumpy": "every bump"}[bumps.shape]
    tilt = f"{bumps.tilt:g}".replace("-", "−")
    return f"At depth {bumps.depth:g} the tilt of {tilt} has removed {lost}: no top is left to roll over. {said}"


def _end(who: str, bumps: Bumps, path: Path) -> str:
    if path.diverged_at is not None:
        return f"{who} diverged at step {path.diverged_at}: lr {bumps.lr:g} is too large."
    x = path.points[-1][0]
    crossed, deepest = int(bumps.crossed(x)), bumps.well(x) == bumps.deepest
    done = {
        NEVER: " never left its well:",
        BACK: " left its well and swung back into it:",
        OUT: f" got out over {crossed} top{'s' * (crossed > 1)}, into {'the deepest' if deepest else 'another'} well:",
        ALONE: " rolls down:",
    }[str(bumps.fates(path.points[:, 0]))]
    return f"{who}{done} after {LONG} steps it is at x = {x:.3g}.".replace("= -", "= −")


def _escape(bumps: Bumps) -> str:
    """The smallest momentum that gets out, what becomes of the larger ones, and which gets over most tops."""
    last, fates = ends(bumps)
    if OUT not in fates:
        return f"At lr {bumps.lr:g} no μ from 0 to .99 gets out{_count(fates, BACK, LOST)}."
    first = int((fates == OUT).argmax())
    larger = fates[first + 1 :]
    others = _count(larger, BACK, NEVER, LOST).replace("; ", f"; of the {len(larger)} larger ones ")
    said = f"The smallest μ that gets out, of 0, .01, …, .99, is {MOMENTA[first]:g}{others}."
    crossed = np.where(fates == OUT, bumps.crossed(last), 0)
    most = int(crossed.argmax())
    if crossed[-1] < crossed[most] > 1:
        said += f" μ {MOMENTA[most]:g} ends {crossed[most]} tops away, farthest of all; μ .99 ends {crossed[-1]} away."
    return said


def _count(fates: np.ndarray, *named: str) -> str:
    found = [f"{n} {fate}" for fate in named if (n := int((fates == fate).sum()))]
    return f"; {' and '.join(found)}" if found else ""
