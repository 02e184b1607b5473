"""The claims: sentences that lectures contain and that experiments need not bear out, each beside what it is held to.

A claim is one decorated function: it measures a training. Settings are the textbook's where it has some, and short.
"""

from dataclasses import replace
from math import inf, log
from typing import Any

import numpy as np

from engine.claim import CLAIMS, LESS, Place, claim
from engine.compare import History
from engine.descent import Path
from engine.experiments import PRESETS, SCALES, Experiment, mnist, textbook
from engine.fates import reached
from engine.quadratic import best
from engine.smoothness import roughness, shift

__all__ = ["CLAIMS"]

DLFS, CS231N, DLS = "Deep Learning from Scratch", "CS231n, lecture 6", "deeplearning.ai, course 2, week 3"
CHANCE = 0.1
POINT = 0.01  # of accuracy


def _net(base: Any = None, **changes: Any) -> Any:
    """A network that is measured after its first and its last update."""
    spec = replace(base, **changes) if base else mnist(**{"evaluate": "test", **changes})
    return replace(spec, eval_every=max(1, spec.steps - 1))


def _end(history: History, which: str = "test_accuracy") -> float:
    """Its last accuracy; one that has diverged guesses."""
    return CHANCE if history.diverged else float(getattr(history, which)[-1])


def _loss(history: History, last: int = 50) -> float:
    """The logarithm of the mean of its last losses; NaN if it has diverged."""
    return float(np.log(history.loss[-last:].mean()))


@claim(
    "The gradient of x² + y² at (x, y) is (2x, 2y).",
    source=f"{DLFS}, 4.4; 6.1.2",
    lab="optimizers/play",
    address={"preset": "O1"},
    effect="∂f/∂x over x, at the start",
    says=(2 - 1e-12, 2 + 1e-12),
    places=[Place("x² + y² from (9, 9)", PRESETS["O1"])],
)
def gradient_of_the_bowl(path: Path) -> float:
    """What the first step saw. Notes that have (x, y) forget the factor 2, and halve every learning rate."""
    return float(path.gradients[0, 0] / path.points[0, 0])


TUNED = dict(zip(("lr", "momentum"), best("momentum", [0.1, 2])[:2], strict=True))


@claim(
    "SGD is inefficient on x²/20 + y², because it zig-zags.",
    source=f"{DLFS}, 6.1.3",
    lab="optimizers/play",
    address={"preset": "O9"},
    effect="times the f of the other after 30 updates",
    factor=True,
    places=[
        *(
            Place(f"lr .95 against {name}", PRESETS["O3"], [textbook(rule)])
            for name, rule in (("Momentum", "momentum"), ("RMSProp", "rmsprop"), ("AdaGrad", "adagrad"), ("Adam", "adam"))
        ),
        Place("lr .95 against lr .1, smooth", PRESETS["O3"], PRESETS["O4"]),
        Place("lr .95 against the best constant lr", PRESETS["O3"], PRESETS["O2"]),
        Place(
            "lr .95 against Momentum at its best",
            PRESETS["O3"],
            [textbook("momentum", lr=TUNED["lr"], hyper=(("momentum", TUNED["momentum"]),))],
        ),
    ],
)
def sgd_is_inefficient(path: Path) -> float:
    """The logarithm of the last value."""
    return float(np.log(path.values[-1]))


@claim(
    "He's first weights have a standard deviation of 2/√n.",
    source="lecture notes, for He et al. 2015",
    lab="initialization/wall",
    address={"wall": "I7"},
    effect="times off per layer, against √(2/n)",
    says=LESS,
    factor=True,
    places=[
        Place(
            "ten ReLU layers",
            [_net(hidden=(100,) * 10, init_scale=2**0.5, steps=1, evaluate="none", probe_steps=(1,))],
            [_net(hidden=(100,) * 10, steps=1, evaluate="none", probe_steps=(1,))],
        )
    ],
)
def std_of_he(history: History) -> float:
    """How far from 1 a layer multiplies the signal, either way: the logarithm of the root mean square, layer 1 to 10."""
    first, last = (history.probes[1][layer]["activations"] for layer in (0, -1))
    grown = np.log(np.hypot(last.mean, last.std) / np.hypot(first.mean, first.std))
    return float(abs(grown)) / (len(history.probes[1]) - 1)


