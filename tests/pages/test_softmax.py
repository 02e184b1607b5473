"""The softmax page: verdicts over all settings, what the browser tells, straight and bent borders, first losses, bad input."""

import base64
import io
import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.datasets import CLOUDS, TWINS
from engine.experiments import PRESETS
from engine.trained import restore
from pages.charts import borders as planes
from pages.kit import address
from pages.labs import LABS
from pages.sections.softmax import borders, logits
from tests.pages.conftest import ended, scene, seen, words
from tests.runs import trained

PAGE = "pages/softmax.py"
CHAIN, BORDERS = LABS["softmax/logits"], LABS["softmax/borders"]


def told(**given):
    """The verdict about these logits."""
    return CHAIN.verdict(CHAIN.find(CHAIN.settle(given)))


def kinds(verdict) -> list[str]:
    return [verdict.kind, *(also.kind for also in verdict.numbers.get("also", ()))]


def test_x1_is_the_first_thing_to_see(visit):
    app = seen(visit(PAGE))
    assert not app.exception
    assert scene(app)["logits"] == [5, 2, -1, 3]
    for row in (
        "| 1 | 5 | 148 | 0.842 | 0.842 | 0.842 |",
        "| 3 | −1 | 0.368 | 0.002 | 0.002 | 0.002 |",
        "| 4 | 3 | 20.1 | 0.114 | 0.114 | −0.886 |",
    ):
        assert row in words(app)
    assert "0.842, 0.042, 0.002, 0.114" in scene(app)["summary"]


def test_only_a_shift_leaves_probabilities_alone_but_for_equal_logits():
    alike = {f"z{k + 1}": 2.0 for k in range(4)}
    assert told().right == told(temperature=0.01).right == told(z1=5.1, temperature=100.0).right == "shift"
    assert told(**alike).right == told(**alike, temperature=0.01, constant=-200).right == "both"
    assert told(**alike | {"z4": 1.9}).right == "shift"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, "written"),
        ({"constant": 83}, "written"),
        ({"constant": 84}, "overflow"),
        ({"constant": -108}, "written"),
        ({"constant": -110}, "underflow"),
        ({"temperature": 0.05}, "overflow"),
        ({"constant": 200, "temperature": 100.0}, "written"),
    ],
)
def test_what_becomes_of_the_formula_as_written(given, kind):
    verdict = told(**given)
    assert kinds(verdict) == ["chain", kind]
    assert any(row["naive"] is None for row in verdict.rows) == (kind != "written")
    expected = [row["probability"] for row in told(**{**given, "constant": 0}).rows]
    assert [row["probability"] for row in verdict.rows] == expected


def test_the_true_class_is_one_of_those_there_are(visit):
    app = visit(PAGE, classes="3", truth="6")
    assert not app.exception
    assert app.number_input(key="truth").value == scene(app)["truth"] == 3
    app.number_input(key="classes").set_value(2).run()
    assert not app.exception
    assert app.number_input(key="truth").value == 2


def test_bad_addresses_are_sentences(visit):
    app = visit(PAGE, classes="17", truth="nan", z1="nan", z2="1e99", temperature="0", constant="1e99", nonsense="1")
    assert not app.exception
    (warning,) = app.warning
    for part in (
        "`classes`: `17` is not between 2 and 6",
        "`truth`: `nan` is not a whole number",
        "`z1`: `nan` is not between −10 and 10",
        "`z2`: `1e99`",
        "`temperature`: `0` is not between 0.01 and 100",
        "`constant`: `1e99` is not a whole number",
        "`nonsense` is not a setting here",
    ):
        assert part in warning.value
    app = visit(PAGE, section="borders", border_classes="17", border_lr="nan", border_layers="1e99", border_initializer="he")
    assert not app.exception
    assert all(key in app.warning[0].value for key in ("border_classes", "border_lr", "border_layers", "border_initializer"))


@pytest.fixture
def heard(monkeypatch):
    """What the page makes of what a browser tells: the settings of the lab after it."""
    place = address.Place(topic="softmax", labs=[CHAIN, BORDERS], lab=CHAIN, left={CHAIN.id: {}})
    monkeypatch.setattr(address.st, "session_state", {"place": place})
    written = []
    monkeypatch.setattr(address, "_write", lambda place: written.append(place.given))

    def hear(told):
        logits.hear(told)
        return place.given, len(written)

    return hear


def test_what_was_let_go_is_one_change_of_the_address(heard):
    given, changes = heard({"logits": [5, 4.5, -1, 3], "temperature": 0.501, "constant": 100, "truth": 1})
    assert given == {"z2": 4.5, "temperature": 0.501, "constant": 100, "truth": 1}
    assert changes == 1


@pytest.mark.parametrize(
    "told",
    [
        None,
        5,
        {},
        {"logits": 5, "temperature": 1, "constant": 0, "truth": 1},
        {"logits": [float("nan")], "temperature": 1, "constant": 0, "truth": 1},
        {"logits": [1e99, 2], "temperature": 1, "constant": 0, "truth": 1},
        {"logits": [{}, []], "temperature": 1, "constant": 0, "truth": 1},
        {"logits": [5], "temperature": 0, "constant": 0, "truth": 1},
        {"logits": [5], "temperature": 1, "constant": 0.5, "truth": 1},
        {"logits": [5], "temperature": 1, "constant": 0, "truth": 17},
        {"logits": [5], "temperature": 1, "constant": 0, "truth": "x"},
        {"logits": [5], "temperature": 1, "constant": 0, "truth": float("inf")},
    ],
    ids=repr,
)
def test_what_a_browser_forges_changes_nothing(heard, told):
    assert heard(told) == ({}, 0)


