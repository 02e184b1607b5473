"""The overfitting page: every section by its address, runs to their end, sentences against the engine, exports."""

import csv
import io
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from engine.compare import compare, empty
from engine.datasets import load
from engine.experiments import PRESETS, mnist
from engine.trained import confusion, restore
from pages.charts import gaps
from pages.kit import compute, export, sheets, testing, text
from pages.kit.old import lab
from pages.sections.regularization import data, honest, mistakes, nets, overfit, weights
from tests.pages.conftest import ROOT, ended, words

PAGE = "pages/regularization.py"
SECTIONS = {"overfit": overfit, "honest": honest, "data": data, "weights": weights, "mistakes": mistakes}
SMALL = {  # section → an address that trains in a moment
    "overfit": {"overfit_steps": "6", "overfit_longer": "9", "overfit_seeds": "2"},
    "honest": {"honest_steps": "4", "honest_seeds": "2", "honest_decays": "0.01", "honest_rates": "0.2", "honest_size": "40"},
    "data": {"data_steps": "4", "data_seeds": "2", "data_depth": "1", "data_width": "5", "data_size": "70"},
    "weights": {"weights_steps": "24", "weights_layer": "2", "weights_moment": "6"},
    "mistakes": {"mistakes_steps": "30", "mistakes_lr": "0.1", "mistakes_seed": "3"},
}
OVERFIT = {"train_size": 300, "hidden": (100,) * 6, "eval_every": 3}


@pytest.fixture
def asked(monkeypatch, visit):
    """A function: the experiments that a section would train."""

    def specs(section: str, **query: str):
        found = []
        monkeypatch.setattr(lab, "run", lambda *given: found.extend(given[2]()))
        assert not visit(PAGE, section=section, **query).exception
        return found

    return specs


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_by_its_address(visit, section):
    app = visit(PAGE, section=section)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert "Nothing has been trained yet" in words(app)
    known = text.lab(f"regularization/{section}")
    assert len(known.answers) >= 3
    assert known.question in app.pills(key=f"regularization/{section} prediction").label
    assert known.lesson in words(app)
    assert known.caption in words(app)
    assert app.code
    assert all(key == section or key.startswith(section) for key in SECTIONS[section].KNOWN)


def test_the_defaults_are_the_textbooks(asked):
    assert asked("overfit") == [PRESETS["R1"][0], PRESETS["R2"][1], PRESETS["R3"][1], PRESETS["R3"][0]]
    assert asked("honest") == PRESETS["R4"]
    assert [spec for spec in asked("data") if spec.seed == 0] == PRESETS["R6"]
    base = PRESETS["R1"][0]
    for section in ("weights", "mistakes"):
        spec = asked(section)[0]
        assert replace(spec, probe_steps=(), weight_steps=(), eval_every=base.eval_every) == base


@pytest.mark.parametrize("section", SMALL)
def test_reset_goes_back_to_the_textbook(visit, section):
    app = visit(PAGE, section=section, **SMALL[section])
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    for key, setting in SECTIONS[section].KNOWN.items():
        if key in app.session_state:
            kept = app.session_state[key]
            assert kept == setting.default or tuple(kept) == setting.default, key


@pytest.mark.parametrize(
    ("section", "query", "says"),
    [
        ("overfit", {"overfit_steps": "99999"}, "`99999` is not between 1 and 2000"),
        ("overfit", {"overfit_nets": "nope"}, "there is no `nope`"),
        ("honest", {"honest_rates": "0.7"}, "there is no `0.7`"),
        ("data", {"data_size": "7"}, "`7` is not between 50 and 4000"),
        ("weights", {"weights_moment": "13"}, "`13` is not between 1 and 12"),
        ("mistakes", {"mistakes_cell": "5-5"}, "there is no `5-5`"),
        ("mistakes", {"mistakes_lr": "nan"}, "`nan` is not between"),
    ],
)
def test_a_bad_address_gives_one_sentence(visit, section, query, says):
    app = visit(PAGE, section=section, **query)
    assert not app.exception
    (warning,) = app.warning
    assert says in warning.value


