"""A claim is a sentence of a lecture as a value: what it says of a number, where that is measured, and what seeds make of it.

The number is a difference between two kinds of networks, in pairs of one seed each; the sentence says from where to where it
lies. That is asked at one place, the sentence's own, or at several: then it may hold here, and not there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import exp, inf, isfinite
from typing import Any, NamedTuple

import numpy as np

from engine.compare import History
from engine.experiments import Descent, Spec
from engine.registry import Entry, catalogue
from engine.sequential import anytime
from engine.verdict import Difference, Verdict

HOLDS, HERE, NOT, OPEN = KINDS = ("holds", "holds here", "does not hold", "these seeds cannot tell")
LEVEL = 0.05  # of all places of a claim together, after any number of seeds
BEYOND = 700  # whose exponential is no number
MORE, LESS = (0.0, inf), (-inf, 0.0)

Effects = Mapping[str, Sequence[float] | np.ndarray]  # place → what was measured there, (seeds,)


class Place(NamedTuple):
    """Where a claim is asked: the best of some specs less the best of some others, or itself if there are none."""

    name: str
    specs: Sequence[Spec]
    others: Sequence[Spec] = ()


@dataclass(frozen=True, kw_only=True)
class Claim(Entry):
    """Its function measures a finished history, or the path of a descent."""

    latex: str = ""
    lab: str
    """Id of the lab that shows it."""
    address: Mapping[str, str | list[str]] = field(default_factory=dict)
    """What its address says there, but for the lab."""
    effect: str
    """What is measured, in words."""
    says: tuple[float, float] = MORE
    """From where to where that lies, if the claim is right."""
    places: Sequence[Place]
    """The claim's own comes first."""
    factor: bool = False
    """Whether it is the logarithm of a factor."""

    @property
    def sentence(self) -> str:
        return self.label

    @cached_property
    def arms(self) -> tuple[Spec, ...]:
        """What is trained, or descended, with each seed."""
        return tuple(dict.fromkeys(spec for place in self.places for spec in (*place.specs, *place.others)))

    @property
    def exact(self) -> bool:
        """Whether no seed has a part in it."""
        return isinstance(self.arms[0], Descent)

    def experiments(self, seeds: int | Iterable[int]) -> list[Spec]:
        """Every arm with each of the seeds, or with 0, 1, …, seed by seed; those of what is exact as they are."""
        chosen = range(seeds) if isinstance(seeds, int) else seeds
        return list(self.arms) if self.exact else [replace(spec, seed=seed) for seed in chosen for spec in self.arms]

    def effects(self, results: Sequence[Any], measure: Callable[[Any], float] | None = None) -> dict[str, np.ndarray]:
        """What was measured at each place, of the results of `experiments` in their order: the seeds that are finished.
        `measure` is the claim's own function, or one that remembers what it has said."""
        measure = measure or self
        size = len(self.arms)
        rows = [results[i : i + size] for i in range(0, len(results) - size + 1, size)]
        table = np.array([[measure(each) for each in row] for row in rows if all(map(_finished, row))]).reshape(-1, size)
        column = {spec: table[:, i] for i, spec in enumerate(self.arms)}

        def best(specs: Sequence[Spec]) -> np.ndarray:
            return np.max([column[spec] for spec in specs], axis=0)

        return {p.name: best(p.specs) - best(p.others) if p.others else best(p.specs) for p in self.places}

    def judge(self, results: Sequence[Any]) -> Verdict:
        """What the results of `experiments` say, which may be fewer seeds than were asked for, in their order."""
        return self.tell(self.effects(results))

    def differences(self, effects: Effects) -> dict[str, Difference]:
        """Place → its mean effect, with an error that holds at all places and after any number of seeds."""
        level = LEVEL / len(self.places)
        return {
            p.name: Difference(float(effects[p.name][0]), 0.0, 1) if self.exact else anytime(effects[p.name], level)
            for p in self.places
        }

    def tell(self, effects: Effects) -> Verdict:
        """One of KINDS; effect, low and high of the claim's own place, as factors if they are; `rows`, all places with the
        answer of each; `turns`, the first place that answers otherwise, or None."""
        found = self.differences(effects)
        answers = {name: self._answer(difference) for name, difference in found.items()}
        rows = [{"place": name, **self._numbers(found[name]), "answer": answer} for name, answer in answers.items()]
        own, *others = rows
        turns = next((row["place"] for row in others if {own["answer"], row["answer"]} == {"yes", "no"}), None)
        numbers = {name: own[name] for name in ("effect", "low", "high", "seeds")}
        kind = _kind([row["answer"] for row in rows])
        says_low, says_high = map(self._shown, self.says)
        told = {"rows": rows, "turns": turns, "error": found[own["place"]].error, "says_low": says_low, "says_high": says_high}
        return Verdict(kind, right="" if kind == OPEN else kind.replace(" ", "-"), **numbers, **told)

    def _answer(self, difference: Difference) -> str:
        """Whether the interval lies within what the claim says: "yes", "no" if it lies outside, "" if seeds cannot tell."""
        low, high = self.says
        if not isfinite(difference.error):
            return ""
        bottom, top = difference.mean - difference.error, difference.mean + difference.error
        if low < bottom and top < high:
            return "yes"
        return "no" if top <= low or bottom >= high else ""

    def _numbers(self, difference: Difference) -> dict[str, Any]:
        mean, error = difference.mean, difference.error
        ends = (mean - error, mean + error) if isfinite(error) else (-inf, inf)
        effect, low, high = map(self._shown, (mean, *ends))
        return {"effect": effect, "low": low, "high": high, "error": error, "seeds": difference.seeds}

    def _shown(self, value: float) -> float:
        return (exp(value) if value < BEYOND else inf) if self.factor else value


def _kind(answers: Sequence[str]) -> str:
    """Of the answers at all places, the claim's own first. A "yes" there is "here" until all the others say it too."""
    if set(answers) == {"yes"}:
        return HOLDS
    if "yes" in answers and (answers[0] == "yes" or "no" in answers):
        return HERE
    return NOT if answers[0] == "no" else OPEN


def _finished(result: Any) -> bool:
    return not isinstance(result, History) or len(result.loss) == result.experiment.steps


CLAIMS, claim = catalogue(Claim)
