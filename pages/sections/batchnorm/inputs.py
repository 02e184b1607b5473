"""Layer inputs: what each layer's activation receives while the network trains, with and without batch normalization."""

import numpy as np

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import BatchNorm
from engine.verdict import Verdict
from pages.kit import inside
from pages.kit.controls import Values, applied, of
from pages.kit.lab import Lab
from pages.kit.outcomes import diverged
from pages.sections.batchnorm import formulas
from pages.sections.batchnorm.families import FAMILIES, spoken

SPREAD, SAME = 0.3, 0.1  # std from image to image of a unit's input: plainly different, nearly the same


def specs(values: Values) -> list[Experiment]:
    return [inside.probed(applied(spec, values)) for spec in PRESETS["B10"]]


def draw(histories: list[History], values: Values) -> None:  # noqa: ARG001
    inside.draw(histories, list(spoken().values()), wide=False)


def verdict(histories: list[History]) -> Verdict:
    """How much the inputs of the last hidden layer differ from image to image, first and last."""
    names = list(FAMILIES.values())
    rows, right = [], ""
    for history, name in zip(histories, names, strict=True):
        spread = {t: float(layers[-1]["input_std"]) for t, layers in sorted(history.probes.items())}
        fine = [t for t, std in spread.items() if np.isfinite(std)]
        if fine:
            numbers = {"first": spread[fine[0]], "last": spread[fine[-1]], "until": fine[-1]}
            rows.append({"name": name, "accuracy": history.train_accuracy[-1], **numbers})
            if history.experiment.batchnorm == "none":
                right = "same" if numbers["last"] < SAME else "spread" if numbers["last"] > SPREAD else ""
    if not rows:
        return Verdict("lost", also=diverged(histories, names))
    return Verdict("inputs", right=right, rows=rows, updates=histories[0].measured_at[-1], also=diverged(histories, names))


LAB = Lab(
    id="batchnorm/inputs",
    title="Layer inputs",
    preset="B10",
    prefix="inputs_",
    controls=of(PRESETS["B10"][0], lr=(1e-4, 10), steps=(20, 1000), seed=(), activation=()),
    specs=specs,
    draw=draw,
    verdict=verdict,
    formula=formulas.NORMALIZE,
    code=[BatchNorm],
)
