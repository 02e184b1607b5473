"""A search asks one setting of hyper-parameters after another. A strategy is a function of what was seen so far.

A space is name → range, `seen` a list of (setting, score) in which more is better and NaN is a trial that failed. Names are
those of fields and sliders of an experiment. Settings follow from the seed: the same is asked again after the same answers.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.fields import rounded
from engine.gaussian import Belief, believe, improvement
from engine.registry import Entry, catalogue

Setting = dict[str, float]
Seen = Sequence[tuple[Setting, float]]
LATTICE = 48  # places along each of two dimensions at which an improvement is looked for
SAME = 1e-4  # between two places, of which the second is not asked again
PLACES = 2000  # in more dimensions, drawn at random


class Range(NamedTuple):
    """The values of a hyper-parameter, uniform or uniform in their logarithm, whole or not."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def at(self, u: float) -> float:
        """The value at a place u from 0 to 1.

        >>> Range(1e-6, 1e-2, log=True).at(0.5), Range(1, 4).at(0.5), Range(1, 4, whole=True).at(0.99)
        (0.0001, 2.5, 4)
        """
        if self.whole:
            low, high = self.low - 0.5, self.high + 0.5 - 1e-9
            return round(low * (high / low) ** u if self.log else low + u * (high - low))
        return rounded(self.low * (self.high / self.low) ** u if self.log else self.low + u * (self.high - self.low))

    def place(self, value: float) -> float:
        """Where a value lies, from 0 to 1."""
        low, high = (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)
        if self.log:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return (value - low) / (high - low)

    def checked(self, name: str) -> "Range":
        """Itself; ValueError if it holds no values, or none whose logarithm could be taken."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(f"the range of {name} must have ends, not {self.low:g} to {self.high:g}")
        if self.low >= self.high:
            raise ValueError(f"the range of {name} is empty: {self.low:g} to {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic range of {name} must begin above 0, not at {self.low:g}")
        return self


Space = Mapping[str, Range]
STRATEGIES, strategy = catalogue(Entry)


def checked(space: Space) -> Space:
    """Itself; ValueError if there is nothing in it, or a range is none."""
    if not space:
        raise ValueError("a search needs at least one hyper-parameter")
    return {name: span.checked(name) for name, span in space.items()}


def propose(name: str, space: Space, seen: Seen, seed: int = 0, **sliders: float) -> Setting:
    """What a strategy asks next. StopIteration if it has nothing more to ask."""
    rng = np.random.default_rng([seed, len(seen)])
    return STRATEGIES[name](checked(space), seen, rng, **sliders)


def nth(name: str, space: Space, k: int, seed: int = 0, **sliders: float) -> Setting:
    """The k-th setting, from 0, that a strategy asks which does not look at answers.

    >>> [nth("grid", {"lr": Range(0, 1)}, k, each=2) for k in range(2)]
    [{'lr': 0.25}, {'lr': 0.75}]
    """
    return propose(name, space, [({}, 0.0)] * k, seed, **sliders)


def setting(space: Space, places: Sequence[float]) -> Setting:
    """The values at places of the unit cube, in the order of the space."""
    return {name: span.at(float(u)) for (name, span), u in zip(space.items(), places, strict=True)}


def places(space: Space, settings: Sequence[Setting]) -> np.ndarray:
    """(n, d): where settings lie in the unit cube."""
    return np.array([[span.place(each[name]) for name, span in space.items()] for each in settings]).reshape(-1, len(space))


@strategy("Grid", latex=r"u \in \left\{\tfrac{1}{2n}, \tfrac{3}{2n}, \dots\right\}^d", source="Bergstra & Bengio 2012")
def grid(space, seen, rng, *, each=5):  # noqa: ARG001
    """The points of a lattice, `each` values along every dimension, one after the other."""
    if len(seen) >= each ** len(space):
        raise StopIteration
    corner = np.unravel_index(len(seen), (each,) * len(space))
    return setting(space, [(int(k) + 0.5) / each for k in corner])


@strategy("Random", latex=r"u \sim U(0, 1)^d", source="Bergstra & Bengio 2012")
def random(space, seen, rng):  # noqa: ARG001
    """Anywhere in the space."""
    return setting(space, rng.random(len(space)))


@strategy("Coarse to fine", latex=r"u \sim U(\text{box of the best quarter})", source="CS231n, Neural Networks Part 3")
def coarse_to_fine(space, seen, rng, *, stage=20, share=0.25, least=0.05):
    """At random; after every `stage` trials in the box of the best `share` of all so far, no side shorter than `least`."""
    before = [pair for pair in seen[: len(seen) // stage * stage] if math.isfinite(pair[1])]
    low, high = np.zeros(len(space)), np.ones(len(space))
    if before:
        best = sorted(before, key=lambda pair: pair[1], reverse=True)[: max(2, round(share * len(before)))]
        low, high = box(places(space, [one for one, _ in best]), least)
    return setting(space, low + rng.random(len(space)) * (high - low))


def box(points: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """The corners of the box around points (n, d) of the unit cube, inside of it and no side shorter than `least`."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, np.maximum(high - low, least) / 2
    return np.maximum(middle - half, 0), np.minimum(middle + half, 1)


@strategy(
    "Bayes",
    latex=r"u = \arg\max_u\, \mathrm{E}\left[\max(0, f(u) - \mu^*)\right]",
    source="Jones et al. 1998; Snoek et al. 2012",
)
def bayes(space, seen, rng, *, start=8):
    """After `start` trials at random, where the process believes that most can be gained, and nobody has asked before."""
    if len(seen) < start or not any(math.isfinite(score) for _, score in seen):
        return random(space, seen, rng)
    belief, where = belief_of(space, seen), candidates(len(space), rng)
    asked = (np.abs(where[:, None] - belief.x) < SAME).all(axis=-1).any(axis=-1)
    gain = improvement(*belief.at(where), belief.best)
    return setting(space, where[np.where(asked, -1, gain).argmax()])


def belief_of(space: Space, seen: Seen) -> Belief:
    """What the answers so far say of the whole space; a trial that failed counts as the worst of the others."""
    scores = np.array([score for _, score in seen], float)
    scores = np.where(np.isfinite(scores), scores, scores[np.isfinite(scores)].min())
    return believe(places(space, [one for one, _ in seen]), scores)


def lattice(side: int = LATTICE) -> np.ndarray:
    """(side², 2): the middles of the cells of a square, the second coordinate running fastest."""
    axis = (np.arange(side) + 0.5) / side
    return np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)


def candidates(d: int, rng: np.random.Generator) -> np.ndarray:
    """Places (m, d) at which to look for an improvement."""
    return lattice() if d == 2 else rng.random((PLACES, d))


def at_border(space: Space, best: Setting, near: float = 0.05) -> list[str]:
    """Names of the hyper-parameters whose best value lies at an end of its range: there may be better beyond it."""
    return [name for name, span in space.items() if not near < span.place(best[name]) < 1 - near]