def test_no_network_chosen_asks_for_one(visit):
    app = visit(PAGE)
    app.pills(key="overfit_nets").set_value([]).run()
    assert not app.exception
    assert "choose at least one network" in app.error[0].value


def test_too_much_work_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="times what one run may cost here: ask for fewer steps, seeds or networks"):
        compute.run([mnist(hidden=(1000,) * 20, steps=20000)])


def test_overfitting_ends_with_the_numbers_of_the_engine(visit):
    said = words(ended(visit(PAGE, section="overfit", **SMALL["overfit"]), "regularization/overfit run"))
    specs = {
        "Plain": mnist(steps=6, **OVERFIT),
        "Weight decay": mnist(steps=6, weight_decay=0.1, **OVERFIT),
        "Dropout, scaled in testing": mnist(steps=9, dropout=0.2, dropout_mode="book", **OVERFIT),
        "Dropout, scaled in training": mnist(steps=9, dropout=0.2, **OVERFIT),
    }
    ends = {}
    for name, spec in specs.items():
        found = compare([replace(spec, seed=seed) for seed in (0, 1)])
        ends[name] = [np.mean([getattr(h, f"{which}_accuracy")[-1] for h in found]) for which in ("train", "test")]
    train, test = ends.pop("Plain")
    assert f"**Plain**, after 2 epochs: training accuracy {train:.2f}, test {test:.2f}, gap {train - test:.2f}." in said
    for name, (its_train, its_test) in ends.items():
        assert re.search(
            rf"\*\*{name}\*\*, after [23] epochs: the gap (narrows|widens) from {train - test:.2f} "
            rf"to {its_train - its_test:.2f}, (and|but) test accuracy (rises|falls) from {test:.2f} to {its_test:.2f} "
            rf"\(training {its_train:.2f}\)",
            said,
        ), name
    assert "Mean of 2 seeds" in said


def test_the_better_or_worse_of_a_sentence_follows_the_numbers():
    plain, decayed = PRESETS["R2"]
    table = gaps.ends([], []).reindex(range(2))
    table[:] = [["plain", 1.0, 0.77, 0, 1, 0.23, 1], ["decay", 0.89, 0.71, 0, 1, 0.18, 1]]
    histories = [empty(plain), empty(decayed)]
    said = overfit.sentence(table.infer_objects(), histories, ["plain", "decay"])
    assert "the gap narrows from 0.23 to 0.18, but test accuracy falls from 0.77 to 0.71" in said


def test_does_it_help_ends_with_the_numbers_of_the_engine(visit):
    said = words(ended(visit(PAGE, section="honest", **SMALL["honest"]), "regularization/honest run"))
    base = mnist(steps=4, lr=0.1, **{**OVERFIT, "train_size": 40})
    means, ranges = {}, {}
    for name, change in (("none", {}), ("λ 0.01", {"weight_decay": 0.01}), ("dropout 0.2", {"dropout": 0.2})):
        last = [h.test_accuracy[-1] for h in compare([replace(base, seed=seed, **change) for seed in (0, 1)])]
        means[name], ranges[name] = np.mean(last), np.ptp(last)
    best = max(means, key=means.get)
    assert f"Without regularization the mean test accuracy is {means['none']:.3f}" in said
    if best == "none":
        assert "nothing here beats it" in said
    else:
        more = means[best] - means["none"]
        spread = max(ranges[best], ranges["none"])
        assert f"the best setting, **{best}**, has {means[best]:.3f}, {more:.3f} more." in said
        assert (
            f"That is {'more' if more > spread else 'not more'} than the same setting varies over 2 seeds, {spread:.3f}" in said
        )


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("none", 0.8, 0.79, 0.81, 3), ("λ 0.01", 0.85, 0.84, 0.86, 3)], "0.050 more. That is more than"),
        ([("none", 0.8, 0.75, 0.85, 3), ("λ 0.01", 0.81, 0.8, 0.82, 3)], "That is not more than the same setting varies"),
        ([("none", 0.8, 0.8, 0.8, 1), ("λ 0.01", 0.81, 0.81, 0.81, 1)], "One seed cannot tell that from luck"),
        (
            [("none", 0.8, 0.7, 0.9, 3), ("dropout 0.4", 0.5, 0.4, 0.6, 3)],
            "nothing here beats it: the closest, **dropout 0.4**",
        ),
        ([("none", 0.8, 0.7, 0.9, 3)], "Choose a λ or a dropout rate"),
    ],
)
def test_the_verdict_weighs_the_gain_against_the_spread_over_seeds(rows, says):
    table = gaps.ends([], []).reindex(range(len(rows)))
    table[:] = [[name, 1.0, test, low, high, 1 - test, seeds] for name, test, low, high, seeds in rows]
    assert says in honest.sentence(table.infer_objects())


