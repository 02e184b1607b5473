"""Write `losses.json`: loss curves of 50 steps by PyTorch in float64, with the weights, batches and masks that
`inputs` below makes with NumPy; the test makes the same ones and runs them through our layers and rules.

Run once with `pip install torch==2.13.0`, then `python -m tests.oracle.make_losses`.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np

WIDTHS, STEPS, BATCH, RATE = (12, 9, 8, 5), 50, 16, 0.3
RULES = {
    "sgd": (0.1, {}),
    "momentum": (0.05, {"momentum": 0.9}),
    "nesterov": (0.05, {"momentum": 0.9}),
    "adagrad": (0.05, {"eps": 1e-7}),
    "rmsprop": (0.01, {"rho": 0.95, "eps": 1e-7}),
    "adam": (0.01, {"beta1": 0.9, "beta2": 0.99, "eps": 1e-8}),
}
CASES = [
    {"activation": activation, "batchnorm": norm, "weight_decay": decay, "dropout": dropout, "optimizer": rule}
    for rule in RULES
    for activation, norm, decay, dropout in (
        ("relu", "none", 0.0, False),
        ("relu", "before", 0.01, False),
        ("tanh", "after", 0.0, False),
        ("tanh", "none", 0.1, True),
        ("sigmoid", "before", 0.0, False),
        ("sigmoid", "none", 0.01, False),
    )
]


def inputs():
    """First weights, batches and labels, and dropout masks (steps, layers, batch, width) of 0 and 1."""
    rng = np.random.default_rng(11)
    weights = [rng.normal(size=shape) / np.sqrt(shape[0]) for shape in pairwise(WIDTHS)]
    x, y = rng.normal(size=(STEPS, BATCH, WIDTHS[0])), rng.integers(WIDTHS[-1], size=(STEPS, BATCH))
    masks = [(rng.random((STEPS, BATCH, width)) >= RATE).astype(float) for width in WIDTHS[1:-1]]
    return weights, x, y, masks


def losses(case):
    import torch

    weights, x, y, masks = inputs()
    tensor = lambda array: torch.tensor(array, dtype=torch.float64)  # noqa: E731
    W = [tensor(w).requires_grad_() for w in weights]
    b = [torch.zeros(w.shape[1], dtype=torch.float64, requires_grad=True) for w in weights]
    norms = [torch.nn.BatchNorm1d(width, eps=1e-6, dtype=torch.float64) for width in WIDTHS[1:-1]]
    bend = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}[case["activation"]]
    lr, hyper = RULES[case["optimizer"]]
    groups = [*W, *b, *(p for norm in norms for p in norm.parameters() if case["batchnorm"] != "none")]
    rule = {
        "sgd": lambda: torch.optim.SGD(groups, lr=lr),
        "momentum": lambda: torch.optim.SGD(groups, lr=lr, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD(groups, lr=lr, momentum=0.9, nesterov=True),
        "adagrad": lambda: torch.optim.Adagrad(groups, lr=lr, eps=hyper["eps"]),
        "rmsprop": lambda: torch.optim.RMSprop(groups, lr=lr, alpha=hyper["rho"], eps=hyper["eps"]),
        "adam": lambda: torch.optim.Adam(groups, lr=lr, betas=(hyper["beta1"], hyper["beta2"]), eps=hyper["eps"]),
    }[case["optimizer"]]()
    curve = []
    for t in range(STEPS):
        h = tensor(x[t])
        for i, norm in enumerate(norms):
            h = h @ W[i] + b[i]
            h = norm(h) if case["batchnorm"] == "before" else h
            h = bend(h)
            h = norm(h) if case["batchnorm"] == "after" else h
            h = h * tensor(masks[i][t]) / (1 - RATE) if case["dropout"] else h
        logits = h @ W[-1] + b[-1]
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(y[t]))
        loss = loss + case["weight_decay"] / 2 * sum((w**2).sum() for w in W)
        rule.zero_grad()
        loss.backward()
        rule.step()
        curve.append(loss.item())
    return curve


if __name__ == "__main__":
    found = [{**case, "losses": losses(case)} for case in CASES]
    Path(__file__).with_name("losses.json").write_text(json.dumps(found), "utf-8")
