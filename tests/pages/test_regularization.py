"""The overfitting page: every lab by its address, its textbook setting, what it refuses, and what it shares and exports."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from engine.experiments import PRESETS, mnist
from pages.kit import compute, export, sheets
from pages.labs import LABS
from pages.sections.regularization import nets
from tests.pages.conftest import ended, words
from tests.runs import trained

PAGE = "pages/regularization.py"
SECTIONS = ("overfit", "honest", "data", "weights", "mistakes")
SMALL = {  # section → an address that trains in a moment
    "overfit": {"overfit_steps": "6", "overfit_longer": "9", "overfit_seeds": "2"},
    "honest": {"honest_steps": "4", "honest_seeds": "2", "honest_decays": "0.01", "honest_rates": "0.2", "honest_size": "40"},
    "data": {"data_steps": "4", "data_seeds": "2", "data_depth": "1", "data_width": "5", "data_size": "70"},
    "weights": {"weights_steps": "24", "weights_layer": "2", "weights_moment": "6", "weights_seeds": "2"},
    "mistakes": {"mistakes_steps": "30", "mistakes_lr": "0.1", "mistakes_seed": "3"},
}


def asked(section: str, **given):
    lab = LABS[f"regularization/{section}"]
    return lab.asked(lab.settle(given))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_lab_runs_from_its_address_and_tells_what_its_verdict_says(visit, section):
    app = visit(PAGE, section=section, **SMALL[section])
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert "Nothing has been trained yet" in words(app)
    assert "Predict first" in app.pills[0].label
    app = ended(app, f"regularization/{section} run")
    assert not app.exception
    lab = LABS[f"regularization/{section}"]
    keyed = {(control.key or lab.prefix + name): name for name, control in lab.known({}).items()}
    given = {keyed[key]: lab.known({})[keyed[key]].read([value]) for key, value in SMALL[section].items()}
    values = lab.settle(given)
    assert lab.sentence(lab.verdict(trained(lab.asked(values))), values) in words(app)


def test_the_defaults_are_the_textbooks():
    first = [replace(spec, eval_every=3) for spec in asked("overfit") if spec.seed == 0]
    assert first == [PRESETS["R1"][0], PRESETS["R2"][1], PRESETS["R3"][1], PRESETS["R3"][0]]
    assert [replace(spec, eval_every=3) for spec in asked("honest")] == PRESETS["R4"]
    assert [spec for spec in asked("data") if spec.seed == 0] == PRESETS["R6"]
    base = PRESETS["R1"][0]
    for section in ("weights", "mistakes"):
        spec = asked(section)[0]
        assert replace(spec, probe_steps=(), weight_steps=(), eval_every=base.eval_every) == base


@pytest.mark.parametrize(("section", "steps"), [("overfit", 601), ("honest", 601), ("data", 601)])
def test_the_last_evaluation_is_that_of_the_textbook(section, steps):
    spec = asked(section)[0]
    assert 1 + spec.eval_every * ((spec.steps - 1) // spec.eval_every) == steps


@pytest.mark.parametrize("section", SECTIONS)
def test_reset_goes_back_to_the_textbook(visit, section):
    app = visit(PAGE, section=section, **SMALL[section])
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    lab = LABS[f"regularization/{section}"]
    for name, control in lab.known({}).items():
        key = control.key or lab.prefix + name
        if key in app.session_state:
            kept = app.session_state[key]
            assert kept == control.default or tuple(kept) == control.default, key


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
    with pytest.raises(ValueError, match="times what one run may cost here: ask for fewer steps, seeds, networks or units"):
        compute.run([mnist(hidden=(1000,) * 20, steps=20000)])


def test_ten_seeds_of_every_setting_can_be_asked_for():
    compute.check(asked("honest", seeds=10, norms=("before",)))


@pytest.mark.parametrize(
    ("section", "query"),
    [
        ("overfit", {"overfit_lr": "1", "overfit_decay": "10", "overfit_steps": "30", "overfit_longer": "1"}),
        ("weights", {"weights_lr": "1", "weights_decay": "10", "weights_steps": "30"}),
        ("mistakes", {"mistakes_net": "decay", "mistakes_lr": "1", "mistakes_decay": "10", "mistakes_steps": "30"}),
    ],
)
def test_divergence_is_said_and_the_page_stays(visit, section, query):
    app = ended(visit(PAGE, section=section, **query), f"regularization/{section} run")
    assert not app.exception
    assert "diverged at update" in words(app)


def test_a_network_is_known_by_what_is_switched_on():
    base = nets.PLAIN
    values = LABS["regularization/overfit"].settle({"weight_decay": 0.0, "dropout": 0.3, "nets": tuple(nets.NETS)})
    kinds = {kind: nets.kind(nets.net(kind, base, values)) for kind in nets.NETS}
    assert kinds == {"plain": "plain", "decay": "plain", "book": "book", "inverted": "inverted", "norm": "norm"}


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
    assert nets.shape(mnist(hidden=())) == "784–10, 7,850 parameters"


def test_the_exports_make_the_same_numbers_with_the_engine_alone(again):
    specs = [replace(spec, steps=4, seed=seed) for spec in PRESETS["R2"] for seed in (0, 1)]
    histories = trained(specs)
    rows = list(csv.DictReader(io.StringIO(export.csv_of_histories(histories))))
    assert len(rows) == 16
    assert {"weight_decay", "seed"} <= rows[0].keys()
    measured = [float(row["test_accuracy"]) for row in rows if row["test_accuracy"]]
    np.testing.assert_array_equal(measured, np.concatenate([history.test_accuracy for history in histories]))
    printed = [float(line.split()[-1]) for line in again(specs).splitlines() if "test_accuracy" in line]
    assert printed == [history.test_accuracy[-1] for history in histories]
