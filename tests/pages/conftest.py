"""Pages run as the app runs them, without a browser."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def visit():
    """A function that opens a page of the app at an address and returns it after its first run."""

    def open_page(page: str = "pages/optimizers.py", **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        app.run()
        app.switch_page(page)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_page


def scene(app: AppTest) -> dict:
    """The header of the blob that the page sent to the player."""
    blob = app.get("bidi_component")[0].proto.bytes
    return json.loads(blob[4 : 4 + int.from_bytes(blob[:4], "little")])
