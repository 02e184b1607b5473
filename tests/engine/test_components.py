"""Components give what the preprocessors would have given, and what scikit-learn's PCA says is kept."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from engine.components import first, kept, needed, tail, whitened
from engine.datasets import load
from engine.preprocessing import PREPROCESSORS

X = np.random.default_rng(1).normal(size=(60, 5)) @ np.random.default_rng(2).normal(size=(5, 5)) + 3
FIT = PREPROCESSORS["decorrelate"].fit(X)


@pytest.mark.parametrize("dimensions", [1, 3, 5])
def test_the_first_dimensions_are_those_of_a_shorter_fit(dimensions):
    short, direct = first(FIT, dimensions), PREPROCESSORS["decorrelate"].fit(X, dimensions=dimensions)
    np.testing.assert_array_equal(short(X), direct(X))
    np.testing.assert_array_equal(short.inverse(short(X)), direct.inverse(direct(X)))


@pytest.mark.parametrize(("name", "back"), [("whiten", False), ("zca", True)])
@pytest.mark.parametrize("eps", [0, 0.1])
def test_whitened_is_what_a_fit_would_be(name, back, eps):
    np.testing.assert_array_equal(whitened(FIT, eps, back)(X), PREPROCESSORS[name].fit(X, eps=eps)(X))


def test_p5_a_hundred_dimensions_of_a_digit_keep_92_percent_as_scikit_learn_says():
    data = load()
    fit = PREPROCESSORS["decorrelate"].fit(data.x_train)
    pca = PCA(svd_solver="covariance_eigh").fit(data.x_train.astype(float))
    shares = kept(fit, data.x_train)
    np.testing.assert_allclose(shares, pca.explained_variance_ratio_.cumsum(), atol=1e-9)
    assert shares[99] == pytest.approx(0.92, abs=0.005)
    assert [needed(shares, share) for share in (0.9, 0.95, 0.99)] == [84, 146, 318]
    back = first(fit, 100)
    lost = np.square(data.x_test - back.inverse(back(data.x_test))).sum() / np.square(data.x_test - pca.mean_).sum()
    assert kept(fit, data.x_test)[99] == pytest.approx(1 - lost, abs=1e-6)


def test_the_tail_holds_what_the_fewest_leave():
    np.testing.assert_array_equal(tail(np.array([0.005, 60.0, 0.0, 39.5, 0.495])), [True, False, False, False, True])


@pytest.mark.parametrize("other", [PREPROCESSORS["center"].fit(X), first(FIT, 2)])
def test_a_transform_without_all_axes_is_refused(other):
    with pytest.raises(ValueError, match="axes"):
        whitened(other, 0.1)


@pytest.mark.parametrize("dimensions", [0, 6])
def test_dimensions_that_are_not_there_are_refused(dimensions):
    with pytest.raises(ValueError, match="between 1 and 5"):
        first(FIT, dimensions)
