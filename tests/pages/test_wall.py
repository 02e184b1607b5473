"""The wall: what the browser is sent says exactly what was counted, in not too many bytes."""

import json

import numpy as np
import pytest

from engine.experiments import mnist
from engine.histogram import count
from pages.kit import inside, wall
from tests.runs import trained

RNG = np.random.default_rng(0)


def read(blob: bytes) -> tuple[dict, list[dict]]:
    """The header, and of every panel its head and its counts."""
    length = int.from_bytes(blob[:4], "little")
    header, body = json.loads(blob[4 : 4 + length]), blob[4 + length :]

    def array(name):
        kind, offset, size = header["arrays"][name]
        return np.frombuffer(body, kind, size, offset)

    counts = array("counts").astype(int)
    panels = [dict(zip(wall.HEAD, row.tolist(), strict=True)) for row in array("heads").reshape(-1, len(wall.HEAD))]
    starts = np.cumsum([0, *(panel["bins"] for panel in panels)]).astype(int)
    for panel, start, end in zip(panels, starts[:-1], starts[1:], strict=True):
        panel["counts"] = counts[start:end]
    return header, panels


@pytest.mark.parametrize(
    "values",
    [RNG.normal(size=5000), RNG.standard_t(2, size=5000), np.maximum(RNG.normal(size=500), 0), np.zeros(9), [np.nan, 1.0]],
    ids=["normal", "heavy tails", "zeros", "all zero", "lost"],
)
def test_no_value_gets_lost_on_the_way(values):
    values = np.array(values)
    found = count(values, (None, 1.0))
    header, (panel,) = read(wall.describe(["a"], [wall.View("All", [[[found]]])], (0,)))
    assert panel["counts"].sum() + sum(panel[k] for k in ("zeros", "lost", "below", "above")) == values.size
    edges = (panel["first"] + np.arange(panel["bins"] + 1)) * 2.0 ** panel["exponent"]
    if panel["bins"]:
        inside_ = values[np.isfinite(values) & (values != 0)]
        np.testing.assert_array_equal(panel["counts"], np.histogram(inside_, edges)[0])
        assert panel["below"] == (inside_ < edges[0]).sum()
    assert panel["high"] == (values > 0.95).sum()
    assert panel["std"] == pytest.approx(found.std)
    assert header["layers"] == 1


def test_the_tails_hold_no_more_than_they_may():
    _, (panel,) = read(wall.describe(["a"], [wall.View("All", [[[count(RNG.standard_t(2, size=100_000))]]])], (0,)))
    assert 0 < panel["below"] + panel["above"] <= 2 * wall.TAIL * 100_000
    assert panel["bins"] < 128


def test_networks_of_different_depths_leave_panels_empty():
    one = count(RNG.normal(size=10))
    header, panels = read(wall.describe(["a", "b"], [wall.View("All", [[[one], [one, one]]])], (0,)))
    assert header["layers"] == 2
    assert [panel["counts"].sum() > 0 for panel in panels] == [True, False, True, True]


def test_the_ends_that_saturate():
    assert wall.ends("sigmoid") == (0, 1)
    assert wall.ends("relu") == (None, None)
    assert wall.ends("elu") == (-1, None)
    assert wall.ends("maxout") == (None, None)


def test_a_wall_of_a_run_is_small_and_holds_every_step():
    specs = [inside.probed(mnist(steps=30, init_scale=scale)) for scale in (0.1, 1.0, 2.0)]
    histories = trained(specs)
    steps = list(specs[0].probe_steps)
    blob = wall.describe(["a", "b", "c"], inside.views(histories, steps), steps)
    header, panels = read(blob)
    assert header["frames"] == list(inside.moments(30, inside.FRAMES))
    assert [view["label"] for view in header["views"]] == list(inside.WHATS.values())
    assert len(panels) == 4 * len(steps) * 3 * 5
    weights = panels[-1]
    assert weights["counts"].sum() + weights["below"] + weights["above"] + weights["zeros"] == 100 * 100
    assert len(blob) < 200_000