def test_more_data_ends_with_the_numbers_of_the_engine(visit):
    said = words(ended(visit(PAGE, section="data", **SMALL["data"]), "regularization/data run"))
    ends = {}
    for size in (50, 70, 4000):
        base = mnist(steps=4, lr=0.1, **{**OVERFIT, "hidden": (5,), "train_size": size, "eval_every": 1})
        found = compare([replace(base, seed=seed) for seed in (0, 1)])
        ends[size] = [np.mean([getattr(h, f"{which}_accuracy")[-1] for h in found]) for which in ("train", "test")]
    (few, low), (own_train, own), (many, high) = ends.values()
    assert f"784-5×1-10, {785 * 5 + 60:,} parameters, has a gap of {few - low:.2f} with 50 images" in said
    assert f"of {many - high:.2f} with 4000; test accuracy goes from {low:.2f} to {high:.2f}" in said
    assert f"With your 70 images: training {own_train:.2f}, test {own:.2f}, gap {own_train - own:.2f}" in said


def test_inside_ends_with_the_numbers_of_the_engine(visit):
    app = ended(visit(PAGE, section="weights", **SMALL["weights"]), "regularization/weights run")
    said = words(app)
    base = mnist(steps=24, probe_steps=(1, 24), weight_steps=(1, 24), **OVERFIT)
    for name, change in (
        ("Plain", {}),
        ("Weight decay", {"weight_decay": 0.1}),
        ("Dropout, scaled in training", {"dropout": 0.2}),
    ):
        (history,) = compare([replace(base, **change)])
        start, end = (float(history.probes[step][1]["weight_norm"]) for step in (1, 24))
        assert f"**{name}** {start:.2f} → {end:.2f}" in said
    network, test = restore(history.experiment, history.weights[24]), load(train_size=300)
    scaled = (network.forward(test.x_test).argmax(axis=-1) == test.y_test).mean()
    assert f"gets {scaled:.3f} in a single pass" in said
    assert len(app.get("image")) == 3
    app.segmented_control(key="weights_what").set_value("weights").run()
    assert not app.exception
    assert "What happened" in words(app)


def test_mistakes_end_with_the_numbers_of_the_engine(visit):
    app = ended(visit(PAGE, section="mistakes", **SMALL["mistakes"]), "regularization/mistakes run")
    spec = mnist(steps=30, lr=0.1, seed=3, weight_steps=(30,), **OVERFIT)
    test = load(train_size=300, seed=3)
    said = restore(spec, compare([spec])[0].weights[30]).forward(test.x_test).argmax(axis=-1)
    counts = confusion(test.y_test, said, 10)
    wrong = counts - np.diag(np.diag(counts))
    true, called = np.unravel_index(wrong.argmax(), wrong.shape)
    assert f"misreads {wrong.sum()} of 1000 test images, most often a {true} as a {called} ({wrong.max()} times)" in words(app)
    assert f"After update 30, {wrong.sum()} mistakes; the surest 40:" in words(app)
    app.selectbox(key="mistakes_cell").set_value(f"{true}-{called}").run()
    assert not app.exception
    assert f"After update 30, {wrong.max()} mistakes" in words(app)
    captions = app.get("image")[0].captions
    assert len(captions) == min(40, wrong.max())
    assert all(caption.startswith(f"{true} → {called}, ") for caption in captions)
    right = next(f"{a}-{b}" for a, b in np.argwhere(wrong == 0) if a != b)
    app.selectbox(key="mistakes_cell").set_value(right).run()
    assert "No such mistake." in words(app)


