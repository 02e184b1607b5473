"""The player as a visitor has it: clock, keyboard, pointer, address, themes, phone."""

import re
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLate

from engine.descent import follow
from engine.experiments import PRESETS
from tests.browser.serving import GROUND, GROUNDS, PHONE, ROOT, opened, still

PLAYER = ".player[data-scene]"
FOLD, RATES = "Surface and start", "Optimizers and learning rates"
NUMBER, PLAIN = re.compile(r"−?[\d.]+(·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"), str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
SPY = """() => {
    window.written = [];
    for (const kind of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
        const write = kind.prototype.fillText;
        kind.prototype.fillText = function (...what) { window.written.push(what[0]); return write.apply(this, what); };
    }
}"""


def step(page: Page) -> int:
    return int(page.locator(PLAYER).get_attribute("data-step"))


def at_step(page: Page, number: int) -> None:
    expect(page.locator(PLAYER)).to_have_attribute("data-step", str(number))


def within(page: Page, first: int, last: int) -> None:
    """Wait until the clock is at one of these steps."""
    steps = "|".join(map(str, range(first, last + 1)))
    expect(page.locator(PLAYER)).to_have_attribute("data-step", re.compile(f"^({steps})$"))


def scene(page: Page) -> str:
    return page.locator(PLAYER).get_attribute("data-scene")


def new_scene(page: Page, before: str) -> None:
    expect(page.locator(PLAYER)).not_to_have_attribute("data-scene", before)


def holds(page: Page, label: str, value: float, near: float = 0.1) -> None:
    """Wait until a number box holds the value, as near as a pointer comes to it."""
    for _ in range(120):  # the box itself may be another one meanwhile
        if abs(float(page.get_by_label(label).input_value()) - value) < near:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{label} does not come to {value}")


