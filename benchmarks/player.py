"""Time the player in headless Chromium: `python -m benchmarks.player` prints what the README's table says.

Six optimizers, 500 steps, 1280×800, software raster; server and browser share the machine. With an address, as that of a
`streamlit run tests/browser/live.py`, it prints only how many pictures a second follow a dragged start there.
"""

import math
import statistics
import sys
import time
from itertools import pairwise

from playwright.sync_api import Page

from engine.descent import follow
from engine.experiments import CLASSICS, textbook
from engine.objectives import OBJECTIVES
from pages.charts.contours import sample
from pages.charts.paths import RESTING, describe
from pages.kit.canvas import sources
from pages.kit.player import SHARED
from tests.browser.serving import chromium, served

QUERY = "/optimizers?steps=500"
PLAYER = ".player[data-scene]"


def compute_ms() -> float:
    """Six paths of 500 steps; the best of 20, since everything else on the machine only adds."""
    specs = [textbook(name, steps=500) for name in CLASSICS]
    times = []
    for _ in range(20):
        start = time.perf_counter()
        for spec in specs:
            follow(spec)
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def payload_kb(surface: str) -> float:
    """What a changed picture costs: the blob and the component's own source."""
    specs = [textbook(name, surface, steps=500) for name in CLASSICS]
    blob = describe(specs, [follow(spec) for spec in specs], sample(specs[0].objective()), **RESTING, replay="")
    return (len(blob) + len("".join(sources("player", SHARED, ["anatomy"])).encode())) / 1e3


def first_paint_s(address: str, browser) -> float:
    """From the request to the first painted frame, with nothing cached in the browser."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    start = time.perf_counter()
    page.goto(address + QUERY)
    page.locator(PLAYER).wait_for()
    seconds = time.perf_counter() - start
    page.context.close()
    return seconds


def frames_per_second(page: Page, seconds: float = 4) -> float:
    player = page.locator(PLAYER)
    player.press("Home")
    player.press(" ")
    page.wait_for_timeout(300)
    counted = page.evaluate(
        """async (ms) => {
            const find = (root) => root.querySelector(".player") ?? [...root.querySelectorAll("*")]
                .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
            const player = find(document);
            const [before, start] = [Number(player.dataset.frames), performance.now()];
            await new Promise((done) => setTimeout(done, ms));
            return (Number(player.dataset.frames) - before) / (performance.now() - start);
        }""",
        1e3 * seconds,
    )
    return 1e3 * counted


def change_to_paint_ms(page: Page, times: int = 25) -> list[float]:
    """From Enter in the learning-rate box to the painted picture of the new path, as the browser's clock has it."""
    page.locator(PLAYER).press("End")
    page.get_by_text("Optimizers and learning rates").click()
    box = page.get_by_role("spinbutton", name="learning rate η")
    found = []
    for i in range(times):
        box.fill(f"{0.3 + 0.01 * i:.2f}")
        page.wait_for_timeout(250)
        page.evaluate(
            """() => {
                const find = (root) => root.querySelector(".player") ?? [...root.querySelectorAll("*")]
                    .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
                const player = find(document);
                window.painted = new Promise((done) => {
                    let start;
                    document.addEventListener("keydown", () => (start = performance.now()), { once: true, capture: true });
                    new MutationObserver((_, watch) => {
                        watch.disconnect();
                        requestAnimationFrame(() => done(performance.now() - start));
                    }).observe(player, { attributeFilter: ["data-scene"] });
                });
            }"""
        )
        box.press("Enter")
        found.append(page.evaluate("() => window.painted"))
    return found


def pictures_per_second(page: Page, seconds: float = 4) -> tuple[float, float]:
    """How many pictures of other paths follow the start while it is dragged around, and the longest wait for one in ms."""
    player, canvas = page.locator(PLAYER), page.locator("canvas").first.bounding_box()
    left, top, width, height = map(float, player.get_attribute("data-box").split(","))
    page.evaluate(
        """() => {
            const find = (root) => root.querySelector(".player") ?? [...root.querySelectorAll("*")]
                .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
            const player = find(document), seen = (window.seen = [performance.now()]);
            let last = player.dataset.scene;
            new MutationObserver(() => {
                if (player.dataset.scene === last) return;
                last = player.dataset.scene;
                requestAnimationFrame(() => seen.push(performance.now()));
            }).observe(player, { attributeFilter: ["data-scene"] });
        }"""
    )
    place = (canvas["x"] + left + 0.15 * width, canvas["y"] + top + 0.4 * height)
    page.mouse.move(*place)
    page.mouse.down()
    start = time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        turn = 2 * passed
        page.mouse.move(place[0] + 0.1 * width * math.sin(turn), place[1] + 0.2 * height * (math.cos(turn) - 1))
        page.wait_for_timeout(15)
    seen = page.evaluate("() => window.seen")
    page.mouse.up()
    waits = [after - before for before, after in pairwise(seen)]
    return len(waits) / seconds, max(waits, default=math.inf)


def rerun_bytes(page: Page, received: list[int]) -> tuple[int, int]:
    """Bytes the server sends when the visitor stops the player, and when another tab of settings opens."""
    page.locator(PLAYER).press("End")
    page.wait_for_timeout(1000)
    received.clear()
    page.locator(PLAYER).press("ArrowLeft")
    page.wait_for_timeout(1000)
    pause = sum(received)
    received.clear()
    page.locator("[data-testid=stButtonGroup] button", has_text="Momentum").last.click()
    page.wait_for_timeout(1000)
    return pause, sum(received)


def live(address: str) -> None:
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce").new_page()
        page.goto(address)
        page.locator(PLAYER).wait_for()
        page.wait_for_timeout(1500)
        print("{:.1f} pictures a second, longest wait {:.0f} ms".format(*pictures_per_second(page)))


def main() -> None:
    print(f"six paths of 500 steps computed          {compute_ms():6.1f} ms")
    for surface in OBJECTIVES:
        print(f"payload, {surface:32}{payload_kb(surface):6.0f} kB")
    with served() as address, chromium() as browser:
        first_paint_s(address, browser)
        cold = [first_paint_s(address, browser) for _ in range(5)]
        print(f"cold first paint, median of 5            {statistics.median(cold):6.2f} s")
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        received: list[int] = []
        page.on("websocket", lambda ws: ws.on("framereceived", lambda data: received.append(len(data))))
        page.goto(address + QUERY)
        page.locator(PLAYER).wait_for()
        page.wait_for_timeout(2000)
        print(f"frames per second                        {frames_per_second(page):6.1f}")
        paints = change_to_paint_ms(page)
        print(f"control change → painted, median         {statistics.median(paints):6.0f} ms (p90 {sorted(paints)[-3]:.0f})")
        print("pictures a second while the start moves  {:6.1f} (longest wait {:.0f} ms)".format(*pictures_per_second(page)))
        pause, tab = rerun_bytes(page, received)
        print(f"rerun after a pause                      {pause / 1e3:6.1f} kB")
        print(f"rerun of the whole page, player unchanged {tab / 1e3:5.1f} kB")


if __name__ == "__main__":
    live(sys.argv[1]) if len(sys.argv) > 1 else main()
