"""The optimizers' explanations in the browser: clicks on maps, the solid that plays, the balls that roll."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser.serving import CHROMIUM, FLAGS, IDLE, still

FIELD, SOLID, PLAYER = ".field[data-scene]", ".js-plotly-plot", ".player[data-scene]"
SMALL = {"width": 700, "height": 450}  # what is drawn without a GPU costs by the pixel


def inside(page: Page, key: str, across: float, up: float) -> tuple[float, float]:
    """Where a place of a field is on the screen, in parts of its plane."""
    field = page.locator(f".st-key-{key} .field")
    x, y, w, h = map(float, field.get_attribute("data-box").split(","))
    canvas = still(field.locator("canvas"))
    return canvas["x"] + x + across * w, canvas["y"] + y + (1 - up) * h


@pytest.mark.parametrize("touch", [False, True])
def test_a_click_or_a_tap_on_the_rate_map_sets_both(open_page, touch):
    page = open_page("/optimizers?section=why", wait_for=f".st-key-why_map {FIELD}", has_touch=touch)
    at = inside(page, "why_map", 63.5 / 210, 40.5 / 100)
    page.touchscreen.tap(*at) if touch else page.mouse.click(*at)
    page.wait_for_url(re.compile("why_lr=0.64&why_momentum=0.4"))
    expect(page.get_by_label("momentum μ", exact=True)).to_have_value("0.4")


def test_a_click_on_the_basin_map_opens_its_path_and_nothing_else(open_page):
    page = open_page("/optimizers?section=maps&maps_surface=beale&maps_steps=149", wait_for=FIELD)
    page.mouse.click(*inside(page, "maps_field", 180.5 / 200, 90.5 / 200))
    page.locator(".player[data-scene]").wait_for()
    page.wait_for_url(re.compile("surface=beale.*x0=3.6225&y0=-0.4275"))
    expect(page.locator(".player")).to_have_attribute("data-step", "149")


def test_a_click_on_a_duel_sets_both_learning_rates(open_page):
    page = open_page("/optimizers?section=maps&maps=duel", wait_for=FIELD)
    page.mouse.click(*inside(page, "maps_field", 100.5 / 200, 50.5 / 200))
    page.wait_for_url(re.compile("maps_momentum=0.104&maps_adam=0.00327"))


@pytest.fixture(scope="module")
def drawing_browser(browser):
    """A Chromium that draws WebGL, in software."""
    flags = [*(flag for flag in FLAGS if flag != "--disable-gpu"), "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    drawing = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    yield drawing
    drawing.close()


def test_the_solid_plays_and_who_turns_it_even_beyond_its_edge_keeps_the_view_in_the_address(drawing_browser, address):
    page = drawing_browser.new_page(viewport=SMALL)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/optimizers?section=anatomy")
    page.locator(PLAYER).wait_for(timeout=60_000)
    assert not [url for url in asked if "plotly" in url.lower()]
    page.get_by_text("In 3-D", exact=True).first.click()
    canvas = page.locator(f"{SOLID} .gl-container canvas").first
    canvas.wait_for(timeout=90_000)
    assert [url for url in asked if "plotly" in url.lower()]
    eye = f"() => document.querySelector('{SOLID}')?._fullLayout?.scene?._scene?.getCamera().eye.x"
    page.locator(IDLE).wait_for(timeout=90_000)
    first = page.wait_for_function(eye, timeout=90_000).json_value()
    for _ in range(5):  # until what watches it has found it
        box = still(canvas)
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2 + 150, box["y"] + box["height"] / 3, steps=2)
        page.mouse.up()
        with suppress(TooLate):
            page.wait_for_url(re.compile("surface_turn="), timeout=15_000)
            break
    turned = page.evaluate(eye)
    assert abs(turned - first) > 0.1
    head = f"() => document.querySelector('{SOLID}').data[2].x[0]"
    before = page.evaluate(head)
    page.get_by_text("▶ Play").click(timeout=90_000)
    page.wait_for_function(f"before => document.querySelector('{SOLID}').data[2].x[0] !== before", arg=before, timeout=90_000)
    assert page.evaluate(f"() => document.querySelector('{SOLID}')._fullData.map(t => t.type + t.visible)")[0] == "surfacetrue"
    drawn = f"() => [...document.querySelector('{SOLID}')._fullLayout.scene._scene.glplot.objects[0].shape]"
    assert page.evaluate(drawn) == [131, 131]  # no more points than it must
    page.get_by_text("❚❚ Pause").click(timeout=90_000)
    page.wait_for_url(re.compile("surface_step="), timeout=90_000)
    assert page.evaluate(eye) == pytest.approx(turned, abs=0.02)
    page.get_by_text("Height log f", exact=True).click(timeout=90_000)
    page.wait_for_url(re.compile("surface_height=log"), timeout=90_000)
    page.wait_for_function(f"() => document.querySelector('{SOLID}')?._fullLayout?.scene?.zaxis.title.text.includes('log')")
    assert page.evaluate(eye) == pytest.approx(turned, abs=0.02)
    page.close()


def test_the_balls_roll_on_the_curve_in_the_browser(open_page):
    page = open_page("/optimizers?section=wells", wait_for=PLAYER)
    curve = page.locator(PLAYER)
    expect(curve).to_have_attribute("data-step", "100")
    page.keyboard.press("ArrowLeft")
    expect(curve).to_have_attribute("data-step", "99")
    page.keyboard.press("Home")
    expect(curve).to_have_attribute("data-step", "0")
    start = curve.screenshot()
    page.keyboard.press(" ")
    expect(curve).not_to_have_attribute("data-step", "0")
    page.keyboard.press(" ")
    assert curve.screenshot() != start


def test_an_axis_of_powers_has_no_computers_numbers(open_page):
    page = open_page("/initialization?section=why", wait_for="[data-testid=stVegaLiteChart] .role-axis-label text")
    labels = page.locator("[data-testid=stVegaLiteChart] .role-axis-label text").all_text_contents()
    assert {"10⁻²⁰", "10⁻¹⁰", "1", "10¹⁰", "0.01", "0.1", "10", "100"} <= {*labels}
    assert not [label for label in labels if "e" in label]
