"""What a hand moves on the canvases of preprocessing: pictures follow, the address is told where it rests, once."""

import re
import time
from itertools import cycle

import pytest
from playwright.sync_api import Page, expect

from benchmarks.hands import SEEN
from tests.browser.serving import PHONE

PATIENCE = 30  # seconds
CLOUDS, PLATES = ".clouds[data-scene]", ".plates[data-scene]"


def place(page: Page, name: str, x: float, y: float) -> tuple[float, float]:
    """A point of the box that the canvas names, in shares of it from the upper left."""
    canvas = page.locator(f"{name} canvas").bounding_box()
    left, top, width, height = map(float, page.locator(name).get_attribute("data-box").split(","))
    return canvas["x"] + left + x * width, canvas["y"] + top + y * height


def pull(page: Page, name: str, *points: tuple[float, float], until: int = 3) -> None:
    """Hold the button, go from point to point until so many pictures have followed, and let go at the last."""
    page.evaluate(SEEN, name)
    page.mouse.move(*place(page, name, *points[0]))
    page.mouse.down()
    end, around = time.monotonic() + PATIENCE, cycle(points)
    while page.evaluate("() => window.seen.length") <= until:
        assert time.monotonic() < end, "the picture did not follow"
        page.mouse.move(*place(page, name, *next(around)), steps=3)
    page.mouse.move(*place(page, name, *points[-1]), steps=3)
    page.mouse.up()


def at(x: float, y: float) -> tuple[float, float]:
    """A point of the first panel, ±10 both ways."""
    return (x + 10) / 20, (10 - y) / 20


def numbers(page: Page) -> dict[str, float]:
    """What the address says of the cloud."""
    return {name: float(value) for name, value in re.findall(r"cloud_(\w+)=([-\d.e]+)", page.url)}


PULLS = {
    "middle": ([(3, 1), (-2, -4), (1, 2)], {"mean_x": 1, "mean_y": 2}),
    "right": ([(7, 3.4), (5, 0), (5, -0.5)], {"std_x": 1, "correlation": -0.5}),
    "top": ([(6.2, 4), (3, 5), (3, 2)], {"std_y": 0.5, "correlation": 0}),
}


@pytest.mark.parametrize("part", PULLS)
def test_a_cloud_is_pulled_and_one_step_back_is_where_it_was(open_page, part):
    page, (points, moved) = open_page("/preprocessing", wait_for=CLOUDS), PULLS[part]
    pull(page, ".clouds", *(at(*point) for point in points))
    page.wait_for_url(re.compile("cloud_"))
    assert numbers(page) == pytest.approx(moved, abs=0.06)
    page.go_back()
    page.wait_for_url(re.compile("preprocessing$"))
    expect(page.get_by_role("spinbutton", name="mean of x")).to_have_value("3")


def test_the_dial_of_eps_is_a_slider_for_the_keyboard_and_tells_once(open_page):
    page = open_page("/preprocessing?cloud_correlation=0.999", wait_for=CLOUDS)
    dial = page.locator(".clouds .dial input")
    dial.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"cloud_eps=0\.0001\b"))
    page.go_back()
    page.wait_for_url(re.compile("0.999$"))


def test_a_point_that_is_pointed_at_lights_up_in_every_panel(open_page):
    page = open_page("/preprocessing", wait_for=CLOUDS)
    pixels = """() => {
        const find = (root) => root.querySelector(".clouds canvas") ?? [...root.querySelectorAll("*")]
            .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
        const canvas = find(document), { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const columns = new Set();
        for (let i = 0; i < data.length; i += 4) {
            if (data[i] > 220 && data[i + 1] < 100 && data[i + 2] < 60) columns.add(Math.floor(((i / 4) % canvas.width) / 10));
        }
        return [...columns].filter((column) => !columns.has(column - 1)).length;
    }"""
    page.mouse.move(*place(page, ".clouds", *at(2.5, 0.6)))
    page.wait_for_function(f"() => ({pixels})() >= 3")  # the original, and two columns of panels


def test_the_curve_of_pca_turns_the_digits(open_page):
    page = open_page("/preprocessing?section=digits&digits_shown=fewer", wait_for=PLATES)
    pull(page, ".plates", (0.7, 0.5), (0.4, 0.5), (0.1, 0.5))
    page.wait_for_url(re.compile("digits_k=2"))
    expect(page.get_by_role("spinbutton", name="dimensions k")).to_have_value("2")


def test_one_rate_for_all_losses_is_scrubbed_above_any_of_them(open_page):
    page = open_page("/preprocessing?section=surface&surface_rates=same", wait_for=".player[data-scene]")
    rate = page.get_by_role("spinbutton", name=re.compile("learning rate of Centered"))
    rate.focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.wait_for_url(re.compile("surface_lr=0.348"))
    expect(page.get_by_role("spinbutton", name=re.compile("learning rate of Raw"))).to_have_text("0.348")


@pytest.mark.parametrize("section", ["clouds", "digits", "surface"])
def test_a_phone_has_no_scroll_bar_to_the_right(open_page, section):
    page = open_page(f"/preprocessing?section={section}", wait_for="canvas", viewport=PHONE)
    expect(page.locator("[data-testid=stMain]")).to_have_js_property("scrollWidth", PHONE["width"])
