"""The class: a teacher opens a room, students come in by its code."""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import streamlit as st

from engine.experiments import Experiment
from pages.kit import address, bar, classroom, compute, handout, internals, text
from pages.kit.deck import Deck, experiments
from pages.kit.language import N_, tr
from pages.kit.rooms import Room, rows
from pages.labs import TOPICS

WARM = "class warm"  # session key: what is trained in advance


def show() -> None:
    if internals.discovers_pages():
        st.rerun()
    address.leave()
    st.markdown(f"#### {tr('Class')}")
    if room := classroom.taught():
        taught(room)
    elif room := classroom.attended():
        words = N_("You are in class **{code}**. Your page follows your teacher's; switch *Follow* off to roam.")
        st.markdown(tr(words, code=room.code))
        st.button(tr("Leave the class"), on_click=leave)
    else:
        outside()


def outside() -> None:
    """Come in, or open a room."""
    student, teacher = st.columns(2, gap="large")
    with student:
        st.markdown(tr("**Students** come in by a code. No names, no accounts; a vote is counted, not signed."))
        with st.form("join", border=False):
            code = st.text_input(tr("Code"), max_chars=8, placeholder=tr("e.g. K7QPM"))
            if st.form_submit_button(tr("Come in"), type="primary"):
                come_in(code.strip())
    with teacher:
        st.markdown(text.page("class"))
        st.button(tr("Open a room"), on_click=open_room, type="primary")
        if problem := st.session_state.pop(classroom.PROBLEM, ""):
            st.error(problem)


def come_in(code: str) -> None:
    room = classroom.rooms().find(code)
    if room is None:
        st.error(classroom.no_class(code))
        return
    st.session_state[classroom.CODE] = room.code
    st.rerun()


def open_room() -> None:
    try:
        st.session_state[classroom.KEY] = classroom.rooms().open().key
    except ValueError as problem:
        st.session_state[classroom.PROBLEM] = str(problem)


def leave() -> None:
    st.session_state[classroom.CODE] = "-"


def taught(room: Room) -> None:
    """The teacher's page: how to come in, who is here, what the server does, the votes."""
    base = "{0.scheme}://{0.netloc}".format(urlsplit(st.context.url or ""))
    left, right = st.columns([0.55, 0.45], gap="large")
    with left:
        st.markdown(f"# {room.code}")
        link = f"{base}/?room={room.code}"
        st.html(f"<style>.code {{ width: 15rem }}</style>{handout.code(link)}")
        words = N_("Students open **{link}**, or **{base}/class** and type the code.")
        st.markdown(tr(words, link=link, base=base))
    with right:
        look(room)
        with st.popover(tr("Your own address"), icon=":material/key:"):
            own = f"{base}/class?key={room.key}"
            words = tr("Whoever has it is the teacher: keep it, and do not project it. It opens this room in another window.")
            st.markdown(words)
            st.code(own, language=None)
            st.link_button(tr("Open it: then a reload of this browser keeps the room"), own)
        if talk := deck():
            label, words = tr("Train what “{talk}” shows", talk=talk.title), tr("so that no one waits for them in the talk")
            st.button(label, on_click=warm, args=(talk,), help=words)
        st.download_button(tr("Votes (CSV)"), lambda: table(room), f"class-{room.code}.csv", "text/csv", on_click="ignore")
        st.button(tr("End the room"), on_click=classroom.rooms().end, args=(room,))


def deck() -> Deck | None:
    """The talk that is open, if there is one."""
    with suppress(ValueError):
        return bar.opened(TOPICS)
    return None


def warm(talk: Deck) -> None:
    st.session_state[WARM] = list(experiments(talk))


@st.fragment(run_every=2.0)
def look(room: Room) -> None:
    """Who is here, and what the server is busy with; to look keeps going what is trained in advance."""
    st.session_state[WARM] = [specs for specs in st.session_state.get(WARM, ()) if kept_going(specs)]
    training, waiting = compute.busy()
    for place, (words, count) in zip(
        st.columns(3),
        ((tr("here"), classroom.rooms().here(room)), (tr("runs in training"), training), (tr("runs waiting"), waiting)),
        strict=True,
    ):
        place.metric(words, count)


def kept_going(specs: Sequence[Experiment]) -> bool:
    """Whether there is sense in looking at their run again: one that failed would fail again and again."""
    with suppress(ValueError):
        return compute.run(specs).look(visitor=compute.visitor()).state != "failed"
    return True


def table(room: Room) -> str:
    file = io.StringIO()
    found = rows(room)
    table = csv.DictWriter(file, found[0] if found else ["question"], lineterminator="\n")
    table.writeheader()
    table.writerows(found)
    return file.getvalue()


if __name__ == "__main__":
    show()
