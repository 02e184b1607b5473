"""One neuron: gradients against central differences, closed forms, signs, death to the last bit, divergence, ranges."""

from dataclasses import replace

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.neuron import (
    EXAMPLES,
    FAR,
    INPUTS,
    OPTIMUM,
    RANGES,
    TEACHER,
    Bent,
    Life,
    Linear,
    active,
    deltas,
    example_gradients,
    gradient,
    learn,
    live,
    loss,
    mean_loss,
)

SEEDS = (0, 1, 2, 77)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("spec", [Linear("centered"), Bent()], ids=["two weights", "two weights and a bias"])
def test_gradient_is_the_central_difference_of_the_loss(name, spec):
    f, (x, t), h = ACTIVATIONS[name], spec.data(), 1e-6
    w = np.random.default_rng(0).normal(size=(5, spec.start.size))
    steps = h * np.eye(spec.start.size)
    numeric = np.stack([(loss(f, w + step, x, t) - loss(f, w - step, x, t)) / (2 * h) for step in steps], axis=-1)
    np.testing.assert_allclose(gradient(f, w, x, t), numeric, atol=1e-8)
    np.testing.assert_allclose(example_gradients(f, w, x, t).mean(axis=-2), gradient(f, w, x, t), atol=1e-14)


def test_an_example_sends_back_its_error_times_its_input():
    x, t, w = np.array([[0.5, 0.25]]), np.array([1.0]), np.array([2.0, 4.0])
    assert deltas(ACTIVATIONS["identity"], w, x, t).tolist() == [1.0]
    assert example_gradients(ACTIVATIONS["identity"], w, x, t).tolist() == [[0.5, 0.25]]
    assert example_gradients(ACTIVATIONS["relu"], -w, x, t).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("seed", SEEDS)
