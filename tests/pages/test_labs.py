"""The laws of labs: each can be asked without a page, over its whole space of settings, and what it says is true to form."""

import json
import math
import random
import re
import time
from dataclasses import replace

import pytest

from engine.compare import compare
from engine.experiments import Experiment
from pages.kit import address, text
from pages.kit.controls import Choice, Number, Text
from pages.labs import LABS, TOPICS
from tests.pages.conftest import ROOT

LINKS = json.loads((ROOT / "tests/pages/links.json").read_text("utf-8"))
PROSE = sorted(
    path.relative_to(text.ASSETS / "text").with_suffix("").as_posix()
    for path in (text.ASSETS / "text").glob("*/*.md")
    if path.read_text("utf-8").partition("\n")[0].endswith("?")
)
WORDS = 90  # of a lesson before its fold
UNITS = 8  # of a layer
SECONDS = 0.8  # of one lab's settings
TRAINING = {name: lab for name, lab in LABS.items() if not lab.find}
INSTANT = {name: lab for name, lab in LABS.items() if lab.find}
LIES = re.compile(
    r"\bnan\b|\binf\b|\bNone\b|[{}]|−0(\.0+)?\b(?!\.)|-\d|\b1 (seeds|updates|networks|steps)\b"
    r"|^\|.*\n\|.*\n\|---",  # two heads of a table
    re.IGNORECASE | re.MULTILINE,
)


def at_random(lab, rng: random.Random) -> address.Given:
    """Settings from anywhere in the space that the controls allow, the ends included; trainings are short."""
    given = {}
    for _ in range(2):  # what leads decides what the others are
        for name, control in lab.known(given).items():
            if name not in given and rng.random() < 0.6:
                given[name] = drawn(control, rng)
    for name, control in lab.known(given).items():
        if not lab.find and name.endswith(("steps", "longer")):
            given[name] = max(int(control.range.low), 20)
        if name == "seeds":
            given[name] = min(int(control.range.high), rng.choice((1, 2, 3)))
    return address.changed(lab, given)


def drawn(control, rng: random.Random):
    match control:
        case Number(default=default, range=span):
            ends = (span.low, span.high, default)
            if span.log and span.low > 0:
                value = math.exp(rng.uniform(math.log(span.low), math.log(span.high)))
            else:
                value = rng.uniform(span.low, span.high)
            value = rng.choice((*ends, value, value, value))
            return control.read(control.write(type(default)(value)))
        case Choice(many=True, options=options):
            return control.read(rng.sample(list(options), rng.randint(0, min(4, len(options)))) or [""])
        case Choice(options=options):
            return rng.choice(list(options))
        case Text(default=default):
            return rng.choice((default, "7 7", "1, -2, 3", "x"))
    raise TypeError(control)


def narrow(spec: Experiment) -> Experiment:
    """The same network with few units: of it a sentence must be as true."""
    return replace(spec, hidden=tuple(min(width, UNITS) for width in spec.hidden))


def told(lab, given: address.Given) -> str:
    """The sentence about these settings, empty where they ask for nothing that can be."""
    values = lab.settle(given)
    try:
        results = lab.find(values) if lab.find else compare([narrow(spec) for spec in lab.asked(values)])
    except ValueError as problem:
        assert str(problem)
        return ""
    verdict = lab.verdict(results)
    if verdict is None:
        return ""
    assert not verdict.right or verdict.right in lab.prose(values).answers
    return lab.sentence(verdict, values)


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_a_lab_knows_its_words(lab):
    leading = next((c for c in lab.known({}).values() if isinstance(c, Choice) and c.resets and not c.many), None)
    name = next((n for n, c in lab.known({}).items() if c is leading), "")
    for option in leading.options if leading else [""]:
        prose = lab.prose(lab.settle({name: option} if option else {}))
        assert prose.question.endswith("?")
        assert len(prose.answers) >= 2
        assert prose.caption
        assert prose.lesson
        assert prose.verdicts


@pytest.mark.parametrize("name", PROSE)
def test_a_lesson_is_short(name):
    lesson, fold, more = text.prose(name).lesson.partition("<!-- more -->")
    assert 0 < len(lesson.split()) <= WORDS
    assert bool(fold) == bool(more.strip())


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_the_textbook_differs_from_itself_in_nothing(lab):
    topic = next(topic for topic in TOPICS if lab in topic.labs)
    asked = address.query(topic.labs, lab, {})
    assert asked == ({} if lab is topic.labs[0] else {"section": [address.key_of(lab)]})
    assert address.read(topic.labs, asked) == (lab, {}, [])


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_an_address_says_all_and_means_the_same_again(lab):
    topic, rng = next(topic for topic in TOPICS if lab in topic.labs), random.Random(1)
    for _ in range(40):
        given = at_random(lab, rng)
        found, again, problems = address.read(topic.labs, address.query(topic.labs, lab, given))
        assert (found, again, problems) == (lab, given, [])


@pytest.mark.parametrize("lab", TRAINING.values(), ids=TRAINING)
def test_no_sentence_lies_about_a_training(lab):
    rng, end = random.Random(2), time.monotonic() + SECONDS
    for _ in range(30):
        if time.monotonic() > end:
            break
        given = at_random(lab, rng)
        sentence = told(lab, given)
        assert not LIES.search(sentence), (given, sentence)


@pytest.mark.parametrize("lab", INSTANT.values(), ids=INSTANT)
def test_no_sentence_lies_about_what_is_computed_at_once(lab):
    rng, end = random.Random(3), time.monotonic() + SECONDS
    for _ in range(60):
        if time.monotonic() > end:
            break
        given = at_random(lab, rng)
        sentence = told(lab, given)
        assert not LIES.search(sentence), (given, sentence)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link["from"])
def test_old_links_open(link):
    """Addresses that have been given away; `section` and values may be labels of their time."""
    topic = next((topic for topic in TOPICS if topic.name == link["topic"]), None)
    if topic is None:
        pytest.skip("not a topic of labs yet")
    lab, given, problems = address.read(topic.labs, link["asked"])
    assert problems == []
    assert (lab.id, {name: list(v) if isinstance(v, tuple) else v for name, v in given.items()}) == (link["lab"], link["given"])
