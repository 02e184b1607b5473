"""What pages share: contour levels, labels, the blob, styles."""

import json

import numpy as np
import pytest

from engine.descent import follow
from engine.experiments import textbook
from engine.objectives import OBJECTIVES, parse
from engine.optimizers import OPTIMIZERS
from pages.kit.charts import GRID, contour_levels, sample
from pages.kit.player import CSS, HTML, JS, PEN_UP, RESTING, describe, pack
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


@pytest.mark.parametrize("text", ["3", "log(-1 - x*x)", "1/x", "exp(x*y)", "x"])
def test_odd_surfaces_are_sampled_quietly(text):
    surface = sample(parse(text))
    assert len(surface.levels) < 40
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
    np.testing.assert_allclose(
        arrays["points"].reshape(-1, 2), np.concatenate([p.points for p in paths]), rtol=1e-6, atol=1e-30
    )
    assert sum(run["steps"] + 1 for run in header["runs"]) == len(arrays["values"])
    assert arrays["lines"].dtype == np.uint16
    assert (arrays["lines"].reshape(-1, 2)[-1] == PEN_UP).all() or not len(arrays["lines"])


@pytest.mark.parametrize("surface", OBJECTIVES)
def test_the_payload_stays_below_200_kb(surface):
    specs = [textbook(name, surface, steps=500) for name in OPTIMIZERS]
    blob = describe(specs, [follow(spec) for spec in specs], sample(OBJECTIVES[surface]), **RESTING, replay="")
    assert len(blob) + len((HTML + CSS + JS).encode()) < 200_000


def test_every_optimizer_has_a_look_of_its_own():
    looks = [style(OPTIMIZERS, name) for name in list(OPTIMIZERS)[:6]]
    for part in ("color", "marker"):
        assert len({getattr(look, part) for look in looks}) == 6
    assert len({tuple(look.dash) for look in looks}) == 6
