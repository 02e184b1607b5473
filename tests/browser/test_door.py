"""The door in a browser: no page asks for more than its policy allows, and whoever is turned away reads why."""

import os
import signal

import pytest
from playwright.sync_api import expect

from pages.labs import TOPICS
from tests.browser.serving import IDLE, served
from tests.pages.test_server import server

PLOTLY = ["/optimizers?section=surface", "/search?section=mattered&mattered_trials=12&mattered_steps=20"]
PICTURES = "canvas, [data-testid=stVegaLiteChart] svg"


@pytest.fixture(scope="module")
def address():
    with served("server.py") as address:
        yield address


@pytest.mark.parametrize("path", ["/", *(f"/{topic.name}" for topic in TOPICS)])
def test_a_page_needs_no_more_than_the_policy_allows(open_page, path):
    open_page(path, wait_for=PICTURES)


@pytest.mark.parametrize("path", PLOTLY)
def test_plotly_needs_no_more_either(open_page, path):
    page = open_page(path, wait_for=IDLE)
    run = page.get_by_role("button", name="Run", exact=True)
    if run.count():
        run.click()
        page.get_by_text("Trained in").wait_for(timeout=120_000)
    expect(page.locator(".js-plotly-plot canvas").first).to_be_visible()
    expect(page.get_by_text("WebGL is not supported")).to_have_count(0)


def test_the_policy_forbids_what_is_not_ours(browser, address):
    page = browser.new_page()
    page.goto(address)
    page.locator(IDLE).wait_for()
    blocked = """() => new Promise(done => {
        document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.ours = false';
        document.body.append(script);
    })"""
    assert page.evaluate(blocked) == "script-src-elem"
    assert page.evaluate("window.ours") is None
    page.close()


def test_who_is_turned_away_reads_why(browser):
    with served("server.py", MAX_SESSIONS="1", DRAIN_SECONDS="8") as address:
        inside, outside = browser.new_context(), browser.new_context()
        page, waiting = inside.new_page(), outside.new_page()
        waiting.goto(f"{address}/class/nothing")  # a name, no session
        page.goto(f"{address}/optimizers")
        page.locator(".player[data-scene]").wait_for(timeout=60_000)
        assert waiting.goto(f"{address}/optimizers").status == 503
        expect(waiting.get_by_text("All 1 places on this server are taken.")).to_be_visible()
        page.reload()
        page.locator(".player[data-scene]").wait_for(timeout=60_000)
        os.kill(server(address), signal.SIGTERM)
        expect(page.get_by_text("This server is about to stop.")).to_be_visible()
        expect(page.locator(".player[data-scene]")).to_be_visible()
        inside.close()
        outside.close()
