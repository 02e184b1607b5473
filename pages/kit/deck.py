"""A deck is a talk as a file: slides divided by `---`, each with a heading, a few words and the address of a lab.

`python -m pages.kit.deck FILE …` says whether they can be given.
"""

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

if __name__ == "__main__":
    logging.disable(logging.WARNING)  # Streamlit's, that this is no server

from engine.experiments import Experiment
from pages.kit import address, compute
from pages.kit.lab import Lab, Topic
from pages.kit.language import cached, tr
from pages.kit.text import quote

LARGEST, MOST = 100_000, 100  # bytes, slides
LONGEST = 600  # minutes of a slide
PLACE = re.compile(r"/([a-z]*)(?:\?([^#\s\\]*))?")
FACT = re.compile(r"([a-z]+):(?:\s+(.*))?")
FACTS = ("at", "step", "ask", "notes", "minutes")
EXAMPLE = "`at: /optimizers?preset=O3`"


@dataclass(frozen=True, kw_only=True)
class Slide:
    """`topic` and `lab` are where it plays, None for the home page; `ask` is a question with its `answers`, "lab" that of the
    lab, empty for none."""

    title: str
    words: str
    topic: Topic | None
    lab: Lab | None
    given: address.Given
    ask: str
    answers: tuple[str, ...]
    notes: str
    minutes: float

    @property
    def query(self) -> address.Query:
        return address.query(self.topic.labs, self.lab, self.given) if self.topic and self.lab else {}

    @property
    def question(self) -> tuple[str, tuple[str, ...]]:
        """What is asked and what may be answered, in words: those of the lab, if it asks; empty for nothing."""
        if self.ask != "lab":
            return self.ask, self.answers
        prose = self.lab.prose(self.lab.settle(self.given))
        return prose.question.replace("*", ""), tuple(prose.answers.values())

    @property
    def at(self) -> str:
        """Its address on any server, as the kit writes it."""
        return self.topic.path(self.lab, self.given) if self.topic and self.lab else "/"


@dataclass(frozen=True)
class Deck:
    """`slides` are at least one, and the first gives the deck its title."""

    name: str
    slides: tuple[Slide, ...]

    @property
    def title(self) -> str:
        return self.slides[0].title

    @property
    def minutes(self) -> float:
        return sum(slide.minutes for slide in self.slides)


def experiments(deck: Deck) -> Iterator[list[Experiment]]:
    """What each slide trains, if it trains: the runs that a server can have ready before the talk."""
    for slide in deck.slides:
        if slide.lab and not slide.lab.find and (specs := trained(slide.lab, slide.given)):
            yield specs


def trained(lab: Lab, given: address.Given) -> list[Experiment]:
    return [spec for spec in lab.asked(lab.settle(given)) if isinstance(spec, Experiment)]


class Faults(ValueError):  # noqa: N818
    """What keeps a deck from being given: sentences by line number."""

    def __init__(self, faults: Iterable[tuple[int, str]]):
        self.faults = sorted(faults)
        super().__init__("\n".join(f"{tr('line {line}', line=line)}: {sentence}" for line, sentence in self.faults))


def parse(text: str, topics: Sequence[Topic], name: str = "") -> Deck:
    """The deck of a file; Faults, a ValueError, if somebody who gives it would be let down."""
    return _parsed(text, tuple(topics), name)


