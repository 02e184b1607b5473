"""The race: optimizers train the same network on the same mini-batches of MNIST."""

import math

import numpy as np
import streamlit as st

from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment, mnist, parameters
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.training import train
from engine.verdict import Verdict, paired
from pages.charts import curves
from pages.kit import compute, lines
from pages.kit.controls import Choice, Values, labels, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.outcomes import diverged
from pages.sections.optimizers.fields import rates

BOOK = PRESETS["O11"][0]
OWN = {name: rule.sliders["lr"] for name, rule in OPTIMIZERS.items()}
RATES = OWN | {spec.optimizer: spec.lr for spec in PRESETS["O11"]}
SHOWN = {"smooth": "Loss, smoothed", "raw": "Loss, every batch", "test": "Test accuracy"}
SMOOTH = 0.95
SERIES = {"smooth": lambda h: curves.loss(h, SMOOTH), "raw": curves.loss, "test": lambda h: curves.accuracy(h, "test")}
TINY = 1e-30  # for the logarithm of a loss of 0
CONTROLS = {
    "runners": Choice("Optimizers", tuple(spec.optimizer for spec in PRESETS["O11"]), labels(OPTIMIZERS), key="runners"),
    "shown": Choice("Shown", "smooth", SHOWN),
    **of(BOOK, steps=(20, 2000)),
    "seeds": seeds(1, 3),
    **rates(RATES, lambda values: values.runners, Range(1e-4, 10, log=True), fold="Learning rates"),
}


def specs(values: Values) -> list[Experiment]:
    if not values.runners:
        raise ValueError(tr("choose at least one optimizer"))
    book = {name: getattr(BOOK, name) for name in ("hidden", "batch_size", "train_size")}
    every = max(1, values.steps // 20)
    return seeded(
        (mnist(optimizer=n, lr=getattr(values, n), steps=values.steps, eval_every=every, **book) for n in values.runners),
        values.seeds,
    )


def label(history: History) -> str:
    return OPTIMIZERS[history.experiment.optimizer].label


def draw(histories: list[History], values: Values) -> None:
    names, shown, loss = [tr(label(history)) for history in histories], values.shown, values.shown != "test"
    look = {"y": tr("loss") if loss else tr("test accuracy"), "domain": (1e-5, 4) if loss else (0, 1), "log": loss}
    look |= {"everyone": tuple(map(tr, labels(OPTIMIZERS).values())), "end": values.steps, "height": 440}
    alt = tr("{measure} of each optimizer against updates", measure=tr(SHOWN[shown]))
    lines.draw(curves.frame(histories, names, SERIES[shown]), names, key=f"race {loss}", alt=alt, **look)


def verdict(histories: list[History]) -> Verdict:
    """Who has the lowest loss, in pairs of one seed each, as a factor; whether AdaGrad stalls."""
    runs = grouped(histories, lambda spec: spec.optimizer)
    ends = {name: last for name, found in runs.items() if np.isfinite(last := np.array(list(map(end, found)))).all()}
    also = [*stall(runs.get("adagrad", [])), *diverged(histories, list(map(label, histories)))]
    numbers = {"updates": histories[0].experiment.steps, "seeds": len(histories) // len(runs), "also": also}
    if not ends:
        return Verdict("lost", **numbers)
    ranked = sorted(ends, key=lambda name: ends[name].mean())
    numbers["rows"] = [
        {
            "name": OPTIMIZERS[name].label,
            "lr": runs[name][0].experiment.lr,
            "loss": math.exp(ends[name].mean()),
            "accuracy": np.mean([history.test_accuracy[-1] for history in runs[name]]),
        }
        for name in ranked
    ]
    numbers["name"], *second = (OPTIMIZERS[name].label for name in ranked[:2])
    if not second:
        return Verdict("single", **numbers)
    lead = paired(ends[ranked[1]], ends[ranked[0]])
    numbers["second"] = second[0]
    if (kind := lead.says("lowest", "lowest")) != "lowest":
        return Verdict(kind, **numbers)
    asked = {"sgd": "sgd", "momentum": "rolling", "nesterov": "rolling"}
    low, factor, high = lead.factors
    return Verdict("lowest", right=asked.get(ranked[0], "adaptive"), factor=factor, low=low, high=high, **numbers)


def end(history: History) -> float:
    """The logarithm of the last loss, smoothed; NaN of one that diverged."""
    return np.nan if history.diverged else np.log(max(float(curves.loss(history, SMOOTH)[1][-1]), TINY))


def stall(runs: list[History]) -> list[Verdict]:
    """By what factor AdaGrad's loss falls in the second half, and whether that is more than its seeds vary."""
    runs = [history for history in runs if not history.diverged]
    losses = [np.maximum(curves.loss(history, SMOOTH)[1], TINY) for history in runs]
    if not losses or max(values[-1] for values in losses) >= math.log(10):  # it has not begun to learn
        return []
    fall = paired(*(np.log([values[at] for values in losses]) for at in (len(losses[0]) // 2, -1)))
    way = "falls" if fall.mean > 0 else "rises"
    kind = fall.says("falls", "rises", "stall-alike", f"{way}-one")
    return [Verdict(kind, factor=math.exp(abs(fall.mean)), seeds=fall.seeds)]


def after(histories: list[History] | None, values: Values) -> None:
    """What each has cost, and what it has to remember."""
    running = compute.find(specs(values)) if histories else None
    if not histories or not running:
        return
    rows = ["| | {} | {} |".format(tr("time of training"), tr("state")), "|---|---|---|"]
    for history, spent in list(zip(histories, running.seconds, strict=True))[: len(values.runners)]:
        states = len(OPTIMIZERS[history.experiment.optimizer].state)
        megabytes = 4e-6 * states * parameters(history.experiment)
        state = tr("{n}× the weights = {megabytes:.2g} MB", n=states, megabytes=megabytes)
        time = tr("{seconds:.1f} s", seconds=spent)
        rows.append(f"| {tr(label(history))} | {time} | {state} |")
    st.markdown("\n".join(rows))


def formula(values: Values) -> str:
    rules = [OPTIMIZERS[name] for name in values.runners]
    lines = r" \\[6pt] ".join(rf"\textbf{{{tr(rule.label)}}} \quad {rule.latex}" for rule in rules)
    return rf"\begin{{gathered}} {lines} \end{{gathered}}" if lines else ""


LAB = Lab(
    id="optimizers/race",
    title="MNIST race",
    prefix="race_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    after=after,
    formula=formula,
    code=lambda values: [train, *(OPTIMIZERS[name].function for name in values.runners)],
)
