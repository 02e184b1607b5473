"""A server of its own on a free port, and the system's Chromium to look at it; for the browser tests and benchmarks."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]:not(:has([data-testid=stSkeleton]))"
"""An app at rest: no script runs, and the code of all its elements has come, styles among them."""
PHONE = {"width": 390, "height": 844}
GROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def served(script: str = "app.py", **settings: str) -> Iterator[str]:
    """The address of a freshly started app, with these environment variables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true", "--server.fileWatcherType=none"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT), "RUNS_DIR": "off", **settings}
    server = subprocess.Popen(
        [*command, *options], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(480):  # two minutes: other work may load the machine
            with suppress(OSError):
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            time.sleep(0.25)
        else:
            raise RuntimeError("the app did not start")
        yield address
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=20)
        sys.stderr.write(errors.decode())


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """A browser with these flags beside the usual ones."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *more])
        yield browser
        browser.close()


def seen(page: Page) -> Locator:
    """The paragraph that tells what happened, once a run has ended and the visitor has asked to see it."""
    page.get_by_role("button", name="See what happened").click(timeout=180_000)
    told = page.locator("p").filter(has_text="What happened.")
    told.wait_for()
    return told


def still(what: Locator) -> dict[str, float]:
    """The box of what has come and moves no more."""
    before = None
    while (box := what.bounding_box()) is None or box != before:
        before = box
        what.page.wait_for_timeout(100)
    return box


def opened(page: Page, headline: str) -> None:
    """Unfold the settings under a headline."""
    fold = page.locator("[data-testid=stExpander]").filter(has=page.locator("summary").filter(has_text=headline))
    fold.locator("summary").click()
    fold.locator("[data-testid=stExpanderDetails]").locator("visible=true").wait_for()
