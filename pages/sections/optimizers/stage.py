"""The stage is where the player stands, and what the page does when it tells where it stopped or which start was chosen."""

from collections.abc import Mapping

import streamlit as st

from pages.kit.old.controls import Setting
from pages.kit.player import player
from pages.sections.optimizers import panel
from pages.sections.optimizers import settings as s


@st.fragment
def show(blob: bytes) -> None:
    """A fragment, so that a pause costs one small message and nothing else runs again."""
    player(blob, "stage", on_transport=remember_transport, on_start=move_start)


def opening(prefix: str = "", step: int | None = None) -> dict:
    """Where the clock stands when the page opens, at `step` if its address does not say; kept as it was, since the browser
    owns it from then on. The keys of its address begin with `prefix`."""
    found = st.session_state.setdefault("opening", {})
    if prefix not in found:
        asked = {key: st.query_params.get(prefix + key) for key in s.TRANSPORT}
        found[prefix] = {
            "step": step if asked["step"] is None else int(asked["step"]),
            "speed": asked["speed"] or "1",
            "loop": asked["loop"] == "true",
        }
    return found[prefix]


def remember_transport(key: str = "stage", known: Mapping[str, Setting] = s.TRANSPORT, end: int | None = None) -> None:
    """The address takes what the player `key` tells under the keys of `known`; `end` is what it says of the last step."""
    told = st.session_state[key].transport
    step = end if told["step"] is None else told["step"]
    shown = (step, told["speed"], "true" if told["loop"] else None)
    for (name, setting), value in zip(known.items(), shown, strict=True):
        if value is None or value == setting.default:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


def move_start() -> None:
    st.session_state["x0"], st.session_state["y0"] = map(float, st.session_state["stage"].start)
    panel.rewind()
    st.rerun()
