"""A talk in the browser: given from first slide to last by a presenter's keys, the presenter's window beside it."""

import re

import pytest
from playwright.sync_api import expect

from pages.kit import shelf
from pages.labs import TOPICS
from tests.browser.serving import IDLE, still

BAR = ".bar[data-slide]"


@pytest.fixture
def stage(open_page):
    page = open_page("/?deck=failing&slide=1&view=stage", wait_for=BAR)
    expect(page.locator(BAR)).to_have_attribute("data-slide", "1")
    return page


def at(page, slide: int) -> None:
    """Wait until the slide is there, and its page has come to rest."""
    expect(page.locator(BAR)).to_have_attribute("data-slide", str(slide))
    expect(page).to_have_url(re.compile(rf"[?&]slide={slide}(&|$)"))
    page.locator(IDLE).wait_for()


def test_a_whole_talk_is_given_by_keys_with_the_notes_beside_it(stage):
    talk = shelf.load("failing", TOPICS)
    notes = stage.context.new_page()
    notes.goto(f"{stage.url.partition('?')[0]}present?deck=failing")
    beside = notes.locator(".presenter")
    expect(beside.locator(".alone")).to_be_hidden()
    for number, slide in enumerate(talk.slides, 1):
        if number > 1:
            stage.keyboard.press("PageDown")
        at(stage, number)
        page, _, query = slide.at.partition("?")
        assert stage.url.endswith(f"{page}?{query}{'&' * bool(query)}deck=failing&slide={number}&view=stage")
        expect(stage.locator(".bar .title")).to_have_text(slide.title)
        expect(beside.locator(".now .title")).to_have_text(slide.title)
        expect(beside.locator(".notes")).to_have_text(slide.notes)
        coming = talk.slides[number].title if number < len(talk.slides) else "The end"
        expect(beside.locator(".coming .title")).to_have_text(coming)
    stage.keyboard.press("PageDown")  # there is no slide after the last
    stage.keyboard.press("PageUp")
    at(stage, len(talk.slides) - 1)
    notes.keyboard.press("PageUp")
    at(stage, len(talk.slides) - 2)
    notes.get_by_role("button", name="Next").click()
    at(stage, len(talk.slides) - 1)
    notes.keyboard.press("b")
    expect(stage.locator("dialog.black")).to_be_visible()
    notes.keyboard.press("b")
    expect(stage.locator("dialog.black")).to_be_hidden()
    stage.keyboard.press("Home")
    at(stage, 1)
    assert stage.locator(".bar .time").inner_text() != "0:00 / 1:00"


def test_whoever_presses_fast_comes_as_far(stage):
    for key in ["PageDown"] * 6 + ["PageUp"] * 3:
        stage.keyboard.press(key)
    expect(stage.locator(".bar .title")).to_have_text("First weights that kill the signal")
    at(stage, 4)
    expect(stage).to_have_url(re.compile(r"/initialization\?wall=I9&"))


def test_black_and_overview(stage):
    stage.keyboard.press("b")
    black = stage.locator("dialog.black")
    assert black.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 800}
    assert black.evaluate("box => getComputedStyle(box).backgroundColor") == "rgb(0, 0, 0)"
    stage.keyboard.press("b")
    expect(black).to_be_hidden()
    stage.keyboard.press("o")
    cards = stage.locator(".overview li button")
    expect(cards).to_have_count(10)
    expect(cards.first).to_be_focused()
    stage.keyboard.press("Tab")
    stage.keyboard.press("Enter")
    at(stage, 2)
    expect(stage.locator(".overview")).to_be_hidden()


def test_a_slide_that_was_touched_comes_back_as_the_deck_has_it(open_page):
    page = open_page("/?deck=failing&slide=2", wait_for=BAR)
    at(page, 2)
    page.locator(".player[data-step='30']").wait_for()
    address = page.url
    page.keyboard.press("ArrowRight")  # of the player
    expect(page).to_have_url(re.compile("step=31"))
    assert "deck=failing&slide=2" in page.url
    page.keyboard.press("PageDown")
    at(page, 3)
    page.keyboard.press("PageUp")
    at(page, 2)
    expect(page).to_have_url(address)
    page.locator(".player[data-step='30']").wait_for()
    page.go_back()
    at(page, 3)
    page.go_back()
    at(page, 2)
    expect(page).to_have_url(re.compile("step=31"))
    page.locator(".player[data-step='31']").wait_for()


def test_keys_that_are_typed_move_no_slide(open_page):
    page = open_page("/?deck=failing&slide=6", wait_for=BAR)
    at(page, 6)
    field = page.locator("[data-testid=stNumberInput] input").first
    field.focus()
    for key in ("o", "b", "s", "Home"):
        page.keyboard.press(key)
    expect(page.locator("dialog.black")).to_be_hidden()
    expect(page.locator(".overview")).to_be_hidden()
    assert "view=stage" not in page.url
    at(page, 6)
    page.keyboard.press("PageDown")  # what a clicker sends counts everywhere
    at(page, 7)


def test_the_stage_shows_the_picture_and_the_page_comes_back(stage):
    stage.keyboard.press("PageDown")
    at(stage, 2)
    for part in ("topic", "lab-side", "lab-question", "lab-below"):
        expect(stage.locator(f".st-key-{part}")).to_be_hidden()
    wide = still(stage.locator(".player canvas"))
    assert wide["width"] > 1200
    assert wide["y"] + wide["height"] < 800
    stage.keyboard.press("s")
    expect(stage.locator(".st-key-lab-side")).to_be_visible()
    expect(stage).not_to_have_url(re.compile("view=stage"))
    assert "deck=failing&slide=2" in stage.url
    stage.locator(".bar [data-do=close]").click()
    expect(stage.locator(".bar")).to_have_count(0)
    assert stage.url.endswith("/optimizers?preset=O3&sgd_lr=1.01&steps=100&step=30")


def test_a_deck_of_ones_own_is_checked_and_given(open_page):
    page = open_page("/present", wait_for="text=One of your own")
    chosen = page.locator("input[type=file]")
    chosen.set_input_files({"name": "mine.md", "mimeType": "text/markdown", "buffer": b"# Mine\nat: //evil.example"})
    page.get_by_text("line 2: //evil.example is no address of the playground").wait_for()
    chosen.set_input_files({"name": "mine.md", "mimeType": "text/markdown", "buffer": b"# Mine\nFor today\nat: /softmax"})
    mine = page.locator("[data-testid=stVerticalBlock]").filter(has=page.get_by_text("Mine", exact=True)).last
    with page.expect_popup() as opened:
        mine.get_by_role("link", name="On the stage").click()
    talk = opened.value
    talk.locator(BAR).wait_for()
    expect(talk.locator(".bar .words")).to_have_text("For today")
    expect(talk).to_have_url(re.compile(r"/softmax\?deck=own-[0-9a-f]{16}&slide=1&view=stage$"))


def test_the_handout_is_a_page_to_print(open_page):
    page = open_page("/present?deck=failing&view=handout", wait_for=".handout")
    codes = page.locator(".handout img.code")
    expect(codes).to_have_count(10)
    assert codes.evaluate_all("images => images.every(image => image.complete && image.naturalWidth > 0)")
    assert (
        page.locator(".handout a").nth(1).get_attribute("href").endswith("/optimizers?preset=O3&sgd_lr=1.01&steps=100&step=30")
    )
