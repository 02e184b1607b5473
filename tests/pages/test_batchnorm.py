"""The batch normalization page: sections by address, runs against `compare`, sentences, bad input, exports."""

import re
import time
from dataclasses import replace

import numpy as np
import pytest

from engine.experiments import PRESETS
from engine.verdict import Difference
from pages.charts import curves
from pages.kit import compute, export, legend
from pages.sections.batchnorm import grid, layer, learn
from pages.sections.batchnorm import testing as test_time
from tests.pages.conftest import ended, seen, words
from tests.pages.test_wall import read
from tests.runs import trained

PAGE = "pages/batchnorm.py"
SECTIONS = ("grid", "learn", "layer", "inputs", "testing")


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_and_asks_for_a_prediction(visit, section):
    app = visit(PAGE, section=section)
    assert not app.exception
    assert not app.warning
    assert "Predict first" in app.pills[0].label


def judged(lab, specs=None, **given):
    """What a lab says of the networks of these settings."""
    return lab.verdict(trained(specs or lab.asked(lab.settle(given))))


@pytest.mark.parametrize("experiment", learn.WHAT.options)
def test_every_comparison_opens_at_its_textbook_setting(visit, experiment):
    app = visit(PAGE, section="learn", learn=experiment)
    assert not app.exception
    assert not app.warning
    assert app.number_input(key="learn_steps").value == PRESETS[experiment][0].steps
    assert not app.query_params.keys() - {"section", "learn"}


def test_a_bad_address_is_one_sentence(visit):
    app = visit(PAGE, grid_lr="1e9", grid_steps="x", cell="nowhere")
    assert not app.exception
    (warning,) = app.warning
    for part in ("`grid_lr`: `1e9` is not between 0.0001 and 10", "`x` is not a whole number", "there is no `nowhere`"):
        assert part in warning.value


def test_the_grid_runs_live_and_tells_what_it_was_asked(visit):
    app = visit(PAGE, grid_steps="20")
    assert "Trained in" not in words(app)
    app = ended(app, "batchnorm/grid run")
    values = grid.LAB.settle({"steps": 20})
    sentence = grid.LAB.sentence(judged(grid.LAB, steps=20), values)
    assert sentence in words(app)
    again = visit(PAGE, grid_steps="20")
    assert not [button for button in again.button if button.label == "Run"]
    assert sentence not in words(again)
    assert sentence in words(seen(again))


def test_a_prediction_is_judged_by_what_came_out(visit):
    app = visit(PAGE, grid_steps="20", grid_seed="3")
    app.pills[0].set_value("all").run()
    app = ended(app, "batchnorm/grid run")
    assert judged(grid.LAB, steps=20, seed=3).right == "few"
    assert "You predicted *twelve or more*. Answer: **four or fewer**." in words(app)
    app.pills[0].set_value("few").run()
    assert "You predicted *four or fewer*: **right.**" in words(app)


def test_b5_at_the_textbook_setting():
    found = judged(grid.LAB)
    assert found.right == "few"
    assert found.total == 16
    assert found.plain <= 4
    assert found.normed >= 10
    assert [also.kind for also in found.also] == ["ahead", "lost"]


def test_the_widened_grid_holds_every_scale_with_every_rate():
    specs = grid.GRIDS["wide"]
    assert len(specs) == 2 * 6 * 6
    assert {spec.lr for spec in specs} == set(grid.RATES)
    assert len({grid.cell(spec, "wide") for spec in specs}) == len(specs)
    assert len(set(grid.CELLS.values())) == len(grid.CELLS)


def test_a_cell_opens_what_is_inside(visit):
    app = visit(PAGE, grid_steps="20", cell="book-4")
    assert not app.exception
    assert "Inside: std 0.086" in words(app)
    end = time.monotonic() + 30
    while not ((found := app.get("bidi_component")) and read(found[0].proto.bytes)[0]["frames"][-1] == 20):
        assert time.monotonic() < end
        time.sleep(0.1)
        app.run()


def test_where_it_stands_over_seeds(visit):
    app = ended(visit(PAGE, section="learn", learn_steps="20", learn_seeds="2"), "batchnorm/learn run")
    specs = [replace(spec, seed=seed, steps=20) for seed in (0, 1) for spec in PRESETS["B4"]]
    found = judged(learn.LAB, specs)
    assert learn.LAB.sentence(found, learn.LAB.settle({"steps": 20, "seeds": 2})) in words(app)
    assert "means over 2 seeds" in words(app)
    ends = {row["name"]: row["accuracy"] for row in found.rows}
    before = np.mean([history.train_accuracy[-1] for history in trained(specs) if history.experiment.batchnorm == "before"])
    assert ends["BatchNorm before"] == pytest.approx(before)