@cached(maxsize=50)
def _parsed(text: str, topics: tuple[Topic, ...], name: str) -> Deck:
    if len(text.encode()) > LARGEST:
        raise Faults([(1, tr("a deck may have {size} kB", size=LARGEST // 1000))])
    parts = re.split(r"(?m)^---[ \t]*$\n?", text.replace("\r\n", "\n"))
    if len(parts) > MOST:
        raise Faults([(1, tr("a deck may have {most} slides", most=MOST))])
    reader, slides, first = _Reader(topics), [], 1
    for part in parts:
        if part.strip():
            slides.append(reader.slide(part.rstrip().split("\n"), first))
        first += part.count("\n") + 1
    if not slides:
        reader.fault(1, tr("there is no slide"))
    if reader.faults:
        raise Faults(reader.faults)
    return Deck(name, tuple(slides))


def read(path: Path) -> str:
    """The text of a file, as far as a deck may go; ValueError with a sentence if it is none."""
    with path.open("rb") as file:
        return told(file.read(LARGEST + 1))


def told(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Faults([(1, tr("a deck is text in UTF-8"))]) from None


class _Reader:
    """Reads slides and goes on after a fault, so that a teacher sees all of them at once."""

    def __init__(self, topics: Sequence[Topic]):
        self.topics = {topic.name: topic for topic in topics}
        self.faults: list[tuple[int, str]] = []

    def fault(self, line: int, sentence: str) -> None:
        self.faults.append((line, sentence))

    def slide(self, lines: list[str], first: int) -> Slide:
        """The slide of these lines, of which the first has the number `first`."""
        while not lines[0].strip():
            lines, first = lines[1:], first + 1
        title = lines[0].lstrip("#").strip() if lines[0].startswith("#") else ""
        if not title:
            self.fault(first, tr("a slide begins with a heading, such as `# SGD zig-zags`"))
        facts: dict[str, tuple[int, str]] = {}
        words, answers, last = [], [], ""
        for number, line in enumerate(lines[1:], first + 1):
            if found := FACT.fullmatch(line.rstrip()):
                last = found[1]
                self._note(number, last, found[2] or "", facts)
            elif last == "ask" and line.startswith("- "):
                answers.append(line.removeprefix("- ").strip())
            elif last == "notes":
                facts[last] = facts[last][0], f"{facts[last][1]}\n{line}"
            elif line.strip():
                words.append(line.strip())
        topic, lab, given = self._place(first, facts)
        return Slide(
            title=title,
            words=" ".join(words),
            topic=topic,
            lab=lab,
            given=given,
            ask=self._question(facts, lab, answers),
            answers=tuple(answers),
            notes=facts.get("notes", (0, ""))[1].strip(),
            minutes=self._minutes(facts),
        )

    def _note(self, line: int, key: str, words: str, facts: dict[str, tuple[int, str]]) -> None:
        if key not in FACTS:
            self.fault(line, tr("there is no {said}, only {known}", said=quote(key, 40), known=", ".join(FACTS)))
        elif key in facts:
            self.fault(line, tr("`{key}` stands here twice", key=key))
        else:
            facts[key] = line, words

    def _question(self, facts: dict[str, tuple[int, str]], lab: Lab | None, answers: list[str]) -> str:
        if "ask" not in facts:
            return ""
        line, asked = facts["ask"]
        if not asked:
            self.fault(line, tr("there is no question"))
        elif asked == "lab" and not lab:
            self.fault(line, tr("there is no lab that could ask"))
        elif asked == "lab" and answers:
            self.fault(line, tr("the lab has answers of its own"))
        elif asked != "lab" and len(answers) < 2:
            self.fault(line, tr("a question needs two answers or more, each in a line that begins with `- `"))
        return asked

    def _minutes(self, facts: dict[str, tuple[int, str]]) -> float:
        line, words = facts.get("minutes", (0, "0"))
        try:
            minutes = float(words)
        except ValueError:
            minutes = -1
        if not 0 <= minutes <= LONGEST:
            self.fault(line, tr("{said} is no number of minutes up to {most}", said=quote(words, 40), most=LONGEST))
        return minutes

    def _place(self, first: int, facts: dict[str, tuple[int, str]]) -> tuple[Topic | None, Lab | None, address.Given]:
        """Topic, lab and settings of the slide's address."""
        line, words = facts.get("at", (first, ""))
        found, said, known = PLACE.fullmatch(words), quote(words), ", ".join(self.topics)
        if "at" not in facts:
            self.fault(line, tr("the slide has no address, such as {example}", example=EXAMPLE))
        elif not found:
            self.fault(line, tr("{said} is no address of the playground, such as {example}", said=said, example=EXAMPLE))
        elif found[1] in self.topics:
            topic = self.topics[found[1]]
            return topic, *self._lab(topic, line, found[2] or "", facts)
        elif found[1]:
            self.fault(line, tr("there is no page {said}, only {known}", said=quote(found[1], 40), known=known))
        elif found[2] or "step" in facts:
            self.fault(line, tr("the home page has no settings"))
        return None, None, {}

    def _lab(self, topic: Topic, line: int, query: str, facts: dict[str, tuple[int, str]]) -> tuple[Lab, address.Given]:
        """The lab and the settings of an address, of which all must be there and count."""
        asked = parse_qs(query, keep_blank_values=True)
        lab, given, problems = address.read(topic.labs, asked)
        known = lab.known(given)
        here = {address.SECTION, *address.keyed(lab, known).values()}
        there = {key for each in topic.labs for key in address.keyed(each, each.known({})).values()} - here
        problems += [tr("{said} is a setting of another section", said=quote(key, 40)) for key in sorted(asked.keys() & there)]
        try:
            if "step" in facts and "step" not in known:
                self.fault(facts["step"][0], tr("{lab} has no steps to stop at", lab=tr(lab.title)))
            elif "step" in facts:
                given = address.changed(lab, given | {"step": known["step"].read([facts["step"][1]])})
            compute.check(trained(lab, given))
        except ValueError as problem:
            problems.append(str(problem))
        self.faults += [(line, problem) for problem in problems]
        return lab, given


def main(files: list[str], topics: Sequence[Topic]) -> int:
    """Tell of every file whether it can be given; the number of those that cannot."""
    bad = 0
    for file in files:
        try:
            deck = parse(read(Path(file)), topics)
            words = f"{deck.minutes:g} minutes, {len(deck.slides)} slides, of which {len(list(experiments(deck)))} train"
        except (OSError, ValueError) as problem:
            words, bad = str(problem), bad + 1
        sys.stdout.write("".join(f"{file}: {line}\n" for line in words.splitlines()))
    return bad


if __name__ == "__main__":
    from pages.labs import TOPICS  # which are made of this kit

    sys.exit(main(sys.argv[1:], TOPICS))