@pytest.mark.parametrize(
    ("section", "query"),
    [
        ("overfit", {"overfit_lr": "1", "overfit_decay": "10", "overfit_steps": "150", "overfit_longer": "3"}),
        ("weights", {"weights_lr": "1", "weights_decay": "10", "weights_steps": "150"}),
        ("mistakes", {"mistakes_net": "decay", "mistakes_lr": "1", "mistakes_decay": "10", "mistakes_steps": "150"}),
    ],
)
def test_divergence_is_said_and_the_page_stays(visit, section, query):
    app = ended(visit(PAGE, section=section, **query), f"regularization/{section} run")
    assert not app.exception
    assert "diverged at update" in words(app)
    assert "the learning rate is too high" in words(app)


def test_the_surest_mistakes_come_first_and_by_cell():
    spec = mnist(steps=20, lr=0.1, weight_steps=(20,), **OVERFIT)
    answers = testing.probabilities(spec, 20, compare([spec])[0].weights[20])
    found = testing.wrong(spec, answers)
    sure = [each[3] for each in found]
    assert sure == sorted(sure, reverse=True)
    counts = testing.table(spec, answers)
    assert len(found) == 1000 - np.trace(counts)
    assert len(testing.wrong(spec, answers, (4, 9))) == counts[4, 9]


def test_a_sheet_is_clear_at_zero_red_above_and_blue_below():
    W = np.zeros((784, 3))
    W[0, 0], W[1, 0] = 2, -2
    picture = sheets.sheet(W, top=1, columns=2, zoom=1)
    assert picture.shape == (60, 60, 4)
    assert picture[0, 0].tolist() == [*sheets.RED, 255]
    assert picture[0, 1].tolist() == [*sheets.BLUE, 255]
    assert picture[0, 2, 3] < 20
    assert picture[30:, 30:, 3].max() == 0
    assert sheets.strongest(np.array([[1.0, 3, 2]]), 2).tolist() == [1, 2]


def test_shapes_count_their_parameters():
    assert nets.shape(mnist(hidden=())) == "784-10, 7,850 parameters"


def test_the_exports_make_the_same_numbers_with_the_engine_alone(tmp_path):
    specs = [replace(spec, steps=4, seed=seed) for spec in PRESETS["R2"] for seed in (0, 1)]
    histories = compare(specs)
    rows = list(csv.DictReader(io.StringIO(export.csv_of_histories(histories))))
    assert len(rows) == 16
    assert {"weight_decay", "seed"} <= rows[0].keys()
    measured = [float(row["test_accuracy"]) for row in rows if row["test_accuracy"]]
    np.testing.assert_array_equal(measured, np.concatenate([history.test_accuracy for history in histories]))
    script = tmp_path / "overfit.py"
    script.write_text(export.script_of(specs), "utf-8")
    for package in ("streamlit", "altair", "pandas"):
        (tmp_path / f"{package}.py").write_text("raise ImportError", "utf-8")
    paths = f"{tmp_path}:{ROOT}"
    done = subprocess.run([sys.executable, script], env={"PYTHONPATH": paths}, capture_output=True, text=True, check=True)
    printed = [float(line.split()[-1]) for line in done.stdout.splitlines() if "test_accuracy" in line]
    assert printed == [history.test_accuracy[-1] for history in histories]
