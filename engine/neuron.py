"""A neuron weighs its inputs and bends the sum, y = f(w·x); its bias is the weight of one more input that is always 1.

It descends L(w) = ½ mean (y − t)² over n = EXAMPLES inputs x (n, d) with targets t (n,). What stands before the last axis
of w (…, d) is one neuron after another, each with its own lr (…, 1). Nothing is random but what the seed draws.
"""

from dataclasses import dataclass

import numpy as np

from engine.activations import ACTIVATIONS, Activation
from engine.objectives import Objective
from engine.registry import Range

EXAMPLES = 200
FAR, WORSE = 1e6, 3
RANGES = {
    "w1": Range(-2, 2),
    "w2": Range(-2, 2),
    "b": Range(-5, 5),
    "lr": Range(1e-3, 100, log=True),
    "batch_size": Range(1, EXAMPLES),
    "steps": Range(1, 500),
    "seed": Range(0, 9999),
}
ORDERS = ("random", "turns")
INPUTS = {"positive": lambda x: x, "centered": lambda x: x - x.mean(axis=0)}
OPTIMUM = (1.0, -1.0)
TEACHER = (-1.0, 2.0, 0.2)


class Ranged:
    """A spec whose numbers lie in RANGES; ValueError that names the one that does not."""

    def __post_init__(self) -> None:
        for name in RANGES.keys() & vars(self).keys():
            RANGES[name].check(name, getattr(self, name))


@dataclass(frozen=True)
class Linear(Ranged):
    """Two weights and no bias, learned a batch at a time; `inputs` names one of INPUTS.

    The inputs are the outputs of sigmoids, or those less their mean: what a neuron of the second layer sees. In the order
    "turns" batches of examples whose first input is the larger one and of those whose second is take turns: with all inputs
    positive the first raise both weights and the second lower them, which is the staircase of CS231n lecture 6.
    """

    inputs: str = "positive"
    w1: float = -1.0
    w2: float = 1.0
    lr: float = 1.5
    batch_size: int = 1
    steps: int = 40
    seed: int = 0
    order: str = "random"

    activation = "identity"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.order not in ORDERS:
            raise ValueError(f"order must be one of {', '.join(ORDERS)}, not {self.order}")

    @property
    def start(self) -> np.ndarray:
        return np.array([self.w1, self.w2])

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        x = INPUTS[self.inputs](self._positive())
        return x, x @ OPTIMUM

    def _positive(self) -> np.ndarray:
        return ACTIVATIONS["sigmoid"](np.random.default_rng([self.seed, 40]).normal(0, 2, (EXAMPLES, 2)))

    def batches(self) -> np.ndarray:
        """Drawn without replacement; a larger batch begins with a smaller one, and EXAMPLES are all of them."""
        places = np.tile(np.arange(EXAMPLES), (self.steps, 1))
        places = np.random.default_rng([self.seed, 41]).permuted(places, axis=1)
        if self.order == "turns":
            first, second = self._positive().T
            others = (first > second)[places] != (np.arange(self.steps) % 2 == 0)[:, None]
            places = np.take_along_axis(places, others.argsort(axis=1, kind="stable"), axis=1)
        return places[:, : self.batch_size]


@dataclass(frozen=True)
class Bent(Ranged):
    """Two weights and a bias before an activation, learned from all examples at once; the targets are a ReLU TEACHER's.

    The inputs lie around (1, 1), as those of a second layer do, so that a hyperplane can miss them.
    """

    activation: str = "relu"
    w1: float = 1.0
    w2: float = -1.0
    b: float = 0.0
    lr: float = 0.3
    steps: int = 200
    seed: int = 0

    @property
    def start(self) -> np.ndarray:
        return np.array([self.w1, self.w2, self.b])

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        x = np.random.default_rng([self.seed, 42]).normal(1, 0.4, (EXAMPLES, 2))
        x = np.column_stack([x, np.ones(EXAMPLES)])
        return x, np.maximum(x @ TEACHER, 0)

    def batches(self) -> np.ndarray:
        return np.broadcast_to(np.arange(EXAMPLES), (self.steps, EXAMPLES))


def deltas(f: Activation, w: np.ndarray, x: np.ndarray, t: np.ndarray) -> np.ndarray:
    """(…, n): (y − t) f'(z), what each example sends back through the activation."""
    z = w @ x.T
    return (f(z) - t) * f.derivative(z)


