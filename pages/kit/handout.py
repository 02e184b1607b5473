"""A handout is a deck on paper: every slide with its words, and its address as text and as a QR code."""

from html import escape

import segno

from pages.kit.deck import Deck, Slide
from pages.kit.language import tr


def page(talk: Deck, server: str) -> str:
    """HTML; `server` is the address that the links begin with, without a slash at the end."""
    return f'<div class="handout"><h2>{escape(talk.title)}</h2>{"".join(_item(slide, server) for slide in talk.slides)}</div>'


def _item(slide: Slide, server: str) -> str:
    link = escape(server + slide.at)
    question, answers = slide.question
    listed = "".join(f"<li>{escape(answer)}</li>" for answer in answers)
    asked = f"<p><em>{escape(question)}</em></p><ol type=A>{listed}</ol>" if question else ""
    said = f"<h3>{escape(slide.title)}</h3><p>{escape(slide.words)}</p>{asked}"
    return f'<article><div>{said}<code><a href="{link}">{link}</a></code></div>{code(server + slide.at)}</article>'


def code(link: str) -> str:
    """A link as a QR code, an SVG inside of the page."""
    drawn = segno.make(link, error="m", micro=False).svg_data_uri(border=2, light="#fff")
    words = escape(tr("QR code of the link"))
    return f'<img class="code" alt="{words}" src="{escape(drawn)}">'