@claim(
    "Batch normalization brings every batch to mean 1.",
    source=f"lecture notes, for {DLFS}, 6.3.1",
    lab="batchnorm/layer",
    effect="mean of the normalized batch",
    says=(0.95, 1.05),
    places=[Place("before five ReLU layers", [_net(batchnorm="before", steps=1, evaluate="none", probe_steps=(1,))])],
)
def mean_of_batchnorm(history: History) -> float:
    """The mean of what goes into the activations, of all layers, at the first update, when γ = 1 and β = 0."""
    return float(np.mean([layer["inputs"].mean for layer in history.probes[1]]))


@claim(
    "AdaGrad stalls: on MNIST its steps die before it has learned.",
    source=f"{CS231N}; {DLFS}, 6.1.5",
    lab="optimizers/race",
    effect="times the loss of the other after 500 updates",
    factor=True,
    places=[
        Place(
            f"against {name}, lr .01",
            [_net(PRESETS["O11"][2], steps=500, evaluate="none")],
            [_net(other, steps=500, evaluate="none")],
        )
        for name, other in (("SGD", PRESETS["O11"][0]), ("Momentum", PRESETS["O11"][1]), ("RMSProp", PRESETS["O11"][3]))
    ],
)
def adagrad_stalls(history: History) -> float:
    """The logarithm of its last losses."""
    return _loss(history)


HONEST = _net(PRESETS["R4"][0], evaluate="test", seed=0)


@claim(
    "Weight decay and dropout improve generalization.",
    source=f"{DLFS}, 6.4.2 and 6.4.3; {CS231N}",
    lab="regularization/honest",
    effect="test accuracy against the plain network",
    places=[
        *(Place(f"λ {decay:g}", [replace(HONEST, weight_decay=decay)], [HONEST]) for decay in (1e-2, 3e-2)),
        *(Place(f"dropout {rate:g}", [replace(HONEST, dropout=rate)], [HONEST]) for rate in (0.1, 0.4)),
    ],
)
def regularization_generalizes(history: History) -> float:
    """Test accuracy, whatever became of the gap."""
    return _end(history)


GRID = {"initializer": "normal", "evaluate": "train"}


@claim(
    "Networks with batch normalization almost always learn faster.",
    source=f"{DLFS}, 6.3.2, figure 6-19",
    lab="batchnorm/grid",
    effect="training accuracy after 200 updates, against the plain network",
    places=[
        Place(
            f"std {SCALES[k]:.2g}",
            [_net(init_scale=SCALES[k], batchnorm="before", **GRID)],
            [_net(init_scale=SCALES[k], **GRID)],
        )
        for k in (5, 0, 2, 3, 10, 15)
    ],
)
def batchnorm_is_faster(history: History) -> float:
    """Training accuracy in the end."""
    return _end(history, "train_accuracy")


SIGMOIDS = {"activation": "sigmoid", "lr": 0.1, "batch_size": 128, "steps": 600, "train_size": 4000}


@claim(
    "Xavier's first weights suit the sigmoid.",
    source=f"{DLFS}, 6.2.2; {CS231N}",
    lab="initialization/race",
    address={"race_activation": "sigmoid", "race_lr": "0.1"},
    effect="test accuracy against a std of 1",
    places=[
        Place(
            f"{layers} hidden layer{'s' * (layers > 1)}",
            [_net(hidden=(100,) * layers, initializer="xavier", **SIGMOIDS)],
            [_net(hidden=(100,) * layers, initializer="normal", **SIGMOIDS)],
        )
        for layers in (4, 1)
    ],
)
def xavier_suits_the_sigmoid(history: History) -> float:
    """Test accuracy in the end."""
    return _end(history)


SEARCHED = {"train_size": 400, "hidden": (100,) * 6}


@claim(
    "Zoom in on learning rates near 3e-5.",
    source=f"{CS231N}: coarse to fine",
    lab="search/random",
    effect="test accuracy against lr .1, with Adam .001",
    says=(-POINT, inf),
    places=[
        Place("the textbook's search network", [_net(lr=3e-5, **SEARCHED)], [_net(lr=0.1, **SEARCHED)]),
        Place("with Adam", [_net(lr=3e-5, optimizer="adam", **SEARCHED)], [_net(lr=1e-3, optimizer="adam", **SEARCHED)]),
    ],
)
def zoom_in(history: History) -> float:
    """Test accuracy after 200 updates."""
    return _end(history)