def test_one_seed_decides_nothing_about_the_place():
    assert judged(learn.LAB, what="B4", seeds=1, steps=20).kind == "where-one"


@pytest.mark.parametrize(
    ("train", "test", "kind"),
    [(0.1, 0.0, "test-alike"), (0.1, -0.05, "test-traded"), (0.0, -0.05, "test-less"), (0.1, 0.05, "test-more")],
)
def test_b4_concludes_about_the_test_images(train, test, kind):
    assert learn.unseen(Difference(train, 0.02, 3), Difference(test, 0.02, 3)).kind == kind


def test_b6_only_the_normalized_network_learns_at_a_rate_of_one():
    found = judged(learn.LAB, what="B6")
    assert found.right == "normed"
    assert found.normed > found.plain


def test_b7_has_a_control_without_normalization():
    specs = learn.LAB.asked(learn.LAB.settle({"what": "B7", "seeds": 2}))
    assert {spec.batchnorm for spec in specs} == {"none", "before"}
    assert {spec.steps for spec in specs} == {PRESETS["B7"][0].steps}


def test_test_time_asks_the_trained_network(visit):
    app = ended(visit(PAGE, section="testing", test_steps="60"), "batchnorm/testing run")
    asked = replace(PRESETS["B8"][0], steps=60, weight_steps=(60,), eval_every=59)
    (history,) = trained([asked])
    table = test_time.answers(asked, history.weights[60]).set_index(["order", "batch"])["value"]
    assert table["mixed", 0] == pytest.approx(history.test_accuracy[-1])
    assert table["mixed", 1] == table["sorted", 1] < 0.2
    assert table["mixed", 128] > 2 * table["sorted", 128]
    found = test_time.LAB.verdict([history])
    assert found.right == "tenth"
    assert found.running == pytest.approx(history.test_accuracy[-1])
    assert f"running statistics | {found.running:.2f}" in words(app)


def test_b8_at_the_textbook_setting():
    spec = replace(PRESETS["B8"][0], weight_steps=(200,))
    found = []
    for seed in (0, 1, 2):
        (history,) = trained([replace(spec, seed=seed)])
        found.append(test_time.answers(replace(spec, seed=seed), history.weights[200])["value"].to_numpy())
    running, _, one, two, eight, many, more, *_ = np.median(found, axis=0)
    assert one < 0.2 < two < eight < many
    assert running > 0.85
    assert abs(more - running) < 0.05


@pytest.mark.parametrize("batch", ["-3, -1, 0.5, 2, 6", "1; 2 3", "1e6 -1e6 5", "0.1,0.2,0.4,0.8"])
def test_a_batch_is_read_however_it_is_written(batch):
    assert layer.numbers(batch).tolist() == [float(word) for word in re.split("[,; ]+", batch)]


def test_gamma_and_beta_can_undo_it(visit):
    app = visit(PAGE, section="layer", batch="1, 5, 9")
    next(button for button in app.button if button.label.startswith("Undo")).click().run()
    assert app.number_input(key="beta").value == 5
    values = layer.LAB.settle({"batch": "1, 5, 9", "gamma": app.number_input(key="gamma").value, "beta": 5.0})
    assert layer.LAB.verdict(layer.find(values)).off < 1e-12


@pytest.mark.parametrize(
    ("batch", "kind", "right"), [("1 5 9", "layer", "same"), ("4 4 4", "equal", ""), ("0 1e-4", "small", "grows")]
)
def test_ten_times_the_batch(batch, kind, right):
    found = layer.LAB.verdict(layer.find(layer.LAB.settle({"batch": batch})))
    assert (found.kind, found.right) == (kind, right)


def test_the_formula_writes_powers_of_ten_and_no_mean_that_is_only_rounding():
    values = layer.LAB.settle({"batch": "0.1, 0.2, -0.3", "gamma": 1e6, "beta": -1e-5})
    x, passed, y = layer.find(values)
    said = layer.formula(x, values.gamma, values.beta, passed, y)
    assert r"\sum x = 0 \\" in said
    assert r"= 10^{6} \cdot (-1.389) + (-1 \cdot 10^{-5})" in said
    assert not re.search(r"\de[+-]\d", said)


