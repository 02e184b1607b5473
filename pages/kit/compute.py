"""Compute is the only cache and the only door to workers, so that equal requests are computed once for everybody."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from engine.descent import Path, follow
from engine.experiments import Descent, Experiment, Hyper, work
from pages.charts.contours import Surface, sample
from pages.kit.runs import Pool, Run

MOST = 8e12  # multiply-adds of one run, two or three minutes of two cores
QUEUE = 60  # runs waiting


@st.cache_data(max_entries=2000, show_spinner=False)
def path(spec: Descent) -> Path:
    return follow(spec)


def surface(spec: Descent) -> Surface:
    """The surface of a spec, one for all specs that share it."""
    return _surface(spec.surface, spec.formula, spec.surface_hyper)


@st.cache_data(max_entries=100, show_spinner=False)
def _surface(kind: str, formula: str, hyper: Hyper) -> Surface:
    return sample(Descent(surface=kind, formula=formula, surface_hyper=hyper).objective())


@st.cache_resource(show_spinner=False)
def _pool() -> Pool:
    return Pool(workers=os.cpu_count() or 1)


def threads() -> ThreadPoolExecutor:
    """A thread a core, in which cached functions may be called."""
    return ThreadPoolExecutor(os.cpu_count(), initializer=add_script_run_ctx, initargs=(None, get_script_run_ctx()))


def run(experiments: Sequence[Experiment]) -> Run:
    """The one run of these experiments, training in the background; watch it with `.look()`. ValueError if it is too much."""
    check(experiments)
    if find(experiments) is None and len(_pool().waiting) >= QUEUE:
        raise ValueError(f"{QUEUE} runs are waiting already: try again in a minute.")
    return _pool().run(experiments)


def find(experiments: Sequence[Experiment]) -> Run | None:
    """The run of these experiments if somebody has asked for it already."""
    return _pool().find(experiments)


def check(experiments: Sequence[Experiment]) -> None:
    """ValueError if training all of these would take the server too long."""
    asked = sum(map(work, experiments))
    if asked > MOST:
        times = f"{asked / MOST:.1f} times what one run may cost here"
        raise ValueError(f"this would take {times}: ask for fewer steps, seeds or networks, or smaller batches")