def _swept(**changes: Any) -> list[list[Experiment]]:
    """The networks of the lecture with rates from 1e-5 to 1e-3, and with all others that are powers of ten."""
    base = _net(PRESETS["S7"][0], steps=300, evaluate="test", **changes)
    return [[replace(base, lr=10.0**k) for k in powers] for powers in (range(-5, -2), (-6, -2, -1, 0))]


@claim(
    "The learning rate lies between 1e-5 and 1e-3.",
    source=f"{CS231N}: babysitting",
    lab="babysitting/rates",
    effect="test accuracy of the best of them against the best of 10⁻⁶, .01, .1 and 1",
    places=[Place("pixels of 0–1", *_swept(pixels="unit", scaling="none")), Place("pixels of 0–255, centered", *_swept())],
)
def rates_of_the_lecture(history: History) -> float:
    """Test accuracy after 300 updates."""
    return _end(history)


@claim(
    "ReLU converges six times faster than tanh.",
    source="Krizhevsky, Sutskever & Hinton 2012, figure 1, in CS231n, lecture 6",
    lab="activations/race",
    effect="times the updates until 80 % of the training images are right, tanh against ReLU",
    says=(log(6), inf),
    factor=True,
    places=[
        Place(
            f"lr {lr:g}",
            *([replace(spec, lr=lr, steps=200, train_size=1000, evaluate="train", eval_every=5)] for spec in (tanh, relu)),
        )
        for relu, tanh in [PRESETS["A11"][:2]]
        for lr in (0.1, 0.03, 0.3)
    ],
)
def relu_is_six_times_faster(history: History) -> float:
    """The logarithm of the update at which it gets there; no number if it never does."""
    return float(np.log(reached(history, 0.8)))


@claim(
    "Ten to twenty percent of dead units are harmless.",
    source=CS231N,
    lab="activations/dying",
    effect="test accuracy against a network without dead units",
    says=(-POINT, inf),
    places=[
        Place(f"{dead} % dead", [_net(hidden=(100 - dead,) * 5, lr=0.1, steps=300)], [_net(lr=0.1, steps=300)])
        for dead in (20, 50, 80, 90)
    ],
)
def dead_units_are_harmless(history: History) -> float:
    """Test accuracy of a network without these units: one that is silent from the start is not there."""
    return _end(history)


@claim(
    "Nesterov's momentum beats momentum.",
    source=f"{CS231N}; CS231n, neural networks 3",
    lab="optimizers/race",
    effect="times the loss of momentum after 300 updates",
    says=LESS,
    factor=True,
    places=[
        Place(f"lr {lr:g}", *([_net(optimizer=rule, lr=lr, steps=300, evaluate="none")] for rule in ("nesterov", "momentum")))
        for lr in (0.01, 0.003, 0.03)
    ],
)
def nesterov_beats_momentum(history: History) -> float:
    """The logarithm of its last losses."""
    return _loss(history)


@claim(
    "Batch normalization regularizes.",
    source=f"{CS231N}; {DLFS}, 6.3.1; {DLS}",
    lab="batchnorm/learn",
    address={"learn": "B7"},
    effect="test accuracy against the plain network after 400 updates",
    places=[
        Place(
            f"batches of {size}, lr {lr:g}",
            *([_net(batchnorm=norm, batch_size=size, lr=lr, steps=400)] for norm in ("before", "none")),
        )
        for size, lr in ((100, 0.1), (16, 0.1), (100, 0.01))
    ],
)
def batchnorm_regularizes(history: History) -> float:
    """Test accuracy in the end, when both know their training images."""
    return _end(history)


SHIFTED = {"lr": 0.1, "steps": 100, "evaluate": "none", "weight_steps": (10, 40, 100)}


@claim(
    "Batch normalization acts by reducing internal covariate shift.",
    source="Ioffe & Szegedy 2015; deeplearning.ai, course 2, week 3",
    lab="batchnorm/inputs",
    effect="times the shift under a layer when those before it learn, plain network against normalized",
    factor=True,
    places=[
        Place(words, *([_net(activation=name, initializer=start, batchnorm=norm, **SHIFTED)] for norm in ("none", "before")))
        for words, name, start in (
            ("sigmoid", "sigmoid", "xavier"),
            ("ReLU", "relu", "he"),
        )
    ],
)
def covariate_shift(history: History) -> float:
    """The logarithm of how much of itself a layer's gradient changes by one step of the layers before it."""
    return float(np.log(shift(history)))


