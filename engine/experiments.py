"""An experiment is a flat, frozen spec of plain values; a preset is a list of them under the ID of the textbook figure.

The same fields drive widgets, URL, cache key, legend and the "reproduce this" script. Numbers are kept to 6 significant
digits, so that what the URL says and what the cache knows are the same number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from engine import datasets, objectives, optimizers, schedules
from engine.activations import ACTIVATIONS
from engine.initializers import INITIALIZERS
from engine.objectives import FORMULA, OBJECTIVES, Objective, parse
from engine.optimizers import OPTIMIZERS
from engine.registry import Entry, Range
from engine.schedules import SCHEDULES

Hyper = tuple[tuple[str, float], ...]


SURFACES: Mapping[str, Entry] = {**OBJECTIVES, "formula": FORMULA}


def number(default: float, low: float, high: float, log: bool = False) -> Any:
    """A dataclass field that carries its own range."""
    return field(default=default, metadata={"range": Range(low, high, log)})


def kind(default: str, names: Iterable[str]) -> Any:
    """A dataclass field that holds one of some names."""
    return field(default=default, metadata={"names": tuple(names)})


def sliders(of: str, catalogue: Mapping[str, Entry], ranges: Mapping[str, Range]) -> Any:
    """A dataclass field of (name, value) pairs: sliders, but lr, of the entry that the field `of` names."""
    return field(default=(), metadata={"of": of, "catalogue": catalogue, "ranges": ranges})


def widths(default: tuple[int, ...], low: int, high: int, deepest: int) -> Any:
    """A dataclass field of at most `deepest` layer widths, each in the range."""
    return field(default=default, metadata={"widths": Range(low, high), "deepest": deepest})


def moments(low: int, high: int, most: int) -> Any:
    """A dataclass field of at most `most` steps that rise, each in the range."""
    return field(default=(), metadata={"moments": Range(low, high), "most": most})


def rounded(value: float) -> float:
    """6 significant digits."""
    return float(f"{value:.6g}")


def number_of(name: str, value: Any, whole: bool = False) -> float:
    """The value as a rounded number; ValueError if it is not one, or has to be whole and is not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{name} must be a number, not {value!r}")
    if whole and value != value // 1:
        raise ValueError(f"{name} must be a whole number, not {value:g}")
    return int(value) if whole and abs(value) < 1e15 else rounded(value)


@dataclass(frozen=True)
class Spec:
    """Rounds and checks its fields; a wrong value is a ValueError that names field and range."""

    def __post_init__(self) -> None:
        for spec in fields(self):
            value = getattr(self, spec.name)
            match spec.metadata:
                case {"range": span}:
                    value = number_of(spec.name, value, whole=isinstance(spec.default, int))
                    span.check(spec.name, value)
                case {"names": names} if value not in names:
                    raise ValueError(f"{spec.name} must be one of {', '.join(names)}, not {value}")
                case {"of": of, "catalogue": catalogue, "ranges": ranges}:
                    known = set(catalogue[getattr(self, of)].sliders) - {"lr"}
                    for name, number in value:
                        if name not in known:
                            raise ValueError(f"{spec.name} of {getattr(self, of)} knows no {name}")
                        ranges[name].check(name, number_of(name, number))
                    value = tuple((name, rounded(number)) for name, number in value)
                case {"widths": span, "deepest": deepest}:
                    if len(value) > deepest:
                        raise ValueError(f"{spec.name} must hold at most {deepest} layers, not {len(value)}")
                    for width in value:
                        span.check(spec.name, width)
                case {"moments": span, "most": most}:
                    value = tuple(number_of(spec.name, step, whole=True) for step in value)
                    if len(value) > most:
                        raise ValueError(f"{spec.name} must hold at most {most} steps, not {len(value)}")
                    for step in value:
                        span.check(spec.name, step)
                    if list(value) != sorted(set(value)):
                        raise ValueError(f"{spec.name} must rise, not {', '.join(map(str, value))}")
            object.__setattr__(self, spec.name, value)


