"""Digits: what preprocessing makes of images, why images are only centered, and how few numbers a digit needs."""

from typing import Any

from engine import components, pictures
from engine.preprocessing import PREPROCESSORS
from engine.registry import Range
from engine.verdict import Verdict
from pages.kit import hand, plates
from pages.kit.controls import Choice, Number, Values
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.photos import NAMES
from pages.sections.preprocessing import before, fewer, tiles

VIEWS = {"before": before, "tiles": tiles, "fewer": fewer}
LABELS = {"before": "Before and after", "tiles": "Photos", "fewer": "PCA"}
FOUND = {before.Compared: before, tiles.Means: tiles, fewer.Rebuilt: fewer}
CONTROLS = {
    "shown": Choice("Shown", "before", LABELS, resets=("which",)),
    "which": Number("which of each digit", 0, Range(0, 79), when=lambda values: values.shown != "tiles"),
    "eps": Number("ε of whitening", 1e-5, Range(1e-6, 10, log=True), when=lambda values: values.shown == "before"),
    "k": Number("dimensions k", 100, Range(1, 784), when=lambda values: values.shown == "fewer"),
    "photos": Choice("Photos", "both", {"both": "Both", **NAMES}, when=lambda values: values.shown == "tiles"),
    "side": Choice(
        "Tiles", "64", {"16": "16 × 16", "32": "32 × 32", "64": "64 × 64"}, when=lambda values: values.shown == "tiles"
    ),
}
MEANS = r"""\text{AlexNet: } x - \tfrac{1}{n} \textstyle\sum_i x_i \qquad
    \text{VGG: } x_c - \tfrac{1}{n h w} \textstyle\sum_{i, p} x_{i p c}"""
KEPT = r"""x \approx \mu + \sum_{j \le k} v_j\, v_j^\top (x - \mu) \qquad
    \text{kept: } \frac{\lambda_1 + \dots + \lambda_k}{\sum_j \lambda_j}"""


def find(values: Values) -> Any:
    return VIEWS[values.shown].find(values)


def draw(found: Any, values: Values) -> None:  # noqa: ARG001
    hand.follow(values, lambda held, echo: plates.show("plates", VIEWS[held.shown].blob(held, echo)))


def verdict(found: Any) -> Verdict:
    return FOUND[type(found)].verdict(found)


def formula(values: Values) -> str:
    if values.shown != "before":
        return MEANS if values.shown == "tiles" else KEPT
    entries = [PREPROCESSORS[name] for name in ("center", "standardize", "decorrelate", "whiten", "zca")]
    return r" \qquad ".join(rf"\text{{{tr(entry.label)}: }} {entry.latex}" for entry in entries)


def code(values: Values) -> list:
    if values.shown == "tiles":
        return [pictures.tiles, pictures.mean_image, pictures.mean_channels, pictures.unevenness]
    if values.shown == "fewer":
        return [PREPROCESSORS["decorrelate"].function, components.first, components.kept, components.needed]
    return [PREPROCESSORS[name].function for name in ("standardize", "decorrelate", "whiten", "zca")] + [
        components.tail,
        pictures.neighbors,
    ]


LAB = Lab(
    id="preprocessing/digits",
    title="Digits",
    words=lambda values: "preprocessing/digits" + ("" if values.shown == "before" else f"-{values.shown}"),
    prefix="digits_",
    controls=CONTROLS,
    find=find,
    draw=draw,
    verdict=verdict,
    table=lambda found: FOUND[type(found)].table(found),
    formula=formula,
    code=code,
)
