"""A schedule is the factor that multiplies the learning rate at step t = 1 … steps; it starts at 1, but for warm-up."""

import math

from engine.registry import Entry, Range, catalogue

SCHEDULES, schedule = catalogue(Entry)

RANGES = {
    "drop": Range(0.01, 1),
    "every": Range(1, 1000),
    "decay": Range(1e-4, 1, log=True),
    "warmup": Range(1, 1000),
    "times": Range(1, 1e12, log=True),
}


@schedule("Constant", latex=r"\eta_t = \eta", source="DLFS 6.1.2")
def constant(t, steps):
    """No decay."""
    return 1.0


@schedule("Step decay", latex=r"\eta_t = \eta\, d^{\lfloor (t-1)/k \rfloor}", source="CS231n, neural networks 3")
def step(t, steps, *, drop=0.5, every=20):
    """Multiply by `drop` after each `every` steps."""
    return drop ** ((t - 1) // every)


@schedule("Exponential decay", latex=r"\eta_t = \eta\, e^{-k (t-1)}", source="CS231n, neural networks 3")
def exponential(t, steps, *, decay=0.05):
    """Lose the same share at every step."""
    return math.exp(-decay * (t - 1))


@schedule("1/t decay", latex=r"\eta_t = \frac{\eta}{1 + k (t-1)}", source="CS231n, neural networks 3")
def inverse_time(t, steps, *, decay=0.1):
    """Decay fast at first, then ever more slowly."""
    return 1 / (1 + decay * (t - 1))


@schedule(
    "Cosine",
    latex=r"\eta_t = \tfrac{\eta}{2} \left(1 + \cos \tfrac{\pi (t-1)}{T}\right)",
    source="Loshchilov & Hutter 2017, eq. 5",
)
def cosine(t, steps):
    """Half a cosine wave from 1 at the first step to nearly 0 at the last."""
    return (1 + math.cos(math.pi * (t - 1) / steps)) / 2


@schedule("Warm-up", latex=r"\eta_t = \eta\, \min\left(1, \tfrac{t}{w}\right)", source="Goyal et al. 2017, section 2.2")
def warmup(t, steps, *, warmup=20):
    """Rise in a straight line over the first `warmup` steps, then stay."""
    return min(1.0, t / warmup)


@schedule("Growing", latex=r"\eta_t = \eta\, g^{(t-1)/(T-1)}", source="Smith 2017, section 3.3, as fastai has it")
def growing(t, steps, *, times=10.0):
    """Gain the same share at every step, and be `times` as large at the last: a range test, not a way to train."""
    return times ** ((t - 1) / max(1, steps - 1))
