"""Lines are what histories show over their updates, drawn where the page wants it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from engine.compare import History
from pages.charts import curves
from pages.kit.language import tr


def draw(data: pd.DataFrame, names: Iterable[str], *, key: str, alt: str, x: str = "", into: Any = st, **look: Any) -> None:
    """A line a name of a frame, over updates unless `x` says over what; `look` is for `curves.lines`."""
    chart = curves.lines(tuple(dict.fromkeys(names)), x=x or tr("update"), **look)
    into.vega_lite_chart(data, chart, key=key, alt=alt)


def over_updates(histories: Sequence[History], names: Sequence[str], measure: str, **look: Any) -> None:
    """One of `curves.MEASURES`, a line a name."""
    draw(curves.frame(histories, names, curves.MEASURES[measure]), names, **fitting(histories, measure) | look)


def measures(histories: Sequence[History], named: Mapping[str, str], **look: Any) -> None:
    """Several of `curves.MEASURES`, a line each by the name that is given to it."""
    each = [curves.frame(histories, [name] * len(histories), curves.MEASURES[measure]) for measure, name in named.items()]
    draw(pd.concat(each), named.values(), **fitting(histories) | look)


def fitting(histories: Sequence[History], measure: str = "") -> dict[str, Any]:
    """How far a picture of a measure goes: to the last update, and as high as a loss at first, or an accuracy, is."""
    end = max(history.experiment.steps for history in histories)
    return {"end": end, "domain": (0, 2.5) if measure == "loss" else (0, 1)}
