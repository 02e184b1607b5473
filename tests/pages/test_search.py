"""The labs of search: what they ask for, and what they say of trials that were really run."""

from dataclasses import replace

import numpy as np
import pytest

from engine.compare import History
from engine.experiments import PRESETS
from engine.verdict import paired
from pages.kit import compute
from pages.labs import LABS
from pages.sections.search import bayes, honesty, play, trials
from pages.sections.search.mattered import SPACE, setting
from tests.runs import trained

NAMES = ("random", "grid", "mattered", "bayes", "honesty", "play")
RANDOM, GRID, MATTERED, BAYES, HONESTY, PLAY = (LABS[f"search/{name}"] for name in NAMES)


def searched(lab, **given):
    histories = trained(lab.asked(lab.settle(given)))
    verdict = lab.verdict(histories)
    return histories, verdict, lab.sentence(verdict, lab.settle(given))


def made(lr: float, decay: float, accuracy: float) -> History:
    spec = replace(PRESETS["H1"][0], lr=lr, weight_decay=decay, steps=2)
    none = np.empty(0)
    return History(spec, np.ones(2), none, none, None, {}, {}, np.array([accuracy]))


def test_h1_the_best_of_random_trials_lie_at_the_upper_end_of_the_learning_rates():
    """Of sixteen trials in the place of a hundred, three times: the best know most images, few others do."""
    found = []
    for seed in range(3):
        specs = RANDOM.asked(RANDOM.settle({"trials": 16, "seed": seed}))
        found.append(RANDOM.verdict(trained([replace(spec, evaluate="none", eval_every=199) for spec in specs])))
    assert [verdict.right for verdict in found].count("high") >= 2
    assert np.median([verdict.accuracy for verdict in found]) > 0.5
    assert np.median([verdict.lr for verdict in found]) > 2 * np.median([verdict.decay for verdict in found])
    assert any("border" in {also.kind for also in verdict.also} for verdict in found)  # H2: widen


def test_trials_share_images_and_first_weights_and_come_again():
    values = RANDOM.settle({"trials": 12, "seed": 5})
    specs = RANDOM.asked(values)
    assert len({spec.lr for spec in specs}) == 12
    assert {replace(spec, lr=0.1, weight_decay=0.0) for spec in specs} == {replace(specs[0], lr=0.1, weight_decay=0.0)}
    assert RANDOM.asked(values) == specs
    assert RANDOM.asked(RANDOM.settle({"trials": 20, "seed": 5}))[:12] == specs  # a search goes on where it was


def test_h6_evenly_nine_in_ten_lie_in_the_last_power_of_ten():
    specs = RANDOM.asked(RANDOM.settle({"trials": 200, "sampling": "linear"}))
    assert 0.83 < np.mean([spec.lr > 1e-3 for spec in specs]) < 0.97
    specs = RANDOM.asked(RANDOM.settle({"trials": 200}))
    assert 0.15 < np.mean([spec.lr > 1e-3 for spec in specs]) < 0.35


