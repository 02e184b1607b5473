"""Layer inputs: what each layer's activation receives while the network trains, with and without batch normalization."""

from dataclasses import replace

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import BatchNorm
from engine.registry import Range
from pages.kit import inside, lab
from pages.kit.controls import Choice, Number, Setting, labels, row
from pages.sections.batchnorm import formulas
from pages.sections.batchnorm.families import FAMILIES

LABEL = "Layer inputs"
NAME = "batchnorm/B10"
BOOK = PRESETS["B10"][0]
KNOWN: dict[str, Setting] = {
    "inputs_activation": Choice("Activation", BOOK.activation, labels(ACTIVATIONS), menu=True),
    "inputs_lr": Number("lr", BOOK.lr, Range(1e-4, 10, log=True)),
    "inputs_steps": Number("updates ≤ 1000", BOOK.steps, Range(20, 1000)),
    "inputs_seed": Number("seed", BOOK.seed, Range(0, 9999)),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        values = row(KNOWN, ("inputs_lr", "inputs_steps", "inputs_seed"))
        values["inputs_activation"] = KNOWN["inputs_activation"].draw("inputs_activation")
        lab.reset(KNOWN)
    changes = {key.removeprefix("inputs_"): value for key, value in values.items()}

    def specs() -> list[Experiment]:
        return [inside.probed(replace(spec, **changes)) for spec in PRESETS["B10"]]

    histories = lab.run(NAME, picture, specs, lambda found: inside.draw(found, list(FAMILIES.values()), wide=False))
    with picture:
        lab.caption(NAME)
        if histories:
            lab.outcome(NAME, sentence(histories))
    lab.explain(NAME, histories, BatchNorm, latex=formulas.NORMALIZE)


def sentence(histories: list[History]) -> str:
    """How much the inputs of the last hidden layer differ from image to image, first and last."""
    moved, names = [], list(FAMILIES.values())
    for history, name in zip(histories, names, strict=True):
        first, last = (history.probes[t][-1]["input_std"] for t in (min(history.probes), max(history.probes)))
        moved.append(f"{first:.2g} at first and {last:.2g} in the end {name}")
    ends = " and ".join(f"{h.train_accuracy[-1]:.2f} {name}" for h, name in zip(histories, names, strict=True))
    return (
        f"From image to image, the input of a unit of the last hidden layer varies with a standard deviation of "
        f"{', '.join(moved)}. "
        f"Training accuracy after {histories[0].measured_at[-1]} updates: {ends}." + lab.diverged(histories, names)
    )
