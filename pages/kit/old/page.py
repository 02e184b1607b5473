"""A page is a title and sections; a link opens one of them, and only the open one computes."""

from collections.abc import Mapping
from typing import Protocol

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.state import get_session_state

from pages.kit import text
from pages.kit.old import controls


class Section(Protocol):
    """A module of `pages/sections`: its label and its drawing. Its settings are its `KNOWN` or, if they hang on the address
    and the session, what its function `settings` returns."""

    LABEL: str

    @staticmethod
    def show() -> None: ...


def settings(section: Section) -> Mapping[str, controls.Setting]:
    return section.settings() if hasattr(section, "settings") else section.KNOWN  # type: ignore[attr-defined]


def show(name: str, sections: Mapping[str, Section]) -> None:
    """The page `name`: what its address asks for, checked once on entering, then its open section."""
    leave_page_discovery()
    options = {key: section.LABEL for key, section in sections.items()}
    first = next(iter(sections))
    choice = controls.Choice("Section", first, options)
    if going := st.session_state.pop("going", None):
        st.session_state["page"] = None
        _release()
        if going["section"] == first:
            del going["section"]
        st.switch_page(f"pages/{name}.py", query_params=going)  # the whole address at once: one way Back
    if st.session_state.get("page") != name:
        _enter(name, sections, choice)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text.page(name), width="content")
        opened = choice.draw("section")
    controls.show_ignored()
    sections[opened].show()
    st.session_state[f"address of {name}"] = {key: st.query_params.get_all(key) for key in st.query_params}


def go(section: str, known: Mapping[str, controls.Setting], **values: object) -> None:
    """Turn to another section of the page with these values of its settings, a list where it takes many; for use in a
    callback."""
    given = {key: value if isinstance(value, list) else [value] for key, value in values.items()}
    asked = {key: known[key].address([str(each) for each in value]) for key, value in given.items()}
    plain = {key: default if isinstance(default := known[key].default, tuple) else (default,) for key in asked}
    changed = {key: value for key, value in asked.items() if tuple(given[key]) != plain[key]}
    st.session_state["going"] = {"section": section, **changed}


def _release() -> None:
    """Take the address from the controls that are on the page now, which would change it key by key, each a step Back."""
    with get_session_state().query_params() as address:
        for binding in list(address._bindings_by_widget):
            address.unbind_widget(binding)


def leave_page_discovery() -> None:
    """On a fresh server a link to a page runs its file alone, as Streamlit's old page discovery does until `app.py` has
    run once; its switch is the class attribute below."""
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def _enter(name: str, sections: Mapping[str, Section], choice: controls.Choice) -> None:
    """Start from the address alone, or, if it is bare, from that of the last visit; forget what else the keys hold."""
    if not st.query_params and (last := st.session_state.get(f"address of {name}")):
        st.query_params.from_dict(last)
        st.rerun()
    raw = st.query_params.get_all("section")
    asked = choice.address(raw)[0] if raw and not choice.problem(raw) else choice.options[choice.default]
    section = next(section for section in sections.values() if asked == section.LABEL)
    known = {"section": choice, **settings(section)}
    everything = {key for other in sections.values() for key in settings(other)}
    for key in (*everything, "section", "opening"):
        st.session_state.pop(key, None)
    st.session_state["page"] = name
    controls.read_address(known, elsewhere=everything)
