"""Layer inputs: what each layer's activation receives while the network trains, with and without batch normalization."""

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import BatchNorm
from engine.signs import looked
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
        spread = looked(history, lambda layers: layers[-1]["input_std"])
        if spread:
            numbers = {"first": float(spread[min(spread)]), "last": float(spread[max(spread)]), "until": max(spread)}
            rows.append({"name": name, "accuracy": history.train_accuracy[-1], **numbers})
            if history.experiment.batchnorm == "none" and not history.diverged:
                right = "same" if numbers["last"] < SAME else "spread" if numbers["last"] > SPREAD else ""
    updates, also = histories[0].measured_at[-1], diverged(histories, names)
    return Verdict("inputs" if rows else "lost", right=right, rows=rows, updates=updates, also=also)


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
