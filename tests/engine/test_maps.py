"""Maps: basins around minima, arrival times in closed form, winners, settings as arrays, chunks."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from engine import maps
from engine.descent import descend
from engine.objectives import OBJECTIVES, parse
from engine.optimizers import OPTIMIZERS
from engine.quadratic import rate_map

BOOK, BOWL, HIMMELBLAU = (OBJECTIVES[name] for name in ("anisotropic", "bowl", "himmelblau"))
START = (-7.0, 2.0)


def test_a_grid_is_the_middles_of_cells_from_the_lower_left():
    starts = maps.grid(OBJECTIVES["rosenbrock"], 4)
    np.testing.assert_allclose(starts[0, :, 0], [-1.5, -0.5, 0.5, 1.5])
    np.testing.assert_allclose(starts[:, 0, 1], [-0.5, 0.5, 1.5, 2.5])


def test_himmelblau_each_minimum_draws_its_own_neighborhood():
    n = 80
    basins, starts = maps.basin_map(HIMMELBLAU, "sgd", 200, n=n, lr=0.01), maps.grid(HIMMELBLAU, n)
    for i, minimum in enumerate(HIMMELBLAU.minima):
        close = np.hypot(*(starts - minimum).T).T < 0.6
        assert close.sum() > 50
        assert (basins[close] == i).all()
    for row, column in np.random.default_rng(0).integers(n, size=(20, 2)):
        end = descend(HIMMELBLAU, "sgd", starts[row, column], 200, lr=0.01).points[-1]
        np.testing.assert_allclose(end, HIMMELBLAU.minima[basins[row, column]], atol=0.1)


def test_two_equal_wells_share_the_starts_at_the_ridge():
    wells = replace(parse("x**4 - 2*x**2 + y**2", span=2), minima=((-1.0, 0.0), (1.0, 0.0)))
    left, ridge, right = np.split(maps.basin_map(wells, "sgd", 200, n=41, lr=0.01), [20, 21], axis=1)
    assert (left == 0).all()
    assert (ridge == -1).all()
    assert (right == 1).all()


def test_the_nearest_of_two_minima_within_reach_counts():
    wells = replace(BOWL, minima=((0.5, 0.0), (0.1, 0.0)))
    assert (maps.basin_map(wells, "sgd", 100, n=4, within=1.0, lr=0.1) == 1).all()


@pytest.mark.parametrize("lr", [0.05, 0.4, 0.9])
def test_steps_on_the_bowl_are_a_logarithm(lr):
    """f shrinks by (1 − 2η)² a step."""
    steps, tolerance = 20, 1e-2
    found = maps.steps_map(BOWL, "sgd", steps, n=31, tolerance=tolerance, lr=lr)
    f = np.square(maps.grid(BOWL, 31)).sum(axis=-1)
    expected = np.maximum(np.ceil(np.log(tolerance / np.maximum(f, 1e-300)) / (2 * np.log(abs(1 - 2 * lr)))), 0)
    np.testing.assert_array_equal(found, np.where(expected <= steps, expected, -1))
    assert found[15, 15] == 0
    assert (found == -1).any() == (lr != 0.4)


@pytest.mark.parametrize("formula", ["log(x) + y**2", "sqrt(x) + y**2"])
def test_where_f_is_not_defined_there_is_no_answer(formula):
    surface = replace(parse(formula, span=2), minima=((1.0, 0.0),))
    undefined = maps.grid(surface, 10)[..., 0] < 0
    for found in (
        maps.basin_map(surface, "sgd", 5, n=10, within=9, lr=0.001),
        maps.steps_map(surface, "sgd", 5, n=10, tolerance=99, lr=0.001),
        maps.winner_map(surface, {"sgd": {"lr": 0.001}, "adam": {"lr": 0.001}}, 5, n=10),
    ):
        assert (found[undefined] == -1).all()
        assert (found[~undefined] >= 0).all()


def test_without_a_minimum_none_is_reached():
    for surface in (OBJECTIVES["saddle"], parse("x**2 + y**2"), parse("1/(x-x)")):
        assert (maps.basin_map(surface, "sgd", 10, n=3, lr=0.1) == -1).all()
        assert (maps.steps_map(surface, "sgd", 10, n=3, lr=0.1) == -1).all()


def test_the_winner_is_lowest_and_divergence_never_wins():
    """On the bowl lr .5 is there in one step, lr 1.5 doubles the distance."""
    exact, slow, wild = {"lr": 0.5}, {"lr": 0.05, "momentum": 0.0}, {"lr": 1.5}
    for rules, winner in (
        ({"sgd": exact, "momentum": slow}, 0),
        ({"momentum": slow, "sgd": exact}, 1),
        ({"sgd": wild, "momentum": slow}, 1),
        ({"sgd": wild, "nesterov": {"lr": 1.5, "momentum": 0.0}}, -1),
    ):
        assert (maps.winner_map(BOWL, rules, 200, n=6) == winner).all()


def test_o9_a_duel_is_decided_by_the_learning_rates():
    """At step 30 SGD at .95 beats Momentum at .1, and at .1 loses to it; at 9 and 3 both are far beyond their limits."""
    rules = {"sgd": {"lr": np.array([0.1, 0.95, 9.0])}, "momentum": {"lr": np.array([0.1, 3.0])}}
    assert maps.duel_map(BOOK, rules, START, 30).tolist() == [[1, 0, 1], [0, 0, -1]]


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_a_slider_may_be_an_array(rule):
    lrs = np.array([0.01, 0.02, 0.07])
    alone = [descend(HIMMELBLAU, rule, (0.5, 1), 40, lr=lr, schedule="cosine").values for lr in lrs]
    expected = [values[-1] if len(values) == 41 else np.nan for values in alone]
    found = maps.value_map(HIMMELBLAU, rule, (0.5, 1), 40, lr=lrs, schedule="cosine")
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_values_over_lr_and_momentum_fall_where_the_rate_is_below_1():
    lrs, momenta = np.geomspace(0.05, 4, 30), np.linspace(0, 0.9, 10)
    values = maps.value_map(BOOK, "momentum", START, 300, lr=lrs, momentum=momenta[:, None])
    predicted = rate_map("momentum", lrs, momenta, np.array([0.1, 2.0]))
    assert values.shape == predicted.shape == (10, 30)
    assert (values[predicted < 0.99] < BOOK(*START)[0]).all()
    assert not (values[predicted > 1.01] < BOOK(*START)[0]).any()


def test_equals_are_a_tie_and_nobodys_win():
    """At lr .5 both are at 0 in one step; at lr .05 both are equally far; the third is worse, or diverged, and not asked."""
    at, calm = 0.5, {"momentum": 0.0}
    for lr in (at, 0.05):
        two = {"sgd": {"lr": lr}, "momentum": {"lr": lr, **calm}}
        for third in (0.01, 1.5):
            assert (maps.winner_map(BOWL, {**two, "nesterov": {"lr": third, **calm}}, 200, n=6) == maps.TIE).all()
    lrs = np.array([0.1, 0.5])
    assert maps.duel_map(BOWL, {"sgd": {"lr": lrs}, "momentum": {"lr": lrs, **calm}}, (9, 9), 1).tolist() == [[-2, 0], [1, -2]]


@pytest.mark.parametrize("tolerance", [1e-3, 1.0])
def test_l6_after_arrival_the_earlier_wins_and_rounding_does_not(tolerance):
    """On the bowl f shrinks by (1 − 2η)² a step, to 0 long before step 2,000: without `arrived` all is a tie."""
    rates = (0.1, 0.13, 0.9)
    rules = {
        "sgd": {"lr": rates[0]},
        "momentum": {"lr": rates[1], "momentum": 0.0},
        "nesterov": {"lr": rates[2], "momentum": 0.0},
    }
    f = np.square(maps.grid(BOWL, 9)).sum(axis=-1)
    steps = [np.maximum(np.ceil(np.log(tolerance / np.maximum(f, 1e-9)) / (2 * np.log(abs(1 - 2 * lr)))), 0) for lr in rates]
    least = np.min(steps, axis=0)
    expected = np.where((steps == least).sum(axis=0) > 1, maps.TIE, np.argmin(steps, axis=0))
    assert (maps.winner_map(BOWL, rules, 2000, n=9) == maps.TIE).all()
    np.testing.assert_array_equal(maps.winner_map(BOWL, rules, 2000, n=9, arrived=tolerance), expected)
    assert (expected == 1).mean() > 0.5
    assert expected[4, 4] == maps.TIE


def test_l6_who_has_not_arrived_is_ranked_by_f_and_behind_who_has():
    lrs = np.array([0.01, 0.3, 0.5, 0.9, 1.5])
    rules = {"sgd": {"lr": lrs}, "momentum": {"lr": lrs, "momentum": 0.0}}
    found = maps.duel_map(BOWL, rules, (9.0, 9.0), 40, arrived=1e-3)
    assert np.diag(found).tolist() == [*[maps.TIE] * 4, maps.NONE]
    assert found[2].tolist() == [1, 1, maps.TIE, 1, 1]  # at .5 the first step is enough
    assert found[0].tolist() == [maps.TIE, 0, 0, 0, 1]
    assert found[4].tolist() == [0, 0, 0, 0, maps.NONE]


def test_l6_passing_by_is_no_arrival():
    """Over the bowl's bottom with momentum 1 at step 2, and up on the other side: SGD, that never leaves, is ahead."""
    surface = replace(parse("x**2/2 + y**2/2"), minima=((0.0, 0.0),))
    rules = {"momentum": {"lr": 1.0, "momentum": 0.999}, "sgd": {"lr": 0.5}}
    passing = descend(surface, "momentum", (1.0, 0.0), 12, **rules["momentum"])
    assert passing.values[1] < 1e-3 < passing.values[-1]
    starts = np.array([[[1.0, 0.0]]])
    ranked = [
        maps.sweep(surface, name, starts, 12, maps.first_come(surface, 12, 1e-3), **hyper) for name, hyper in rules.items()
    ]
    assert maps.lowest(ranked).item() == 1


