"""A glossary has each term of the field once; in prose, a term shows what it means when one points at it."""

import re
from html import escape
from typing import NamedTuple

from pages.kit import text
from pages.kit.language import cached

PLAIN = re.compile(
    r"(```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\[[^\]]*\]\([^)]*\)|<[^>]*>|^#.*$|^\|.*$)", re.DOTALL | re.MULTILINE
)
SHORTEST = 3  # bytes of a word that is marked in prose: a syllable of Hangul has as many
HANGUL = "가-힣"  # particles may follow: Adam은, 기울기를


class Term(NamedTuple):
    """A term with its other names, the lab that shows it, its formula, "" if it has none, and what it means."""

    name: str
    also: tuple[str, ...]
    lab: str
    latex: str
    meaning: str


@cached
def terms() -> tuple[Term, ...]:
    """All of `assets/text/glossary.md`: a second heading a term, lines `key: words`, and what it means."""
    return tuple(map(_term, text.page("glossary").split("\n## ")[1:]))


def _term(part: str) -> Term:
    name, *lines = part.strip().splitlines()
    facts = dict(line.split(": ", 1) for line in lines if line.startswith(("also: ", "lab: ", "latex: ")))
    meaning = " ".join(line for line in lines if line and not line.startswith(("also: ", "lab: ", "latex: ")))
    also = tuple(facts.get("also", "").split(", ")) if "also" in facts else ()
    return Term(name, also, facts["lab"], facts.get("latex", ""), meaning)


@cached
def marked(markdown: str) -> str:
    """The prose with the first mention of every term as an abbreviation; formulas, code, links, tables and headings are left
    as they are, and words in bold that a particle follows, where Markdown would see no end. It is HTML in Markdown, of our
    own words alone."""
    parts, left = PLAIN.split(markdown), dict(_words())
    for place in range(0, len(parts), 2):
        parts[place] = _pattern().sub(lambda found: _abbreviation(found[0], left), parts[place])
    return "".join(parts)


def _abbreviation(word: str, left: dict[str, Term]) -> str:
    term = left.get(word.lower())
    if term is None:
        return word
    for other in [known for known, one in left.items() if one is term]:
        del left[other]
    return f'<abbr title="{escape(term.meaning)}">{word}</abbr>'


@cached
def _words() -> tuple[tuple[str, Term], ...]:
    """What a term is called in prose, lower case, in singular and plural."""
    found = {}
    for term in terms():
        for name in (term.name, *term.also):
            if len(name.encode()) >= SHORTEST:
                for form in (name, f"{name}s"):
                    found.setdefault(form.lower(), term)
    return tuple(found.items())


@cached
def _pattern() -> re.Pattern:
    names = sorted((re.escape(word) for word, _ in _words()), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![^\W{HANGUL}]|-|\*+[{HANGUL}])", re.IGNORECASE)
