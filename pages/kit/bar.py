"""The bar is a deck on top of every page: where the talk stands, what it says there, and the keys of a presenter.

The browser owns keys, clock, overview and the black screen, and follows the links of the slides.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.kit import address, internals, shelf
from pages.kit.canvas import canvas
from pages.kit.deck import Deck, Slide
from pages.kit.lab import Topic
from pages.kit.text import ASSETS

STAGE = "stage"

_BAR = canvas("bar", ("talk",))


def opened(topics: Sequence[Topic]) -> Deck | None:
    """The deck that the address names, None for none; ValueError with a sentence if it cannot be given."""
    name = address.riders().get("deck")
    return shelf.load(name, topics) if name else None


def place(talk: Deck) -> int:
    """The number of the slide that the address names, as near as there is one."""
    asked = address.riders().get("slide", "1")
    return min(max(int(asked), 1), len(talk.slides)) if asked.isdecimal() and len(asked) < 6 else 1


def stages() -> bool:
    """Whether the picture is to take the screen."""
    return address.riders().get("view") == STAGE


def show(topics: Sequence[Topic], home: st.Page, here: st.Page) -> None:
    """The bar of the deck that is open, if one is; it leads to the slide that it says."""
    try:
        talk = opened(topics)
    except ValueError as problem:
        st.warning(str(problem))
        address.ride({})
        return
    if not talk and not stages():
        return
    with st.container(key="deck", gap=None):
        st.html(ASSETS / "deck.css")
        if stages():
            st.html(ASSETS / "stage.css")
        if talk:
            _draw(talk, home, here)


def _draw(talk: Deck, home: st.Page, here: st.Page) -> None:
    number = place(talk)
    slide = talk.slides[number - 1]
    heard = {"on_go_change": lambda: turn(talk), "on_view_change": look, "on_close_change": lambda: address.ride({})}
    _BAR(key="bar", data=describe(talk, number, here.url_path), **heard)
    asks = {"": "slides", "lab": "slides-lab"}.get(slide.ask, "slides-ask")
    with st.container(key=asks):
        for k in range(1, len(talk.slides) + 1):
            st.page_link(**link(talk, k, home))
    if here == home and slide.topic and address.told()[1].get("deck") and not internals.came_by_history():
        aim = link(talk, number, home)
        st.switch_page(aim["page"], query_params=aim["query_params"])


def link(talk: Deck, number: int, home: st.Page) -> dict:
    """A way to a slide as the deck has it."""
    slide = talk.slides[number - 1]
    riders = address.riders() | {"deck": talk.name, "slide": str(number)}
    page = f"pages/{slide.topic.name}.py" if slide.topic else home
    return {"page": page, "label": str(number), "query_params": slide.query | riders}


def told(name: str) -> Any:
    """What the browser has just said; None if it was said on a page that is left already."""
    return getattr(st.session_state.get("bar"), name, None)


def turn(talk: Deck) -> None:
    """To a slide of the page that is open, as the deck has it, whatever the visitor has changed there."""
    number = told("go")
    if number in range(1, len(talk.slides) + 1):
        slide = talk.slides[number - 1]
        if address.here().topic == (slide.topic.name if slide.topic else ""):
            address.ride(address.riders() | {"slide": str(number)}, slide.lab, slide.given)


def look() -> None:
    """The picture takes the screen, or the whole page is there again."""
    riders = {key: value for key, value in address.riders().items() if key != "view"}
    address.ride(riders | ({"view": STAGE} if told("view") == STAGE else {}))


def describe(talk: Deck, number: int, page: str) -> dict:
    """What the browser is told of a talk on a page; the notes are for another window, and the lab asks for itself."""
    slides = [words(slide) | {"page": slide.topic.name if slide.topic else ""} for slide in talk.slides]
    for told, slide in zip(slides, talk.slides, strict=True):
        if slide.ask == "lab":
            told["ask"] = ""
    return {"deck": talk.name, "slide": number, "page": page, "stage": stages(), "slides": slides}


def words(slide: Slide) -> dict:
    question, answers = slide.question
    return {"title": slide.title, "words": slide.words, "ask": question, "answers": answers, "minutes": slide.minutes}
