"""All words that visitors read, for the catalogues of other languages: `python -m tests.words` brings them up to date.

Words of code and canvases are found where `tr` and `N_` say them, those of values by asking the values.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from html.parser import HTMLParser

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from engine.activations import ACTIVATIONS
from engine.budget import SCHEDULERS, Terms
from engine.bugs import BUGS
from engine.checklist import CHECKS
from engine.claim import KINDS, Claim
from engine.claims import CLAIMS
from engine.datasets import bounds
from engine.doctor import HEALTHY, RULES
from engine.experiments import Experiment, mnist
from engine.initializers import INITIALIZERS
from engine.mysteries import CATALOGUE
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.preprocessing import PIXELS, PREPROCESSORS
from engine.range_test import SUGGESTIONS
from engine.registry import Range
from engine.schedules import SCHEDULES
from engine.search import Range as Span
from engine.signs import SIGNS
from engine.wells import FATES
from pages.kit import door, language, legend
from pages.kit.controls import SLIDERS, Choice
from pages.kit.text import ASSETS
from pages.labs import LABS, TOPICS

ROOT = ASSETS.parent
SAY = ("tr", "N_")
READ = ("title", "aria-label", "placeholder", "alt")  # attributes
ENGLISH = re.compile(r"[A-Za-z]{2}")  # what there is anything to translate in
BARE = re.compile(r"(std |lr |λ )?[−\d.e≤ ]+")  # numbers are said as they are
BEGAN = datetime(2026, 11, 29, tzinfo=UTC)  # the same header whenever it is written
ENTRIES = (
    *(ACTIVATIONS, CHECKS, INITIALIZERS, OBJECTIVES, OPTIMIZERS, PIXELS, PREPROCESSORS, RULES, SCHEDULERS, SCHEDULES),
    *(SIGNS, SUGGESTIONS),
)


class Html(HTMLParser):
    """The words of a canvas's HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.words += [value for name, value in attrs if name in READ and value]

    def handle_data(self, data: str) -> None:
        self.words += [data.strip()]


def everything() -> Iterator[tuple[str, str]]:
    """Words, and the file that says them."""
    for path in [ROOT / "app.py", *ROOT.glob("pages/**/*.py")]:
        yield from ((words, str(path.relative_to(ROOT))) for words in said(ast.parse(path.read_text("utf-8"))))
    for file, _, words, *_ in extract_from_dir(ASSETS, [("**.js", "javascript")], keywords=dict.fromkeys(SAY)):
        yield words, f"{ASSETS.name}/{file}"
    for path in ASSETS.glob("*/*.html"):
        yield from ((words, str(path.relative_to(ROOT))) for words in Html(path.read_text("utf-8")).words)
    for path in (ROOT / "pages").glob("**/*.py"):
        yield from ((words, str(path.relative_to(ROOT))) for _, words, _ in language.TEXT.findall(path.read_text("utf-8")))
    for topic in TOPICS:
        yield topic.title, f"pages/{topic.name}.py"
    yield from of_labs()
    for entries in ENTRIES:
        yield from ((entry.label, "engine") for entry in entries.values())
    yield from ((words, "engine") for words in (*FATES, *of_bugs(), *of_doctor(), *of_suggestions(), *of_refusals()))
    yield from ((label, "pages/kit/controls.py") for label in SLIDERS.values())
    yield from ((words, "pages/kit/legend.py") for words in of_legend())
    yield from (
        (language.pattern(words)[0], "pages/kit/door.py")
        for words in (door.LEAVE, door.DRAINING, door.FULL.format(most=1), door.WAIT)
    )
    yield from ((words, "engine/claim.py") for words in (*KINDS, "yes", "no"))
    for claim in CLAIMS.values():
        yield from ((words, "engine/claims.py") for words in of_claim(claim))


def of_claim(claim: Claim) -> Iterator[str]:
    yield from (claim.sentence, claim.source, claim.effect)
    yield from (place.name for place in claim.places if not BARE.fullmatch(place.name))


