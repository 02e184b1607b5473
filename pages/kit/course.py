"""The course goes through the topics in order: each asks a question, and leaves one able to do something, and curious."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import streamlit as st

from pages.kit import address, text
from pages.kit.lab import Lab, Topic


class Chapter(NamedTuple):
    """What a topic asks, what one can do after it, and labs of other topics to go on with."""

    question: str
    can: str
    onward: tuple[str, ...]


@cache
def chapters() -> dict[str, Chapter]:
    """Topic → its chapter, of `assets/text/course.md`: second headings, lines `key: words`, a list of labs."""
    return {part.split("\n", 1)[0]: _chapter(part) for part in text.page("course").split("\n## ")[1:]}


def _chapter(part: str) -> Chapter:
    lines = part.splitlines()[1:]
    facts = dict(line.split(": ", 1) for line in lines if not line.startswith("- ") and ": " in line)
    return Chapter(facts["question"], facts["can"], tuple(line.removeprefix("- ") for line in lines if line.startswith("- ")))


def end(topics: Sequence[Topic], name: str) -> None:
    """What one can do after a topic, questions of others that follow from it, and the chapters before and after."""
    names = [topic.name for topic in topics]
    if name not in names:
        return
    chapter, place = chapters()[name], names.index(name)
    labs = {lab.id: (topic, lab) for topic in topics for lab in topic.labs}
    with st.container(key="course"):
        st.divider()
        st.markdown(f"**Now you can** {chapter.can}.\n\n**Curious?**")
        for topic, lab in map(labs.get, chapter.onward):
            link(topic, lab, f"{lab.prose(lab.settle({})).question} :gray[{topic.title} · {lab.title}]")
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            for other, arrow in ((place - 1, ":material/arrow_back:"), (place + 1, ":material/arrow_forward:")):
                if 0 <= other < len(topics):
                    label = f"{'Before' if other < place else 'Next'}: **{topics[other].title}**"
                    st.page_link(f"pages/{topics[other].name}.py", label=label, icon=arrow, width="content")


def link(topic: Topic, lab: Lab, label: str) -> None:
    """To a lab as in the textbook."""
    st.page_link(f"pages/{topic.name}.py", label=label, query_params=address.query(topic.labs, lab, {}) or None)
