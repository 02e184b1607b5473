"""Searches in the browser: one that hangs on what it finds goes on by itself, and a box that is dragged is the next search."""

import re

from playwright.sync_api import expect

from tests.browser.serving import still
from tests.browser.test_lab import RUN, ended, started


def test_a_search_that_hangs_on_its_answers_goes_on_by_itself(open_page):
    page = started(open_page("/search?section=bayes&bayes_trials=9&bayes_steps=20", wait_for=RUN))
    ended(page)
    page.get_by_role("button", name="See what happened").click()
    page.get_by_text("With 9 trials each").wait_for()


def test_a_box_that_is_dragged_is_where_the_next_search_looks(open_page):
    page = open_page("/search?random_trials=8&random_steps=20", wait_for=RUN)
    page.locator(RUN).click()
    ended(page)
    before = page.get_by_label("lr from", exact=True).input_value()
    marks = still(page.locator("[data-testid=stVegaLiteChart] .mark-symbol.role-mark").first)
    x, y = marks["x"] + marks["width"] / 2, marks["y"] + marks["height"] / 2
    page.mouse.move(x - 40, y - 25)
    page.mouse.down()
    page.mouse.move(x + 40, y + 25, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("random_lr_low=.*random_lr_high="))
    first, last = (page.get_by_label(label, exact=True) for label in ("lr from", "lr to"))
    expect(first).not_to_have_value(before)
    assert 1e-6 < float(first.input_value()) < float(last.input_value()) < 1e-2


def test_a_small_learning_rate_is_read_to_its_end_on_a_laptop(open_page):
    page = open_page("/search?section=budget", wait_for=RUN, viewport={"width": 1366, "height": 768})
    box = page.get_by_label("lr from", exact=True)
    expect(box).to_have_value("0.000001")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_a_click_on_the_board_trains_what_is_asked(open_page):
    page = open_page("/search?section=play&play_steps=20&play_trials=4", wait_for="text=4 of 4 trials left")
    board = page.locator("[data-testid=stVegaLiteChart]").first
    for k, left in ((3, 3), (5, 2)):
        box = still(board)
        page.mouse.click(box["x"] + box["width"] * k / 8, box["y"] + box["height"] / 2)
        page.get_by_text(f"{left} of 4 trials left").wait_for()
        expect(board.locator(".mark-text.role-mark").filter(has_text=str(4 - left))).to_be_visible()
    expect(page).to_have_url(re.compile("play_picks="))
    page.get_by_label("λ", exact=True).fill("0.0001")
    page.get_by_label("λ", exact=True).press("Enter")
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("1 of 4 trials left").wait_for()
    page.go_back()
    page.get_by_text("2 of 4 trials left").wait_for()
    page.get_by_role("button", name="New game").click()
    page.get_by_text("4 of 4 trials left").wait_for()
