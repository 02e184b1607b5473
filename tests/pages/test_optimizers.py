"""The page of Paths: every preset by its address, bad addresses, bad formulas, divergence, what the player tells, exports."""

import csv
import io

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.descent import follow
from engine.experiments import PRESETS
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from pages.kit import export, text
from pages.sections.optimizers.settings import DESCENTS
from tests.pages.conftest import scene, seen, words


@pytest.mark.parametrize("preset", DESCENTS)
def test_every_preset_opens_by_its_address(visit, preset):
    app = visit(preset=preset)
    assert not app.exception
    assert not app.error
    assert not app.warning
    shown, specs = scene(app), DESCENTS[preset]
    assert [run["label"] for run in shown["runs"]] == [OPTIMIZERS[spec.optimizer].label for spec in specs]
    assert [run["lr"] for run in shown["runs"]] == [f"{spec.lr:g}" for spec in specs]
    assert shown["steps"] == specs[0].steps
    assert shown["start"] == [specs[0].x0, specs[0].y0]
    assert text.preset(preset).title != preset
    assert text.preset(preset).sentence in words(app)


@pytest.mark.parametrize("surface", OBJECTIVES)
def test_an_address_may_use_catalogue_names(visit, surface):
    app = visit(surface=surface, optimizers=["sgd", "adam"])
    assert not app.exception
    assert not app.warning
    shown = scene(app)
    assert tuple(map(tuple, shown["view"])) == OBJECTIVES[surface].view
    assert [run["label"] for run in shown["runs"]] == ["SGD", "Adam"]


def test_a_bad_address_opens_with_defaults_and_one_sentence(visit):
    app = visit(steps="99999", surface="nope", x0="abc", lr="nan")
    assert not app.exception
    (warning,) = app.warning
    for part in (
        "`steps`: `99999` is not between 1 and 1000",
        "there is no `nope`",
        "`abc` is not a number",
        "`lr` is not a setting",
    ):
        assert part in warning.value
    assert scene(app)["steps"] == PRESETS["O9-all"][0].steps
    assert not app.run().warning


@pytest.mark.parametrize(
    "query",
    [
        {"sgd_lr": "nan"},
        {"sgd_lr": "1e999"},
        {"sgd_lr": "-1"},
        {"seed": "1.5"},
        {"x0": ""},
        {"preset": "O99"},
        {"optimizers": "nope"},
        {"formula": "x" * 300, "surface": "formula"},
        {"layout": "nope"},
        {"section": "nope"},
        {"step": "-3"},
        {"speed": "9"},
        {"focus": "nope"},
    ],
    ids=str,
)
def test_any_bad_value_is_named(visit, query):
    app = visit(**query)
    assert not app.exception
    assert next(key for key in query if key != "surface") in app.warning[0].value
    assert app.get("bidi_component")


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("__import__('os')", "unknown function __import__ at column 1"),
        ("x.real", "not arithmetic"),
        ("9**9**9**9", "not a finite"),
        ("((((", "never closed"),
        ("1/0", "division by zero"),
        ("log(-1)", "not a finite"),
        ("x**2 + yy", "unknown name yy at column 8"),
    ],
)
def test_a_wild_formula_gets_a_sentence_and_keeps_its_text(visit, formula, says):
    app = visit(surface="formula", formula=formula)
    assert not app.exception
    assert says in app.error[0].value
    assert app.text_input(key="formula").value == formula
    assert app.number_input(key="x0").value == -7


def test_an_empty_formula_gets_a_sentence(visit):
    app = visit(surface="formula")
    app.text_input(key="formula").set_value("").run()
    assert "empty" in app.error[0].value


@pytest.mark.parametrize("formula", ["log(x)", "1/x", "sqrt(y)", "x**0.5", "3", "1/(x-x)"])
def test_a_surface_with_gaps_is_drawn(visit, formula):
    app = visit(surface="formula", formula=formula)
    assert not app.exception
    assert not app.error
    assert app.get("bidi_component")


def test_a_formula_is_the_surface(visit):
    typed, built_in = (scene(visit(surface=s, formula="x**2/20 + y**2", preset="O3")) for s in ("formula", "anisotropic"))
    assert [run["steps"] for run in typed["runs"]] == [run["steps"] for run in built_in["runs"]]
    assert typed["arrays"] == built_in["arrays"]


def test_divergence_is_said_and_the_page_stays_usable(visit):
    app = visit(preset="O3", sgd_lr="100")
    assert not app.exception
    assert "diverged at step 3" in app.warning[0].value
    assert "2/λmax = 1" in app.warning[0].value
    assert scene(app)["runs"][0]["end"] == "diverged"
    app.number_input(key="sgd_lr").set_value(0.5).run()
    assert not app.warning


