"""The course goes through the topics in order: each asks a question, and leaves one able to do something, and curious."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from pages.kit import address, images, text
from pages.kit.lab import Lab, Topic
from pages.kit.language import cached, tr


class Chapter(NamedTuple):
    """What a topic asks, what one can do after it, and labs of other topics to go on with."""

    question: str
    can: str
    onward: tuple[str, ...]


@cached
def chapters() -> dict[str, Chapter]:
    """Topic → its chapter, of `assets/text/course.md`: second headings, lines `key: words`, a list of labs."""
    return {part.split("\n", 1)[0]: _chapter(part) for part in text.page("course").split("\n## ")[1:]}


def _chapter(part: str) -> Chapter:
    lines = part.splitlines()[1:]
    facts = dict(line.split(": ", 1) for line in lines if not line.startswith("- ") and ": " in line)
    return Chapter(facts["question"], facts["can"], tuple(line.removeprefix("- ") for line in lines if line.startswith("- ")))


def picture(topic: Topic) -> str:
    """The image of what a topic is about, as `tests/browser/chapters.py` takes it."""
    return images.stored(text.ASSETS / "chapters" / f"{topic.name}-{st.context.theme.type or 'light'}.webp")


def end(topics: Sequence[Topic], name: str) -> None:
    """What one can do after a topic, questions of others that follow from it, and the chapters before and after."""
    names = [topic.name for topic in topics]
    if name not in names:
        return
    chapter, place = chapters()[name], names.index(name)
    labs = {lab.id: (topic, lab) for topic in topics for lab in topic.labs}
    with st.container(key="course"):
        st.divider()
        st.markdown(f"{tr('**Now you can** {can}.', can=chapter.can)}\n\n**{tr('Curious?')}**")
        for topic, lab in map(labs.get, chapter.onward):
            link(topic, lab, f"{lab.prose(lab.settle({})).question} :gray[{tr(topic.title)} · {tr(lab.title)}]")
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            for other, arrow in ((place - 1, ":material/arrow_back:"), (place + 1, ":material/arrow_forward:")):
                if 0 <= other < len(topics):
                    label = f"{tr('Before') if other < place else tr('Next')}: **{tr(topics[other].title)}**"
                    st.page_link(f"pages/{topics[other].name}.py", label=label, icon=arrow, width="content")


def link(topic: Topic, lab: Lab, label: str) -> None:
    """To a lab as in the textbook."""
    st.page_link(f"pages/{topic.name}.py", label=label, query_params=address.query(topic.labs, lab, {}) or None)
