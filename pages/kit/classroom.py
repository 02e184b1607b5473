"""The classroom is the bar above every page of who is in a room: where the teacher is, and what the class is asked.

A student's page looks every other second; it goes where the class is taken, unless the student roams. A teacher's page has
the buttons. What may be done hangs on the key alone, which only the teacher's address and cookie hold.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial

import streamlit as st

from pages.charts import votes
from pages.kit import address, bar, compute, spread, text
from pages.kit.deck import Slide
from pages.kit.lab import HELD, Topic
from pages.kit.language import N_, tr
from pages.kit.rooms import Poll, Room, Rooms

PACE, TEACHER = 1.5, 1.0  # seconds between two looks
CODE, KEY, FOLLOW, SEEN, TAKE = "class code", "class key", "class follow", "class seen", "class take"
PROBLEM = "class problem"
NEXT = {"first": ("discuss", N_("Discuss")), "discuss": ("second", N_("Vote again")), "second": ("shown", N_("Reveal"))}
OWN = ("view", address.LANGUAGE)  # keys of an address that are not for those who follow


@cache
def rooms() -> Rooms:
    """All rooms of this server."""
    return Rooms()


def arrive() -> None:
    """Take a code or a key from the address, where they are not to stay."""
    for name, key in (("room", CODE), ("key", KEY)):
        if said := address.taken(name):
            st.session_state[key] = said[:64]
            if key == CODE and not rooms().find(said):
                st.error(no_class(said))


def no_class(code: str) -> str:
    return tr("There is no class {said} on this server.", said=text.quote(code, 8))


def taught() -> Room | None:
    """The room that the visitor teaches."""
    return rooms().held(st.session_state.get(KEY) or st.context.cookies.get("key", ""))


def attended() -> Room | None:
    """The room that the visitor is in."""
    return rooms().find(st.session_state.get(CODE) or st.context.cookies.get("room", ""))


def show(topics: Sequence[Topic], pages: Sequence[st.Page], page: st.Page) -> None:
    """The bar; a student who follows is taken to where the teacher is."""
    arrive()
    teacher = taught()
    room = teacher or attended()
    if room is None:
        st.session_state[HELD] = ""
        return
    st.session_state[HELD] = room.poll.lab if room.poll and room.poll.state != "shown" else ""
    if teacher:
        teach(room, questions(topics, page))
    elif rooms().enter(room, compute.visitor()):
        known = {each.url_path: each for each in pages}
        follow(room, known)
        attend(room, known)
    else:
        st.warning(tr("Class {code} is full.", code=room.code))


def tell(page: str) -> None:
    """Where the teacher is now, after the page has been drawn."""
    room = taught()
    if room and st.session_state.get(TAKE):
        rooms().take(room, page, {key: values for key, values in address.whole().items() if key not in OWN})


def follow(room: Room, pages: Mapping[str, st.Page]) -> None:
    """Turn to where the class is, unless the student has been there, or roams."""
    if st.session_state.get(FOLLOW, True) and st.session_state.get(SEEN, 0) != room.version and room.page in pages:
        st.session_state[SEEN] = room.version
        st.switch_page(pages[room.page], query_params=room.query)


def attend(room: Room, pages: Mapping[str, st.Page]) -> None:
    """A student's bar."""
    before, visitor = stamp(room), compute.visitor()

    @st.fragment(run_every=PACE)
    def look() -> None:
        if rooms().find(room.code) is not room:
            st.caption(tr("Class {code} is over.", code=room.code))
            return
        rooms().enter(room, visitor)
        if stamp(room) != before:
            time.sleep(rooms().wait(room))
            follow(room, pages)
            st.rerun()
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(tr("**Class {code}**", code=room.code), width="content")
                words = tr("Go where the class goes; without it, roam, and come back any time.")
                st.toggle(tr("Follow"), True, key=FOLLOW, help=words)
            if room.poll:
                answer(room, room.poll, visitor)

    look()


def stamp(room: Room) -> tuple:
    """What a student's page has to be drawn anew for."""
    where = room.version if st.session_state.get(FOLLOW, True) else None
    return where, len(room.asked), room.poll and room.poll.state


def answer(room: Room, poll: Poll, visitor: str) -> None:
    """The question as a student sees it: to be voted on, to be talked about, or with what came out."""
    key = f"vote {room.code} {len(room.asked)} {poll.state}"

    def vote() -> None:
        said = st.session_state.get(key)
        if said and rooms().vote(room, visitor, said) and poll.source:
            lab, values = poll.source
            lab.predict(values, said)

    question, answers = spoken(poll)
    if poll.open:
        st.pills(f"**{question}**", answers, format_func=answers.__getitem__, key=key, on_change=vote, wrap=True)
        again = N_("Vote again: choose one; you may change it until the vote is closed.")
        st.caption(tr(again if poll.twice else N_("Choose one; you may change it until the vote is closed.")))
    elif poll.state == "discuss":
        st.markdown(f"**{question}** {tr('Convince your neighbor of your answer.')}")
    else:
        mine = poll.votes[1].get(visitor) or poll.votes[0].get(visitor)
        outcome(poll, tr("You said *{answer}*.", answer=answers[mine]) if mine else "")


def spoken(poll: Poll) -> tuple[str, Mapping[str, str]]:
    """What is asked and what may be answered; a lab says it in the visitor's language."""
    if not poll.source:
        return poll.question, poll.answers
    lab, values = poll.source
    prose = lab.prose(values)
    return prose.question, prose.answers


