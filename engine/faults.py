"""A fault is what can be wrong with a training: a change of a healthy experiment, by the name that the doctor has for it.

How large a change must be to show hangs on rule, rate and length: `RATES` and `LOOKS` are those of the healthy ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.experiments import Experiment

LOOKS = {"train_size": 4000, "steps": 400, "eval_every": 20, "probe_steps": (1, 2, 5, 20, 100, 200, 400)}
RATES = {"sgd": 0.1, "momentum": 0.02, "adam": 0.001}
RELUS = ("relu", "leaky_relu", "elu")
Fault = Callable[[Experiment], Experiment | None]  # None where it is no fault


def _tiny(spec: Experiment) -> Experiment | None:
    return replace(spec, initializer="normal", init_scale=0.01 if len(spec.hidden) > 2 else 0.002)


def _exploding(spec: Experiment) -> Experiment | None:
    return replace(spec, initializer="normal", init_scale=1.0) if spec.activation in RELUS and len(spec.hidden) > 2 else None


def _sigmoid(spec: Experiment) -> Experiment | None:
    return replace(spec, hidden=spec.hidden[:1] * 5, activation="sigmoid", initializer="xavier")


FAULTS: Mapping[str, Fault] = {
    "healthy": lambda spec: spec,
    "dead units": lambda spec: replace(spec, bias_init=-3.0) if spec.activation == "relu" else None,
    "exploding gradients": _exploding,
    "vanishing gradients": _sigmoid,
    "bad start": _tiny,
    "lr too high": lambda spec: replace(spec, lr=spec.lr * (15 if spec.optimizer == "sgd" else 30)),
    "lr too low": lambda spec: replace(spec, lr=spec.lr / 300),
    "oscillating": lambda spec: replace(spec, batch_size=6) if spec.optimizer != "adam" else None,
    "no learning": lambda spec: replace(spec, dataset="mnist-shuffled"),
    "overfitting": lambda spec: replace(spec, train_size=150),
    "underfitting": lambda spec: replace(spec, hidden=(3,)),
}
