"""The player as a visitor has it: clock, keyboard, pointer, address, themes, phone."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

PLAYER = ".player[data-scene]"


def step(page: Page) -> int:
    return int(page.locator(PLAYER).get_attribute("data-step"))


def at_step(page: Page, number: int) -> None:
    expect(page.locator(PLAYER)).to_have_attribute("data-step", str(number))


def scene(page: Page) -> str:
    return page.locator(PLAYER).get_attribute("data-scene")


def new_scene(page: Page, before: str) -> None:
    expect(page.locator(PLAYER)).not_to_have_attribute("data-scene", before)


def in_surface(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where the point (x, y) of the stretched bowl is on the screen, in the one-surface layout."""
    box = page.locator("canvas").bounding_box()
    side = min(box["width"] * 0.68 - 54, box["height"] - 44)
    return box["x"] + 46 + (x + 10) / 20 * side, box["y"] + 10 + (10 - y) / 20 * side


def test_play_advances_frames_pauses_and_ends(open_page):
    page = open_page(reduced_motion="no-preference")
    first = step(page)
    page.wait_for_timeout(800)
    assert step(page) > first
    page.get_by_role("button", name="Pause").click()
    paused = step(page)
    page.wait_for_timeout(300)
    assert step(page) == paused
    page.locator(PLAYER).press("End")
    at_step(page, 60)
    page.locator(PLAYER).press(" ")
    page.wait_for_timeout(400)
    assert 0 < step(page) < 60


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
    page.wait_for_timeout(400)
    assert step(page) > 2
    assert page.evaluate("() => Boolean(document.fullscreenElement)")


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
    page.get_by_role("combobox", name="Surface").click()
    page.get_by_role("option", name="Himmelblau").click()
    new_scene(page, before)
    expect(page).not_to_have_url(re.compile("step="))
    shown = scene(page)
    page.reload()
    page.locator(PLAYER).wait_for()
    assert scene(page) == shown


def test_a_section_link_reloads_without_a_word(open_page):
    page = open_page("/optimizers?preset=O5&step=7")
    page.get_by_text("Step sizes").click()
    page.get_by_text("A constant gradient of 1").wait_for()
    page.reload()
    page.get_by_text("A constant gradient of 1").wait_for()
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
    assert float(page.get_by_label("start x").input_value()) == pytest.approx(5, abs=0.1)
    assert float(page.get_by_label("start y").input_value()) == pytest.approx(-5, abs=0.1)


def test_dragging_moves_the_start(open_page):
    page = open_page("/optimizers?preset=O3")
    before = scene(page)
    page.mouse.move(*in_surface(page, -7, 2))
    page.mouse.down()
    page.mouse.move(*in_surface(page, 0, 8), steps=5)
    page.mouse.up()
    new_scene(page, before)
    assert float(page.get_by_label("start y").input_value()) == pytest.approx(8, abs=0.1)


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
    page.get_by_role("button", name="O9-all").click()
    page.get_by_role("menuitem", name=re.compile("SGD, gently")).click()
    new_scene(page, before)
    expect(page).to_have_url(re.compile("preset=O4"))
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
    expect(page.get_by_role("button", name="O4")).to_be_visible()
    page.get_by_role("button", name="Reset to the textbook").click()
    expect(page.get_by_role("spinbutton", name="learning rate η")).to_have_value("0.1")
    expect(page).to_have_url(re.compile(r"\?preset=O4$"))


def test_the_slider_writes_to_the_box(open_page):
    page = open_page("/optimizers?preset=O4")
    slider = page.get_by_role("slider", name="learning rate η")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_role("spinbutton", name="learning rate η")).to_have_value("0.105")
    expect(page).to_have_url(re.compile("sgd_lr=0.105"))


def test_coming_back_to_the_page_finds_it_as_its_address_says(open_page):
    page = open_page("/optimizers?preset=O3&sgd_lr=0.5")
    page.get_by_role("link", name="Home").first.click()
    page.get_by_text("Start from a figure").wait_for()
    page.get_by_role("link", name="Momentum rolls").click()
    expect(page).to_have_url(re.compile(r"preset=O5$"))
    expect(page.get_by_role("button", name="O5")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="learning rate η")).to_have_value("0.1")


def test_a_visit_elsewhere_loses_nothing(open_page):
    page = open_page("/optimizers?preset=O3&sgd_lr=0.5&arrows=descent&x0=5")
    shown = scene(page)
    page.get_by_role("link", name="Home").first.click()
    page.get_by_text("Start from a figure").wait_for()
    page.get_by_role("link", name="Optimizers", exact=True).click()
    expect(page).to_have_url(re.compile("sgd_lr=0.5"))
    expect(page.locator(PLAYER)).to_have_attribute("data-scene", shown)
    expect(page.get_by_role("button", name="O3")).to_be_visible()


def test_a_bad_address_opens_with_a_sentence(open_page):
    page = open_page("/optimizers?steps=99999&surface=nope&x0=abc&lr=nan")
    expect(page.get_by_text("Ignored in the address")).to_be_visible()
    expect(page).to_have_url(re.compile("/optimizers$"))


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


@pytest.mark.parametrize("path", ["/", "/optimizers", "/optimizers?preset=O9", "/optimizers?section=steps"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_themes_and_phone(open_page, path, scheme):
    wait_for = "canvas, [data-testid=stVegaLiteChart]"
    page = open_page(
        path, wait_for, color_scheme=scheme, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth") <= 390
    ground = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}[scheme]


def test_a_tap_moves_the_start_on_a_phone(open_page):
    page = open_page("/optimizers?preset=O3", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    before = scene(page)
    box = page.locator("canvas").bounding_box()
    page.touchscreen.tap(box["x"] + 250, box["y"] + 150)
    new_scene(page, before)
    expect(page).to_have_url(re.compile("x0=.*y0="))


def test_the_picture_and_its_controls_share_the_first_screen(open_page):
    page = open_page()
    for locator in (
        page.locator("canvas"),
        page.get_by_role("button", name="Play"),
        page.get_by_role("spinbutton", name="learning rate η"),
    ):
        box = locator.bounding_box()
        assert box["y"] + box["height"] <= 800
