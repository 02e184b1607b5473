"""Thinking is a search whose next question hangs on the answers before it, as far as they are known by now."""

from dataclasses import replace

from engine.experiments import Experiment
from engine.search import Setting, Space, nth, propose
from pages.kit import compute
from pages.sections.search import trials

Known = tuple[tuple[float, float, float], ...]  # learning rate, weight decay and score of trials


@compute.cached(2000)
def ask(space: tuple, known: Known, seed: int, start: int) -> Setting:
    """What Bayes asks after these trials, of which `start` are by chance."""
    seen = [({"lr": lr, "weight_decay": decay}, score) for lr, decay, score in known]
    return propose("bayes", dict(space), seen, seed, start=start)


def thought(space: Space, base: Experiment, count: int, start: int) -> list[Experiment]:
    """The first `count` trials of Bayes, or as many as can be asked before there are more answers."""
    asked = [by_chance(space, base, k) for k in range(min(start, count))]
    while len(asked) < count:
        answers = [compute.known(spec) for spec in asked]
        known = tuple((h.experiment.lr, h.experiment.weight_decay, trials.score(h)) for h in answers if h)
        if len(known) < len(asked):
            break
        asked.append(replace(base, **ask(tuple(space.items()), known, base.seed, start)))
    return asked


def by_chance(space: Space, base: Experiment, k: int) -> Experiment:
    """The k-th trial of chance, from 0."""
    return replace(base, **nth("random", space, k, base.seed))
