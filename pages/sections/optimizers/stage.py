"""The stage of Paths: the presets above it, the player on it, and what the page does with what the player tells."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal

import streamlit as st

from engine.descent import follow
from engine.experiments import Descent
from pages.charts.paths import describe
from pages.kit import address, compute, text
from pages.kit.controls import Values
from pages.kit.language import N_, tr
from pages.kit.player import clock, moved, player, stopped
from pages.sections.optimizers.settings import DESCENTS, VIEW

PLAYER = "stage"
LIVE = "live"  # session key: start and rates under the visitor's hand
NAMES = list(DESCENTS)


def presets(values: Values) -> None:
    """The menu of presets with the ones before and after it, and what the chosen one shows."""
    preset = values.preset
    changed = set(address.here().given) - {"preset", "focus", *VIEW, *clock()}
    title, sentence, _ = text.preset(preset)
    place = NAMES.index(preset)
    buttons, words = st.columns([0.42, 0.58], vertical_alignment="center")
    with buttons.container(horizontal=True, gap="xsmall"):
        _turn(N_("Previous"), "left", "[", place - 1)
        st.menu_button(
            f"**{title}**",
            NAMES,
            key="preset_menu",
            format_func=lambda name: f"{'✓ ' if name == preset else ''}{text.preset(name).title} :gray[:small[{name}]]",
            on_click=lambda: choose(st.session_state["preset_menu"]),
        )
        _turn(N_("Next"), "right", "]", place + 1)
    words.caption(
        tr("You have changed this preset. Unchanged, it shows: {sentence}", sentence=sentence) if changed else sentence
    )


def _turn(words: str, side: Literal["left", "right"], key: str, to: int) -> None:
    """A button to the preset at that place, which a key of the player presses too."""
    name, icon = NAMES[to % len(NAMES)], f":material/chevron_{side}:"
    beyond = to not in range(len(NAMES))
    st.button(
        tr(words),
        key=f"{words} preset",
        icon=icon,
        icon_position=side,
        help=tr("Key {key}", key=key),
        on_click=choose,
        args=(name,),
        disabled=beyond,
    )


def choose(preset: str) -> None:
    """Another preset brings all its settings: it is heard as if it were a widget's."""
    st.session_state["preset"] = preset


def turn(by: int) -> None:
    """So many presets further, as far as there are any."""
    place = NAMES.index(address.here().given.get("preset", NAMES[0])) + by
    if 0 <= place < len(NAMES):
        choose(NAMES[place])
        st.rerun()


@st.fragment
def show(specs: Sequence[Descent], header: dict) -> None:
    """A fragment: a pause costs one small message, and what is under a visitor's hand is answered by its paths alone."""
    live = st.session_state.get(LIVE, {})
    where = {name: live[name] for name in ("x0", "y0") if name in live}
    shown = [replace(spec, **where, lr=live.get(spec.optimizer, spec.lr)) for spec in specs]
    names = [spec.optimizer for spec in specs]
    with compute.TURN:
        paths = [follow(spec) if live else compute.path(spec) for spec in shown]  # a drag must not fill the cache
        blob = describe(shown, paths, compute.surface(specs[0]), **header, echo=live.get("echo", 0), scrub=True, presets=True)
    player(
        blob,
        PLAYER,
        on_transport=lambda: stopped(PLAYER),
        on_start=start,
        on_drag=lambda x, y, n: hold(n, x0=x, y0=y),
        on_scrub=lambda place, lr, n: hold(n, **{names[place]: lr}),
        on_rate=lambda place, lr: rated(names[place], lr),
        on_preset=turn,
    )


def hold(request: int, **values: float) -> None:
    """What is under the visitor's hand now, and the browser's request that the next picture answers."""
    with suppress(ValueError):
        for name, value in values.items():
            number = replace(Descent(), **{name if name in ("x0", "y0") else "lr": value})
            values[name] = getattr(number, name, number.lr)
        st.session_state.setdefault(LIVE, {}).update(values, echo=request)


def rated(name: str, lr: float) -> None:
    """A learning rate was let go."""
    address.tell(**{f"{name}_lr": lr, "step": 0})
    st.rerun()


def start() -> None:
    """A descent from another start plays from its beginning."""
    moved(PLAYER, "x0", "y0", step=0)
    st.rerun()
