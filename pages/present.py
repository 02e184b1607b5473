"""Present: the decks of this server, one of one's own, and the presenter's window and handout of the one that is named."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages.kit import address, bar, handout, internals, shelf
from pages.kit.canvas import canvas
from pages.kit.deck import LARGEST, Deck
from pages.kit.language import N_, tr
from pages.kit.text import ASSETS, quote
from pages.labs import TOPICS

HANDOUT = "handout"

_PRESENTER = canvas("presenter", ("talk",))


def show() -> None:
    if internals.discovers_pages():
        st.rerun()
    address.leave()
    riders = address.riders()
    try:
        talk = bar.opened(TOPICS)
    except ValueError as problem:
        st.warning(str(problem))
        talk = None
    if not talk:
        shelves()
    elif riders.get("view") == HANDOUT:
        st.html(ASSETS / "handout.css")
        st.html(handout.page(talk, server()))
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(f"<h4>{escape(talk.title)}</h4>", width="content")
            links(talk)
        _PRESENTER(key="presenter", data=notes(talk))


def server() -> str:
    """The address of this server, as the visitor's browser has it."""
    return str(st.context.url).partition("?")[0].rstrip("/").removesuffix("/present")


def notes(talk: Deck) -> dict:
    slides = [{**bar.words(slide), "notes": slide.notes} for slide in talk.slides]
    number = bar.place(talk)
    stage = "./?" + urlencode({"deck": talk.name, "slide": number, "view": bar.STAGE} | address.spoken())
    return {"deck": talk.name, "slide": number, "slides": slides, "stage": stage}


def shelves() -> None:
    """All decks, and a place for one of one's own."""
    st.markdown(f"#### {tr('Talks')}")
    for name in shelf.decks():
        try:
            offer(shelf.load(name, TOPICS))
        except ValueError as problem:
            st.error(f"{tr('{talk} cannot be given:', talk=quote(name))}\n\n{listed(problem)}")
    st.markdown(f"##### {tr('One of your own')}")
    words = N_("A Markdown file of at most {size} kB. Who has its address can open it until the server forgets it.")
    st.caption(tr(words, size=LARGEST // 1000))
    file = st.file_uploader(tr("A deck"), type="md", max_upload_size=1, label_visibility="collapsed")
    if file:
        try:
            offer(shelf.bring(file.getvalue(), TOPICS))
        except ValueError as problem:
            st.error(f"{tr('The deck cannot be given:')}\n\n{listed(problem)}")


def listed(problem: ValueError) -> str:
    return "\n".join(f"- {line}" for line in str(problem).splitlines())


def offer(talk: Deck) -> None:
    with st.container(border=True):
        st.html(f"<strong>{escape(talk.title)}</strong>")
        st.caption(tr("{slides} slides, {minutes:g} minutes", slides=len(talk.slides), minutes=talk.minutes))
        with st.container(horizontal=True):
            links(talk)


def links(talk: Deck) -> None:
    """Ways into the talk, each in a window of its own."""
    ways = {
        tr("On the stage"): ("./", {"slide": 1, "view": bar.STAGE}, ":material/slideshow:"),
        tr("With all controls"): ("./", {"slide": 1}, ":material/tune:"),
        tr("Presenter's window"): ("./present", {}, ":material/co_present:"),
        tr("Handout"): ("./present", {"view": HANDOUT}, ":material/qr_code_2:"),
    }
    for label, (page, riders, icon) in ways.items():
        st.link_button(label, f"{page}?{urlencode({'deck': talk.name} | riders | address.spoken())}", icon=icon)


if __name__ == "__main__":
    show()
