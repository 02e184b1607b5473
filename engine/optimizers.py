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
    "weight_decay": Range(0, 1),
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


@optimizer(
    "Adadelta",
    latex=r"""\begin{gathered}
        h \leftarrow \rho h + (1 - \rho)\, g^2 \qquad \Delta = \frac{\sqrt{d + \epsilon}}{\sqrt{h + \epsilon}}\, g \\
        d \leftarrow \rho d + (1 - \rho)\, \Delta^2 \qquad \theta \leftarrow \theta - \eta\, \Delta
        \end{gathered}""",
    source="Zeiler 2012, Algorithm 1 and eq. 14",
)
def adadelta(t, theta, g, h, d, *, lr=1.0, rho=0.9, eps=1e-6):
    """RMSProp whose learning rate is the root of the average d of its own squared steps. ε inside the roots.

    Differs from the paper, which has no lr: there it is 1.
    """
    h = rho * h + (1 - rho) * g**2
    step = np.sqrt(d + eps) / np.sqrt(h + eps) * g
    d = rho * d + (1 - rho) * step**2
    return theta - lr * step, h, d


@optimizer(
    "AdaMax",
    latex=r"""\begin{gathered}
        m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad u \leftarrow \max(\beta_2 u,\ |g| + \epsilon) \\
        \theta \leftarrow \theta - \frac{\eta}{1 - \beta_1^t}\, \frac{m}{u}
        \end{gathered}""",
    source="Kingma & Ba 2015, Algorithm 2",
)
def adamax(t, theta, g, m, u, *, lr=0.002, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam with the largest recent gradient in place of the root of the average square.

    Differs from the paper, which has no ε: as in PyTorch it keeps 0/0 away.
    """
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g) + eps)
    return theta - lr / (1 - beta1**t) * m / u, m, u


@optimizer(
    "AMSGrad",
    latex=r"""\begin{gathered}
        m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \qquad
        v_{\max} \leftarrow \max(v_{\max}, v) \\
        \hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v_{\max}}{1 - \beta_2^t} \qquad
        \theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}
        \end{gathered}""",
    source="Reddi et al. 2018, Algorithm 2",
)
def amsgrad(t, theta, g, m, v, v_max, *, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam that divides by the largest average so far: after a large gradient the steps never grow back.

    Differs from the paper, which corrects neither average and has no ε: both are as in PyTorch.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    v_max = np.maximum(v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


@optimizer(
    "AdamW",
    latex=r"""\begin{gathered}
        m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \\
        \hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
        \theta \leftarrow (1 - \eta \lambda)\, \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}
        \end{gathered}""",
    source="Loshchilov & Hutter 2019, Algorithm 2",
)
def adamw(t, theta, g, m, v, *, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """Adam that shrinks θ by the share η·λ beside the gradient's step, not divided by √v̂; in networks only the weights.

    Differs from the paper, which multiplies λ by the schedule alone: as in PyTorch by the learning rate too.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return (1 - lr * weight_decay) * theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@optimizer(
    "Lion",
    latex=r"""\begin{gathered}
        \theta \leftarrow (1 - \eta \lambda)\, \theta - \eta\, \operatorname{sign}(\beta_1 m + (1 - \beta_1)\, g) \\
        m \leftarrow \beta_2 m + (1 - \beta_2)\, g
        \end{gathered}""",
    source="Chen et al. 2023, Algorithm 2",
)
def lion(t, theta, g, m, *, lr=0.0001, beta1=0.9, beta2=0.99, weight_decay=0.0):
    """Step by lr in the direction of the sign of momentum plus gradient, and decay as AdamW: every step is equally long.

    λ is 0 as in the authors' code; they recommend three to ten times AdamW's, with as much less lr.
    """
    theta = (1 - lr * weight_decay) * theta - lr * np.sign(beta1 * m + (1 - beta1) * g)
    return theta, beta2 * m + (1 - beta2) * g
