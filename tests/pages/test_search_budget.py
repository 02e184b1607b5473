"""The lab of budget: rung by rung it asks on from what is known, and what it says of that is true to form."""

from dataclasses import replace

import numpy as np
import pytest

from engine.budget import SCHEDULERS, plan
from engine.compare import History, empty
from engine.experiments import Experiment
from engine.verdict import Verdict
from pages.charts import timelines
from pages.kit import compute
from pages.labs import LABS
from pages.sections.search import budget, trials
from tests.pages.test_labs import LIES
from tests.runs import trained

LAB = LABS["search/budget"]
SMALL = {"steps": 27, "budget": 6, "cuts": 2}


def made(spec: Experiment, accuracy: float, diverged: int | None = None) -> History:
    """A network whose accuracies stay as they are, worse on test images, without having been trained."""
    none, looks = np.empty(0), 1 + (spec.steps - 1) // spec.eval_every
    test = np.full(looks, accuracy - 0.05) if spec.evaluate == "test" else none
    return History(spec, np.ones(spec.steps), none, test, diverged, {}, {}, np.full(looks, accuracy))


def ridge(spec: Experiment) -> History:
    return made(spec, 0.1 + 0.7 * np.exp(-(np.log10(spec.lr / 0.1) ** 2)) * spec.steps / 500)


def lost(spec: Experiment) -> History:
    return made(spec, 0.1, diverged=2)


def late(spec: Experiment) -> History:
    """Who is slow at first is best in the end."""
    return made(spec, 0.5 + 0.05 * np.log10(spec.lr) * (1 if spec.steps < 27 else -1))


@pytest.fixture
def searched(monkeypatch):
    """A search to its end, by what is answered: the histories, and how many networks were asked for after every round."""

    def search(answer, **given) -> tuple[list[History], list[int]]:
        known: dict[Experiment, History] = {}
        monkeypatch.setattr(compute, "known", known.get)
        specs, rounds = [], []
        while len(more := LAB.asked(LAB.settle(given))) > len(specs):
            assert more[: len(specs)] == specs  # a run that is watched grows at its end
            specs, rounds = more, [*rounds, len(more)]
            known.update({spec: answer(spec) for spec in specs})
        return [known[spec] for spec in specs], rounds

    return search


def told(histories, **given) -> tuple[Verdict, str]:
    verdict = LAB.verdict(histories)
    sentence = LAB.sentence(verdict, LAB.settle(given))
    assert not LIES.search(sentence), sentence
    return verdict, sentence


def test_rung_by_rung_it_asks_on_from_what_is_known(searched):
    histories, rounds = searched(ridge, **SMALL, seeds=2)
    values = LAB.settle({**SMALL, "seeds": 2})
    plans = budget.plans(budget.terms_of(values))
    assert len(rounds) == max(map(len, plans.values())) == 6
    assert rounds[-1] == 2 * sum(rung.networks for own in plans.values() for rung in own)
    assert budget.read(histories) == (budget.terms_of(values), budget.by_way(histories, budget.terms_of(values)))
    assert all(budget.read(histories[:count]) is None for count in rounds[:-1])
    assert told(histories[: rounds[0]])[0].kind == "begun"


@pytest.mark.parametrize(
    "given", [{"cuts": 1, "eta": 5, "budget": 2}, {"cuts": 4, "eta": 2, "steps": 20}, {"seeds": 5, "budget": 5}, {}]
)
def test_the_terms_are_read_from_the_histories(searched, given):
    given = {"seeds": 1, **given}
    histories, _ = searched(ridge, **given)
    assert budget.read(histories)[0] == budget.terms_of(LAB.settle(given))


def test_all_spend_as_much_and_the_choice_is_told_by_test_images(searched):
    histories, _ = searched(ridge, **SMALL, seeds=3)
    verdict, _ = told(histories)
    assert [row["name"] for row in verdict.rows] == [entry.label for entry in SCHEDULERS.values()]
    for row, (name, entry) in zip(verdict.rows, SCHEDULERS.items(), strict=True):
        rungs = plan(name, budget.terms_of(LAB.settle(SMALL)))
        assert row["spent"] == rungs[-1].end <= verdict.budget == 6 * 27
        assert row["begun"] - row["ended"] == sum(rung.networks for rung in rungs if rung.until == 27), entry
    assert [row["ended"] for row in verdict.rows[:2]] == [0, 0]
    assert len(LAB.table(histories)) == len(histories)


def test_a_lead_is_told_if_it_is_larger_than_its_error(searched):
    """Caviar alone comes to the end with what looks bad at first; but for the first of them, which Panda begins with, too."""
    terms = budget.terms_of(LAB.settle(SMALL))
    days = budget.by_way(searched(ridge, **SMALL, seeds=3)[0], terms)["caviar"]
    late = {timelines.trial(history) for (own,) in days for history in own[1:]}

    def answer(spec: Experiment) -> History:
        good = ((spec.lr, spec.weight_decay) in late) == (spec.steps == terms.longest)
        return made(spec, (0.8 if good else 0.3) + 0.01 * spec.seed)

    verdict, _ = told(searched(answer, **SMALL, seeds=3)[0])
    assert [row["name"] for row in verdict.rows] == ["Panda", "Caviar", "Successive halving", "Hyperband"]
    assert [row["test"] for row in verdict.rows] == pytest.approx([0.26, 0.76, 0.26, 0.26])
    assert [row["score"] for row in verdict.rows] == pytest.approx([0.31, 0.81, 0.31, 0.31])
    assert (verdict.right, verdict.lead) == ("caviar", "+0.500 ± 0.000")
    assert told(searched(ridge, **SMALL, seeds=1)[0])[0].kind == "one"


