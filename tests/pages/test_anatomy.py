"""The anatomy: the player gets the quantities of every step, the section opens by address, its question is answered."""

import json
import re

import numpy as np
import pytest

from engine import filled
from engine.descent import follow
from engine.experiments import textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.replay import UNCORRECTED, replay
from pages.charts import quantities
from pages.kit.canvas import sources
from pages.kit.player import SHARED
from pages.sections.optimizers import anatomy, subject
from tests.pages.conftest import scene, words

OPEN = {"section": "anatomy"}
LAB = anatomy.LAB
STEP = re.compile(r"step t = (\d+), in numbers")


def judged(**given):
    """What came out with these settings."""
    return LAB.verdict(LAB.find(LAB.settle(given)))


def told(found) -> dict:
    """The rows of the table, by what they are."""
    return {row["what"]: (row["first"], row["last"]) for also in found.also if also.kind == "rows" for row in also.rows}


def arrays(app) -> dict:
    """What the player gets, by quantity: (k, 2) of the rule and, if there is one, of the rule beside it."""
    blob = app.get("bidi_component")[0].proto.bytes
    length = int.from_bytes(blob[:4], "little")
    header, body = json.loads(blob[4 : 4 + length]), blob[4 + length :]
    kind, offset, size = header["arrays"]["quantities"]
    parts = iter(np.frombuffer(body, kind, size, offset).reshape(-1, header["runs"][0]["steps"], 2))
    return {row["label"]: (next(parts), None if row["other"] is None else next(parts)) for row in header["rows"]}


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_every_rule_opens_by_its_address_and_sends_what_the_engine_computed(visit, rule):
    app = visit(**OPEN, anatomy_rule=rule, anatomy_beside="none")
    assert not app.exception
    assert not app.warning
    path = follow(textbook(rule))
    symbols = [quantities.SYMBOLS.get(name, name) for name in path.state]
    expected = [path.gradients, *path.state.values(), path.effective_step, np.diff(path.points, axis=0)]
    sent = arrays(app)
    assert list(sent) == ["g", *symbols, "−Δθ/g", "Δθ"]
    for (values, other), array in zip(sent.values(), expected, strict=True):
        np.testing.assert_allclose(values, array, rtol=1e-6, atol=1e-30)
        assert other is None
    assert f"| **{OPTIMIZERS[rule].label}**" in words(app) or f", **{OPTIMIZERS[rule].label}**" in words(app)


@pytest.mark.parametrize(("rule", "times"), [("sgd", 1), ("adam", 10)])
def test_a_step_that_can_be_seen_is_drawn_as_long_as_it_is(visit, rule, times):
    rows = {row["label"]: row["arrow"] for row in scene(visit(**OPEN, anatomy_rule=rule))["rows"]}
    assert rows["Δθ"] == {"name": "Δθ", "sign": 1, "factor": times}
    assert rows["g"]["sign"] == -1
    assert rows["−Δθ/g"] is None


def test_o16_the_state_of_a_rule_in_parameters(visit):
    said = words(visit(**OPEN, anatomy_rule="amsgrad"))
    for labels, count in (("SGD", 0), ("**AMSGrad**", 3), ("Adam, Adadelta, AdaMax, AdamW", 2)):
        assert f"| {labels} | {count}× the parameters |" in said


def test_o17_down_a_constant_slope_the_effective_rate_of_adagrad_is_one_over_root_t(visit):
    app = visit(**OPEN)
    next(button for button in app.button if button.label == "AdaGrad, constant slope").click().run()
    assert not app.exception
    assert app.text_input(key="anatomy_formula").value == "x"
    sent, t = arrays(app), np.arange(1, 61)
    np.testing.assert_allclose(sent["−Δθ/g"][0][:, 0], 1 / np.sqrt(t), rtol=1e-5)
    assert np.isnan(sent["−Δθ/g"][0][:, 1]).all()
    np.testing.assert_allclose(sent["h"][0][:, 0], t, rtol=1e-6)
    np.testing.assert_allclose(sent["h"][1][:, 0], 1 - 0.99**t, rtol=1e-5)
    found = told(judged(**subject.settings(subject.STARTS["AdaGrad, constant slope"]), beside="rmsprop"))
    assert found["learning rate along x"] == pytest.approx((1, 1 / np.sqrt(60)), rel=1e-5)
    (ratio,) = (value for what, value in found.items() if "RMSProp" in what)
    assert ratio == pytest.approx((10, np.sqrt(60 / (1 - 0.99**60))), rel=1e-5)


