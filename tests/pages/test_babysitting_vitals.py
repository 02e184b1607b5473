"""Vital signs: what the verdict counts, whom the networks are called by, and that the picture is one chart for all panels."""

import numpy as np
import pytest

from engine.experiments import PRESETS
from engine.signs import SIGNS
from pages.charts import signs as pictures
from pages.sections.babysitting import vitals
from tests.pages.conftest import ended, words
from tests.runs import trained

PAGE = "pages/babysitting.py"
SHORT = {"steps": 30, "width": 20, "depth": 3}


def run(**given):
    values = vitals.LAB.settle(SHORT | given)
    histories = trained(vitals.LAB.asked(values))
    return histories, vitals.LAB.verdict(histories)


def test_the_first_network_is_that_of_the_textbook():
    first, small, sigmoid, high = vitals.LAB.asked(vitals.LAB.settle({}))
    (book,) = PRESETS["S11"]
    assert (first.hidden, first.lr, first.initializer, first.optimizer) == (book.hidden, book.lr, "he", "sgd")
    assert (small.init_scale, sigmoid.activation, high.lr) == (0.01, "sigmoid", 100 * book.lr)


@pytest.mark.parametrize("steps", [20, 21, 600, 1000])
def test_looks_begin_with_the_first_update_and_end_with_the_last(steps):
    found = vitals.moments(steps)
    assert (found[0], found[-1]) == (1, steps)
    assert len(found) <= vitals.MOMENTS
    assert max(np.diff(found)) <= max(2, steps / 15)


def test_the_verdict_counts_looks_at_layers():
    histories, found = run()
    first, small, sigmoid, _ = found.rows
    assert first["looks"] == 3 * len(vitals.moments(30))
    ratios = [layer["update_ratio"] for layers in histories[0].probes.values() for layer in layers]
    assert first["median"] == pytest.approx(np.median(ratios))
    assert first["inside"] == sum(3e-4 <= ratio <= 3e-3 for ratio in ratios)
    assert small["median"] < first["median"]
    assert sigmoid["far"] < 3e-4
    assert found.right == "band"
    assert found.also[0].kind == "doctor"


@pytest.mark.parametrize(("lr", "right"), [(1e-4, "less"), (0.01, "band"), (0.5, "more")])
def test_what_is_right_is_measured(lr, right):
    assert run(lr=lr, others=())[1].right == right


def test_a_network_lost_at_once_has_no_numbers():
    _, found = run(lr=10.0, initializer="normal", depth=8, width=200, steps=20, others=("high",))
    assert all(row["test"] is None for row in found.rows)
    assert "nan" not in vitals.LAB.sentence(found, vitals.LAB.settle({}))


def test_networks_are_called_by_what_they_differ_in_and_equal_ones_stand_once():
    histories, _ = run(others=("small", "norm", "adam"))
    assert vitals.names(histories) == ["He, SGD 0.01", "Weights N(0, 0.01²)", "BatchNorm", "Adam, lr 0.001"]
    assert len(run(activation="sigmoid", initializer="xavier", others=("sigmoid",))[0]) == 1


def test_too_many_networks_are_a_sentence(visit):
    app = visit(PAGE, section="vitals", vitals_others=["small", "large", "low", "high"])
    assert not app.exception
    assert "at most 3 networks beside the first, not 4" in app.error[0].value


def test_a_sign_stands_in_its_panel_at_its_power_of_ten_or_at_the_edge():
    at = pictures.place("update", np.array([0, 1e-7, 1e-5, 1e-3, 1e-1, 5]))
    assert at == pytest.approx([0, 0, 0, 0.5, 1, 1])
    assert pictures.place("dead", np.array([0.25])) == pytest.approx([0.25])


def test_one_chart_holds_all_panels_and_one_selection_of_a_layer():
    histories, _ = run()
    panels = [(history, name) for name in SIGNS for history in histories]
    data = pictures.lines(panels, columns=4)
    assert data["panel"].nunique() == 24
    assert set(data["line"]) == {"layer 1", "layer 2", "layer 3"}
    assert data["last"].sum() == 24 * 3
    assert data["up"].max() <= 1
    assert data["up"].isna().sum() == 24 * 3, "a line breaks between panels"
    assert not data.duplicated(["line", "order"]).any()
    titles = tuple((name, sign.label) for name, sign in SIGNS.items())
    chart = pictures.grid(3, titles, columns=2, end=30, height=600)
    assert [(one["name"], one["select"]["fields"]) for one in chart["params"]] == [(pictures.POINTED, ["line"])]
    assert "vconcat" not in chart


@pytest.mark.parametrize("view", ["all", "1"])
def test_the_lab_runs_from_its_address(visit, view):
    query = {"vitals_steps": "20", "vitals_width": "20", "vitals_others": ["small"], "vitals_view": view}
    app = ended(visit(PAGE, section="vitals", **query), "babysitting/vitals run")
    assert not app.exception
    assert not app.warning
    assert "The doctor on" in words(app)
