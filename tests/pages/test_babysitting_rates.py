"""Learning rates, range test and curves: what their verdicts say of short runs, and that they run from their addresses."""

from dataclasses import replace

import numpy as np
import pytest

from engine.compare import empty
from engine.doctor import MEASURES, diagnose
from engine.experiments import PRESETS
from engine.fates import FATES, end, fate
from pages.charts import shapes
from pages.sections.babysitting import close, curves, range_test, rates
from pages.sections.babysitting.scales import ladder
from tests.pages.conftest import ended, words
from tests.runs import trained

PAGE = "pages/babysitting.py"
SMALL = {
    "rates": {"rates_seeds": "1", "rates_steps": "20", "rates_low": "-3", "rates_high": "0", "rates_rate": "0.1"},
    "range": {"range_seeds": "2", "range_steps": "20", "range_length": "60", "range_decade": "1"},
    "curves": {"curves_seeds": "1", "curves_steps": "40", "curves_times": "2"},
}


def judged(lab, **given):
    return lab.verdict(trained(lab.asked(lab.settle(given))))


@pytest.mark.parametrize("section", SMALL)
def test_a_lab_runs_from_its_address_and_resets(visit, section):
    app = visit(PAGE, section=section, **SMALL[section])
    assert not app.warning
    app = ended(app, f"babysitting/{section} run")
    assert not app.exception
    assert "What happened." in words(app)
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    assert not app.exception
    assert not {key for key in app.query_params if key != "section"}


def grown(loss, train=0.1):
    """A history with these losses, and accuracies as they are measured first and last."""
    spec = replace(PRESETS["S4"][0], steps=len(loss), eval_every=len(loss) - 1)
    ends = np.array([0.1, train])
    bad = np.flatnonzero(~np.isfinite(loss))
    return replace(
        empty(spec),
        loss=np.asarray(loss, float),
        train_accuracy=ends,
        test_accuracy=ends,
        diverged=int(bad[0]) + 1 if len(bad) else None,
    )


FLAT = np.full(40, 2.3)


@pytest.mark.parametrize(
    ("what", "history"),
    [
        ("", empty(PRESETS["S4"][0])),
        ("barely", grown(FLAT, 0.19)),
        ("rises", grown(FLAT, 0.21)),
        ("learns", grown(np.linspace(2.3, 1.0, 40))),
        ("high", grown(np.linspace(2.3, 9.0, 40))),
        ("high", grown(np.r_[2.3, 2.3, 4.0, FLAT])),
        ("lost", grown(np.r_[2.3, 1e30, np.inf, np.full(9, np.nan)])),
    ],
)
def test_a_fate_is_read_from_the_losses(what, history):
    assert fate(history) == what
    assert what in ("", *FATES)
    assert np.isnan(end(history)[0]) == (what in ("", "lost"))


def test_the_ladder_has_so_many_rungs_a_decade():
    assert ladder(-6, 6, 1) == [10.0**k for k in range(-6, 7)]
    assert ladder(-1, 0, 3) == [0.1, 0.2, 0.5, 1.0]
    assert ladder(0, 0, 3) == [1.0]


def test_the_sweep_is_the_textbooks_and_the_rate_from_close_up_is_one_of_it():
    asked = rates.LAB.asked(rates.LAB.settle({"seeds": 1, "steps": 200}))
    looks = {"eval_every": 40, "probe_steps": ()}
    assert [replace(spec, **looks) for spec in asked] == [replace(spec, **looks) for spec in PRESETS["S7"]]
    assert rates.LAB.settle({"low": -2, "high": 0, "rate": "1e-06"}).rate == "0.01"
    assert rates.LAB.settle({"low": 3, "high": -1}).low == -1


def test_one_rate_of_six_learns_and_the_verdict_says_where_the_limit_is():
    found = judged(rates.LAB, steps=200, seeds=2, low=-4, high=1)
    assert found.right == "one"
    assert found.best == 1e-3
    assert sum(row["networks"] for row in found.rows) == 12
    (limit,) = found.also
    assert (limit.kind, limit.top) == ("limit", 1e-3)
    assert limit.over > 1e-3


def test_every_fate_has_its_story():
    by_rate = rates.by_rate(trained(rates.LAB.asked(rates.LAB.settle({"steps": 100, "seeds": 1, "high": 0}))))
    kinds = {rate: close.story(own).kind for rate, own in by_rate.items()}
    assert (kinds[1e-6], kinds[1e-3], kinds[1.0]) == ("close-barely", "close-learns", "close-lost")
    story = close.story(by_rate[1.0])
    assert 1 < story.step < 30
    assert story.last < story.largest
    assert all(f"close-{what}" in rates.LAB.prose(None).verdicts for what in FATES)


def test_suggestions_are_measured_against_the_sweep():
    given = {"pixels": "unit", "seeds": 3, "decade": 2, "steps": 100}
    histories = trained(range_test.LAB.asked(range_test.LAB.settle(given)))
    found, said = range_test.sort(histories), range_test.LAB.verdict(histories)
    assert [len(own) for own in found.sweep.values()] == [3] * 15
    losses = {rate: np.mean([h.smoothed(0.9)[-1] for h in own]) for rate, own in found.sweep.items()}
    assert said.best == min(losses, key=losses.__getitem__)
    valley = found.suggested["valley"]
    assert said.rows[2]["rate"] == pytest.approx(np.prod(valley) ** (1 / 3))
    assert said.apart > 3  # they disagree
    assert said.rows[2]["off"].endswith("too low")


def test_one_seed_names_no_nearest_suggestion():
    assert judged(range_test.LAB, seeds=1, steps=20, decade=1).right == ""


def test_curves_are_the_textbooks():
    asked = curves.LAB.asked(curves.LAB.settle({"seeds": 1}))
    assert asked == [*PRESETS["S9"], *PRESETS["S10"]]


def test_the_doctors_hits_are_counted():
    histories = trained(curves.LAB.asked(curves.LAB.settle({"seeds": 1, "steps": 100})))
    found = curves.LAB.verdict(histories)
    hits = [diagnose(history)[0].name == fault for history, fault in zip(histories, curves.SHAPES.values(), strict=True)]
    assert found.hits == sum(hits)
    assert [row["hits"] for row in found.rows] == hits
    for history in histories:
        for finding in diagnose(history):
            drawn = shapes.panel_of([history], finding)
            assert finding.measure in ("", *MEASURES)
            if finding.measure:
                (since,) = drawn[drawn["kind"] == "since"]["x"]
                assert since == finding.evidence["update"]
            assert drawn["y"].between(0, shapes.UP + 1).all()


@pytest.mark.parametrize("measure", ["", *MEASURES])
def test_every_measure_has_its_panel(measure):
    assert shapes.panel(measure, 400, 200)["height"] == 200
