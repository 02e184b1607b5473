"""Outcomes that verdicts of many labs share."""

from collections.abc import Sequence

from engine.compare import History
from engine.verdict import Verdict


def diverged(histories: Sequence[History], names: Sequence[str]) -> list[Verdict]:
    """A verdict for each network whose loss is no number any more."""
    lost = {name: history.diverged for history, name in zip(histories, names, strict=True) if history.diverged}
    return [Verdict("diverged", name=name, step=step) for name, step in lost.items()]
