"""A preprocessor learns statistics from some data, and then transforms any data by them before a network sees it.

`PREPROCESSORS[name].fit(x, **sliders)` gives a transform with the statistics of x (n, features) alone. Variances have the
divisor n. A feature, or a direction, that never varies in x is left alone, since 0 cannot be divided by.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.registry import Entry, Range, catalogue

ROWS = 8192  # examples whose axes are looked for at a time: what that takes of memory is then bounded


@dataclass(frozen=True, eq=False)
class Transform:
    """y = (x − mean) Vᵀ / scale, for x (…, features); the rows of V are the axes of y, those of the features themselves if
    `axes` is None. Computed in the type of x, in float64 if that is none of floats."""

    mean: np.ndarray
    """(features,): what is subtracted."""
    scale: np.ndarray
    """(k,): what is divided by, along each axis of y."""
    axes: np.ndarray | None = None
    """(k, features): principal axes, orthonormal, that of the largest variance first."""
    variances: np.ndarray | None = None
    """(features,): along all principal axes, also those that are not kept: the eigenvalues of the covariance matrix."""
    back: bool = False
    """Whether y is turned back into the axes of x, y V."""

    def __post_init__(self) -> None:
        for array in (self.mean, self.scale, self.axes, self.variances):
            if array is not None:
                array.setflags(write=False)  # one transform serves many

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """y (…, k), or (…, features) if it is turned back; ValueError if x has other features."""
        x, mean, scale, axes = self._as(x, len(self.mean))
        y = x - mean
        if axes is not None:
            y = y @ axes.T
        y /= scale
        return y @ axes if self.back else y

    def inverse(self, y: np.ndarray) -> np.ndarray:
        """The x that y was, (…, features); with fewer axes than features the nearest one that those axes can say."""
        y, mean, scale, axes = self._as(y, len(self.mean if self.back else self.scale))
        if self.back:
            y = y @ axes.T
        x = y * scale
        if axes is not None:
            x = x @ axes
        x += mean
        return x

    def _as(self, x: np.ndarray, features: int) -> tuple:
        """x, mean, scale and axes in the type to compute in."""
        x = np.asarray(x)
        if x.shape[-1:] != (features,):
            raise ValueError(f"this transform takes {features} features, not an array of shape {x.shape}")
        dtype = x.dtype if np.issubdtype(x.dtype, np.floating) else np.dtype(float)
        arrays = (x, self.mean, self.scale, self.axes)
        return tuple(array if array is None else array.astype(dtype, copy=False) for array in arrays)


@dataclass(frozen=True)
class Preprocessor(Entry):
    """`shortens` says whether y has as many features as there are `dimensions`, 0 for all."""

    shortens: bool = False

    def fit(self, x: np.ndarray, **sliders: float) -> Transform:
        """The transform by the statistics of x (n, features), which are float64 whatever x is.

        ValueError if there are fewer than 2 examples, values that are not finite, or not as many features as `dimensions`.
        """
        x = np.asarray(x)
        if x.ndim != 2:
            raise ValueError(f"data must be a table (examples, features), not an array of shape {x.shape}")
        if len(x) < 2:
            raise ValueError(f"statistics need 2 examples or more, not {len(x)}")
        if not np.isfinite(x).all():
            raise ValueError("data must be finite: there is a NaN or an infinity in it")
        return self.function(x, **sliders)


PREPROCESSORS, preprocessor = catalogue(Preprocessor)

RANGES = {"dimensions": Range(0, 784), "eps": Range(0, 1e4)}

PIXELS: Mapping[str, Entry] = {
    "unit": Entry(lambda x: x.astype(np.float32) / np.float32(255), "unit", "0 to 1", r"\tfrac{x}{255}", "DLFS 3.6.1"),
    "bytes": Entry(lambda x: x.astype(np.float32), "bytes", "0 to 255", "x", "LeCun, Cortes & Burges 1998"),
}


@preprocessor("Raw", latex="x", source="LeCun, Cortes & Burges 1998")
def none(x):
    """As it is."""
    return Transform(np.zeros(x.shape[-1]), np.ones(x.shape[-1]))


@preprocessor("Centered", latex=r"x - \mu", source="CS231n, neural networks 2; Krizhevsky et al. 2012 for images")
def center(x):
    """Mean 0, feature by feature."""
    return Transform(mean(x), np.ones(x.shape[-1]))


@preprocessor("Scaled", latex=r"\frac{x}{\sigma}", source="scikit-learn, StandardScaler(with_mean=False)")
def scale(x):
    """Standard deviation 1, feature by feature; nothing is subtracted, so that a 0 stays 0."""
    return Transform(np.zeros(x.shape[-1]), std(x))


@preprocessor(
    "Standardized", latex=r"\frac{x - \mu}{\sigma}", source="LeCun et al. 1998, section 4.3; CS231n, neural networks 2"
)
def standardize(x):
    """Mean 0 and standard deviation 1, feature by feature."""
    return Transform(mean(x), std(x))


@preprocessor(
    "Decorrelated", latex=r"V^\top (x - \mu)", source="Hotelling 1933 (PCA); CS231n, neural networks 2", shortens=True
)
def decorrelate(x, *, dimensions=0, eps=0.0):
    """Turned into the principal axes, of which the first `dimensions` are kept, 0 for all; nothing is divided, whatever ε."""
    axes, variances = principal(x, dimensions)
    return Transform(mean(x), np.ones(len(axes)), axes, variances)


@preprocessor(
    "Whitened",
    latex=r"(\Lambda + \varepsilon)^{-1/2}\, V^\top (x - \mu)",
    source="CS231n, neural networks 2, where ε is 1e-5",
    shortens=True,
)
def whiten(x, *, dimensions=0, eps=0.0):
    """Decorrelated, and divided by √(λ + ε) along each axis: with ε = 0 the covariance matrix is I."""
    axes, variances = principal(x, dimensions)
    return Transform(mean(x), spread(variances[: len(axes)], eps), axes, variances)


@preprocessor(
    "ZCA-whitened",
    latex=r"V (\Lambda + \varepsilon)^{-1/2}\, V^\top (x - \mu)",
    source="Bell & Sejnowski 1997; Krizhevsky 2009, appendix A",
)
def zca(x, *, dimensions=0, eps=0.0):
    """Whitened, and turned back: of all white versions of x the one that is nearest to it."""
    axes, variances = principal(x, dimensions)
    return Transform(mean(x), spread(variances[: len(axes)], eps), axes, variances, back=True)


def mean(x: np.ndarray) -> np.ndarray:
    """(features,); exact for a feature that never varies."""
    return np.where(constant(x), x[0], x.mean(axis=0, dtype=float)).astype(float)


def std(x: np.ndarray) -> np.ndarray:
    """(features,): √(Σ (x − μ)² / n), and 1 for a feature that never varies."""
    sigma = x.std(axis=0, dtype=float)
    return np.where(constant(x) | (sigma == 0), 1.0, sigma)


def constant(x: np.ndarray) -> np.ndarray:
    """(features,): which of them never vary."""
    return x.max(axis=0) == x.min(axis=0)


def spread(variances: np.ndarray, eps: float) -> np.ndarray:
    """√(λ + ε), and 1 along axes on which nothing varies."""
    if not 0 <= eps < np.inf:
        raise ValueError(f"eps must be 0 or more, not {eps:g}")
    return np.where(variances > 0, np.sqrt(variances + eps), 1.0)


def principal(x: np.ndarray, dimensions: float = 0) -> tuple[np.ndarray, np.ndarray]:
    """The first `dimensions` principal axes of x (n, features), as rows, 0 for all; and the variances (features,) along all.

    From x − μ = Q R and R = U S V: variances are S²/n, and 0 where S is below rounding. Unlike the covariance matrix, in which
    S stands squared, that keeps directions in which x hardly varies. The largest part of an axis is positive; a feature that
    never varies is an axis of its own. Golub & Van Loan, Matrix Computations, 5.4.8.
    """
    features, varies = x.shape[-1], ~constant(x)
    if not (0 <= dimensions <= features and dimensions == int(dimensions)):
        raise ValueError(f"dimensions must be a whole number up to the {features} features, or 0 for all, not {dimensions:g}")
    x, mu = x[:, varies], mean(x)[varies]
    R = np.zeros((0, len(mu)))
    for start in range(0, len(x), ROWS):
        R = np.linalg.qr(np.concatenate([R, x[start : start + ROWS] - mu]), mode="r")
    _, s, V = np.linalg.svd(R)
    s[s <= s.max(initial=0) * max(x.shape) * np.finfo(float).eps] = 0
    signs = np.where(V.max(axis=-1, initial=0) >= -V.min(axis=-1, initial=0), 1, -1)
    axes, variances = np.zeros((features, features)), np.zeros(features)
    axes[: len(mu), varies] = V * signs[:, None]
    axes[len(mu) :, ~varies] = np.eye(features - len(mu))
    variances[: len(s)] = s**2 / len(x)
    return axes[: int(dimensions) or features], variances
