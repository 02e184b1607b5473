"""The address in the browser: one change is one step Back, and Back and Forward restore controls, section and picture."""

import random
import re

import pytest
from playwright.sync_api import expect

from pages.kit import text
from pages.labs import TOPICS
from tests.browser.serving import IDLE, still

CHANGES = 5  # of a visitor
STATE = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const of = (selector, tell) => [...main.querySelectorAll(selector)].map(tell);
  return {
    fields: of("input:not([type=range]):not([aria-label^='**Predict']), textarea", e => [e.ariaLabel, e.value]),
    chosen: of("[data-testid=stButtonGroup] button[aria-checked=true]", e => e.innerText),
    section: of("[data-testid=stButtonGroup] button[aria-checked=true]", e => e.innerText)[0],
  };
}"""


def settled(page) -> dict:
    """Address and controls once the script has come to rest and stays there."""
    before = None
    for _ in range(80):
        page.locator(IDLE).wait_for(timeout=60_000)
        page.wait_for_load_state("networkidle")  # widgets are loaded when they are first needed
        expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=60_000)
        now = {"address": page.url, **page.evaluate(STATE)}
        if now == before:
            return now
        before = now
        page.wait_for_timeout(250)
    raise AssertionError(f"the page does not come to rest: {before}")


def came(page, then: dict) -> dict:
    """Address and controls at rest, once they are as they were: on a loaded machine the script may begin only after a while."""
    for _ in range(20):
        if (now := settled(page)) == then:
            break
        page.wait_for_timeout(500)
    return now


def change(page, rng: random.Random) -> None:
    """Something a visitor may do: another number, another option, another section."""
    numbers = page.locator("[data-testid=stMain] [data-testid=stNumberInput] input:visible")
    options = page.locator("[data-testid=stMain] [data-testid=stButtonGroup] button[aria-checked=false]:visible")
    predictions = page.get_by_text("Predict first").locator("xpath=ancestor::*[@data-testid='stButtonGroup']").locator("button")
    asked = set(predictions.all_inner_texts())
    choices = [k for k, word in enumerate(options.all_inner_texts()) if word not in asked]
    if numbers.count() and (rng.random() < 0.5 or not choices):
        field = numbers.nth(rng.randrange(numbers.count()))
        low, high = (float(field.get_attribute(end)) for end in ("min", "max"))
        whole = "." not in field.input_value() and float(field.get_attribute("step") or 1) >= 1
        value = rng.uniform(max(low, -5), min(high, 60))
        field.fill(str(int(max(low, value)) if whole else f"{value:.3g}"))
        field.press("Enter")
    else:
        options.nth(rng.choice(choices)).click()


@pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
def test_back_and_forward_restore_every_change(open_page, topic):
    page = open_page(f"/{topic}", wait_for="text=Predict first")
    rng = random.Random(f"{topic} 9")  # it does not lead into 3-D, which has tests of its own
    seen = [settled(page)]
    while len(seen) < 1 + CHANGES:
        change(page, rng)
        if (now := settled(page)) != seen[-1]:
            assert now["address"] != seen[-1]["address"], now
            seen.append(now)
    last = len(seen) - 1
    for at, by in ((last - 1, -1), (0, 1 - last), (1, 1), (last, last - 1)):  # a step and a jump, back and forward
        page.evaluate("by => history.go(by)", by)
        assert came(page, seen[at]) == seen[at]
    page.reload()
    assert came(page, seen[last]) == seen[last]


def test_a_preset_goes_back_whole(open_page):
    page = open_page("/optimizers?preset=O21")
    before = settled(page)
    page.get_by_role("button", name=re.compile(text.preset("O21").title)).click()
    page.get_by_role("menuitem", name=re.compile(text.preset("O3").title)).click()
    page.wait_for_url(re.compile("preset=O3"))
    settled(page)
    page.go_back()
    assert came(page, before) == before


def test_a_click_for_a_start_is_one_step(open_page):
    page = open_page("/optimizers?preset=O3")
    seen = [settled(page)]
    for x in (0.3, 0.6):
        box = still(page.locator(".player canvas").first)
        page.mouse.click(box["x"] + x * box["width"], box["y"] + 0.3 * box["height"])
        expect(page).not_to_have_url(seen[-1]["address"])
        seen.append(settled(page))
    for then in seen[1::-1]:
        page.go_back()
        assert came(page, then) == then


def test_a_click_on_the_map_opens_the_paths_and_the_bar_says_so(open_page):
    page = open_page("/optimizers?section=maps", wait_for=".field canvas")
    before = settled(page)
    box = still(page.locator(".field canvas").first)
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    page.locator(".player[data-scene]").wait_for()
    opened = settled(page)
    assert opened["section"] == "Paths"
    page.go_back()
    assert came(page, before) == before


def test_sections_come_back_with_what_they_were_set_to(open_page):
    page = open_page("/optimizers?x0=5&y0=1")
    seen = [settled(page)]
    for place in (1, 4, 0):
        page.locator("[data-testid=stMain] [data-testid=stButtonGroup]").first.locator("button").nth(place).click()
        seen.append(settled(page))
    assert seen[-1] == seen[0]
    for then in (seen[2], seen[1], seen[0]):
        page.go_back()
        assert came(page, then) == then
