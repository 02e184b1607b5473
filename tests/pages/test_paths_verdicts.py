"""What Paths says came out, of the paths alone: numbers are EXPERIMENTS.md's, closed forms, or follow from the path itself."""

import numpy as np
import pytest

from engine.descent import follow
from engine.experiments import PRESETS
from pages.labs import LABS
from pages.sections.optimizers.settings import DESCENTS, question

PATHS = LABS["optimizers/play"]


def told(**given):
    return PATHS.verdict(PATHS.find(PATHS.settle(given)))


def rows(verdict) -> dict[str, dict]:
    return {row["name"]: row for row in verdict.rows}


@pytest.mark.parametrize("preset", DESCENTS)
def test_a_preset_answers_its_own_question(preset):
    values = PATHS.settle({"preset": preset})
    verdict = PATHS.verdict(PATHS.find(values))
    assert verdict.right in PATHS.prose(values).answers
    assert not verdict.also


def test_who_is_lowest():
    paths = {spec.optimizer: follow(spec) for spec in PRESETS["O9"]}
    verdict = told(preset="O9")
    assert (verdict.kind, verdict.name, verdict.right) == ("lowest", "AdaGrad", "adaptive")
    assert verdict.f == min(path.values[-1] for path in paths.values())
    row = rows(verdict)["Momentum"]
    assert row["gap"] == pytest.approx(np.hypot(*paths["momentum"].points[-1]))
    assert [row["in_x"], row["in_y"]] == paths["momentum"].turns.tolist()


def test_who_is_as_low_is_not_beaten():
    """From the minimum of a bowl nobody moves."""
    verdict = told(preset="O9", surface="bowl", x0=0.0, y0=0.0)
    assert verdict.kind == "tie"
    assert not verdict.right
    assert verdict.f == 0


def test_who_diverged_cannot_win():
    verdict = told(preset="O10", surface="bowl", nesterov_lr=50.0)
    assert (verdict.kind, verdict.name) == ("last", "Momentum")
    assert [(each.kind, each.name) for each in verdict.also] == [("diverged-bound", "Nesterov")]
    assert verdict.also[0].stable == pytest.approx(1)  # 2/λmax, λmax = 2


@pytest.mark.parametrize(("lr", "right"), [(0.95, "every"), (0.1, "never"), (0.51, "every"), (0.49, "never")])
def test_o3_y_changes_its_sign_above_a_half(lr, right):
    """y ← (1 − 2η)·y"""
    verdict = told(preset="O3", sgd_lr=lr)
    assert verdict.right == right
    assert verdict.in_y == (30 if right == "every" else 0)
    assert verdict.in_x == 0


def test_o3_beyond_the_limit_it_climbs():
    verdict = told(preset="O3", sgd_lr=1.01)
    assert [each.kind for each in verdict.also] == ["climbs"]
    assert not told(preset="O3", sgd_lr=0.99).also


def test_o1_and_o2_where_the_arrows_point():
    round_bowl, stretched = told(preset="O1"), told(preset="O2")
    assert round_bowl.right == "at"
    assert (round_bowl.gx, round_bowl.gy) == (18, 18)  # ∇(x² + y²) = (2x, 2y)
    assert stretched.right == "beside"
    angle = np.degrees(np.arctan2(4, 0.7) - np.arctan2(2, 7))  # between −∇f = (.7, −4) and the way (7, −2)
    assert stretched.first == pytest.approx(angle)


def test_o5_momentum_overshoots_to_one_around_step_35():
    verdict = told(preset="O5")
    assert verdict.right == "past"
    assert verdict.x_most == pytest.approx(1.07, abs=0.01)
    assert abs(verdict.step - 35) <= 1
    assert told(preset="O5", steps=5).right == "short"
    assert told(preset="O5", momentum_momentum=0.0, momentum_lr=0.9, steps=200).right == "stops"


def test_o10_nesterov_overshoots_less():
    verdict = told(preset="O10")
    assert verdict.right == "momentum"
    assert rows(verdict)["Momentum"]["part"] == pytest.approx(1.07 / 7, abs=0.002)
    assert rows(verdict)["Nesterov"]["part"] < rows(verdict)["Momentum"]["part"]


def test_o6_the_learning_rate_of_adagrad_only_falls():
    """Its first step is η along each coordinate, at the slope .7 along x."""
    verdict = told(preset="O6")
    assert verdict.right == "falls"
    assert verdict.rows[0]["first"] == pytest.approx(1.5 / 0.7)


