"""Babysitting in the browser: a layer that is pointed at lights up everywhere, live; a mystery is kept until it is told."""

import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from engine.mysteries import CATALOGUE, mystery
from tests.browser.serving import IDLE, still
from tests.browser.test_lab import RUN, ended, started

VITALS = "/babysitting?section=vitals&vitals_width=40&vitals_steps={}"
HANDS = ".mark-line path[stroke-width='11']"
LINES = "[...document.querySelectorAll(\".mark-line path[stroke-width='2.2']\")]"
LIT = f"{LINES}.filter(e => e.getAttribute('opacity') === '1').map(e => e.getAttribute('stroke'))"
MIDDLE = """e => {
    const at = e.getPointAtLength(e.getTotalLength() / 2), m = e.getScreenCTM();
    return [at.x * m.a + m.e, at.y * m.d + m.f];
}"""
SOLVED = next(case for case in range(50, 400) if mystery(case).fault == "underfitting")


def test_a_layer_that_is_pointed_at_lights_up_in_every_panel_of_every_network(open_page):
    page = started(open_page(VITALS.format(60), wait_for=RUN))
    ended(page)
    hands = page.locator(HANDS)
    expect(hands).to_have_count(5)
    page.wait_for_function(f"{LIT}.length === 5")
    still(hands.last)
    assert hands.first.evaluate("e => e.getAttribute('d').split('M').length - 1") == 4 * 6  # panels
    page.mouse.move(*hands.last.evaluate(MIDDLE))  # it lies over the others
    page.wait_for_function(f"{LIT}.length === 1")
    assert page.evaluate(LIT) == [hands.last.get_attribute("stroke")]
    assert page.locator(".mark-text text[font-weight=bold]").count() >= 4 * 6  # the latest numbers
    page.mouse.move(5, 5)
    page.wait_for_function(f"{LIT}.length === 5")


def test_vital_signs_are_live(open_page):
    """About two pictures a second; `python -m benchmarks.live` measures them."""
    page = started(open_page(VITALS.replace("width=40", "width=100").format(1000), wait_for=RUN))
    sizes, end = set(), time.monotonic() + 30
    while time.monotonic() < end and len(sizes) < 4 and page.get_by_text("Trained in").count() == 0:
        sizes.add(page.evaluate(f"{LINES}.reduce((n, e) => n + (e.getAttribute('d') ?? '').length, 0)"))
        time.sleep(0.05)
    assert len(sizes) >= 4


def test_a_mystery_is_solved_by_evidence_and_kept_until_it_is_told(open_page):
    page = started(open_page(f"/babysitting?section=mystery&mystery_case={SOLVED}", wait_for=RUN))
    ended(page)
    tell = page.get_by_role("button", name="See what happened")
    tell.wait_for()
    page.get_by_role("button", name="Accuracies").click()
    page.get_by_text("Test accuracy").first.wait_for()
    page.get_by_role("radio", name="network too small").click()
    expect(page.get_by_role("radio", name="network too small")).to_be_checked()
    page.locator(IDLE).wait_for()
    assert page.get_by_text("You predicted").count() == 0
    assert page.get_by_text("Script (Python)").count() == 0
    assert page.get_by_text("a healthy twin").count() == 0
    tell.click()
    page.get_by_text("7 of 8 points").wait_for()
    page.get_by_text("You predicted network too small: right.").wait_for()
    page.get_by_text("Script (Python)").wait_for()
    before = page.url
    page.get_by_role("button", name="Next mystery").click()
    expect(page).not_to_have_url(before)
    (case,) = parse_qs(urlsplit(page.url).query)["mystery_case"]
    assert mystery(int(case)).fault in CATALOGUE
    page.get_by_text("In this session 7 points in 1 mystery").wait_for()
    expect(page.get_by_text("You predicted")).to_have_count(0)


def test_a_reload_keeps_the_mystery_and_its_secret(open_page):
    page = started(open_page(f"/babysitting?section=mystery&mystery_case={SOLVED + 1}", wait_for=RUN))
    ended(page)
    page.get_by_role("button", name="See what happened").click()
    page.get_by_text("What happened.").wait_for()
    page.reload()
    page.get_by_role("button", name="See what happened").wait_for(timeout=60_000)
    assert f"mystery_case={SOLVED + 1}" in page.url
    assert page.get_by_text("What happened.").count() == 0
    assert page.get_by_text("Script (Python)").count() == 0
