"""A field is a canvas of a plane, which `pages.charts.field` describes; a click tells a cell."""

from collections.abc import Callable

import streamlit as st

from pages.kit.canvas import canvas

_FIELD = canvas("field", ("blob", "closeup", "color", "frame", "isolines", "note", "paths", "sheet", "surface", "theme"))


def show(key: str, blob: bytes, on_cell: Callable[[int, int], None] = lambda *_: None) -> None:
    """Mount the field; `on_cell(column, row)` hears of a click on a cell, as a callback."""
    _FIELD(key=key, data=blob, on_cell_change=lambda: on_cell(*map(int, st.session_state[key].cell)))
