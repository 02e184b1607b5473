"""The race: optimizers train the same network on the same mini-batches of MNIST."""

import math

import streamlit as st

from engine.compare import History
from engine.experiments import PRESETS, Experiment, mnist, parameters
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.training import train
from pages.charts import curves
from pages.kit import compute
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, labels, row

LABEL = "MNIST race"
NAME = "optimizers/race"
BOOK = PRESETS["O11"][0]
OWN = {name: rule.sliders["lr"] for name, rule in OPTIMIZERS.items()}
RATES = OWN | {spec.optimizer: spec.lr for spec in PRESETS["O11"]}
SHOWN = {"smooth": "Loss, smoothed", "raw": "Loss, every batch", "test": "Test accuracy"}
SMOOTH = 0.95
KNOWN: dict[str, Setting] = {
    "runners": Choice("Optimizers", tuple(spec.optimizer for spec in PRESETS["O11"]), labels(OPTIMIZERS)),
    "race_shown": Choice("Shown", "smooth", SHOWN),
    "race_steps": Number("updates ≤ 2000", BOOK.steps, Range(20, 2000)),
    "race_seeds": Number("seeds ≤ 3", 1, Range(1, 3)),
    **{f"race_{name}": Number(f"lr of {OPTIMIZERS[name].label}", lr, Range(1e-4, 10, log=True)) for name, lr in RATES.items()},
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        chosen = KNOWN["runners"].draw("runners")
        runners = [name for name in OPTIMIZERS if name in chosen]
        shown = KNOWN["race_shown"].draw("race_shown")
        values = row(KNOWN, ("race_steps", "race_seeds"))
        with st.expander("Learning rates"):
            rates = {name: KNOWN[f"race_{name}"].draw(f"race_{name}") for name in runners}
        lab.reset(KNOWN)

    def specs() -> list[Experiment]:
        if not runners:
            raise ValueError("choose at least one optimizer")
        base = {
            "hidden": BOOK.hidden,
            "batch_size": BOOK.batch_size,
            "train_size": BOOK.train_size,
            "eval_every": max(1, values["race_steps"] // 20),
        }
        seeds = range(values["race_seeds"])
        return [
            mnist(optimizer=name, lr=rates[name], steps=values["race_steps"], seed=seed, **base)
            for seed in seeds
            for name in runners
        ]

    histories = lab.run(NAME, picture, specs, lambda found: draw(found, shown))
    with picture:
        lab.caption(NAME, values["race_seeds"])
        if histories and (running := compute.find(specs())):
            lab.outcome(NAME, sentence(histories))
            st.markdown(table(histories, running.seconds))
    rules = [OPTIMIZERS[name] for name in runners]
    formulas = r" \\[6pt] ".join(rf"\textbf{{{rule.label}}} \quad {rule.latex}" for rule in rules)
    latex = rf"\begin{{gathered}} {formulas} \end{{gathered}}"
    lab.explain(NAME, histories, train, *(rule.function for rule in rules), latex=latex)


def draw(histories: list[History], shown: str) -> None:
    names = [OPTIMIZERS[h.experiment.optimizer].label for h in histories]
    series = {
        "smooth": lambda h: curves.loss(h, SMOOTH),
        "raw": curves.loss,
        "test": lambda h: curves.accuracy(h, "test"),
    }[shown]
    loss = shown != "test"
    chart = curves.lines(
        tuple(dict.fromkeys(names)),
        x="update",
        y="loss" if loss else "test accuracy",
        end=histories[0].experiment.steps,
        domain=(1e-5, 4) if loss else (0, 1),
        log=loss,
        everyone=tuple(entry.label for entry in OPTIMIZERS.values()),
        height=440,
    )
    data = curves.frame(histories, names, series)
    st.vega_lite_chart(data, chart, key=f"race {loss}", alt=f"{SHOWN[shown]} of each optimizer against updates")


def table(histories: list[History], seconds: list[float]) -> str:
    """Where each has come, what it cost, and what it has to remember."""
    seed = ", seed 0" if histories[-1].experiment.seed else ""
    rows = [
        f"| | lr | loss, smoothed{seed} | test accuracy at {histories[0].measured_at[-1]} | time on this server | state |",
        "|---|---|---|---|---|---|",
    ]
    for history, spent in zip(histories, seconds, strict=True):
        spec = history.experiment
        if spec.seed:
            continue
        states = len(OPTIMIZERS[spec.optimizer].state)
        loss = f"diverged at {history.diverged}" if history.diverged else f"{curves.loss(history, SMOOTH)[1][-1]:.2g}"
        rows.append(
            f"| {OPTIMIZERS[spec.optimizer].label} | {spec.lr:g} | {loss} | {history.test_accuracy[-1]:.3f} | {spent:.1f} s | "
            f"{states}× the weights = {4e-6 * states * parameters(spec):.2g} MB |"
        )
    return "\n".join(rows)


def sentence(histories: list[History]) -> str:
    """Who is lowest, and whether AdaGrad stalls, over all seeds."""
    ends: dict[str, list[float]] = {}
    halves: list[float] = []
    for history in histories:
        name, (_, values) = history.experiment.optimizer, curves.loss(history, SMOOTH)
        ends.setdefault(name, []).append(float("inf") if history.diverged else float(values[-1]))
        if name == "adagrad" and not history.diverged and values[-1] > 0:
            halves.append(float(values[len(values) // 2] / values[-1]))
    means = {name: sum(values) / len(values) for name, values in ends.items()}
    best = min(means, key=means.__getitem__)
    if not math.isfinite(means[best]):
        return "Everybody diverged: the learning rates are too high."
    steps = histories[0].experiment.steps
    said = f"After {steps} updates **{OPTIMIZERS[best].label}** has the lowest loss, {means[best]:.2g}."
    if halves and 0 < means["adagrad"] < math.log(10):
        fallen = ", ".join(f"{factor:.1f}" for factor in halves)
        verdict = "it does not stall here" if min(halves) > 1.2 else "here it does"
        said += f" “AdaGrad stalls”: in the second half its loss still falls by a factor of {fallen}, so {verdict}."
    return said
