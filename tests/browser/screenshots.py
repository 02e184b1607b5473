"""Take the pictures to look at before a change lands: `python -m tests.browser.screenshots [folder]`.

Every view in light and dark, on a desktop and on a phone; what trains is run to its end. The README's pictures are
`play-`, `tanh-`, `gallery-`, `grid-` and `overfit-desktop-light.png`.
"""

import sys
from pathlib import Path

from tests.browser.serving import chromium, served

VIEWS = {
    "home": "/",
    "play": "/optimizers?step=24",
    "panels": "/optimizers?preset=O9&step=30",
    "arrows": "/optimizers?preset=O13&step=60",
    "saddle": "/optimizers?preset=O14&arrows=descent&step=45",
    "noise": "/optimizers?preset=O23&step=200",
    "rosenbrock": "/optimizers?surface=rosenbrock&step=200",
    "rastrigin": "/optimizers?surface=rastrigin&step=100",
    "diverged": "/optimizers?preset=O3&sgd_lr=100",
    "formula": "/optimizers?surface=formula&formula=sin(x)*cos(y)%2Blog(x%2B5)",
    "wrong": "/optimizers?surface=formula&formula=x**2%2Byy&steps=99999",
    "anatomy": "/optimizers?section=anatomy",
    "eigen": "/optimizers?section=why",
    "basins": "/optimizers?section=maps",
    "winners": "/optimizers?section=maps&maps=winner",
    "relief": "/optimizers?section=surface",
    "bumps": "/optimizers?section=wells",
    "steps": "/optimizers?section=steps",
    "race": "/optimizers?section=race",
    "wall": "/initialization",
    "tanh": "/initialization?wall=I9",
    "vanished": "/initialization?wall=I12",
    "pairs": "/initialization?section=pairs",
    "why": "/initialization?section=why",
    "training": "/initialization?section=training",
    "initializers": "/initialization?section=race",
    "symmetry": "/initialization?section=symmetry",
    "gallery": "/activations",
    "maxout": "/activations?shape=maxout",
    "zigzag": "/activations?section=zigzag",
    "dead": "/activations?section=dead",
    "dying": "/activations?section=dying",
    "activations": "/activations?section=race&race=A10",
    "depth": "/activations?section=depth",
    "grid": "/batchnorm?cell=book-4",
    "rates": "/batchnorm?section=learn&learn=B6",
    "learn": "/batchnorm?section=learn",
    "layer": "/batchnorm?section=layer",
    "inputs": "/batchnorm?section=inputs",
    "testing": "/batchnorm?section=testing",
    "overfit": "/regularization?section=overfit",
    "honest": "/regularization?section=honest",
    "data": "/regularization?section=data",
    "weights": "/regularization?section=weights",
    "mistakes": "/regularization?section=mistakes",
}
READY = ".player[data-scene], [data-testid=stVegaLiteChart], [data-testid=stAlert], button[kind=primary]"
RUN = "button[kind=primary]"
SCREENS = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, chromium() as browser:
        for screen, size in SCREENS.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport=size, color_scheme=scheme, reduced_motion="reduce", device_scale_factor=1
                )
                for name, path in VIEWS.items():
                    page = context.new_page()
                    page.goto(address + path)
                    page.locator(READY).first.wait_for()
                    if (run := page.locator(RUN)).count():
                        run.click()
                        page.get_by_text("What happened").wait_for(timeout=120_000)
                    page.wait_for_timeout(900)
                    height = page.locator("[data-testid=stMain]").evaluate("e => e.scrollHeight")
                    page.screenshot(path=folder / f"{name}-{screen}-{scheme}.png")
                    page.set_viewport_size({**size, "height": max(height, size["height"])})
                    page.wait_for_timeout(400)
                    page.screenshot(path=folder / f"{name}-{screen}-{scheme}-whole.png")
                    page.close()
                context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("screenshots")))
