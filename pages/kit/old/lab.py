"""A lab is a section as an experiment: predict, look, or press Run and watch, read what happened, take it home."""

import inspect
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from engine.compare import History, empty
from engine.experiments import Experiment
from pages.kit import compute, export, text
from pages.kit.old.controls import Setting, assign
from pages.kit.runs import ENDED, Run, Snapshot

REFRESH, CROWD = 0.4, 8  # seconds between two looks, and how many visitors with a run in view make them rarer
SLOWEST = 5.0  # seconds between two looks in the largest crowd
FIRST_LOOK = 0.3  # seconds to wait for a first picture

Draw = Callable[[list[History]], None]


def stage(name: str = ""):
    """Where the picture and where the controls stand, under the question of the lab if it is named."""
    picture, side = st.columns([0.68, 0.32], gap="medium")
    if name:
        with side:
            predict(name)
    return picture, side


def predict(name: str) -> None:
    """The question of a lab, to be answered before the picture is seen."""
    lab = text.lab(name)
    st.pills(f"**Predict first.** {lab.question}", lab.answers, key=f"{name} prediction", wrap=True)


def reset(settings: Mapping[str, Setting]) -> None:
    st.button("Reset to the textbook", on_click=assign, args=(settings,))


def run(name: str, picture, specs: Callable[[], list[Experiment]], draw: Draw) -> list[History] | None:
    """Show the run of what the controls ask for, live, under its Run button or progress; the histories once it is finished.

    `draw(histories)` draws what there is so far, which may be nothing yet. A ValueError of `specs` becomes a sentence.
    """
    try:
        experiments = specs()
        compute.check(experiments)
    except ValueError as problem:
        picture.error(f"That cannot be run: {text.quote(str(problem))}")
        return None
    running = compute.find(experiments)
    with picture:
        if running is None:
            with st.container(key=f"{name} bar", horizontal=True, vertical_alignment="center"):
                _offer(name, experiments)
                st.caption("Nothing has been trained yet: predict, then press Run.")
            with st.container(key=f"{name} live"):
                draw([empty(spec) for spec in experiments])
            return None
        follow(name, running, draw)
    return running.histories if running.state == "done" else None


def _offer(name: str, experiments: Sequence[Experiment]) -> None:
    if st.button("Run", type="primary", icon=":material/play_arrow:", key=f"{name} run"):
        try:
            compute.run(experiments)
            st.rerun()
        except ValueError as problem:
            st.error(str(problem))


def follow(name: str, running: Run, draw: Draw) -> None:
    """The progress and the picture of a run, again and again while it trains."""
    visitor = st.session_state.setdefault("visitor", secrets.token_hex(8))
    every = _pace(running)

    @st.fragment(run_every=every)
    def look() -> None:
        snapshot = running.look(wait=FIRST_LOOK, visitor=visitor)
        with st.container(key=f"{name} bar", horizontal=True, vertical_alignment="center"):
            if snapshot.state in ("cancelled", "failed"):
                _offer(name, running.experiments)
            tell(snapshot)
            if snapshot.state not in ENDED and snapshot.others:
                st.caption(f"{snapshot.others} more watch{'es' if snapshot.others == 1 else ''}")
            elif snapshot.state not in ENDED:
                st.button("Cancel", on_click=running.cancel, args=(visitor,), key=f"{name} cancel")
        with st.container(key=f"{name} live"):
            draw(snapshot.histories)
        now = _pace(running)
        if every and (now is None or not every / 2 <= now <= every * 2):
            st.rerun()

    look()


def _pace(running: Run) -> float | None:
    """Seconds between two looks: none at what has ended, fewer the more visitors look, few at what waits in the queue."""
    if running.state in ENDED:
        return None
    return min(SLOWEST, REFRESH * max(1, running.pool.watchers() / CROWD) * (4 if running.state == "queued" else 1))


def tell(snapshot: Snapshot) -> None:
    """Progress, time and place in the queue, as a line."""
    if snapshot.state == "queued":
        before = f"{snapshot.place} run{'s' * (snapshot.place != 1)} before yours" if snapshot.place else "yours is next"
        st.progress(0.0, f"In the queue: {before}")
    elif snapshot.state == "running":
        left = f", about {snapshot.remaining:.0f} s to go" if snapshot.remaining else ""
        st.progress(snapshot.progress, f"{snapshot.progress:.0%} · {snapshot.elapsed:.1f} s on this server{left}")
    elif snapshot.state == "done":
        st.caption(f"Trained in {snapshot.elapsed:.1f} s on this server.")
    if snapshot.note:
        st.caption(snapshot.note)


def diverged(histories: Sequence[History], names: Sequence[str]) -> str:
    """A sentence about the networks whose loss is no number any more, empty if there are none."""
    lost = {name: history.diverged for history, name in zip(histories, names, strict=True) if history.diverged}
    return "".join(f" **{name}** diverged at update {step}: the learning rate is too high." for name, step in lost.items())


def outcome(name: str, sentence: str) -> None:
    """What happened, beside what was predicted."""
    said = st.session_state.get(f"{name} prediction")
    st.markdown(f"**What happened.** {sentence}" + (f" You predicted: *{said}*" if said else ""))


def caption(name: str, seeds: int = 1) -> None:
    """What to look for in the picture, and what its bands are."""
    bands = f" Lines are means over {seeds} seeds, bands reach from the lowest to the highest." if seeds > 1 else ""
    st.caption(text.lab(name).caption + bands)


_source = lru_cache(inspect.getsource)


def explain(
    name: str, histories: Sequence[History] | None, *code: Any, latex: str = "", table: pd.DataFrame | None = None
) -> None:
    """The lesson, the formula, the source that ran, and what a visitor can take home: of a run, or the table of a picture."""
    st.markdown(text.lab(name).lesson)
    if latex:
        st.latex(latex)
    if table is not None:
        file = f"{name.replace('/', '-')}.csv"
        st.download_button("Numbers (CSV)", lambda: table.to_csv(index=False), file, "text/csv", on_click="ignore")
    if histories:
        export.histories(name.replace("/", "-"), histories)
    with st.expander("The code that ran"):
        st.code("\n\n".join(map(_source, code)), language="python")
