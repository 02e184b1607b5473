"""The panel of the player: presets above the picture; beside it surface, optimizers, hyper-parameters and view."""

from collections.abc import Iterable, Mapping

import streamlit as st

from engine.experiments import SURFACES, Descent, Hyper
from engine.optimizers import OPTIMIZERS
from engine.registry import Entry
from engine.schedules import SCHEDULES
from pages.kit import text
from pages.kit.old import controls
from pages.kit.old.controls import Setting
from pages.sections.optimizers import settings as s

Known = Mapping[str, Setting]


def presets(preset: str) -> None:
    """The menu of presets, the way back to the chosen one, and its sentence. Drawn last: the address must be up to date."""
    title, sentence = text.preset(preset)
    changed = set(st.query_params) - {"preset", "section", "focus", *s.VIEW, *s.TRANSPORT}
    buttons, words = st.columns([0.42, 0.58], vertical_alignment="center")
    words.caption(f"You have changed this preset. Unchanged, it shows: {sentence}" if changed else sentence)
    with buttons.container(horizontal=True):
        st.menu_button(
            f"**{preset}** · {title}",
            list(s.DESCENTS),
            key="preset_menu",
            format_func=lambda name: f"**{name}** · {text.preset(name).title}",
            on_click=lambda: choose(st.session_state["preset_menu"]),
        )
        st.button("Reset to the textbook", on_click=choose, args=(preset,))


def choose(preset: str) -> None:
    """Every control takes the preset's value."""
    controls.assign(s.settings_for(preset, s.DESCENTS[preset][0].surface))
    rewind(s.TRANSPORT)
    st.query_params["preset"] = preset


def move(preset: str) -> None:
    """On another surface everything that describes the descent is what suits it; what is compared, and how, stays."""
    known = s.settings_for(preset, st.session_state["surface"])
    stay = {"preset", "surface", "formula", "optimizers", "focus", *s.VIEW}
    controls.assign({key: setting for key, setting in known.items() if key not in stay})
    rewind()


def rewind(keys: Iterable[str] = ("step",)) -> None:
    """Another picture starts from its own beginning: forget where the player stood."""
    for key in keys:
        st.query_params.pop(key, None)


def draw(preset: str, known: Known) -> tuple[list[Descent], str]:
    """The specs that the controls describe, and the optimizer in focus; ValueError if something is wrong."""
    common = _surface(preset, known)
    names = known["optimizers"].draw("optimizers")
    common |= controls.row(known, ("x0", "y0", "steps"))
    rules, focus = _rules(names, known)
    common |= _noise_and_schedule(known)
    if not names:
        raise ValueError("choose at least one optimizer")
    return [Descent(**common, **rules[name]) for name in names], focus


def draw_view(known: Known) -> dict[str, str]:
    """How to look at it: layout, arrows, scale of the loss."""
    with st.container(horizontal=True):
        return {key: known[key].draw(key) for key in s.VIEW}


def _surface(preset: str, known: Known) -> dict:
    surface = known["surface"].draw("surface", on_change=lambda: move(preset))
    formula = known["formula"].draw("formula") if surface == "formula" else ""
    return {"surface": surface, "formula": formula, "surface_hyper": _sliders(SURFACES[surface], known)}


def _rules(names: list[str], known: Known) -> tuple[dict[str, dict], str]:
    """A tab for each optimizer; the open one is in focus."""
    if not names:
        return {}, ""
    tabs = st.tabs([OPTIMIZERS[name].label for name in names], key="focus", bind=controls.BOUND)
    rules = {}
    for tab, name in zip(tabs, names, strict=True):
        with tab:
            lr = known[f"{name}_lr"].draw(f"{name}_lr", slider=bool(tab.open))
            rules[name] = {"optimizer": name, "lr": lr, "hyper": _sliders(OPTIMIZERS[name], known)}
    return rules, next((name for tab, name in zip(tabs, names, strict=True) if tab.open), names[0])


def _noise_and_schedule(known: Known) -> dict:
    at_work = known["noise"].default > 0 or known["schedule"].default != "constant"
    with st.expander("Schedule and noise", expanded=at_work or bool({"noise", "schedule"} & set(st.query_params))):
        schedule = known["schedule"].draw("schedule")
        found = {"schedule": schedule, "schedule_hyper": _sliders(SCHEDULES[schedule], known)}
        return found | controls.row(known, ("noise", "batch_size", "seed"))


def _sliders(entry: Entry, known: Known) -> Hyper:
    """The values of an entry's sliders but lr, side by side."""
    names = {f"{entry.name}_{name}": name for name in entry.sliders if name != "lr"}
    return tuple((names[key], value) for key, value in controls.row(known, names).items())
