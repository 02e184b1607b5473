"""A budget is a number of updates for a whole search: a scheduler says which networks they are spent on, and which are cut.

It is a generator of rungs. A rung is a list of trials, settings and how many updates each is to have in all; it is sent their
scores, of which more is better and NaN is worst. A setting that comes again goes on where it was, and pays the updates beyond
its last rung alone. How large the rungs are follows from the terms (`plan`); who is in them follows from the scores.
"""

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import cycle, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.registry import Entry, catalogue
from engine.search import STRATEGIES, Range, Setting, Space, checked

Trial = tuple[Setting, int]
Rungs = Generator[list[Trial], Sequence[float], None]
Sizes = list[tuple[int, int]]  # of rungs: networks, and updates of each in all
MOST = 10_000  # networks of a search
TIMES, SHARE = 3, 0.1  # a step of a hand: so many times, or such a share of a range that is not logarithmic
FINEST = 1 / 32  # of that step, below which a hand begins anew
DRAWS = 1000  # of settings that are all known, after which a space holds no more
SCHEDULERS, scheduler = catalogue(Entry)


class Terms(NamedTuple):
    """What may be spent: updates in all, and by one network at most (R); how often networks are compared on the way there, and
    one in η of them goes on."""

    budget: int
    longest: int
    cuts: int = 3
    eta: int = 3

    def checked(self) -> "Terms":
        """Itself; ValueError if no network could come to its end, or there are too many."""
        if self.eta < 2:
            raise ValueError(f"one network in η goes on, so η must be 2 or more, not {self.eta}")
        if self.cuts < 1 or self.longest < 1 or self.cuts * math.log(self.eta) > math.log(self.longest) + 1e-9:
            raise ValueError(f"{self.longest} updates cannot be cut {self.cuts} times to one in {self.eta} of them")
        least = cost(bracket(self.eta**self.cuts, self.cuts, self))
        if self.budget < least:
            raise ValueError(f"{self.budget} updates are too few: to bring one network through {self.cuts} cuts takes {least}")
        if most(self.budget, self.cuts, self) > MOST:
            raise ValueError(f"{self.budget} updates are too many: they would begin more than {MOST} networks")
        return self


class Rung(NamedTuple):
    """So many networks go from `since` to `until` updates each, while the search goes from `start` to `end`."""

    networks: int
    since: int
    until: int
    start: int
    end: int


