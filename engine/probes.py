"""A probe is a look into every hidden layer of a network in training: what goes through it, and how its weights stand."""

from collections.abc import Sequence

import numpy as np

from engine.histogram import count
from engine.layers import Bend, Maxout, squares
from engine.network import Network


def probe(network: Network) -> list[dict[str, Sequence]]:
    """For every hidden layer what a histogram or a curve of it needs; `dead` is the share of units silent on the batch, NaN
    in a network that has diverged."""
    found = []
    for dense, bend in zip(
        network.dense, (layer for layer in network.layers if isinstance(layer, (Bend, Maxout))), strict=False
    ):
        bounds = bend.activation.bounds if isinstance(bend, Bend) else (None, None)
        found.append(
            {
                "inputs": [count(x) for x in bend.x],
                "activations": [count(y, bounds) for y in bend.y],
                "gradients": [count(dy) for dy in bend.dy],
                "weights": [count(W) for W in dense.W],
                "dead": np.where(np.isfinite(bend.y).all(axis=(-2, -1)), (bend.y == 0).all(axis=-2).mean(axis=-1), np.nan),
                "input_std": bend.x.std(axis=-2).mean(axis=-1),
                "weight_norm": np.sqrt(squares(dense.W)),
                "gradient_norm": np.sqrt(squares(dense.dW)),
            }
        )
        if isinstance(bend, Bend) and bend.learned:
            found[-1]["alpha"] = bend.alpha[:, 0, 0].copy()
    for norm, layer in zip(network.norms, found, strict=False):
        layer |= {"running_mean": np.array(norm.mean), "running_var": np.array(norm.var)}
    return found
