"""A preset is a list of specs under the ID of the textbook figure that they make again."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.fields import Spec, rounded
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.specs import Descent, Experiment

# surface → updates, and learning rates by rule at which its story can be seen from its start; the first row is DLFS 6.1
# fmt: off
RULES =                    ("sgd","momentum","nesterov","adagrad","rmsprop","adam","adadelta","adamax","amsgrad","adamw","lion")
STEPS_AND_RATES: dict[str, tuple[float, dict[str, float]]] = {
    surface: (steps, dict(zip(RULES, rates, strict=True)))
    for surface, steps, *rates in (
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
    "pixels": "bytes", "scaling": "center", "hidden": (50,), "initializer": "normal", "init_scale": 1e-4, "train_size": 4000,
    "steps": 200, "eval_every": 40,
}  # fmt: skip
SHAPES = {
    "hidden": (50,) * 3, "train_size": 4000, "steps": 400, "eval_every": 20, "probe_steps": (1, 2, 6, 13, 31, 72, 170, 400),
}  # fmt: skip
SCALINGS: tuple[dict[str, Any], ...] = (  # of the same pixels
    {"pixels": "bytes"},
    {},
    {"scaling": "center"},
    {"scaling": "standardize"},
    {"scaling": "whiten", "scaling_hyper": (("dimensions", 784), ("eps", 0))},
)

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
    "P4": [
        mnist(
            scaling="standardize",
            fitted_on=fitted,
            train_size=size,
            test_brightness=brightness,
            hidden=(100,),
            lr=0.05,
            steps=100,
            evaluate="test",
            eval_every=99,
        )
        for brightness in (1.0, 0.5)
        for size in (20, 100, 1000)
        for fitted in ("train", "all", "each")
    ],
    "P6": [
        mnist(**scaling, hidden=(), initializer="zeros", lr=0.1, steps=201, evaluate="test", eval_every=25)
        for scaling in SCALINGS
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
    "S9": [mnist(**SHAPES, lr=lr) for lr in (0.001, 0.1, 0.7, 2.0)]  # too low, good, high, too high
    + [mnist(**SHAPES, lr=0.3, initializer="normal", init_scale=0.03), mnist(**SHAPES, lr=0.1, batch_size=10)],
    "S10": [mnist(**SHAPES | change, lr=0.1) for change in ({"train_size": 200}, {"hidden": (4,)})],
    "S11": [mnist(probe_steps=(1, 10, 50, 100, 200))],
    "H1": [mnist(train_size=400, validation_size=100, hidden=(100,) * 6, evaluate="train", eval_every=4)],
    "X1": [
        mnist(dataset="clouds-4", train_size=700, hidden=hidden, initializer="normal", init_scale=0.01, lr=0.3, steps=600)
        for hidden in ((), (10,))
    ],
}
