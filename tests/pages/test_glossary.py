"""The glossary: each term once, with a lab that there is; and the finder over all there is."""

import re

import pytest

from pages.kit import finder, glossary
from pages.kit.language import NAMES, speaking
from pages.labs import LABS

TERMS = glossary.terms()


def test_each_term_stands_once_and_names_a_lab():
    names = [name.lower() for term in TERMS for name in (term.name, *term.also)]
    assert len(TERMS) > 40
    assert sorted({name for name in names if names.count(name) > 1} - {"eta"}) == []
    assert [term.name for term in TERMS] == sorted((term.name for term in TERMS), key=str.lower)
    assert {term.lab for term in TERMS} <= LABS.keys()
    assert all(term.meaning.endswith(".") and len(term.meaning) < 140 for term in TERMS)


def test_the_first_mention_is_marked_and_nothing_else_is_touched():
    prose = "The learning rate: a learning rate of `lr` in $lr$, [dropout](x) and momentum.\n# Momentum\n| dropout |"
    marked = glossary.marked(prose)
    assert re.sub("<[^>]*>", "", marked) == prose
    assert marked.count("<abbr") == 2
    assert marked.startswith('The <abbr title="How long a step is')
    assert "and <abbr" in marked


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_marked_prose_says_the_same(lab):
    lesson = lab.prose(lab.settle({})).lesson
    assert re.sub("</?abbr[^>]*>", "", glossary.marked(lesson)) == lesson


@pytest.mark.parametrize(
    ("said", "title"),
    [("dead relu", "dead ReLU"), ("λ", "weight decay"), ("He", "He initialization"), ("overfit", "Overfitting")],
)
def test_what_is_typed_is_found(said, title):
    things = [finder.Thing(term.name, " ".join(term.also), "term", "", {}) for term in TERMS]
    things += [finder.Thing(lab.title, lab.prose(lab.settle({})).question, "lab", "", {}) for lab in LABS.values()]
    assert title in [thing.title for thing in finder.find(said, things)[:3]]


@pytest.mark.parametrize(
    ("said", "title"),
    [("why is my loss nan", "divergence"), ("what is overfitting", "Overfitting"), ("qwertz dropout", "dropout")],
)
def test_small_words_and_strange_ones_hide_nothing(said, title):
    things = [finder.Thing(term.name, f"{' '.join(term.also)} {term.meaning}", "term", "", {}) for term in TERMS]
    things += [finder.Thing(lab.title, lab.prose(lab.settle({})).question, "lab", "", {}) for lab in LABS.values()]
    assert title in [thing.title for thing in finder.find(said, things)]


@pytest.mark.parametrize("language", NAMES)
def test_terms_are_the_same_in_every_language(language):
    with speaking(language):
        found = glossary.terms()
    assert [(term.lab, term.latex) for term in found] == [(term.lab, term.latex) for term in TERMS]
    names = [name.lower() for term in found for name in (term.name, *term.also)]
    assert sorted({name for name in names if names.count(name) > 1} - {"eta"}) == []
    for term, english in zip(found, TERMS, strict=True):
        assert {english.name, *english.also} & {term.name, *term.also}, f"{term.name} is not found in English"


@pytest.mark.parametrize(
    ("prose", "marked"),
    [
        ("학습률이 높으면", ["학습률"]),
        ("Adam은 기울기의 평균을", ["Adam", "기울기"]),
        ("기울기 소실과 배치 정규화를 쓴 미니배치", ["기울기 소실", "배치 정규화", "미니배치"]),
        ("Adamax와 나머지배치", []),
    ],
)
def test_particles_may_follow_a_korean_term(prose, marked):
    with speaking("ko"):
        assert re.findall(r"<abbr[^>]*>(.*?)</abbr>", glossary.marked(prose)) == marked


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("학습률", "학습률"),
        ("배치정규화", "배치 정규화"),
        ("weight decay", "가중치 감쇠"),
        ("초기", "가중치 초기화"),
        ("죽은 relu", "죽은 ReLU"),
    ],
)
def test_korean_terms_are_found_by_both_names_with_spaces_or_without(said, title):
    with speaking("ko"):
        things = [finder.Thing(term.name, f"{' '.join(term.also)} {term.meaning}", "term", "", {}) for term in glossary.terms()]
    assert title in [thing.title for thing in finder.find(said, things)[:3]]


@pytest.mark.parametrize("said", ["", "   ", "zzzz", "`*<script>", "a" * 10_000])
def test_nothing_is_found_of_nothing(said):
    assert finder.find(said, [finder.Thing("Dropout", "units left out", "term", "", {})]) == []
