"""See that the built site needs nobody else: `python -m docs.offline` opens every page of it, and tells what it lacks."""

import sys
from urllib.parse import urlsplit

from playwright.sync_api import Route

from docs.generate import ROOT
from tests.browser.serving import chromium

SITE, HOST = ROOT / "site", "site.invalid"


def main() -> None:
    problems: set[str] = set()

    def answer(route: Route) -> None:
        """With a file of the site; whatever else is asked for is a problem."""
        asked = urlsplit(route.request.url)
        path = SITE / asked.path.lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if asked.netloc == HOST and path.is_file():
            return route.fulfill(path=path)
        problems.add(route.request.url)
        return route.abort()

    pages = sorted(path.parent.relative_to(SITE).as_posix() for path in SITE.rglob("index.html"))
    with chromium() as browser:
        page = browser.new_page()
        page.route("**/*", answer)
        page.on("pageerror", lambda error: problems.add(f"{page.url}: {error}"))
        for path in pages:
            page.goto(f"http://{HOST}/{path}/")
        page.get_by_role("textbox", name="Search").fill("momentum")
        page.locator(".md-search-result__link").first.wait_for()
    print(*sorted(problems), f"{len(pages)} pages, {len(problems)} problems", sep="\n")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
