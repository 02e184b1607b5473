"""Mystery: the truth is in the verdict and nowhere else on the page before the visitor asks; points count evidence."""

from dataclasses import replace

import pytest

from engine.mysteries import CATALOGUE, mystery
from pages.sections.babysitting import mystery as lab
from tests.pages.conftest import ended, words
from tests.runs import trained

PAGE = "pages/babysitting.py"
LAB = lab.LAB
FIRST = {fault: next(case for case in range(1, 400) if mystery(case).fault == fault) for fault in CATALOGUE}
PILLS = "babysitting/mystery case {} prediction"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Mysteries of a few updates."""

    def shortened(case):
        found = mystery(case)
        hidden, twin = (replace(spec, steps=20, probe_steps=(1, 20), eval_every=19) for spec in (found.hidden, found.twin))
        return replace(found, hidden=hidden, twin=twin)

    monkeypatch.setattr(lab.mysteries, "mystery", shortened)


def visited(visit, case):
    """The page of a case whose networks have trained."""
    app = visit(PAGE, section="mystery", mystery_case=str(case))
    run = "babysitting/mystery run"
    if any(button.key == run for button in app.button):
        app.button(key=run).click().run()
    for _ in range(600):
        if "Trained in" in words(app):
            return app.run()
        app.run()
    raise AssertionError(words(app))


def closed(app):
    return next(button for button in app.button if button.label == "See what happened").click().run()


def files(app):
    return [button.proto.label for button in app.get("download_button")]


def test_every_fault_is_an_answer():
    assert LAB.prose(LAB.settle({})).answers.keys() == CATALOGUE.keys()


@pytest.mark.parametrize("fault", CATALOGUE)
def test_the_verdict_knows_the_truth(fault):
    values = LAB.settle({"case": FIRST[fault]})
    specs = [replace(spec, hidden=spec.hidden[:1]) if fault == "underfitting" else spec for spec in LAB.asked(values)]
    found = LAB.verdict(trained(specs))
    assert found.right == fault
    assert found.kind == ("healthy" if fault == "healthy" else "fault")
    assert (found.rows == []) == (fault == "healthy")
    assert found.also[0].kind.startswith("doctor-")
    assert LAB.sentence(found, values)


def test_before_the_visitor_asks_the_page_keeps_the_secret(visit):
    app = visited(visit, FIRST["dead units"])
    app.button_group(key=PILLS.format(FIRST["dead units"])).set_value("dead units").run()
    assert not app.exception
    assert "bias" not in words(app)
    assert "You predicted" not in words(app)
    assert not files(app)
    assert not app.expander
    closed(app)
    assert "You predicted *dead units*: **right.**" in words(app)
    assert "bias −3" in words(app)
    assert any("Script" in label for label in files(app))


def test_evidence_costs_a_point_each_and_the_first_answer_counts(visit):
    case = FIRST["healthy"]
    app = visited(visit, case)
    for name in ("images", "update", "weights", "accuracy"):
        app.button(key=f"evidence {name}").click().run()
        assert not app.exception
        assert app.button(key=f"evidence {name}").disabled
    app.button_group(key=PILLS.format(case)).set_value("healthy").run()
    closed(app)
    assert f"{lab.POINTS - 4} of {lab.POINTS} points" in words(app)
    assert app.button_group(key=PILLS.format(case)).disabled
    app.button(key="evidence dead").click().run()
    assert f"{lab.POINTS - 4} of {lab.POINTS} points" in words(app)


def test_a_wrong_answer_is_worth_nothing_and_the_next_mystery_begins_untold(visit):
    case = FIRST["zero weights"]
    app = visited(visit, case)
    app.button_group(key=PILLS.format(case)).set_value("healthy").run()
    closed(app)
    assert "0 of 8 points" in words(app)
    app.button(key="mystery next").click().run()
    assert not app.exception
    after = app.query_params["mystery_case"]
    assert after != str(case)
    assert "What happened" not in words(app)
    assert "0 points in 1 mystery" in words(app)
    assert app.button_group(key=PILLS.format(after)).value in (None, [])
    app.number_input(key="mystery_case").set_value(case).run()
    assert "0 of 8 points" in words(app), "what was opened stays open"


def test_a_new_visitor_finds_the_same_mystery_untold(visit):
    case = FIRST["lr too low"]
    closed(visited(visit, case))
    app = visited(visit, case)
    assert "What happened" not in words(app)
    assert not files(app)


def test_solved_in_a_row():
    assert lab.Desk().row() == 0
    assert lab.Desk(points={5: 8, 3: 0, 9: 1, 2: 4}).row() == 2
    assert lab.Desk(points={5: 8, 3: 0}).row() == 0


def test_a_run_opens_from_its_address(visit):
    assert "What happened." in words(ended(visit(PAGE, section="mystery", mystery_case="3"), "babysitting/mystery run"))
