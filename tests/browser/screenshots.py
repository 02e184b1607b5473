"""Take the pictures to look at before a change lands: `python -m tests.browser.screenshots [folder]`.

Every lab, and some settings of note, in light and dark, on a desktop, a phone and a wall; what trains is run to its end, and
every lab is asked what happened. `--only`, `--scheme` and `--screen` take a part, e.g. `--only batchnorm --scheme dark`.
The README's pictures are `optimizers-play-late`, `activations-gallery`, `initialization-tanh`, `batchnorm-map`,
`regularization-overfit` and `claims-table`, desktop, light.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from playwright.sync_api import Locator, Page

from pages.labs import TOPICS
from tests.browser.serving import chromium, served

LABS = {lab.id.replace("/", "-"): topic.path(lab, {}) for topic in TOPICS for lab in topic.labs}
VIEWS = {
    "home": "/",
    **LABS,
    "optimizers-play-late": "/optimizers?step=24",
    "optimizers-panels": "/optimizers?preset=O9&step=30",
    "optimizers-arrows": "/optimizers?preset=O13&step=60",
    "optimizers-saddle": "/optimizers?preset=O14&arrows=descent&step=45",
    "optimizers-noise": "/optimizers?preset=O23&step=200",
    "optimizers-rosenbrock": "/optimizers?surface=rosenbrock&step=200",
    "optimizers-rastrigin": "/optimizers?surface=rastrigin&step=100",
    "optimizers-diverged": "/optimizers?preset=O3&sgd_lr=100",
    "optimizers-formula": "/optimizers?surface=formula&formula=sin(x)*cos(y)%2Blog(x%2B5)",
    "optimizers-wrong": "/optimizers?surface=formula&formula=x**2%2Byy&steps=99999",
    "optimizers-winners": "/optimizers?section=maps&maps=winner",
    "initialization-tanh": "/initialization?wall=I9",
    "initialization-vanished": "/initialization?wall=I12",
    "activations-maxout": "/activations?shape=maxout",
    "activations-family": "/activations?section=race&race=A10",
    "batchnorm-map": "/batchnorm?cell=book-4",
    "batchnorm-rates": "/batchnorm?section=learn&learn=B6",
    "babysitting-own-three": "/babysitting?networks=3&b_lr=0.1&c_lr=0.1&c_batchnorm=before&seeds=3",
}
SCREENS = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
    "wall": {"width": 1920, "height": 1080},
}
READY = ".player[data-scene], [data-testid=stVegaLiteChart], [data-testid=stAlert], [data-testid=stPlotlyChart], iframe"
PATIENCE = 600_000  # milliseconds for a page, and for a run


def main(asked: Namespace) -> None:
    asked.folder.mkdir(parents=True, exist_ok=True)
    views = {name: path for name, path in VIEWS.items() if name.startswith(asked.only)}
    with served() as server, chromium() as browser:
        for screen in asked.screen:
            for scheme in asked.scheme:
                look = {"viewport": SCREENS[screen], "color_scheme": scheme, "reduced_motion": "reduce"}
                context = browser.new_context(**look)
                for name, path in views.items():
                    page = context.new_page()
                    page.goto(server + path)
                    finish(page)
                    take(page, asked.folder / f"{name}-{screen}-{scheme}")
                    page.close()
                context.close()


def finish(page: Page) -> None:
    """Wait for the picture, and ask what happened."""
    see = train(page)
    if see.count():
        see.click()
        page.get_by_text("What happened.").wait_for(timeout=PATIENCE)
        settle(page)


def train(page: Page) -> Locator:
    """Wait for the picture; run what can be run. The button that asks what happened, where there is one."""
    see = page.get_by_role("button", name="See what happened")
    run = page.get_by_role("button", name="Run", exact=True)
    page.locator(READY).or_(see).or_(run).first.wait_for(timeout=PATIENCE)
    settle(page)
    if run.count():
        run.click()
        page.get_by_text("Trained in").or_(page.get_by_text("Trained earlier")).first.wait_for(timeout=PATIENCE)
        see.wait_for(timeout=PATIENCE)
        settle(page)
    return see


def settle(page: Page) -> None:
    """Wait until no script runs and what it sent is painted."""
    page.wait_for_function("() => !document.querySelector('[data-test-script-state=running]')", timeout=PATIENCE)
    page.wait_for_timeout(900)


def take(page: Page, stem: Path) -> None:
    """What a visitor sees first, and the whole page, as on a screen as high."""
    size, main = page.viewport_size, page.locator("[data-testid=stMain]")
    main.evaluate("e => e.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)
    page.screenshot(path=f"{stem}.png")
    height = main.evaluate("e => e.scrollHeight")
    page.set_viewport_size({**size, "height": max(height, size["height"])})
    page.wait_for_timeout(400)
    page.screenshot(path=f"{stem}-whole.png")


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).with_name("screenshots"))
    parser.add_argument("--only", default="", help="what a view's name begins with")
    parser.add_argument("--scheme", nargs="*", choices=("light", "dark"), default=("light", "dark"))
    parser.add_argument("--screen", nargs="*", choices=SCREENS, default=tuple(SCREENS))
    main(parser.parse_args())
