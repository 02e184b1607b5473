"""A deck is a talk as a file: slides divided by `---`, each with a heading, a few words and the address of a lab.

`python -m pages.kit.deck FILE …` says whether they can be given.
"""

import re
import sys
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs, urlencode

from engine.experiments import Experiment
from pages.kit import address, compute
from pages.kit.lab import Lab, Topic
from pages.kit.text import ASSETS, quote

LARGEST = 100_000  # bytes
LONGEST = 600  # minutes of a slide
OWN = "own-"  # how the name of a deck begins that a visitor has brought
MOST = 100  # of them in the memory of a server
BROUGHT: OrderedDict[str, str] = OrderedDict()  # name → text
BRINGING = Lock()
PLACE = re.compile(r"/([a-z]*)(?:\?([^#\s\\]*))?")
FACT = re.compile(r"([a-z]+):(?:\s+(.*))?")
FACTS = ("at", "step", "ask", "notes", "minutes")


@dataclass(frozen=True, kw_only=True)
class Slide:
    """`topic` and `lab` are where it plays, None for the home page; `ask` is a question with its `answers`, "lab" that of the
    lab, empty for none."""

    line: int
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
    def at(self) -> str:
        """Its address on any server, as the kit writes it."""
        asked = urlencode(self.query, doseq=True)
        return f"/{self.topic.name if self.topic else ''}{'?' * bool(asked)}{asked}"


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


class Faults(ValueError):  # noqa: N818
    """What keeps a deck from being given: sentences by line number."""

    def __init__(self, faults: Iterable[tuple[int, str]]):
        self.faults = sorted(faults)
        super().__init__("\n".join(f"line {line}: {sentence}" for line, sentence in self.faults))


def parse(text: str, topics: Sequence[Topic], name: str = "") -> Deck:
    """The deck of a file; Faults, a ValueError, if somebody who gives it would be let down."""
    return _parsed(text, tuple(topics), name)


@lru_cache(maxsize=50)
def _parsed(text: str, topics: tuple[Topic, ...], name: str) -> Deck:
    if len(text.encode()) > LARGEST:
        raise Faults([(1, f"a deck may have {LARGEST // 1000} kB")])
    slides, faults = [], []
    first = 1
    for part in re.split(r"(?m)^---[ \t]*$\n?", text.replace("\r\n", "\n")):
        if part.strip():
            slides.append(_slide(part, first, topics, faults))
        first += part.count("\n") + 1
    if not slides:
        faults.append((1, "there is no slide"))
    if faults:
        raise Faults(faults)
    return Deck(name, tuple(slides))


def _slide(part: str, first: int, topics: Sequence[Topic], faults: list[tuple[int, str]]) -> Slide:
    """The slide of the lines from `first` on; what is wrong with them goes to the faults."""
    title, words, answers = "", [], []
    facts: dict[str, tuple[int, list[str]]] = {}
    fact = ""
    for number, line in enumerate(part.splitlines(), first):
        found = FACT.fullmatch(line.rstrip())
        if not title and line.startswith("#"):
            title, heading = line.lstrip("#").strip(), number
        elif not title and line.strip():
            faults.append((number, "a slide begins with a heading, such as `# SGD zig-zags`"))
            title, heading = "?", number
        elif found and found[1] in facts:
            faults.append((number, f"{quote(found[1])} stands here twice"))
        elif found and found[1] in FACTS:
            fact, facts[found[1]] = found[1], (number, [found[2] or ""])
        elif found:
            faults.append((number, f"there is no {quote(found[1], 40)}, only {', '.join(FACTS)}"))
        elif fact == "ask" and line.startswith("- "):
            answers.append(line.removeprefix("- ").strip())
        elif fact == "notes":
            facts["notes"][1].append(line)
        elif line.strip():
            words.append(line.strip())
    said = {key: (number, "\n".join(lines).strip()) for key, (number, lines) in facts.items()}
    topic, lab, given = None, None, {}
    if "at" not in said:
        faults.append((heading, "the slide has no address, such as `at: /optimizers?preset=O3`"))
    else:
        topic, lab, given = _place(*said["at"], said.get("step"), topics, faults)
    _check(said, answers, lab, faults)
    return Slide(
        line=heading,
        title=title,
        words=" ".join(words),
        topic=topic,
        lab=lab,
        given=given,
        ask=said.get("ask", (0, ""))[1],
        answers=tuple(answers),
        notes=said.get("notes", (0, ""))[1],
        minutes=minutes(said["minutes"][1]) or 0 if "minutes" in said else 0,
    )


def _check(said: Mapping[str, tuple[int, str]], answers: list[str], lab: Lab | None, faults: list[tuple[int, str]]) -> None:
    if "minutes" in said and minutes(said["minutes"][1]) is None:
        faults.append((said["minutes"][0], f"{quote(said['minutes'][1], 40)} is no number of minutes up to {LONGEST}"))
    if "ask" in said:
        line, asked = said["ask"]
        if asked == "lab" and not lab:
            faults.append((line, "there is no lab that could ask"))
        elif asked == "lab" and answers:
            faults.append((line, "the lab has answers of its own"))
        elif not asked:
            faults.append((line, "there is no question"))
        elif asked != "lab" and len(answers) < 2:
            faults.append((line, "a question needs two answers or more, each in a line that begins with `- `"))


