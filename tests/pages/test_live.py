"""A run while it is watched, without a browser: what it asks for is asked however fast its answers come."""

import time

import pytest

from pages.kit import compute
from tests.pages.conftest import seen, words


@pytest.mark.parametrize(("door", "steps"), [("run", 20), ("find", 21)])  # networks of their own
def test_a_search_goes_on_whose_rounds_end_before_the_page_looks(visit, monkeypatch, door, steps):
    """As on a loaded server: they end before the page that Run begins anew, or between its question and its picture."""
    through = getattr(compute, door)

    def late(experiments):
        run = through(experiments)
        while run and run.look().state in ("queued", "running"):
            time.sleep(0.01)
        return run

    app = visit("pages/search.py", section="bayes", bayes_trials="9", bayes_steps=str(steps))
    monkeypatch.setattr(compute, door, late)
    app.button(key="search/bayes run").click().run()
    assert "Trained in" in words(app)
    assert "With 9 trials each" in words(seen(app))
