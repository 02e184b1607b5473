"""A run while it is watched, without a browser: what it asks for is asked however fast its answers come."""

import time
from dataclasses import replace

import pytest

from engine.experiments import mnist
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


WIDE = mnist(hidden=(1000,) * 20, optimizer="adam", batch_size=1, train_size=100, evaluate="none")


@pytest.mark.parametrize(
    "specs",
    [
        pytest.param([replace(WIDE, steps=20000)], id="an update costs more than its one example"),
        pytest.param([replace(WIDE, steps=1, lr=lr) for lr in (0.1, 0.2, 0.3, 0.4)], id="four of 20 million weights"),
        pytest.param([replace(WIDE, steps=1, activation="maxout", pieces=8)], id="one of 150 million"),
        pytest.param([replace(WIDE, steps=1, batch_size=4000, train_size=4000)], id="all images at once"),
    ],
)
def test_a_run_is_refused_that_takes_hours_or_gigabytes(specs):
    with pytest.raises(ValueError, match="times what one run may cost here"):
        compute.check(specs)
