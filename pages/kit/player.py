"""The player is a canvas that animates paths over a surface, as `pages.charts.paths` tells it; the browser owns the clock.

The server hears only where the visitor stopped (`on_transport`) and which start they chose (`on_start`).
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st

from engine.registry import Range
from pages.charts.paths import RESTING
from pages.kit import address
from pages.kit.canvas import canvas
from pages.kit.controls import Choice, Controls, Number, Values, never

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


def clock(step: int = 0) -> Controls:
    """Settings that a player tells: where it stands, how fast it is, and whether it begins again."""
    return {
        "step": Number("step", step, Range(0, 1000), when=never),
        "speed": Choice("speed", "1", {speed: speed for speed in ("0.25", "0.5", "1", "2", "4")}, when=never),
        "loop": Choice("loop", "false", {"false": "false", "true": "true"}, when=never),
    }


def transport(values: Values, last: int | None = None) -> dict[str, Any]:
    """How the clock stands where the visitor comes; the step `last` stands for the last one."""
    now: dict[str, Any] = {"step": None if values.step == last else values.step}
    now |= {"speed": values.speed, "loop": values.loop == "true"} if hasattr(values, "loop") else {}
    return RESTING["transport"] | address.on_arrival(**now)


def stopped(key: str, last: int = 0) -> None:
    """The address takes how the clock stands, of which a lab may know the step alone."""
    place, told = address.here(), st.session_state[key].transport
    with suppress(TypeError, KeyError):
        step, loop = last if told["step"] is None else told["step"], "true" if told["loop"] else "false"
        now = {"step": step, "speed": told["speed"], "loop": loop}
        known = place.lab.known(place.given)
        address.tell(**{name: value for name, value in now.items() if name in known})


def moved(key: str, x: str, y: str, **also: Any) -> None:
    """The address takes where the start was put, as the settings `x` and `y`."""
    with suppress(TypeError, ValueError):
        left, low = st.session_state[key].start
        address.tell(**{x: left, y: low}, **also)


def restarted(key: str, x: str, y: str, **also: Any) -> None:
    """The same of a player in a fragment, where another start is for the whole page."""
    moved(key, x, y, **also)
    st.rerun()
