"""A finder looks words up among things that have a title and some text: those whose words begin like all that was typed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

LONGEST, MOST = 60, 12  # characters that are looked at, and things that are found
HANGUL = re.compile("[\u1100-\u11ff]+")  # decomposed into consonants and vowels
GREEK = {"η": "eta", "λ": "lambda", "μ": "mu", "κ": "kappa", "β": "beta", "ρ": "rho", "σ": "sigma", "γ": "gamma", "θ": "theta"}


class Thing(NamedTuple):
    """What can be found: a title, more words by which it is, what is said of it; a page and its query."""

    title: str
    text: str
    about: str
    page: str
    query: Mapping[str, str | list[str]]

    @property
    def label(self) -> str:
        return f"**{self.title}** :gray[{self.about}]"


def words(said: str) -> list[str]:
    """
    >>> words("Dead ReLU, λ = 10⁻³?"), words("Überfit batch-size")
    (['dead', 'relu', 'lambda', '10', '3'], ['uberfit', 'batch', 'size'])
    """
    plain = unicodedata.normalize("NFKD", said.lower())
    plain = "".join(GREEK.get(letter, letter) for letter in plain if not unicodedata.combining(letter))
    return re.findall(rf"[a-z0-9]+|{HANGUL.pattern}", plain)


def find(said: str, things: Iterable[Thing]) -> list[Thing]:
    """The best first: a word of the title counts more than one of the text, a whole word more than its beginning."""
    asked = words(said[:LONGEST])
    ranked = [(rank(asked, thing), place, thing) for place, thing in enumerate(things)] if asked else []
    return [thing for value, _, thing in sorted(ranked, key=lambda each: (-each[0], each[1])) if value > 0][:MOST]


def rank(asked: list[str], thing: Thing) -> float:
    """How well all that was asked is found in it; 0 if something is not."""
    title, text, total = words(thing.title), words(thing.text), 0.0
    for word in asked:
        value = max(score(word, title, 4), score(word, text, 1))
        if not value:
            return 0.0
        total += value
    return total / len(asked) + 1 / (4 + len(title))


def score(word: str, found: list[str], weight: float) -> float:
    """Koreans put a space between nouns or none, and particles behind them."""
    if word in found:
        return 2 * weight
    within = HANGUL.match(word) and word in "".join(found)
    return weight * bool(within or any(each.startswith(word) for each in found))
