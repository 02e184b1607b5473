"""Your own network in the browser: duplicated, changed, run, gone back and reloaded, and opened from another lab."""

import re

from playwright.sync_api import expect

from tests.browser.serving import seen
from tests.browser.test_address import came, settled

SMALL = "/babysitting?hidden=20&steps=40&train_size=300&seeds=2"
RUN = "button[kind=primary]"


def test_a_network_is_duplicated_changed_run_and_found_again(open_page):
    page = open_page(SMALL, wait_for=RUN)
    one = settled(page)
    page.get_by_role("button", name="Duplicate").click()
    page.wait_for_url(re.compile("networks=2"))
    page.get_by_text("The form shows network B").wait_for()
    two = settled(page)
    page.get_by_label("learning rate").fill("0.5")
    page.get_by_label("learning rate").press("Enter")
    page.wait_for_url(re.compile(r"b_lr=0\.5"))
    changed = settled(page)
    page.locator(RUN).click()
    page.get_by_text("Trained in").wait_for(timeout=120_000)
    expect(page.locator("table").first).to_contain_text("B: lr 0.5")
    told = seen(page).inner_text()
    assert "test images" in told
    page.go_back()
    assert came(page, two) == two
    page.go_back()
    assert came(page, one) == one
    page.go_forward()
    page.go_forward()
    assert came(page, changed) == changed
    page.reload()
    page.get_by_text("Trained in").wait_for()
    assert came(page, changed) == changed
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Duplicate the network")).to_be_visible()
    assert "b_lr" not in page.url


def test_what_another_lab_trains_opens_in_the_form(open_page):
    page = open_page("/activations?section=dying&dying_rates=0.1,0.2&dying_steps=20", wait_for=RUN)
    page.get_by_role("link", name="Open in your own network").click()
    page.wait_for_url(re.compile("/babysitting.*networks=2"))
    expect(page.get_by_label("learning rate")).to_have_value("0.1")
    page.get_by_role("radiogroup", name="Network", exact=True).get_by_role("radio", name="B").click()
    settled(page)
    expect(page.get_by_label("learning rate")).to_have_value("0.2")
    expect(page.get_by_label("updates", exact=True)).to_have_value("20")
    page.go_back()
    settled(page)
    expect(page.get_by_label("learning rate")).to_have_value("0.1")
    page.go_back()
    page.wait_for_url(re.compile("/activations"))
    settled(page)
    expect(page.get_by_label("Learning rates, at most 6")).to_have_value("0.1,0.2")


def test_of_many_networks_up_to_four_are_picked(open_page):
    page = open_page("/batchnorm", wait_for=RUN)
    settled(page)
    page.get_by_role("button", name="Open in your own network").click()
    page.get_by_role("combobox", name="Which of these 32 networks").click()
    for name in ("without BatchNorm, scale 1", "without BatchNorm, scale 0.54117"):
        page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Open in your own network").click()
    page.wait_for_url(re.compile("/babysitting.*networks=2"))
    page.get_by_role("radiogroup", name="Network", exact=True).get_by_role("radio", name="B").wait_for()
