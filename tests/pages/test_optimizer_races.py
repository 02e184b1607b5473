"""Step sizes and the race on MNIST: their verdicts, and their pages."""

from dataclasses import replace

import numpy as np
import pytest

from engine.compare import History
from engine.experiments import PRESETS
from pages.charts import curves
from pages.labs import LABS
from pages.sections.optimizers import race
from tests.pages.conftest import ended, seen, words
from tests.runs import trained

STEPS, RACE = LABS["optimizers/steps"], LABS["optimizers/race"]


def sizes(**given):
    return STEPS.verdict(STEPS.find(STEPS.settle(given)))


@pytest.mark.parametrize("rho", [0.99, 0.9, 0.5])
def test_the_ratio_of_the_steps_is_exact(rho):
    """O18: √(t/(1 − ρᵗ)), for ε 0"""
    verdict = sizes(rho=rho)
    for row in verdict.rows:
        assert row["ratio"] == pytest.approx(np.sqrt(row["t"] / (1 - rho ** row["t"])), rel=1e-5)
    assert [row["t"] for row in verdict.rows] == [1, 10, 50, 200, 1000]


def test_how_many_times_as_long_the_last_step_is():
    assert sizes().right == "thirty"
    assert sizes(steps=50).right == "ten"
    assert sizes(steps=2, rho=0.0).right == "same"


@pytest.mark.parametrize("schedule", ["exponential", "step", "cosine", "inverse_time", "warmup"])
def test_a_schedule_cancels_in_the_ratio(schedule):
    verdict = sizes(schedule=schedule)
    for row in verdict.rows:
        assert row["ratio"] == pytest.approx(np.sqrt(row["t"] / (1 - 0.99 ** row["t"])), rel=1e-4)


def test_steps_that_have_vanished_are_not_compared():
    """e^(−.05·999) = 2·10⁻²², of a way of about 20."""
    assert sizes(schedule="exponential").kind == "vanished"


def test_step_sizes_by_its_address(visit):
    app = seen(visit(section="steps", preset="O5", step="7", speed="2", horizon="100"))
    assert not app.warning, "keys of another section are dropped without a word"
    assert not app.exception
    assert app.number_input(key="horizon").value == 100
    assert "| 50 | 11.3 |" in words(app)
    assert app.get("vega_lite_chart")


def test_step_sizes_of_nothing_asks_for_an_optimizer(visit):
    app = visit(section="steps")
    app.pills(key="rules").set_value([]).run()
    assert not app.exception
    assert "choose at least one optimizer" in words(app)


def test_the_race_tells_the_numbers_of_its_histories(visit):
    app = visit(section="race", race_steps="30", runners=["SGD", "AdaGrad"])
    assert not app.exception
    app = ended(app, "optimizers/race run")
    specs = [replace(spec, steps=30, eval_every=1) for spec in PRESETS["O11"] if spec.optimizer in ("sgd", "adagrad")]
    for history in trained(specs):
        loss = curves.loss(history, race.SMOOTH)[1][-1]
        row = f"| {race.label(history)}, lr {history.experiment.lr:g} | {loss:.2g} | {history.test_accuracy[-1]:.3f} |"
        assert row in words(app)
    assert "1× the weights = 0.44 MB" in words(app)


def test_the_race_runs_at_the_books_settings():
    values = RACE.settle({})
    asked = [(spec.optimizer, spec.lr, spec.steps, spec.hidden, spec.batch_size) for spec in RACE.asked(values)]
    assert asked == [(spec.optimizer, spec.lr, spec.steps, spec.hidden, spec.batch_size) for spec in PRESETS["O11"]]


def test_a_race_without_runners_is_a_sentence(visit):
    app = visit(section="race")
    app.pills(key="runners").set_value([]).run()
    assert "choose at least one optimizer" in app.error[0].value


def ran(**losses) -> list[History]:
    """Histories of these losses, a list of runs a rule; seed by seed."""
    none, specs = np.array([0.5]), {spec.optimizer: replace(spec, steps=200) for spec in PRESETS["O11"]}
    return [
        History(replace(specs[name], seed=seed), np.asarray(runs[seed]), none, none, None, {}, {})
        for seed in range(len(next(iter(losses.values()))))
        for name, runs in losses.items()
    ]


def flat(*ends: float) -> list[np.ndarray]:
    return [np.full(200, end) for end in ends]


def test_the_lowest_loss_is_told_as_a_factor_over_the_seeds():
    verdict = race.verdict(ran(sgd=flat(0.2, 0.21, 0.19), adam=flat(0.02, 0.021, 0.019)))
    assert (verdict.kind, verdict.name, verdict.right) == ("lowest", "Adam", "adaptive")
    assert verdict.factor == pytest.approx(10)


def test_what_varies_more_than_it_differs_is_not_told():
    verdict = race.verdict(ran(sgd=flat(0.1, 0.2, 0.1), adam=flat(0.1, 0.1, 0.19)))
    assert verdict.kind == "alike"
    assert not verdict.right


def test_one_seed_cannot_tell():
    verdict = race.verdict(ran(sgd=flat(0.2), adam=flat(0.02)))
    assert (verdict.kind, verdict.name, verdict.right) == ("one", "Adam", "")


def test_everybody_diverged():
    lost = [replace(history, diverged=3) for history in ran(sgd=flat(0.2))]
    verdict = race.verdict(lost)
    assert verdict.kind == "lost"
    assert [(each.kind, each.step) for each in verdict.also] == [("diverged", 3)]


FALLING, STILL, RISING = (0.02, 0.021, 0.019), (0.0, 0.001, -0.001), (-0.002, -0.0021, -0.0019)


@pytest.mark.parametrize(
    ("rates", "kind"), [(FALLING, "falls"), (STILL, "stall-alike"), (RISING, "rises"), (FALLING[:1], "falls-one")]
)
def test_whether_adagrad_stalls_is_told_over_seeds(rates, kind):
    """A loss e^(−rate·t) falls by e^(100·rate) in the second half of 200 updates.

    Its moving average, of which .95¹⁰⁰ · e² ≈ 4 % is missing when it is halfway, falls by 6 % less.
    """
    runs = [np.exp(-rate * np.arange(200)) for rate in rates]
    (verdict,) = race.verdict(ran(adagrad=runs)).also
    assert verdict.kind == kind
    if kind == "falls":
        assert verdict.factor == pytest.approx(np.exp(2), rel=0.06)
