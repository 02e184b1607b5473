"""A lab is a section that trains: predict, press Run, watch, read what happened, take it home."""

import inspect
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from engine.compare import History, empty
from engine.experiments import Experiment
from pages.kit import compute, export, text
from pages.kit.controls import Setting, assign
from pages.kit.runs import ENDED, Run, Snapshot

REFRESH, CROWD = 0.5, 10  # seconds between two looks, and how many watchers make them rarer
FIRST_LOOK = 0.3  # seconds to wait for a first picture

Draw = Callable[[list[History]], None]


def stage():
    """Where the picture and where the controls stand."""
    return st.columns([0.68, 0.32], gap="medium")


def predict(name: str) -> None:
    """The question of a lab, to be answered before the picture is seen."""
    lab = text.lab(name)
    st.pills(f"**Predict first.** {lab.question}", lab.answers, key=f"{name} prediction", wrap=True)


def reset(settings: Mapping[str, Setting]) -> None:
    st.button("Reset to the textbook", on_click=assign, args=(settings,))


def run(name: str, picture, side, specs: Callable[[], list[Experiment]], draw: Draw) -> list[History] | None:
    """Show the run of what the controls ask for, live, with its Run button; the histories once it is finished.

    `draw(histories)` draws what there is so far, which may be nothing yet. A ValueError of `specs` becomes a sentence.
    """
    try:
        experiments = specs()
        compute.check(experiments)
    except ValueError as problem:
        picture.error(f"That cannot be run: {text.quote(str(problem))}")
        return None
    running = compute.find(experiments)
    with side:
        ready = running is None or running.state in ("cancelled", "failed")
        if ready and st.button("Run", type="primary", icon=":material/play_arrow:", width="stretch", key=f"{name} run"):
            try:
                compute.run(experiments)
                st.rerun()
            except ValueError as problem:
                st.error(str(problem))
        status = st.container()
    if running is None:
        with picture:
            draw([empty(spec) for spec in experiments])
            st.caption("Nothing has been trained yet: predict, then press Run.")
        return None
    over = running.state in ENDED
    _follow(running, picture, status, draw, None if over else _pace(running))
    return running.histories if running.state == "done" else None


def _visitor() -> str:
    return st.session_state.setdefault("visitor", secrets.token_hex(8))


def _pace(running: Run) -> float:
    return REFRESH * max(1, running.watchers() / CROWD)


def _follow(running: Run, picture, status, draw: Draw, every: float | None) -> None:
    """The picture and the progress of a run, again and again while it trains."""

    @st.fragment(run_every=every)
    def look() -> None:
        snapshot = running.look(wait=FIRST_LOOK, visitor=_visitor())
        with status.container(key="progress"):
            tell(snapshot, running)
        with picture.container(key="live"):
            draw(snapshot.histories)
        if every and snapshot.state in ENDED:
            st.rerun()

    look()


def tell(snapshot: Snapshot, running: Run) -> None:
    """Progress, time and place in the queue, as a line; with it the way to stop."""
    if snapshot.state == "queued":
        before = f"{snapshot.place} run{'s' * (snapshot.place != 1)} before yours" if snapshot.place else "yours is next"
        st.progress(0.0, f"In the queue: {before}")
    elif snapshot.state == "running":
        left = f", about {snapshot.remaining:.0f} s to go" if snapshot.remaining else ""
        st.progress(snapshot.progress, f"{snapshot.progress:.0%} · {snapshot.elapsed:.1f} s on this server{left}")
    elif snapshot.state == "done":
        st.caption(f"Trained in {snapshot.elapsed:.1f} s on this server.")
    if snapshot.state not in ENDED:
        st.button("Cancel", on_click=running.cancel, width="stretch")
    if snapshot.note:
        st.warning(snapshot.note)


def outcome(name: str, sentence: str) -> None:
    """What happened, beside what was predicted."""
    said = st.session_state.get(f"{name} prediction")
    st.markdown(f"**What happened.** {sentence}" + (f" You predicted: *{said}*" if said else ""))


def caption(name: str, seeds: int = 1) -> None:
    """What to look for in the picture, and what its bands are."""
    bands = f" Lines are means over {seeds} seeds, bands reach from the lowest to the highest." if seeds > 1 else ""
    st.caption(text.lab(name).caption + bands)


def explain(name: str, histories: Sequence[History] | None, *code: Any, latex: str = "") -> None:
    """The lesson, the formula, the source that ran, and what a visitor can take home."""
    st.markdown(text.lab(name).lesson)
    if latex:
        st.latex(latex)
    if histories:
        export.histories(name.replace("/", "-"), histories)
    with st.expander("The code that ran"):
        st.code("\n\n".join(inspect.getsource(each) for each in code), language="python")
