"""Home: what there is to see, and the first picture of it, already moving."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from engine.experiments import PRESETS
from pages.kit import compute, text
from pages.kit.page import leave_page_discovery
from pages.kit.player import RESTING, describe, player

PATHS = ("O3", "O5", "O9", "O14", "O21", "O23")
LIVE = {  # figure → the page and section that trains it
    "B5": ("pages/batchnorm.py", "grid"),
    "B8": ("pages/batchnorm.py", "testing"),
    "O11": ("pages/optimizers.py", "race"),
    "R1": ("pages/regularization.py", "overfit"),
    "R4": ("pages/regularization.py", "honest"),
    "R5": ("pages/regularization.py", "weights"),
}

leave_page_discovery()
st.session_state["page"] = "home"
x0, y0 = st.session_state.get("home_start", (-7.0, 2.0))
specs = [replace(spec, x0=x0, y0=y0) for spec in PRESETS["O9-all"]]


def move_start():
    st.session_state["home_start"] = st.session_state["home"].start


words, picture = st.columns([0.36, 0.64], gap="large", vertical_alignment="center")
words.markdown(text.page("home"))
moved = {"x0": f"{x0:g}", "y0": f"{y0:g}"} if "home_start" in st.session_state else None
words.page_link("pages/optimizers.py", label="**Open the optimizers**", icon=":material/landscape:", query_params=moved)
with picture:
    blob = describe(specs, [compute.path(spec) for spec in specs], compute.surface(specs[0]), **RESTING, replay="home")
    player(blob, "home", on_transport=lambda: None, on_start=move_start)


def cards(heading: str, links: Mapping[str, tuple[str, dict[str, str]]]) -> None:
    """A card for each figure: its title as a link, and what it shows."""
    st.markdown(f"##### {heading}")
    for place, (name, (page, query)) in zip([*st.columns(3), *st.columns(3)], links.items(), strict=True):
        title, sentence = text.preset(name)
        with place.container(border=True, height="stretch"):
            st.page_link(page, label=f"**{title}**", query_params=query)
            st.caption(sentence)


cards("Watch networks train, on real digits", {name: (page, {"section": section}) for name, (page, section) in LIVE.items()})
cards("Start from a figure of the book", {name: ("pages/optimizers.py", {"preset": name}) for name in PATHS})
