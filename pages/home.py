"""Home: what there is to see, and the first picture of it, already moving."""

from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qsl

import streamlit as st

from engine.experiments import PRESETS
from pages.charts.paths import RESTING, describe
from pages.kit import address, compute, course, finder, glossary, internals, text
from pages.kit.lab import Topic
from pages.kit.language import cached, tr
from pages.kit.player import player
from pages.labs import TOPICS

ROW = 3  # cards


def show() -> None:
    if internals.discovers_pages():
        st.rerun()
    address.leave()
    words, picture = st.columns([0.36, 0.64], gap="large")
    words.markdown(text.page("home"))
    start = st.session_state.get("home_start", {})
    moved = {name: f"{value:g}" for name, value in start.items()} or None
    label = f"**{tr('Open the optimizers')}**"
    words.page_link("pages/optimizers.py", label=label, icon=":material/landscape:", query_params=moved)
    if lab := address.here().lab:  # where the visitor was last, as it was left
        page = f"pages/{lab.id.partition('/')[0]}.py"
        words.page_link(page, label=tr("Go on with **{lab}**", lab=tr(lab.title)), icon=":material/history:")
    with picture:
        specs = [replace(spec, **start) for spec in PRESETS["O9-all"]]
        blob = describe(specs, [compute.path(spec) for spec in specs], compute.surface(specs[0]), **RESTING, replay="home")
        player(blob, "home", on_transport=lambda: None, on_start=move_start)
    sought = {"placeholder": tr("overfitting, NaN, λ, He …"), "icon": ":material/search:", "key": "sought"}
    said = words.text_input(tr("Find a lab, a figure or a term"), **sought)
    found = finder.find(said, things())
    for thing in found:
        words.page_link(thing.page, label=thing.label, query_params=thing.query or None)
    if said and not found:
        words.caption(tr("Nothing here is called so. Try another word: overfitting, NaN, learning rate."))
    with st.container(key="chapters"):
        label = tr("**Talks**, ready to be given, and how to give one of your own")
        st.page_link("pages/present.py", label=label, icon=":material/co_present:")
        for topic in TOPICS:
            chapter(topic)


def move_start() -> None:
    """The next picture starts there, if what the browser sends is a start."""
    with suppress(TypeError, ValueError):
        x0, y0 = map(float, st.session_state["home"].start)
        spec = replace(PRESETS["O9-all"][0], x0=x0, y0=y0)
        st.session_state["home_start"] = {"x0": spec.x0, "y0": spec.y0}


@cached
def things() -> list[finder.Thing]:
    """All that can be found: labs, figures of the books, terms."""
    labs = {lab.id: (topic, lab) for topic in TOPICS for lab in topic.labs}
    found = []
    for topic, lab in labs.values():
        where = f"pages/{topic.name}.py", address.query(topic.labs, lab, {})
        said = f"{lab.title} {topic.title} {tr(topic.title)} {lab.prose(lab.settle({})).question}"
        found.append(finder.Thing(tr(lab.title), said, tr(topic.title), *where))
    for topic in TOPICS:
        for name in text.presets(topic.name):
            title, sentence, facts = text.preset(name)
            query = dict(parse_qsl(facts["page"].partition("?")[2]))
            found.append(finder.Thing(title, f"{name} {sentence}", tr("figure"), f"pages/{topic.name}.py", query))
    for term in glossary.terms():
        topic, lab = labs[term.lab]
        where = f"pages/{topic.name}.py", address.query(topic.labs, lab, {})
        found.append(finder.Thing(term.name, f"{' '.join(term.also)} {term.meaning}", term.meaning, *where))
    return found


def chapter(topic: Topic) -> None:
    """What it asks and what one can do after it; the picture it is about, the figures of the book, and a card for each lab."""
    page, told = f"pages/{topic.name}.py", course.chapters()[topic.name]
    after = tr("Afterwards you can {can}.", can=told.can)
    st.markdown(f"##### {topic.icon} {tr(topic.title)}\n\n{told.question} :gray[{after}]")
    picture, labs = st.columns([0.3, 0.7], gap="medium")
    picture.image(course.picture(topic), alt=told.question)
    with picture.container(horizontal=True, gap="xsmall"):
        for name in text.presets(topic.name):
            title, sentence, facts = text.preset(name)
            query = dict(parse_qsl(facts["page"].partition("?")[2])) or None
            st.page_link(page, label=f":small[{title}]", query_params=query, help=sentence, width="content")
    with labs:
        places = [place for _ in range(0, len(topic.labs), ROW) for place in st.columns(ROW)]
    for place, lab in zip(places, topic.labs, strict=False):
        with place.container(border=True, height="stretch"):
            course.link(topic, lab, f"**{tr(lab.title)}**")
            st.caption(lab.prose(lab.settle({})).question)


if __name__ == "__main__":
    show()