def minutes(words: str) -> float | None:
    """A number of minutes, None if it is none.

    >>> minutes("2.5"), minutes("-1"), minutes("soon"), minutes("nan")
    (2.5, None, None, None)
    """
    try:
        number = float(words)
    except ValueError:
        return None
    return number if 0 <= number <= LONGEST else None


def _place(
    line: int, words: str, step: tuple[int, str] | None, topics: Sequence[Topic], faults: list[tuple[int, str]]
) -> tuple[Topic | None, Lab | None, address.Given]:
    """The lab and the settings of an address of the playground."""
    found = PLACE.fullmatch(words)
    if not found:
        faults.append((line, f"{quote(words)} is no address of the playground, such as `/optimizers?preset=O3`"))
        return None, None, {}
    page, query = found[1], parse_qs(found[2] or "", keep_blank_values=True)
    topic = next((topic for topic in topics if topic.name == page), None)
    if not topic:
        if page:
            faults.append((line, f"there is no page {quote(page, 40)}"))
        elif query or step:
            faults.append((line, "the home page has no settings"))
        return None, None, {}
    lab, given, problems = address.read(topic.labs, query)
    faults += [(line, problem) for problem in problems]
    known = lab.known(given)
    for key in query.keys() - {address.SECTION, *address.keyed(lab, known).values()}:
        if not any(problem.startswith(quote(key, 40)) for problem in problems):
            faults.append((line, f"{quote(key, 40)} is a setting of another section"))
    if step:
        try:
            given |= {"step": known["step"].read([step[1]])}
        except KeyError:
            faults.append((step[0], f"{lab.title} has no steps to stop at"))
        except ValueError as problem:
            faults.append((step[0], str(problem)))
    given = address.changed(lab, given)
    try:
        compute.check(_trained(lab, given))
    except ValueError as problem:
        faults.append((line, str(problem)))
    return topic, lab, given


def _trained(lab: Lab, given: address.Given) -> list[Experiment]:
    return [spec for spec in lab.asked(lab.settle(given)) if isinstance(spec, Experiment)]


def experiments(deck: Deck) -> Iterator[list[Experiment]]:
    """What each slide trains, if it trains: the runs that a server can have ready before the talk."""
    for slide in deck.slides:
        if slide.lab and not slide.lab.find and (specs := _trained(slide.lab, slide.given)):
            yield specs


def shelf() -> dict[str, Path]:
    """The decks of this server by name: those in `assets/decks`, and files that the command line names."""
    brought = [Path(word) for word in sys.argv[1:] if word.endswith(".md")]
    return {path.stem: path for path in [*sorted((ASSETS / "decks").glob("*.md")), *brought]}


def load(name: str, topics: Sequence[Topic]) -> Deck:
    """A deck of the shelf, or one that somebody has brought; ValueError with a sentence if there is none, or if it cannot be
    given."""
    path = shelf().get(name)
    if path and path.is_file():
        return parse(read(path), topics, name)
    if name in BROUGHT:
        return parse(BROUGHT[name], topics, name)
    if name.startswith(OWN):
        raise ValueError("This server has forgotten the deck: upload it once more, and its address is the same.")
    raise ValueError(f"There is no deck {quote(name, 40)} on this server.")


def bring(raw: bytes, topics: Sequence[Topic]) -> Deck:
    """Keep a visitor's own deck, under a name that only its content tells, until others have taken its place."""
    name = OWN + sha256(raw).hexdigest()[:16]
    text = raw[: LARGEST + 1].decode("utf-8")
    deck = parse(text, topics, name)
    with BRINGING:
        BROUGHT[name] = text
        BROUGHT.move_to_end(name)
        while len(BROUGHT) > MOST:
            BROUGHT.popitem(last=False)
    return deck


def read(path: Path) -> str:
    """The text of a file, as far as a deck may go."""
    with path.open(encoding="utf-8") as file:
        return file.read(LARGEST + 1)


def main(files: list[str], topics: Sequence[Topic]) -> int:
    """Tell of every file whether it can be given; the number of those that cannot."""
    bad = 0
    for file in files:
        try:
            deck = parse(read(Path(file)), topics)
            told = f"{len(deck.slides)} slides, {deck.minutes:g} minutes, {len(list(experiments(deck)))} of them train"
        except OSError as problem:
            told, bad = str(problem), bad + 1
        except ValueError as problem:
            told, bad = str(problem), bad + 1
        sys.stdout.write("".join(f"{file}: {line}\n" for line in told.splitlines()))
    return bad


if __name__ == "__main__":
    from pages.labs import TOPICS  # which are made of this kit

    sys.exit(main(sys.argv[1:], TOPICS))
