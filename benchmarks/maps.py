"""Time the maps: `python -m benchmarks.maps` prints what a basin map of 200 × 200 starts and 200 steps takes, per rule."""

import time
import tracemalloc

from engine.experiments import textbook
from engine.maps import basin_map
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS

SURFACE, STEPS, N = "himmelblau", 200, 200


def seconds(name: str, lr: float) -> float:
    """The best of 3, since everything else on the machine only adds."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        basin_map(OBJECTIVES[SURFACE], name, STEPS, n=N, lr=lr)
        times.append(time.perf_counter() - start)
    return min(times)


def peak_mb(name: str, lr: float) -> float:
    tracemalloc.start()
    basin_map(OBJECTIVES[SURFACE], name, STEPS, n=N, lr=lr)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    print(f"basin map of {SURFACE}, {N}×{N} starts, {STEPS} steps")
    for name, rule in OPTIMIZERS.items():
        lr = textbook(name, SURFACE).lr
        print(f"{rule.label:12}{seconds(name, lr):6.2f} s, at most {peak_mb(name, lr):4.0f} MB")


if __name__ == "__main__":
    main()