@dataclass(frozen=True)
class Descent(Spec):
    """One optimizer on one surface. `hyper` holds the sliders of its rule other than lr."""

    surface: str = kind("anisotropic", SURFACES)
    surface_hyper: Hyper = sliders("surface", SURFACES, objectives.RANGES)
    formula: str = ""
    x0: float = number(-7.0, -1000, 1000)
    y0: float = number(2.0, -1000, 1000)
    optimizer: str = kind("sgd", OPTIMIZERS)
    lr: float = number(0.1, 1e-4, 100, log=True)
    hyper: Hyper = sliders("optimizer", OPTIMIZERS, optimizers.RANGES)
    schedule: str = kind("constant", SCHEDULES)
    schedule_hyper: Hyper = sliders("schedule", SCHEDULES, schedules.RANGES)
    steps: int = number(30, 1, 1000)
    noise: float = number(0.0, 0, 10)
    batch_size: int = number(1, 1, 256)
    seed: int = number(0, 0, 9999)

    def objective(self) -> Objective:
        """The surface with its sliders set; ValueError if the formula is not one."""
        if self.surface == "formula":
            return parse(self.formula, **dict(self.surface_hyper))
        return OBJECTIVES[self.surface].bind(**dict(self.surface_hyper))


@dataclass(frozen=True)
class Experiment(Spec):
    """One fully connected network and its training. `hyper` holds the sliders of its rule other than lr."""

    dataset: str = kind("mnist", datasets.SOURCES)
    train_size: int = number(1000, 1, 60000)
    scaling: str = kind("unit", datasets.SCALINGS)
    seed: int = number(0, 0, 9999)
    hidden: tuple[int, ...] = widths((100,) * 5, 1, 1000, deepest=20)
    activation: str = kind("relu", (*ACTIVATIONS, "maxout"))
    pieces: int = number(2, 2, 8)
    initializer: str = kind("he", INITIALIZERS)
    bias_init: float = number(0.0, -10, 10)
    batchnorm: str = kind("none", ("none", "before", "after"))
    keep: float = number(0.9, 0, 0.9999)
    dropout_mode: str = kind("inverted", ("inverted", "book"))
    optimizer: str = kind("sgd", OPTIMIZERS)
    hyper: Hyper = sliders("optimizer", OPTIMIZERS, optimizers.RANGES)
    schedule: str = kind("constant", SCHEDULES)
    schedule_hyper: Hyper = sliders("schedule", SCHEDULES, schedules.RANGES)
    steps: int = number(200, 1, 20000)
    batch_size: int = number(100, 1, 60000)
    replacement: bool = True
    evaluate: str = kind("both", ("both", "train", "test", "none"))
    eval_every: int = number(10, 1, 20000)
    probe_steps: tuple[int, ...] = moments(1, 20000, most=20)
    weight_steps: tuple[int, ...] = moments(1, 20000, most=20)
    lr: float = number(0.01, 1e-6, 1e6, log=True)
    init_scale: float = number(1.0, 1e-4, 2, log=True)
    dropout: float = number(0.0, 0, 0.9)
    weight_decay: float = number(0.0, 0, 1e4, log=True)
    clip: float = number(0.0, 0, 1e6)


def parameters(spec: Experiment) -> int:
    """Weights and biases of its dense layers."""
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in sizes(spec))


def sizes(spec: Experiment) -> list[tuple[int, int]]:
    """(fan_in, fan_out) of every dense layer."""
    data, pieces = datasets.SOURCES[spec.dataset], spec.pieces if spec.activation == "maxout" else 1
    fan_out = (*(width * pieces for width in spec.hidden), data.classes)
    return list(zip((data.features, *spec.hidden), fan_out, strict=True))


def work(spec: Experiment) -> float:
    """About how many multiply-adds it takes: per weight 3 an example of a batch (once forward, twice backward) and 1 an
    example of an evaluation."""
    tests = datasets.SOURCES[spec.dataset].tests
    weights = sum(fan_in * fan_out for fan_in, fan_out in sizes(spec))
    evaluated = spec.train_size * (spec.evaluate in ("train", "both")) + tests * (spec.evaluate in ("test", "both"))
    evaluations = 1 + (spec.steps - 1) // spec.eval_every
    trained = spec.steps * min(spec.batch_size, spec.train_size)
    return float(weights * (3 * trained + evaluations * evaluated))