def questions(topics: Sequence[Topic], page: st.Page) -> dict[str, Callable[[Room], None]]:
    """What a teacher may ask here: words of a button, and what it does."""
    found = {}
    with suppress(ValueError):
        talk = bar.opened(topics)
        if talk and (slide := talk.slides[bar.place(talk) - 1]).ask not in ("", "lab"):
            found[tr("Ask this slide's question")] = partial(ask_slide, slide, f"{talk.name}, slide {bar.place(talk)}")
    if page.url_path in {topic.name for topic in topics}:
        found[tr("Ask this lab's question")] = ask_lab
    return found


def teach(room: Room, asks: Mapping[str, Callable[[Room], None]]) -> None:
    """The teacher's bar."""
    visitor, drawn = compute.visitor(), (room.poll and room.poll.state, st.session_state.get(TAKE, False))

    @st.fragment(run_every=TEACHER)
    def look() -> None:
        poll = room.poll
        if (poll and poll.state, st.session_state.get(TAKE, False)) != drawn:  # for the lab below, and for `tell`
            st.rerun()
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                here = rooms().here(room)
                st.markdown(tr("**Class {code}** · {here} here", code=room.code, here=here), width="content")
                st.toggle(tr("Take the class here"), key=TAKE, help=tr("Their pages go where this one goes."))
                buttons(room, poll, asks)
            if problem := st.session_state.pop(PROBLEM, ""):
                st.error(problem)
            if poll:
                asked(poll, here, visitor)

    look()


def buttons(room: Room, poll: Poll | None, asks: Mapping[str, Callable[[Room], None]]) -> None:
    """What may be done next."""
    if poll is None:
        for words, ask in asks.items():
            st.button(words, on_click=ask, args=(room,), icon=":material/how_to_vote:")
        return
    if poll.state in NEXT:
        state, words = NEXT[poll.state]
        turn = reveal if state == "shown" else rooms().turn
        st.button(tr(words), on_click=turn, args=(room, state), type="primary", key="class next")
        if poll.state != "second":
            st.button(tr("Reveal"), on_click=reveal, args=(room, "shown"), key="class reveal")
    st.button(tr("No question"), on_click=rooms().close, args=(room,), key="class close")


def put(room: Room, poll: Poll) -> None:
    """Ask it, or say below the bar why not."""
    try:
        rooms().ask(room, poll)
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)


def ask_slide(slide: Slide, where: str, room: Room) -> None:
    """The question of a slide; the picture does not wait, for it may be asked about it."""
    question, answers = slide.question
    put(room, Poll(where, question, {str(k): words for k, words in enumerate(answers)}))


def ask_lab(room: Room) -> None:
    """The question of the open lab, as it is set."""
    place = address.here()
    lab, values = place.lab, address.settle(place.lab, place.given)
    prose = lab.prose(values)
    put(room, Poll(lab.id, prose.question, prose.answers, (lab, values)))
    spread.begin(lab, values)


def reveal(room: Room, state: str) -> None:
    """What came out, if it has been run: else the votes alone."""
    verdict = None
    if room.poll and room.poll.source:
        lab, values = room.poll.source
        results = lab.known_results(values)
        verdict = None if results is None else lab.verdict(results)
    rooms().turn(room, state, verdict.right if verdict else "", verdict)


def asked(poll: Poll, here: int, visitor: str) -> None:
    """The question on the projector: how many have voted, and the votes once they sway nobody."""
    if poll.source and sum(poll.seeds.values()) < spread.SEEDS:
        poll.seeds = spread.answers(*poll.source, visitor)
    question, answers = spoken(poll)
    st.markdown(f"#### {question}")
    if poll.state == "shown":
        outcome(poll, "")
        return
    vote = int(poll.twice)
    count = sum(poll.counted(vote).values())
    again = N_("{count} of {here} have voted again.") if poll.twice else N_("{count} of {here} have voted.")
    said = tr(again if poll.open else N_("{count} have voted: convince your neighbor."), count=count, here=here)
    st.markdown(f"{said} {' · '.join(answers.values())}")
    folded = tr("Folded, so that the first vote does not sway the second.")
    if st.toggle(tr("Show the first vote"), key="class histogram", help=folded):
        shares(poll, {votes.FIRST: poll.counted(0)})


def outcome(poll: Poll, said: str) -> None:
    """Both votes, what came out, and what other seeds say."""
    shown = {votes.FIRST: poll.counted(0)} | ({votes.SECOND: poll.counted(1)} if poll.twice else {})
    seeds = {key: count for key, count in poll.seeds.items() if key}
    shares(poll, shown | ({votes.SEEDS: seeds} if seeds else {}))
    untold = tr("Nothing has been run that tells.") if poll.source and not poll.verdict else ""
    came = tr("Answer: **{answer}**.", answer=spoken(poll)[1][poll.right]) if poll.right else untold
    sentence = poll.source[0].sentence(poll.verdict, poll.source[1]) if poll.verdict else ""
    st.markdown(" ".join(part for part in (said, came, sentence) if part))
    if poll.seeds:
        told, total, unsure = poll.seeds.get(poll.right, 0), sum(poll.seeds.values()), poll.seeds.get("", 0)
        so = N_("Of {total} seeds, each by itself, {told} says so; {unsure} cannot tell.")
        if told != 1:
            so = N_("Of {total} seeds, each by itself, {told} say so; {unsure} cannot tell.")
        st.caption(tr(so, total=total, told=told, unsure=unsure))


def shares(poll: Poll, shown: Mapping[str, Mapping[str, int]]) -> None:
    answers = spoken(poll)[1]
    data = votes.frame(answers, shown, poll.right)
    chart = votes.bars(votes.order_of(answers, poll.right), tuple(shown))
    st.vega_lite_chart(data, chart, key="class votes", alt=tr("What the class voted for"))
