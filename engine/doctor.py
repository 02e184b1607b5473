"""The doctor reads the history of a training and names what is wrong with it, the cause first: what showed first.

A rule looks for one sign and says since which update it saw it, in which of MEASURES, and with what numbers, or nothing. Its
sliders are its thresholds: published ones where there are any, tuned on networks with a known fault by `python -m
benchmarks.doctor`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, nan
from typing import Any, NamedTuple

import numpy as np

from engine.compare import History
from engine.registry import Entry, catalogue

AUTOTRAINER = "Zhang, Zhai, Ma & Shen, AutoTrainer, ICSE 2021"
CS231N = "CS231n, Neural Networks Part 3"
KEEP = 0.9  # of the smoothed loss

Evidence = dict[str, float]  # "update", since when, and the numbers seen
Series = tuple[np.ndarray, np.ndarray]  # updates, and a number at each


@dataclass(frozen=True)
class Rule(Entry):
    """A sign of a fault: a function of the vitals. `advice` is what to try first."""

    advice: str = ""
    probed: bool = False
    """Whether it needs probes."""


@dataclass(frozen=True)
class Finding:
    """What a rule has found, "healthy" if none has."""

    name: str
    evidence: Evidence
    rule: str
    """In LaTeX, with its threshold."""
    source: str
    advice: str
    measure: str = ""
    """Which of MEASURES showed it."""
    level: float = nan
    """That it crossed, or stays at."""


class Sign(NamedTuple):
    """What a rule has seen."""

    measure: str
    level: float
    evidence: Evidence


RULES, rule = catalogue(Rule)


@dataclass(frozen=True)
class Vitals:
    """What the rules look at. `chance` is the accuracy of guessing, 1 / classes."""

    history: History
    chance: float

    @cached_property
    def guessing(self) -> float:
        """The loss of who knows nothing: −ln(chance)."""
        return -log(self.chance)

    @cached_property
    def probes(self) -> Sequence[tuple[int, dict[str, np.ndarray]]]:
        """(update, name → number of every hidden layer), while all are finite."""
        names = ("dead", "gradient_norm", "update_ratio")
        found = []
        for t, layers in sorted(self.history.probes.items()):
            numbers = {name: np.array([layer[name] for layer in layers], float) for name in names}
            numbers["spread"] = np.array([layer["activations"].std for layer in layers], float)
            if layers and all(np.isfinite(each).all() for each in numbers.values()):
                found.append((t, numbers))
        return found

    def layers(self, name: str, number: Callable[[np.ndarray], float]) -> Series:
        """One number of each probe, of what its layers have under a name."""
        found = [(t, number(layers[name])) for t, layers in self.probes]
        updates, values = np.array(found, float).reshape(-1, 2).T
        return updates, values

    @cached_property
    def accuracies(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Updates, training and test accuracy, each (evaluations,); empty if one of the two was not measured."""
        train, test = self.history.train_accuracy, self.history.test_accuracy
        n = min(len(train), len(test))
        return self.history.measured_at[:n], train[:n], test[:n]


MEASURES: Mapping[str, Callable[[Vitals], Series]] = {
    "loss": lambda vitals: (1 + np.arange(len(vitals.history.loss)), vitals.history.smoothed(KEEP)),
    "train": lambda vitals: (vitals.accuracies[0], vitals.accuracies[1]),
    "test": lambda vitals: (vitals.accuracies[0], vitals.accuracies[2]),
    "gap": lambda vitals: (vitals.accuracies[0], vitals.accuracies[1] - vitals.accuracies[2]),
    "fall": lambda vitals: (vitals.accuracies[0], -np.diff(vitals.accuracies[1], prepend=vitals.accuracies[1][:1])),
    "dead": lambda vitals: vitals.layers("dead", np.max),
    "gradient_norm": lambda vitals: vitals.layers("gradient_norm", np.max),
    "gradient_ratio": lambda vitals: vitals.layers("gradient_norm", lambda norms: norms[0] / norms[-1]),
    "spread": lambda vitals: vitals.layers("spread", lambda spreads: spreads[-1]),
    "update_ratio": lambda vitals: vitals.layers("update_ratio", np.median),
}


def measured(history: History, measure: str) -> Series:
    """The curve in which a finding showed."""
    with np.errstate(all="ignore"):
        return MEASURES[measure](Vitals(history, nan))


