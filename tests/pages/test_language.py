"""The visitor's language: asked for by the address, else the browser's; it stays, and what nobody has translated is English."""

import pytest

from pages.kit import address, language, text
from pages.kit.language import speaking, tr
from pages.labs import LABS
from tests.pages.conftest import words


def titles(app) -> list[str]:
    return [heading.value for heading in app.markdown if heading.value.startswith("#### ")]


def test_the_address_asks_and_every_page_answers(visit):
    app = visit("pages/batchnorm.py", lang="ko")
    assert titles(app) == ["#### 배치 정규화"]
    caption = text.prose("batchnorm/grid").caption
    with speaking("ko"):
        assert text.prose("batchnorm/grid").caption in words(app)
    assert caption not in words(app)
    app.switch_page("pages/softmax.py")
    app.run()
    assert titles(app) == ["#### 소프트맥스"]
    assert app.query_params["lang"] == "ko"


def test_a_language_that_nobody_speaks_here_is_english(visit):
    app = visit("pages/batchnorm.py", lang="tlh")
    assert titles(app) == ["#### Batch normalization"]
    assert "`lang`: there is no `tlh`" in words(app)
    assert "lang" not in app.query_params


@pytest.mark.parametrize(
    ("asked", "preferred", "spoken"), [("", "ko-KR", "ko"), ("en", "ko", "en"), ("", "fr", "en"), ("", None, "en")]
)
def test_the_browser_is_asked_when_the_address_is_silent(monkeypatch, asked, preferred, spoken):
    state = {}
    monkeypatch.setattr(language.st, "session_state", state)
    monkeypatch.setattr(type(language.st.context), "locale", preferred)
    monkeypatch.setattr(language.internals, "notes", dict)
    language.choose(asked)
    assert state == {language.CHOSEN: spoken}
    assert language.current() == spoken


def test_settings_are_the_same_in_every_language():
    lab, asked = LABS["optimizers/play"], {"preset": ["O3"], "sgd_lr": ["0.5"]}
    english = lab.prose(lab.settle({})).answers
    with speaking("ko"):
        found, korean = address.read([lab], asked), lab.prose(lab.settle({})).answers
    assert found == address.read([lab], asked)
    assert korean.keys() == english.keys()
    assert not set(korean.values()) & set(english.values())


def test_what_is_cached_is_known_in_each_language():
    greet = language.cached(lambda: tr("Home"))
    with speaking("ko"):
        assert greet() == "홈"
    assert greet() == "Home"
    with speaking("ko"):
        assert greet() == "홈"


def test_words_that_nobody_has_translated_stay():
    with speaking("ko"):
        assert tr("A sentence that nobody says.") == "A sentence that nobody says."