@pytest.mark.parametrize("batch", ["", "7", "1, two", "nan, 1", "1e9, 2", ",".join("1" * 13)])
def test_a_wrong_batch_is_a_sentence(visit, batch):
    app = visit(PAGE, section="layer", batch=batch) if batch else visit(PAGE, section="layer", batch=" ")
    assert not app.exception
    (error,) = app.error
    assert "That cannot be drawn" in error.value


def test_take_home_curves_and_script(again):
    histories = trained([replace(spec, steps=6, eval_every=5) for spec in PRESETS["B4"][:2]])
    header, *rows = export.csv_of_histories(histories).splitlines()
    assert header == "network,batchnorm,update,loss,train_accuracy,test_accuracy"
    assert len(rows) == 12
    assert float(rows[0].split(",")[3]) == histories[0].loss[0]
    assert float(rows[11].split(",")[4]) == histories[1].train_accuracy[1]
    told = again([history.experiment for history in histories])
    for history in histories:
        assert str(history.loss[-1]) in told
        assert str(history.test_accuracy[-1]) in told


def test_curves_hold_the_mean_and_the_extremes_of_seeds():
    specs = [replace(PRESETS["B4"][0], steps=11, seed=seed) for seed in (0, 1, 2)]
    histories = trained(specs)
    data = curves.frame(histories, legend.names(specs), curves.accuracy)
    values = np.array([history.train_accuracy for history in histories])
    np.testing.assert_allclose(data["y"], values.mean(axis=0))
    np.testing.assert_allclose(data["low"], values.min(axis=0))
    np.testing.assert_allclose(data["high"], values.max(axis=0))
    assert data["x"].tolist() == [1, 11]


def test_a_smoothed_loss_is_a_moving_average():
    (history,) = trained([replace(PRESETS["B4"][0], steps=50)])
    x, y = curves.loss(history, 0.9)
    assert x.tolist() == list(range(1, 51))
    average = weight = 0.0
    for value in history.loss:
        average, weight = 0.9 * average + value, 0.9 * weight + 1
    assert y[-1] == pytest.approx(average / weight)


def test_seeds_at_different_updates_are_compared_at_the_same_ones():
    (history,) = trained([replace(PRESETS["B4"][0], steps=400)])
    shorter = replace(history, loss=history.loss[:250])
    data = curves.frame([history, shorter], ["same", "same"], curves.loss)
    assert data["x"].max() == 250
    assert (data["high"] - data["low"]).max() < 0.2 * data["y"].max()
    exact = curves.frame([history, history], ["same", "same"], curves.loss)
    assert (exact["high"] == exact["low"]).all()


def test_another_comparison_comes_with_its_own_setting(visit):
    app = visit(PAGE, section="learn", learn_steps="50")
    app.segmented_control(key="learn").set_value("B7").run()
    assert not app.exception
    assert app.number_input(key="learn_steps").value == PRESETS["B7"][0].steps
    assert app.number_input(key="learn_lr").value == PRESETS["B7"][0].lr


@pytest.mark.parametrize(
    ("section", "query", "run"),
    [
        ("grid", {"grid_lr": "10", "grid_activation": "identity"}, "batchnorm/grid run"),
        ("learn", {"learn_lr": "10", "learn_activation": "elu", "learn_seeds": "1"}, "batchnorm/learn run"),
        ("inputs", {"inputs_lr": "10", "inputs_activation": "identity"}, "batchnorm/inputs run"),
        ("testing", {"test_lr": "10"}, "batchnorm/testing run"),
    ],
)
def test_far_too_high_a_learning_rate_is_told_not_thrown(visit, section, query, run):
    steps = {f"{'test' if section == 'testing' else section}_steps": "30"}
    app = ended(visit(PAGE, section=section, **query, **steps), run)
    assert not app.exception
    if "identity" in query.values():
        assert "diverged" in words(app)


def test_a_cell_while_the_queue_is_full_is_a_sentence(visit, monkeypatch):
    monkeypatch.setattr(compute, "QUEUE", 0)
    app = visit(PAGE, cell="book-7", grid_steps="22")
    assert not app.exception
    assert "runs are waiting already" in app.error[0].value


def test_a_cell_of_the_other_grid_is_a_sentence(visit):
    app = visit(PAGE, cell="wide-3")
    assert not app.exception
    assert "belongs to the other grid" in words(app)
