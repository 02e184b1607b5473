"""The site tells of every topic, lab, claim, term, deck and module of the engine; its pictures are Chromium's part."""

import re
from pathlib import Path

import griffe
import pytest

from docs import docstrings, generate
from engine.claims import CLAIMS
from engine.optimizers import OPTIMIZERS
from pages.kit import glossary, shelf, text
from pages.kit.lab import Topic
from pages.labs import TOPICS

PAGES = generate.pages()
MODULES = {path.stem for path in (generate.ROOT / "engine").glob("*.py")} - {"__init__"}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_has_every_lab_with_its_question_and_address(topic: Topic):
    page = PAGES[f"labs/{topic.name}.md"]
    assert f"(labs/{topic.name}.md)" in PAGES["index.md"]
    for lab in topic.labs:
        prose = lab.prose(lab.settle({}))
        assert all(words in page for words in (prose.question, prose.caption, *prose.answers.values()))
        assert f"\n{topic.path(lab, {})}\n```" in page
    for name in text.presets(topic.name):
        assert f"| `{text.preset(name).facts['page']}` | **{text.preset(name).title}**" in page


def test_every_module_of_the_engine_has_its_place_once():
    names = " ".join(generate.ENGINE.values()).split()
    assert sorted(names) == sorted(MODULES)
    assert all(
        f"({name}.md)" in PAGES["engine/index.md"] and f"::: engine.{name}\n" in PAGES[f"engine/{name}.md"] for name in names
    )


def test_claims_terms_and_decks_are_told():
    assert all(f"### {claim.sentence} {{ #{name} }}" in PAGES["labs/claims.md"] for name, claim in CLAIMS.items())
    assert all(f"\n## {term.name}\n" in PAGES["glossary.md"] for term in glossary.terms())
    assert all(f"{{ #{name} }}" in PAGES["talks.md"] for name in shelf.decks())


def test_the_navigation_leads_to_every_page():
    linked = set(re.findall(r"[\w/-]+\.md", str(generate.navigation())))
    by_hand = {path.name for path in Path(generate.__file__).parent.glob("*.md") if not path.match("*.ko.md")}
    assert linked == {*PAGES, *by_hand}


def test_doctests_become_code_and_rules_show_formula_and_source():
    engine = griffe.load("engine", extensions=griffe.Extensions(docstrings.Ready()))
    assert "\n```python\n>>> Range(0, 1)" in engine["registry.Range.check"].docstring.value
    for rule in OPTIMIZERS.values():
        assert all(part in engine[f"optimizers.{rule.name}"].docstring.value for part in (rule.label, rule.source, "<math"))


def test_formulas_are_drawn_without_help():
    assert "<mtd" in generate.math(r"$$\begin{aligned} a &= b \end{aligned}$$")
    assert not re.search(r"\\[a-z]+", "".join(re.findall("<math.*?</math>", "".join(PAGES.values()))))
