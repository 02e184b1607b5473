"""Over bumps: who stays, who gets out, at the textbook and at the extremes."""

import json

import pytest

from engine.descent import descend
from engine.objectives import OBJECTIVES
from engine.wells import BACK, CURVES, LONG, LOST, MOMENTA, NEVER, OUT, Bumps
from pages.charts import balls
from pages.sections.optimizers import wells
from tests.pages.conftest import scene, seen, words

LAB = wells.LAB
BALL = Bumps("double", 1.0, 0.3, 0.02, 0.9, 1.8)


def judged(**given):
    """What came out with these settings."""
    return LAB.verdict(LAB.find(LAB.settle(given)))


def test_o15_sgd_stays_and_the_ball_gets_out(visit):
    found = judged()
    sgd, rolling = found.rows
    assert (sgd["fate"], sgd["tops"]) == (NEVER, 0)
    assert sgd["x"] == pytest.approx(0.96, abs=0.01)
    assert (rolling["fate"], rolling["tops"], rolling["well"]) == (OUT, 1, "the deepest")
    assert rolling["x"] == pytest.approx(-1.04, abs=0.01)
    double = OBJECTIVES["double_well"]
    out = [descend(double, "momentum", (1.8, 0), LONG, lr=0.02, momentum=mu).points[-1][0] < 0 for mu in MOMENTA.tolist()]
    (escape,) = found.also
    first = out.index(True)
    assert (escape.first, escape.larger) == (MOMENTA[first], len(out) - first - 1)
    counts = {row["fate"]: row["count"] for row in escape.rows}
    assert counts == {BACK: out[first:].count(False), OUT: out[first + 1 :].count(True)}
    assert found.right == "back"
    app = seen(visit(section="wells"))
    assert not app.exception
    assert not app.warning
    assert f"The smallest μ that gets out, of 0, .01, …, .99, is {MOMENTA[first]:g}" in words(app)


def test_no_momentum_is_judged_where_every_ball_is_lost():
    found = judged(lr=1.0, start=-4.0)
    (stuck,) = found.also
    assert [row["fate"] for row in stuck.rows] == [LOST]
    assert found.right == ""


@pytest.mark.parametrize(("momentum", "fate"), [(0.5, NEVER), (0.94, BACK)])
def test_who_left_and_came_back_is_told_from_who_never_left(momentum, fate):
    assert judged(momentum=momentum).rows[1]["fate"] == fate
    path = descend(OBJECTIVES["double_well"], "momentum", (1.8, 0), 300, lr=0.02, momentum=momentum)
    assert path.points[-1][0] > BALL.tops[0]
    assert (path.points[:, 0].min() < BALL.tops[0]) == (fate == BACK)


def test_every_fate_has_its_own_mark_on_the_ladder():
    table = LAB.find(LAB.settle({})).table.set_index("x")["line"]
    assert table[[0.0, 0.94, 0.95, 0.96]].tolist() == [NEVER, BACK, BACK, OUT]
    fates = tuple(table.unique())
    assert len({balls.MARKS[fate] for fate in fates}) == 3
    shown = json.dumps(balls.ladder(2.0, LONG, fates))
    assert all(fate in shown for fate in fates)


@pytest.mark.parametrize(
    "given",
    [
        {"depth": 0.1},
        {"tilt": -1.6},
    ],
)
def test_without_a_second_well_nobody_gets_out_or_stays(given):
    found = judged(**given)
    assert (found.kind, found.right) == ("no-top", "")
    assert {row["fate"] for row in found.rows} == {"in the only well"}


@pytest.mark.parametrize("shape", wells.SHAPES)
def test_at_its_textbook_every_shape_holds_sgd_and_lets_the_ball_go_but_not_ever_farther(shape):
    found = judged(shape=shape)
    assert found.rows[0]["fate"] == NEVER
    assert (found.rows[1]["fate"], found.rows[1]["tops"]) == (OUT, 3 if shape == "bumpy" else 1)
    assert found.rows[1]["well"] == "the deepest"
    assert found.right == "back"


def test_another_shape_brings_its_textbook_and_a_reset_returns_to_it(visit):
    app = visit(section="wells", wells_lr="0.03")
    app.segmented_control(key="wells").set_value("bumpy").run()
    assert not app.exception
    assert [app.number_input(key=f"wells_{key}").value for key in ("start", "lr", "steps")] == [3.5, 0.05, 150]
    app.number_input(key="wells_start").set_value(1.0).run()
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    assert not app.exception
    assert app.number_input(key="wells_start").value == 1.8


@pytest.mark.parametrize("shown", ["curve", "valley"])
def test_t13_both_have_the_look_they_have_everywhere(visit, shown):
    app = visit(section="wells", wells_shown=shown)
    assert not app.exception
    assert [(run["label"], run["marker"]) for run in scene(app)["runs"]] == [("SGD", "circle"), ("Momentum", "square")]


@pytest.mark.parametrize(
    "query",
    [
        {"wells": "bumpy", "wells_depth": "5", "wells_tilt": "-3", "wells_start": "-4"},
        {"wells_lr": "1", "wells_momentum": "0.999", "wells_start": "4"},
        {"wells_depth": "0.1", "wells_tilt": "3", "wells_steps": "10", "wells_momentum": "0"},
        {"wells_shown": "valley", "wells": "bumpy", "wells_y": "-4"},
        {"wells_shown": "valley", "wells_lr": "1", "wells_depth": "5"},
    ],
    ids=str,
)
def test_extremes_of_the_bumps_are_drawn_and_told(visit, query):
    app = seen(visit(section="wells", **query))
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert "What happened" in words(app)


def test_wells_that_are_as_deep_are_both_the_deepest():
    assert [row["well"] for row in judged(tilt=0.0, start=1.0).rows] == ["the deepest"] * 2


def test_the_deepest_well_comes_into_view():
    """At a tilt of 3 the bumpy valley is lowest near x = −12, where the picture of the textbook does not reach."""
    found = LAB.find(LAB.settle({"shape": "bumpy", "tilt": 3.0, "start": 4.0}))
    sgd, ball = LAB.verdict(found).rows
    assert (sgd["well"], ball["well"]) == ("a higher one", "the deepest")
    assert ball["x"] == pytest.approx(-12.5, abs=0.1)
    assert (found.table["y"].abs() <= found.bumps.span).all()


@pytest.mark.parametrize("shape", wells.SHAPES)
def test_a_view_is_as_wide_as_it_has_to_be(shape):
    usual = CURVES[shape][1]
    assert wells.bumps(LAB.settle({"shape": shape})).span == usual
    found = LAB.find(LAB.settle({"shape": shape, "depth": 0.1, "tilt": -3.0}))
    assert usual < found.long[1].points[-1, 0] < found.bumps.span


@pytest.mark.parametrize("shape", wells.SHAPES)
def test_the_formula_on_the_page_is_the_one_that_is_descended(shape):
    scaled = wells.LATEX[shape].split(r"t\,x")[0]
    assert scaled.startswith(r"d\,")
    deep, flat = (wells.bumps(LAB.settle({"shape": shape, "depth": d, "tilt": 0.0})).curve(2.0)[1] for d in (2.0, 1.0))
    assert deep == pytest.approx(2 * flat)
