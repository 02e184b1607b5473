"""Softmax: the textbook's numbers, what it does not depend on, its limits, its gradient, where the written formula breaks."""

import math

import numpy as np
import pytest

from engine.gradcheck import check
from engine.losses import softmax, softmax_cross_entropy
from engine.softmax import bend, cross_entropy, hardmax, naive, tempered

X1 = np.array([5.0, 2, -1, 3])
RANDOM = np.random.default_rng(0).normal(0, 4, (50, 5))


def test_x1():
    np.testing.assert_allclose(tempered(X1), [0.842, 0.042, 0.002, 0.114], atol=5e-4)
    exact = [math.exp(z) / sum(map(math.exp, X1)) for z in X1]
    np.testing.assert_allclose(tempered(X1), exact, rtol=1e-14)
    assert hardmax(X1).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("temperature", [0.1, 1.0, 7.0])
def test_a_constant_changes_nothing_and_a_factor_is_a_temperature(temperature):
    np.testing.assert_allclose(tempered(RANDOM + 1000, temperature), tempered(RANDOM, temperature), rtol=1e-10)
    np.testing.assert_allclose(tempered(temperature * RANDOM, temperature), softmax(RANDOM), rtol=1e-12)


def test_hardmax_is_the_limit_of_cold_and_even_that_of_hot():
    ties = np.array([[1.0, 3, 3, 0], [2, 2, 2, 2]])
    for logits in (RANDOM, ties):
        np.testing.assert_allclose(tempered(logits, 1e-5), hardmax(logits), atol=1e-12)
        np.testing.assert_allclose(tempered(logits, 1e9), 1 / logits.shape[-1], atol=1e-7)
    assert hardmax(ties).tolist() == [[0, 0.5, 0.5, 0], [0.25] * 4]


@pytest.mark.parametrize("temperature", [0.3, 1.0, 20.0])
def test_the_gradient_is_what_is_wrong(temperature):
    theta = np.empty(5)
    for theta[...] in RANDOM[:10]:
        for label in range(5):
            loss, gradient = cross_entropy(theta, label, temperature)
            probabilities = tempered(theta, temperature)
            assert loss == pytest.approx(-math.log(probabilities[label]), rel=1e-9)
            np.testing.assert_allclose(gradient, (probabilities - np.eye(5)[label]) / temperature, atol=1e-12)
            found = check(lambda label=label: cross_entropy(theta, label, temperature)[0], theta, gradient)
            assert found.error < 1e-6


def test_a_network_that_knows_nothing_has_a_loss_of_ln_c():
    for classes in range(2, 7):
        assert cross_entropy(np.full(classes, 3.0), 1)[0] == pytest.approx(math.log(classes), rel=1e-15)
        assert softmax_cross_entropy(np.zeros((8, classes)), np.arange(8) % classes)[0] == pytest.approx(math.log(classes))


def test_the_formula_as_written_is_right_until_32_bits_end():
    np.testing.assert_allclose(naive(RANDOM)[1], softmax(RANDOM), rtol=1e-12)
    edge = math.log(float(np.finfo(np.float32).max))
    assert np.isfinite(naive(np.array([edge - 0.01, 0], np.float32))[1]).all()
    exps, probabilities = naive(np.array([edge + 0.01, 0], np.float32))
    assert exps[0] == np.inf
    assert np.isnan(probabilities).tolist() == [True, False]
    exps, probabilities = naive(np.array([-104, -110], np.float32))
    assert exps.tolist() == [0, 0]
    assert np.isnan(probabilities).all()
    for c in (-200, 100):
        safe = softmax((X1 + c).astype(np.float32))
        assert safe.dtype == np.float32
        np.testing.assert_allclose(safe, softmax(X1), rtol=1e-6)


def test_how_far_logits_bend():
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-1, 1, 21)))
    points, zero = np.stack([x, y], axis=-1), np.zeros_like(x)
    affine = points @ np.array([[1.0, -2, 3], [4, 5, 6]]) + [7, 8, 9]
    assert bend(points, affine) == pytest.approx(0, abs=1e-25)
    assert bend(points, affine + 10 * (x * y)[:, None]) == pytest.approx(0, abs=1e-25)  # what all classes share decides nothing
    assert bend(points, np.stack([x**2, zero], axis=-1)) == pytest.approx(1)
    half = np.stack([x + y * x * math.sqrt(x.var() / (x * y).var()), zero], axis=-1)
    assert bend(points, half) == pytest.approx(0.5)
    assert np.isnan(bend(points, np.ones((441, 3), np.float32)))