def test_inputs_are_sigmoid_outputs_and_the_same_less_their_mean(seed):
    positive, centered = (Linear(inputs, seed=seed).data()[0] for inputs in INPUTS)
    assert positive.shape == (EXAMPLES, 2)
    assert (positive > 0).all()
    assert (positive < 1).all()
    np.testing.assert_allclose(centered.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(np.diff(centered, axis=0), np.diff(positive, axis=0), atol=1e-15)


@pytest.mark.parametrize("seed", SEEDS)
def test_positive_inputs_give_every_example_gradients_of_one_sign(seed):
    w = np.random.default_rng(seed).uniform(-2, 2, (50, 2))
    positive, centered = (example_gradients(ACTIVATIONS["identity"], w, *Linear(inputs, seed=seed).data()) for inputs in INPUTS)
    assert (positive.prod(axis=-1) > 0).all()
    x, _ = Linear("centered", seed=seed).data()
    np.testing.assert_array_equal(centered.prod(axis=-1) > 0, np.broadcast_to(x.prod(axis=-1) > 0, (50, EXAMPLES)))
    assert 0.4 < (centered.prod(axis=-1) > 0).mean() < 0.6


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("lr", [0.3, 1.5])
def test_one_example_at_a_time_every_update_moves_both_weights_one_way(seed, lr):
    spec = Linear(lr=lr, seed=seed, steps=200)
    life = live(spec)
    assert life.same_sign == 1.0
    moves = np.diff(life.weights[:30], axis=0)
    assert (moves.prod(axis=1) > 0).all()
    assert np.prod(np.subtract(OPTIMUM, spec.start)) < 0  # and yet it had to move them apart
    assert live(replace(spec, inputs="centered")).same_sign < 0.7
    assert life.turns > 1.3 * live(replace(spec, inputs="centered")).turns


def test_a_batch_mixes_the_signs():
    assert live(Linear(batch_size=50)).same_sign < 1


def test_batches_are_drawn_without_replacement_and_nest():
    spec = Linear(batch_size=EXAMPLES, steps=7)
    assert (np.sort(spec.batches(), axis=1) == np.arange(EXAMPLES)).all()
    np.testing.assert_array_equal(replace(spec, batch_size=3).batches(), spec.batches()[:, :3])
    np.testing.assert_array_equal(replace(spec, steps=4).batches(), spec.batches()[:4])
    assert len({tuple(batch) for batch in spec.batches().tolist()}) == 7


def test_one_example_at_a_time_against_plain_arithmetic():
    spec = Linear(steps=25)
    x, t = spec.data()
    (w1, w2), path = spec.start.tolist(), []
    for (k,) in spec.batches().tolist():
        error = w1 * x[k, 0] + w2 * x[k, 1] - t[k]
        w1, w2 = w1 - spec.lr * error * x[k, 0], w2 - spec.lr * error * x[k, 1]
        path.append((w1, w2))
    np.testing.assert_allclose(live(spec).weights[1:], path, rtol=1e-12)


@pytest.mark.parametrize("inputs", INPUTS)
def test_all_examples_at_once_are_powers_of_a_matrix(inputs):
    spec = Linear(inputs, lr=2.0, batch_size=EXAMPLES, steps=30)
    x, _ = spec.data()
    shrink = np.eye(2) - spec.lr * x.T @ x / EXAMPLES
    gap = [np.linalg.matrix_power(shrink, k) @ (spec.start - OPTIMUM) for k in range(31)]
    np.testing.assert_allclose(live(spec).weights - OPTIMUM, gap, atol=1e-12)


@pytest.mark.parametrize("inputs", INPUTS)
def test_the_surface_is_the_mean_loss_of_all_examples(inputs):
    surface, (x, t), f = mean_loss(inputs, 3), Linear(inputs, seed=3).data(), ACTIVATIONS["identity"]
    w = np.random.default_rng(1).uniform(-2, 2, (20, 2))
    value, slope = surface(*w.T)
    np.testing.assert_allclose(value, loss(f, w, x, t), rtol=1e-12)
    np.testing.assert_allclose(np.transpose(slope), gradient(f, w, x, t), atol=1e-14)
    assert surface(*OPTIMUM) == (0, (0, 0))


@pytest.mark.parametrize("inputs", INPUTS)
def test_two_over_the_largest_eigenvalue_is_the_limit_of_the_learning_rate(inputs):
    limit = 2 / np.linalg.eigvalsh(mean_loss(inputs, 0).hessian(*OPTIMUM))[-1]
    below, above = (
        live(Linear(inputs, w1=1.0, w2=1.0, lr=float(lr), batch_size=EXAMPLES, steps=500)) for lr in (0.97 * limit, 1.1 * limit)
    )
    assert below.loss[-1] < 1e-4 * below.loss[0]
    assert above.diverged_at is not None or above.loss[-1] > above.loss[0]


def test_centering_allows_longer_steps():
    steep = [np.linalg.eigvalsh(mean_loss(inputs, 0).hessian(*OPTIMUM))[-1] for inputs in ("positive", "centered")]
    assert steep[0] > 4 * steep[1]


SILENT = {"unlucky": Bent(w1=-1.0, w2=-0.8), "negative bias": Bent(b=-2.5)}


@pytest.mark.parametrize("start", SILENT)
@pytest.mark.parametrize("lr", [0.3, 100.0])
def test_a_silent_relu_has_no_gradient_and_stays_to_the_last_bit(start, lr):
    spec = replace(SILENT[start], lr=lr)
    life = live(spec)
    assert active(spec.start, spec.data()[0]) == 0
    assert not life.gradients.any()
    assert {w.tobytes() for w in life.weights} == {spec.start.tobytes()}


@pytest.mark.parametrize("start", SILENT)
@pytest.mark.parametrize(("name", "steps", "lr"), [("leaky_relu", 500, 0.3), ("elu", 200, 0.3)])
def test_a_slope_on_the_silent_side_brings_it_back(start, name, steps, lr):
    spec = replace(SILENT[start], activation=name, steps=steps, lr=lr)
    share = active(live(spec).weights, spec.data()[0])
    assert share[0] == 0
    assert share[-1] > 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_too_high_a_rate_kills_for_ever_and_a_gentle_one_teaches(seed):
    gentle, wild = live(Bent(seed=seed)), live(Bent(seed=seed, lr=2.0))
    assert gentle.loss[-1] < 1e-3 * gentle.loss[0]
    np.testing.assert_allclose(live(Bent(seed=seed, steps=500)).weights[-1], TEACHER, atol=0.02)
    share = active(wild.weights, Bent(seed=seed).data()[0])
    death = int(np.flatnonzero(share == 0)[0])
    assert 0 < death <= 20
    assert not wild.gradients[death:].any()
    assert (wild.weights[death:] == wild.weights[death]).all()


@pytest.mark.parametrize(
    ("lr", "dead", "worse"),
    [(0.3, (0, 0), (0, 0)), (2.0, (14, 22), (0, 0)), (3.0, (30, 30), (0, 0)), (100.0, (28, 30), (20, 28))],
)
def test_t9_a_leaky_relu_comes_back_at_a_gentle_rate_only(lr, dead, worse):
    """At 2, 18 of 30 seeds end with no example on the active side, at 3 all; at 100 the loss explodes and no weight is FAR."""
    specs = [Bent(activation="leaky_relu", lr=lr, seed=seed) for seed in range(30)]
    lives = [live(spec) for spec in specs]
    silent = [active(life.weights[-1], spec.data()[0]) == 0 for spec, life in zip(specs, lives, strict=True)]
    assert dead[0] <= sum(silent) <= dead[1]
    assert worse[0] <= sum(life.worse for life in lives) <= worse[1]
    assert all(life.diverged_at is None for life in lives)


def test_t9_a_loss_a_thousandfold_is_worse():
    life = live(Bent(activation="leaky_relu", lr=100))
    assert life.loss[0] == pytest.approx(1.1, abs=0.05)
    assert life.loss[-1] == pytest.approx(3470, rel=0.01)
    assert life.worse
    assert [replace(life, loss=np.array([1.0, end])).worse for end in (0.5, 3.0, 3.1)] == [False, False, True]


def test_many_rates_at_once_are_the_lives_of_each():
    spec, rates = Bent(activation="leaky_relu", steps=50), np.array([0.01, 0.3, 2.0])
    weights, gradients = learn(spec, rates[:, None])
    assert weights.shape == (51, 3, 3)
    for place, lr in enumerate(rates.tolist()):
        life = live(replace(spec, lr=lr))
        np.testing.assert_allclose(weights[:, place], life.weights, rtol=1e-9)
        np.testing.assert_allclose(gradients[:, place], life.gradients, atol=1e-9)


@pytest.mark.parametrize("spec", [Bent(activation="identity", lr=100), Linear(lr=100)])
def test_what_diverges_is_cut_off_and_said(spec):
    life = live(spec)
    assert life.diverged_at is not None
    assert len(life.weights) == life.diverged_at == len(life.gradients) + 1
    assert np.isfinite(life.loss).all()
    assert (np.abs(life.weights) < FAR).all()
    weights, gradients = learn(spec, np.array([[1e-3], [spec.lr]]))
    assert np.isnan(weights[life.diverged_at :, 1]).all()
    assert np.isnan(gradients[life.diverged_at - 1 :, 1]).all()
    assert np.isfinite(weights[:, 0]).all()
    assert np.isnan(active(weights[-1], spec.data()[0])).tolist() == [False, True]


def test_what_a_life_tells():
    life = Life(np.zeros((5, 2)), np.array([[1.0, 2], [-1, -1], [-1, 1], [0, 0]]), np.array([4.0, 2, 1, 0.5, 2]), None)
    assert life.same_sign == pytest.approx(2 / 3)
    assert life.turns == 1
    assert (life.reached(0.5), life.reached(0.25), life.reached(0.1)) == (1, 2, None)
    assert np.isnan(replace(life, gradients=np.zeros((4, 2))).same_sign)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in (Linear, Bent) for name in RANGES if hasattr(kind, name)])
def test_a_number_out_of_range_is_refused_by_name(kind, name):
    for value in (RANGES[name].low - 1, RANGES[name].high + 1, np.nan):
        with pytest.raises(ValueError, match=f"{name} must lie between"):
            kind(**{name: value})


def test_a_seed_is_all_there_is_to_chance():
    for kind in (Linear, Bent):
        np.testing.assert_array_equal(live(kind(seed=5)).weights, live(kind(seed=5)).weights)
        assert (live(kind(seed=5)).weights[-1] != live(kind(seed=6)).weights[-1]).any()
