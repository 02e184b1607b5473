"""Outcomes that verdicts of many labs share."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.compare import History
from engine.verdict import Difference, Verdict
from pages.kit.language import tr
from pages.kit.words import WORDS


def diverged(histories: Sequence[History], names: Sequence[str]) -> list[Verdict]:
    """A verdict for each network whose loss is no number any more."""
    lost = {name: history.diverged for history, name in zip(histories, names, strict=True) if history.diverged}
    return [Verdict("diverged", name=name, step=step) for name, step in lost.items()]


def finished(histories: Iterable[History]) -> bool:
    return all(history.ended for history in histories)


def accuracies(histories: Sequence[History], at: int = -1) -> tuple[np.ndarray, np.ndarray]:
    """Training and test accuracies (seeds,) at an evaluation; NaN for a network that has diverged."""
    found = [(h.train_accuracy[at], h.test_accuracy[at]) if not h.diverged else (np.nan, np.nan) for h in histories]
    train, test = np.array(found, float).reshape(-1, 2).T
    return train, test


def records(data: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as a verdict has them: None for NaN.

    >>> records(pd.DataFrame({"name": ["A", "B"], "test": [0.5, np.nan]}))
    [{'name': 'A', 'test': 0.5}, {'name': 'B', 'test': None}]
    """
    return data.replace({np.nan: None}).to_dict("records")


def told(difference: Difference, digits: int = 3) -> str:
    """A difference with its error, and whether it can be told.

    >>> from engine.verdict import paired
    >>> told(paired([0.8, 0.81, 0.82], [0.7, 0.71, 0.73])), told(paired([0.8, 0.7], [0.8, 0.71])), told(paired([1], [2]))
    ('+0.097 ± 0.014', '−0.005 ± 0.064, within its error', 'one seed cannot tell')
    """
    if difference.seeds < 2:
        return tr("one seed cannot tell") if difference.seeds else "–"
    said = WORDS.format(f"{{mean:+.{digits}f}} ± {{error:.{digits}f}}", mean=difference.mean, error=difference.error)
    return said if difference.told else tr("{difference}, within its error", difference=said)
