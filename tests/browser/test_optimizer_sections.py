"""The optimizers' explanations in the browser: clicks on maps, the camera of the surface, the slider of the bumps."""

import re

import pytest
from playwright.sync_api import Page, expect

FIELD, RELIEF = ".field[data-scene]", ".relief[data-scene]"


def inside(page: Page, key: str, across: float, up: float) -> tuple[float, float]:
    """Where a place of a field is on the screen, in parts of its plane."""
    field = page.locator(f".st-key-{key} .field")
    x, y, w, h = map(float, field.get_attribute("data-box").split(","))
    canvas = field.locator("canvas").bounding_box()
    return canvas["x"] + x + across * w, canvas["y"] + y + (1 - up) * h


def camera(page: Page) -> tuple[str | None, str | None]:
    relief = page.locator(RELIEF)
    return relief.get_attribute("data-turn"), relief.get_attribute("data-tilt")


@pytest.mark.parametrize("touch", [False, True])
def test_a_click_or_a_tap_on_the_rate_map_sets_both(open_page, touch):
    page = open_page("/optimizers?section=why", wait_for=f".st-key-why_map {FIELD}", has_touch=touch)
    at = inside(page, "why_map", 63.5 / 210, 40.5 / 100)
    page.touchscreen.tap(*at) if touch else page.mouse.click(*at)
    page.wait_for_url(re.compile("why_lr=0.64&why_momentum=0.4"))
    expect(page.get_by_label("momentum μ", exact=True)).to_have_value("0.4")
    page.get_by_text("Momentum with μ 0.4 keeps").wait_for()


def test_a_click_on_the_basin_map_opens_its_path_and_nothing_else(open_page):
    page = open_page("/optimizers?preset=O23&noise=3&surface=beale&momentum_momentum=0.5")
    page.get_by_text("Maps", exact=True).click()
    page.locator(FIELD).wait_for()
    page.mouse.click(*inside(page, "maps_field", 180.5 / 200, 60.5 / 200))
    page.locator(".player[data-scene]").wait_for()
    page.wait_for_url(re.compile("x0=4.025&y0=-1.975"))
    assert "noise" not in page.url
    assert "momentum_momentum" not in page.url
    expect(page.locator(".player")).to_have_attribute("data-step", "150")


def test_a_click_on_a_duel_sets_both_learning_rates(open_page):
    page = open_page("/optimizers?section=maps&maps=duel", wait_for=FIELD)
    page.mouse.click(*inside(page, "maps_field", 100.5 / 200, 50.5 / 200))
    page.wait_for_url(re.compile("maps_momentum=0.104&maps_adam=0.00327"))


def test_the_camera_survives_a_change_of_step_and_a_stop_brings_its_own(open_page):
    page = open_page("/optimizers?section=surface", wait_for=RELIEF)
    before = camera(page)
    box = page.locator(f"{RELIEF} canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 80, middle[1] + 20, steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)
    turned = camera(page)
    assert turned != before
    page.get_by_role("slider", name="step").press("ArrowRight")
    expect(page.locator(RELIEF)).to_have_attribute("data-steps", "31")
    assert camera(page) == turned
    page.get_by_role("combobox", name="Tour").click()
    page.get_by_role("option", name="A saddle").click()
    expect(page.locator(RELIEF)).to_have_attribute("data-turn", "30")


def test_the_surface_turns_by_keys_and_buttons(open_page):
    page = open_page("/optimizers?section=surface&surface_stop=saddle", wait_for=RELIEF)
    page.locator(f"{RELIEF} canvas").press("ArrowRight")
    expect(page.locator(RELIEF)).to_have_attribute("data-turn", "36")
    page.get_by_role("button", name="Higher").click()
    expect(page.locator(RELIEF)).to_have_attribute("data-tilt", "45")


def test_what_a_rim_hides_is_drawn_as_hidden(open_page):
    page = open_page("/optimizers?section=surface&surface_stop=minimum&surface_step=0&surface_rules=SGD", wait_for=RELIEF)
    relief = page.locator(RELIEF)
    expect(relief).to_have_attribute("data-hidden", "")
    for _ in range(4):
        page.get_by_role("button", name="Lower").click()
    expect(relief).to_have_attribute("data-tilt", "4")
    expect(relief).to_have_attribute("data-hidden", "minimum")


def test_the_ball_is_moved_in_the_browser(open_page):
    page = open_page("/optimizers?section=wells", wait_for="[data-testid=stVegaLiteChart] input[type=range]")
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    balls = chart.locator(".mark-symbol.role-mark").last.locator("path")
    expect(balls).to_have_count(2)
    at_end = balls.last.get_attribute("transform")
    chart.locator("input[type=range]").fill("0")
    expect(balls.last).not_to_have_attribute("transform", at_end)
