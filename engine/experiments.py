"""An experiment is a flat, frozen spec of plain values; a preset is a list of them under the ID of the textbook figure.

The same fields drive widgets, URL, cache key, legend and the "reproduce this" script. Numbers are kept to 6 significant
digits, so that what the URL says and what the cache knows are the same number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from engine import objectives, optimizers, schedules
from engine.objectives import OBJECTIVES, Objective, parse
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.schedules import SCHEDULES

Hyper = tuple[tuple[str, float], ...]


def number(default: float, low: float, high: float, log: bool = False) -> Any:
    """A dataclass field that carries its own range."""
    return field(default=default, metadata={"range": Range(low, high, log)})


def rounded(value: float) -> float:
    """6 significant digits."""
    return float(f"{value:.6g}")


@dataclass(frozen=True)
class Descent:
    """One optimizer on one surface. `hyper` holds the sliders of its rule other than lr, as (name, value) pairs."""

    surface: str = "anisotropic"
    surface_hyper: Hyper = ()
    formula: str = ""
    x0: float = number(-7.0, -1000, 1000)
    y0: float = number(2.0, -1000, 1000)
    optimizer: str = "sgd"
    lr: float = number(0.1, 1e-4, 100, log=True)
    hyper: Hyper = ()
    schedule: str = "constant"
    schedule_hyper: Hyper = ()
    steps: int = number(30, 1, 1000)
    noise: float = number(0.0, 0, 10)
    batch_size: int = number(1, 1, 256)
    seed: int = number(0, 0, 9999)

    def __post_init__(self) -> None:
        """Round every number and check it; a wrong value is a ValueError that names field and range."""
        for spec in fields(self):
            if "range" in spec.metadata:
                value = type(spec.default)(rounded(getattr(self, spec.name)))
                spec.metadata["range"].check(spec.name, value)
                object.__setattr__(self, spec.name, value)
        for kind, names in (("surface", [*OBJECTIVES, "formula"]), ("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
            if getattr(self, kind) not in names:
                raise ValueError(f"{kind} must be one of {', '.join(names)}, not {getattr(self, kind)}")
        for name, ranges in HYPER_RANGES.items():
            pairs = tuple((key, rounded(value)) for key, value in getattr(self, name))
            for key, value in pairs:
                if key not in ranges:
                    raise ValueError(f"{name} knows no {key}")
                ranges[key].check(key, value)
            object.__setattr__(self, name, pairs)

    def objective(self) -> Objective:
        """The surface with its sliders set; ValueError if the formula is not one."""
        if self.surface == "formula":
            return parse(self.formula, **dict(self.surface_hyper))
        return OBJECTIVES[self.surface].bind(**dict(self.surface_hyper))


HYPER_RANGES: Mapping[str, Mapping[str, Range]] = {
    "surface_hyper": objectives.RANGES,
    "hyper": optimizers.RANGES,
    "schedule_hyper": schedules.RANGES,
}

# surface → updates, and learning rates at which its story can be seen from its start; the first row is DLFS 6.1
STEPS_AND_RATES = {
    "anisotropic": (30, {"sgd": 0.95, "momentum": 0.1, "nesterov": 0.1, "adagrad": 1.5, "rmsprop": 0.1, "adam": 0.3}),
    "bowl": (40, {"sgd": 0.1, "momentum": 0.1, "nesterov": 0.1, "adagrad": 1.5, "rmsprop": 0.3, "adam": 0.3}),
    "ravine": (100, {"sgd": 0.95, "momentum": 0.1, "nesterov": 0.1, "adagrad": 1.5, "rmsprop": 0.3, "adam": 0.3}),
    "rosenbrock": (300, {"sgd": 0.002, "momentum": 0.001, "nesterov": 0.001, "adagrad": 0.5, "rmsprop": 0.1, "adam": 0.3}),
    "beale": (150, {"sgd": 0.01, "momentum": 0.002, "nesterov": 0.002, "adagrad": 0.5, "rmsprop": 0.1, "adam": 0.3}),
    "himmelblau": (60, {"sgd": 0.01, "momentum": 0.005, "nesterov": 0.005, "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.3}),
    "rastrigin": (100, {"sgd": 0.002, "momentum": 0.005, "nesterov": 0.002, "adagrad": 0.5, "rmsprop": 0.1, "adam": 0.3}),
    "styblinski_tang": (60, {"sgd": 0.01, "momentum": 0.01, "nesterov": 0.01, "adagrad": 0.5, "rmsprop": 0.1, "adam": 0.3}),
    "double_well": (80, {"sgd": 0.05, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.3, "rmsprop": 0.05, "adam": 0.1}),
    "saddle": (60, {"sgd": 0.05, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.1, "rmsprop": 0.02, "adam": 0.05}),
    "monkey_saddle": (80, {"sgd": 0.01, "momentum": 0.002, "nesterov": 0.002, "adagrad": 0.05, "rmsprop": 0.01, "adam": 0.02}),
    "plateau": (150, {"sgd": 0.5, "momentum": 0.2, "nesterov": 0.2, "adagrad": 0.2, "rmsprop": 0.02, "adam": 0.05}),
}


def textbook(optimizer: str, surface: str = "anisotropic", **changes: Any) -> Descent:
    """The textbook's setting of an optimizer on a surface, but for `changes`; the rule's own lr where there is none."""
    rule = OPTIMIZERS[optimizer]
    steps, rates = STEPS_AND_RATES.get(surface, STEPS_AND_RATES["anisotropic"])
    x0, y0 = OBJECTIVES[surface].start if surface in OBJECTIVES else (Descent.x0, Descent.y0)
    setting = {
        "surface": surface,
        "optimizer": optimizer,
        "x0": x0,
        "y0": y0,
        "steps": steps,
        "lr": rates.get(optimizer, rule.sliders["lr"]),
        "hyper": tuple((name, value) for name, value in rule.sliders.items() if name != "lr"),
    }
    return Descent(**{**setting, **changes})


PRESETS: Mapping[str, list[Descent]] = {
    "O9-all": [textbook(name, steps=60) for name in OPTIMIZERS],
    "O1": [textbook("sgd", "bowl", steps=30)],
    "O2": [textbook("sgd", lr=2 / 2.1)],
    "O3": [textbook("sgd")],
    "O4": [textbook("sgd", lr=0.1)],
    "O5": [textbook("momentum", steps=60)],
    "O6": [textbook("adagrad")],
    "O7": [textbook("rmsprop", steps=150)],
    "O8": [textbook("adam", steps=60)],
    "O9": [textbook(name) for name in ("sgd", "momentum", "adagrad", "rmsprop", "adam")],
    "O10": [textbook(name, steps=60) for name in ("momentum", "nesterov")],
    "O13": [textbook("sgd", lr=0.1, steps=60)],
    "O14": [textbook(name, "saddle") for name in OPTIMIZERS],
    "O18": [textbook(name, "formula", formula="x", x0=9.0, y0=0.0, lr=0.1, steps=100) for name in ("adagrad", "rmsprop")],
    "O21": [textbook(name, "plateau") for name in OPTIMIZERS],
    "O22": [
        textbook(name, lr=lr, steps=150, noise=2.0, schedule="exponential", schedule_hyper=(("decay", 0.03),))
        for name, lr in (("sgd", 0.3), ("momentum", 0.05), ("rmsprop", 0.2), ("adam", 0.3))
    ],
    "O23": [
        textbook(name, lr=lr, steps=200, noise=2.0, batch_size=4)
        for name, lr in (("sgd", 0.1), ("momentum", 0.02), ("adam", 0.1))
    ],
}
