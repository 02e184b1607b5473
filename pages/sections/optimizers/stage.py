"""The stage of Paths: the presets above it, the player on it, and what the page does with what the player tells."""

import streamlit as st

from engine.descent import follow
from pages.charts.paths import describe
from pages.kit import address, compute, hand, text
from pages.kit.controls import Values
from pages.kit.language import N_, tr
from pages.kit.player import clock, player, restarted, stopped
from pages.sections.optimizers import settings
from pages.sections.optimizers.settings import DESCENTS, VIEW

PLAYER = "stage"
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
    unchanged = N_("You have changed this preset. Unchanged, it shows: {sentence}")
    words.caption(tr(unchanged, sentence=sentence) if changed else sentence)


def _turn(words: str, side: str, key: str, to: int) -> None:
    """A button to the preset at that place, which a key of the player presses too."""
    name, beyond = NAMES[to % len(NAMES)], to not in range(len(NAMES))
    look = {"icon": f":material/chevron_{side}:", "icon_position": side, "help": tr("Key {key}", key=key)}
    st.button(tr(words), f"{words} preset", on_click=choose, args=(name,), disabled=beyond, **look)


def choose(preset: str) -> None:
    """Another preset brings all its settings: it is heard as if it were a widget's."""
    st.session_state["preset"] = preset


def turn(by: int) -> None:
    """So many presets further, as far as there are any."""
    place = NAMES.index(address.here().given.get("preset", NAMES[0])) + by
    if 0 <= place < len(NAMES):
        choose(NAMES[place])
        st.rerun()


def show(held: Values, echo: int, header: dict) -> None:
    """The paths of what is under a visitor's hand, which answer its request."""
    specs, names = settings.specs(held), held.optimizers
    with compute.HANDS:
        paths = [follow(spec) if echo else compute.path(spec) for spec in specs]  # a drag must not fill the cache
        blob = describe(specs, paths, compute.surface(specs[0]), **header, echo=echo, scrub=True, presets=True)
    player(
        blob,
        PLAYER,
        on_transport=lambda: stopped(PLAYER),
        on_start=lambda: restarted(PLAYER, "x0", "y0", step=0),
        on_drag=lambda x, y, n: hand.hold({"x0": x, "y0": y}, n),
        on_scrub=lambda place, lr, n: hand.hold({f"{names[place]}_lr": lr}, n),
        on_rate=lambda place, lr: hand.rest({f"{names[place]}_lr": lr, "step": 0}),
        on_preset=turn,
    )
