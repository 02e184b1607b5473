"""The anatomy of a step as a visitor has it: picture and formula follow the clock, the picture without the server."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import IDLE, PHONE, still

PLAYER = ".player[data-scene]"
SECTION = "/optimizers?section=anatomy"
PART = """(canvas, [left, right]) => {
  const { width, height } = canvas, context = canvas.getContext("2d");
  return context.getImageData(left * width, 0, (right - left) * width, height).data.reduce((n, v) => (n * 31 + v) | 0, 7);
}"""
WALK = f"""async (canvas) => {{
  const part = {PART}, seen = [];
  for (let k = 0; k < 12; k++) {{
    const event = new KeyboardEvent("keydown", {{ key: "ArrowRight", bubbles: true, composed: true, cancelable: true }});
    canvas.closest(".player").dispatchEvent(event);
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    seen.push([Number(canvas.closest(".player").dataset.step), part(canvas, [0, 0.5]), part(canvas, [0.55, 1])]);
  }}
  return seen;
}}"""  # in the browser: whoever waits longer than 400 ms between two keys has stopped, and that the server is told
STEP = {"light": np.array([14, 138, 158]), "dark": np.array([92, 214, 232])}  # a color that no optimizer has
PIXEL = "(canvas, [x, y]) => Array.from(canvas.getContext('2d').getImageData(x, y, 1, 1).data)"


def parts(page: Page) -> tuple[int, int]:
    """A number for what the surface, on the left, looks like, and one for the lanes, on the right."""
    canvas = page.locator("canvas")
    return tuple(canvas.evaluate(PART, part) for part in ([0, 0.5], [0.55, 1]))


def shows_step(page: Page, t: int) -> None:
    expect(page.get_by_text(f"Adam, step t = {t}, in numbers")).to_be_visible()


def test_arrows_bars_and_lanes_follow_the_clock_without_the_server(open_page):
    page, asked = open_page(SECTION), []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.append(frame)))
    page.reload()
    shows_step(page, 5)
    page.locator(IDLE).wait_for()
    asked.clear()
    seen = [(4, *parts(page)), *page.locator("canvas").evaluate(WALK)]
    assert not asked
    steps, left, right = map(list, zip(*seen, strict=True))
    assert steps == list(range(4, 17))
    assert len(set(left)) == len(set(right)) == 13, (left, right)
    expect(page).to_have_url(re.compile("anatomy_step=16"))
    shows_step(page, 17)
    assert len(asked) == 1


def test_the_formula_follows_where_the_player_stops(open_page):
    page = open_page(SECTION)
    shows_step(page, 5)
    page.locator(PLAYER).press("ArrowRight")
    shows_step(page, 6)
    expect(page).to_have_url(re.compile("anatomy_step=5"))
    page.get_by_label("Step", exact=True).fill("20")
    shows_step(page, 21)
    page.locator(PLAYER).press("End")
    shows_step(page, 30)
    page.reload()
    shows_step(page, 30)
    expect(page.locator(PLAYER)).to_have_attribute("data-step", "30")
    page.locator(PLAYER).press("Home")
    shows_step(page, 1)
    page.reload()
    shows_step(page, 1)


def test_the_readout_says_which_steps_are_behind(open_page):
    page = open_page(SECTION)
    shows_step(page, 5)
    expect(page.locator("output")).to_have_text("after 4 / 30")


def test_another_rate_keeps_the_step(open_page):
    page = open_page(f"{SECTION}&anatomy_step=9")
    before = page.locator(PLAYER).get_attribute("data-scene")
    box = page.get_by_role("spinbutton", name="learning rate η")
    box.fill("0.1")
    box.press("Enter")
    expect(page.locator(PLAYER)).not_to_have_attribute("data-scene", before)
    expect(page.locator(PLAYER)).to_have_attribute("data-step", "9")
    shows_step(page, 10)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_broad_arrow_reaches_from_a_point_to_the_next(open_page, scheme):
    """SGD at lr .95 from (−7, 2) steps to (−6.335, −1.8): an arrow of its true length, drawn before the path is there."""
    page = open_page(f"{SECTION}&anatomy_rule=sgd&anatomy_step=0", color_scheme=scheme)
    canvas = page.locator("canvas")
    left, top, side, _ = map(float, page.locator(PLAYER).get_attribute("data-box").split(","))
    start, end = (np.array([left + (x + 10) / 20 * side, top + (10 - y) / 20 * side]) for x, y in ((-7, 2), (-6.335, -1.8)))
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]])

    def color(pixels_beyond_the_tip: float) -> np.ndarray:
        """A little beside the arrows' axis, where the broad one alone has something to show."""
        place = end + pixels_beyond_the_tip * along + 5 * across
        return np.array(canvas.evaluate(PIXEL, place.round().tolist())[:3], int)

    ground = color(30)
    toward = STEP[scheme] - ground
    assert (color(-10) - ground) @ toward / (toward @ toward) > 0.3
    assert (color(10) - ground) @ toward / (toward @ toward) < 0.1


PACE = """async (player) => {
  const [before, start] = [Number(player.dataset.frames), performance.now()];
  let screen = 0;
  while (performance.now() < start + 2000) screen += await new Promise((done) => requestAnimationFrame(() => done(1)));
  return [Number(player.dataset.frames) - before, screen];
}"""


def test_it_plays_at_the_pace_of_the_screen(open_page):
    page = open_page(f"{SECTION}&anatomy_rule=amsgrad&anatomy_surface=rosenbrock&anatomy_steps=1000&anatomy_beside=adam")
    page.locator(PLAYER).press("Home")
    page.locator(PLAYER).press(" ")
    frames, screen = page.locator(PLAYER).evaluate(PACE)
    assert frames > 0.9 * screen > 5


def test_a_click_moves_the_start(open_page):
    page = open_page(SECTION)
    before = page.locator(PLAYER).get_attribute("data-scene")
    box = page.locator("canvas").bounding_box()
    page.mouse.click(box["x"] + 250, box["y"] + 150)
    expect(page.locator(PLAYER)).not_to_have_attribute("data-scene", before)
    expect(page).to_have_url(re.compile("anatomy_x0=.*anatomy_y0="))
    expect(page.locator(PLAYER)).to_have_attribute("data-step", "30")
    shows_step(page, 30)


def test_the_picture_and_its_controls_share_the_first_screen(open_page):
    page = open_page(SECTION)
    for locator in (
        page.locator("canvas"),
        page.get_by_role("button", name="Play"),
        page.get_by_role("combobox", name="Optimizer"),
        page.get_by_role("spinbutton", name="learning rate η"),
        page.get_by_role("combobox", name="Beside it"),
    ):
        box = still(locator)
        assert box["y"] + box["height"] <= 800


def test_on_a_phone_the_question_and_the_picture_come_first(open_page):
    page = open_page(SECTION, viewport=PHONE, has_touch=True, is_mobile=True)
    picture = still(page.locator("canvas"))
    assert picture["y"] + 350 < 844
    assert page.get_by_text("Predict first").bounding_box()["y"] < picture["y"]
    expect(page.locator("[data-testid=stMain]")).to_have_js_property("scrollWidth", PHONE["width"])
    rows = {round(button.bounding_box()["y"]) for button in page.locator(".transport > button").all()}
    assert len(rows) == 1