def bracket(n: int, s: int, terms: Terms) -> Sizes:
    """⌊n η⁻ⁱ⌋ networks with R ηⁱ⁻ˢ updates each, rounded, i = 0, …, s. Li et al. 2018, Algorithm 1.

    >>> bracket(81, 4, Terms(budget=405, longest=81, cuts=4))
    [(81, 1), (27, 3), (9, 9), (3, 27), (1, 81)]
    """
    return [(n // terms.eta**i, round(terms.longest / terms.eta ** (s - i))) for i in range(s + 1)]


def cost(sizes: Sizes) -> int:
    """Updates of a bracket: who goes on pays those beyond the rung before. In the paper's count, from the first anew."""
    return sum(n * (until - since) for (n, until), (_, since) in zip(sizes, [(0, 0), *sizes], strict=False))


def most(budget: int, s: int, terms: Terms) -> int:
    """The most networks whose bracket of s cuts costs no more than the budget."""
    return bisect_right(range(budget + 1), budget, key=lambda n: cost(bracket(n, s, terms))) - 1


def draws(space: Space, seed: int) -> Iterator[Setting]:
    """Settings at random, each of them once; ValueError where the space holds no more."""
    rng, known = np.random.default_rng(seed), set()
    while True:
        found = (STRATEGIES["random"](space, (), rng) for _ in range(DRAWS))
        new = next((one for one in found if values(one) not in known), None)
        if new is None:
            raise ValueError(f"there are hardly more than {len(known)} settings in this space")
        known.add(values(new))
        yield new


def values(setting: Setting) -> tuple[float, ...]:
    return tuple(setting.values())


def cut(settings: list[Setting], sizes: Sizes) -> Rungs:
    """Successive halving: all in a rung are trained, and as many of the best as the next one has go on."""
    for n, updates in sizes:
        scores = yield [(one, updates) for one in settings[:n]]
        settings = [settings[k] for k in np.argsort(-np.asarray(scores), kind="stable")]


@scheduler("Panda", latex=r"u \leftarrow 3 u \;\text{or}\; u / 3", source="Ng, Deep Learning Specialization, course 2, week 3")
def panda(space, settings, terms):
    """One network after the other, each to its end. A step along one hyper-parameter, and on as long as it helps; then back,
    then the next; where no step helps, half of it."""
    ways, size, failed = deque((name, sign) for name in space for sign in (1, -1)), 1.0, 0
    known, best = set(), -math.inf
    now = trial = next(settings)
    for _ in range(terms.budget // terms.longest):
        known.add(values(trial))
        (score,) = yield [(trial, terms.longest)]
        if score > best:
            now, best, failed = trial, score, 0
        while values(trial) in known:
            if trial is not now:
                ways.rotate(-1)
                failed += 1
            if failed == len(ways):
                size, failed = size / 2, 0
            trial = moved(space, now, *ways[0], size) if size > FINEST else next(settings)


def moved(space: Space, setting: Setting, name: str, sign: int, size: float) -> Setting:
    """A setting with one of its values TIMES as large, or as small, to the power of `size`, inside its range."""
    span = space[name]
    step = math.log(TIMES) / math.log(span.high / span.low) if span.log else SHARE
    return {**setting, name: span.at(min(1.0, max(0.0, span.place(setting[name]) + sign * size * step)))}


@scheduler("Caviar", latex=r"n = B / R", source="Ng, Deep Learning Specialization, course 2, week 3")
def caviar(space, settings, terms):  # noqa: ARG001
    """As many networks at once as the budget brings to their ends; none is cut."""
    yield [(one, terms.longest) for one in islice(settings, terms.budget // terms.longest)]


@scheduler(
    "Successive halving",
    latex=r"n_i = \lfloor n\, \eta^{-i} \rfloor,\; r_i = R\, \eta^{i-s}",
    source="Jamieson & Talwalkar 2016, Algorithm 1",
)
def halving(space, settings, terms):  # noqa: ARG001
    """As many networks as the budget brings through all cuts."""
    n = most(terms.budget, terms.cuts, terms)
    yield from cut(list(islice(settings, n)), bracket(n, terms.cuts, terms))


@scheduler(
    "Hyperband",
    latex=r"n = \left\lceil \tfrac{s_{\max} + 1}{s + 1}\, \eta^s \right\rceil,\; s = s_{\max}, \dots, 0",
    source="Li et al. 2018, Algorithm 1",
)
def hyperband(space, settings, terms):  # noqa: ARG001
    """Brackets with ever fewer cuts and networks, for nobody knows how early one may cut; round after round, the last ones
    smaller, as far as the budget goes."""
    left = terms.budget
    for s in cycle(range(terms.cuts, -1, -1)):
        n = min(math.ceil((terms.cuts + 1) / (s + 1) * terms.eta**s), most(left, s, terms))
        if n >= terms.eta**s:
            sizes = bracket(n, s, terms)
            left -= cost(sizes)
            yield from cut(list(islice(settings, n)), sizes)
        elif s == 0:
            return


def begin(name: str, space: Space, terms: Terms, seed: int = 0) -> Rungs:
    """The rungs of a search; all schedulers draw the same settings by the seed. ValueError if it cannot be."""
    space, terms = checked(space), terms.checked()
    return SCHEDULERS[name](space, draws(space, seed), terms)


def asked(rungs: Rungs, answer: Callable[[Trial], float | None]) -> list[list[Trial]]:
    """The rungs as far as the answers go: of the last one not all are known, or it is the end."""
    found = []
    with suppress(StopIteration):
        found.append(next(rungs))
        while len(scores := [score for score in map(answer, found[-1]) if score is not None]) == len(found[-1]):
            found.append(rungs.send(scores))
    return found


@lru_cache(maxsize=300)
def plan(name: str, terms: Terms) -> tuple[Rung, ...]:
    """The rungs of a search, whatever its answers. One with more updates than the rung before goes on with its networks."""
    found, until, end = [], 0, 0
    for trials in asked(begin(name, {"u": Range(0, 1)}, terms), lambda _: 0.0):
        since, until = (until if trials[0][1] > until else 0), trials[0][1]
        start, end = end, end + len(trials) * (until - since)
        found.append(Rung(len(trials), since, until, start, end))
    return tuple(found)


def agreement(a: ArrayLike, b: ArrayLike) -> float:
    """Spearman's rank correlation of two lists (n,); NaN counts as less than all, and is what comes out where all are alike."""
    ranks = [(x[:, None] > x).sum(axis=1) - (x[:, None] < x).sum(axis=1) for x in map(_known, (a, b))]
    size = math.sqrt(math.prod(int(rank @ rank) for rank in ranks))
    return float(ranks[0] @ ranks[1]) / size if size else math.nan


def _known(scores: ArrayLike) -> np.ndarray:
    return np.nan_to_num(np.asarray(scores, float), nan=-math.inf)