def example_gradients(f: Activation, w: np.ndarray, x: np.ndarray, t: np.ndarray) -> np.ndarray:
    """(…, n, d): δ x, of one sign in all weights where all inputs are positive. LeCun et al. 1998, 4.3; CS231n lecture 6."""
    return deltas(f, w, x, t)[..., None] * x


def gradient(f: Activation, w: np.ndarray, x: np.ndarray, t: np.ndarray) -> np.ndarray:
    """(…, d): ∇L, the mean of the examples' gradients."""
    return deltas(f, w, x, t) @ x / len(x)


def loss(f: Activation, w: np.ndarray, x: np.ndarray, t: np.ndarray) -> np.ndarray:
    """(…): L over the examples."""
    return ((f(w @ x.T) - t) ** 2).mean(axis=-1) / 2


def active(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    """(…): share of the examples on the active side of the hyperplane, w·x > 0; NaN for a neuron that diverged."""
    return np.where(np.isnan(w).any(axis=-1), np.nan, (w @ x.T > 0).mean(axis=-1))


@dataclass(frozen=True)
class Life:
    """The k updates of a neuron; what has diverged is not in it."""

    weights: np.ndarray
    """(k+1, d)"""
    gradients: np.ndarray
    """(k, d): of the batch of each update."""
    loss: np.ndarray
    """(k+1,): over all examples."""
    diverged_at: int | None
    """First update to a weight beyond FAR or not a number."""

    @property
    def same_sign(self) -> float:
        """Share of the updates that moved all weights in one direction; NaN if there was none."""
        signs = np.sign(self.gradients[self.gradients.any(axis=1)])
        return float((np.abs(signs.sum(axis=1)) == signs.shape[1]).mean()) if len(signs) else np.nan

    @property
    def turns(self) -> int:
        """How many updates went back: at more than 90° to the one before."""
        return int(((self.gradients[1:] * self.gradients[:-1]).sum(axis=1) < 0).sum())

    @property
    def worse(self) -> bool:
        """Whether the loss ends at more than WORSE times what it was at the start: so high a rate, yet no weight FAR."""
        return bool(self.loss[-1] > WORSE * self.loss[0])

    def reached(self, share: float) -> int | None:
        """First update after which the loss is at most that share of the loss at the start."""
        return next(iter(np.flatnonzero(self.loss <= share * self.loss[0]).tolist()), None)


def learn(spec: Linear | Bent, lr: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Weights (k+1, …, d) and gradients (k, …, d) of k updates, NaN once they diverge; `lr` (…, 1) replaces the spec's."""
    f, (x, t) = ACTIVATIONS[spec.activation], spec.data()
    rate = np.array([spec.lr]) if lr is None else lr
    w = np.broadcast_to(spec.start, (*rate.shape[:-1], spec.start.size))
    weights, gradients = [w], []
    with np.errstate(all="ignore"):
        for batch in spec.batches():
            g = gradient(f, w, x[batch], t[batch])
            w = w - rate * g
            weights.append(w)
            gradients.append(g)
        weights, gradients = np.array(weights), np.array(gradients)
        gone = ~np.logical_and.accumulate((np.abs(weights) < FAR).all(axis=-1))
    weights[gone] = gradients[gone[1:]] = np.nan
    return weights, gradients


def live(spec: Linear | Bent) -> Life:
    """The life that a spec describes."""
    weights, gradients = learn(spec)
    k = int(np.isfinite(weights).all(axis=1).sum()) - 1
    weights = weights[: k + 1]
    return Life(
        weights, gradients[:k], loss(ACTIVATIONS[spec.activation], weights, *spec.data()), None if k == spec.steps else k + 1
    )


def mean_loss(inputs: str, seed: int) -> Objective:
    """L of a linear neuron over its two weights, exactly: ½ dᵀ M d with d = w − w* and M = mean x xᵀ. LeCun et al. 1998."""
    x, _ = Linear(inputs, seed=seed).data()
    (a, b), (_, c) = (x.T @ x / len(x)).tolist()

    def loss(w1, w2):
        d1, d2 = w1 - OPTIMUM[0], w2 - OPTIMUM[1]
        return (a * d1**2 + 2 * b * d1 * d2 + c * d2**2) / 2, (a * d1 + b * d2, b * d1 + c * d2)

    view = (RANGES["w1"][:2], RANGES["w2"][:2])
    return Objective(
        loss, inputs, "Mean squared error", r"\tfrac{1}{2} d^T M d", "LeCun et al. 1998, 4.3", view, (-1.0, 1.0), (OPTIMUM,)
    )
