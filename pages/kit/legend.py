"""A legend names compared experiments by the fields in which they differ, and by nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from engine.activations import ACTIVATIONS
from engine.experiments import Experiment
from engine.initializers import INITIALIZERS
from engine.layers import Maxout
from engine.optimizers import OPTIMIZERS

WORDS: dict[str, Callable[[Any], str]] = {
    "optimizer": lambda name: OPTIMIZERS[name].label,
    "activation": lambda name: ACTIVATIONS[name].label if name in ACTIVATIONS else Maxout.label,
    "initializer": lambda name: INITIALIZERS[name].label,
    "batchnorm": {"none": "without BatchNorm", "before": "BatchNorm before", "after": "BatchNorm after"}.__getitem__,
    "init_scale": "scale {:g}".format,
    "lr": "lr {:g}".format,
    "weight_decay": "λ {:g}".format,
    "dropout": "dropout {:g}".format,
    "dropout_mode": {"inverted": "scaled in training", "book": "scaled in testing"}.__getitem__,
    "batch_size": "batch {}".format,
    "train_size": "{} images".format,
    "keep": "keep {:g}".format,
    "bias_init": "bias {:g}".format,
}


def names(specs: Sequence[Experiment]) -> list[str]:
    """One name a spec; specs that differ in their seed alone share it.

    >>> from engine.experiments import mnist
    >>> names([mnist(lr=0.1), mnist(lr=0.1, dropout=0.2), mnist(lr=0.1, dropout=0.2, seed=1)])
    ['dropout 0', 'dropout 0.2', 'dropout 0.2']
    """
    differing = [f.name for f in fields(Experiment) if f.name in WORDS and len({getattr(s, f.name) for s in specs}) > 1]
    return [", ".join(WORDS[name](getattr(spec, name)) for name in differing) or "this network" for spec in specs]
