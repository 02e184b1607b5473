"""The player while something is dragged, on a page that answers: one request at a time, and the picture follows."""

import time
from itertools import cycle

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live import TITLE
from tests.browser.serving import served
from tests.browser.test_player import PLAYER, SPY, at_step, in_surface, scene, view

PATIENCE = 30  # seconds
SCENES = """() => {
    const find = (root) => root.querySelector(".player") ?? [...root.querySelectorAll("*")]
        .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
    const player = find(document);
    window.scenes = new Set();
    new MutationObserver(() => window.scenes.add(player.dataset.scene)).observe(player, { attributeFilter: ["data-scene"] });
}"""
FOCUSED = """() => {
    const inner = (e) => (e.shadowRoot?.activeElement ? inner(e.shadowRoot.activeElement) : e);
    return getComputedStyle(inner(document.activeElement)).outlineStyle;
}"""


@pytest.fixture(scope="module")
def address():
    with served("tests/browser/live.py") as address:
        yield address


def heard(page: Page, words: str):
    expect(page.get_by_text(f"heard: {words}")).to_be_visible()


def drag(page: Page, *places: tuple[float, float], until: int) -> None:
    """Hold the button and go from place to place until so many pictures have followed."""
    page.evaluate(SCENES)
    page.mouse.move(*places[0])
    page.mouse.down()
    end, around = time.monotonic() + PATIENCE, cycle(places)
    while page.evaluate("() => window.scenes.size") < until:
        assert time.monotonic() < end, "the picture did not follow"
        page.mouse.move(*next(around), steps=3)


def test_the_paths_follow_the_start_one_request_at_a_time(open_page):
    page = open_page("/")
    places = [in_surface(page, *point) for point in ((-7, 2), (-5, 5), (0, 8), (4, 4), (2, -6))]
    drag(page, *places, until=4)
    page.mouse.move(*in_surface(page, 5, 5))
    page.wait_for_timeout(300)
    page.mouse.up()
    heard(page, "start (")
    words = page.get_by_text("dragged: [").inner_text()
    x, y = map(float, words.split("(")[1].split(")")[0].split(", "))
    assert (x, y) == pytest.approx((5, 5), abs=0.05)
    numbers = words.split("[")[1].rstrip("]").split(", ")
    assert list(map(int, numbers)) == list(range(1, len(numbers) + 1))
    at_step(page, 60)


def test_a_learning_rate_is_turned_in_the_picture(open_page):
    page = open_page("/")
    number = page.get_by_role("spinbutton", name="learning rate of Momentum")
    expect(number).to_have_text("0.1")
    box = number.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    drag(page, (x, y), (x + 20, y), (x + 40, y), (x - 20, y), until=3)
    page.mouse.move(x + 150, y, steps=2)  # a decade
    page.mouse.up()
    heard(page, "rate 1 1;")
    expect(number).to_have_text("1")
    number.press("ArrowDown")
    number.press("ArrowDown")
    expect(number).to_have_text("0.907")  # 1 → .952 → .907, three digits each
    heard(page, "rate 1 0.907")


def test_the_clock_is_the_browsers_until_the_visitor_arrives_anew(open_page):
    page = open_page("/")
    for key in ("Home", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    at_step(page, 2)
    before = scene(page)
    page.get_by_role("spinbutton", name="learning rate of SGD").press("ArrowUp")
    heard(page, "rate 0")
    assert scene(page) != before
    at_step(page, 2)
    page.get_by_role("button", name="Arrive").click()
    at_step(page, 7)
    expect(page.get_by_label("Speed")).to_have_value("2")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    page.get_by_role("spinbutton", name="learning rate of SGD").press("ArrowUp")
    heard(page, "rate 0")
    at_step(page, 8)


def test_brackets_turn_the_presets_unless_somebody_types(open_page):
    page = open_page("/")
    page.get_by_label("words").press("]")
    page.wait_for_timeout(500)
    heard(page, "nothing")
    page.get_by_label("words").blur()
    page.keyboard.press("]")
    heard(page, "preset +1")
    page.keyboard.press("[")
    heard(page, "preset -1")


def test_a_preset_may_open_close_to_its_paths(open_page):
    assert view(open_page("/")) == [-10, 10, -10, 10]
    x0, x1, *_ = view(open_page("/?view=fit"))
    assert -10 < x0 < -7
    assert 1 < x1 < 10


def test_full_screen_and_what_is_saved_say_what_they_show(open_page):
    page = open_page("/")
    page.evaluate(SPY)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    assert TITLE not in page.evaluate("() => window.written")
    page.get_by_role("button", name="Save").click()
    with page.expect_download():
        page.get_by_role("button", name="This step as a picture").click()
    written = page.evaluate("() => window.written.splice(0)")
    assert {TITLE, "O9-all", "step 59 of 60", "SGD  lr 0.95"} <= set(written)
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => document.fullscreenElement")
    page.wait_for_function("title => window.written.includes(title)", arg=TITLE)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => window.written.includes('step 58 of 60')")
    assert page.evaluate(FOCUSED) == "none"


def test_on_a_curve_a_click_moves_the_start_along_it(open_page):
    page = open_page("/?layout=curve")
    canvas = page.locator("canvas").bounding_box()
    left, top, width, height = map(float, page.locator(PLAYER).get_attribute("data-box").split(","))
    page.mouse.click(canvas["x"] + left + 0.75 * width, canvas["y"] + top + 0.2 * height)
    heard(page, "start (")
    x, y = map(float, page.get_by_text("heard: ").inner_text().split("(")[1].split(")")[0].split(", "))
    assert (x, y) == (pytest.approx(5, abs=0.1), 2)


def test_a_wall_opens_as_it_is_told_and_tells_what_is_looked_at(open_page):
    page = open_page("/?wall&opened", wait_for=".wall[data-scene]")
    root = page.locator(".wall")
    for what, value in (("view", "Weights"), ("axis", "panel"), ("frame", "1")):
        assert root.get_attribute(f"data-{what}") == value
    expect(page.get_by_text("A note.")).to_be_visible()
    root.get_by_role("radio", name="one a row", exact=True).click()
    heard(page, "view (1, 'row', 10)")
    page = open_page("/?wall", wait_for=".wall[data-scene]")
    page.locator(".wall .scrub").press("Home")
    heard(page, "view (0, None, 1)")
    page.get_by_role("radio", name="Weights", exact=True).click()
    heard(page, "view (1, None, 1)")
