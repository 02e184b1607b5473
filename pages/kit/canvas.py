"""A canvas is a component of our own: Python sends one blob, the browser draws it and asks for nothing while it moves.

Its files stand in `assets/<name>`; what several canvases share, in `assets/canvas`.
"""

import json
from collections.abc import Sequence
from functools import cache

import streamlit as st
from babel.messages import Message

from pages.kit import language
from pages.kit.text import ASSETS

SHARED = ASSETS / "canvas"


def canvas(name: str, shared: Sequence[str], folder: str = "", without: Sequence[str] = ()):
    """What mounts the component `name`, made of the files of its folder and of shared ones."""
    html, css, js = sources(folder or name, shared, without)
    return st.components.v2.component(name, html=html, css=css, js=js)


def sources(folder: str, shared: Sequence[str], without: Sequence[str] = ()) -> tuple[str, str, str]:
    """HTML, CSS and all JavaScript of a folder, after the words of all languages and what it shares, but for the files
    `without`."""
    own = ASSETS / folder
    scripts = [
        SHARED / "words.js",
        *(SHARED / f"{name}.js" for name in shared),
        *(p for p in sorted(own.glob("*.js")) if p.stem not in without),
    ]
    styles = (SHARED / "canvas.css", own / f"{folder}.css")
    read = [(own / f"{folder}.html",), styles, scripts]
    html, css, js = ("\n".join(path.read_text("utf-8") for path in paths) for paths in read)
    return html, css, f"const CATALOGUES = {json.dumps(words(), ensure_ascii=False)};\n{js}"


@cache
def words() -> dict[str, dict[str, str]]:
    """Language → what our canvases say, English words → its own."""
    others = [name for name in language.NAMES if name != language.ENGLISH]
    return {name: {m.id: m.string for m in language.messages(name) if m.string and on_canvas(m)} for name in others}


def on_canvas(message: Message) -> bool:
    return any(file.startswith(ASSETS.name) for file, _ in message.locations)
