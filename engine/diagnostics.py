"""Diagnostics say what signals become on their way through a stack of layers, before any training."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.histogram import Histogram, Tally
from engine.initializers import INITIALIZERS

BLOCK = 48_000  # numbers of a layer at a time: what all layers know of so few inputs is small beside the weights
ROWS = 48  # in multiples of so many inputs BLAS rounds as it does with all of them: its kernels take 4, 6, 8, 12 or 16


@dataclass(frozen=True)
class LayerStatistics:
    """The outputs of one layer, and the gradient there when N(0, 1) is sent back from the last layer's outputs."""

    outputs: Histogram
    back: Histogram
    values: np.ndarray | None
    """(samples, width): the outputs themselves; None unless they were kept."""
    gradients: np.ndarray | None
    """(samples, width): as values."""

    @property
    def mean(self) -> float:
        return self.outputs.mean

    @property
    def std(self) -> float:
        return self.outputs.std

    @property
    def zeros(self) -> float:
        """Share of outputs that are exactly 0."""
        return self.outputs.zeros / self.outputs.size

    @property
    def saturated(self) -> float:
        """Share of outputs within .05 of an end that the activation is bounded by."""
        return (self.outputs.low + self.outputs.high) / self.outputs.size

    @property
    def gradient_std(self) -> float:
        return self.back.std


def normal_inputs(samples: int, features: int, seed: int) -> np.ndarray:
    """N(0, 1) inputs (samples, features)."""
    return np.random.default_rng([seed, 30]).standard_normal((samples, features), np.float32)


@np.errstate(all="ignore")
def layer_statistics(
    activation: str,
    initializer: str,
    *,
    depth: int,
    width: int,
    samples: int,
    seed: int,
    init_scale: float = 1.0,
    inputs: np.ndarray | None = None,
    keep: bool = True,
) -> list[LayerStatistics]:
    """Send N(0, 1) inputs (samples, width), or `inputs` (samples, features), through `depth` layers of `width` units
    without bias; one result a layer. CS231n lecture 6 (1000 × 500, ten layers) and DLFS 6.2.2 (1000 × 100, five layers).

    Inputs do not know of each other, so a block of them goes all the way, and its gradients all the way back, before the
    next. Without the numbers themselves (`keep`), that needs the memory of the weights and little more.
    """
    draw = {name: np.random.default_rng([seed, 31 + i]) for i, name in enumerate(("init", "gradient"))}
    x = normal_inputs(samples, width, seed) if inputs is None else inputs
    f, W = ACTIVATIONS[activation], []
    for fan_in in (x.shape[-1], *[width] * (depth - 1)):
        drawn = INITIALIZERS[initializer](draw["init"], fan_in, width)
        W.append(np.float32(init_scale) * drawn.astype(np.float32))
    tallies = [Tally(f.bounds) for _ in W] + [Tally() for _ in W]
    kept = [np.empty((len(x), width), np.result_type(x, np.float32)) if keep else None for _ in tallies]
    rows = ROWS * max(1, BLOCK // (ROWS * width))
    for start in range(0, len(x), rows):
        z, y = [], [x[start : start + rows]]
        for layer in range(depth):
            z.append(y[layer] @ W[layer])
            y.append(f(z[layer]))
        dy = [draw["gradient"].standard_normal(y[depth].shape, np.float32)]
        for layer in range(depth - 1, 0, -1):
            dy.insert(0, (dy[0] * f.slope(z[layer], y[layer + 1])) @ W[layer].T)
        for tally, whole, block in zip(tallies, kept, y[1:] + dy, strict=True):
            tally.add(block)
            if whole is not None:
                whole[start : start + rows] = block
    counted = [tally.histogram() for tally in tallies]
    return [LayerStatistics(counted[i], counted[depth + i], kept[i], kept[depth + i]) for i in range(depth)]


@np.errstate(all="ignore")
def left(net: Sequence[LayerStatistics]) -> np.ndarray:
    """(2,): log10 of the last layer's signal ÷ the first's, and of the first's gradient ÷ the last's, within ±12; 12 for what
    overflows, −12 for what there is none of."""
    first, last = net[0], net[-1]
    ends = np.array([last.std, first.gradient_std])
    powers = np.log10(np.divide(ends, [first.std, last.gradient_std]))
    return np.where(np.isfinite(ends), np.clip(np.nan_to_num(powers, nan=-12), -12, 12), 12)


def reach(activation: str, **sliders: float) -> tuple[float, float]:
    """From where to where the outputs go; infinite where they still grow at |x| = 1000, else as met on the way, to 1e-6."""
    f = ACTIVATIONS[activation]
    before, low, high, beyond = f(np.array([-1000.0, -999, 999, 1000]), **sliders).tolist()
    y = f(np.linspace(-20, 20, 40_001), **sliders)
    return (
        -np.inf if before < low - 1e-9 else min(float(y.min()), before),
        np.inf if beyond > high + 1e-9 else max(float(y.max()), beyond),
    )


def expected(activation: str, **sliders: float) -> tuple[float, float]:
    """Mean and std of the outputs for N(0, 1) inputs."""
    y = ACTIVATIONS[activation](NORMAL, **sliders)
    mean = float(WEIGHT @ y)
    return mean, float(np.sqrt(WEIGHT @ (y - mean) ** 2))


class Prediction(NamedTuple):
    """Of every layer: std and root mean square of its outputs, and the std of the gradients there when the last have 1."""

    std: list[float]
    rms: list[float]
    back: list[float]


@np.errstate(all="ignore")
def predicted(
    activation: str, initializer: str, fans: Sequence[int], *, init_scale: float = 1.0, power: float = 1.0
) -> Prediction | None:
    """What the variance argument says of layers with `fans[i]` inputs and `fans[i + 1]` units, given inputs of mean square
    `power`.

    Where weights are independent of their inputs, z = Σ w·x is N(0, q) with q = n·Var[w]·E[x²]; going back, a gradient's
    variance is multiplied by n·Var[w]·E[f'(z)²]. None where weights are not drawn at random.
    Glorot & Bengio 2010; He et al. 2015; Poole et al. 2016 and Schoenholz et al. 2017.
    """
    variance = INITIALIZERS[initializer].variance
    if variance is None:
        return None
    f, stds, powers, slopes = ACTIVATIONS[activation], [], [], []
    for fan_in, fan_out in pairwise(fans):
        z = np.sqrt(fan_in * init_scale**2 * variance(fan_in, fan_out) * power) * NORMAL
        y = f(z)
        power = float(WEIGHT @ y**2)
        powers.append(power**0.5)
        stds.append(float(np.sqrt(max(0.0, power - (WEIGHT @ y) ** 2))))
        slopes.append(fan_out * init_scale**2 * variance(fan_in, fan_out) * float(WEIGHT @ f.slope(z, y) ** 2))
    back = [1.0]
    for slope in slopes[:0:-1]:
        back.append(back[-1] * slope**0.5)
    return Prediction(stds, powers, back[::-1])


NORMAL = np.linspace(-10, 10, 4000)  # N(0, 1) as points with weights; none is 0, where slopes may jump
WEIGHT = np.exp(-(NORMAL**2) / 2) / np.exp(-(NORMAL**2) / 2).sum()
