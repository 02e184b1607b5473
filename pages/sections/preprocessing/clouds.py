"""Clouds: a cloud is pulled about, and all stages of its way through centering, scaling and whitening follow."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine import preprocessing
from engine.clouds import RANGES, Cloud, Stage, stages
from engine.preprocessing import PREPROCESSORS
from engine.registry import Range
from engine.verdict import Verdict
from pages.kit import address, clouds, hand
from pages.kit.clouds import Way
from pages.kit.controls import Choice, Number, Values
from pages.kit.hand import Dial
from pages.kit.lab import Lab
from pages.kit.language import N_, tr

BOOK = Cloud()
EPS = Number("ε of whitening", 1e-5, Range(1e-6, 10, log=True))
STOPS = [float(f"{m}e{k}") for k in range(-6, 1) for m in (1, 1.5, 2, 3, 5, 7)] + [10.0]
FLAT = {"correlation": 0.999}
LABELS = {"mean_x": "mean of x", "mean_y": "mean of y", "std_x": "std of x", "std_y": "std of y"}
LABELS |= {"correlation": "correlation", "error": "measurement error"}
CONTROLS = {
    "last": Choice("Whitening", "whiten", {"whiten": "Whitened", "zca": "ZCA: turned back"}),
    **{name: Number(label, getattr(BOOK, name), RANGES[name]) for name, label in LABELS.items()},
    "eps": EPS,
}
WAYS = {
    "none": Way(N_("Original"), ""),
    "center": Way(N_("Centered"), "− μ"),
    "standardize": Way(N_("Standardized"), "÷ σ"),
    "decorrelate": Way(N_("Decorrelated"), "Vᵀ(x − μ)"),
    "whiten": Way(N_("Whitened"), "÷ √(λ + ε)"),
    "zca": Way(N_("ZCA-whitened"), "V ÷ √(λ + ε)"),
}
RIGHT = {(False, True): "whitened", (True, False): "standardized", (True, True): "both", (False, False): "neither"}


class Walked(NamedTuple):
    """A cloud, and its stages."""

    cloud: Cloud
    stages: list[Stage]
    eps: float


def find(values: Values) -> Walked:
    cloud = Cloud(**{name: getattr(values, name) for name in LABELS})
    return Walked(cloud, stages(cloud, values.last, values.eps), values.eps)


def draw(walked: Walked, values: Values) -> None:  # noqa: ARG001
    hand.follow(values, show)


def show(held: Values, echo: int) -> None:
    cloud, found, eps = find(held)
    ways = [Way(tr(title), step) for title, step in (WAYS[stage.name] for stage in found)]
    clouds.show("clouds", clouds.describe(cloud, found, ways, Dial("eps", tr("ε of whitening"), STOPS, eps), echo))


def beside(walked: Walked | None, values: Values) -> None:  # noqa: ARG001
    st.button(tr("Make it nearly flat"), on_click=address.change, kwargs=FLAT, width="stretch")


def verdict(walked: Walked) -> Verdict:
    """At which stages the covariance matrix is I, and what becomes of the error of a measurement."""
    cloud, found, eps = walked
    _, _, standardized, decorrelated, last = found
    right = RIGHT[standardized.white, last.white]
    rows = [row(stage) for stage in found]
    long, short = np.linalg.norm(decorrelated.axes, axis=1)
    flat = short == 0
    also = [Verdict("stages", rows=rows)]
    if cloud.error and not flat:
        before, after = found[0].error, last.error
        wide, narrow = np.linalg.norm(last.axes, axis=1) / (long, short)
        times = {"long": wide, "short": narrow, "share": after / before}
        also.append(Verdict("error", before=before, after=after, **times))
    return Verdict("flat" if flat else right, right=right, eps=eps, long=long**2, short=short**2, also=also)


def row(stage: Stage) -> dict:
    """Mean and covariance matrix of a stage; what is only rounding counts as 0."""
    (a, b), (_, c) = clean(stage.covariance)
    x, y = clean(stage.mean)
    return {"stage": WAYS[stage.name].title, "x": x, "y": y, "a": a, "b": b, "c": c, "share": stage.error}


def clean(values: np.ndarray) -> np.ndarray:
    return np.where(np.abs(values) < 1e-12, 0, values)


def table(walked: Walked) -> pd.DataFrame:
    """Both measurements of every point at every stage."""
    frames = [
        pd.DataFrame({"stage": stage.name, "point": range(len(stage.x)), "x": x, "y": y, "x_again": u, "y_again": v})
        for stage in walked.stages
        for (x, y), (u, v) in [(stage.x.T, stage.again.T)]
    ]
    return pd.concat(frames)


def formula(values: Values) -> str:
    entries = [PREPROCESSORS[name] for name in ("center", "standardize", "decorrelate", values.last)]
    parts = [rf"\text{{{tr(entry.label)}: }} {entry.latex}" for entry in entries]
    return r" \qquad ".join(parts) + r" \qquad \Sigma = V \Lambda V^\top"


LAB = Lab(
    id="preprocessing/clouds",
    title="Clouds",
    prefix="cloud_",
    controls=CONTROLS,
    find=find,
    draw=draw,
    beside=beside,
    verdict=verdict,
    table=table,
    formula=formula,
    code=lambda values: [
        *(PREPROCESSORS[name].function for name in ("center", "standardize", "decorrelate", values.last)),
        preprocessing.principal,
        preprocessing.spread,
    ],
)
