"""The home page opens, plays, and leads to every lab and every figure, and only to what exists."""

from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from engine.experiments import CLASSICS
from engine.optimizers import OPTIMIZERS
from pages.kit import address, text
from pages.labs import LABS, TOPICS
from tests.pages.conftest import ROOT, scene


def links(app: AppTest) -> list:
    return [link.proto for link in app.get("page_link")]


def test_home_plays(visit):
    app = visit("pages/home.py")
    assert not app.exception
    assert [run["label"] for run in scene(app)["runs"]] == [OPTIMIZERS[name].label for name in CLASSICS]


def test_every_chapter_has_its_picture_in_light_and_dark():
    wanted = {f"{topic.name}-{scheme}.webp" for topic in TOPICS for scheme in ("light", "dark")}
    assert {path.name for path in (text.ASSETS / "chapters").iterdir()} == wanted


def test_home_leads_to_every_lab_and_figure(visit):
    found = {(link.page, link.query_string) for link in links(visit("pages/home.py"))}
    for topic in TOPICS:
        for lab in topic.labs:
            query = "&".join(f"{key}={value[0]}" for key, value in address.query(topic.labs, lab, {}).items())
            assert (topic.name, query) in found
        for name in text.presets(topic.name):
            assert (topic.name, text.preset(name).facts["page"].partition("?")[2]) in found


def test_every_link_of_home_opens_without_a_word_of_complaint(visit):
    for link in {(link.page, link.query_string): link for link in links(visit("pages/home.py"))}.values():
        assert len(link.label.strip("*")) > 4, "a figure without a text of its own is called by its ID"
        opened = visit(f"pages/{link.page}.py", **{key: value[0] for key, value in parse_qs(link.query_string).items()})
        assert not opened.exception, link.label
        assert not opened.warning, link.label


def test_every_preset_that_has_a_text_knows_a_page():
    for path in (ROOT / "assets/text/presets").glob("*.md"):
        assert text.preset(path.stem).facts["page"].startswith("/"), path


@pytest.mark.parametrize("told", [None, 5, [1], ["x", 2], [float("nan"), 1], [1e308, 0], [1, 2, 3], [{}, []]], ids=str)
def test_a_forged_start_changes_nothing(monkeypatch, told):
    from pages import home

    session = {"home": SimpleNamespace(start=told)}
    monkeypatch.setattr(home.st, "session_state", session)
    home.move_start()
    assert "home_start" not in session


def test_a_start_is_kept_for_the_next_picture_and_the_page_behind_it(monkeypatch):
    from pages import home

    session = {"home": SimpleNamespace(start=[1.5, -2])}
    monkeypatch.setattr(home.st, "session_state", session)
    home.move_start()
    assert session["home_start"] == {"x0": 1.5, "y0": -2}


def test_labs_have_names_of_their_own():
    assert len(LABS) == sum(len(topic.labs) for topic in TOPICS)
