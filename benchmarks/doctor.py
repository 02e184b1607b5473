"""What the doctor finds in networks with a known fault: `python -m benchmarks.doctor` trains 200 of them, in a few minutes, and
prints how often its first finding is the fault that was put in, on the networks its thresholds were tuned on, and on others.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

from engine.compare import compare
from engine.doctor import RULES, diagnose
from engine.experiments import Experiment, mnist
from engine.faults import FAULTS, LOOKS, RATES

TUNED = [
    {"hidden": (100,) * 3},
    {"hidden": (50,) * 5},
    {"hidden": (100,) * 3, "activation": "tanh", "initializer": "xavier"},
    {"hidden": (60,) * 4, "activation": "leaky_relu"},
]
HELD_OUT = [
    {"hidden": (80,) * 4},
    {"hidden": (120, 60), "pixels": "bytes", "scaling": "standardize"},
    {"hidden": (70,) * 4, "activation": "elu"},
    {"hidden": (40,) * 3, "activation": "tanh", "initializer": "glorot"},
]
SEEDS = {"tuned on": (TUNED, 0), "held out": (HELD_OUT, 1)}


def zoo(nets: Sequence[dict], seed: int) -> Iterator[tuple[str, Experiment]]:
    """Every fault in every network under every rule, each with a seed of its own."""
    for place, (net, (rule, lr)) in enumerate(product(nets, RATES.items())):
        spec = mnist(**LOOKS, **net, optimizer=rule, lr=lr, seed=100 * seed + place)
        for name, fault in FAULTS.items():
            if (faulty := fault(spec)) is not None:
                yield name, faulty


def matrix(nets: Sequence[dict], seed: int) -> Counter[tuple[str, str]]:
    """(fault put in, first finding) → how many networks."""
    names, specs = zip(*zoo(nets, seed), strict=True)
    histories = compare(specs, workers=os.cpu_count() or 1)
    return Counter((name, diagnose(history)[0].name) for name, history in zip(names, histories, strict=True))


def main() -> None:
    found = [entry.replace("_", " ") for entry in RULES] + ["healthy"]
    for title, (nets, seed) in SEEDS.items():
        counts = matrix(nets, seed)
        print(f"\n{title}: put in ↓, first finding →\n{'':22}" + "".join(f"{name[:10]:>12}" for name in found))
        for name in FAULTS:
            print(f"{name:22}" + "".join(f"{counts[name, other] or '·':>12}" for other in found))
        right, total = sum(n for (name, other), n in counts.items() if name == other), counts.total()
        faulty = sum(n for (name, _), n in counts.items() if name != "healthy")
        missed = sum(n for (name, other), n in counts.items() if other == "healthy" != name)
        print(f"right {right} of {total}, {right / total:.0%}; a faulty one called healthy {missed} of {faulty}")


if __name__ == "__main__":
    main()
