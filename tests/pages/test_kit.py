"""What pages share: contour levels, labels, the blob, styles."""

import json

import numpy as np
import pytest

from engine.descent import follow
from engine.experiments import textbook
from engine.objectives import OBJECTIVES, parse
from engine.optimizers import OPTIMIZERS
from engine.verdict import Verdict
from pages.charts import descents
from pages.charts.blob import pack
from pages.charts.contours import ARROWS, GRID, contour_levels, sample
from pages.charts.paths import RESTING, describe
from pages.kit import sentences
from pages.kit.canvas import sources
from pages.kit.player import SHARED
from pages.kit.theme import style
from pages.sections.optimizers.settings import DESCENTS


def unpack(blob):
    length = int.from_bytes(blob[:4], "little")
    header = json.loads(blob[4 : 4 + length])
    body = blob[4 + length :]
    arrays = {n: np.frombuffer(body, kind, size, offset) for n, (kind, offset, size) in header["arrays"].items()}
    return header, arrays


@pytest.mark.parametrize("entry", OBJECTIVES.values(), ids=lambda entry: entry.name)
def test_contours_are_readable_and_where_they_say(entry):
    surface = sample(entry)
    assert 5 <= len(surface.levels) <= 13
    for level in surface.levels:
        digits = f"{abs(level):.6g}".replace(".", "").strip("0").split("e")[0]
        assert len(digits) <= 3
    size = surface.values.max() - surface.values.min()
    for level, line in zip(surface.levels, surface.lines, strict=True):
        line = line[np.isfinite(line).all(axis=1)]
        assert len(line)
        steep = np.hypot(*entry(*line.T)[1]) * np.ptp(entry.view[0]) / GRID
        assert (np.abs(entry(*line.T)[0] - level) <= 0.5 * steep + 0.01 * size).all()
    assert len(surface.labels) >= len(surface.levels) / 2


@pytest.mark.parametrize(
    "text",
    [
        "3", "log(-1 - x*x)", "1/x", "exp(x*y)", "x", "1e-320*x*x", "max(0,x-9)*1e-315", "1e307*x", "(x*x+1e-300)**-1",
        "x-3e14", "-4e14", "exp(x*x)",
    ],
)  # fmt: skip
def test_odd_surfaces_are_sampled_quietly(text):
    surface = sample(parse(text))
    assert len(surface.levels) < 40
    assert np.isfinite(surface.levels).all()
    specs = [textbook("sgd", "formula", formula=text, x0=1.0, y0=1.0, steps=3)]
    assert len(describe(specs, [follow(spec) for spec in specs], surface, **RESTING, replay="")) < 100_000
    assert not np.isinf(surface.values).any()


def test_levels_of_even_steps():
    x = np.linspace(-2, 2, 101)
    np.testing.assert_allclose(contour_levels(x[None] ** 2 - x[:, None] ** 2), np.arange(-3, 4))


def test_a_blob_is_aligned_and_comes_back():
    header, arrays = unpack(pack({"a": 1}, {"odd": np.arange(3, dtype=np.uint16), "f": np.ones(2, np.float32)}))
    assert header["a"] == 1
    assert arrays["odd"].tolist() == [0, 1, 2]
    assert arrays["f"].tolist() == [1, 1]
    assert all(offset % 4 == 0 for _, offset, _ in header["arrays"].values())


@pytest.mark.parametrize("preset", DESCENTS)
def test_the_blob_holds_the_paths(preset):
    specs = DESCENTS[preset]
    paths = [follow(spec) for spec in specs]
    header, arrays = unpack(describe(specs, paths, sample(specs[0].objective()), **RESTING, replay=""))
    surface, objective = sample(specs[0].objective()), specs[0].objective()
    points = np.concatenate([p.points for p in paths])
    np.testing.assert_allclose(arrays["points"].reshape(-1, 2), points, rtol=1e-6, atol=1e-30)
    np.testing.assert_allclose(arrays["values"], np.concatenate([p.values for p in paths]), rtol=1e-6, atol=1e-30)
    np.testing.assert_allclose(arrays["levels"], surface.levels, rtol=1e-6)
    (x0, x1), (y0, y1) = objective.view
    x, y = np.meshgrid(np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID))
    np.testing.assert_allclose(arrays["surface"].reshape(GRID, GRID), objective(x, y)[0], rtol=1e-5, atol=1e-5)
    middle = (np.arange(ARROWS) + 0.5) / ARROWS
    slopes = objective(*np.meshgrid(x0 + middle * (x1 - x0), y0 + middle * (y1 - y0)))[1]
    np.testing.assert_allclose(arrays["slopes"].reshape(2, ARROWS, ARROWS), slopes, rtol=1e-5, atol=1e-5)
    assert header["minima"] == [list(point) for point in objective.minima]
    assert [float(text) for text, *_ in header["labels"]] == sorted(float(text) for text, *_ in header["labels"])
    assert sum(run["steps"] + 1 for run in header["runs"]) == len(arrays["values"])


@pytest.mark.parametrize("surface", OBJECTIVES)
def test_the_payload_stays_below_200_kb(surface):
    specs = [textbook(name, surface, steps=500) for name in OPTIMIZERS]
    blob = describe(specs, [follow(spec) for spec in specs], sample(OBJECTIVES[surface]), **RESTING, replay="")
    assert len(blob) + len("".join(sources("player", SHARED, ["anatomy"])).encode()) < 200_000


def test_every_optimizer_has_a_look_of_its_own():
    looks = [style(OPTIMIZERS, name) for name in list(OPTIMIZERS)[:6]]
    for part in ("color", "marker"):
        assert len({getattr(look, part) for look in looks}) == 6
    assert len({tuple(look.dash) for look in looks}) == 6
    crowd = {str(k): OPTIMIZERS["sgd"] for k in range(18)}
    drawn = [(look.color % 6, tuple(look.dash), look.marker) for look in (style(crowd, name) for name in crowd)]
    assert len(set(drawn)) == 18


def test_step_sizes_keep_color_and_dash_by_name():
    whole, part = descents.sizes(tuple(OPTIMIZERS), 5, 1, 2), descents.sizes(("adam",), 3, 1, 4)
    for channel in ("color", "strokeDash"):
        assert whole["encoding"][channel]["scale"] == part["encoding"][channel]["scale"]
    assert part["encoding"]["color"]["legend"]["values"] == ["Adam"]
    assert descents.sizes_of({"adam": np.array([1.0, 2, 4])})["y"].tolist() == [1, 2, 4]


def test_only_rows_are_repeated():
    template = "Told:\n\n| name | after {updates:update|updates} |\n|---|---|\n| {name} | {value:.1f} |"
    rows = [{"name": "a", "value": 1}, {"name": "b", "value": 2}]
    said = sentences.of(Verdict("told", updates=5, rows=rows), {"told": template})
    assert said.splitlines()[2:] == ["| name | after 5 updates |", "|---|---|", "| a | 1.0 |", "| b | 2.0 |"]
