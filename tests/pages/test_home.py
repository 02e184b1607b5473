"""The home page opens, plays, and leads only to what exists."""

import pytest

from engine.experiments import CLASSICS, PRESETS
from engine.optimizers import OPTIMIZERS
from pages.kit import text
from tests.pages.conftest import ROOT, scene


def test_home_shows_the_player_and_links(visit):
    app = visit("pages/home.py")
    assert not app.exception
    assert [run["label"] for run in scene(app)["runs"]] == [OPTIMIZERS[name].label for name in CLASSICS]
    links = [link.proto for link in app.get("page_link")]
    presets = [link.query_string.removeprefix("preset=") for link in links if "preset=" in link.query_string]
    assert len(presets) == 6
    sections = {(link.page, link.query_string.removeprefix("section=")) for link in links if "section=" in link.query_string}
    assert sections == {(page.removeprefix("pages/").removesuffix(".py"), section) for page, section in LIVE.values()}
    assert set(presets) <= PRESETS.keys()


LIVE = {
    "B5": ("pages/batchnorm.py", "grid"),
    "B8": ("pages/batchnorm.py", "testing"),
    "O11": ("pages/optimizers.py", "race"),
    "R1": ("pages/regularization.py", "overfit"),
    "R4": ("pages/regularization.py", "honest"),
    "R5": ("pages/regularization.py", "weights"),
}


@pytest.mark.parametrize("name", LIVE)
def test_a_card_leads_to_the_section_that_trains_its_figure(visit, name):
    assert text.preset(name).title != name
    page, section = LIVE[name]
    app = visit(page, section=section)
    assert not app.exception
    assert not app.warning
    assert [button for button in app.button if button.label == "Run"]


@pytest.mark.parametrize("name", ["home", "optimizers", "batchnorm", "regularization"])
def test_pages_have_text(name):
    assert (ROOT / "assets" / "text" / f"{name}.md").read_text("utf-8").strip()
