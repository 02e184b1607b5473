"""The logits are a canvas of bars that are dragged, and of what softmax makes of them on their way to a loss.

While the hand moves the browser computes, by `assets/logits/chain.js`, which a test holds to the engine; the server hears of
what was let go.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from engine.registry import Range
from pages.charts.blob import pack
from pages.kit.canvas import canvas

_LOGITS = canvas("logits", ("blob", "color", "frame", "paths", "sheet", "theme"))


def show(key: str, blob: bytes, on_settings: Callable[[Mapping[str, Any]], None]) -> None:
    """Mount the canvas; `on_settings` hears, as a callback, what the visitor has come to, as the browser tells it."""
    _LOGITS(key=key, data=blob, on_settings_change=lambda: on_settings(st.session_state[key].settings))


def describe(summary: str, *, view: Range, temperatures: Range, constants: Range, **settings: Any) -> bytes:
    """The blob of the settings, `logits`, `temperature`, `constant` and `truth`, the true class, counted from 1; with the axis
    of the logits and how far the sliders reach."""
    ends = {"view": view[:2], "temperatures": temperatures[:2], "constants": constants[:2]}
    return pack({"runs": [], "summary": summary, **ends, **settings}, {})
