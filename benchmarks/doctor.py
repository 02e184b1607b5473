"""What the doctor finds in networks with a known fault: `python -m benchmarks.doctor` trains 270 of them, in a few minutes, and
prints how often its first finding is the fault that was put in, on the networks its thresholds were tuned on, on others, and on
the first forty mysteries, but for those whose fault it has no name for.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from engine.compare import compare
from engine.doctor import RULES, diagnose
from engine.experiments import Experiment, mnist
from engine.faults import FAULTS, LOOKS, RATES
from engine.mysteries import mystery

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


def matrix(networks: Iterable[tuple[str, Experiment]]) -> Counter[tuple[str, str]]:
    """(fault put in, first finding) → how many networks."""
    names, specs = zip(*networks, strict=True)
    histories = compare(specs, workers=os.cpu_count() or 1)
    return Counter((name, diagnose(history)[0].name) for name, history in zip(names, histories, strict=True))


def main() -> None:
    found = [entry.replace("_", " ") for entry in RULES] + ["healthy"]
    networks = {title: zoo(*nets) for title, nets in SEEDS.items()}
    cases = map(mystery, range(1, 41))
    networks["mysteries"] = ((case.fault, case.hidden) for case in cases if case.fault in FAULTS)
    for title, each in networks.items():
        counts = matrix(each)
        print(f"\n{title}: put in ↓, first finding →\n{'':22}" + "".join(f"{name[:10]:>12}" for name in found))
        for name in FAULTS:
            print(f"{name:22}" + "".join(f"{counts[name, other] or '·':>12}" for other in found))
        right, total = sum(n for (name, other), n in counts.items() if name == other), counts.total()
        faulty = sum(n for (name, _), n in counts.items() if name != "healthy")
        missed = sum(n for (name, other), n in counts.items() if other == "healthy" != name)
        print(f"right {right} of {total}, {right / total:.0%}; a faulty one called healthy {missed} of {faulty}")


if __name__ == "__main__":
    main()