# surface → updates, and learning rates at which its story can be seen from its start; the first row is DLFS 6.1
# fmt: off
STEPS_AND_RATES = {
    surface: (steps, dict(zip(OPTIMIZERS, rates, strict=False)))
    for surface, steps, *rates in (
        #                    steps    sgd  momentum  nesterov  adagrad  rmsprop  adam  adadelta  adamax  amsgrad  adamw  lion
        ("anisotropic",        30,  0.95,      0.1,      0.1,     1.5,     0.1,  0.3,       70,    0.5,     0.3,   0.3,  0.2),
        ("bowl",               40,   0.1,      0.1,      0.1,     1.5,     0.3,  0.3,       70,    0.5,     0.3,   0.3,  0.2),
        ("ravine",            100,  0.95,      0.1,      0.1,     1.5,     0.3,  0.3,       50,    0.5,     0.3,   0.3,  0.1),
        ("rosenbrock",        300, 0.002,    0.001,    0.001,     0.5,     0.1,  0.3,        3,    0.2,     0.2,   0.2, 0.01),
        ("beale",             150,  0.01,    0.002,    0.002,     0.5,     0.1,  0.3,       10,    0.5,     0.3,   0.3, 0.03),
        ("himmelblau",         60,  0.01,    0.005,    0.005,     0.5,    0.05,  0.3,        5,    0.3,     0.3,   0.3,  0.1),
        ("rastrigin",         100, 0.002,    0.005,    0.002,     0.5,     0.1,  0.3,        3,    0.1,     0.3,   0.3, 0.03),
        ("styblinski_tang",    60,  0.01,     0.01,     0.01,     0.5,     0.1,  0.3,       10,    0.3,     0.3,   0.3,  0.1),
        ("double_well",        80,  0.05,     0.02,     0.02,     0.3,    0.05,  0.1,       10,    0.1,     0.1,   0.1, 0.05),
        ("saddle",             60,  0.05,     0.02,     0.02,     0.1,    0.02, 0.05,        1,   0.05,    0.05,  0.05, 0.05),
        ("monkey_saddle",      80,  0.01,    0.002,    0.002,    0.05,    0.01, 0.02,      0.3,   0.02,    0.02,  0.02, 0.02),
        ("plateau",           150,   0.5,      0.2,      0.2,     0.2,    0.02, 0.05,        1,   0.05,    0.05,  0.05, 0.02),
    )
}
# fmt: on


def textbook(optimizer: str, surface: str = "anisotropic", **changes: Any) -> Descent:
    """The textbook's setting of an optimizer on a surface, but for `changes`; the rule's own lr where there is none."""
    rule = OPTIMIZERS[optimizer]
    steps, rates = STEPS_AND_RATES.get(surface, (100, {}))
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


def mnist(**changes: Any) -> Experiment:
    """An experiment, but for `changes`; the rule's sliders at their defaults if they are not given."""
    rule = OPTIMIZERS[changes.get("optimizer", Experiment.optimizer)]
    hyper = tuple((name, value) for name, value in rule.sliders.items() if name != "lr")
    return Experiment(**{"hyper": hyper, **changes})


CLASSICS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")  # what the textbook's figures compare
SCALES = tuple(rounded(10 ** (-4 * k / 15)) for k in range(16))  # B5: weight std 1 … 1e-4
RACE = {"sgd": 0.01, "momentum": 0.01, "adagrad": 0.01, "rmsprop": 0.01, "adam": 0.001}
DEEP = {"hidden": (100,) * 4, "batch_size": 128, "steps": 2000, "train_size": 4000, "eval_every": 100}
NORMED = {"initializer": "normal", "evaluate": "train"}
OVERFIT = {"train_size": 300, "hidden": (100,) * 6, "eval_every": 3}
FIRST_STEPS = {
    "scaling": "centered", "hidden": (50,), "initializer": "normal", "init_scale": 1e-4, "train_size": 4000, "steps": 200,
    "eval_every": 40,
}  # fmt: skip

