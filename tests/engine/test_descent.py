"""Paths: closed forms, the exact rows of EXPERIMENTS.md, divergence, noise, schedules, many starts."""

from dataclasses import replace

import numpy as np
import pytest

from engine.descent import FAR, batch_errors, descend, follow, walk
from engine.experiments import PRESETS
from engine.objectives import OBJECTIVES, parse
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES

BOOK = OBJECTIVES["anisotropic"]
START = (-7.0, 2.0)


@pytest.mark.parametrize("lr", [0.1, 0.5, 0.95, 1.01])
def test_sgd_on_a_quadratic_is_a_geometric_sequence(lr):
    k = np.arange(31)
    path = descend(BOOK, "sgd", START, 30, lr=lr)
    np.testing.assert_allclose(path.points[:, 0], -7 * (1 - lr / 10) ** k, rtol=1e-12)
    np.testing.assert_allclose(path.points[:, 1], 2 * (1 - 2 * lr) ** k, rtol=1e-12)


@pytest.mark.parametrize("momentum", [0.5, 0.9])
def test_momentum_on_a_quadratic_is_its_recurrence_matrix(momentum):
    lr, step = 0.1, []
    for curvature, x in ((0.1, -7.0), (2.0, 2.0)):
        matrix = np.array([[1 - lr * curvature, momentum], [-lr * curvature, momentum]])
        step.append([(np.linalg.matrix_power(matrix, k) @ [x, 0])[0] for k in range(31)])
    path = descend(BOOK, "momentum", START, 30, lr=lr, momentum=momentum)
    np.testing.assert_allclose(path.points, np.transpose(step), atol=1e-12)


def test_o1_bowl():
    end = descend(OBJECTIVES["bowl"], "sgd", (9, 9), 30, lr=0.1).points[-1]
    np.testing.assert_allclose(end, [0.011, 0.011], atol=5e-4)
    np.testing.assert_allclose(end, 9 * 0.8**30, rtol=1e-12)


def test_o3_sgd_zigzags_and_o4_does_not():
    path = descend(BOOK, "sgd", START, 30, lr=0.95)
    np.testing.assert_allclose(path.points[-1], [-0.350, 0.085], atol=5e-4)
    assert (np.diff(np.sign(path.points[:, 1])) != 0).all()
    assert path.turns[1] == 29
    slow = descend(BOOK, "sgd", START, 30, lr=0.1)
    assert slow.points[-1, 0] == pytest.approx(-5.18, abs=5e-3)
    assert slow.turns.tolist() == [0, 0]


def test_o5_and_o10_nesterov_overshoots_less_than_momentum():
    momentum, nesterov = (descend(BOOK, name, START, 60, lr=0.1) for name in ("momentum", "nesterov"))
    assert momentum.points[:, 0].max() == pytest.approx(1.07, abs=0.01)
    assert abs(int(momentum.points[:, 0].argmax()) - 35) <= 2
    assert 0 < nesterov.points[:, 0].max() < momentum.points[:, 0].max()


def test_o7_rmsprop():
    assert np.hypot(*descend(BOOK, "rmsprop", START, 100, lr=0.3, rho=0.99, eps=1e-7).points[-1]) < 1e-3
    hovering = descend(BOOK, "rmsprop", START, 300, lr=0.3, rho=0.9, eps=1e-7).points[250:]
    np.testing.assert_allclose(np.abs(hovering), 0.15, atol=0.01)


def test_o9_the_winner_changes():
    values = {spec.optimizer: follow(spec).values[-1] for spec in PRESETS["O9"]}
    assert values["sgd"] < values["momentum"]
    assert values["sgd"] < values["adam"]
    assert min(values, key=values.get) == "adagrad"
    gentle = {spec.optimizer: follow(replace(spec, lr=0.1)).values[-1] for spec in PRESETS["O9"]}
    assert min(gentle, key=gentle.get) != "adagrad"


def test_o14_saddle():
    ends = {spec.optimizer: follow(spec).points[-1, 1] for spec in PRESETS["O14"]}
    assert ends["sgd"] < 0.5
    assert all(ends[name] > 1 for name in ("momentum", "nesterov", "adagrad", "rmsprop", "adam"))
    for name in OPTIMIZERS:
        assert (descend(OBJECTIVES["saddle"], name, (1.5, 0.0), 60, lr=0.05).points[:, 1] == 0).all()


