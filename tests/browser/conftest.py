"""One server and one Chromium for all browser tests; on CI they must be there, elsewhere their absence skips."""

import os

import pytest
from playwright.sync_api import expect

from tests.browser.serving import CHROMIUM, IDLE, chromium, served

PROBED = ("/_stcore/health", "/_stcore/host-config")  # Streamlit's client looks for its server below the page first
FORBIDDEN = """document.addEventListener('securitypolicyviolation', event =>
    console.error(`forbidden: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`))"""
expect.set_options(timeout=20_000)  # milliseconds: other work may load the machine


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def address():
    with served() as address:
        yield address


@pytest.fixture
def open_page(browser, address):
    """A function that opens a path and waits for the player; at the end no error and no third party may have been seen."""
    contexts, errors, strangers = [], [], []

    def visit(path: str = "/optimizers", wait_for: str = ".player[data-scene]", **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options})
        context.add_init_script(FORBIDDEN)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error} {error.stack}"))
        page.on(
            "console", lambda m: errors.append(m.text) if m.type == "error" and not m.location["url"].endswith(PROBED) else None
        )
        page.on(
            "request",
            lambda request: None if request.url.startswith((address, "data:", "blob:")) else strangers.append(request.url),
        )
        page.goto(address + path)
        page.locator(wait_for).first.wait_for(timeout=60_000)
        page.locator(IDLE).wait_for(timeout=60_000)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not errors
    assert not strangers
