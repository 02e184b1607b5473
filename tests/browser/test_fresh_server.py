"""A link to a page must work on a server that has never shown its home page."""

from playwright.sync_api import expect

from tests.browser.serving import served


def test_a_deep_link_is_the_first_request(browser):
    with served() as address:
        page = browser.new_page()
        page.goto(f"{address}/optimizers?preset=O5")
        page.locator(".player[data-scene]").wait_for(timeout=60_000)
        expect(page.get_by_role("link", name="Home")).to_be_visible()
        expect(page.get_by_role("link", name="app")).to_have_count(0)
        assert page.title() == "Optimizers"
        page.close()
