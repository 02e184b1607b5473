"""A hand is what a visitor moves on a canvas: settings of the open lab, answered while they move and kept where they rest.

The browser asks with `live`, the settings and the number of the request, and not again before a picture that says `echo` with
that number is painted; where it lets go it says `rest`, the settings alone.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import streamlit as st

from pages.kit import address
from pages.kit.controls import Values

HAND = "hand"  # session key


class Dial(NamedTuple):
    """A setting that a slider of the canvas moves through round numbers."""

    setting: str
    label: str
    stops: Sequence[float]
    value: float


def follow(values: Values, picture: Callable[[Values, int], None]) -> None:
    """A new picture, under no hand yet: `picture` draws it of the settings, then of those under the hand, and the request."""
    st.session_state.pop(HAND, None)
    _answer(values, picture)


@st.fragment
def _answer(values: Values, picture: Callable[[Values, int], None]) -> None:
    """A fragment, so that what is under the hand is answered by its picture alone."""
    picture(*take(values))


def take(values: Values) -> tuple[Values, int]:
    """The settings with what is under the hand in place of theirs, and the request that they answer."""
    held = st.session_state.get(HAND, {})
    return Values(**vars(values) | held.get("settings", {})), held.get("echo", 0)


def listeners(key: str) -> dict[str, Callable[[], None]]:
    """What a component of that key is mounted with."""
    return {
        "on_live_change": lambda: hold(*st.session_state[key].live),
        "on_rest_change": lambda: rest(st.session_state[key].rest),
    }


def hold(settings: Mapping[str, Any], request: float) -> None:
    """These settings are under the hand now, and the next picture answers that request."""
    with suppress(TypeError, ValueError):
        st.session_state[HAND] = {"settings": address.heard(**settings), "echo": int(request)}


def rest(settings: Mapping[str, Any]) -> None:
    """The hand has let go of these settings."""
    with suppress(TypeError):
        address.tell(**settings)
    st.rerun()