def test_o21_adaptive_rules_leave_the_plateau_sooner():
    def leaves(spec):
        return int((follow(spec).values < 0.9).argmax())

    steps = {spec.optimizer: leaves(spec) for spec in PRESETS["O21"]}
    assert max(steps[name] for name in ("adagrad", "rmsprop", "adam")) < steps["sgd"]


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_everything_of_every_step_is_recorded(rule):
    path = descend(BOOK, rule, START, 25, lr=0.1, schedule="cosine")
    assert path.points.shape == (26, 2)
    assert path.values.shape == (26,)
    assert path.gradients.shape == path.effective_step.shape == (25, 2)
    assert set(path.state) == set(OPTIMIZERS[rule].state)
    np.testing.assert_allclose(path.values, BOOK(*path.points.T)[0])
    np.testing.assert_allclose(path.gradients, np.transpose(BOOK(*path.points[:-1].T)[1]))
    np.testing.assert_allclose(path.points[1:], path.points[:-1] - path.effective_step * path.gradients, atol=1e-14)
    np.testing.assert_allclose(path.lr, [0.1 * SCHEDULES["cosine"](t, 25) for t in range(1, 26)])
    state = [s[0] * 0 for s in path.state.values()]
    for t in range(1, 26):
        theta, *state = OPTIMIZERS[rule](t, path.points[t - 1], path.gradients[t - 1], *state, lr=path.lr[t - 1])
        np.testing.assert_allclose(theta, path.points[t], atol=1e-14)
        for name, value in zip(path.state, state, strict=True):
            np.testing.assert_allclose(path.state[name][t - 1], value, atol=1e-14)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_many_starts_are_each_as_if_alone(rule):
    starts = np.random.default_rng(0).uniform(-4, 4, (3, 2, 2))
    surface = OBJECTIVES["himmelblau"]
    many = descend(surface, rule, starts, 20, lr=0.02, noise=1.0, seed=5)
    assert many.points.shape == (21, 3, 2, 2)
    for i in np.ndindex(3, 2):
        one = descend(surface, rule, starts[i], 20, lr=0.02, noise=1.0, seed=5)
        k = len(one.points)
        np.testing.assert_allclose(many.points[(slice(k), *i)], one.points, rtol=1e-9)
        assert np.isnan(many.points[(slice(k, None), *i)]).all()
        assert many.diverged_at[i] == (-1 if one.diverged_at is None else one.diverged_at)


def test_a_divergence_stops_the_path_and_names_the_step():
    path = descend(BOOK, "sgd", START, 30, lr=100)
    first = next(k for k in range(31) if 2 * 199**k >= FAR)
    assert path.diverged_at == first
    assert path.points.shape == (first, 2)
    assert path.gradients.shape == (first - 1, 2)
    assert np.isfinite(path.points).all()
    assert descend(BOOK, "sgd", START, 30, lr=0.95).diverged_at is None


def test_one_diverged_start_leaves_the_others_alone():
    path = descend(OBJECTIVES["rosenbrock"], "sgd", [[0.0, 0.0], [50.0, 50.0]], 30, lr=0.002)
    assert path.diverged_at.tolist()[0] == -1
    assert path.diverged_at.tolist()[1] > 0
    assert np.isfinite(path.points[:, 0]).all()
    assert np.isnan(path.points[-1, 1]).all()


@pytest.mark.parametrize(
    ("text", "start", "at"),
    [("1/x", (0, 1), 0), ("log(x)", (-1, 1), 0), ("exp(x*x)", (40.0, 0), 0), ("-exp(x)", (1.0, 0), 3), ("log(x)", (0.5, 0), 1)],
)
def test_overflow_and_undefined_points_are_divergence(text, start, at):
    path = descend(parse(text), "sgd", start, 30, lr=1.0)
    assert path.diverged_at == at
    assert len(path.points) == max(at, 1)