def test_another_surface_brings_its_own_start_steps_and_rates(visit):
    app = visit(preset="O9")
    app.selectbox(key="surface").set_value("rosenbrock").run()
    assert not app.warning
    shown = scene(app)
    assert shown["start"] == list(OBJECTIVES["rosenbrock"].start)
    assert shown["steps"] == 300
    assert not any(run["end"] for run in shown["runs"])


@pytest.mark.parametrize(
    "formula", ["'![a](http://evil.example/a.png)'", "`[b](http://evil.example)`+x", "[click](http://evil.example)"]
)
def test_what_a_visitor_wrote_is_never_markdown(visit, formula):
    error = visit(surface="formula", formula=formula).error[0].value
    said = error.removeprefix("That cannot be drawn: ")
    assert said[0] == said[-1] == "`"
    assert "`" not in said[1:-1]
    warning = visit(**{"surface": formula, "[x](http://evil.example)": "1", "seed": "9" * 5000}).warning[0].value
    assert len(warning) < 500
    assert "evil" not in "".join(warning.split("`")[::2])


def test_what_happened_is_told_when_it_is_asked_for(visit):
    app = visit(preset="O9")
    row = f"| AdaGrad, lr 1.5 | {follow(PRESETS['O9'][2]).values[-1]:.3g} |"
    assert row not in words(app)
    assert row in words(seen(app))


def test_a_climb_is_called_a_divergence(visit):
    """O3: lr 1.01 diverges, though it does not go far in 30 steps."""
    assert "is diverging" in visit(preset="O3", sgd_lr="1.01").warning[0].value
    assert not visit(preset="O3", sgd_lr="0.99").warning


def test_leaving_the_domain_is_not_blamed_on_the_learning_rate(visit):
    warning = visit(preset="O3", surface="formula", formula="sqrt(x)", x0="2").warning[0].value
    assert "where f is not defined" in warning


def test_o2_the_surface_is_described(visit):
    said = words(visit(preset="O2"))
    assert "Condition number at the minimum 20; plain SGD is stable there below lr 2/λmax = 1" in said


@pytest.mark.parametrize(("preset", "gradient"), [("O1", "(2x,\\ 2y)"), ("O13", "(\\tfrac{1}{10} x,\\ 2y)")])
def test_the_gradient_of_the_bowls_is_written_out(visit, preset, gradient):
    assert any(rf"\nabla f = {gradient}" in element.value for element in visit(preset=preset).latex)


def test_o9_opens_side_by_side_and_o13_with_arrows(visit):
    assert scene(visit(preset="O9"))["layout"] == "panels"
    assert scene(visit(preset="O13"))["arrows"] == "descent"


def test_keys_of_another_section_are_dropped_without_a_word(visit):
    app = visit(section="steps", preset="O5", step="7", speed="2", horizon="100")
    assert not app.warning
    assert not app.exception
    assert app.number_input(key="horizon").value == 100


def test_reset_goes_back_to_the_textbook(visit):
    app = visit(preset="O5")
    app.number_input(key="momentum_lr").set_value(0.5)
    app.number_input(key="steps").set_value(7).run()
    assert scene(app)["steps"] == 7
    next(b for b in app.button if b.label == "Reset to the textbook").click().run()
    assert scene(app)["steps"] == 60
    assert scene(app)["runs"][0]["lr"] == "0.1"


def test_no_optimizer_chosen_asks_for_one(visit):
    app = visit()
    app.pills(key="optimizers").set_value([]).run()
    assert not app.exception
    assert "choose at least one optimizer" in words(app)


def test_a_client_that_ignores_the_bounds_does_not_get_more_steps(visit):
    app = visit(preset="O3")
    app.number_input(key="steps").set_value(10**7).run()
    assert not app.exception
    assert app.error or scene(app)["steps"] <= 1000


def test_the_formula_and_the_code_of_the_focused_optimizer(visit):
    app = visit(focus="adam")
    assert OPTIMIZERS["adam"].latex in [element.value.strip("$\n ") for element in app.latex]
    assert not app.code
    app.session_state["optimizers/play code"] = True  # the fold is open
    app.run()
    assert app.code[0].value == OPTIMIZERS["adam"].code.rstrip()


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_a_session_visits_every_optimizer_without_another_file(visit, rule):
    app = visit(optimizers=rule)
    assert not app.exception
    assert [run["label"] for run in scene(app)["runs"]] == [OPTIMIZERS[rule].label]


