"""The stage is where the player stands, and what the page does when it tells where it stopped or which start was chosen."""

import streamlit as st

from pages.kit.player import player
from pages.sections.optimizers import panel
from pages.sections.optimizers import settings as s


@st.fragment
def show(blob: bytes) -> None:
    """A fragment, so that a pause costs one small message and nothing else runs again."""
    player(blob, "stage", on_transport=remember_transport, on_start=move_start)


def opening() -> dict:
    """Where the clock stands when the page opens; kept as it was, since the browser owns it from then on."""
    if "opening" not in st.session_state:
        step = st.query_params.get("step")
        st.session_state["opening"] = {
            "step": None if step is None else int(step),
            "speed": st.query_params.get("speed", "1"),
            "loop": st.query_params.get("loop") == "true",
        }
    return st.session_state["opening"]


def remember_transport() -> None:
    told = st.session_state["stage"].transport
    shown = {"step": told["step"], "speed": told["speed"], "loop": "true" if told["loop"] else None}
    for key, value in shown.items():
        if value is None or value == s.TRANSPORT[key].default:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = value


def move_start() -> None:
    st.session_state["x0"], st.session_state["y0"] = map(float, st.session_state["stage"].start)
    panel.rewind()
    st.rerun()
