"""Live is a run while it is watched: its Run button or progress, its picture again and again, and a way to stop it."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import streamlit as st

from engine.compare import History, empty
from engine.experiments import Experiment
from pages.kit import address, compute
from pages.kit.language import tr
from pages.kit.runs import ENDED, Run, Snapshot

REFRESH, CROWD = 0.4, 8  # seconds between two looks, and how many visitors with a run in view make them rarer
SLOWEST = 5.0  # seconds between two looks in the largest crowd
FIRST_LOOK = 0.3  # seconds to wait for a first picture

Ask = Callable[[], Sequence[Experiment]]
Draw = Callable[[list[History]], None]


def watch(name: str, ask: Ask, draw: Draw) -> list[History] | None:
    """Show the run of the experiments that are asked for under its bar; the histories once it is finished. Where what was found
    asks for more, the run goes on.

    `draw(histories)` draws what there is so far, which may be nothing yet. ValueError if they would take too long.
    """
    experiments = ask()
    compute.check(experiments)
    running, (settings, count) = compute.find(experiments), st.session_state.get(f"{name} begun", ((), 0))
    if running is None and settings == address.here().given and len(experiments) > count:  # it ended meanwhile, and asks on
        running = begin(name, experiments)
    if running is None:
        known = [compute.known(spec) for spec in experiments]
        with _bar(name):
            _offer(name, experiments)
            st.caption(_known(sum(history is not None for history in known), len(known)))
        with st.container(key=f"{name} live"):
            draw([history or empty(spec) for history, spec in zip(known, experiments, strict=True)])
        return None
    follow(name, running, ask, draw)
    return running.histories if running.state == "done" else None


def begin(name: str, experiments: Sequence[Experiment]) -> Run:
    """The run of these experiments for a visitor who has asked for them: with these settings it may ask on by itself."""
    running = compute.run(experiments)
    st.session_state[f"{name} begun"] = address.here().given, len(experiments)
    return running


def follow(name: str, running: Run, ask: Ask, draw: Draw) -> None:
    """The progress and the picture of a run, again and again while it trains."""
    visitor, every, settings = compute.visitor(), _pace(running), address.here().given

    @st.fragment(run_every=every)
    def look() -> None:
        if address.here().given != settings:  # a click on the picture has changed one: that is for the whole page
            st.rerun()
        with compute.PAGES.left():
            snapshot = running.look(wait=FIRST_LOOK, visitor=visitor)
        if snapshot.state == "done" and (more := tuple(ask())) != running.experiments:
            with suppress(ValueError):  # the page says why
                begin(name, more)
            st.rerun()
        with _bar(name):
            if snapshot.state in ("cancelled", "failed"):
                _offer(name, running.experiments)
            elif snapshot.state not in ENDED and not snapshot.others:  # at the left: a chart's tools cover the right end
                st.button(tr("Cancel"), on_click=running.cancel, args=(visitor,), key=f"{name} cancel")
            _tell(snapshot, running.pool.where)
            if snapshot.state not in ENDED and snapshot.others:
                st.caption(tr("{n:more watches|more watch}", n=snapshot.others))
        with st.container(key=f"{name} live"):
            draw(snapshot.histories)
        now = _pace(running)
        if every and (now is None or not every / 2 <= now <= every * 2):
            st.rerun()

    look()


def _known(count: int, total: int) -> str:
    if count:
        return tr("{count} of {total} networks have been trained already: Run trains the rest.", count=count, total=total)
    return tr("Nothing has been trained yet: predict, then press Run.")


def _bar(name: str):
    return st.container(key=f"{name} bar", horizontal=True, vertical_alignment="center")


def _offer(name: str, experiments: Sequence[Experiment]) -> None:
    if st.button(tr("Run"), type="primary", icon=":material/play_arrow:", key=f"{name} run"):
        try:
            begin(name, experiments)
            st.rerun()
        except ValueError as problem:
            st.error(tr(str(problem)))


def _pace(running: Run) -> float | None:
    """Seconds between two looks: none at what has ended, fewer the more visitors look, few at what waits in the queue."""
    if running.state in ENDED:
        return None
    return min(SLOWEST, REFRESH * max(1, running.pool.watchers() / CROWD) * (4 if running.state == "queued" else 1))


def _tell(snapshot: Snapshot, where: str) -> None:
    """Progress, time and place in the queue, as a line."""
    if snapshot.state == "queued":
        before = tr("{n:run|runs} before yours", n=snapshot.place) if snapshot.place else tr("yours is next")
        st.progress(0.0, tr("In the queue: {before}", before=before))
    elif snapshot.state == "running":
        left = tr(", about {seconds:.0f} s to go", seconds=snapshot.remaining) if snapshot.remaining else ""
        spent = tr("{seconds:.1f} s {where}", seconds=snapshot.elapsed, where=tr(where))
        st.progress(snapshot.progress, f"{snapshot.progress:.0%} · {spent}{left}")
    elif snapshot.state == "done" and snapshot.histories:
        trained = tr("Trained in {seconds:.1f} s {where}.", seconds=snapshot.elapsed, where=tr(where))
        st.caption(trained if snapshot.elapsed else tr("Trained earlier, and kept."))
    if snapshot.note:
        st.caption(tr(snapshot.note))
