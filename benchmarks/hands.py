"""Count the pictures a second that follow a hand on the canvases of preprocessing: `python -m benchmarks.hands [address]`.

A cloud that is pulled, the curve of PCA, and the start on four loss surfaces; 1280×800, software raster, server and browser
share the machine.
"""

import math
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from itertools import pairwise

from playwright.sync_api import Page

from tests.browser.serving import chromium, served

SEEN = """(name) => {
    const find = (root) => root.querySelector(name) ?? [...root.querySelectorAll("*")]
        .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
    const root = find(document), seen = (window.seen = [performance.now()]);
    let last = root.dataset.scene;
    new MutationObserver(() => {
        if (root.dataset.scene === last) return;
        last = root.dataset.scene;
        requestAnimationFrame(() => seen.push(performance.now()));
    }).observe(root, { attributeFilter: ["data-scene"] });
}"""
HANDS = {  # what is pulled, as shares of the box that the canvas names: where it is at first, and t seconds later
    "a cloud": ("/preprocessing", ".clouds", (0.85, 0.33), lambda t: (0.77 + 0.08 * math.cos(2 * t), 0.33 + 0.1 * math.sin(t))),
    "dimensions of digits": (
        "/preprocessing?section=digits&digits_shown=fewer",
        ".plates",
        (0.75, 0.5),
        lambda t: (0.55 + 0.2 * math.cos(3 * t), 0.5),
    ),
    "four losses": (
        "/preprocessing?section=surface",
        ".player",
        (0.344, 0.5),
        lambda t: (0.344 + 0.1 * math.sin(2 * t), 0.5 + 0.1 * math.sin(t)),
    ),
}


def follow(page: Page, name: str, first: tuple, path: Callable[[float], tuple], seconds: float = 4) -> tuple[float, float]:
    """Pictures a second, and the longest wait for one in ms."""
    root, canvas = page.locator(name), page.locator(f"{name} canvas").bounding_box()
    left, top, width, height = map(float, root.get_attribute("data-box").split(","))

    def place(part: tuple[float, float]) -> tuple[float, float]:
        return canvas["x"] + left + part[0] * width, canvas["y"] + top + part[1] * height

    page.evaluate(SEEN, name)
    page.mouse.move(*place(first))
    page.mouse.down()
    start = time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        page.mouse.move(*place(path(passed)))
        page.wait_for_timeout(15)
    seen = page.evaluate("() => window.seen")
    page.mouse.up()
    waits = [after - before for before, after in pairwise(seen)]
    return len(waits) / seconds, max(waits, default=math.inf)


def main() -> None:
    with nullcontext(sys.argv[1]) if sys.argv[1:] else served() as address, chromium() as browser:
        for words, (path, name, first, way) in HANDS.items():
            page = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce").new_page()
            page.goto(address + path)
            page.locator(f"{name}[data-scene]").wait_for(timeout=60_000)
            page.wait_for_timeout(1500)
            rate, longest = follow(page, name, first, way)
            print(f"{words:24}{rate:6.1f} pictures a second, longest wait {longest:.0f} ms")
            page.context.close()


if __name__ == "__main__":
    main()
