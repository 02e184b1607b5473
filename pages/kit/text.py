"""Text is the prose in `assets/text`, in the visitor's language: a Markdown file for a page, and, if there is one, for an item
of a catalogue."""

import re
from pathlib import Path
from typing import NamedTuple

from pages.kit.language import beside, cached

ASSETS = Path(__file__).parents[2] / "assets"
DIGITS = re.compile(r"\d+")


class Preset(NamedTuple):
    title: str
    sentence: str
    facts: dict[str, str]
    """Its page as an address, what is asked about it, and how it is best looked at."""


def quote(words: str, longest: int = 120) -> str:
    """A visitor's words as inline code: nothing in them is Markdown any more."""
    words = " ".join(words.replace("`", "'").split())
    return f"`{words[:longest]}{'…' if len(words) > longest else ''}`"


@cached
def page(name: str) -> str:
    return beside(ASSETS / "text" / f"{name}.md").read_text("utf-8").strip()


@cached
def item(catalogue: str, name: str) -> str:
    """The text of an item, empty if nobody has written one."""
    path = beside(ASSETS / "text" / catalogue / f"{name}.md")
    return path.read_text("utf-8").strip() if path.exists() else ""


@cached
def preset(name: str) -> Preset:
    """A file of a heading, the title; what there is to see; and a list of facts as `key: words`."""
    head, *rest = item("presets", name).splitlines() or [name]
    facts = dict(line.removeprefix("- ").split(": ", 1) for line in rest if line.startswith("- "))
    sentence = "\n".join(line for line in rest if not line.startswith("- "))
    return Preset(head.removeprefix("#").strip(), sentence.strip(), facts)


def presets(page: str) -> list[str]:
    """The presets of a page, by number."""
    names = [path.stem for path in sorted((ASSETS / "text/presets").glob("*.md")) if "." not in path.stem]
    names.sort(key=lambda name: int(DIGITS.findall(name)[0]))
    return [name for name in names if preset(name).facts.get("page", "").partition("?")[0] == f"/{page}"]


class Prose(NamedTuple):
    """The words of a lab: `answers` and `verdicts` by their keys."""

    question: str
    answers: dict[str, str]
    caption: str
    lesson: str
    verdicts: dict[str, str]


@cached
def prose(name: str) -> Prose:
    """A file of a heading, the question; a list, the answers as `key: words`; a quotation, what to look for in the picture; the
    lesson; and for each kind of verdict a second heading, its key, and the template. What `lab-variant` does not say of
    these three is as in `lab`."""
    head, *parts = page(name).split("\n## ")
    question, *rest = head.splitlines()
    answers = dict(line.removeprefix("- ").split(": ", 1) for line in rest if line.startswith("- "))
    caption = " ".join(line.removeprefix("> ") for line in rest if line.startswith("> "))
    lesson = "\n".join(line for line in rest if not line.startswith(("- ", "> ")))
    verdicts = {kind: template.strip() for kind, _, template in (part.partition("\n") for part in parts)}
    base, variant, _ = name.partition("-")
    if variant and (ASSETS / "text" / f"{base}.md").exists():
        known = prose(base)
        caption, lesson, verdicts = caption or known.caption, lesson.strip() or known.lesson, known.verdicts | verdicts
    return Prose(question.removeprefix("#").strip(), answers, caption, lesson.strip(), verdicts)
