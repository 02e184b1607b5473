"""Overfitting, Does it help and More data: what is told of networks beside each other, in pairs of one seed."""

from dataclasses import replace

import numpy as np
import pytest

from engine.compare import empty
from engine.experiments import PRESETS, mnist
from pages.sections.regularization import data, honest, overfit
from pages.sections.regularization.nets import NETS
from tests.runs import trained

OVERFIT = {"train_size": 300, "hidden": (100,) * 6, "eval_every": 3}


def ended(spec, test, train=1.0, evaluations=1):
    """The history of an experiment that had these accuracies from the first to the last evaluation."""
    return replace(empty(spec), train_accuracy=np.full(evaluations, train), test_accuracy=np.full(evaluations, test))


def judged(lab, **given):
    return lab.verdict(trained(lab.asked(lab.settle(given))))


def test_networks_are_compared_after_as_many_epochs():
    found = judged(overfit.LAB, steps=6, longer=9, seeds=2)
    assert found.updates == 4
    assert found.epochs == pytest.approx(4 / 3)
    rows = {row["name"]: row for row in found.rows}
    changes = {
        "plain": {},
        "decay": {"weight_decay": 0.1},
        "book": {"dropout": 0.2, "dropout_mode": "book"},
        "inverted": {"dropout": 0.2},
    }
    for kind, change in changes.items():
        histories = trained([mnist(steps=4, seed=seed, **change, **OVERFIT) for seed in (0, 1)])
        train, test = (np.mean([getattr(h, f"{which}_accuracy")[-1] for h in histories]) for which in ("train", "test"))
        assert rows[NETS[kind]]["train"] == pytest.approx(train)
        assert rows[NETS[kind]]["test"] == pytest.approx(test)
        assert rows[NETS[kind]]["gap"] == pytest.approx(train - test)
    (longer,) = found.also
    assert longer.kind == "longer"
    assert {row["name"] for row in longer.rows} == {NETS["book"], NETS["inverted"]}


def test_nothing_is_claimed_of_what_is_switched_off():
    found = judged(overfit.LAB, steps=6, longer=9, seeds=2, dropout=0.0, weight_decay=0.0)
    assert [row["name"] for row in found.rows] == ["Plain"]
    assert (found.kind, found.right) == ("alone", "")
    assert "off" in [also.kind for also in found.also]


def test_one_seed_tells_no_difference():
    assert judged(overfit.LAB, steps=6, longer=6, seeds=1).kind == "one"
    assert judged(honest.LAB, steps=4, seeds=1, rates=(), depth=1).kind == "one"
    assert judged(data.LAB, steps=4, seeds=1, depth=0).kind == "one"


@pytest.mark.parametrize(
    ("decayed", "right"),
    [((0.85, 0.86, 0.87), "decay"), ((0.79, 0.83, 0.82), "no"), ((0.7, 0.71, 0.72), "no")],
)
def test_a_network_is_better_by_more_than_the_error_of_its_pairs(decayed, right):
    plain, decay = PRESETS["R2"]
    histories = [ended(replace(plain, seed=k), test) for k, test in enumerate((0.8, 0.81, 0.82))]
    histories += [ended(replace(decay, seed=k), test) for k, test in enumerate(decayed)]
    found = overfit.LAB.verdict(histories)
    assert (found.kind, found.right) == ("compared", right)


@pytest.mark.parametrize(
    ("decayed", "right", "helps", "harms"),
    [
        ((0.95, 0.96, 0.97), "ten", 1, 0),
        ((0.82, 0.83, 0.84), "few", 1, 0),
        ((0.84, 0.79, 0.84), "luck", 0, 0),
        ((0.7, 0.71, 0.72), "luck", 0, 1),
    ],
)
def test_help_is_weighed_against_the_error_of_the_difference(decayed, right, helps, harms):
    base = PRESETS["R4"][0]
    histories = [ended(replace(base, seed=k), test) for k, test in enumerate((0.8, 0.81, 0.82))]
    histories += [ended(replace(base, seed=k, weight_decay=0.01), test) for k, test in enumerate(decayed)]
    found = honest.LAB.verdict(histories)
    assert (found.right, found.helps, found.harms, found.total) == (right, helps, harms, 1)
    table = honest.compared(histories).set_index("name")
    assert table["more"]["λ 0.01"] == pytest.approx(np.mean(decayed) - 0.81)


def test_a_network_that_diverged_counts_in_no_pair():
    base = PRESETS["R4"][0]
    histories = [ended(replace(base, seed=k), 0.8) for k in (0, 1, 2)]
    histories += [ended(replace(base, seed=k, dropout=0.2), 0.82) for k in (0, 1)]
    histories.append(replace(ended(replace(base, seed=2, dropout=0.2), 0.1), diverged=5))
    (row,) = honest.LAB.verdict(histories).rows
    assert (row["test"], row["seeds"]) == (pytest.approx(0.82), 2)


def test_without_a_pair_nothing_is_said_of_one():
    base = PRESETS["R2"][0]
    plain = [ended(replace(base, seed=k), 0.8) for k in (0, 1)]
    lost = [replace(ended(replace(base, seed=k, weight_decay=10.0), 0.1), diverged=3) for k in (0, 1)]
    assert overfit.LAB.verdict([*plain, *lost]).kind == "alone"
    assert overfit.LAB.verdict([*plain, replace(lost[0], diverged=None), lost[1]]).kind == "one"


def test_does_it_help_ends_with_the_numbers_of_the_engine():
    found = judged(honest.LAB, steps=4, seeds=2, decays=("0.01",), rates=("0.2",), norms=("before",), train_size=40)
    base = mnist(steps=4, lr=0.1, **{**OVERFIT, "train_size": 40})
    rows = {row["name"]: row for row in found.rows}
    for name, change in (
        ("λ 0.01", {"weight_decay": 0.01}),
        ("dropout 0.2", {"dropout": 0.2}),
        ("BatchNorm before", {"batchnorm": "before"}),
    ):
        histories = trained([replace(base, seed=seed, **change) for seed in (0, 1)])
        assert rows[name]["test"] == pytest.approx(np.mean([h.test_accuracy[-1] for h in histories]))


def test_more_data_ends_with_the_numbers_of_the_engine():
    found = judged(data.LAB, steps=4, seeds=2, depth=1, width=5, size=70)
    rows = {row["name"]: row for row in found.rows}
    assert found.shape == f"784–5×1–10, {785 * 5 + 60:,} parameters"
    for size in (50, 70, 4000):
        base = mnist(steps=4, lr=0.1, **{**OVERFIT, "hidden": (5,), "train_size": size, "eval_every": 1})
        histories = trained([replace(base, seed=seed) for seed in (0, 1)])
        train, test = (np.mean([getattr(h, f"{which}_accuracy")[-1] for h in histories]) for which in ("train", "test"))
        assert rows[str(size)]["train"] == pytest.approx(train)
        assert rows[str(size)]["gap"] == pytest.approx(train - test)


@pytest.mark.parametrize(
    ("many", "kind", "right"),
    [
        ((0.95, 0.94), "closes", "quarter"),
        ((0.8, 0.81), "closes", "some"),
        ((0.62, 0.63), "closes", "stays"),
        ((0.6, 0.62), "alike", ""),
    ],
)
def test_what_is_left_of_the_gap(many, kind, right):
    few, *_, most = PRESETS["R6"]
    histories = [ended(replace(few, seed=k), test) for k, test in enumerate((0.6, 0.61))]
    histories += [ended(replace(most, seed=k), test) for k, test in enumerate(many)]
    found = data.LAB.verdict(histories)
    assert (found.kind, found.right) == (kind, right)