@pytest.mark.parametrize(("given", "sentence"), [({"lr_low": 1e-2, "lr_high": 1e-3}, "empty"), ({"decay_low": 1e-4}, "empty")])
def test_empty_ranges_are_a_sentence(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        RANDOM.asked(RANDOM.settle(given))


@pytest.mark.parametrize(
    ("rates", "right"), [((1, 2, 3, 2, 1), "low"), ((45, 50, 55, 50, 48), "middle"), ((1, 99, 50, 2, 98), "anywhere")]
)
def test_where_the_best_five_lie(rates, right):
    good = [made(10 ** (-6 + 4 * k / 100), 1e-8 * (1 + k), 0.9) for k in rates]
    rest = [made(10 ** (-6 + 4 * k / 100), 1e-7, 0.1) for k in range(0, 101, 10)]
    assert RANDOM.verdict([*good, *rest]).right == right


def test_the_formula_is_that_of_the_ranges():
    assert RANDOM.formula(RANDOM.settle({})) == r"\eta = 10^{\,U(-6,\,-2)} \qquad \lambda = 10^{\,U(-8,\,-4)}"
    assert r"\eta = 10^{\,U(-3,\,0)}" in RANDOM.formula(RANDOM.settle({"lr_low": 1e-3, "lr_high": 1.0}))
    assert r"\eta = U(10^{-6},\,0.01)" in RANDOM.formula(RANDOM.settle({"sampling": "linear"}))


def test_h5_three_learning_rates_against_nine():
    _, verdict, _ = searched(GRID, steps=40, seeds=2)
    grid, random = verdict.rows
    assert (grid["values"], random["values"]) == (3, 9)
    assert grid["gap"] == pytest.approx((1 / 1e-4) ** (1 / 3), rel=1e-3)


def test_every_day_has_its_own_draws_and_both_ways_share_the_rest():
    specs = GRID.asked(GRID.settle({"seeds": 2, "each": 2}))
    first, second = specs[:8], specs[8:]
    assert {spec.seed for spec in first} == {0}
    assert [spec.lr for spec in first[:4]] == [spec.lr for spec in second[:4]]
    assert not {spec.lr for spec in first[4:]} & {spec.lr for spec in second[4:]}


def test_networks_that_diverged_are_no_best_ones():
    lost = replace(made(0.1, 1e-6, 0.99), diverged=2)
    assert RANDOM.verdict([lost]).kind == "lost"
    assert RANDOM.verdict([lost, made(1e-3, 1e-6, 0.5)]).accuracy == 0.5
    days = [replace(lost, experiment=replace(lost.experiment, seed=seed)) for seed in (0, 0, 1, 1)]
    assert GRID.verdict(days).kind == "lost"


def chosen(count: int, score) -> list[History]:
    """Trials of five hyper-parameters, of a score that is made up from their places."""
    found = []
    for spec in MATTERED.asked(MATTERED.settle({"trials": count})):
        none, places = np.empty(0), {name: SPACE[name].place(value) for name, value in setting(History(spec, *NOTHING)).items()}
        accuracy = np.array([score(places)])
        found.append(History(replace(spec, steps=2), np.ones(2), none, none, None, {}, {}, accuracy))
    return found


NOTHING = (np.empty(0), np.empty(0), np.empty(0), None, {}, {})


@pytest.mark.parametrize("name", ["lr", "width", "layers"])
def test_h7_h11_what_mattered_comes_first(name):
    verdict = MATTERED.verdict(chosen(100, lambda places: 1 - abs(places[name] - 0.7)))
    assert verdict.right == name
    assert verdict.rows[0]["value"] > 3 * verdict.rows[1]["value"]


def test_where_nothing_mattered_trials_cannot_tell():
    rng = np.random.default_rng(1)
    assert MATTERED.verdict(chosen(40, lambda _: rng.random())).right == "open"


def test_a_setting_is_read_back_from_its_network():
    values = MATTERED.settle({"trials": 10})
    specs = MATTERED.asked(values)
    assert len({spec.hidden for spec in specs}) > 3
    assert all(SPACE["layers"].low <= len(spec.hidden) <= SPACE["layers"].high for spec in specs)
    with pytest.raises(ValueError, match="at least two"):
        MATTERED.asked(MATTERED.settle({"varied": ("lr",)}))


def test_h10_bayes_asks_on_from_what_is_known(monkeypatch):
    """The first six are shared with chance; every later one hangs on the answers before it, and asks where it was good."""
    values = BAYES.settle({"trials": 16, "steps": 20})
    known: dict = {}
    monkeypatch.setattr(compute, "known", known.get)
    place = trials.space(values)["lr"].place

    def answer(spec):
        accuracy = np.array([0.1 + 0.75 * np.exp(-(((place(spec.lr) - 0.7) / 0.12) ** 2))])
        return History(replace(spec, steps=2), np.ones(2), *NOTHING[1:], accuracy)

    rounds = []
    while len(specs := BAYES.asked(values)) > (rounds[-1] if rounds else 0):
        rounds.append(len(specs))
        known.update({spec: answer(spec) for spec in specs})
    assert rounds == list(range(18, 49, 3))
    histories = [known[spec] for spec in specs]
    ways = bayes.by_way(histories)
    assert [len(own) for days in ways.values() for own in days] == [16, 16, 16]
    assert [h.experiment for h in ways["Bayes"][0][:6]] == [h.experiment for h in ways["chance"][0][:6]]
    assert len({h.experiment.lr for h in ways["grid"][0]}) == 4
    asked = np.array([place(history.experiment.lr) for history in ways["Bayes"][0][8:]])
    assert (np.abs(asked - 0.7) < 0.15).mean() > 0.5
    verdict = BAYES.verdict(histories)
    assert verdict.kind == "one"
    assert verdict.rows[0]["later"] > verdict.rows[1]["later"] + 0.1
    assert BAYES.verdict(histories[:18]).kind == "begun"


def test_what_is_believed_is_drawn_of_any_trials():
    space = tuple(trials.space(BAYES.settle({})).items())
    found = bayes.maps(space, ((1e-3, 1e-6, 0.2), (0.1, 1e-5, 0.8), (0.5, 1e-7, np.nan)))
    assert len(found) == bayes.SIDE**2
    assert np.isfinite(found.to_numpy()).all()


def test_a_visitor_and_bayes_train_in_turn():
    values = PLAY.settle({"picks": "16-3 3-3", "steps": 60})
    mine, other, *rest = PLAY.asked(values)
    assert (mine.lr, mine.weight_decay) == pytest.approx((10 ** (-6 + 7 * 16.5 / 24), 10 ** (-6 + 7 * 3.5 / 24)), rel=1e-5)
    assert [spec.lr for spec in rest[:1]] == [pytest.approx(10 ** (-6 + 7 * 3.5 / 24), rel=1e-5)]
    assert other.lr not in {mine.lr, rest[0].lr}
    histories = trained([mine, other, *rest])
    verdict = PLAY.verdict(histories)
    assert verdict.count == 2
    assert verdict.rows[0]["test"] == max(histories[::2], key=trials.score).test_accuracy[-1]
    assert PLAY.verdict([]) is None


@pytest.mark.parametrize(("gap", "right"), [(0.05, "you"), (-0.05, "bayes"), (0.02, "alike")])
def test_a_thousand_images_tell_larger_differences_alone(gap, right):
    """Of two accuracies around .8 on a thousand images each: ± .025 each, ± .035 of their difference."""
    pair = [replace(made(0.1, 1e-6, 0.8), test_accuracy=np.array([0.8 + lead])) for lead in (gap, 0.0)]
    pair = [replace(history, experiment=replace(history.experiment, evaluate="test")) for history in pair]
    verdict = PLAY.verdict(pair)
    assert verdict.right == right
    assert verdict.error == pytest.approx(1.96 * np.sqrt(2 * 0.8 * 0.2 / 1000), rel=0.1)


@pytest.mark.parametrize("picks", ["24-0", "1", "a-b", "1-2-3", "-1-3"])
def test_cells_that_are_none_are_a_sentence(picks):
    with pytest.raises(ValueError, match="cell"):
        PLAY.asked(PLAY.settle({"picks": picks}))


def test_no_more_trials_than_agreed():
    picks = " ".join(f"{k}-{k}" for k in range(20))
    assert len(play.cells(PLAY.settle({"picks": picks, "trials": 5}))) == 5


def promising(score, known, seeds=5) -> list[History]:
    """The networks of honesty's textbook, with validation accuracies and known test images that are made up: functions of a
    generator, the same for all seeds, and of the fold."""
    rng, found = np.random.default_rng(0), []
    for spec in HONESTY.asked(HONESTY.settle({"seeds": seeds})):
        accuracies = np.array([score(rng, spec.fold)]), known(rng, spec.fold)
        found.append(History(replace(spec, steps=2), np.ones(2), *NOTHING[1:], *accuracies))
    return found


def some(rng, fold):  # noqa: ARG001
    return rng.random(1000) < 0.8


def test_where_choosing_is_luck_alone_all_ways_promise_what_the_normal_law_says():
    """The best of 30 is 2.04 standard deviations above the mean; of five folds √5 times fewer."""
    histories = promising(lambda rng, _: rng.binomial(100, 0.8) / 100, some)
    found = {way: grown[:, -1].mean() for way, grown in honesty.promised(honesty.by_seed(histories)).items()}
    assert found["validation"] == pytest.approx(2.04 * 0.04, abs=0.025)
    assert found["test"] == pytest.approx(2.04 * 0.04, abs=0.025)
    assert found["folds"] == pytest.approx(2.04 * 0.04 / 5**0.5, abs=0.02)
    assert HONESTY.verdict(histories).right == "all"


def test_folds_that_balance_each_other_leave_no_luck():
    fold = (0.05, -0.05, 0.02, -0.02, 0.0)
    draws: list = []

    def score(rng, k):
        if k == 0:
            draws.append(rng.normal())
        return 0.8 + draws[-1] * fold[k]

    assert HONESTY.verdict(promising(score, some)).right == "both"


def test_settings_that_are_all_the_same_promise_nothing_too_much():
    pattern = np.arange(1000) % 5 > 0
    verdict = HONESTY.verdict(promising(lambda *_: 0.75, lambda *_: pattern))
    assert verdict.right == "open"
    assert [row["more"] for row in verdict.rows] == ["+0.000 ± 0.000, within its error"] * 3
    assert [row["networks"] for row in verdict.rows] == [30, 150, 30]
    assert HONESTY.verdict(promising(lambda *_: 0.75, lambda *_: pattern, seeds=1)).kind == "one"


def test_h9_the_best_of_thirty_networks_promises_too_much():
    """Really trained; one fold of five, so that validation and test images are the ways to choose."""
    specs = [spec for spec in HONESTY.asked(HONESTY.settle({})) if spec.fold == 0]
    grown = honesty.promised(honesty.by_seed(trained(specs)))
    for way in ("validation", "test"):
        np.testing.assert_allclose(grown[way][:, 0], 0, atol=1e-12)
        found = paired(grown[way][:, -1], np.zeros(5))
        assert found.told
        assert 0.01 < found.mean < 2.04 * 0.05  # less than if all were luck
        assert (np.diff(grown[way].mean(axis=0)) > -0.001).all()


def test_networks_of_a_setting_differ_in_their_fold_alone():
    specs = HONESTY.asked(HONESTY.settle({"trials": 4, "folds": 3, "seeds": 2, "images": 50}))
    assert [spec.fold for spec in specs] == [0, 1, 2] * 8
    for start in range(0, 24, 3):
        assert len({replace(spec, fold=0) for spec in specs[start : start + 3]}) == 1
    assert {(spec.train_size, spec.validation_size) for spec in specs} == {(100, 50)}


def test_a_network_that_diverged_takes_its_setting_with_it():
    histories = promising(lambda *_: 0.75, some)
    histories[3] = replace(histories[3], diverged=2)
    days = honesty.by_seed(histories)
    assert [len(day["test"].scores) for day in days] == [29, 30, 30, 30, 30]
    verdict = HONESTY.verdict(histories)
    assert (verdict.count, verdict.also[0].kind) == (29, "gone")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"trials": 40, "folds": 10}, "2000 networks, more than 800"), ({"width_high": 10}, "range of units is empty")],
)
def test_what_honesty_cannot_train_is_a_sentence(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        HONESTY.asked(HONESTY.settle(given))
