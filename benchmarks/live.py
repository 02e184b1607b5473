"""Time a run as a visitor sees it: `python -m benchmarks.live` prints one line a page (Chromium, warm server, new seeds).

First picture: from the click on Run to the first line drawn. Updates: how often a second the picture changed until the end.
"""

import statistics
import time

from tests.browser.serving import chromium, served

PAGES = {
    "the grid": "/batchnorm?grid_seed={}",
    "the race, 1 seed": "/optimizers?section=race&race_steps=1999&race_sgd={}e-4",
    "vital signs": "/babysitting?section=vitals&vitals_seed={}",
    "overfitting": "/regularization?section=overfit&overfit_lr={}e-4",
}
LINES = "[...document.querySelectorAll('.mark-line path')].map(e => e.getAttribute('d')).join()"


def watch(page, address: str) -> tuple[float, float, float]:
    """Milliseconds to the first picture, pictures a second, seconds to the end."""
    page.goto(address)
    page.locator("button[kind=primary]").wait_for()
    page.wait_for_timeout(700)
    blank = page.evaluate(LINES)
    page.locator("button[kind=primary]").click()
    start, seen, first = time.perf_counter(), {blank}, 0.0
    while page.get_by_text("Trained in").count() == 0:
        seen.add(page.evaluate(LINES))
        first = first or (time.perf_counter() - start if len(seen) > 1 else 0.0)
        time.sleep(0.02)
    end = time.perf_counter() - start
    return 1e3 * first, (len(seen) - 1) / end, end


def main() -> None:
    print(f"{'':18}{'first picture ms':>18}{'pictures/s':>12}{'end s':>8}")
    with served() as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        watch(page, address + PAGES["the grid"].format(99))
        for name, path in PAGES.items():
            rounds = [watch(page, address + path.format(101 + k)) for k in range(5)]
            first, rate, end = (statistics.median(column) for column in zip(*rounds, strict=True))
            print(f"{name:18}{first:18.0f}{rate:12.1f}{end:8.1f}", flush=True)


if __name__ == "__main__":
    main()
