"""A range test is one short training whose learning rate grows from far too low to far too high: its loss says where to train.

Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3. Stop, cut and suggestions are those of
fastai, `LRFinder` and `lr_find` in callback/schedule.py.
"""

from typing import NamedTuple

import numpy as np

from engine.compare import History
from engine.registry import Entry, catalogue
from engine.schedules import SCHEDULES
from engine.specs import Experiment

KEEP, WORSE = 0.98, 4.0  # of the smoothed loss; the test stops where it is so many times its best
FIRST, LAST = 0.1, 5  # share of the updates, and updates, that the suggestions leave out at its two ends
FASTAI = "fastai, callback/schedule.py"

SUGGESTIONS, suggestion = catalogue(Entry)


class Curve(NamedTuple):
    """Learning rates, and the smoothed loss before the update with each, (updates,)."""

    rates: np.ndarray
    losses: np.ndarray


def rates(spec: Experiment) -> np.ndarray:
    """(steps,): the learning rate of every update."""
    factor = SCHEDULES[spec.schedule].bind(**dict(spec.schedule_hyper))
    return spec.lr * np.array([factor(t, spec.steps) for t in range(1, spec.steps + 1)])


def curve(history: History) -> Curve:
    """As far as the test goes: up to the first smoothed loss that is no number, or more than WORSE times the best before it."""
    smooth = history.smoothed(KEEP)
    over = np.flatnonzero(~(smooth <= WORSE * np.fmin.accumulate(smooth)))
    end = over[0] if len(over) else len(smooth)
    return Curve(rates(history.experiment)[:end], smooth[:end])


def suggestions(found: Curve, steps: int) -> dict[str, float]:
    """Name → the learning rate that it suggests, of a test of so many updates; none if there is too little to look at."""
    looked = Curve(*(each[int(FIRST * steps) : len(found.rates) - LAST] for each in found))
    return {name: float(entry(looked)) for name, entry in SUGGESTIONS.items()} if len(looked.rates) > 1 else {}


@suggestion("Minimum / 10", latex=r"\tfrac{1}{10} \operatorname{argmin}_\eta \bar L", source=f"{FASTAI}, minimum")
def minimum(found):
    """A tenth of the rate at which the loss is lowest: there it is about to rise."""
    return found.rates[found.losses.argmin()] / 10


@suggestion("Steepest", latex=r"\operatorname{argmin}_\eta \frac{d \bar L}{d \log \eta}", source=f"{FASTAI}, steep")
def steepest(found):
    """Where the loss falls fastest as the rate grows."""
    return found.rates[(np.diff(found.losses) / np.diff(np.log(found.rates))).argmin()]


@suggestion("Valley", latex=r"\text{half of the way down the longest fall of } \bar L", source=f"{FASTAI}, valley")
def valley(found):
    """In the longest run of ever lower losses, not all of them neighbors: half of its way."""
    longest = np.ones(len(found.losses), int)
    for i in range(1, len(longest)):
        higher = found.losses[:i] > found.losses[i]
        longest[i] = 1 + longest[:i][higher].max(initial=0)
    end = longest.argmax()
    third = longest[end] / 3
    return found.rates[max(0, end - longest[end] + int(third) + int(third / 2))]
