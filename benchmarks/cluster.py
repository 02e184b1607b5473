"""Time training on a Dask cluster: `python -m benchmarks.cluster` prints the same search on the local pool and on two workers
of this machine, undisturbed and disturbed, what a turn costs whom, and from that how many workers until what breaks.
"""

import argparse
import os
import pickle
import statistics
import time
from dataclasses import dataclass, replace

import numpy as np
import psutil

from engine.compare import split
from engine.experiments import Experiment
from pages.kit.far import TURN, Cluster
from pages.kit.pool import Pool
from pages.kit.runs import ENDED, Run
from tests.pages.machines import Machines, kill, machines

CORES = os.cpu_count() or 1
NET = 125e6  # bytes a second, 1 Gbit/s
SEEDS = iter(range(1000, 9999))  # so that nothing is known already


def search(name: str = "search/random") -> list[Experiment]:
    """The networks of a lab's textbook run, with another seed each time."""
    from pages.labs import LABS  # worker processes import this file too, and need none of it

    lab, seed = LABS[name], next(SEEDS)
    return [replace(spec, seed=seed + spec.seed) for spec in lab.asked(lab.settle({}))]


def finished(run: Run) -> float:
    """Seconds until the run has ended."""
    began = time.perf_counter()
    while run.look().state not in ENDED:
        time.sleep(0.005)
    if run.look().state != "done":
        raise RuntimeError(run.look().note)
    return time.perf_counter() - began


def disturbed(pool: Pool, found: Machines, specs: list[Experiment]) -> tuple[float, list[np.ndarray]]:
    """Seconds of a search in which a worker is killed and another one added, and its losses."""
    began, run = time.perf_counter(), pool.run(specs)
    while run.look().progress < 0.3:
        time.sleep(0.02)
    kill(found.workers.pop(0))
    found.add()
    finished(run)
    return time.perf_counter() - began, [history.loss for history in run.histories]


class Meter:
    """Seconds of processor that this server and the scheduler spend, beyond what they spend at rest."""

    def __init__(self, scheduler: psutil.Process) -> None:
        self.processes = (psutil.Process(), scheduler)
        self.rest = (0.0, 0.0)
        self.start()
        time.sleep(5)
        self.rest = tuple(spent / 5 for spent in self.spent())

    def start(self) -> None:
        self.began, self.before = time.perf_counter(), self._busy()

    def spent(self) -> tuple[float, ...]:
        """Since the start."""
        passed = time.perf_counter() - self.began
        return tuple(now - then - rest * passed for now, then, rest in zip(self._busy(), self.before, self.rest, strict=True))

    def _busy(self) -> list[float]:
        return [times.user + times.system for times in (process.cpu_times() for process in self.processes)]


@dataclass
class Cost:
    """Of a turn: seconds more than it trains, seconds of processor of this server and of the scheduler, bytes of the answer."""

    overhead: float
    server: float
    scheduler: float
    payload: float


def cost(cluster: Cluster, meter: Meter, name: str) -> Cost:
    """Of the turns of the first group of a lab, one after the other; without the pool's own part, .4 ms of processor."""
    specs = search(name)
    group, (far, _) = [specs[place] for place in split(specs)[0]], cluster.hire()
    waits, answers, kind = [], [], ""
    meter.start()
    while kind != "done":
        began = time.perf_counter()
        far.send((0, group, [0]))
        kind, news = far.recv()
        waits.append(time.perf_counter() - began - news[1])
        answers.append(news)
    server, scheduler = (spent / len(waits) for spent in meter.spent())
    far.close()
    return Cost(statistics.median(waits), server, scheduler, statistics.mean(len(pickle.dumps(news)) for news in answers))


def rate(cluster: Cluster, meter: Meter, count: int = 2000) -> tuple[float, float, float]:
    """Empty turns a second, many at once, and seconds of processor of this server and of the scheduler for one."""
    addresses, began = list(cluster.threads), time.perf_counter()
    meter.start()
    futures = [cluster.submit(addresses[k % len(addresses)], len, b"") for k in range(count)]
    for future in futures:
        future.result()
    server, scheduler = (spent / count for spent in meter.spent())
    return count / (time.perf_counter() - began), server, scheduler


def ready(cluster: Cluster) -> Cluster:
    """The cluster as soon as both workers are there."""
    while len(cluster.threads) < 2:
        time.sleep(0.1)
    return cluster


def race(local: Pool, found: Machines, repeat: int, trials: int) -> None:
    """The same search here and there, in turns; then once more while the cluster is disturbed."""
    pool = Pool(CORES, cluster=ready(Cluster(found.address)))
    for each in (local, pool):
        finished(each.run(search()[:8]))
    rounds = [(finished(local.run(search()[:trials])), finished(pool.run(search()[:trials]))) for _ in range(repeat)]
    ratios = [there / here for here, there in rounds]
    print(f"{trials} trials, seconds here and on the cluster: " + ", ".join(f"{a:.1f} {b:.1f}" for a, b in rounds))
    print(f"ratio {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}", flush=True)
    specs = search()[:trials]
    spent, losses = disturbed(pool, found, specs)
    here = local.run(specs)
    finished(here)
    same = all(np.array_equal(a, b.loss, equal_nan=True) for a, b in zip(losses, here.histories, strict=True))
    print(f"a worker killed, one added: {spent:.1f} s; all {len(losses)} histories as on this machine: {same}", flush=True)
    pool.close()


def paper(found: Machines) -> None:
    """What turns cost, and how many workers that would carry."""
    cluster = ready(Cluster(found.address))
    meter = Meter(psutil.Process(found.scheduler.pid))
    each, server, scheduler = rate(cluster, meter)
    print(f"at rest: {', '.join(f'{100 * spent:.1f} %' for spent in meter.rest)} of a core for server and scheduler")
    print(f"empty turns: {each:.0f} a second; server {1e3 * server:.2f} ms, scheduler {1e3 * scheduler:.2f} ms of processor")
    print(f"{'turns of':22}{'overhead ms':>12}{'server ms':>11}{'scheduler ms':>14}{'kB':>8}   workers until … is full")
    for name in ("search/random", "batchnorm/grid", "optimizers/race", "babysitting/vitals"):
        c = cost(cluster, meter, name)
        period = TURN + c.overhead
        most = {"server": period / c.server, "scheduler": period / c.scheduler, "1 Gbit/s": NET * period / c.payload}
        limits = ", ".join(f"{what} {workers:.0f}" for what, workers in sorted(most.items(), key=lambda item: item[1]))
        numbers = f"{1e3 * c.overhead:12.1f}{1e3 * c.server:11.1f}{1e3 * c.scheduler:14.1f}{c.payload / 1e3:8.1f}"
        print(f"{name:22}{numbers}   {limits}", flush=True)
    cluster.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--trials", type=int, default=100)
    given = options.parse_args()
    local = Pool(CORES)
    with machines(2) as found:
        race(local, found, given.repeat, given.trials)
        paper(found)
    local.close()


if __name__ == "__main__":
    main()
