"""Its borders: softmax regression cuts the plane by straight lines, hidden layers bend them, and both begin near ln C."""

from dataclasses import replace
from math import log

import numpy as np
import pandas as pd
import streamlit as st

from engine import softmax
from engine.compare import History
from engine.datasets import CLOUDS, SOURCES, TWINS, load
from engine.experiments import PRESETS, Experiment
from engine.fates import end
from engine.layers import Dense
from engine.losses import softmax_cross_entropy
from engine.registry import Range
from engine.trained import restore
from engine.verdict import Verdict, paired
from pages.charts import borders, curves
from pages.kit import inside, lines, testing
from pages.kit.controls import Choice, Number, Values, applied, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import diverged, records

FRAMES = 12
STRAIGHT, BENT = PRESETS["X1"]
KINDS = {"clouds": CLOUDS, "twins": TWINS}
FIELDS = of(BENT, activation=(), init_scale=(), lr=(1e-3, 10), steps=(20, 3000))
CONTROLS = {
    "data": Choice("Data", "clouds", {"clouds": "One cloud a class", "twins": "Two clouds a class"}, key="border_data"),
    "classes": Number("classes, 2 to 6", SOURCES[BENT.dataset].classes, Range(2, 6)),
    "layers": Number("hidden layers ≤ 3", len(BENT.hidden), Range(0, 3)),
    "width": Number("units ≤ 50", BENT.hidden[0], Range(2, 50), when=lambda values: values.layers > 0),
    "activation": replace(FIELDS.pop("activation"), when=lambda values: values.layers > 0),
    "initializer": Choice("First weights", "normal", {"normal": "Normal first weights", "zeros": "All 0"}),
    "init_scale": replace(FIELDS.pop("init_scale"), label="their std", when=lambda values: values.initializer == "normal"),
    **FIELDS,
    "seeds": seeds(5, 10),
}
FORMULA = r"""\begin{aligned}
z &= x W + b, \qquad z_i = z_j \;\Leftrightarrow\; x\,(w_i - w_j) + b_i - b_j = 0 \\
W &= 0,\; b = 0 \;\Rightarrow\; \hat y_i = \tfrac1C \;\Rightarrow\; L = \ln C
\end{aligned}"""


def specs(values: Values) -> list[Experiment]:
    steps = values.steps
    looks = {"weight_steps": inside.moments(steps, FRAMES), "eval_every": steps - 1, "evaluate": "test"}
    straight = replace(applied(STRAIGHT, values), dataset=KINDS[values.data][values.classes], **looks)
    bent = [replace(straight, hidden=(values.width,) * values.layers)] if values.layers else []
    return seeded([straight, *bent], values.seeds)


def name(history: History) -> str:
    hidden = history.experiment.hidden
    if not hidden:
        return tr("Softmax regression")
    return tr("{n:hidden layer|hidden layers} of {width}", n=len(hidden), width=hidden[0])


def draw(histories: list[History], values: Values) -> None:
    """The borders of the first seed at every step that its networks have reached, and the losses of all."""
    shown = histories[: len(histories) // values.seeds]
    steps = sorted(set.intersection(*(set(history.weights) for history in shown)))
    names, guess = [name(history) for history in histories], tr("ln {classes}, a guess", classes=values.classes)
    chart = borders.squares(tuple(names[: len(shown)]), shown[0].experiment.dataset, len(steps))
    data = borders.frames(shown, steps, testing.border)
    plane, loss = st.columns([0.66, 0.34], gap="small")
    plane.vega_lite_chart(data, chart, key=f"borders {len(steps)}", alt=tr("Decision borders of the networks"))
    chance = log(values.classes)
    data = pd.concat([curves.frame(histories, names, curves.MEASURES["loss"]), curves.level(guess, chance, values.steps)])
    look = {"y": tr("loss"), "end": values.steps, "domain": (0, 1.5 * chance), "height": 390, "columns": 1, "into": loss}
    lines.draw(data, (*names, guess), **look, key="borders loss", alt=tr("Loss against updates, and ln C"))


def table(histories: list[History]) -> pd.DataFrame:
    """A row a network: its loss before the first update and lately, test accuracy at the end, and how far its borders bend."""
    rows = [(name(h), h.experiment.seed, h.loss[0], *end(h), np.nan if h.diverged else bend(h)) for h in histories]
    return pd.DataFrame(rows, columns=["network", "seed", "first", "last", "accuracy", "bend"])


def bend(history: History) -> float:
    """Of the logits at the test points; NaN where they are all the same."""
    spec = history.experiment
    x = load(spec.dataset).x_test
    return softmax.bend(x, restore(spec, history.weights[spec.steps]).forward(x))


def verdict(histories: list[History]) -> Verdict:
    """First loss beside ln C, and what hidden layers do for the test points, in pairs of one seed."""
    spec, found = histories[0].experiment, table(histories)
    classes = SOURCES[spec.dataset].classes
    means = found.drop(columns="seed").groupby("network", sort=False).mean().reset_index()
    also = [Verdict("exact", off=np.abs(found["first"] - log(classes)).max())] if spec.initializer == "zeros" else []
    told = {
        "classes": classes,
        "chance": log(classes),
        "rows": records(means),
        "seeds": found["seed"].nunique(),
        "updates": spec.steps,
    }
    lost = diverged(histories, [name(history) for history in histories])
    if len(means) == 1:
        return Verdict("borders", **told, also=[*also, *lost])
    accuracy = [group["accuracy"].to_numpy() for _, group in found.groupby("network", sort=False)]
    if spec.initializer == "zeros":
        also.append(Verdict("alike-units"))
    more = paired(accuracy[1], accuracy[0])
    kind = more.says("more", "fewer")
    also.append(Verdict(kind, gap=abs(more.mean), error=more.error))
    return Verdict("borders", right="" if kind == "one" else kind, **told, also=[*also, *lost])


LAB = Lab(
    id="softmax/borders",
    title="Its borders",
    preset="X1",
    prefix="border_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    spread=N_("Borders: the first of {seeds} seeds. Loss: the mean of all, the band from the lowest to the highest."),
    formula=FORMULA,
    code=[Dense, softmax_cross_entropy, softmax.bend],
)