def in_surface(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where the point (x, y) is on the screen, in the first of the surfaces."""
    canvas, player = still(page.locator("canvas")), page.locator(PLAYER)
    left, top, width, height = map(float, player.get_attribute("data-box").split(","))
    x0, x1, y0, y1 = view(page)
    return canvas["x"] + left + (x - x0) / (x1 - x0) * width, canvas["y"] + top + (y1 - y) / (y1 - y0) * height


def view(page: Page) -> list[float]:
    return [float(end) for end in told(page).split(",")]


def told(page: Page) -> str:
    """The ends of the view, as the player says them."""
    return page.locator(PLAYER).get_attribute("data-view")


def test_play_advances_frames_pauses_and_ends(open_page):
    page = open_page("/optimizers?speed=0.25", reduced_motion="no-preference")
    first = step(page)
    expect(page.locator(PLAYER)).not_to_have_attribute("data-step", str(first))
    assert first < step(page)
    page.get_by_role("button", name="Pause").click()
    paused = step(page)
    page.wait_for_timeout(300)
    assert step(page) == paused
    page.locator(PLAYER).press("End")
    at_step(page, 60)
    page.locator(PLAYER).press(" ")
    within(page, 1, 59)


def test_reduced_motion_opens_at_the_end_and_still(open_page):
    page = open_page(reduced_motion="reduce")
    at_step(page, 60)
    page.wait_for_timeout(400)
    at_step(page, 60)


def test_keyboard_buttons_and_scrubber(open_page):
    page = open_page()
    player = page.locator(PLAYER)
    for key, expected in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 60), ("ArrowLeft", 59)):
        player.press(key)
        at_step(page, expected)
    for name, expected in (("To the start", 0), ("One step on", 1), ("One step back", 0), ("To the end", 60)):
        page.get_by_role("button", name=name).click()
        at_step(page, expected)
    page.get_by_label("Step", exact=True).fill("30")
    at_step(page, 30)


def test_keys_typed_into_a_box_do_not_move_the_clock(open_page):
    page = open_page()
    opened(page, FOLD)
    page.get_by_label("steps", exact=True).press("Home")
    at_step(page, 60)


def test_keys_work_after_a_click_and_in_full_screen(open_page):
    page = open_page("/optimizers?preset=O3")
    page.get_by_role("button", name="To the start").click()
    page.keyboard.press("ArrowRight")
    at_step(page, 1)
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => document.fullscreenElement")
    page.keyboard.press("ArrowRight")
    at_step(page, 2)
    page.keyboard.press(" ")
    within(page, 3, 30)
    assert page.evaluate("() => Boolean(document.fullscreenElement)")


def test_keys_reach_the_player_after_other_controls(open_page):
    page = open_page("/optimizers?preset=O3")
    opened(page, "View")
    page.get_by_text("Side by side").click()
    page.keyboard.press("Home")
    at_step(page, 0)
    opened(page, FOLD)
    box = page.get_by_label("steps", exact=True)
    box.fill("20")
    box.press("ArrowLeft")
    at_step(page, 0)
    before = scene(page)
    box.press("Enter")
    new_scene(page, before)
    page.keyboard.press("End")
    at_step(page, 20)
    page.keyboard.press("ArrowLeft")
    at_step(page, 19)
    before = scene(page)
    page.get_by_role("button", name="Reset to the textbook").click()
    new_scene(page, before)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    at_step(page, 1)


def test_who_walks_with_the_keyboard_keeps_the_space_bar(open_page):
    page = open_page("/optimizers?preset=O3")
    page.get_by_role("button", name="Loop").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    at_step(page, 30)
    page.keyboard.press("Control+Home")
    at_step(page, 30)


def test_only_the_main_button_moves_the_start(open_page):
    page = open_page("/optimizers?preset=O3")
    for button in ("right", "middle"):
        page.mouse.click(*in_surface(page, 5, -5), button=button)
    page.wait_for_timeout(500)
    assert page.url.endswith("preset=O3")


@pytest.mark.parametrize("formula", ["-4e14", "x-3e14", "3", "log(-1-x*x)", "1e-320*x*x"])
def test_no_surface_freezes_the_page(open_page, formula):
    page = open_page(f"/optimizers?preset=O3&surface=formula&formula={formula}&scale=linear")
    page.get_by_role("button", name="To the start").click()
    at_step(page, 0)


@pytest.mark.parametrize("preset", ["O22", "O23", "O5"])
def test_another_surface_is_what_its_address_says(open_page, preset):
    page = open_page(f"/optimizers?preset={preset}&step=5")
    before = scene(page)
    opened(page, FOLD)
    option = page.get_by_role("option", name="Himmelblau")
    for _ in range(5):  # a page that is drawn once more meanwhile closes its menus
        page.get_by_role("combobox", name="Surface").click()
        with suppress(TooLate):
            option.click(timeout=3000)
            break
    new_scene(page, before)
    expect(page).not_to_have_url(re.compile("step="))
    shown = scene(page)
    page.reload()
    expect(page.locator(PLAYER)).to_have_attribute("data-scene", shown)


def test_a_section_link_reloads_without_a_word(open_page):
    page = open_page("/optimizers?preset=O5&step=7")
    page.get_by_text("Step sizes").click()
    page.get_by_text("The gradient is 1 at every step").wait_for()
    page.reload()
    page.get_by_text("The gradient is 1 at every step").wait_for()
    expect(page.get_by_text("Ignored in the address")).to_have_count(0)


def test_loop_starts_again(open_page):
    page = open_page("/optimizers?preset=O3&steps=5&speed=4&loop=true")
    page.locator(PLAYER).press("Home")
    page.locator(PLAYER).press(" ")
    seen = []
    for _ in range(60):
        seen.append(step(page))
        page.wait_for_timeout(40)
    assert any(later < earlier for earlier, later in pairwise(seen))


def test_a_click_moves_the_start_and_the_address_knows(open_page):
    page = open_page("/optimizers?preset=O3")
    before = scene(page)
    page.mouse.click(*in_surface(page, 5, -5))
    new_scene(page, before)
    expect(page).to_have_url(re.compile(r"x0=[45]\.?\d*&y0=-[45]"))
    holds(page, "start x", 5)
    holds(page, "start y", -5)


def test_dragging_moves_the_start(open_page):
    page = open_page("/optimizers?preset=O3")
    before = scene(page)
    page.mouse.move(*in_surface(page, -7, 2))
    page.mouse.down()
    page.mouse.move(*in_surface(page, 0, 8), steps=5)
    page.mouse.up()
    new_scene(page, before)
    holds(page, "start y", 8)


def test_a_stop_is_in_the_address_and_opens_there(open_page):
    page = open_page("/optimizers?preset=O3")
    page.locator(PLAYER).press("Home")
    for _ in range(7):
        page.locator(PLAYER).press("ArrowRight")
    expect(page).to_have_url(re.compile("step=7"))
    page.reload()
    page.locator(PLAYER).wait_for()
    at_step(page, 7)
    page.locator(PLAYER).press("End")
    expect(page).not_to_have_url(re.compile("step="))


def test_preset_then_edit_to_the_widgets_default_then_reload_restores_exactly_that(open_page):
    page = open_page("/optimizers")
    before = scene(page)
    page.get_by_role("button", name="Six optimizers, one surface").click()
    page.get_by_role("menuitem", name=re.compile("SGD, gently")).click()
    new_scene(page, before)
    expect(page).to_have_url(re.compile("preset=O4"))
    opened(page, RATES)
    expect(page.get_by_role("spinbutton", name="learning rate η")).to_have_value("0.1")
    before = scene(page)
    box = page.get_by_role("spinbutton", name="learning rate η")
    box.fill("0.95")  # the default of the widget under the preset the page opened with
    box.press("Enter")
    new_scene(page, before)
    expect(page).to_have_url(re.compile("sgd_lr=0.95"))
    edited = scene(page)
    page.reload()
    page.locator(PLAYER).wait_for()
    expect(page.get_by_role("spinbutton", name="learning rate η")).to_have_value("0.95")
    assert scene(page) == edited
    expect(page.get_by_role("button", name="SGD, gently")).to_be_visible()
    page.get_by_role("button", name="Reset to the textbook").click()
    expect(page.get_by_role("spinbutton", name="learning rate η")).to_have_value("0.1")
    expect(page).to_have_url(re.compile(r"\?preset=O4$"))


def test_the_slider_writes_to_the_box(open_page):
    page = open_page("/optimizers?preset=O4")
    opened(page, RATES)
    slider = page.get_by_role("slider", name="learning rate η")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_role("spinbutton", name="learning rate η")).to_have_value("0.11")
    expect(page).to_have_url(re.compile("sgd_lr=0.11"))


def test_coming_back_to_the_page_finds_it_as_its_address_says(open_page):
    page = open_page("/optimizers?preset=O3&sgd_lr=0.5")
    page.get_by_role("link", name="Home").first.click()
    page.get_by_role("link", name="Open the optimizers").wait_for()
    page.get_by_role("link", name="Momentum rolls").click()
    expect(page).to_have_url(re.compile(r"preset=O5$"))
    expect(page.get_by_role("button", name="Momentum rolls")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="learning rate η")).to_have_value("0.1")


def test_a_visit_elsewhere_loses_nothing(open_page):
    page = open_page("/optimizers?preset=O3&sgd_lr=0.5&arrows=descent&x0=5")
    shown = scene(page)
    page.get_by_role("link", name="Home").first.click()
    page.get_by_role("link", name="Open the optimizers").wait_for()
    page.get_by_role("link", name="Optimizers", exact=True).click()
    expect(page).to_have_url(re.compile("sgd_lr=0.5"))
    expect(page.locator(PLAYER)).to_have_attribute("data-scene", shown)
    expect(page.get_by_role("button", name="SGD zig-zags")).to_be_visible()


def test_a_bad_address_opens_with_a_sentence(open_page):
    page = open_page("/optimizers?steps=99999&surface=nope&x0=abc&lr=nan")
    expect(page.get_by_text("Ignored in the address")).to_be_visible()


def test_a_bad_formula_gets_a_sentence_and_a_good_one_a_picture(open_page):
    page = open_page("/optimizers?surface=formula&formula=x**2+%2B+yy", wait_for="[data-testid=stAlert]")
    expect(page.get_by_text("unknown name yy at column 8")).to_be_visible()
    page.get_by_label("f(x, y) =").fill("x**2 + y")
    page.get_by_label("f(x, y) =").press("Enter")
    page.locator(PLAYER).wait_for()


def test_divergence_is_said_and_the_page_stays_usable(open_page):
    page = open_page("/optimizers?preset=O3&sgd_lr=100")
    expect(page.get_by_text("diverged at step 3")).to_be_visible()
    before = scene(page)
    page.get_by_role("button", name="Reset to the textbook").click()
    new_scene(page, before)
    expect(page.get_by_text("diverged at step")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/optimizers?preset=O9"])
def test_themes_and_phone(open_page, path):
    page = open_page(path, "canvas", viewport=PHONE, has_touch=True, is_mobile=True)
    for scheme, ground in GROUNDS.items():
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"ground => {GROUND} === ground", arg=ground)
        for part in ("html", "[data-testid=stMain]"):
            expect(page.locator(part)).to_have_js_property("scrollWidth", PHONE["width"])


def test_a_tap_moves_the_start_on_a_phone(open_page):
    page = open_page("/optimizers?preset=O3", viewport=PHONE, has_touch=True, is_mobile=True)
    before = scene(page)
    box = still(page.locator("canvas"))
    page.touchscreen.tap(box["x"] + 250, box["y"] + 150)
    new_scene(page, before)
    expect(page).to_have_url(re.compile("x0=.*y0="))


def test_the_picture_and_its_controls_share_the_first_screen(open_page):
    page = open_page()
    for locator in (
        page.locator("canvas"),
        page.get_by_role("button", name="Play"),
        page.get_by_role("spinbutton", name="learning rate of SGD"),
        page.locator("summary").filter(has_text=RATES),
    ):
        box = still(locator)
        assert box["y"] + box["height"] <= 800


@pytest.mark.parametrize("dense", [1, 2])
def test_the_picture_takes_the_room_there_is_and_its_pixels_are_the_screens(open_page, dense):
    for width, height, least in ((1280, 800, 480), (1920, 1080, 700)):
        page = open_page(viewport={"width": width, "height": height}, device_scale_factor=dense)
        box, controls = still(page.locator("canvas")), still(page.get_by_role("button", name="Play"))
        assert box["height"] > least
        assert controls["y"] + controls["height"] <= height
        for edge in ("x", "y"):
            assert box[edge] * dense == pytest.approx(round(box[edge] * dense), abs=1e-3)
        assert page.locator("canvas").evaluate("c => [c.width, c.height]") == [box["width"] * dense, box["height"] * dense]


@pytest.mark.parametrize(("width", "height"), [(1248, 700), (1888, 1000), (2528, 1360), (1920, 1080)])
def test_small_text_can_be_read_from_the_last_row(blank, width, height):
    zoom = blank.evaluate(
        f"() => {{ {(ROOT / 'assets/canvas/sheet.js').read_text('utf-8')} return grown({width}, {height}); }}"
    )
    small = re.search(r"small: `(\d+)px", (ROOT / "assets/canvas/theme.js").read_text("utf-8"))
    assert int(small[1]) >= 13
    assert int(small[1]) * zoom >= height / 50


def test_wheel_buttons_and_double_click_move_the_view(open_page):
    page = open_page("/optimizers?preset=O3")
    home, whole = view(page), told(page)
    page.mouse.move(*in_surface(page, 4, 3))
    page.mouse.wheel(0, 200)  # away from the whole view there is nothing: the page's
    page.wait_for_timeout(600)
    assert view(page) == home
    page.mouse.move(*in_surface(page, 4, 3))
    before = in_surface(page, 4, 3)
    page.mouse.wheel(0, -100)
    expect(page.locator(PLAYER)).not_to_have_attribute("data-view", whole)
    x0, x1, y0, y1 = view(page)
    assert (x1 - x0) / (y1 - y0) == pytest.approx(1)
    assert in_surface(page, 4, 3) == pytest.approx(before, abs=1)
    for button, width in (("Zoom in", (x1 - x0) / 1.6), ("Zoom out", x1 - x0)):
        before = told(page)
        page.get_by_label(button).click()
        expect(page.locator(PLAYER)).not_to_have_attribute("data-view", before)
        assert view(page)[1] - view(page)[0] == pytest.approx(width)
    page.mouse.dblclick(*in_surface(page, 2, 2))
    expect(page.locator(PLAYER)).to_have_attribute("data-view", whole)
    assert page.url.endswith("preset=O3")  # the start stays


def test_fit_shows_the_path_and_in_it_a_drag_pans_and_a_click_chooses(open_page):
    page = open_page("/optimizers?preset=O3")
    whole = told(page)
    page.get_by_label("Fit the paths").click()
    expect(page.locator(PLAYER)).not_to_have_attribute("data-view", whole)
    x0, x1, y0, _ = view(page)
    points = follow(PRESETS["O3"][0]).points
    assert x0 <= points[:, 0].min() < points[:, 0].max() <= x1
    assert x1 - x0 < 1.3 * np.ptp(points[:, 0])
    page.mouse.move(*in_surface(page, -3, 2))
    page.mouse.down()
    page.mouse.move(*in_surface(page, -2, 3), steps=4)
    page.mouse.up()
    page.wait_for_timeout(400)  # longer than a click for a start would take
    assert view(page)[::2] == pytest.approx([x0 - 1, y0 - 1], abs=0.1)
    assert page.url.endswith("preset=O3")
    before = scene(page)
    page.mouse.click(*in_surface(page, -4, 2))
    new_scene(page, before)
    holds(page, "start x", -4, near=0.05)


def test_two_fingers_zoom(open_page):
    page = open_page("/optimizers?preset=O3", viewport=PHONE, has_touch=True, is_mobile=True)
    x, y = in_surface(page, 0, -5)
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, apart: float) -> None:
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}] if apart else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 30)
    for apart in (40, 50, 60):
        fingers("touchMove", apart)
    fingers("touchEnd", 0)
    page.wait_for_timeout(500)
    x0, x1, *_ = view(page)
    assert x1 - x0 == pytest.approx(10, rel=0.1)
    assert page.url.endswith("preset=O3")


def test_a_close_up_is_exact_for_a_bowl_and_its_lines_are_where_they_say(blank):
    """f = x²/20 + y² sampled on 101 × 101; the browser's own functions show a thousandth of it."""
    source = "\n".join((ROOT / f"assets/canvas/{name}.js").read_text("utf-8") for name in ("frame", "isolines", "closeup"))
    found = blank.evaluate(
        f"""() => {{ {source}
            const f = (x, y) => x * x / 20 + y * y, n = 101, surface = new Float64Array(n * n);
            surface.forEach((_, k) => (surface[k] = f(-10 + (k % n) / 5, -10 + Math.floor(k / n) / 5)));
            const close = closeUp({{ surface, view: [[-10, 10], [-10, 10]] }}, [[3, 3.02], [-1.01, -0.99]]);
            const [x, y] = [(part) => 3 + 0.02 * part, (part) => -1.01 + 0.02 * part];
            const lines = close.levels.map((level) => [level, isoline(close.surface, level)]);
            const off = lines.map(([level, cuts]) => cuts.filter((_, i) => i % 2 < 1)
                .map((cut, i) => Math.abs(f(x(cut / 100), y(cuts[2 * i + 1] / 100)) - level)));
            const wrong = close.surface.map((v, k) => Math.abs(v - f(x((k % n) / 100), y(Math.floor(k / n) / 100))));
            return {{
                worst: Math.max(...wrong), off: Math.max(...off.flat()), pieces: off.map((cuts) => cuts.length / 2),
                slope: [close.slopes[144], close.slopes[289 + 144]],
            }};
        }}"""
    )
    assert found["worst"] < 1e-10
    assert found["off"] < 1e-7
    assert len(found["pieces"]) >= 5
    assert min(found["pieces"]) > 0
    assert found["slope"] == pytest.approx([3.01 / 10, -2.0], abs=1e-6)


def test_the_curves_say_what_each_path_has_at_a_step(open_page):
    page = open_page("/optimizers?preset=O9-all")
    page.evaluate(SPY)
    canvas, player = page.locator("canvas").bounding_box(), page.locator(PLAYER)
    left, _, width, _ = map(float, player.get_attribute("data-box").split(","))
    page.mouse.move(canvas["x"] + (left + width + canvas["width"]) / 2, canvas["y"] + 0.6 * canvas["height"])
    page.wait_for_function("() => window.written.some((words) => /^step \\d+$/.test(words))")
    words = page.evaluate("() => window.written")
    k = int(next(word for word in words if re.fullmatch(r"step \d+", word)).split()[1])
    assert 10 < k < 50
    for spec in PRESETS["O9-all"]:
        value = follow(spec).values[k]
        told = [float(word.translate(PLAIN).replace("·10", "e")) for word in words if NUMBER.fullmatch(word)]
        assert any(number == pytest.approx(value, rel=6e-4) for number in told)
