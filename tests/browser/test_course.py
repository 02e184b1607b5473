"""The way in and on: home finds things and remembers where one was, topics lead on, terms say what they mean."""

import re

from playwright.sync_api import expect


def test_what_is_typed_on_the_home_page_leads_to_a_lab(open_page):
    page = open_page("/")
    for said, link, where in (("dead relu", "Dead ReLU", "activations"), ("λ", "weight decay", "regularization")):
        box = page.get_by_label("Find a lab")
        box.fill(said)
        box.press("Enter")
        page.get_by_role("link", name=re.compile(f"^{link}")).first.click()
        page.wait_for_url(f"**/{where}**")
        page.get_by_text("Predict first").wait_for()
        page.get_by_role("link", name="Home").first.click()
        page.get_by_label("Find a lab").wait_for()


def test_home_remembers_where_one_was_and_how_it_was_left(open_page):
    page = open_page("/optimizers?preset=O3&steps=40")
    page.get_by_role("link", name="Home").first.click()
    link = page.get_by_role("link", name=re.compile("Go on with"))
    came = link.bounding_box()
    page.locator(".player[data-scene]").wait_for()
    assert link.bounding_box() == came, "what one is about to click moves away when the picture comes"
    link.click()
    expect(page).to_have_url(re.compile("preset=O3.*steps=40"))


def test_a_topic_ends_with_what_one_can_do_and_leads_on(open_page):
    page = open_page("/softmax", wait_for="text=Now you can")
    page.get_by_role("link", name=re.compile("Activations · Depth")).click()
    page.wait_for_url("**/activations?section=depth")
    page.get_by_role("link", name=re.compile("Next.*Preprocessing")).click()
    page.wait_for_url("**/preprocessing")


def test_a_term_says_what_it_means(open_page):
    page = open_page("/softmax", wait_for="text=Predict first")
    page.get_by_role("button", name="See what happened").click()
    term = page.locator("abbr", has_text=re.compile("^logit")).first
    expect(term).to_have_attribute("title", re.compile("before softmax"))
