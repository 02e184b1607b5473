"""Leaks and Learning: what their verdicts say of short runs, and that they run from their addresses."""

import numpy as np
import pytest

from engine import curvature
from engine.datasets import load
from pages.sections.preprocessing import leaks, learning
from tests.pages.conftest import ended, words
from tests.runs import trained

PAGE = "pages/preprocessing.py"


def judged(lab, **given):
    return lab.verdict(trained(lab.asked(lab.settle(given))))


def test_statistics_of_the_tests_gain_most_where_the_tests_are_darker():
    found = judged(leaks.LAB, sizes=("20",), seeds=5, steps=60)
    assert found.right == "dark"
    assert [row["name"] for row in found.rows] == ["20 pictures", "20 pictures, tests × 0.5"]


def test_one_seed_tells_no_difference():
    assert judged(leaks.LAB, sizes=("20",), seeds=1, steps=20).right == ""
    assert judged(learning.LAB, seeds=1, steps=20, train_size=100).right == ""


def test_the_table_of_scalings_has_the_eigenvalues_of_the_images_and_the_rates_they_allow():
    found = judged(learning.LAB, seeds=2, steps=40, train_size=300)
    x = np.c_[load(train_size=300).x_train.astype(float), np.ones(300)]  # the 1 of the bias
    top = np.linalg.norm(x, 2) ** 2 / 300
    raw, unit, centered, _, white = found.rows
    assert unit["top"] == pytest.approx(top, rel=1e-4)
    assert raw["top"] == pytest.approx(255**2 * top, rel=0.03)
    assert centered["top"] < unit["top"]
    assert white["top"] == pytest.approx(1, rel=1e-3)
    assert unit["squared"] == pytest.approx(2 / top, rel=1e-4)
    assert unit["softmax"] == pytest.approx(curvature.limit("softmax", top), rel=1e-4)
    assert found.mends == pytest.approx(unit["top"] / centered["top"])


@pytest.mark.parametrize(
    ("section", "query"),
    [
        ("leaks", {"leaks_sizes": "20", "leaks_seeds": "2", "leaks_steps": "20"}),
        ("learning", {"learning_seeds": "1", "learning_steps": "20", "learning_train_size": "100"}),
        ("learning", {"learning_seeds": "2", "learning_steps": "20", "learning_train_size": "100", "learning_view": "same"}),
    ],
)
def test_a_lab_runs_from_its_address(visit, section, query):
    app = ended(visit(PAGE, section=section, **query), f"preprocessing/{section} run")
    assert not app.exception
    assert not app.warning
    assert "What happened." in words(app)


def test_no_size_at_all_is_a_sentence(visit):
    app = visit(PAGE, section="leaks", leaks_sizes="")
    assert not app.exception
    assert "choose at least one number of training pictures" in app.error[0].value
