"""Home: what there is to see, and the first picture of it, already moving."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from engine.experiments import PRESETS
from pages.kit import address, compute, text
from pages.kit.old.page import leave_page_discovery
from pages.kit.player import RESTING, describe, player

PATHS = ("O3", "O5", "O9", "O14", "O21", "O23")
ACTIVATIONS, INITIALIZATION = "pages/activations.py", "pages/initialization.py"
BATCHNORM, REGULARIZATION, OPTIMIZERS = "pages/batchnorm.py", "pages/regularization.py", "pages/optimizers.py"
SIGNALS = {  # figure → its page and what its address says
    "I3": (INITIALIZATION, {}),
    "I12": (INITIALIZATION, {"wall": "I12"}),
    "I14": (INITIALIZATION, {"section": "pairs"}),
    "A1": (ACTIVATIONS, {}),
    "A2": (ACTIVATIONS, {"section": "zigzag"}),
    "A7": (ACTIVATIONS, {"section": "dead"}),
}
LIVE = {
    "I15": (INITIALIZATION, {"section": "training"}),
    "I13": (INITIALIZATION, {"section": "race"}),
    "A12": (ACTIVATIONS, {"section": "depth"}),
    "B5": (BATCHNORM, {"section": "grid"}),
    "B8": (BATCHNORM, {"section": "testing"}),
    "O11": (OPTIMIZERS, {"section": "race"}),
    "R1": (REGULARIZATION, {"section": "overfit"}),
    "R4": (REGULARIZATION, {"section": "honest"}),
    "R5": (REGULARIZATION, {"section": "weights"}),
}

leave_page_discovery()
st.session_state["page"] = "home"
address.leave()
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
    """A card for each figure, three in a row: its title as a link, and what it shows."""
    st.markdown(f"##### {heading}")
    places = [place for _ in range(0, len(links), 3) for place in st.columns(3)]
    for place, (name, (page, query)) in zip(places, links.items(), strict=True):
        title, sentence = text.preset(name)
        with place.container(border=True, height="stretch"):
            st.page_link(page, label=f"**{title}**", query_params=query)
            st.caption(sentence)


cards("See signals live and die, before any training", SIGNALS)
cards("Watch networks train, on real digits", LIVE)
cards("Start from a figure of the book", {name: (OPTIMIZERS, {"preset": name}) for name in PATHS})