@claim(
    "Batch normalization makes the loss smoother.",
    source="Santurkar et al. 2018",
    lab="batchnorm/inputs",
    address={"inputs_activation": "relu"},
    effect="times the turn of the gradient within four steps, plain network against normalized",
    factor=True,
    places=[
        Place(words, *([_net(activation=name, initializer=start, batchnorm=norm, **SHIFTED)] for norm in ("none", "before")))
        for words, name, start in (("ReLU", "relu", "he"), ("sigmoid", "sigmoid", "xavier"))
    ],
)
def smoother_loss(history: History) -> float:
    """The logarithm of how much of itself the gradient changes."""
    return float(np.log(roughness(history)))


SMALL = {"hidden": (100,) * 3, "lr": 0.1}


@claim(
    "Large batches generalize worse.",
    source="Keskar et al. 2017; deeplearning.ai, course 2, week 2",
    lab="batchnorm/learn",
    address={"learn": "B7"},
    effect="test accuracy, batches of 256 against 16",
    says=LESS,
    places=[
        Place("as many epochs", [_net(batch_size=256, steps=40, **SMALL)], [_net(batch_size=16, steps=640, **SMALL)]),
        Place("as many updates", [_net(batch_size=256, steps=640, **SMALL)], [_net(batch_size=16, steps=640, **SMALL)]),
    ],
)
def large_batches(history: History) -> float:
    """Test accuracy in the end."""
    return _end(history)


@claim(
    "Dropout and batch normalization do not go together.",
    source="Li, Chen, Hu & Yang 2019; Ioffe & Szegedy 2015, 4.2.1",
    lab="regularization/honest",
    address={"honest_norms": "before"},
    effect="test accuracy of both against batch normalization alone",
    says=LESS,
    places=[
        Place(
            f"dropout {rate:g}",
            [_net(batchnorm="before", dropout=rate, lr=0.1, steps=400)],
            [_net(batchnorm="before", lr=0.1, steps=400)],
        )
        for rate in (0.2, 0.1, 0.4)
    ],
)
def dropout_beside_batchnorm(history: History) -> float:
    """Test accuracy in the end."""
    return _end(history)


@claim(
    "A weight decay λ between 1e-2 and 1e-4 is always good.",
    source="lecture notes",
    lab="regularization/honest",
    address={"honest_decays": ["0.0001", "0.001", "0.01"]},
    effect="test accuracy against no decay",
    says=(POINT / 2, inf),
    places=[
        *(Place(f"λ {decay:g}", [replace(HONEST, weight_decay=decay)], [HONEST]) for decay in (1e-2, 1e-3, 1e-4)),
    ],
)
def decay_is_always_good(history: History) -> float:
    """Test accuracy in the end: "good" is half a point more."""
    return _end(history)


@claim(
    "Adam needs no tuning.",
    source=f"{CS231N}: Adam with its defaults is a good start",
    lab="babysitting/own",
    address={"optimizer": "adam", "lr": "0.001"},
    effect="test accuracy with lr .001 against the best of 10⁻⁴, .003 and .01",
    says=(-POINT, inf),
    places=[
        Place(
            words,
            [_net(optimizer="adam", lr=1e-3, **net)],
            [_net(optimizer="adam", lr=lr, **net) for lr in (1e-4, 3e-3, 1e-2)],
        )
        for words, net in (
            ("five hidden layers", {}),
            ("one hidden layer of 20 units", {"hidden": (20,)}),
            ("ten hidden layers", {"hidden": (100,) * 10}),
        )
    ],
)
def adam_needs_no_tuning(history: History) -> float:
    """Test accuracy after 200 updates."""
    return _end(history)


@claim(
    "Warm-up helps.",
    source="Goyal et al. 2017, 2.2; Vaswani et al. 2017",
    lab="babysitting/own",
    address={"schedule": "warmup", "optimizer": "adam"},
    effect="test accuracy against a constant learning rate",
    says=(POINT / 2, inf),
    places=[
        Place(words, [_net(schedule="warmup", schedule_hyper=(("warmup", 50),), **net)], [_net(**net)])
        for words, net in (
            ("Adam, lr .01", {"optimizer": "adam", "lr": 0.01}),
            ("SGD, lr .1", {"lr": 0.1}),
            ("SGD, lr .3", {"lr": 0.3}),
        )
    ],
)
def warm_up_helps(history: History) -> float:
    """Test accuracy after 200 updates, of which 50 are warm-up: half a point more is help."""
    return _end(history)