def test_noise_is_seeded_shared_and_averages_out():
    quiet, loud = (descend(BOOK, "sgd", START, 50, lr=0.1, noise=n, seed=1) for n in (0, 2))
    again, other = (descend(BOOK, "adam", START, 50, lr=0.1, noise=2, seed=s) for s in (1, 2))
    errors = loud.gradients - np.transpose(BOOK(*loud.points[:-1].T)[1])
    same = again.gradients - np.transpose(BOOK(*again.points[:-1].T)[1])
    np.testing.assert_allclose(errors, same, atol=1e-12)
    assert not np.allclose(again.points, other.points)
    assert not np.allclose(quiet.points, loud.points)


@pytest.mark.parametrize("batch_size", [1, 16, 256])
def test_batch_errors_shrink_with_the_root_of_the_batch(batch_size):
    errors = batch_errors(3.0, batch_size, 4000, seed=0)
    assert errors.std() == pytest.approx(3 / np.sqrt(batch_size), rel=0.1)
    assert np.abs(errors.mean(axis=0)).max() < 0.2 / np.sqrt(batch_size)


def test_o23_noise_ball_shrinks_with_lr_and_with_batch():
    def ball(lr, batch_size):
        return descend(BOOK, "sgd", (0, 0), 1000, lr=lr, noise=2, batch_size=batch_size).points[200:, 1].std()

    assert ball(0.02, 1) < 0.6 * ball(0.2, 1)
    assert ball(0.2, 16) == pytest.approx(ball(0.2, 1) / 4, rel=0.25)


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("text", ["x*1e170", "x**60", "exp(x*x)", "log(x)"])
def test_one_start_and_many_agree_about_divergence(text, rule):
    surface = parse(text)
    for start in ((1.0, 1.0), (3.0, 1.0), (-1.0, 1.0)):
        one = descend(surface, rule, start, 20, lr=0.5)
        many = descend(surface, rule, [start], 20, lr=0.5)
        assert many.diverged_at[0] == (-1 if one.diverged_at is None else one.diverged_at)


@pytest.mark.parametrize(("text", "undefined"), [("sqrt(x)", True), ("-x*x", False)])
def test_it_is_known_why_a_path_ended(text, undefined):
    path = descend(parse(text), "sgd", (2, 0), 1000, lr=0.5)
    assert path.diverged_at is not None
    assert path.undefined is undefined


def test_a_walk_is_the_descent_step_by_step():
    path = descend(BOOK, "adam", START, 30, lr=0.3, schedule="cosine", noise=1.0, seed=2)
    steps = list(walk(BOOK, OPTIMIZERS["adam"], *START, 30, lr=0.3, schedule="cosine", noise=1.0, seed=2))
    assert [(x, y) for x, y, *_ in steps] == [tuple(point) for point in path.points[1:].tolist()]
    assert [value for _, _, value, *_ in steps] == path.values[:-1].tolist()
    assert [gradient for *_, gradient, _, _ in steps] == [tuple(g) for g in path.gradients.tolist()]
    assert [[sx[0], sy[0]] for *_, (sx, sy), _ in steps] == path.state["m"].tolist()
    assert [rate for *_, rate in steps] == path.lr.tolist()


def test_where_only_the_rule_overflows_the_last_point_stays():
    """f and its gradient are finite at the start; g² of floats is not, and raises."""
    path = descend(parse("x*1e170"), "adagrad", (1.0, 1.0), 5, lr=0.5)
    assert path.points.tolist() == [[1.0, 1.0]]
    assert path.values.tolist() == [1e170]
    assert path.diverged_at == 1
    assert not path.undefined


def test_turns_are_reversals():
    assert descend(OBJECTIVES["bowl"], "sgd", (9, 9), 30, lr=0.5).turns.tolist() == [0, 0]
    assert descend(BOOK, "sgd", [START, (1e9, 0)], 30, lr=0.95).turns.tolist() == [[0, 29], [0, 0]]


@pytest.mark.parametrize("start", [1.0, (1.0,), (1.0, 2.0, 3.0), [[1.0, 2.0, 3.0]]])
def test_a_start_has_two_coordinates(start):
    with pytest.raises(ValueError, match="a start is"):
        descend(BOOK, "sgd", start, 3)


def test_no_starts_at_all():
    assert descend(BOOK, "adam", np.empty((0, 2)), 3).points.shape == (4, 0, 2)