def test_o20_beside_adam_stands_adam_without_correction(visit):
    app = visit(**OPEN)
    assert scene(app)["beside"] == "Adam without correction, same gradients"
    sent, path = arrays(app), follow(textbook("adam"))
    bare = replay(UNCORRECTED, path.points[:-1], path.gradients, lr=0.3)
    t = np.arange(1, 31)[:, None]
    np.testing.assert_allclose(sent["Δθ"][0][0], -0.3 * np.sign(path.gradients[0]), rtol=1e-5)
    np.testing.assert_allclose(sent["Δθ"][1], bare.moves, rtol=1e-5)
    np.testing.assert_allclose(sent["m"][1], path.state["m"] / (1 - 0.9**t), rtol=1e-5)
    np.testing.assert_allclose(sent["v"][1], path.state["v"] / (1 - 0.999**t), rtol=1e-5)
    labels = {row["label"]: row["other"] for row in scene(app)["rows"]}
    assert labels == {"g": None, "m": "m̂", "v": "v̂", "−Δθ/g": "", "Δθ": ""}
    found = judged()
    assert (found.kind, found.right) == ("same", "same")
    assert found.slopes == pytest.approx(4 / 0.7)
    (ratio,) = (value for what, value in told(found).items() if "without correction" in what)
    assert ratio == pytest.approx((10**0.5, (1 - 0.9**30) / np.sqrt(1 - 0.999**30)), rel=1e-5)


def test_o20_without_correction_it_also_walks_a_path_of_its_own(visit):
    """From the start Adam steps lr along both axes, and without its correction 3.16 times as far."""
    own, walked = LAB.find(LAB.settle({}))[1::2]
    first = [np.abs(path.points[1] - path.points[0]) for path in (own, walked)]
    np.testing.assert_allclose(first, [[0.3, 0.3], [0.3 * 10**0.5] * 2], rtol=1e-6)
    assert [run["label"] for run in scene(visit(**OPEN))["runs"]] == ["Adam", "Adam without correction"]


@pytest.mark.parametrize(("rule", "right"), [("sgd", "slopes"), ("momentum", "slopes"), ("adagrad", "same"), ("lion", "same")])
def test_the_question_is_answered_for_every_rule(rule, right):
    assert judged(rule=rule).right == right


def test_where_both_slopes_are_alike_there_is_nothing_to_compare():
    assert judged(surface="bowl").kind == "equal"
    assert judged(surface="formula", formula="x").kind == "one"
    assert judged(surface="formula", formula="3").kind == "level"


@pytest.mark.parametrize(
    ("asked", "t"), [({}, 5), ({"anatomy_step": "0"}, 1), ({"anatomy_step": "7"}, 8), ({"anatomy_step": "30"}, 30)]
)
def test_the_formula_is_that_of_the_step_where_the_player_stands(visit, asked, t):
    app = visit(**OPEN, **asked)
    assert int(STEP.search(words(app))[1]) == t
    path = follow(textbook("adam"))
    numbers = app.table[0].value.iloc[0]
    old, new = (f"{value:.4g}".replace("-", "−") for value in path.points[t - 1 : t + 1, 0])
    assert numbers["θ"] == f"{old} → {new}"
    assert numbers["g"] == f"{path.gradients[t - 1, 0]:.4g}".replace("-", "−")
    assert numbers["v"].endswith(f"→ {path.state['v'][t - 1, 0]:.4g}")
    assert rf"\theta_x &= {filled.number(path.points[t - 1, 0])} - " in app.latex[0].value
    assert app.latex[0].value.strip("$\n").endswith(rf"= {filled.number(path.points[t, 0])} \end{{aligned}}")


def test_another_rule_brings_its_rate_and_another_surface_its_start(visit):
    app = visit(**OPEN)
    app.number_input(key="anatomy_x0").set_value(5.0).run()
    app.selectbox(key="anatomy_rule").set_value("momentum").run()
    assert app.number_input(key="anatomy_lr").value == textbook("momentum").lr
    assert app.selectbox(key="anatomy_beside").value == "none"
    assert app.number_input(key="anatomy_x0").value == 5
    app.selectbox(key="anatomy_surface").set_value("beale").run()
    assert not app.exception
    assert scene(app)["start"] == list(OBJECTIVES["beale"].start)
    assert app.number_input(key="anatomy_lr").value == textbook("momentum", "beale").lr
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    assert scene(app)["start"] == [-7, 2]
    assert scene(app)["runs"][0]["label"] == "Adam"


