"""One server and one Chromium for all browser tests; on CI they must be there, elsewhere their absence skips."""

import os
from collections import defaultdict

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.browser.serving import CHROMIUM, IDLE, chromium, served

PROBED = ("/_stcore/health", "/_stcore/host-config")  # Streamlit's client looks for its server below the page first
FORBIDDEN = """document.addEventListener('securitypolicyviolation', event =>
    console.error(`forbidden: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`))"""
HASTY = "--js-flags=--no-opt --no-maglev"  # pages live for seconds: to compile their scripts well takes longer than it saves
MEDIA = {"color_scheme": "light", "reduced_motion": "reduce"}
FULL = 20  # entries of a history, of which a browser keeps 50
expect.set_options(timeout=20_000)  # milliseconds: other work may load the machine


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with chromium(HASTY) as browser:
        yield browser


@pytest.fixture(scope="session")
def address(browser):
    """Of a server that has shown a page: the first one, Streamlit draws twice."""
    with served() as address:
        page = browser.new_page()
        page.goto(address)
        page.locator(IDLE).wait_for(timeout=60_000)
        page.close()
        yield address


@pytest.fixture(scope="session")
def free():
    """Options of a context → pages that nobody uses: one that has been here before has all scripts and has compiled them, and
    opens the next in less than half the time."""
    return defaultdict(list)


@pytest.fixture(scope="session")
def blank(browser):
    """A page of nothing, for arithmetic that needs no app."""
    return browser.new_page()


@pytest.fixture
def open_page(browser, address, free):
    """A function that opens a path as a visitor of its own and waits for the player; at the end no error and no third party
    may have been seen, and no image that does not travel inside the page."""
    lent, errors, strangers = [], [], []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith(PROBED):
            errors.append(f"{message.text} {message.location['url']}")

    def watch(asked: Request) -> None:
        beside = asked.resource_type == "image" and asked.url.startswith(f"{address}/media/")
        if beside or not asked.url.startswith((address, "data:", "blob:")):
            strangers.append(asked.url)

    ears = {
        "pageerror": lambda error: errors.append(f"{error} {error.stack}"),
        "console": hear,
        "request": watch,
    }

    def visit(path: str = "/optimizers", wait_for: str = ".player[data-scene]", **options):
        viewport = options.pop("viewport", {"width": 1280, "height": 800})
        media = {name: options.pop(name, usual) for name, usual in MEDIA.items()}
        others = free[repr(sorted(options.items()))]
        page = others.pop() if others else newcomer(browser, options)
        lent.append((page, others))
        page.set_viewport_size(viewport)
        page.emulate_media(**media)
        for event, ear in ears.items():
            page.on(event, ear)
        page.goto(address + path)
        page.locator(wait_for).first.wait_for(timeout=60_000)
        page.locator(IDLE).wait_for(timeout=60_000)
        return page

    yield visit
    for page, others in lent:
        for event, ear in ears.items():
            page.remove_listener(event, ear)
        others.append(forgetful(page))
    assert not errors
    assert not strangers


def newcomer(browser: Browser, options: dict) -> Page:
    context = browser.new_context(**options)
    context.add_init_script(FORBIDDEN)
    return context.new_page()


def forgetful(page: Page) -> Page:
    """The page of a visitor who has just come, though its scripts are there already."""
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.evaluate("() => [localStorage, sessionStorage].forEach((kept) => kept.clear())")
    page.context.clear_cookies()
    page.goto("about:blank")
    page.mouse.move(0, 0)  # else it rests on the next picture
    if page.evaluate("history.length") < FULL:
        return page
    page.close()
    return page.context.new_page()
