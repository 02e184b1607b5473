"""What labs of search share: the textbook's network, ranges as controls, and trials as settings with their scores."""

from collections.abc import Sequence

import numpy as np

from engine.compare import History
from engine.experiments import PRESETS
from engine.fields import rounded
from engine.registry import Range as Span
from engine.search import Range, Seen, Setting
from engine.verdict import Verdict
from pages.kit.controls import Choice, Controls, Number, Values
from pages.kit.words import WORDS

BOOK = PRESETS["H1"][0]
RATES: Controls = {
    "lr_low": Number("lr from", 1e-6, Span(1e-6, 10, log=True)),
    "lr_high": Number("lr to", 1e-2, Span(1e-6, 10, log=True)),
}
DECAYS: Controls = {
    "decay_low": Number("λ from", 1e-8, Span(1e-10, 1, log=True)),
    "decay_high": Number("λ to", 1e-4, Span(1e-10, 1, log=True)),
}
SAMPLING = Choice("Sampling", "log", {"log": "10 to the power of …", "linear": "Evenly"})
SHORT = {"lr": "lr", "weight_decay": "λ"}
LABELS = {"lr": "learning rate", "weight_decay": "weight decay λ"}


def space(values: Values) -> dict[str, Range]:
    """Learning rate and weight decay, in the ranges that were chosen."""
    log = getattr(values, "sampling", "log") == "log"
    return {
        "lr": Range(values.lr_low, values.lr_high, log).checked("the learning rate"),
        "weight_decay": Range(values.decay_low, values.decay_high, log).checked("weight decay"),
    }


def score(history: History) -> float:
    """The last accuracy on the validation images, NaN of a network that has diverged, or has not come to it yet."""
    return float(history.validation_accuracy[-1]) if len(history.validation_accuracy) and not history.diverged else np.nan


def seen(histories: Sequence[History], names: Sequence[str] = ("lr", "weight_decay")) -> Seen:
    """Finished trials, as a strategy sees them."""
    return [
        ({name: getattr(h.experiment, name) for name in names}, score(h))
        for h in histories
        if len(h.loss) == h.experiment.steps
    ]


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