def test_l6_without_a_minimum_the_lowest_wins():
    rules = {"sgd": {"lr": 0.1}, "momentum": {"lr": 0.2, "momentum": 0.0}}
    starts = maps.winner_map(OBJECTIVES["saddle"], rules, 5, n=8, arrived=1e-3)
    np.testing.assert_array_equal(starts, maps.winner_map(OBJECTIVES["saddle"], rules, 5, n=8))


def test_the_lowest_of_values():
    nan = np.nan
    values = np.array([[0, 1, 1, nan, nan, 2], [1, 0, 1, nan, 3, 1], [2, 2, 2, nan, nan, 1]], float)
    assert maps.lowest(values).tolist() == [0, 1, maps.TIE, maps.NONE, 1, maps.TIE]


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["himmelblau", "beale", "formula"])
def test_bit_for_bit_as_descend_and_cut_where_it_cuts(surface, rule, monkeypatch):
    """Many of these diverge: far away, to where f is no number, with a state that overflows."""
    monkeypatch.setattr(maps, "CROWD", 50)
    objective = parse("sqrt(x) + y**4 * 1e60") if surface == "formula" else OBJECTIVES[surface]
    starts, sliders = maps.grid(objective, 12), {"lr": np.geomspace(1e-3, 3, 12), "schedule": "cosine", "noise": 1.0, "seed": 3}
    path = descend(objective, rule, starts, 40, **sliders)
    np.testing.assert_array_equal(maps.sweep(objective, rule, starts, 40, maps.end, **sliders), path.values[-1])

    def place(crowd):
        x, _, _, alive = maps.last(crowd)
        return np.where(alive, x, np.nan)

    np.testing.assert_array_equal(maps.sweep(objective, rule, starts, 40, place, **sliders), path.points[-1, ..., 0])
    seen = [np.where(m.alive, m.value, np.nan) for m in maps.moments(BOOK, rule, starts[..., 0], starts[..., 1], 40, **sliders)]
    np.testing.assert_array_equal(seen, descend(BOOK, rule, starts, 40, **sliders).values)


