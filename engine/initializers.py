"""An initializer draws the first weights of a layer: `(rng, fan_in, fan_out) → W (fan_in, fan_out)`, unscaled.

What keeps a signal alive through depth is the standard deviation of W against fan_in. A scale factor of the experiment
(`init_scale`) multiplies the draw from outside; with `normal` it is the standard deviation itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.registry import Entry, catalogue


@dataclass(frozen=True)
class Initializer(Entry):
    """`variance(fan_in, fan_out)` is that of a weight; None where weights are not drawn at random."""

    variance: Callable[[int, int], float] | None = None


INITIALIZERS, initializer = catalogue(Initializer)


@initializer("Zeros", latex="0", source="CS231n lecture 6")
def zeros(rng, fan_in, fan_out):
    """Every neuron of a layer the same for ever."""
    return np.zeros((fan_in, fan_out))


@initializer("Constant", latex="1", source="CS231n lecture 6")
def constant(rng, fan_in, fan_out):
    """Every weight 1, or the scale: as symmetric as zeros."""
    return np.ones((fan_in, fan_out))


@initializer("Normal", latex=r"\mathcal{N}(0, 1)", source="DLFS 6.2.1", variance=lambda fan_in, fan_out: 1.0)
def normal(rng, fan_in, fan_out):
    """Standard deviation 1, whatever the width."""
    return rng.normal(size=(fan_in, fan_out))


@initializer(
    "Xavier",
    latex=r"\mathcal{N}(0, 1/n_\text{in})",
    source="DLFS 6.2.2, after Glorot & Bengio 2010",
    variance=lambda fan_in, fan_out: 1 / fan_in,
)
def xavier(rng, fan_in, fan_out):
    """Standard deviation 1/√fan_in. Differs from Glorot & Bengio, who average fan_in and fan_out."""
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(1 / fan_in)


@initializer(
    "Glorot",
    latex=r"\mathcal{N}(0, 2/(n_\text{in} + n_\text{out}))",
    source="Glorot & Bengio 2010, eq. 12",
    variance=lambda fan_in, fan_out: 2 / (fan_in + fan_out),
)
def glorot(rng, fan_in, fan_out):
    """Standard deviation √(2/(fan_in + fan_out)): a compromise between forward and backward signal."""
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / (fan_in + fan_out))


@initializer(
    "He", latex=r"\mathcal{N}(0, 2/n_\text{in})", source="He et al. 2015, eq. 10", variance=lambda fan_in, fan_out: 2 / fan_in
)
def he(rng, fan_in, fan_out):
    """Standard deviation √(2/fan_in): twice Xavier's variance, since ReLU drops half of the signal."""
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / fan_in)


@initializer(
    "LeCun uniform",
    latex=r"\mathcal{U}(\pm\sqrt{3/n_\text{in}})",
    source="LeCun et al. 1998, section 4.6",
    variance=lambda fan_in, fan_out: 1 / fan_in,
)
def lecun(rng, fan_in, fan_out):
    """Uniform, with standard deviation 1/√fan_in."""
    limit = np.sqrt(3 / fan_in)
    return rng.uniform(-limit, limit, (fan_in, fan_out))


@initializer(
    "Orthogonal", latex=r"W^\top W = I", source="Saxe et al. 2014", variance=lambda fan_in, fan_out: 1 / max(fan_in, fan_out)
)
def orthogonal(rng, fan_in, fan_out):
    """Columns, or rows if there are fewer of them, at right angles and of length 1."""
    tall = rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return q if fan_in >= fan_out else q.T


@initializer("Identity matrix", latex="I", source="Le et al. 2015; CS231n lecture 6 multiplies it by ½ and 1½")
def identity(rng, fan_in, fan_out):
    """Every unit hands on one input: a deep linear network then multiplies by the scale, layer by layer."""
    return np.eye(fan_in, fan_out)