def test_a_preset_brings_all_its_settings_and_the_one_before_comes_back(visit):
    app = visit(preset="O5", steps="7", momentum_lr="0.5")
    app.button(key="Next preset").click().run()
    assert app.query_params == {"preset": "O6"}
    assert [run["label"] for run in scene(app)["runs"]] == ["AdaGrad"]
    assert scene(app)["steps"] == PRESETS["O6"][0].steps
    app.button(key="Previous preset").click().run()
    assert app.query_params == {"preset": "O5"}
    assert app.button(key="Next preset").disabled is False
    assert visit().button(key="Previous preset").disabled


def test_the_clock_of_an_arrival_stays_while_the_visitor_stays(visit):
    app = visit(preset="O3", step="7", speed="2", loop="true")
    arrival = scene(app)["transport"]
    assert {name: arrival[name] for name in ("step", "speed", "loop")} == {"step": 7, "speed": "2", "loop": True}
    app.number_input(key="steps").set_value(20).run()
    assert scene(app)["transport"] == arrival
    assert scene(visit(preset="O3"))["transport"]["step"] is None


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "x",
        {},
        {"step": {}, "speed": "1", "loop": False},
        {"step": -5, "speed": "1", "loop": 0},
        {"step": 3, "speed": "9", "loop": 0},
    ],
    ids=str,
)
def test_a_forged_clock_changes_nothing(told):
    app = AppTest.from_function(forged, kwargs={"state": "transport", "told": told}, default_timeout=30).run()
    assert not app.exception
    assert app.json[0].value == "{}"


@pytest.mark.parametrize("told", [None, 5, [1], ["x", 2], [float("nan"), 1], [1e308, 0], [1, 2, 3], [{}, []]], ids=str)
def test_a_forged_start_changes_nothing(told):
    app = AppTest.from_function(forged, kwargs={"state": "start", "told": told}, default_timeout=30).run()
    assert not app.exception
    assert app.json[0].value == "{}"


def forged(state, told):
    """A page on which the player is said to have told this."""
    from types import SimpleNamespace

    import streamlit as st

    from pages.kit import address
    from pages.kit.player import restarted, stopped
    from pages.labs import TOPICS
    from pages.sections.optimizers import stage

    address.follow("optimizers", TOPICS[0].labs)
    st.session_state[stage.PLAYER] = SimpleNamespace(**{state: told})
    st.rerun = lambda: None
    stopped(stage.PLAYER) if state == "transport" else restarted(stage.PLAYER, "x0", "y0", step=0)
    st.json(address.here().given)


@pytest.mark.parametrize(
    ("held", "start", "lr"), [({"x0": 3, "y0": -4.5}, [3, -4.5], "0.95"), ({"sgd_lr": 0.5}, [-7, 2], "0.5")]
)
def test_what_is_under_a_hand_is_answered_by_its_paths(held, start, lr):
    app = AppTest.from_function(under_a_hand, kwargs={"held": held}, default_timeout=30).run()
    assert not app.exception
    shown = scene(app)
    assert (shown["echo"], shown["start"], shown["runs"][0]["lr"]) == (7, start, lr)


def under_a_hand(held):
    """Paths, on which a hand is just moved."""
    from pages.charts.paths import RESTING
    from pages.kit import address, hand
    from pages.labs import TOPICS
    from pages.sections.optimizers import stage

    _, values = address.follow("optimizers", TOPICS[0].labs)
    hand.hold(held, 7)
    stage.show(*hand.take(values), RESTING)


def test_an_error_keeps_the_last_picture(visit):
    app = visit(preset="O3", surface="formula")
    before = scene(app)["arrays"]
    app.text_input(key="formula").set_value("x**2 + yy").run()
    assert app.error
    assert scene(app)["arrays"] == before


def test_every_preset_has_its_page_and_at_least_six_ask_something_of_their_own():
    assert DESCENTS.keys() <= set(text.presets("optimizers"))
    assert len({text.preset(name).facts.get("question") for name in DESCENTS}) >= 6


def test_the_csv_holds_every_step():
    specs = PRESETS["O9"]
    paths = [follow(spec) for spec in specs]
    rows = list(csv.DictReader(io.StringIO(export.csv_of(specs, paths))))
    assert len(rows) == 5 * 31
    adam = [row for row in rows if row["optimizer"] == "adam"]
    np.testing.assert_array_equal([[float(row["x"]), float(row["y"])] for row in adam], paths[-1].points)
    np.testing.assert_array_equal([float(row["gradient_before_x"]) for row in adam[1:]], paths[-1].gradients[:, 0])


@pytest.mark.parametrize("preset", ["O9", "O18", "O22"])
def test_the_script_makes_the_paths_again(preset, again):
    specs = DESCENTS[preset]
    lines = again(specs).splitlines()
    assert len(lines) == len(specs)
    assert lines[0].endswith(f"with f = {follow(specs[0]).values[-1]}")
