"""Compute is the only cache, so that equal requests are computed once for everybody: frozen specs in, arrays out."""

import streamlit as st

from engine.descent import Path, follow
from engine.experiments import Descent, Hyper
from pages.kit.charts import Surface, sample


@st.cache_data(max_entries=2000, show_spinner=False)
def path(spec: Descent) -> Path:
    return follow(spec)


def surface(spec: Descent) -> Surface:
    """The surface of a spec, one for all specs that share it."""
    return _surface(spec.surface, spec.formula, spec.surface_hyper)


@st.cache_data(max_entries=100, show_spinner=False)
def _surface(kind: str, formula: str, hyper: Hyper) -> Surface:
    return sample(Descent(surface=kind, formula=formula, surface_hyper=hyper).objective())
