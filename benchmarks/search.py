"""Time searches: `python -m benchmarks.search` prints the textbook's search on the pool against its matrix products, what a
trial costs beside its training, and how long each strategy thinks about the next one.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.training import CORES, floor_of, ours, spread
from engine.compare import split
from engine.importance import importance, resampled
from engine.search import STRATEGIES, Range, propose
from pages.kit.pool import Pool

SPACE = {"lr": Range(1e-6, 1, log=True), "weight_decay": Range(1e-8, 1e-2, log=True)}
TRIALS = (10, 30, 100)


def median(action: Callable[[], object], repeat: int) -> float:
    """Milliseconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        action()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def thinking(repeat: int) -> None:
    """Milliseconds to ask, after so many trials."""
    rng = np.random.default_rng(0)
    settings = [propose("random", SPACE, [({}, 0.0)] * k) for k in range(max(TRIALS))]
    seen = [(one, float(np.exp(-((np.log10(one["lr"]) + 2) ** 2)) + rng.normal(0, 0.03))) for one in settings]
    print(f"{'ms to ask after … trials':28}" + "".join(f"{count:>10}" for count in TRIALS))
    for name in STRATEGIES:
        asks = [median(lambda count=count, name=name: propose(name, SPACE, seen[:count], each=11) if name == "grid"
                       else propose(name, SPACE, seen[:count]), repeat) for count in TRIALS]  # fmt: skip
        print(f"{name:28}" + "".join(f"{ask:10.2f}" for ask in asks))
    plain, drawn = importance, lambda *given: resampled(*given, 0.2, 100)
    for words, action in (("importance", plain), ("importance, drawn 100 times", drawn)):
        print(f"{words:28}" + "".join(f"{median(lambda n=n, do=action: do(SPACE, seen[:n]), repeat):10.2f}" for n in TRIALS))


def textbook(repeat: int) -> None:
    """Seconds of H1 on the pool, and of its matrix products."""
    from pages.labs import LABS  # not in the processes that multiply

    lab = LABS["search/random"]
    specs = lab.asked(lab.settle({}))
    groups = [[specs[place] for place in group] for group in split(specs)]
    pool = Pool(CORES)
    ours(pool, [replace(spec, steps=1) for spec in specs[:8]])
    rounds = [(spread(floor_of, groups), ours(pool, specs)[0]) for _ in range(repeat)]
    run = next(reversed(pool.runs.values()))
    trained = sum(run.seconds) / CORES
    pool.close()
    floor, mine = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(mine / floor for floor, mine in rounds)
    print(f"H1, {len(specs)} trials: pool {mine:.1f} s, matrix products {floor:.1f} s, ratio {ratio:.2f} (target ≤ 1.6)")
    print(f"beside training: {1e3 * (rounds[-1][1] - trained) / len(specs):.1f} ms a trial", flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()
    textbook(given.repeat)
    thinking(given.repeat)
