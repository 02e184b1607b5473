"""Catalogues: adding an entry is one decorated function, and nobody can change a catalogue by accident."""

import pytest

from engine.optimizers import OPTIMIZERS
from engine.registry import Entry, Range, catalogue


def test_a_decorated_function_is_an_entry():
    entries, add = catalogue(Entry)

    @add("Double", latex="2x", source="arithmetic")
    def double(x, *, factor=2.0):
        return factor * x

    assert list(entries) == ["double"]
    assert entries["double"](3) == 6
    assert entries["double"].sliders == {"factor": 2.0}
    assert entries["double"].bind(factor=5.0)(3) == 15
    assert entries["double"].bind(factor=5.0).sliders == {"factor": 5.0}
    assert "factor * x" in entries["double"].code


def test_catalogues_are_read_only():
    with pytest.raises(TypeError):
        OPTIMIZERS["mine"] = None  # type: ignore[index]


def test_order_is_the_curriculum():
    assert list(OPTIMIZERS)[:6] == ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]


@pytest.mark.parametrize("value", [-1, 2, float("nan"), float("inf")])
def test_a_range_refuses(value):
    with pytest.raises(ValueError, match="mu must lie between 0 and 1"):
        Range(0, 1).check("mu", value)
