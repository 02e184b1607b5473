"""The language is what a visitor reads: the one that the address asks for, else the browser's, else English.

Words in code are English: `tr` says them in the visitor's language, by a gettext catalogue; prose in another language stands
beside the English one, as `NAME.ko.md`. `N_` marks words that are written down before there is a visitor and said by `tr`
later. `python -m tests.words` brings the catalogues up to date.
"""

import gettext
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from io import BytesIO
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import streamlit as st
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pages.kit import internals
from pages.kit.words import WORDS

ENGLISH = "en"
NAMES = {ENGLISH: "English", "ko": "한국어"}
LOCALE = Path(__file__).parents[2] / "assets/locale"
CHOSEN = "language"  # session key
JOINT = re.compile(r"(, | ≤ |: )")  # between the parts of a name that is put together
NUMBER = re.compile(r"(?<![\w./-])−?\d+(?:[.,]\d+)*(?:e[−-]?\d+)?(?![\w/-])")  # in such a part
TEXT = re.compile(r"(\\text\{ *)([^{}]+?)([: ]*\})")  # of a formula

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def choose(asked: str) -> None:
    """From now on the visitor reads what the address asks for, else what the browser prefers."""
    preferred = (st.context.locale or "").partition("-")[0]
    st.session_state[CHOSEN] = next((language for language in (asked, preferred) if language in NAMES), ENGLISH)
    internals.notes().pop(CHOSEN, None)


def current() -> str:
    """The language of the visitor whose page this is; English where there is none."""
    if spoken := _spoken.get():
        return spoken
    notes = internals.notes()
    if notes is None:
        return ENGLISH
    if CHOSEN not in notes:
        notes[CHOSEN] = st.session_state.get(CHOSEN, ENGLISH)
    return notes[CHOSEN]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """The language of what is asked without a page."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def english(function: Callable, *args: Any) -> Any:
    """What a function says in English, whoever asks."""
    with speaking(ENGLISH):
        return function(*args)


def cached(function: Callable | None = None, *, maxsize: int | None = None) -> Callable:
    """`functools.lru_cache` for what says words: once in each language."""
    if function is None:
        return lambda function: cached(function, maxsize=maxsize)

    @lru_cache(maxsize)
    def known(language: str, *args: Any, **named: Any) -> Any:
        with speaking(language):
            return function(*args, **named)

    @wraps(function)
    def asked(*args: Any, **named: Any) -> Any:
        return known(current(), *args, **named)

    return asked


@cache
def messages(language: str) -> Catalog:
    """All messages of a language, with the places where they are said."""
    with (LOCALE / language / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """English words → those of the language; words that it does not know stay as they are."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, messages(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def tr(words: str, /, **values: Any) -> str:
    """The words in the visitor's language, with the values in their places; a name that is put together, part by part, whatever
    numbers are in them.

    >>> tr("{n:run|runs} left", n=2)
    '2 runs left'
    >>> with speaking("ko"):
    ...     tr("Adam, learning rate ≤ 1")
    'Adam, 학습률 ≤ 1'
    >>> with speaking("ko"):
    ...     tr("4 read as 9")
    '4를 9로 읽음'
    """
    said = _said(current(), words)
    return WORDS.format(said, **values) if values else said


def listed(names: Sequence[str]) -> str:
    """
    >>> listed(["SGD", "Adam", "Lion"])
    'SGD, Adam and Lion'
    """
    *first, last = map(tr, names)
    return tr("{first} and {last}", first=", ".join(first), last=last) if first else last


@lru_cache(5000)
def _said(language: str, words: str) -> str:
    known = catalogue(language).gettext
    said = _part(known, words)
    return said if said != words else "".join(_part(known, part) for part in JOINT.split(words))


def _part(known: Callable[[str], str], part: str) -> str:
    if not part:  # for which gettext has its header
        return part
    said = known(part)
    shape, numbers = pattern(part)
    if said != part or known(shape) == shape:
        return said
    return WORDS.format(known(shape), **numbers)


def pattern(part: str) -> tuple[str, dict[str, str]]:
    """A part of a name but for its numbers, and these.

    >>> pattern("4 read as 9")
    ('{a} read as {b}', {'a': '4', 'b': '9'})
    """
    numbers = dict(zip(ascii_lowercase, NUMBER.findall(part), strict=False))
    fields = iter(numbers)
    return NUMBER.sub(lambda _: f"{{{next(fields)}}}", part), numbers


def formula(latex: str) -> str:
    """A formula whose words are the visitor's.

    >>> with speaking("ko"):
    ...     print(formula(r"\\text{training loss: } L"))
    \\text{훈련 손실: } L
    """
    return TEXT.sub(lambda text: text[1] + tr(text[2]) + text[3], latex)


def N_(words: str) -> str:  # noqa: N802
    """These words, to be said by `tr` later."""
    return words


def beside(path: Path) -> Path:
    """The file of the visitor's language that stands beside an English one; that one if there is none."""
    found = path.with_suffix(f".{current()}{path.suffix}")
    return found if found.exists() else path
