"""Pages run as the app runs them, without a browser."""

import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from pages.kit import compute, export
from tests.runs import KEPT

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def page_discovery_is_over(monkeypatch):
    """A server leaves Streamlit's old page discovery once, on its first page; AppTest would start with it at every run, and
    the rerun that leaves it would lose the click."""
    start = PagesManager.__init__

    def begin(self, *args, **kwargs):
        start(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin)


@pytest.fixture(scope="session", autouse=True)
def installed_components_are_looked_for_once():
    """As by a server; AppTest would read the metadata of all installed packages at every visit, for 0.15 s."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def visit():
    """A function that opens a page of the app at an address, as by a link, and returns it after its first run."""

    def open_page(page: str = "pages/optimizers.py", **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.switch_page(page)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_page


@pytest.fixture
def again(tmp_path):
    """A function that prints what the script to take home of these specs prints, where there is the engine and no page."""

    def run(specs) -> str:
        for package in ("streamlit", "altair", "pandas"):
            (tmp_path / f"{package}.py").write_text("raise ImportError", "utf-8")
        script = tmp_path / "again.py"
        script.write_text(export.script_of(specs), "utf-8")
        env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
        return subprocess.run([sys.executable, script], env=env, capture_output=True, text=True, check=True).stdout

    return run


def scene(app: AppTest, place: int = 0) -> dict:
    """The header of the blob that the page sent to the player, or to another of its canvases."""
    blob = app.get("bidi_component")[place].proto.bytes
    return json.loads(blob[4 : 4 + int.from_bytes(blob[:4], "little")])


def words(app: AppTest) -> str:
    """All prose of the page."""
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.warning, *app.error])


def ended(app: AppTest, run: str, seconds: float = 120) -> AppTest:
    """The page after its button `run` was pressed, what it trains has ended and the visitor has asked what happened.

    What was trained, which is to the last bit what `compare` makes of it (test_runs), is known to `trained` from then on.
    """
    if any(button.key == run for button in app.button):  # else other tests have trained all its networks
        app.button(key=run).click().run()
    end = time.monotonic() + seconds
    while "Trained in" not in words(app):
        assert not app.exception
        assert time.monotonic() < end, words(app)
        time.sleep(0.1)
        app.run()
    pool = compute._pool()
    with pool.changed:
        KEPT.update({spec: training.history for spec, training in pool.trainings.all.items() if training.done})
    return seen(app.run())


def seen(app: AppTest) -> AppTest:
    """The page after the visitor has asked what happened."""
    ask = [button for button in app.button if button.label == "See what happened"]
    return ask[0].click().run() if ask else app
