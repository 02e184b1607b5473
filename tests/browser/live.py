"""A page with a player that answers while something is dragged, or with a wall, and what it heard: `streamlit run` it."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.experiments import PRESETS, Descent
from engine.histogram import count
from pages.charts.paths import RESTING, describe
from pages.kit import compute, wall
from pages.kit.player import player

TITLE = "Six rules on one bowl"
state = st.session_state


def specs() -> list[Descent]:
    (x0, y0), rates = state["start"], state["rates"]
    return [replace(spec, x0=x0, y0=y0, lr=rates.get(i, spec.lr)) for i, spec in enumerate(PRESETS["O9-all"])]


def drag(x: float, y: float, n: int) -> None:
    state["start"], state["echo"] = (x, y), n
    state["dragged"].append(n)


def scrub(index: int, lr: float, n: int) -> None:
    state["rates"][index], state["echo"] = lr, n


def rate(index: int, lr: float) -> None:
    state["rates"][index] = lr
    hear(f"rate {index} {lr:g}")


def start() -> None:
    state["start"] = tuple(map(float, state["live"].start))
    hear(f"start {state['start']}")


def hear(words: str) -> None:
    state["heard"] = words
    st.rerun()


def arrive() -> None:
    state["transport"] = {"step": 7, "speed": "2", "loop": True, "arrival": state["transport"].get("arrival", 0) + 1}


@st.fragment
def stage() -> None:
    shown = specs()
    asked = st.query_params.get
    live = {"echo": state["echo"], "scrub": True, "presets": True, "opening_view": asked("view", "home")}
    named = {
        "replay": "live",
        "title": TITLE,
        "subtitle": "O9-all",
        "transport": state["transport"],
        "layout": asked("layout", "one"),
    }
    blob = describe(shown, [compute.path(spec) for spec in shown], compute.surface(shown[0]), **RESTING | named, **live)
    events = {"on_drag": drag, "on_scrub": scrub, "on_rate": rate, "on_preset": lambda by: hear(f"preset {by:+d}")}
    player(blob, "live", lambda: None, start, **events)


def hang() -> None:
    """Two networks of three layers, looked at three times, opened as the address says."""
    draws = np.random.default_rng(0).normal(size=(3, 2, 3, 500))
    panels = [[[count(layer) for layer in network] for network in step] for step in draws]
    views = [wall.View("Inputs", panels), wall.View("Weights", panels)]
    opening = {"opening": 1, "axis": "panel", "step": 10} if "opened" in st.query_params else {}
    wall.show("wall", ["a", "b"], views, (1, 10, 100), **opening, note="A note.", on_view=lambda *told: hear(f"view {told}"))


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    for key, value in {"start": (-7.0, 2.0), "rates": {}, "echo": 0, "dragged": [], "heard": "nothing"}.items():
        state.setdefault(key, value)
    state.setdefault("transport", RESTING["transport"])
    picture, side = st.columns([0.68, 0.32])
    with picture:
        hang() if "wall" in st.query_params else stage()
    side.button("Arrive", on_click=arrive)
    side.text_input("words")
    side.text(f"heard: {state['heard']}; dragged: {state['dragged']}")
