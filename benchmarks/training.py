"""Time training against honest rivals: `python -m benchmarks.training` prints one table of seconds and ratios.

Floor: the same matrix products and evaluations as bare float32 calls on stacks of four, a process per core. Loop: one
network at a time in float64, as the textbook writes it, two processes. PyTorch: eager, one network at a time, at its best
thread count (skipped when it is not installed). Everybody may use all cores.
"""

import argparse
import importlib.util
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.compare import compare, split
from engine.datasets import load
from engine.experiments import PRESETS, Experiment, mnist
from pages.kit.pool import Pool
from pages.kit.runs import ENDED

CORES = os.cpu_count() or 1
TRIALS = np.random.default_rng(0).uniform([-6, -8], [-2, -4], (100, 2))
CASES: dict[str, list[Experiment]] = {
    "B5": list(PRESETS["B5"]),
    "O11": [replace(spec, steps=1000) for spec in PRESETS["O11"]],
    "R1+R2+R3": [*PRESETS["R1"], PRESETS["R2"][1], PRESETS["R3"][0]],
    "H1": [
        mnist(train_size=400, hidden=(100,) * 6, steps=200, eval_every=4, lr=float(10**a), weight_decay=float(10**b), seed=0)
        for a, b in TRIALS
    ],
}


def sizes(spec: Experiment) -> list[tuple[int, int]]:
    widths = (784, *spec.hidden, 10)
    return list(pairwise(widths))