@pytest.mark.parametrize("steps", [50, 300])
def test_o18_the_ratio_of_the_steps(steps):
    """√(t/(1 − ρᵗ)), exact for ε 0."""
    verdict = told(preset="O18", steps=steps)
    assert verdict.right == "rmsprop"
    assert verdict.ratio == pytest.approx(np.sqrt(steps / (1 - 0.99**steps)), rel=1e-4)


def test_o14_all_but_sgd_leave_the_saddle_and_nobody_if_y_is_0():
    """SGD: y₆₀ = .001 · 1.1⁶⁰"""
    verdict = told(preset="O14")
    assert verdict.right == "sgd"
    assert rows(verdict)["SGD"]["y"] == pytest.approx(0.001 * 1.1**60)
    still = told(preset="O14", y0=0.0)
    assert (still.kind, still.right) == ("saddle-still", "nobody")


def test_o21_who_divides_by_the_slope_leaves_the_plateau_sooner():
    verdict = told(preset="O21")
    assert verdict.right == "adaptive"
    for spec, row in zip(PRESETS["O21"], verdict.rows, strict=True):
        values = follow(spec).values
        assert values[row["when"]] < values[0] / 2 <= values[: row["when"]].min()
    assert told(preset="O21", steps=5).kind == "plateau-none"


def test_o22_a_schedule_is_compared_over_seeds():
    verdict = told(preset="O22")
    assert (verdict.right, verdict.seeds) == ("lower", 5)
    assert all(row["fading"] < row["constant"] for row in verdict.rows)
    assert told(preset="O22", schedule="constant").kind == "schedule-none"


def test_o23_four_times_the_batch_halves_the_cloud_of_sgd():
    verdict = told(preset="O23")
    assert verdict.right == "half"
    assert verdict.low < 0.5 < verdict.high
    assert told(preset="O23", batch_size=65).kind == "cloud-one"


def test_one_run_of_noise_cannot_tell():
    verdict = told(preset="O9", surface="bowl", noise=1.0)
    assert verdict.kind in ("noisy-lowest", "noisy-alike")
    assert verdict.seeds == 5


def test_one_optimizer_alone_gets_a_verdict():
    verdict = told(preset="O9", optimizers=("sgd",))
    assert (verdict.kind, verdict.right, verdict.up) == ("alone", "every", 0)


@pytest.mark.parametrize("given", [{"sgd_lr": 1.0}, {"x0": 0.0, "y0": 0.0}])
def test_what_stays_as_high_as_it_began_did_not_go_down_at_every_step(given):
    verdict = told(surface="bowl", optimizers=("sgd",), **given)
    assert (verdict.right, verdict.up) == ("", 0)
    assert verdict.first == verdict.last


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({"optimizers": ("adam",), "adam_lr": 1.0, "x0": 0.01, "y0": 0.01}, []),  # circles around the minimum
        ({"optimizers": ("adamw",), "adamw_lr": 1.0, "x0": 0.01, "y0": 0.01}, []),
        ({"optimizers": ("momentum",), "momentum_lr": 1.7, "steps": 10}, []),  # stable below 1.9
        ({"optimizers": ("momentum",), "momentum_lr": 1.91, "steps": 10}, ["climbs"]),
        ({"optimizers": ("nesterov",), "nesterov_lr": 0.68, "steps": 10}, ["climbs"]),  # below 19/28
        ({"optimizers": ("sgd",), "sgd_lr": 1.01}, ["climbs"]),
    ],
)
def test_only_what_cannot_converge_is_said_to_be_diverging(given, kinds):
    assert [each.kind for each in told(surface="bowl", **given).also] == kinds


def test_a_changed_preset_is_not_asked_what_it_does_not_show():
    assert question(PATHS.settle({"preset": "O14"})) == "saddle"
    assert question(PATHS.settle({"preset": "O14", "x0": 1.0, "steps": 9})) == "saddle"
    assert question(PATHS.settle({"preset": "O14", "surface": "beale"})) == "race"
    assert question(PATHS.settle({"preset": "O3", "noise": 1.0})) == "alone"
    assert question(PATHS.settle({"preset": "O18", "formula": "x*y"})) == "race"


def test_a_start_where_f_is_not_defined_is_said_once():
    verdict = told(preset="O9", surface="formula", formula="sqrt(x)")
    assert [each.kind for each in verdict.also] == ["undefined-start"]
