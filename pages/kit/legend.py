"""A legend names compared experiments by the fields in which they differ, and by nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from engine.activations import ACTIVATIONS
from engine.bugs import BUGS
from engine.experiments import Experiment
from engine.initializers import INITIALIZERS
from engine.layers import Maxout
from engine.optimizers import OPTIMIZERS
from engine.preprocessing import PIXELS, PREPROCESSORS
from engine.schedules import SCHEDULES

SLIDERS = {"dimensions": "dimensions", "eps": "ε"}
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
    "clip": "clip {:g}".format,
    "validation_size": "{} validation images".format,
    "bug": lambda name: BUGS[name].label,
    "dataset": str,
    "pixels": lambda name: f"pixels {PIXELS[name].label}",
    "scaling": lambda name: PREPROCESSORS[name].label,
    "scaling_hyper": lambda sliders: " ".join(f"{SLIDERS[name]} {value:g}" for name, value in sliders),
    "fitted_on": {"train": "fitted on training data", "all": "fitted on all data", "each": "each set by itself"}.__getitem__,
    "test_brightness": "test brightness {:g}".format,
    "hidden": lambda widths: "-".join(map(str, widths)) or "no hidden layer",
    "schedule": lambda name: SCHEDULES[name].label,
    "replacement": lambda drawn: "drawn with replacement" if drawn else "drawn by epochs",
}


SILENT = {  # seeds share a name; the rest is how a network is looked at, or goes with what is named
    "seed", "steps", "evaluate", "eval_every", "probe_steps", "weight_steps", "hyper", "schedule_hyper", "pieces",
}  # fmt: skip


def names(specs: Sequence[Experiment]) -> list[str]:
    """One name a spec; specs that differ in their seed alone share it. ValueError if they differ in what has no words here.

    >>> from engine.experiments import mnist
    >>> names([mnist(lr=0.1), mnist(lr=0.1, dropout=0.2), mnist(lr=0.1, dropout=0.2, seed=1)])
    ['dropout 0', 'dropout 0.2', 'dropout 0.2']
    """
    differing = [f.name for f in fields(Experiment) if len({getattr(s, f.name) for s in specs}) > 1 and f.name not in SILENT]
    if mute := set(differing) - WORDS.keys():
        raise ValueError(f"the legend has no words for {', '.join(sorted(mute))}")
    said = ([WORDS[name](getattr(spec, name)) for name in differing] for spec in specs)
    return [", ".join(filter(None, words)) or "this network" for words in said]