def diagnose(history: History, chance: float = 0.1) -> list[Finding]:
    """The findings about a training, the cause first; "healthy" alone if there are none. ValueError before the first update.

    Without probes faults inside of a network are not seen: `unseen` names them.
    """
    if not len(history.loss):
        raise ValueError("there is nothing to diagnose before the first update")
    vitals = Vitals(history, chance)
    found = [(entry, sign) for entry in RULES.values() if (sign := entry(vitals))]
    found.sort(key=lambda pair: pair[1].evidence["update"])
    return [_finding(entry, sign) for entry, sign in found] or [HEALTHY]


def unseen(history: History) -> list[str]:
    """The faults that cannot be seen in this history, for lack of probes."""
    return [] if history.probes else [_name(entry) for entry in RULES.values() if entry.probed]


def _name(entry: Rule) -> str:
    return entry.name.replace("_", " ")


def _finding(entry: Rule, sign: Sign) -> Finding:
    return Finding(_name(entry), sign.evidence, entry.latex, entry.source, entry.advice, sign.measure, sign.level)


HEALTHY = Finding("healthy", {"update": 1}, r"\text{no rule has found anything}", "", "Go on.")


def _since(update: int, measure: str, level: float, **numbers: Any) -> Sign:
    return Sign(measure, level, {"update": int(update), **{name: float(value) for name, value in numbers.items()}})


@rule(
    "Dead units",
    latex=r"\text{silent units of a layer} \ge 70\,\%",
    source=AUTOTRAINER,
    advice="Begin with biases of 0 and He's weights, take a lower learning rate, or Leaky ReLU.",
    probed=True,
)
def dead_units(vitals, *, share=0.7):
    """No image of the batch wakes most units of a layer: no gradient passes them, and they never learn."""
    for t, layers in vitals.probes:
        if layers["dead"].max() >= share:
            return _since(t, "dead", share, share=layers["dead"].max(), layer=layers["dead"].argmax() + 1)
    return None


@rule(
    "Exploding gradients",
    latex=r"\lVert \partial L / \partial W \rVert > 70",
    source=AUTOTRAINER,
    advice="Begin with smaller weights (He, Xavier), scale the inputs, or clip the gradient.",
    probed=True,
)
def exploding_gradients(vitals, *, longest=70.0):
    """A gradient grows from layer to layer on its way back."""
    for t, layers in vitals.probes:
        norms = layers["gradient_norm"]
        if norms.max() > longest:
            return _since(t, "gradient_norm", longest, norm=norms.max(), layer=norms.argmax() + 1)
    return None


@rule(
    "Vanishing gradients",
    latex=r"\lVert \partial L / \partial W_1 \rVert < \tfrac{1}{20} \lVert \partial L / \partial W_n \rVert",
    source=f"{AUTOTRAINER}: a thousandth, and below 1e-4",
    advice="Take ReLU in place of the sigmoid, weights that keep the gradient's width, or batch normalization.",
    probed=True,
)
def vanishing_gradients(vitals, *, ratio=0.05):
    """A gradient shrinks from layer to layer on its way back: the first layers hardly learn."""
    for t, layers in vitals.probes:
        first, last = layers["gradient_norm"][[0, -1]]
        if first < ratio * last:
            return _since(t, "gradient_ratio", ratio, first=first, last=last)
    return None


@rule(
    "Bad start",
    latex=r"\operatorname{std}(a_n) < 0.01 \quad\text{or}\quad L_1 > 2 \ln C",
    source="He et al. 2015; CS231n lecture 6",
    advice="Begin with He's weights, for tanh with Xavier's: signals then keep their width.",
)
def bad_start(vitals, *, spread=0.01, times=2.0, flat=0.2, near=0.01):
    """The first weights are so small that all images look alike to the last layers, or so large that the first guesses are sure
    and wrong. Without probes: the loss stays where guessing is, for a fifth of the run and longer."""
    history, guessing = vitals.history, vitals.guessing
    first = history.loss[0]
    if not history.experiment.weight_decay and first > times * guessing:
        return _since(1, "loss", times * guessing, loss=first)
    if vitals.probes:
        t, layers = vitals.probes[0]
        last = layers["spread"][-1]
        return _since(t, "spread", spread, spread=last) if last < spread else None
    early = history.loss[: int(np.ceil(flat * history.experiment.steps))]
    still = len(early) and np.abs(early / guessing - 1).max() < near
    return _since(1, "loss", guessing, loss=early.mean()) if still else None


