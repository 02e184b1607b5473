"""Text is the prose in `assets/text`: a Markdown file for a page, and, if there is one, for an item of a catalogue."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

ASSETS = Path(__file__).parents[2] / "assets"


class Preset(NamedTuple):
    title: str
    sentence: str


class Lab(NamedTuple):
    question: str
    answers: list[str]
    caption: str
    lesson: str


def quote(words: str, longest: int = 120) -> str:
    """A visitor's words as inline code: nothing in them is Markdown any more."""
    words = " ".join(words.replace("`", "'").split())
    return f"`{words[:longest]}{'…' if len(words) > longest else ''}`"


@cache
def page(name: str) -> str:
    return (ASSETS / "text" / f"{name}.md").read_text("utf-8").strip()


@cache
def item(catalogue: str, name: str) -> str:
    """The text of an item, empty if nobody has written one."""
    path = ASSETS / "text" / catalogue / f"{name}.md"
    return path.read_text("utf-8").strip() if path.exists() else ""


def preset(name: str) -> Preset:
    """The heading and the sentence of a preset."""
    title, _, sentence = item("presets", name).partition("\n")
    return Preset(title.removeprefix("#").strip() or name, sentence.strip())


def lab(name: str) -> Lab:
    """A file of a heading, the question; a list, the answers to choose from; a quotation, what to look for in the picture;
    and the lesson."""
    question, *rest = page(name).splitlines()
    answers = [line.removeprefix("- ") for line in rest if line.startswith("- ")]
    caption = " ".join(line.removeprefix("> ") for line in rest if line.startswith("> "))
    lesson = "\n".join(line for line in rest if not line.startswith(("- ", "> ")))
    return Lab(question.removeprefix("#").strip(), answers, caption, lesson.strip())


class Prose(NamedTuple):
    """The words of a lab: `answers` and `verdicts` by their keys."""

    question: str
    answers: dict[str, str]
    caption: str
    lesson: str
    verdicts: dict[str, str]


@cache
def prose(name: str) -> Prose:
    """A file of a heading, the question; a list, the answers as `key: words`; a quotation, what to look for in the picture; the
    lesson; and for each kind of verdict a second heading, its key, and the template."""
    head, *parts = page(name).split("\n## ")
    question, *rest = head.splitlines()
    answers = dict(line.removeprefix("- ").split(": ", 1) for line in rest if line.startswith("- "))
    caption = " ".join(line.removeprefix("> ") for line in rest if line.startswith("> "))
    lesson = "\n".join(line for line in rest if not line.startswith(("- ", "> ")))
    verdicts = {kind: template.strip() for kind, _, template in (part.partition("\n") for part in parts)}
    return Prose(question.removeprefix("#").strip(), answers, caption, lesson.strip(), verdicts)
