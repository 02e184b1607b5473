"""What a visitor takes home, opened: the picture decoded, the film played, the files of the buttons read."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from engine.descent import follow
from engine.experiments import PRESETS
from tests.browser.serving import still

PLAYER = ".player[data-scene]"
LENGTH = """async (address) => {
  const film = Object.assign(document.createElement("video"), { src: address, muted: true });
  await new Promise((done, fail) => Object.assign(film, { onloadeddata: done, onerror: () => fail(film.error.message) }));
  const found = { width: film.videoWidth, height: film.videoHeight };
  const seek = (time) => new Promise((done) => Object.assign(film, { onseeked: done, currentTime: time }));
  const shades = () => {
    const canvas = new OffscreenCanvas(found.width, found.height), ctx = canvas.getContext("2d");
    ctx.drawImage(film, 0, 0);
    return Array.from(ctx.getImageData(0, 0, found.width, found.height).data.filter((_, i) => i % 4 === 1 && i % 5 === 0));
  };
  await seek(1e6);
  found.last = shades();
  await seek(0);
  found.first = shades();
  const before = film.getVideoPlaybackQuality().totalVideoFrames;
  await new Promise((done) => { film.onended = done; film.play(); });
  const frames = film.getVideoPlaybackQuality().totalVideoFrames - before;
  return { ...found, duration: film.duration, frames };
}"""


def saved(page, item: str, seconds: float = 30):
    """The name and the bytes of what a click on an item of the menu downloads."""
    page.get_by_role("button", name="Save").click()
    with page.expect_download(timeout=1000 * seconds) as download:
        page.get_by_role("button", name=item).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


@pytest.mark.parametrize("path", ["/optimizers?preset=O3&step=7", "/optimizers?section=anatomy&anatomy_step=7"])
def test_the_picture_has_the_size_of_a_screen_and_no_holes(open_page, path):
    page = open_page(path)
    name, data = saved(page, "This step as a picture")
    assert name == ("O3-step-7.png" if "O3" in path else "anatomy-adam-step-7.png")
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (1920, 1080)
    assert len(picture.getcolors(1920 * 1080)) > 100
    assert (np.array(picture)[..., 3] == 255).all()


def test_another_step_is_another_picture(open_page):
    page = open_page("/optimizers?preset=O3&step=7")
    _, seven = saved(page, "This step as a picture")
    page.locator(PLAYER).press("ArrowRight")
    name, eight = saved(page, "This step as a picture")
    assert name == "O3-step-8.png"
    assert seven != eight


def test_the_film_shows_the_run_from_its_start_to_its_end(open_page):
    page = open_page("/optimizers?preset=O3&speed=2&loop=true")
    before = page.evaluate("performance.now()")
    name, data = saved(page, "The run as a film")
    took = (page.evaluate("performance.now()") - before) / 1000
    assert name == "O3.webm"
    assert data[:4] == bytes.fromhex("1a45dfa3")
    assert b"webm" in data[:64]
    film = page.evaluate(LENGTH, "data:video/webm;base64," + base64.b64encode(data).decode())
    assert (film["width"], film["height"]) == (1920, 1080)
    assert 2.5 < film["duration"] <= took
    assert film["frames"] > 4 * film["duration"]
    first, last = np.array(film["first"]), np.array(film["last"])
    assert first.std() > 5
    assert (np.abs(first - last) > 40).sum() > 50
    expect(page.locator(PLAYER)).to_have_attribute("data-step", "30")


def test_a_film_that_is_paused_ends_there(open_page):
    page = open_page("/optimizers?preset=O3")
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="The run as a film").click()
        page.wait_for_timeout(800)
        page.get_by_role("button", name="Pause").click()
    assert len(download.value.path().read_bytes()) > 1000
    assert int(page.locator(PLAYER).get_attribute("data-step")) < 30


def test_without_a_recorder_there_is_no_film_to_choose(browser, address):
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script("delete window.MediaRecorder")
    page = context.new_page()
    page.goto(f"{address}/optimizers?preset=O3")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="This step as a picture")).to_be_visible()
    expect(page.get_by_role("button", name="The run as a film")).to_have_count(0)
    context.close()


def test_the_menu_opens_above_its_button_and_closes(open_page):
    for viewport in ({"width": 1280, "height": 800}, {"width": 390, "height": 844}):
        page = open_page("/optimizers?preset=O3", viewport=viewport)
        opener, menu = page.get_by_role("button", name="Save"), page.locator(".menu")
        opener.click()
        box, above = still(opener), still(menu)
        assert above["x"] >= 0
        assert above["x"] + above["width"] <= viewport["width"]
        assert abs(above["y"] + above["height"] - box["y"]) < 12
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()


def test_the_buttons_below_give_table_script_and_notebook(open_page):
    page = open_page("/optimizers?preset=O3")
    found = {}
    for label, kind in (("Paths (CSV)", "csv"), ("Script (Python)", "py"), ("Notebook", "ipynb")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == f"optimizers-play.{kind}"
        found[kind] = download.value.path().read_text("utf-8")
    last = follow(PRESETS["O3"][0]).points[-1]
    assert found["csv"].splitlines()[-1].startswith(f"sgd,0.95,30,{last[0]},{last[1]},")
    assert repr(PRESETS["O3"][0]) in found["py"]
    cells = json.loads(found["ipynb"])["cells"]
    assert re.match("# O3 · SGD zig-zags\n", cells[0]["source"])