def test_a_state_that_overflows_is_cut_though_the_point_stands_still():
    steep = parse("x*1e170")
    assert descend(steep, "adagrad", [(1.0, 1.0)], 5, lr=0.5).diverged_at.tolist() == [1]
    assert np.isnan(maps.value_map(steep, "adagrad", (1.0, 1.0), 5, lr=np.array([0.5]))).all()


def test_a_sweep_keeps_no_path():
    """A path of these would be 300 × 40,000 numbers, 96 MB each."""
    tracemalloc.start()
    maps.sweep(BOWL, "adam", maps.grid(BOWL, 200), 300, maps.end, lr=0.1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6


@pytest.mark.parametrize("surface", ["himmelblau", "rastrigin", "plateau"])
def test_chunks_change_nothing(surface, monkeypatch):
    objective, momenta = OBJECTIVES[surface], np.linspace(0, 0.95, 9)[:, None]

    def found():
        yield maps.basin_map(objective, "adam", 50, n=9, lr=0.1, noise=1.0)
        yield maps.steps_map(objective, "rmsprop", 50, n=9, lr=0.05)
        yield maps.value_map(objective, "nesterov", (0.3, 0.4), 50, lr=np.geomspace(1e-4, 10, 11), momentum=momenta)
        yield maps.sweep(objective, "adam", maps.grid(objective, 9), 50, maps.end, lr=0.1)

    monkeypatch.setattr(maps, "CROWD", 7)
    chunked = list(found())
    monkeypatch.setattr(maps, "CROWD", 10**9)
    for one, whole in zip(chunked, found(), strict=True):
        np.testing.assert_array_equal(one, whole)
