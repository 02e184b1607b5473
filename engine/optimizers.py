"""An optimizer is an update rule: from step t, parameters, gradient and state to new parameters and new state.

Every rule works element by element, so one array θ may be a point, a thousand points or all weights of a network.
`t` starts at 1 and state starts at zeros. Positional arguments after `g` are the state, keyword-only ones the sliders.
"""

import inspect
from dataclasses import dataclass

import numpy as np

from engine.registry import Entry, Range, catalogue


@dataclass(frozen=True)
class Optimizer(Entry):
    """An update rule `(t, theta, g, *state, **sliders) → (theta, *state)`."""

    @property
    def state(self) -> tuple[str, ...]:
        """Names of the arrays the rule remembers, each of the shape of theta."""
        parameters = inspect.signature(self.function).parameters.values()
        return tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)[3:]


OPTIMIZERS, optimizer = catalogue(Optimizer)

RANGES = {
    "momentum": Range(0, 0.999),
    "rho": Range(0, 0.9999),
    "beta1": Range(0, 0.999),
    "beta2": Range(0, 0.99999),
    "eps": Range(1e-16, 1, log=True),
}


@optimizer(
    "SGD",
    latex=r"\theta \leftarrow \theta - \eta\, g",
    source="Robbins & Monro 1951; DLFS 6.1.2",
)
def sgd(t, theta, g, *, lr=0.01):
    """Step against the gradient: θ ← θ − η·g."""
    return (theta - lr * g,)


@optimizer(
    "Momentum",
    latex=r"v \leftarrow \mu v - \eta\, g \qquad \theta \leftarrow \theta + v",
    source="Polyak 1964; DLFS eq. 6.3 and 6.4",
)
def momentum(t, theta, g, v, *, lr=0.01, momentum=0.9):
    """Let a velocity v collect the gradients: v ← μ·v − η·g, θ ← θ + v.

    Differs from PyTorch, whose velocity leaves η out; with a constant η the paths are the same.
    """
    v = momentum * v - lr * g
    return theta + v, v


@optimizer(
    "Nesterov",
    latex=r"v \leftarrow \mu v - \eta\, g \qquad \theta \leftarrow \theta + \mu v - \eta\, g",
    source="Nesterov 1983; Sutskever et al. 2013; Bengio et al. 2013, eq. 7",
)
def nesterov(t, theta, g, v, *, lr=0.01, momentum=0.9):
    """Momentum with the gradient of where the velocity is about to lead: θ is the look-ahead point.

    Differs from the code printed in DLFS, which applies μ to the new velocity twice.
    """
    v = momentum * v - lr * g
    return theta + momentum * v - lr * g, v


@optimizer(
    "AdaGrad",
    latex=r"h \leftarrow h + g^2 \qquad \theta \leftarrow \theta - \frac{\eta}{\sqrt{h} + \epsilon}\, g",
    source="Duchi et al. 2011; DLFS eq. 6.5 and 6.6",
)
def adagrad(t, theta, g, h, *, lr=0.01, eps=1e-7):
    """Divide by the root of all squared gradients so far: steps only ever get shorter. ε outside the root."""
    h = h + g**2
    return theta - lr * g / (np.sqrt(h) + eps), h


@optimizer(
    "RMSProp",
    latex=r"h \leftarrow \rho h + (1 - \rho)\, g^2 \qquad \theta \leftarrow \theta - \frac{\eta}{\sqrt{h} + \epsilon}\, g",
    source="Tieleman & Hinton 2012, lecture 6.5",
)
def rmsprop(t, theta, g, h, *, lr=0.01, rho=0.99, eps=1e-7):
    """AdaGrad that forgets: h is a moving average of g². ε outside the root, no bias correction."""
    h = rho * h + (1 - rho) * g**2
    return theta - lr * g / (np.sqrt(h) + eps), h


@optimizer(
    "Adam",
    latex=r"""\begin{gathered}
        m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \\
        \hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
        \theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}
        \end{gathered}""",
    source="Kingma & Ba 2015, Algorithm 1",
)
def adam(t, theta, g, m, v, *, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """Momentum of the gradient over the root of RMSProp's average, both corrected for starting at zero."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
