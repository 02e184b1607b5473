"""The address: who changed something is found out once a rerun, and one change is written once."""

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from pages.kit import address, internals
from pages.labs import LABS, TOPICS

PAGE = "pages/batchnorm.py"


def asked(app) -> dict:
    """Its address, every value as a list."""
    return {key: value if isinstance(value, list) else [value] for key, value in app.query_params.items()}


def test_a_change_is_written_and_a_change_back_leaves_nothing(visit):
    app = visit(PAGE)
    app.number_input(key="grid_lr").set_value(0.5).run()
    assert asked(app) == {"grid_lr": ["0.5"]}
    app.number_input(key="grid_lr").set_value(0.01).run()
    assert asked(app) == {}


def test_a_number_is_shown_as_the_address_has_it(visit):
    app = visit(PAGE)
    app.number_input(key="grid_lr").set_value(0.123456789).run()
    assert asked(app) == {"grid_lr": ["0.123457"]}
    assert app.number_input(key="grid_lr").value == 0.123457


def test_what_leads_brings_its_own_textbook(visit):
    app = visit(PAGE, section="learn", learn_lr="0.5", learn_steps="50")
    app.segmented_control(key="learn").set_value("B7").run()
    assert asked(app) == {"section": ["learn"], "learn": ["B7"]}
    assert app.number_input(key="learn_lr").value == 0.1


def test_sections_are_left_and_found_again_as_they_were(visit):
    app = visit(PAGE, grid_lr="0.5")
    app.segmented_control(key="section").set_value("layer").run()
    assert asked(app) == {"section": ["layer"]}
    app.segmented_control(key="section").set_value("grid").run()
    assert asked(app) == {"grid_lr": ["0.5"]}
    assert app.number_input(key="grid_lr").value == 0.5


def test_a_page_is_left_and_found_again_as_it_was(visit):
    app = visit(PAGE, section="layer", batch="1, 2")
    app.switch_page("pages/home.py").run()
    app.query_params.clear()
    app.switch_page(PAGE).run()
    assert asked(app) == {"section": ["layer"], "batch": ["1, 2"]}
    assert app.text_input(key="batch").value == "1, 2"


def test_a_setting_that_is_not_asked_for_keeps_its_value(visit):
    app = visit(PAGE, grid_lr="0.5")
    app.segmented_control(key="grid").set_value("wide").run()
    assert "grid_lr" not in [field.key for field in app.number_input]
    app.segmented_control(key="grid").set_value("book").run()
    assert app.number_input(key="grid_lr").value == 0.5


def test_reset_keeps_what_leads(visit):
    app = visit(PAGE, section="learn", learn="B7", learn_lr="0.5")
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    assert asked(app) == {"section": ["learn"], "learn": ["B7"]}


@pytest.mark.parametrize("forged", [float("nan"), float("inf"), 1e308, -1.0, 0.0])
def test_a_forged_number_is_none(visit, forged):
    app = visit(PAGE, grid_lr="0.5")
    app.number_input(key="grid_lr").set_value(forged).run()
    assert not app.exception
    shown = app.number_input(key="grid_lr").value
    assert 1e-4 <= shown <= 10
    assert asked(app) == {"grid_lr": [f"{shown:g}"]}


@pytest.mark.parametrize("section", ["Nowhere", "", "learn "])
def test_a_section_that_is_not_there_is_named(visit, section):
    app = visit(PAGE, section=section)
    assert not app.exception
    assert "`section`" in app.warning[0].value


def test_a_title_of_old_names_its_lab():
    (topic,) = (topic for topic in TOPICS if topic.name == "batchnorm")
    assert address.read(topic.labs, {"section": ["Test time"]})[0] is LABS["batchnorm/testing"]


def test_streamlit_tells_that_a_run_answers_back():
    """Without it the kit takes Back for a change of its own that has not arrived yet, and keeps the settings."""
    assert not internals.came_by_history()
    assert "is_history_navigation" in ScriptRunContext.__dataclass_fields__ or hasattr(
        ScriptRunContext, "is_history_navigation"
    )


def test_streamlit_has_the_switch_of_its_old_pages():
    """Without it a link to a page of a fresh server shows that page alone, without navigation."""
    assert isinstance(PagesManager.uses_pages_directory, bool | None)
