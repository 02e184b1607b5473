"""What the doctor finds in networks with a known fault: `python -m benchmarks.doctor` trains 200 of them, in a few minutes, and
prints how often its first finding is the fault that was put in, on the networks its thresholds were tuned on, and on others.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from engine.compare import compare
from engine.doctor import RULES, diagnose
from engine.experiments import Experiment, mnist

LOOKS = {"train_size": 4000, "steps": 400, "eval_every": 20, "probe_steps": (1, 2, 5, 20, 100, 200, 400)}
RATES = {"sgd": 0.1, "momentum": 0.02, "adam": 0.001}
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

RELUS = ("relu", "leaky_relu", "elu")
Fault = Callable[[Experiment], Experiment | None]  # None where it is no fault


def _tiny(spec: Experiment) -> Experiment | None:
    return replace(spec, initializer="normal", init_scale=0.01 if len(spec.hidden) > 2 else 0.002)


def _exploding(spec: Experiment) -> Experiment | None:
    return replace(spec, initializer="normal", init_scale=1.0) if spec.activation in RELUS and len(spec.hidden) > 2 else None


def _sigmoid(spec: Experiment) -> Experiment | None:
    return replace(spec, hidden=spec.hidden[:1] * 5, activation="sigmoid", initializer="xavier")


FAULTS: dict[str, Fault] = {
    "healthy": lambda spec: spec,
    "dead units": lambda spec: replace(spec, bias_init=-3.0) if spec.activation == "relu" else None,
    "exploding gradients": _exploding,
    "vanishing gradients": _sigmoid,
    "bad start": _tiny,
    "lr too high": lambda spec: replace(spec, lr=spec.lr * (15 if spec.optimizer == "sgd" else 30)),
    "lr too low": lambda spec: replace(spec, lr=spec.lr / 300),
    "oscillating": lambda spec: replace(spec, batch_size=6) if spec.optimizer != "adam" else None,
    "no learning": lambda spec: replace(spec, dataset="mnist-shuffled"),
    "overfitting": lambda spec: replace(spec, train_size=150),
    "underfitting": lambda spec: replace(spec, hidden=(3,)),
}


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
