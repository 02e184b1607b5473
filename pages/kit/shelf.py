"""The shelf holds the decks that can be given here: those of the server, and what visitors have brought."""

import sys
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock

from pages.kit.deck import LARGEST, Deck, parse, read, told
from pages.kit.lab import Topic
from pages.kit.language import beside, tr
from pages.kit.text import ASSETS, quote

OWN = "own-"  # how the name of a deck begins that a visitor has brought
MOST = 100  # of them in the memory of a server
BROUGHT: OrderedDict[str, str] = OrderedDict()  # name → text
BRINGING = Lock()


def decks() -> dict[str, Path]:
    """The decks of this server by name: those in `assets/decks`, and files that the command line names."""
    named = [Path(word) for word in sys.argv[1:] if word.endswith(".md")]
    own = (path for path in sorted((ASSETS / "decks").glob("*.md")) if "." not in path.stem)  # the others are translations
    return {path.stem: path for path in [*own, *named]}


def load(name: str, topics: Sequence[Topic]) -> Deck:
    """The deck of that name; ValueError with a sentence if there is none, or if it cannot be given."""
    path = decks().get(name)
    if path and path.is_file():
        return parse(read(beside(path)), topics, name)
    if text := BROUGHT.get(name):
        return parse(text, topics, name)
    if name.startswith(OWN):
        raise ValueError(tr("This server has forgotten the deck: upload it once more, and its address is the same."))
    raise ValueError(tr("There is no deck {said} on this server.", said=quote(name, 40)))


def bring(raw: bytes, topics: Sequence[Topic]) -> Deck:
    """Keep a visitor's own deck, under a name that only its content tells, until others have taken its place; ValueError if it
    cannot be given."""
    name = OWN + sha256(raw).hexdigest()[:16]
    text = told(raw[: LARGEST + 1])
    deck = parse(text, topics, name)
    with BRINGING:
        BROUGHT[name] = text
        BROUGHT.move_to_end(name)
        while len(BROUGHT) > MOST:
            BROUGHT.popitem(last=False)
    return deck
