"""Measures what the README says of the wall: `python -m benchmarks.wall`. It needs a Chromium."""

import statistics
import time

from playwright.sync_api import Page

from engine.diagnostics import layer_statistics
from tests.browser.serving import chromium, served

WALL = ".wall[data-scene]"
WALLS = {"1 way, 10 × 500": "?wall=I12", "3 ways, 10 × 500": "?wall=I9", "4 ways, 5 × 100": ""}
FIND = """const find = (root) => root.querySelector(".wall") ?? [...root.querySelectorAll("*")]
    .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);"""


def compute_ms() -> float:
    """Ten layers of 500 tanh units, 1,000 inputs, forward and backward, and all their histograms."""
    times = []
    for seed in range(5):
        start = time.perf_counter()
        for layer in layer_statistics("tanh", "xavier", depth=10, width=500, samples=1000, seed=seed):
            layer.outputs, layer.back  # noqa: B018
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def change_to_paint_ms(page: Page, times: int = 11) -> list[float]:
    """From Enter in the seed box to the painted wall of another seed, which nobody has asked for before."""
    box = page.get_by_role("spinbutton", name="seed")
    found = []
    for seed in range(1, times + 1):
        box.fill(str(seed))
        page.wait_for_timeout(300)
        page.evaluate(
            f"""() => {{ {FIND}
                window.painted = new Promise((done) => {{
                    let start;
                    document.addEventListener("keydown", () => (start = performance.now()), {{ once: true, capture: true }});
                    new MutationObserver((_, watch) => {{
                        watch.disconnect();
                        requestAnimationFrame(() => done(performance.now() - start));
                    }}).observe(find(document), {{ attributeFilter: ["data-scene"] }});
                }});
            }}"""
        )
        box.press("Enter")
        found.append(page.evaluate("() => window.painted"))
    return found


def scrub_ms(page: Page) -> float:
    """How long the browser takes to paint another step."""
    return page.evaluate(
        f"""async () => {{ {FIND}
            const wall = find(document), scrub = wall.querySelector(".scrub");
            const start = performance.now();
            for (let i = 0; i < 60; i++) {{
                scrub.value = i % (Number(scrub.max) + 1);
                scrub.dispatchEvent(new Event("input"));
            }}
            return (performance.now() - start) / 60;
        }}"""
    )


def main() -> None:
    print(f"ten layers of 500, computed and counted  {compute_ms():6.0f} ms")
    with served() as address, chromium() as browser:
        for name, query in WALLS.items():
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            largest: list[int] = []
            page.on("websocket", lambda ws, sizes=largest: ws.on("framereceived", lambda data: sizes.append(len(data))))
            page.goto(address + "/initialization" + query)
            page.locator(WALL).wait_for()
            page.wait_for_timeout(1500)
            size = max(largest) / 1e3
            paints = sorted(change_to_paint_ms(page))
            print(
                f"{name:18} change → painted {statistics.median(paints):4.0f} ms (slowest {paints[-1]:.0f}), sent {size:.0f} kB"
            )
            page.context.close()
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address + "/initialization?section=training")
        page.locator("button[kind=primary]").click()
        page.get_by_text("Trained in").wait_for()
        page.wait_for_timeout(500)
        print(f"another step of a run painted            {scrub_ms(page):6.1f} ms, no message to the server")


if __name__ == "__main__":
    main()
