"""Time the maps: `python -m benchmarks.maps` prints what a basin map of 200 × 200 starts and 200 steps takes, per rule, and
what the page's largest requests take, with all starts and with as many as the page gives them."""

import time
import tracemalloc
from collections.abc import Callable

from engine.atlas import Atlas
from engine.descent import descend
from engine.experiments import CLASSICS, textbook
from engine.maps import basin_map, winner_map
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS

SURFACE, STEPS, N = "himmelblau", 200, 200
HEAVY = ("rmsprop", "adam", "adadelta", "adamax", "amsgrad", "adamw")
LARGEST = (("winner", "beale", HEAVY), ("winner", "styblinski_tang", HEAVY), ("basins", "rastrigin", ("amsgrad",)))
LONGEST = 300


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of some, since everything else on the machine only adds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def peak_mb(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def request(asked: Atlas) -> Callable[[], object]:
    objective, (name, lr) = OBJECTIVES[asked.surface], asked.rules[0]
    if asked.kind == "basins":
        return lambda: basin_map(objective, name, asked.steps, n=N, lr=lr)
    return lambda: winner_map(objective, {rule: {"lr": lr} for rule, lr in asked.rules}, asked.steps, n=N)


def main() -> None:
    print(f"basin map of {SURFACE}, {N}×{N} starts, {STEPS} steps")
    for name, rule in OPTIMIZERS.items():
        work = request(Atlas("basins", SURFACE, ((name, textbook(name, SURFACE).lr),), STEPS, (0, 0)))
        print(f"{rule.label:12}{seconds(work):6.2f} s, at most {peak_mb(work):4.0f} MB")
    print(f"the largest requests, {LONGEST} steps")
    for kind, surface, rules in LARGEST:
        asked = Atlas(kind, surface, tuple((name, textbook(name, surface).lr) for name in rules), LONGEST, (0, 0))
        print(f"{kind} on {surface}, {len(rules)} rules: {seconds(request(asked), 1):.2f} s")
    specs = [textbook(name, SURFACE) for name in CLASSICS]
    paths = seconds(lambda: [descend(OBJECTIVES[SURFACE], s.optimizer, (s.x0, s.y0), 500, lr=s.lr) for s in specs], 20)
    print(f"{len(specs)} paths of 500 steps: {1000 * paths:.1f} ms")


if __name__ == "__main__":
    main()
