"""The course: every topic has its chapter, which leads to labs of others."""

import pytest

from pages.kit.course import chapters
from pages.kit.language import NAMES, speaking
from pages.labs import LABS, TOPICS


def test_every_topic_has_a_chapter_in_the_order_of_the_course():
    assert list(chapters()) == [topic.name for topic in TOPICS]


@pytest.mark.parametrize(("name", "chapter"), chapters().items(), ids=chapters())
def test_a_chapter_asks_and_leads_on_to_three_labs_elsewhere(name, chapter):
    assert chapter.question.endswith("?")
    assert chapter.can
    assert not chapter.can.endswith(".")
    assert len(chapter.onward) == 3
    assert set(chapter.onward) <= LABS.keys()
    assert not any(lab.startswith(f"{name}/") for lab in chapter.onward)


@pytest.mark.parametrize("language", NAMES)
def test_chapters_lead_on_alike_in_every_language(language):
    with speaking(language):
        found = chapters()
    assert {name: chapter.onward for name, chapter in found.items()} == {
        name: chapter.onward for name, chapter in chapters().items()
    }
