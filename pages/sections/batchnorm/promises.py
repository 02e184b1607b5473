"""What the formulas of batch normalization promise, checked on a visitor's batch in float64."""

import numpy as np
import streamlit as st

from engine.layers import BatchNorm, Dense
from engine.network import Network


def normalized(x: np.ndarray, gamma: float, beta: float) -> tuple[BatchNorm, np.ndarray]:
    """The layer after a training pass over the batch in float64, and its outputs (n,)."""
    layer = BatchNorm(1)
    Network([layer], dtype=np.float64)
    layer.gamma[...], layer.beta[...] = gamma, beta
    return layer, layer.forward(x[:, None], train=True).ravel()


@st.cache_data(max_entries=500, show_spinner=False)
def checks(batch: tuple[float, ...], gamma: float, beta: float) -> str:
    """A table: the backward pass against central differences, and a bias before the layer."""
    x = np.array(batch)[:, None]
    x = x - x.mean()  # the layer sees differences only, and so fewer digits get lost
    layer, _ = normalized(x.ravel(), gamma, beta)
    dy = np.random.default_rng(0).normal(size=x.shape)
    dx = layer.backward(dy)
    analytic = np.concatenate([dx.ravel(), layer.dgamma.ravel(), layer.dbeta.ravel()])
    steps = np.array([*np.full(len(batch), 1e-4 * layer.std.item()), 1.0, 1.0])

    def loss(at: np.ndarray) -> float:
        return float((normalized(at[:-2], at[-2], at[-1])[1] * dy.ravel()).sum())

    here = np.array([*x.ravel(), gamma, beta])
    numeric = np.array([(loss(here + step) - loss(here - step)) / (2 * step.max()) for step in np.diag(steps)])
    error = np.abs(analytic - numeric).max() / max(1e-12, np.abs(analytic).max())
    dense, norm = Dense(3, 4), BatchNorm(4)
    rng = np.random.default_rng(1)
    network = Network([dense, norm], dtype=np.float64)
    network.theta[...] = rng.normal(size=network.theta.shape)
    network.forward(rng.normal(size=(8, 3)), train=True)
    network.backward(rng.normal(size=(8, 4)))
    rows = {
        "dx, dγ, dβ agree with central differences": f"relative error {error:.1g}",
        "a bias before the layer is canceled": f"gradient {np.abs(dense.db).max():.1g}, that of W {np.abs(dense.dW).max():.2g}",
        "no gradient moves the whole batch": f"dx sums to {abs(dx.sum()):.1g}",
    }
    return "\n".join(["| promise | measured |", "|---|---|", *(f"| {promise} | {found} |" for promise, found in rows.items())])
