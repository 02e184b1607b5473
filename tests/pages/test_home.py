"""The home page opens, plays, and leads only to what exists."""

import pytest

from engine.experiments import PRESETS
from engine.optimizers import OPTIMIZERS
from tests.pages.conftest import ROOT, scene


def test_home_shows_the_player_and_links(visit):
    app = visit("pages/home.py")
    assert not app.exception
    assert [run["label"] for run in scene(app)["runs"]] == [rule.label for rule in OPTIMIZERS.values()]
    links = [link.proto for link in app.get("page_link")]
    assert len(links) == 7
    for link in links[1:]:
        assert link.query_string.removeprefix("preset=") in PRESETS


@pytest.mark.parametrize("name", ["home", "optimizers"])
def test_pages_have_text(name):
    assert (ROOT / "assets" / "text" / f"{name}.md").read_text("utf-8").strip()
