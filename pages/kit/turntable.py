"""A turntable holds a figure in three dimensions: it plays and is turned in the browser, and tells how it was left."""

from collections.abc import Callable, Hashable
from contextlib import suppress

import streamlit as st

from pages.charts.solid import Figure, View
from pages.kit import address
from pages.kit.text import ASSETS

CONFIG = {"displaylogo": False, "displayModeBar": True, "scrollZoom": True}
_WATCH = st.components.v2.component("solid", js=(ASSETS / "solid/solid.js").read_text("utf-8"))


def show(
    key: str,
    build: Callable[[int, View], Figure],
    alt: str,
    *,
    step: int,
    view: View,
    since: Hashable,
    tell: Callable[[int | None, View], None],
) -> None:
    """Mount the figure of `build(step, view)`; `tell(step, view)` hears how it was left, None as a step if that is as before.

    It is built anew when `since` changes or somebody else than the figure itself changes step or view.
    """
    kept, watch = st.session_state.setdefault(f"{key} kept", {}), f"{key}_watch"
    here = (address.here().arrivals, since)
    if not (kept.pop("told", False) and kept["since"] == here) and kept.get("now") != (here, step, view):
        kept.update(since=here, opening=(step, view))
    kept["now"] = (here, step, view)
    st.plotly_chart(build(*kept["opening"]), key=key, config=CONFIG, alt=alt)

    def stood() -> None:
        with suppress(TypeError, KeyError, ValueError):
            left = st.session_state[watch].stood
            tell(left["step"], View.of(*map(float, left["eye"])))
            kept["told"] = True

    _WATCH(key=watch, data=key, on_stood_change=stood)
