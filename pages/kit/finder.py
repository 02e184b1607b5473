"""A finder looks words up among things that have a title and some text: those whose words begin like most that was typed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

SMALL = frozenset(
    re.findall(r"\w+", "a an and are can do does how i if in is it my not of on or the to what when which why with")
)
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
    """Those with most of the words, the best first: a word of the title counts more than one of the text, a whole word more
    than its beginning. Small words are not looked for, unless there are no others."""
    every = words(said[:LONGEST])
    asked = [word for word in every if word not in SMALL] or every
    ranked = [(*rank(asked, thing), -place, thing) for place, thing in enumerate(things)]
    most = max((count for count, *_ in ranked), default=0)
    return [thing for count, _, _, thing in sorted(ranked, reverse=True) if count == most > 0][:MOST]


def rank(asked: list[str], thing: Thing) -> tuple[int, float]:
    """How many of the words are found in it, and how well."""
    title, text = words(thing.title), words(thing.text)
    values = [max(score(word, title, 4), score(word, text, 1)) for word in asked]
    return sum(value > 0 for value in values), sum(values) / max(1, len(asked)) + 1 / (4 + len(title))


def score(word: str, found: list[str], weight: float) -> float:
    """Koreans put a space between nouns or none, and particles behind them."""
    if word in found:
        return 2 * weight
    within = HANGUL.match(word) and word in "".join(found)
    return weight * bool(within or any(each.startswith(word) for each in found))
