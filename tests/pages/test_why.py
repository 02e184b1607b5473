"""Why so slow: rates on quadratics against the closed forms."""

import numpy as np
import pytest

from engine import quadratic
from engine.descent import descend, follow
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.quadratic import Valley
from pages.charts import valley
from pages.sections.optimizers import why
from tests.pages.conftest import scene, seen, words

LAB = why.LAB
BOOK = Valley("anisotropic", (), 0.95, 0.9)


def judged(**given):
    """What came out with these settings."""
    return LAB.verdict(LAB.find(LAB.settle(given)))


def test_o25_the_verdict_and_its_table_hold_the_closed_forms(visit):
    found = judged()
    assert (found.kind, found.right) == ("near-narrow", "this")
    assert (found.best, found.fastest) == pytest.approx((2 / 2.1, 19 / 21))
    assert found.rate == pytest.approx(1 - 0.1 * 0.95)
    table = {row["name"]: row for row in found.also[0].rows}
    root = np.sqrt(20)
    fastest = (root - 1) / (root + 1)
    assert table["SGD"]["best"] == f"{2 / 2.1:.3g}"
    assert table["SGD"]["edge"] == "1"
    assert float(table["SGD"]["predicted"]) == pytest.approx(table["SGD"]["measured"], abs=1e-3)
    assert table["Momentum"]["edge"] == f"{2 * 1.9 / 2:.3g}"
    assert table["Momentum"]["predicted"] == f"{np.sqrt(0.9):.3f}"
    assert table["Momentum"]["best"] == f"{4 / (np.sqrt(0.1) + np.sqrt(2)) ** 2:.3g}, {fastest**2:.3g}"
    assert table["Momentum"]["quickest"] == f"{-1 / np.log10(fastest):.3g}"
    assert table["Nesterov"]["digit"] == "never"
    assert table["Adam"]["edge"] == "–"
    app = seen(visit(section="why"))
    assert not app.exception
    assert LAB.sentence(found, LAB.settle({})) in words(app)


@pytest.mark.parametrize(
    ("lr", "kind"), [(1.0, "bounces"), (1.5, "too-large"), (10.0, "too-large"), (0.3, "below"), (0.99, "near-narrow")]
)
def test_the_lr_stands_where_the_limit_says(lr, kind):
    found = judged(lr=lr)
    assert found.kind == kind
    assert found.edge == 1
    assert found.right == ("this" if lr == 0.99 else "smaller" if lr >= 1 else "larger")


@pytest.mark.parametrize(
    "query",
    [
        {"why_surface": "bowl", "why_lr": "0.5", "why_momentum": "0"},
        {"why_surface": "bowl", "why_lr": "10", "why_momentum": "0.999", "why_steps": "300"},
        {"why_surface": "ravine", "why_condition": "1000", "why_angle": "-90", "why_lr": "0.0001"},
        {"why_surface": "ravine", "why_condition": "1", "why_rule": "nesterov", "why_momentum": "0"},
        {"why_others": list(why.OTHERS), "why_steps": "10"},
    ],
    ids=str,
)
def test_extremes_of_the_valley_are_drawn_and_told(visit, query):
    app = visit(section="why", **query)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert "nan" not in words(app)
    assert len(app.get("bidi_component")) == 2


def test_the_map_marks_the_best_and_the_visitors_setting(visit):
    header = scene(visit(section="why"), 1)
    marks = {mark["label"]: (mark["x"], mark["y"]) for mark in header["marks"]}
    lr, momentum, _ = quadratic.best("momentum", [0.1, 2.0])
    assert marks["best"] == pytest.approx((lr, momentum))
    assert marks["you"] == (0.95, 0.9)
    assert header["counts"] == [210, 100]
    assert header["pick"]


def test_a_cell_of_the_map_is_the_setting_in_its_middle():
    lrs = valley.lrs(BOOK)
    assert lrs[94] == pytest.approx(0.95)
    assert valley.MOMENTA[90] == 0.9


def test_distances_are_those_of_the_path_and_the_straight_line():
    table = valley.distances(BOOK, {name: follow(BOOK.spec(name)) for name in ("sgd", "adam")}, 50)
    sgd, adam = (table[table["line"] == OPTIMIZERS[name].label] for name in ("sgd", "adam"))
    expected = np.hypot(*descend(OBJECTIVES["anisotropic"], "sgd", (-7, 2), 50, lr=0.95).points.T)
    np.testing.assert_allclose(sgd["y"], expected, rtol=1e-9)
    np.testing.assert_allclose(sgd["predicted"], np.hypot(7, 2) * 0.905 ** np.arange(51), rtol=1e-6)
    assert adam["predicted"].isna().all()
    assert valley.floor(table) == 1e-2


def test_eigenvectors_point_up_and_stand_on_each_other():
    values, vectors = Valley("ravine", (("condition", 50.0), ("angle", -40.0)), 0.1, 0.9).curvatures
    along = valley.upward(vectors)
    np.testing.assert_allclose(values, [0.04, 2], atol=1e-8)
    assert (along[1] > 0).all()
    assert along[:, 0] @ along[:, 1] == pytest.approx(0, abs=1e-12)