# its borders


def ran(**given):
    """The histories of these settings, trained once for all tests."""
    return trained(BORDERS.asked(BORDERS.settle(given)))


def test_x1_is_what_is_trained():
    found = BORDERS.asked(BORDERS.settle({"seeds": 1}))
    assert [replace(spec, weight_steps=(), eval_every=10, evaluate="both") for spec in found] == PRESETS["X1"]


@pytest.mark.parametrize("classes", CLOUDS)
@pytest.mark.parametrize("data", ["clouds", "twins"])
def test_from_weights_of_zero_the_first_loss_is_ln_c(classes, data):
    histories = ran(classes=classes, data=data, initializer="zeros", steps=20, seeds=2)
    verdict = BORDERS.verdict(histories)
    assert {history.experiment.dataset for history in histories} == {{"clouds": CLOUDS, "twins": TWINS}[data][classes]}
    assert all(row["first"] == pytest.approx(math.log(classes), abs=1e-6) for row in verdict.rows)
    assert verdict.chance == math.log(classes)
    assert {"exact", "alike-units"} <= set(kinds(verdict))


def test_small_weights_begin_near_ln_c_and_large_ones_do_not():
    small, large = (BORDERS.verdict(ran(init_scale=std, steps=20, seeds=3)).rows for std in (0.01, 2.0))
    for row in small:
        assert row["first"] == pytest.approx(math.log(4), abs=0.05)
    for row in large:
        assert row["first"] > 2 * math.log(4)


def test_borders_of_softmax_regression_are_straight_and_hidden_layers_bend_them():
    straight, bent = ran()[:2]
    rng = np.random.default_rng(0)
    p, q, t = rng.uniform(-6, 6, (300, 2)), rng.uniform(-6, 6, (300, 2)), rng.uniform(size=(300, 1))

    def off(history) -> float:
        """How far the logits between two points are from the straight line between theirs."""
        network = restore(history.experiment, history.weights[history.experiment.steps])
        at = [network.forward(points.astype(np.float32)) for points in (p, q, t * p + (1 - t) * q)]
        return float(np.abs(t * at[0] + (1 - t) * at[1] - at[2]).max())

    assert off(straight) < 1e-4
    assert off(bent) > 1
    first, second = BORDERS.verdict(ran()).rows
    assert first["bend"] < 1e-9 < 0.02 < second["bend"]


def test_on_equal_clouds_bending_helps_nothing_and_on_twins_nothing_else_does():
    found = BORDERS.verdict(ran())
    assert found.right == "alike"
    assert all(row["accuracy"] > 0.94 for row in found.rows)
    found = BORDERS.verdict(ran(data="twins"))
    straight, bent = found.rows
    assert (found.right, kinds(found)[-1]) == ("more", "more")
    assert straight["last"] == pytest.approx(math.log(4), abs=0.03)
    assert straight["accuracy"] < 0.5 < 0.95 < bent["accuracy"]


def test_units_that_start_alike_are_fewer_right_and_one_seed_tells_nothing():
    assert BORDERS.verdict(ran(initializer="zeros", seeds=3)).right == "fewer"
    assert kinds(BORDERS.verdict(ran(seeds=1))) == ["borders", "one"]
    assert BORDERS.verdict(ran(seeds=1)).right == ""


def test_without_hidden_layers_there_is_one_network_and_no_answer():
    values = BORDERS.settle({"layers": 0})
    assert not hasattr(values, "width")
    found = BORDERS.verdict(ran(layers=0))
    assert (kinds(found), found.right, len(found.rows)) == (["borders"], "", 1)


def test_a_network_that_diverged_is_said_to_have():
    histories = ran(layers=3, init_scale=2.0, lr=10.0, seeds=1, steps=100)
    found = BORDERS.verdict(histories)
    assert kinds(found)[-1] == "diverged"
    assert found.rows[1]["accuracy"] is found.rows[1]["bend"] is None
    assert BORDERS.sentence(found, BORDERS.settle({}))


def test_six_classes_have_six_colors():
    history = ran(classes=6, seeds=1)[0]
    url = planes.picture(history.experiment, history.weights[history.experiment.steps])
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))))
    assert {tuple(color) for color in pixels[..., :3].reshape(-1, 3).tolist()} == set(planes.COLORS)
    assert tuple(pixels[2, planes.SIDE // 2, :3]) == planes.COLORS[0]  # the first class is on top


def test_the_lab_runs_on_the_page(visit):
    app = ended(visit(PAGE, section="borders", border_steps="20", border_seeds="2"), "softmax/borders run")
    assert not app.exception
    assert "For 4 classes ln C is 1.3863. After 20 updates, means over 2 seeds:" in words(app)
    assert borders.name(ran(steps=20, seeds=2)[1]) == "1 hidden layer of 10"
