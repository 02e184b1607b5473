"""Write `paths.json`: PyTorch's own paths for the rules it has on four surfaces, in float64, gradients by autograd.

Run once with `pip install torch==2.13.0`, then `python tests/oracle/make_paths.py`; the tests only read the file.
"""

import json
from pathlib import Path

import torch

STEPS = 40
SURFACES = {
    "anisotropic": (lambda x, y: x**2 / 20 + y**2, (-7.0, 2.0)),
    "rosenbrock": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0)),
    "himmelblau": (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, (-0.5, -1.0)),
    "rastrigin": (
        lambda x, y: 20 + x**2 + y**2 - 10 * torch.cos(2 * torch.pi * x) - 10 * torch.cos(2 * torch.pi * y),
        (3.4, -2.4),
    ),
}
RULES = {
    "sgd": (torch.optim.SGD, {}, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}, {"momentum": 0.9}),
    "adagrad": (torch.optim.Adagrad, {"eps": 1e-7}, {"eps": 1e-7}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.95, "eps": 1e-7}, {"rho": 0.95, "eps": 1e-7}),
    "adam": (torch.optim.Adam, {"betas": (0.9, 0.99), "eps": 1e-8}, {"beta1": 0.9, "beta2": 0.99, "eps": 1e-8}),
    "adadelta": (torch.optim.Adadelta, {"rho": 0.95, "eps": 1e-5}, {"rho": 0.95, "eps": 1e-5}),
    "adamax": (torch.optim.Adamax, {"betas": (0.9, 0.8), "eps": 1e-8}, {"beta1": 0.9, "beta2": 0.8, "eps": 1e-8}),
    "amsgrad": (
        torch.optim.Adam,
        {"betas": (0.9, 0.8), "eps": 1e-8, "amsgrad": True},
        {"beta1": 0.9, "beta2": 0.8, "eps": 1e-8},
    ),
    "adamw": (
        torch.optim.AdamW,
        {"betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.1},
        {"beta1": 0.9, "beta2": 0.99, "eps": 1e-8, "weight_decay": 0.1},
    ),
}
RATES = {"anisotropic": 0.1, "rosenbrock": 0.001, "himmelblau": 0.005, "rastrigin": 0.002}


def path(surface, start, optimizer, lr, options):
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    rule = optimizer([theta], lr=lr, **options)
    points = [theta.tolist()]
    for _ in range(STEPS):
        rule.zero_grad()
        surface(theta[0], theta[1]).backward()
        rule.step()
        points.append(theta.tolist())
    return points


if __name__ == "__main__":
    cases = []
    for name, (surface, start) in SURFACES.items():
        for rule, (optimizer, options, ours) in RULES.items():
            lr = RATES[name] if rule in ("sgd", "momentum", "nesterov") else {"adadelta": 3.0}.get(rule, 0.1)
            points = path(surface, start, optimizer, lr, options)
            cases.append({"objective": name, "optimizer": rule, "lr": lr, "hyper": ours, "points": points[:: STEPS // 10]})
    text = json.dumps({"torch": torch.__version__, "every": STEPS // 10, "cases": cases})
    Path(__file__).with_name("paths.json").write_text(text, "utf-8")
