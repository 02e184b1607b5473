"""Who reads another language misses nothing: every message is there, and every text says what the English one says."""

import re
from collections import Counter
from pathlib import Path

import pytest

from pages.kit import language
from pages.kit.deck import parse
from pages.kit.sentences import named
from pages.kit.text import ASSETS
from pages.labs import TOPICS
from tests import words

OTHERS = [name for name in language.NAMES if name != language.ENGLISH]
TEXTS = [path for folder in ("text", "decks") for path in sorted((ASSETS / folder).rglob("*.md")) if "." not in path.stem]
FIELD = re.compile(r"{(\w+)(?::[^{}]*)?}")


@pytest.fixture(params=OTHERS)
def messages(request) -> dict[str, str]:
    """English → the other language."""
    return {message.id: message.string for message in language.messages(request.param) if message.id}


def test_a_catalogue_holds_exactly_what_is_said(messages):
    """`python -m tests.words` sees to it."""
    said = words.collected()
    assert sorted(said.keys() - messages.keys()) == []
    assert sorted(messages.keys() - said.keys()) == []


def test_every_message_is_translated(messages):
    assert [english for english, said in messages.items() if not said] == []


def test_a_message_has_the_fields_of_the_english_one(messages):
    """LaTeX has braces of its own."""
    templates = {english: said for english, said in messages.items() if said and "\\" not in english}
    assert [said for english, said in templates.items() if set(FIELD.findall(said)) != set(FIELD.findall(english))] == []


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ASSETS)))
def test_a_text_says_what_the_english_one_says(path, other):
    translated = path.with_suffix(f".{other}.md")
    assert translated.exists()
    assert shape(path, translated) == shape(path, path)


def shape(english: Path, path: Path):
    """What is no matter of language in a text of the kind of the English one."""
    text = path.read_text("utf-8").strip()
    if english.parent.name == "decks":
        return [(s.at, s.minutes, s.ask == "lab", bool(s.ask), len(s.answers)) for s in parse(text, TOPICS).slides]
    if english.parent.name == "presets":
        return facts(text)
    head, *parts = text.split("\n## ")
    if english.stem == "glossary":
        return Counter(line for part in parts for line in part.splitlines() if line.startswith(("lab: ", "latex: ")))
    if english.stem == "course":
        return [(part.split("\n")[0], re.findall("^- .*", part, re.M), re.findall(r"^\w+: ", part, re.M)) for part in parts]
    kinds = dict(part.split("\n", 1) for part in parts) if english.stem != "home" else {}
    return facts(head).keys(), {kind: (named(template), rows(template)) for kind, template in kinds.items()}


def facts(text: str) -> dict[str, str]:
    """Lines `- key: words`; of a preset the words are addresses and keys, too."""
    return dict(re.findall(r"^- ([\w-]+): (.*)", text, re.M))


def rows(template: str) -> int:
    return sum(line.startswith("|") for line in template.splitlines())


def test_nothing_is_said_for_nothing_and_numbers_are_kept():
    with language.speaking("ko"):
        assert language.tr("") == ""
        assert language.tr(", at most 4") == ", 최대 4"
        assert language.tr("lr 0.1, of nobody, 3") == "lr 0.1, of nobody, 3"
