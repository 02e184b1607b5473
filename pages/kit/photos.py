"""Photos are the two color pictures that come inside the package scikit-learn, which mlxtend brings along."""

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from pages.kit.language import N_, tr

NAMES = {"china": N_("China"), "flower": N_("Flower")}


@cache
def photo(name: str) -> np.ndarray:
    """(427, 640, 3) of uint8, read-only; ValueError if the package has none. It is located, not imported: that would take
    seconds."""
    package = importlib.util.find_spec("sklearn")
    path = Path(package.origin if package and package.origin else "").parent / "datasets" / "images" / f"{name}.jpg"
    try:
        with Image.open(path) as file:
            pixels = np.asarray(file.convert("RGB"))
    except OSError as error:
        raise ValueError(tr("the photo {name} of scikit-learn cannot be read: pip install scikit-learn", name=name)) from error
    pixels.setflags(write=False)
    return pixels
