"""Take the pictures of the chapters on the home page: `python -m tests.browser.chapters`, after what they show has changed.

Each is a part of a lab as a visitor sees it, at its textbook run, in light and dark. `python -m pages.kit.warm --first` before
it, into the same `RUNS_DIR`, spares training while a browser watches.
"""

import os
from io import BytesIO
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page

from pages.kit.text import ASSETS
from tests.browser.screenshots import train
from tests.browser.serving import chromium, served

FOLDER = ASSETS / "chapters"
WIDTH, TALLEST = 640, 0.625  # pixels, and height over width at most
CHART = "[data-testid=stVegaLiteChart]"


class View(NamedTuple):
    address: str
    part: str
    """Which element is the picture."""


VIEWS = {
    "optimizers": View("/optimizers?step=30", ".player canvas"),
    "softmax": View("/softmax?section=borders&border_data=twins", CHART),
    "activations": View("/activations?section=dead", CHART),
    "preprocessing": View("/preprocessing", "canvas"),
    "initialization": View("/initialization?wall=I9", ".wall canvas"),
    "batchnorm": View("/batchnorm", CHART),
    "regularization": View("/regularization", CHART),
    "babysitting": View("/babysitting?section=rates", f"{CHART} >> nth=1"),
    "search": View("/search?section=random", CHART),
    "claims": View("/claims", CHART),
}


def take(page: Page, view: View) -> Image.Image:
    """The element, as wide as it is; of one that is high, its upper part."""
    page.goto(view.address)
    train(page)
    part = page.locator(".st-key-lab-picture").locator(view.part).first
    part.scroll_into_view_if_needed()
    picture = Image.open(BytesIO(part.screenshot()))
    high = min(picture.height, round(picture.width * TALLEST))
    return picture.crop((0, 0, picture.width, high)).resize((WIDTH, round(WIDTH * high / picture.width)))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with served(RUNS_DIR=os.environ.get("RUNS_DIR", "off")) as server, chromium() as browser:
        for scheme in ("light", "dark"):
            look = {"viewport": {"width": 1280, "height": 1600}, "color_scheme": scheme, "reduced_motion": "reduce"}
            context = browser.new_context(**look, device_scale_factor=2, base_url=server)
            for name, view in VIEWS.items():
                take(context.new_page(), view).save(FOLDER / f"{name}-{scheme}.webp", quality=80)
