"""A legend names compared experiments by the fields in which they differ, and by nothing else."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from engine.activations import ACTIVATIONS
from engine.bugs import BUGS
from engine.datasets import CLOUDS, TWINS
from engine.experiments import Experiment
from engine.initializers import INITIALIZERS
from engine.layers import Maxout
from engine.optimizers import OPTIMIZERS
from engine.preprocessing import PIXELS, PREPROCESSORS
from engine.schedules import SCHEDULES
from pages.kit.controls import SLIDERS
from pages.kit.language import N_, tr

DATA = {
    "mnist": "Digits, 5,000",
    "mnist-full": "Digits, 70,000",
    "mnist-shuffled": "Digits, labels shuffled",
    "circles": "Two circles",
    "spirals": "Three spirals",
    "correlated": "A cloud cut in two",
    **{name: f"{classes} clouds" for classes, name in CLOUDS.items()},
    **{name: f"{classes} pairs of clouds" for classes, name in TWINS.items()},
}


def number(word: str) -> Callable[[float], str]:
    """
    >>> number("bias")(-0.1), number("lr")(1e-6), number("clip")(1e6)
    ('bias −0.1', 'lr 1e−6', 'clip 1e6')
    """
    return lambda value: f"{word} {value:g}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")


WORDS: dict[str, Callable[[Any], str]] = {
    "optimizer": lambda name: OPTIMIZERS[name].label,
    "activation": lambda name: ACTIVATIONS[name].label if name in ACTIVATIONS else Maxout.label,
    "initializer": lambda name: INITIALIZERS[name].label,
    "batchnorm": {"none": "without BatchNorm", "before": "BatchNorm before", "after": "BatchNorm after"}.__getitem__,
    "init_scale": number("scale"),
    "lr": number("lr"),
    "weight_decay": number("λ"),
    "dropout": number("dropout"),
    "dropout_mode": {"inverted": "scaled in training", "book": "scaled in testing"}.__getitem__,
    "batch_size": "batch {}".format,
    "train_size": "{} images".format,
    "keep": number("keep"),
    "bias_init": number("bias"),
    "clip": number("clip"),
    "validation_size": "{} validation images".format,
    "fold": "fold {}".format,
    "bug": lambda name: BUGS[name].label,
    "dataset": DATA.__getitem__,
    "pixels": lambda name: f"pixels {PIXELS[name].label}",
    "scaling": lambda name: PREPROCESSORS[name].label,
    "fitted_on": {"train": "fitted on training data", "all": "fitted on all data", "each": "each set by itself"}.__getitem__,
    "test_brightness": number("test brightness"),
    "hidden": lambda widths: "-".join(map(str, widths)) or N_("no hidden layer"),
    "schedule": lambda name: SCHEDULES[name].label,
    "replacement": lambda drawn: "drawn with replacement" if drawn else "drawn by epochs",
    "steps": "{} updates".format,
    "pieces": "{} pieces".format,
}
SLID = {  # what is named → the field of its sliders, and who knows them
    "optimizer": ("hyper", OPTIMIZERS),
    "schedule": ("schedule_hyper", SCHEDULES),
    "scaling": ("scaling_hyper", PREPROCESSORS),
}
SILENT = {"seed", "evaluate", "eval_every", "probe_steps", "weight_steps"}  # seeds share a name; the rest is how one looks


def names(specs: Sequence[Experiment]) -> list[str]:
    """One name a spec; specs that differ in their seed alone share it. ValueError if they differ in what has no words here.

    >>> from engine.experiments import mnist
    >>> names([mnist(lr=0.1), mnist(lr=0.1, dropout=0.2), mnist(lr=0.1, dropout=0.2, seed=1)])
    ['dropout 0', 'dropout 0.2', 'dropout 0.2']
    """
    differing = [f.name for f in fields(Experiment) if len({getattr(s, f.name) for s in specs}) > 1 and f.name not in SILENT]
    if mute := set(differing) - WORDS.keys() - {field for field, _ in SLID.values()}:
        raise ValueError(f"the legend has no words for {', '.join(sorted(mute))}")
    told = {(of, name, value) for spec in specs for of, name, value in slid(spec)}
    moved = Counter((of, name) for of, name, _ in told)  # by networks of the same rule, schedule or scaling
    said = [
        [WORDS[name](getattr(spec, name)) for name in differing if name in WORDS]
        + [number(SLIDERS[name])(value) for of, name, value in slid(spec) if moved[of, name] > 1]
        for spec in specs
    ]
    return [", ".join(tr(word) for word in words if word) or tr("this network") for words in said]


def slid(spec: Experiment) -> list[tuple[str, str, float]]:
    """(what has it, slider, value) of all sliders of a network but lr."""
    return [
        (f"{kind} {getattr(spec, kind)}", name, value)
        for kind, (field, _) in SLID.items()
        for name, value in (sliders(kind, getattr(spec, kind)) | dict(getattr(spec, field))).items()
    ]


def sliders(kind: str, name: str) -> dict[str, float]:
    """Those of an optimizer, schedule or scaling, but lr, with their defaults."""
    return {slider: default for slider, default in SLID[kind][1][name].sliders.items() if slider != "lr"}