PRESETS: Mapping[str, Sequence[Spec]] = {
    "O9-all": [textbook(name, steps=60) for name in CLASSICS],
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
    "O14": [textbook(name, "saddle") for name in CLASSICS],
    "O18": [textbook(name, "formula", formula="x", x0=9.0, y0=0.0, lr=0.03, steps=300) for name in ("adagrad", "rmsprop")],
    "O21": [textbook(name, "plateau") for name in CLASSICS],
    "O22": [
        textbook(name, lr=lr, steps=400, noise=2.0, schedule="exponential", schedule_hyper=(("decay", 0.01),))
        for name, lr in (("sgd", 0.3), ("momentum", 0.05), ("rmsprop", 0.3), ("adam", 0.3))
    ],
    "O23": [
        textbook(name, x0=0.0, y0=0.0, lr=lr, steps=300, noise=2.0, batch_size=4)
        for name, lr in (("sgd", 0.2), ("momentum", 0.02), ("adam", 0.1))
    ],
    "O11": [mnist(optimizer=name, lr=lr, **DEEP) for name, lr in RACE.items()],
    "A7": [
        mnist(initializer=name, init_scale=scale, lr=0.1, steps=1000, train_size=4000, eval_every=50)
        for name, scale in (("normal", 0.01), ("xavier", 1.0), ("he", 1.0))
    ],
    "A8": [mnist(lr=lr, steps=1000, train_size=4000, eval_every=50, probe_steps=(1, 10, 100, 1000)) for lr in (0.01, 0.1, 0.5)],
    "A9": [mnist(bias_init=bias, train_size=4000, probe_steps=(1, 10, 100, 200)) for bias in (-1.0, 0.0, 0.01, 0.1)],
    "A10": [
        mnist(activation=name, initializer=start, lr=0.1, steps=500, train_size=4000, eval_every=20)
        for name, start in (("relu", "he"), ("leaky_relu", "he"), ("prelu", "he"), ("elu", "he"), ("maxout", "xavier"))
    ],
    "A11": [
        mnist(activation=name, initializer=start, batchnorm=norm, lr=0.1, steps=500, train_size=4000, eval_every=20)
        for name, start, norm in (
            ("relu", "he", "none"),
            ("tanh", "xavier", "none"),
            ("sigmoid", "xavier", "none"),
            ("sigmoid", "xavier", "before"),
        )
    ],
    "A12": [
        mnist(dataset="circles", train_size=700, activation=name, initializer="xavier", hidden=(20,) * 3, lr=0.3, steps=600)
        for name in ("identity", "tanh", "relu")
    ],
    "I1": [
        mnist(
            initializer=name,
            init_scale=scale,
            activation="sigmoid",
            hidden=(8,),  # BLAS treats so few columns alike on every processor
            lr=1.0,
            steps=300,
            evaluate="train",
            eval_every=20,
        )
        for name, scale in (("zeros", 1.0), ("constant", 0.01), ("xavier", 1.0))
    ],
    "I13": [
        mnist(initializer=name, init_scale=scale, lr=0.01, **DEEP)
        for name, scale in (("normal", 0.01), ("xavier", 1.0), ("he", 1.0))
    ],
    "I15": [
        mnist(activation="tanh", initializer=name, init_scale=scale, lr=0.1, evaluate="train")
        for name, scale in (("normal", 0.01), ("xavier", 1.0), ("he", 1.0))
    ],
    "B4": [mnist(batchnorm=norm) for norm in ("none", "before", "after")],
    "B5": [mnist(init_scale=scale, batchnorm=norm, **NORMED) for norm in ("none", "before") for scale in SCALES],
    "B6": [mnist(lr=lr, batchnorm=norm) for norm in ("none", "before") for lr in (0.01, 0.03, 0.1, 0.3, 1.0)],
    "B7": [mnist(batchnorm="before", batch_size=size, lr=0.1, steps=400) for size in (4, 16, 64, 256, 1000)],
    "B8": [mnist(batchnorm="before", lr=0.1)],
    "B9": [mnist(batchnorm="before", keep=keep, eval_every=1, steps=60) for keep in (0.5, 0.9, 0.99)],
    "B10": [mnist(activation="sigmoid", batchnorm=norm, lr=0.1, probe_steps=(1, 10, 50, 200)) for norm in ("none", "before")],
    "R1": [mnist(steps=603, **OVERFIT)],
    "R2": [mnist(steps=603, weight_decay=decay, **OVERFIT) for decay in (0.0, 0.1)],
    "R3": [mnist(steps=903, dropout=0.2, dropout_mode=mode, **OVERFIT) for mode in ("inverted", "book")],
    "R4": [
        mnist(steps=603, lr=0.1, seed=seed, **change, **OVERFIT)
        for seed in (0, 1, 2)
        for change in (
            *({"weight_decay": decay} for decay in (0.0, 1e-3, 1e-2, 3e-2)),
            *({"dropout": rate} for rate in (0.1, 0.2, 0.4)),
        )
    ],
    "R6": [
        mnist(**{**OVERFIT, "train_size": size, "eval_every": 60}, lr=0.1, steps=601) for size in (50, 100, 300, 1000, 4000)
    ],
    "S1": [mnist(**FIRST_STEPS | {"steps": 1})],
    "S2": [mnist(**FIRST_STEPS | {"steps": 1}, weight_decay=1e3)],
    "S3": [mnist(**FIRST_STEPS | {"train_size": 20}, lr=1e-3, batch_size=20, replacement=False)],
    "S4": [mnist(**FIRST_STEPS, lr=1e-6)],
    "S5": [mnist(**FIRST_STEPS, lr=1e6)],
    "S6": [mnist(**FIRST_STEPS, lr=lr) for lr in (1e-3, 3e-3, 1e-2, 3e-2)],
    "S7": [mnist(**FIRST_STEPS, lr=10.0**k) for k in range(-6, 7)],
    "S8": [mnist(**FIRST_STEPS | {"steps": 1000, "eval_every": 200}, lr=1e-5)],
    "S11": [mnist(probe_steps=(1, 10, 50, 100, 200))],
}