@pytest.mark.parametrize("name", subject.STARTS)
def test_a_start_by_its_button(visit, name):
    app = visit(**OPEN, anatomy_rule="lion", anatomy_surface="saddle", anatomy_lr="0.7")
    next(button for button in app.button if button.label == name).click().run()
    assert not app.exception
    shown, spec = scene(app), subject.STARTS[name]
    assert (shown["runs"][0]["label"], shown["runs"][0]["lr"]) == (OPTIMIZERS[spec.optimizer].label, f"{spec.lr:g}")
    assert (shown["start"], shown["steps"]) == ([spec.x0, spec.y0], spec.steps)


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("formula", ["3", "log(x)", "-4e14", "1e-320*x*x", "x**2+yy"])
def test_odd_surfaces_are_pictures_or_sentences(visit, rule, formula):
    app = visit(**OPEN, anatomy_rule=rule, anatomy_surface="formula", anatomy_formula=formula, anatomy_x0="-1")
    assert not app.exception
    assert app.get("bidi_component") or "unknown name yy" in app.error[0].value


def test_divergence_is_said(visit):
    app = visit(**OPEN, anatomy_rule="sgd", anatomy_lr="100", anatomy_step="30")
    assert not app.exception
    assert "diverged" in app.warning[0].value
    assert int(STEP.search(words(app))[1]) == 2
    lost = LAB.find(LAB.settle({"rule": "sgd", "lr": 100.0}))
    assert (anatomy.lost("sgd", lost.path).kind, lost.path.diverged_at) == ("left", 3)


def test_a_bad_address_is_named(visit):
    app = visit(**OPEN, anatomy_rule="nope", anatomy_steps="1e9", anatomy_beside="me")
    assert not app.exception
    for key in ("anatomy_rule", "anatomy_steps", "anatomy_beside"):
        assert key in app.warning[0].value


def test_the_player_alone_does_not_carry_the_source_of_the_anatomy(visit):
    assert "class Anatomy" in sources("player", SHARED)[2]
    assert "class Anatomy" not in sources("player", SHARED, ["anatomy"])[2]
    assert "class Anatomy" in visit(**OPEN).get("bidi_component")[0].proto.js_content


@pytest.mark.parametrize(
    ("longest", "width", "times"), [(1.0, 20.0, 2.0), (4.1, 20.0, 0.5), (0.01, 20.0, 200.0), (4.0, 20.0, 1.0)]
)
def test_an_arrow_is_drawn_a_round_number_of_times_its_length(longest, width, times):
    vectors = longest * np.array([[0.6, 0.8]] * 10)
    assert quantities.factor(vectors, width) == times
    assert quantities.factor(np.zeros((3, 2)), width) == 1


@pytest.mark.parametrize(
    ("values", "span"),
    [([1, 2, 4], (0, 4)), ([-1, 3], (-1, 3)), ([0, 0], (0, 1)), ([np.nan, -2], (-2, 0)), ([np.nan], (0, 1))],
)
def test_an_axis_holds_zero_and_all_values(values, span):
    assert quantities.span(np.array(values, float)) == span


def test_an_axis_leaves_out_what_is_far_beyond_the_rest():
    low, high = quantities.span(np.array([*np.linspace(0, 1, 200), 1e6, -1e6]))
    assert -2 < low < 0
    assert 1 < high < 3


def test_the_effective_lr_of_sgd_is_its_lr():
    assert told(judged(rule="sgd", lr=0.4))["learning rate along x"] == pytest.approx((0.4, 0.4))


def test_what_memory_carries_up_the_slope_is_no_learning_rate():
    found = judged(rule="momentum")
    path = follow(textbook("momentum", steps=30))
    uphill = (path.gradients * np.diff(path.points, axis=0) > 0).sum(axis=0)
    (against,) = [also for also in found.also if also.kind == "against"]
    assert [(row["along"], row["count"]) for row in against.rows] == list(zip("xy", uphill, strict=True))
    assert not told(found)
    assert not [also for also in judged(rule="rmsprop").also if also.kind == "against"]