def floor_of(group: Sequence[Experiment]) -> None:
    """The matrix products of a group's training and evaluations, and nothing else."""
    spec, r = group[0], len(group)
    rng = np.random.default_rng(0)
    batch = min(spec.batch_size, spec.train_size)
    x = rng.random((batch, 784), dtype=np.float32)
    weights = [rng.random((r, *size), dtype=np.float32) for size in sizes(spec)]
    outs = [rng.random((r, batch, columns), dtype=np.float32) for _, columns in sizes(spec)]
    rows = {"train": spec.train_size, "test": 1000, "both": spec.train_size + 1000, "none": 0}[
        spec.evaluate
    ] + spec.validation_size
    everything = rng.random((min(rows, 1000), 784), dtype=np.float32)
    for t in range(spec.steps):
        for inputs, w in zip([x, *outs[:-1]], weights, strict=True):
            inputs @ w
        for i, (inputs, dy, w) in enumerate(zip([x, *outs[:-1]], outs, weights, strict=True)):
            inputs.swapaxes(-1, -2) @ dy
            if i:
                dy @ w.swapaxes(-1, -2)
        if rows and t % spec.eval_every == 0:
            for _ in range(-(-rows // 1000)):
                h = everything
                for w in weights:
                    h = h @ w


def loop_of(group: Sequence[Experiment]) -> None:
    """The textbook's way: one network, float64, a dictionary of parameters; SGD and its rules a parameter at a time."""
    for spec in group:
        data = load(spec.dataset, train_size=spec.train_size, seed=spec.seed)
        textbook_network(spec, data.x_train.astype(float), data.y_train, data.x_test.astype(float), data.y_test)


def textbook_network(spec, x_train, y_train, x_test, y_test) -> None:
    from engine.optimizers import OPTIMIZERS

    rng = np.random.default_rng(0)
    shapes, depth = sizes(spec), len(sizes(spec))
    scale = {"he": lambda n: np.sqrt(2 / n), "normal": lambda _: 1.0}[spec.initializer]
    p = {f"W{i}": spec.init_scale * scale(s[0]) * rng.normal(size=s) for i, s in enumerate(shapes)}
    p |= {f"b{i}": np.zeros(s[1]) for i, s in enumerate(shapes)}
    norm = spec.batchnorm != "none"
    if norm:
        p |= {f"g{i}": np.ones(s[1]) for i, s in enumerate(shapes[:-1])} | {
            f"a{i}": np.zeros(s[1]) for i, s in enumerate(shapes[:-1])
        }
    running = {i: (np.zeros(s[1]), np.zeros(s[1])) for i, s in enumerate(shapes[:-1])}
    rule = OPTIMIZERS[spec.optimizer]
    state = {name: [np.zeros_like(value) for _ in rule.state] for name, value in p.items()}

    def forward(h, train):
        kept = []
        for i in range(depth):
            z, inputs, xhat, std, mask = h @ p[f"W{i}"] + p[f"b{i}"], h, None, None, None
            if i < depth - 1:
                if norm:
                    mean, var = (z.mean(axis=0), z.var(axis=0)) if train else running[i]
                    std = np.sqrt(var + 1e-6)
                    xhat = (z - mean) / std
                    if train:
                        running[i] = tuple(0.9 * old + 0.1 * new for old, new in zip(running[i], (mean, var), strict=True))
                    z = p[f"g{i}"] * xhat + p[f"a{i}"]
                h = np.maximum(z, 0)
                if spec.dropout and train:
                    mask = (rng.random(h.shape) >= spec.dropout) / (1 - spec.dropout)
                    h = h * mask
            kept.append((inputs, z, xhat, std, mask))
        return z, kept

    with np.errstate(all="ignore"):
        for t in range(1, spec.steps + 1):
            rows = rng.integers(len(x_train), size=spec.batch_size)
            logits, kept = forward(x_train[rows], train=True)
            d = np.exp(logits - logits.max(axis=1, keepdims=True))
            d /= d.sum(axis=1, keepdims=True)
            d[np.arange(len(rows)), y_train[rows]] -= 1
            d /= len(rows)
            grads = {}
            for i in reversed(range(depth)):
                inputs, z, xhat, std, mask = kept[i]
                if i < depth - 1:
                    d = (d if mask is None else d * mask) * (z > 0)
                    if norm:
                        grads[f"g{i}"], grads[f"a{i}"] = (d * xhat).sum(axis=0), d.sum(axis=0)
                        dx = d * p[f"g{i}"]
                        d = (dx - dx.mean(axis=0) - xhat * (dx * xhat).mean(axis=0)) / std
                grads[f"W{i}"], grads[f"b{i}"] = inputs.T @ d + spec.weight_decay * p[f"W{i}"], d.sum(axis=0)
                d = d @ p[f"W{i}"].T if i else d
            for name, g in grads.items():
                p[name], *state[name] = rule(t, p[name], g, *state[name], lr=spec.lr, **dict(spec.hyper))
            if (t - 1) % spec.eval_every == 0:
                for x, y in ((x_train, y_train), (x_test, y_test))[: 2 if spec.evaluate == "both" else 1]:
                    (forward(x, train=False)[0].argmax(axis=1) == y).mean()


def torch_of(specs: Sequence[Experiment], threads: int) -> float:
    """Seconds of PyTorch eager, one network after another."""
    import torch

    torch.set_num_threads(threads)
    rules = {
        "sgd": lambda p, lr: torch.optim.SGD(p, lr),
        "momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9),
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
    }
    start = time.perf_counter()
    for spec in specs:
        data = load(spec.dataset, train_size=spec.train_size, seed=spec.seed)
        x, y, x_test, y_test = (torch.tensor(a) for a in (data.x_train, data.y_train, data.x_test, data.y_test))
        layers = []
        for fan_in, fan_out in sizes(spec):
            layers.append(torch.nn.Linear(fan_in, fan_out))
            layers += [torch.nn.BatchNorm1d(fan_out)] if spec.batchnorm != "none" else []
            layers += [torch.nn.ReLU()] + ([torch.nn.Dropout(spec.dropout)] if spec.dropout else [])
        net = torch.nn.Sequential(*layers[: -1 - (spec.batchnorm != "none") - bool(spec.dropout)])
        weights = [m.weight for m in net if isinstance(m, torch.nn.Linear)]
        rule = rules[spec.optimizer](net.parameters(), lr=spec.lr)
        for t in range(spec.steps):
            rows = torch.randint(len(x), (spec.batch_size,))
            loss = torch.nn.functional.cross_entropy(net(x[rows]), y[rows])
            if spec.weight_decay:
                loss = loss + spec.weight_decay / 2 * sum((w**2).sum() for w in weights)
            rule.zero_grad()
            loss.backward()
            rule.step()
            if t % spec.eval_every == 0:
                net.eval()
                with torch.no_grad():
                    for a, b in ((x, y), (x_test, y_test))[: 2 if spec.evaluate == "both" else 1]:
                        (net(a).argmax(1) == b).float().mean().item()
                net.train()
    return time.perf_counter() - start


def spread(work: Callable, groups: list[list[Experiment]]) -> float:
    """Seconds to do all groups on a warm process per core."""
    with multiprocessing.get_context("spawn").Pool(CORES) as pool:
        pool.map(loop_of, [[replace(groups[0][0], steps=1)]] * CORES)
        start = time.perf_counter()
        pool.map(work, groups, chunksize=1)
        return time.perf_counter() - start


def largest_worker() -> int:
    """MB that the largest worker has held at its peak so far (Linux)."""
    status = [Path(f"/proc/{worker.pid}/status").read_text() for worker in multiprocessing.active_children()]
    return max(int(text.split("VmHWM:")[1].split()[0]) for text in status) // 1024


def ours(pool: Pool, specs: list[Experiment]) -> tuple[float, float]:
    """Seconds until the pool is done, and until the first snapshot; a new seed each time, so that nothing is cached."""
    ours.seed += 1
    start, first = time.perf_counter(), 0.0
    run = pool.run([replace(spec, seed=ours.seed) for spec in specs])
    while (snapshot := run.look()).state not in ENDED:
        if not first and snapshot.progress:
            first = time.perf_counter() - start
        time.sleep(0.005)
    return time.perf_counter() - start, first


ours.seed = 100


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("cases", nargs="*", default=list(CASES))
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--torch", help="run only PyTorch on this case, and print seconds")
    given = options.parse_args()
    if given.torch:
        print(min(torch_of(CASES[given.torch], threads) for threads in (1, CORES)))
        return
    pool = Pool(CORES)
    ours(pool, [replace(spec, steps=1) for spec in CASES["B5"]])
    has_torch = importlib.util.find_spec("torch") is not None
    heads = ("floor", "ours", "threads", "loop", "torch", "ours/floor", "loop/ours", "torch/ours", "first ms", "worker MB")
    print(f"{'seconds':10}" + "".join(f"{head:>11}" for head in heads), flush=True)
    for name in given.cases:
        specs = CASES[name]
        groups = [[specs[place] for place in group] for group in split(specs)]
        rounds = []
        for _ in range(given.repeat):
            floor = spread(floor_of, groups)
            mine, first = ours(pool, specs)
            rounds.append((floor, mine, first))
        floor, mine, first = (statistics.median(column) for column in zip(*rounds, strict=True))
        memory = largest_worker()
        start = time.perf_counter()
        compare(specs, workers=CORES)
        threads = time.perf_counter() - start
        loop = spread(loop_of, [[spec] for spec in specs])
        rival = [sys.executable, "-m", "benchmarks.training", "--torch", name]
        torch = float(subprocess.check_output(rival)) if has_torch else float("nan")
        row = (floor, mine, threads, loop, torch, mine / floor, loop / mine, torch / mine, 1e3 * first, memory)
        print(f"{name:10}" + "".join(f"{value:11.2f}" for value in row), flush=True)
    pool.close()


if __name__ == "__main__":
    main()