@rule(
    "Learning rate too high",
    latex=r"\bar L_t > 1.25\, L_1 \quad\text{or}\quad \lVert \Delta W \rVert > \tfrac{1}{10} \lVert W \rVert",
    source=f"{CS231N}: 3 times the start; update : weight near 1e-3",
    advice="Divide the learning rate by 3 or 10.",
)
def lr_too_high(vitals, *, times=1.25, ratio=0.1):
    """The mean of the last losses climbs above the start, or an update changes a tenth of the weights."""
    loss = vitals.history.smoothed(KEEP)
    above = np.flatnonzero(loss > times * loss[0])
    large = [(t, layers["update_ratio"].max()) for t, layers in vitals.probes if np.median(layers["update_ratio"]) > ratio]
    if large and not (len(above) and above[0] + 1 < large[0][0]):
        return _since(large[0][0], "update_ratio", ratio, ratio=large[0][1])
    return _since(above[0] + 1, "loss", times * loss[0], loss=loss[above[0]], start=loss[0]) if len(above) else None


@rule(
    "Learning rate too low",
    latex=r"\lVert \Delta W \rVert < 3 \cdot 10^{-4}\, \lVert W \rVert \text{ at every look}",
    source=f"{CS231N}: update : weight near 1e-3",
    advice="Multiply the learning rate by 3 or 10.",
    probed=True,
)
def lr_too_low(vitals, *, ratio=3e-4):
    """No update ever changes a layer's weights by more than a few ten-thousandths."""
    ratios = [np.median(layers["update_ratio"]) for _, layers in vitals.probes]
    low = ratios and max(ratios) < ratio
    return _since(vitals.probes[0][0], "update_ratio", ratio, ratio=max(ratios)) if low else None


@rule(
    "Diverged",
    latex=r"L_t = \infty \text{ or not a number, or } L_t \ge 10^5",
    source=AUTOTRAINER,
    advice="Take a much lower learning rate, and look at the first weights and the scale of the inputs.",
)
def diverged(vitals, *, largest=1e5):
    """The loss is beyond all numbers."""
    loss = vitals.history.loss
    beyond = np.flatnonzero(~(loss < largest))
    return _since(beyond[0] + 1, "loss", largest) if len(beyond) else None


@rule(
    "Oscillating",
    latex=r"\text{accuracy falls by } 0.03 \text{ at } 15\,\% \text{ of the looks}",
    source=AUTOTRAINER,
    advice="Take a lower learning rate, a larger batch, or less momentum.",
)
def oscillating(vitals, *, fall=0.03, often=0.15, after=0.3):
    """What was learned is forgotten again and again."""
    updates, train, _ = vitals.accuracies
    late = updates > after * vitals.history.experiment.steps
    falls = np.diff(train, prepend=train[:1])[late] <= -fall
    return _since(updates[late][falls][0], "fall", fall, falls=falls.mean()) if falls.any() and falls.mean() >= often else None


@rule(
    "No learning",
    latex=r"\text{test} \le \text{chance} + 0.08 \text{ and } \text{train} - \text{test} \ge 0.025",
    source="Zhang et al. 2017, Understanding deep learning requires rethinking generalization",
    advice="Look at images beside their labels: something else than the labels is learned by heart.",
)
def no_learning(vitals, *, above=0.08, gap=0.025):
    """Training accuracy rises, and nothing of it holds for new images."""
    updates, train, test = vitals.accuracies
    if not len(updates) or test[-1] > vitals.chance + above or train[-1] - test[-1] < gap:
        return None
    return _since(updates[-1], "test", vitals.chance + above, train=train[-1], test=test[-1])


@rule(
    "Overfitting",
    latex=r"\text{train} - \text{test} \ge 0.10",
    source=CS231N,
    advice="More images, weight decay, dropout, or a smaller network.",
)
def overfitting(vitals, *, gap=0.1, learned=0.2):
    """The training images are known better than new ones, of which something has been learned all the same."""
    updates, train, test = vitals.accuracies
    wide = np.flatnonzero(train - test >= gap)
    if not len(wide) or train[-1] - test[-1] < gap or test[-1] < vitals.chance + learned:
        return None
    return _since(updates[wide[0]], "gap", gap, train=train[-1], test=test[-1])


@rule(
    "Underfitting",
    latex=r"\text{train} < 0.85 \text{ and } \text{train} - \text{test} < 0.08",
    source=CS231N,
    advice="A larger network, less weight decay or dropout, or more updates.",
)
def underfitting(vitals, *, most=0.85, gap=0.08):
    """Not even the training images are known."""
    updates, train, test = vitals.accuracies
    if not len(updates) or train[-1] >= most or train[-1] - test[-1] >= gap:
        return None
    return _since(updates[-1], "train", most, train=train[-1], test=test[-1])
