"""The checklist before a long training: what should be seen of data, loss, gradient, a tiny set and learning rates, in order.

A check trains some small variants of an experiment, or none, and judges what it sees: pass, fail, or cannot tell. It knows
nothing of bugs: what an experiment does is found out as of any program, by running it. CS231n, Neural Networks Part 3.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Literal, NamedTuple

import numpy as np

from engine.bugs import BUGS
from engine.compare import History
from engine.datasets import SOURCES, Dataset
from engine.doctor import KEEP
from engine.experiments import Experiment
from engine.fates import fate
from engine.gradcheck import check_network
from engine.network import Network
from engine.registry import Entry, catalogue
from engine.training import build, streams
from engine.verdict import Verdict

State = Literal["pass", "fail", "unknown"]
LAMBDA = 1e3
RATES = tuple(10.0**k for k in range(-6, 7))
PLAIN = {"weight_decay": 0.0, "dropout": 0.0}
CS231N = "CS231n, Neural Networks Part 3"


class Outcome(NamedTuple):
    """What a check says, and what it has seen."""

    state: State
    seen: Verdict


@dataclass(frozen=True)
class Check(Entry):
    """A function (experiment, histories of what was trained for it) → Outcome; `trains` says what that is."""

    trains: Callable[[Experiment], list[Experiment]] = lambda base: []  # noqa: ARG005


CHECKS, check = catalogue(Check)


def plan(base: Experiment) -> dict[str, list[Experiment]]:
    """Check → what is trained for it."""
    return {name: entry.trains(base) for name, entry in CHECKS.items()}


def judge(name: str, base: Experiment, histories: Sequence[History]) -> Outcome:
    """What a check says of finished trainings of its plan."""
    with np.errstate(all="ignore"):
        return CHECKS[name](base, histories)


def real_data(base: Experiment) -> Dataset:
    """What the network is really given."""
    return BUGS[base.bug].data(base.data())


def fresh(base: Experiment, dtype: type) -> Network:
    """The network before its first update, without dropout."""
    spec, rngs = BUGS[base.bug].spec(replace(base, dropout=0)), streams(base.seed)
    network = build(spec, (), dtype(0), rngs["dropout"], dtype)
    network.initialize(spec.initializer, dtype(spec.init_scale), spec.bias_init, rngs["init"])
    return network


def one_update(base: Experiment) -> Experiment:
    return replace(base, **PLAIN, steps=1, evaluate="none")


@check(
    "Data",
    latex=r"x \text{ as asked for},\quad \text{classes even},\quad x_\text{train} \cap x_\text{test} = \emptyset",
    source=CS231N,
)
def data(base, histories, *, uneven=0.5, few=10):  # noqa: ARG001
    """Inputs have the range, mean or spread that was asked for, classes are balanced, no test image is among the others."""
    given = real_data(base)
    low, high = float(given.x_train.min()), float(given.x_train.max())
    pixels = SOURCES[base.dataset].raw().x_train.dtype == np.uint8
    most = {"unit": 1.0, "bytes": 255.0}[base.pixels] if pixels else np.inf
    spread, center = float(given.x_train.std(axis=0).max()), float(np.abs(given.x_train.mean(axis=0)).max())
    scaled = base.scaling not in ("none", "center")
    counts = np.bincount(given.y_train, minlength=given.classes)
    numbers = {"low": low, "high": high, "spread": spread, "examples": len(given.x_train)}
    if (scaled and spread > 1.01) or (not scaled and max(-low, high) > most * 1.01):
        return Outcome("fail", Verdict("data range", asked=1.0 if scaled else most, **numbers))
    if base.scaling != "none" and center > 0.01 * max(spread, 1e-9):
        return Outcome("fail", Verdict("data center", center=center, **numbers))
    if twice := len(rows_of(given.x_train) & rows_of(given.x_test)):
        return Outcome("fail", Verdict("data twice", twice=twice, **numbers))
    numbers |= {"least": counts.min(), "largest": counts.max()}
    if len(given.x_train) < few * given.classes:
        return Outcome("unknown", Verdict("data few", **numbers))
    state = "pass" if counts.min() >= uneven * counts.max() else "fail"
    return Outcome(state, Verdict("data", **numbers))


def rows_of(x: np.ndarray) -> set[bytes]:
    return {row.tobytes() for row in x}


@check("First loss", latex=r"L_1 \approx -\ln \tfrac1C", source=CS231N, trains=lambda base: [one_update(base)])
def first_loss(base, histories, *, near=0.1, far=2.0):
    """A network that knows nothing gives every class the same chance; first weights that are not small may say otherwise."""
    loss, guessing = histories[0].loss[0], log(real_data(base).classes)
    off = abs(loss / guessing - 1)
    state = "pass" if off < near else "unknown" if loss < far * guessing else "fail"
    return Outcome(state, Verdict("first" if np.isfinite(loss) else "first lost", loss=loss, guessing=guessing))


@check(
    "Penalty",
    latex=r"L_1(\lambda) - L_1(0) = \tfrac{\lambda}{2} \textstyle\sum W^2",
    source=CS231N,
    trains=lambda base: [one_update(base), replace(one_update(base), weight_decay=LAMBDA)],
)
def penalty(base, histories, *, near=0.01):
    """With weight decay λ = 1000 the first loss rises, by exactly what the weights say."""
    without, with_penalty = (history.loss[0] for history in histories)
    rise, due = (
        with_penalty - without,
        LAMBDA / 2 * sum(float(np.square(layer.W).sum()) for layer in fresh(base, np.float64).dense),
    )
    if not np.isfinite(rise):
        return Outcome("unknown", Verdict("penalty lost"))
    state = "pass" if rise > 0 and abs(rise - due) < near * due + 1e-6 * without else "fail"
    return Outcome(state, Verdict("penalty", rise=rise, due=due))


@check("Gradient", latex=r"\frac{\lvert a - n \rvert}{\max \lvert a \rvert} < 10^{-4}", source="CS231n, Gradient checks")
def gradient(base, histories, *, right=1e-4, wrong=1e-2, examples=20, weights=100):  # noqa: ARG001
    """In float64, the backward pass against central differences, of weights drawn at random."""
    network, given, rng = fresh(base, np.float64), real_data(base), np.random.default_rng(base.seed)
    x, labels = given.x_train[:examples].astype(np.float64), given.y_train[:examples]
    step = 1e-4 * float(network.theta.std()) or 1e-6  # small beside a weight, or units wake and fall asleep in between
    found = check_network(network, x, labels, weights, rng, BUGS[base.bug].loss, step)
    if not np.abs(found.analytic).max() and not np.abs(found.numeric).max():
        return Outcome("unknown", Verdict("gradient none", weights=len(found.places)))
    error = found.error if np.isfinite(found.error) else np.inf
    state = "pass" if error < right else "fail" if error > wrong else "unknown"
    return Outcome(state, Verdict("gradient", error=error, weights=len(found.places)))


@check("Alone", latex=r"f(x) \text{ alone} = f(x) \text{ among others}", source="Ioffe & Szegedy 2015, section 3.1")
def alone(base, histories, *, near=1e-3, examples=20):  # noqa: ARG001
    """In testing, what the network says of an image does not hang on the images beside it."""
    network, x = fresh(base, np.float64), real_data(base).x_train[:examples].astype(np.float64)
    network.forward(x, train=True)
    among = network.forward(x)
    off = float(max(np.abs(network.forward(one[None]) - said).max() for one, said in zip(x, among, strict=True)))
    return Outcome("pass" if off < near * max(1.0, float(np.abs(among).max())) else "fail", Verdict("alone", off=off))


@check("Sure and wrong", latex=r"L(z = [0, 1000],\ \text{label } 0) = 1000", source="DLFS 3.5.2")
def sure(base, histories):  # noqa: ARG001
    """The loss of a network that is sure of the wrong class is large, and a number, in float32 too."""
    loss, _ = BUGS[base.bug].loss(np.array([[0, 1000]], np.float32), np.array([0]))
    return Outcome(
        "pass" if np.isclose(loss, 1000) else "fail", Verdict("sure" if np.isfinite(loss) else "sure lost", loss=float(loss))
    )


def by_heart(base: Experiment) -> list[Experiment]:
    few = {"train_size": 20, "batch_size": 20, "replacement": False}
    return [replace(base, **PLAIN, **few, steps=200, eval_every=199, evaluate="train")]


@check("Twenty by heart", latex=r"n = 20,\ \lambda = 0:\quad L \to 0,\ \text{accuracy } 1", source=CS231N, trains=by_heart)
def twenty(base, histories, *, known=0.01):  # noqa: ARG001
    """Any network can learn twenty images by heart."""
    (history,) = histories
    if history.diverged:
        return Outcome("fail", Verdict("twenty lost", step=history.diverged))
    loss, accuracy = history.loss[-1], history.train_accuracy[-1]
    state = "pass" if loss < known and accuracy == 1 else "unknown" if accuracy == 1 else "fail"
    return Outcome(state, Verdict("twenty", loss=loss, accuracy=accuracy, steps=history.experiment.steps))


def rates(base: Experiment) -> list[Experiment]:
    return [replace(base, **PLAIN, steps=100, eval_every=99, evaluate="test", lr=lr) for lr in RATES]


class Tried(NamedTuple):
    """What a learning rate came to: the last loss over the first, whether that is low enough to call it learning, and at which
    update the loss passed so many times the first that one would stop."""

    lr: float
    ratio: float
    learns: bool
    stopped: int | None


def tried(history: History, stop: float = 3.0) -> Tried:
    beyond = np.flatnonzero(~(history.loss <= stop * history.loss[0]))
    stopped = int(beyond[0]) + 1 if len(beyond) else None
    ratio = stop if stopped else float(history.smoothed(KEEP)[-1] / history.loss[0])
    return Tried(history.experiment.lr, ratio, stopped is None and fate(history) == "learns", stopped)


@check(
    "Learning rates",
    latex=r"\eta_\text{low} \le \eta \le \eta_\text{high},\quad \text{stop at } L > 3 L_1",
    source=CS231N,
    trains=rates,
)
def window(base, histories):
    """Thirteen rates, a hundred updates each: those at which the loss falls are a window, and the rate chosen lies inside."""
    found = [tried(history) for history in histories]
    good = [one.lr for one in found if one.learns]
    stopped = [one.stopped for one in found if one.stopped]
    spent = sum(one.stopped or history.experiment.steps for one, history in zip(found, histories, strict=True))
    saved = 1 - spent / sum(history.experiment.steps for history in histories)
    numbers = {"lr": base.lr, "rates": len(found), "stopped": len(stopped), "saved": saved}
    if not good:
        return Outcome("fail", Verdict("window none", **numbers))
    inside = min(good) <= base.lr <= max(good)
    kind = "window" if len(good) > 1 else "window one"
    return Outcome("pass" if inside else "fail", Verdict(kind, least=min(good), largest=max(good), **numbers))


@check("New images", latex=r"\text{test accuracy} > \tfrac1C + 0.1", source="Zhang et al. 2017", trains=rates)
def new_images(base, histories, *, above=0.1):
    """At the best of these rates something is learned that holds for images that were not learned."""
    chance = 1 / real_data(base).classes
    best = max(histories, key=lambda history: -1 if history.diverged else history.test_accuracy[-1])
    accuracy = best.test_accuracy[-1]
    numbers = {"accuracy": accuracy, "lr": best.experiment.lr, "chance": chance}
    return Outcome("pass" if accuracy > chance + above else "fail", Verdict("new", **numbers))
