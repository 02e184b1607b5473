"""The home page opens, plays, and leads only to what exists."""

from urllib.parse import parse_qs

import pytest

from engine.experiments import CLASSICS, PRESETS
from engine.optimizers import OPTIMIZERS
from tests.pages.conftest import ROOT, scene, words


def test_home_shows_the_player_and_links(visit):
    app = visit("pages/home.py")
    assert not app.exception
    assert [run["label"] for run in scene(app)["runs"]] == [OPTIMIZERS[name].label for name in CLASSICS]
    links = [link.proto for link in app.get("page_link")]
    assert len(links) == 1 + 6 + 9 + 6
    presets = [link.query_string.removeprefix("preset=") for link in links if "preset=" in link.query_string]
    assert set(presets) <= PRESETS.keys()
    for link in links:
        title = link.label.strip("*")
        assert len(title) > 4, "a figure without a text of its own is called by its ID"
        opened = visit(f"pages/{link.page}.py", **{key: value[0] for key, value in parse_qs(link.query_string).items()})
        assert not opened.exception, title
        assert not opened.warning, title


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("initialization", "training"),
        ("initialization", "race"),
        ("activations", "depth"),
        ("batchnorm", "grid"),
        ("batchnorm", "testing"),
        ("optimizers", "race"),
        ("regularization", "overfit"),
        ("regularization", "honest"),
        ("regularization", "weights"),
    ],
)
def test_what_the_cards_say_trains_can_be_run(visit, page, section):
    app = visit(f"pages/{page}.py", section=section)
    assert not app.exception
    assert [button for button in app.button if button.label == "Run"] or "Trained in" in words(app)


@pytest.mark.parametrize("name", ["home", "optimizers", "activations", "initialization"])
def test_pages_have_text(name):
    assert (ROOT / "assets" / "text" / f"{name}.md").read_text("utf-8").strip()
