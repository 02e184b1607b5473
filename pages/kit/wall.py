"""The wall is a canvas of histograms: a row a network, a column a layer, at any of the steps that were looked at.

Python sends exact counts once; the browser owns the step, what is counted and the axis, and asks for nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.histogram import Histogram
from pages.charts.blob import pack
from pages.kit.canvas import canvas
from pages.kit.language import tr

TAIL = 5e-4  # share of the values beyond each end of an axis
HEAD = ("exponent", "first", "bins", "zeros", "low", "high", "lost", "below", "above", "mean", "std")

_WALL = canvas("wall", ("blob", "color", "frame", "note", "sheet", "theme"))


@dataclass(frozen=True)
class View:
    """What may be looked at: histograms by step, network and layer, None where there is none.

    `saturates` are the ends near which values are stuck, `zone` an interval to be shaded.
    """

    label: str
    panels: Sequence[Sequence[Sequence[Histogram | None]]]
    saturates: tuple[float | None, float | None] = (None, None)
    zone: tuple[float, float] | None = None


def show(
    key: str,
    names: Sequence[str],
    views: Sequence[View],
    steps: Sequence[int] = (0,),
    *,
    opening: int = 0,
    axis: str = "",
    step: int | None = None,
    replay: str = "",
    note: str = "",
    colors: Sequence[int] = (),
    on_view: Callable[[int, str | None, int | None], None] | None = None,
) -> None:
    """Mount the wall of these networks. It opens, and opens anew when `replay` changes, at the view `opening`, with an `axis`
    for "all", a "row" or a "panel", chosen by the data if empty, and at `step`, the last if None.

    `note` stands below the picture; `colors` are places in the palette, if not those of the rows. `on_view(view, axis, step)`
    hears what the visitor turned to, as a callback: the axis is None if nobody chose it, the step if it is the last.
    """
    shown = {"opening": {"view": opening, "axis": axis, "step": step}, "replay": replay, "note": note, "colors": list(colors)}
    heard = {"on_view_change": lambda: on_view(*_told(st.session_state[key].view))} if on_view else {}
    _WALL(key=key, data=describe(names, views, steps, **shown, tells=on_view is not None), **heard)


def _told(state: Mapping) -> tuple[int, str | None, int | None]:
    return state["view"], state["axis"], state["step"]


def describe(names: Sequence[str], views: Sequence[View], steps: Sequence[int], **display: object) -> bytes:
    """The blob of the wall: a head of eleven numbers a panel, and all counts one after another."""
    layers = max(len(network) for view in views for step in view.panels for network in step)
    heads, counts = [], []
    for view in views:
        for step in view.panels:
            for network in step:
                for found in [*network, *[None] * (layers - len(network))]:
                    head, kept = trimmed(found)
                    heads.append(head)
                    counts.append(kept)
    drawn = np.concatenate(counts)
    labels = ", ".join(view.label.lower() for view in views)
    header = {
        "runs": [],
        "summary": tr("Histograms of {views} in {n} layers of {names}.", views=labels, n=layers, names=", ".join(names)),
        "names": list(names),
        "layers": layers,
        "views": [{"label": view.label, "saturates": view.saturates, "zone": view.zone} for view in views],
        "frames": list(steps),
        **display,
    }
    kind = np.uint16 if drawn.max(initial=0) < 2**16 else np.float32
    return pack(header, {"heads": np.array(heads, np.float32), "counts": drawn.astype(kind)})


def trimmed(found: Histogram | None) -> tuple[list[float], np.ndarray]:
    """The head of a histogram and its counts but for the tails, of which the head says how much they hold."""
    if found is None:
        return [0.0] * len(HEAD), np.zeros(0, int)
    below = np.cumsum(found.counts)
    total = int(below[-1]) if len(below) else 0
    start = int(np.searchsorted(below, TAIL * total, side="right")) if total else 0
    stop = int(np.searchsorted(below, (1 - TAIL) * total)) + 1 if total else 0
    kept = found.counts[start:stop]
    under = int(found.counts[:start].sum())
    numbers = (
        found.exponent, found.first + start, len(kept), found.zeros, found.low, found.high, found.lost,
        under, total - under - int(kept.sum()), found.mean, found.std,
    )  # fmt: skip
    return np.nan_to_num(np.clip(numbers, -3e38, 3e38)).tolist(), kept


def ends(activation: str) -> tuple[float | None, float | None]:
    """The ends that an activation comes near without reaching them; where it reaches one, as ReLU does, zeros tell."""
    entry = ACTIVATIONS.get(activation)
    if entry is None:
        return None, None
    low, high = entry.bounds
    return (None if entry(-3.0) == low else low), (None if entry(3.0) == high else high)


def of(histories: Sequence[History], steps: Sequence[int], what: str) -> list[list[list[Histogram | None]]]:
    """`what` ("inputs", "activations", "gradients", "weights") of every hidden layer at the steps that were looked at."""
    return [[[layer[what] for layer in history.probes[step]] for history in histories] for step in steps]