def said(code: ast.AST) -> Iterator[str]:
    """What `tr` and `N_` say, also inside of f-strings, where babel does not look."""
    for node in ast.walk(code):
        match node:
            case ast.Call(ast.Name(name) | ast.Attribute(attr=name), [ast.Constant(str(words)), *_]) if name in SAY:
                yield words


def of_bugs() -> Iterator[str]:
    yield from CATALOGUE
    for bug in BUGS.values():
        yield from (bug.label, bug.fix, (bug.__doc__ or "").partition("\n")[0])


def of_doctor() -> Iterator[str]:
    yield from (HEALTHY.name, HEALTHY.advice)
    for name, entry in RULES.items():
        yield from (name.replace("_", " "), entry.advice, entry.source)
        yield entry.latex if r"\text{" in entry.latex else ""


def of_suggestions() -> Iterator[str]:
    for entry in SUGGESTIONS.values():
        yield entry.source
        yield from (words for _, words, _ in language.TEXT.findall(entry.latex))


def of_refusals() -> Iterator[str]:
    """What the engine refuses, where a page may ask for it."""
    asked = [partial(Span(2, 1).checked, name) for name in ("the learning rate", "weight decay", "units")]
    asked += [terms.checked for terms in (Terms(9, 2), Terms(9, 27), Terms(10**9, 81))]
    ranged = ("seed", "hidden", "dimensions", "train_size of a scaling with statistics")
    asked += [partial(Range(1, 2).check, name, 3) for name in ranged]
    for ask in (*asked, partial(bounds, 1, 2, 3), partial(mnist, hidden=(1,) * 1000)):
        try:
            ask()
        except ValueError as problem:
            yield language.pattern(str(problem))[0]


def of_legend() -> Iterator[str]:
    for field in fields(Experiment):
        if field.name in legend.WORDS and isinstance(field.default, (int, float)) and not isinstance(field.default, bool):
            yield language.pattern(legend.WORDS[field.name](2))[0]
    yield from (f"{label} {{a}}" for label in SLIDERS.values())
    yield from (legend.WORDS["replacement"](drawn) for drawn in (True, False))


def of_labs() -> Iterator[tuple[str, str]]:
    """Names that differ only in their numbers are one message."""
    said = [(name, lab.id) for lab in LABS.values() for name in of_lab(lab)]
    shapes = Counter(language.pattern(name)[0] for name in {name for name, _ in said})
    for name, place in said:
        shape = language.pattern(name)[0]
        yield shape if shapes[shape] > 1 else name, f"pages/sections/{place}"


def of_lab(lab) -> Iterator[str]:
    yield lab.title
    for control in lab.known({}).values():
        yield from parts([control.label])
        yield control.fold
        if isinstance(control, Choice):
            yield from parts(control.options.values())


def parts(names: Iterable[str]) -> Iterator[str]:
    """Names, those with numbers part by part, as `tr` says them."""
    for name in names:
        pieces = language.JOINT.split(name)[::2] if re.search(r"\d", name) else [name]
        yield from (piece for piece in pieces if not BARE.fullmatch(piece))


def collected() -> dict[str, list[str]]:
    """Words → the files that say them, in the order of the alphabet."""
    found: dict[str, set[str]] = {}
    for words, file in everything():
        if ENGLISH.search(words):
            found.setdefault(words, set()).add(file)
    return {words: sorted(found[words]) for words in sorted(found, key=lambda words: (min(found[words]), words))}


def update(name: str) -> None:
    """The catalogue of a language: what it knows is kept, what nobody says any more goes, what is new waits for its words."""
    path = language.LOCALE / name / "LC_MESSAGES/messages.po"
    known = {m.id: m.string for m in language.messages(name)} if path.exists() else {}
    comment = f"# {language.NAMES[name]}: python -m tests.words"
    catalogue = Catalog(name, header_comment=comment, fuzzy=False, creation_date=BEGAN)
    for words, files in collected().items():
        catalogue.add(words, known.get(words, ""), [(file, 1) for file in files])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False)


if __name__ == "__main__":
    for name in language.NAMES:
        if name != language.ENGLISH:
            update(name)
