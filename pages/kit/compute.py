"""Compute is the only cache and the only door to workers, so that equal requests are computed once for everybody."""

import os
from collections.abc import Sequence

import streamlit as st

from engine.descent import Path, follow
from engine.experiments import Descent, Experiment, Hyper
from pages.kit.charts import Surface, sample
from pages.kit.runs import Pool, Run


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


def run(experiments: Sequence[Experiment]) -> Run:
    """The one run of these experiments, training in the background; watch it with `.look()`."""
    return _pool().run(experiments)