def test_what_comes_late_is_cut_and_it_says_so(searched):
    verdict, sentence = told(searched(late, **SMALL, seeds=3)[0])
    early, *_ = verdict.also
    assert early.kind == "early"
    assert early.rho == "−1.00 ± 0.00"
    assert (early.lost, early.seeds, early.updates, early.networks) == (3, 3, 3, 6)
    assert "in 3 of 3 seeds" in sentence


@pytest.mark.parametrize("seeds", [1, 2, 3])
@pytest.mark.parametrize(
    "answer", [ridge, lost, late, lambda spec: made(spec, 0.1), lambda spec: (lost, ridge)[spec.lr < 1](spec)]
)
@pytest.mark.parametrize(
    "given", [SMALL, {"steps": 20, "budget": 5, "cuts": 4, "eta": 2}, {"steps": 500, "budget": 2, "cuts": 1, "eta": 2}]
)
def test_no_sentence_lies_about_a_search(searched, seeds, answer, given):
    histories, _ = searched(answer, **given, seeds=seeds)
    verdict, _ = told(histories, **given)
    assert verdict.kind == "lost" if answer is lost else verdict.kind == ("one" if seeds == 1 else "seeds")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"steps": 20}, "cannot be cut 3 times"),
        ({"budget": 2}, "too few"),
        ({"budget": 30, "cuts": 4}, "900 are the most"),
        ({"steps": 500, "seeds": 5, "budget": 30, "cuts": 1, "batch": 1}, "900|times what one run"),
        ({"lr_low": 1, "lr_high": 0.1}, "empty"),
    ],
)
def test_what_cannot_be_is_a_sentence(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        LAB.asked(LAB.settle({name: value for name, value in given.items() if name != "batch"}))


def test_to_go_on_is_to_train_once_more_with_more_updates():
    base = replace(trials.BOOK, steps=27)
    short, long = trained([budget.network(base, 0.1, 1e-6, updates) for updates in (9, 27)])
    assert np.array_equal(short.loss, long.loss[:9])
    at = dict(zip(long.measured_at.tolist(), long.validation_accuracy.tolist(), strict=True))
    assert trials.score(short) == at[9]
    specs = [budget.network(base, 0.1, 1e-6, updates) for updates in range(1, 28)]
    assert all((spec.steps - 1) % spec.eval_every == 0 for spec in specs)  # the last look is after the last update
    assert len(short.test_accuracy) == 0 < len(long.test_accuracy)
    assert (long.measured_at[-1], short.measured_at[-1]) == (27, 9)


def test_curves_stand_where_their_updates_are_spent(searched):
    histories, rounds = searched(ridge, **SMALL, seeds=1)
    terms = budget.terms_of(LAB.settle(SMALL))
    plans = budget.plans(terms)
    nothing = [empty(history.experiment) for history in histories[: rounds[0]]]
    for shown in (nothing, *(histories[:count] for count in rounds)):
        found = {way: days[0] for way, days in budget.by_way(shown, terms).items()}
        chosen = {way: budget.choice(rungs, 27) for way, rungs in found.items()}
        data = timelines.lines(plans, found, chosen)
        assert len(data) if shown is not nothing else data.empty
        assert (data["x"] <= terms.budget).all()
        assert all(own["x"].is_monotonic_increasing for _, own in data.groupby("network"))
        assert ("cut" in set(data["kind"])) == (len(shown) > rounds[0])
        assert (data["x"] >= 0).all()
    halving = data[data["line"] == "halving"]
    sizes = [rung.networks for rung in plans["halving"]]
    kinds = halving.drop_duplicates("network")["kind"].value_counts()
    assert kinds["cut"] == sizes[0] - sizes[-1]
    assert (kinds["best"], kinds.get("on", 0)) == (1, sizes[-1] - 1)
    ends = halving[halving["last"]].groupby("kind")["x"].max()
    assert ends["cut"] == pytest.approx(plans["halving"][1].end)
    assert ends["best"] == pytest.approx(plans["halving"][2].end)


def test_the_best_so_far_never_falls_and_ends_with_the_last_rung(searched):
    terms = budget.terms_of(LAB.settle(SMALL))
    found = budget.by_way(searched(late, **SMALL, seeds=2)[0], terms)
    data = timelines.best_of(budget.plans(terms), found, terms.budget)
    for way, own in data.groupby("line"):
        assert own["y"].is_monotonic_increasing
        assert (own["low"] <= own["y"]).all()
        assert (own["y"] <= own["high"]).all()
        assert own["x"].max() <= plan(way, terms)[-1].end
    assert set(data["line"]) == set(SCHEDULERS)
