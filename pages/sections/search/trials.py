"""What labs of search share: the textbook's network, ranges as controls, and trials as settings with their scores."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.fields import rounded
from engine.registry import Range as Span
from engine.search import Range, Seen, Setting
from engine.verdict import Verdict
from pages.kit.controls import Choice, Controls, Number, Values, applied
from pages.kit.words import WORDS

BOOK = PRESETS["H1"][0]
SAMPLING = Choice("Sampling", "log", {"log": "10 to the power of …", "linear": "Evenly"})
SHORT = {"lr": "lr", "weight_decay": "λ"}
LABELS = {"lr": "learning rate", "weight_decay": "weight decay λ"}


def rates(low: float = 1e-6, high: float = 1e-2) -> Controls:
    span = Span(1e-6, 10, log=True)
    return {"lr_low": Number("lr from", low, span), "lr_high": Number("lr to", high, span)}


def decays(low: float = 1e-8, high: float = 1e-4) -> Controls:
    span = Span(1e-10, 1, log=True)
    return {"decay_low": Number("λ from", low, span), "decay_high": Number("λ to", high, span)}


def asked(values: Values, book: Experiment = BOOK, **changes: Any) -> Experiment:
    """The textbook's network with the settings, looked at after its first update and its last."""
    return replace(applied(book, values), eval_every=max(1, values.steps - 1), **changes)


def space(values: Values) -> dict[str, Range]:
    """Learning rate and weight decay, in the ranges that were chosen."""
    log = getattr(values, "sampling", "log") == "log"
    return {
        "lr": Range(values.lr_low, values.lr_high, log).checked("the learning rate"),
        "weight_decay": Range(values.decay_low, values.decay_high, log).checked("weight decay"),
    }


def score(history: History) -> float:
    """The last accuracy on the validation images, NaN of a network that has diverged, or has not come to it yet."""
    return history.last("validation")


def seen(histories: Sequence[History]) -> Seen:
    """Finished trials, as a strategy sees them."""
    return [(setting(history), score(history)) for history in histories if history.ended]


def table(histories: Sequence[History], **known: Any) -> pd.DataFrame:
    """A row a trial: what is `known` of all, its place among them, setting, score and rank."""
    rows = [(*known.values(), k, *setting(h).values(), score(h)) for k, h in enumerate(histories, start=1)]
    found = pd.DataFrame(rows, columns=[*known, "place", *SHORT, "score"]).astype(dict.fromkeys([*SHORT, "score"], float))
    return found.assign(rank=found["score"].rank(ascending=False, method="first"))


def setting(history: History) -> Setting:
    return {name: getattr(history.experiment, name) for name in SHORT}


def best_so_far(own: Sequence[History]) -> np.ndarray:
    """(trials that have ended,): the best score up to each, 0 before there is one."""
    scores = [score(history) for history in own if history.ended]
    return np.fmax.accumulate(np.nan_to_num(scores, nan=0.0)) if scores else np.empty(0)


def mean(values: Sequence[float] | np.ndarray) -> float | None:
    """Of those that are numbers."""
    return float(np.nanmean(values)) if np.isfinite(values).any() else None


def ranked(histories: Sequence[History]) -> list[History]:
    """Those that have a score, the best first."""
    return sorted((h for h in histories if np.isfinite(score(h))), key=score, reverse=True)


def said(setting: Setting) -> str:
    """
    >>> said({"lr": 0.00123, "weight_decay": 2e-8})
    'lr 0.00123, λ 2·10⁻⁸'
    """
    return ", ".join(WORDS.format("{} {:.3g}", SHORT[name], rounded(value)) for name, value in setting.items())


def lost(histories: Sequence[History]) -> list[Verdict]:
    count = len({h.experiment for h in histories if h.diverged})
    return [Verdict("gone", count=count)] if count else []
