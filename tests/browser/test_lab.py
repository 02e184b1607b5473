"""Training in the browser: the picture grows while the page stays usable, a run is shared, cancelled, opened, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from pages.kit.address import key_of
from pages.kit.language import tr
from pages.labs import TOPICS
from tests.browser.serving import IDLE, PHONE, seen

OPEN = "section => (new URLSearchParams(location.search).get('section') ?? '') === section"
UNFIT = """width => {
    const boxes = (selector) => [...document.querySelectorAll(selector)].map((e) => e.getBoundingClientRect());
    const [question, picture] = ["question", "picture"].map((part) => boxes(`.st-key-lab-${part}`)[0]);
    const unfit = {
        page: document.documentElement.scrollWidth !== width,
        main: document.querySelector("[data-testid=stMain]").scrollWidth !== width,
        sections: boxes(".st-key-section button").some((box) => box.right > width),
        order: !(question?.y < picture?.y),
    };
    return Object.keys(unfit).filter((part) => unfit[part]);
}"""
RUN, PROGRESS = "button[kind=primary]", "[data-testid=stProgress]"


def drawn(page) -> int:
    """Points of all lines of all charts: more when lines have grown."""
    return page.evaluate(
        "[...document.querySelectorAll('.mark-line path')].reduce((n, e) => n + e.getAttribute('d').split(/[A-Z]/).length, 0)"
    )


def started(page):
    page.locator(RUN).click()
    page.locator(PROGRESS).or_(page.get_by_text("Trained in")).first.wait_for()  # a short run may end before it is seen
    return page


def ended(page):
    page.get_by_text("Trained in").wait_for(timeout=180_000)


def test_lines_grow_while_the_page_stays_usable(open_page):
    page = started(open_page("/batchnorm?section=learn&learn_steps=400&learn_seeds=1", wait_for=RUN))
    sizes = []
    page.get_by_text("before is better").click()
    while page.locator(PROGRESS).count():
        sizes.append(drawn(page))
        page.wait_for_timeout(300)
    assert len({size for size in sizes if size}) >= 3
    assert sizes == sorted(sizes)
    ended(page)
    page.get_by_text("You predicted before is better").wait_for()
    expect(page.locator(PROGRESS)).to_have_count(0)


def test_a_finished_run_opens_at_once_in_another_browser(open_page):
    address = "/batchnorm?section=learn&learn_steps=60&learn_seeds=1"
    page = started(open_page(address, wait_for=RUN))
    ended(page)
    other = open_page(address, wait_for="text=See what happened")
    expect(other.locator(RUN)).to_have_count(0)
    assert seen(page).inner_text() == seen(other).inner_text()


def test_two_visitors_watch_one_run(open_page):
    page, other = (open_page("/batchnorm?section=learn&learn_steps=301&learn_seeds=1", wait_for=RUN) for _ in range(2))
    started(page)
    other.get_by_text("before is better").click()
    other.locator(PROGRESS).wait_for()
    expect(other.locator(RUN)).to_have_count(0)
    ended(other)


def test_cancel_says_so_and_offers_to_run_again(open_page):
    page = started(open_page("/optimizers?section=race&race_seeds=3", wait_for=RUN))
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("The run was cancelled.").wait_for()
    page.locator(RUN).wait_for()


def test_a_click_on_the_map_opens_the_network(open_page):
    page = started(open_page("/batchnorm?grid_steps=20", wait_for=RUN))
    ended(page)
    page.locator(".st-key-grid_cells .mark-rect.role-mark path").nth(4).click()
    page.get_by_text("Inside: std 0.086").wait_for()
    page.wait_for_url(re.compile("cell="))
    page.locator(".wall[data-scene]").wait_for(timeout=30_000)
    reopened = open_page(page.url.split("/", 3)[-1].join(["/", ""]), wait_for="text=Inside: std 0.086")
    expect(reopened.locator(RUN)).to_have_count(0)


def opens(page, topic, lab) -> None:
    """Turn to the lab, and wait until it is there."""
    page.get_by_role("radio", name=tr(lab.title), exact=True).tap()
    page.wait_for_function(OPEN, arg="" if lab is topic.labs[0] else key_of(lab))
    page.locator(IDLE).wait_for(timeout=60_000)


def unfit(page) -> list[str]:
    """What does not fit the phone, if it does not come to fit it soon."""
    for _ in range(30):
        if not (found := page.evaluate(UNFIT, PHONE["width"])):
            break
        page.wait_for_timeout(100)
    return found


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_lab_fits_a_phone(open_page, topic):
    page = open_page(f"/{topic.name}", "text=Predict first", viewport=PHONE, has_touch=True, is_mobile=True)
    for lab in topic.labs:
        opens(page, topic, lab)
        assert unfit(page) == [], lab.id
        assert page.get_by_text("Traceback").count() == 0, lab.id
