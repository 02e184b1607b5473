"""Preprocessors against scikit-learn, and the laws all of them keep."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from engine.preprocessing import PIXELS, PREPROCESSORS, RANGES, ROWS

TURNED = ("decorrelate", "whiten", "zca")


def cloud(n=200, features=6, seed=0) -> np.ndarray:
    """Correlated, off the origin, and on very different scales."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, features)) @ rng.normal(size=(features, features)) * np.geomspace(1e-3, 1e3, features) + 5


def up_to_sign(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return ours * np.sign((ours * theirs).sum(axis=0))


@pytest.mark.parametrize(
    ("name", "oracle"),
    [
        ("center", StandardScaler(with_std=False)),
        ("scale", StandardScaler(with_mean=False)),
        ("standardize", StandardScaler()),
    ],
)
def test_by_feature_against_scikit_learn(name, oracle):
    x, new = cloud(), cloud(seed=1)
    x[:, 2] = 0.1  # never varies; its mean is not exact in floats
    transform = PREPROCESSORS[name].fit(x)
    oracle.fit(x)
    np.testing.assert_allclose(transform(new), oracle.transform(new), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(transform.inverse(transform(new)), new, rtol=1e-9)


@pytest.mark.parametrize("dimensions", [0, 1, 4, 6])
@pytest.mark.parametrize("n", [7, 200])
def test_principal_axes_against_scikit_learn(n, dimensions):
    """scikit-learn divides by n − 1, this by n."""
    x, new, kept = cloud(n), cloud(seed=1), dimensions or 6
    axes = PREPROCESSORS["decorrelate"].fit(x, dimensions=dimensions)
    white = PREPROCESSORS["whiten"].fit(x, dimensions=dimensions, eps=0)
    pca, whitening = (PCA(kept, whiten=whiten, svd_solver="full").fit(x) for whiten in (False, True))
    theirs = whitening.transform(new) * np.sqrt(n / (n - 1))
    np.testing.assert_allclose(up_to_sign(axes(new), pca.transform(new)), pca.transform(new), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(up_to_sign(white(new), theirs), theirs, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(white.variances[:kept], pca.explained_variance_ * (n - 1) / n, rtol=1e-6)
    np.testing.assert_allclose(white.inverse(white(new)), pca.inverse_transform(pca.transform(new)), rtol=1e-6, atol=1e-6)
    zca = PREPROCESSORS["zca"].fit(x, dimensions=dimensions, eps=0)
    np.testing.assert_allclose(zca(new), white(new) @ white.axes, atol=1e-9)


@pytest.mark.parametrize("name", ["whiten", "zca"])
def test_whitened_means_that_the_covariance_is_the_identity(name):
    x = cloud()
    np.testing.assert_allclose(np.cov(PREPROCESSORS[name].fit(x)(x).T, bias=True), np.eye(6), atol=1e-9)


def test_nearly_flat_directions_are_found_and_eps_holds_them_down():
    """Variances of 1 and 1e-14, which the covariance matrix cannot tell from none."""
    rng, turn = np.random.default_rng(0), np.array([[0.8, -0.6], [0.6, 0.8]])
    plain = rng.normal(size=(500, 2)) * [1, 1e-7]
    x = plain @ turn
    white = PREPROCESSORS["whiten"].fit(x)
    np.testing.assert_allclose(
        white.variances, PCA().fit(plain * [1, 1e7]).explained_variance_ * [1, 1e-14] * 499 / 500, rtol=0.1
    )
    np.testing.assert_allclose(white(x).std(axis=0), 1, rtol=1e-6)
    held = PREPROCESSORS["whiten"].fit(x, eps=1e-2)
    np.testing.assert_allclose(held.scale**2 - held.variances, 1e-2)
    np.testing.assert_allclose(held(x).std(axis=0), np.sqrt(held.variances / (held.variances + 1e-2)), rtol=1e-9)


@pytest.mark.parametrize("sliders", [{}, {"eps": 1e-3}])
@pytest.mark.parametrize("name", TURNED)
def test_directions_that_never_vary_are_left_alone(name, sliders):
    """A constant feature, and three examples of four features: only two directions are left in which they differ."""
    x, new = cloud(3, 4), cloud(5, 4, seed=1)
    x[:, 1] = 0.1
    transform = PREPROCESSORS[name].fit(x, **sliders)
    assert np.count_nonzero(transform.variances) == 2
    assert (transform.scale[2:] == 1).all()
    np.testing.assert_allclose(transform.axes @ transform.axes.T, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(transform.inverse(transform(new)), new, rtol=1e-6)
    if name == "zca":
        np.testing.assert_allclose(transform(new)[:, 1], new[:, 1] - 0.1, rtol=1e-6)


@pytest.mark.parametrize("name", TURNED)
def test_nothing_varies(name):
    transform = PREPROCESSORS[name].fit(np.full((3, 4), 0.1))
    np.testing.assert_array_equal(transform(np.full((2, 4), 2.0)), 2.0 - 0.1)


def test_more_rows_than_are_looked_at_at_a_time():
    x = cloud(2 * ROWS + 1)
    np.testing.assert_allclose(PREPROCESSORS["whiten"].fit(x).variances, PCA().fit(x).explained_variance_, rtol=1e-4)


@pytest.mark.parametrize("entry", PREPROCESSORS.values(), ids=lambda entry: entry.name)
def test_laws(entry):
    assert entry.label
    assert entry.latex
    assert entry.source
    assert set(entry.sliders) == ({"dimensions", "eps"} if entry.name in TURNED else set()) <= set(RANGES)
    x, new = cloud(), cloud(seed=1)
    before = x.copy()
    transform, small = entry.fit(x), entry.fit(x.astype(np.float32))
    y = transform(new)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(entry.fit(x)(new), y)
    np.testing.assert_array_equal(transform(new[3]), transform(new[None, 3])[0])
    np.testing.assert_allclose(transform(new.reshape(2, 100, 6)), y.reshape(2, 100, 6), atol=1e-12)
    np.testing.assert_allclose(transform.inverse(y), new, rtol=1e-6)
    assert transform(x.astype(int)).dtype == np.float64
    assert small.mean.dtype == small.scale.dtype == np.float64
    assert small(new.astype(np.float32)).dtype == small.inverse(y.astype(np.float32)).dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        transform.mean[0] = 1


def test_the_order_is_the_curriculum():
    assert list(PREPROCESSORS) == ["none", "center", "scale", "standardize", *TURNED]
    assert list(PIXELS) == ["unit", "bytes"]


@pytest.mark.parametrize("name", PREPROCESSORS)
@pytest.mark.parametrize(
    ("x", "problem"),
    [
        (np.ones((1, 3)), "2 examples"),
        (np.ones((0, 3)), "2 examples"),
        (np.ones(3), "table"),
        (np.array([[1, np.nan], [1, 2]]), "NaN"),
        (np.array([[1, np.inf], [1, 2]]), "infinity"),
    ],
)
def test_bad_data(name, x, problem):
    with pytest.raises(ValueError, match=problem):
        PREPROCESSORS[name].fit(x)


@pytest.mark.parametrize("name", TURNED)
@pytest.mark.parametrize("dimensions", [7, -1, 1.5, np.nan, np.inf])
def test_bad_dimensions(name, dimensions):
    with pytest.raises(ValueError, match="6 features"):
        PREPROCESSORS[name].fit(cloud(), dimensions=dimensions)


@pytest.mark.parametrize("eps", [-1, np.nan, np.inf])
@pytest.mark.parametrize("name", TURNED[1:])
def test_bad_eps(name, eps):
    with pytest.raises(ValueError, match="eps"):
        PREPROCESSORS[name].fit(cloud(), eps=eps)


def test_other_features_than_those_of_the_fit():
    transform = PREPROCESSORS["whiten"].fit(cloud(), dimensions=4)
    with pytest.raises(ValueError, match="6 features"):
        transform(np.ones((2, 1)))
    with pytest.raises(ValueError, match="4 features"):
        transform.inverse(np.ones((2, 6)))
