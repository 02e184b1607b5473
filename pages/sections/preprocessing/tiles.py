"""Color pictures: tiles of photos less their mean image, as AlexNet had it, or less three numbers, as VGG had it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.datasets import load
from engine.pictures import mean_channels, mean_image, tiles, unevenness
from engine.verdict import Verdict
from pages.kit import compute, plates
from pages.kit.controls import Values
from pages.kit.language import N_, tr
from pages.kit.photos import NAMES, photo
from pages.kit.plates import COLOR, Row
from pages.sections.preprocessing.axes import square

SHOWN = 8
CHANCE = 1.5  # times 1/√n: more than that is no chance
BYTES = 255


class Means(NamedTuple):
    """Of some tiles, and of the training digits: how uneven the mean image is, and how many examples there are."""

    channels: np.ndarray
    """(3,)"""
    uneven: dict[str, float]
    counts: dict[str, int]
    side: int


def cut(values: Values) -> np.ndarray:
    """(n, side, side, 3) of uint8."""
    names = NAMES if values.photos == "both" else (values.photos,)
    return np.concatenate([tiles(photo(name), int(values.side)) for name in names])


def find(values: Values) -> Means:
    x, digits = cut(values), digits_alike()
    uneven, counts = {"tiles": unevenness(x), "digits": digits[0]}, {"tiles": len(x), "digits": digits[1]}
    return Means(mean_channels(x), uneven, counts, int(values.side))


@compute.cached(1)
def digits_alike() -> tuple[float, int]:
    """The unevenness of the training digits, and their number."""
    x = square(load().x_train)[..., None]
    return unevenness(x), len(x)


def blob(values: Values, echo: int) -> bytes:
    x = cut(values)
    image, numbers = mean_image(x), mean_channels(x)
    flat = np.broadcast_to(numbers, image.shape)
    shown = x[np.linspace(0, len(x) - 1, SHOWN).round().astype(int)].astype(float)
    deviation = x.std(axis=0, dtype=float)
    statistics = np.stack([image, flat, gray(5 * (image - flat)), deviation])
    names = [tr("mean image"), tr("mean color"), tr("difference × 5"), "σ"]
    rows = [
        Row(tr("Means"), tr("of {n} tiles", n=len(x)), statistics, COLOR, BYTES, names),
        Row(tr("Tiles"), tr("{side} × {side} pixels", side=values.side), shown, COLOR, BYTES),
        Row("AlexNet", tr("− mean image; gray is 0"), gray(shown - image), COLOR, BYTES),
        Row("VGG", tr("− three numbers"), gray(shown - numbers), COLOR, BYTES),
    ]
    summary = tr("Tiles of color photos, their mean image and mean color, and the tiles less either.")
    return plates.describe(rows, summary, echo=echo)


def gray(x: np.ndarray) -> np.ndarray:
    """Differences of pixels as colors around gray."""
    return (x + BYTES) / 2


def verdict(found: Means) -> Verdict:
    """Whether the mean image shows more than chance would, for the tiles and for digits."""
    cut = tr("{n} tiles of {side} × {side}", n=found.counts["tiles"], side=found.side)
    rows = [
        {"name": name, "uneven": found.uneven[what], "chance": 1 / np.sqrt(found.counts[what])}
        for what, name in (("tiles", cut), ("digits", N_("4,000 digits")))
    ]
    structured = found.uneven["tiles"] > CHANCE * rows[0]["chance"]
    red, green, blue = found.channels
    numbers = {"red": red, "green": green, "blue": blue, "uneven": rows[0]["uneven"], "chance": rows[0]["chance"]}
    return Verdict("picture" if structured else "color", right="picture" if structured else "color", **numbers, rows=rows)


def table(found: Means) -> pd.DataFrame:
    examples = {"examples": list(found.counts), "count": list(found.counts.values())}
    return pd.DataFrame({**examples, "unevenness_of_the_mean_image": list(found.uneven.values())})
