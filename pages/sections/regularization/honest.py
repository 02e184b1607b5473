"""Does it help: test accuracy itself, for several strengths of weight decay and dropout, over several seeds."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import Dropout
from engine.registry import Range
from engine.training import train
from pages.charts import gaps
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, row
from pages.sections.regularization.nets import finished, seeded

LABEL = "Does it help?"
NAME = "regularization/honest"
BOOK = PRESETS["R4"][0]
DECAYS = {f"{value:g}": f"{value:g}" for value in (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1)}
RATES = {f"{value:g}": f"{value:g}" for value in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)}
KNOWN: dict[str, Setting] = {
    "honest_decays": Choice("Weight decay λ", ("0.001", "0.01", "0.03"), DECAYS),
    "honest_rates": Choice("Dropout rate, scaled in training", ("0.1", "0.2", "0.4"), RATES),
    "honest_lr": Number("lr", BOOK.lr, Range(1e-3, 0.5, log=True)),
    "honest_seeds": Number("seeds, 1 to 5", 3, Range(1, 5)),
    "honest_steps": Number("updates ≤ 1500", BOOK.steps, Range(1, 1500)),
    "honest_size": Number("images ≤ 2000", BOOK.train_size, Range(20, 2000)),
}
NONE = "none"
LATEX = r"W \leftarrow W - \eta\left(\frac{\partial L}{\partial W} + \lambda W\right)"


def show():
    picture, side = lab.stage(NAME)
    with side:
        decays, rates = KNOWN["honest_decays"].draw("honest_decays"), KNOWN["honest_rates"].draw("honest_rates")
        values = row(KNOWN, ("honest_lr", "honest_seeds")) | row(KNOWN, ("honest_steps", "honest_size"))
        lab.reset(KNOWN)

    def specs() -> list[Experiment]:
        base = replace(BOOK, lr=values["honest_lr"], steps=values["honest_steps"], train_size=values["honest_size"])
        changes = [{"weight_decay": float(value)} for value in ("0", *DECAYS) if value in ("0", *decays)]
        changes += [{"dropout": float(value)} for value in RATES if value in rates]
        return seeded([replace(base, **change) for change in changes], values["honest_seeds"])

    def draw(histories: list[History]) -> None:
        names = [name(history.experiment) for history in histories]
        ends = gaps.ends(histories, names)
        bottom = gaps.floor(ends, NONE) if finished(histories) else 0.0
        families = tuple((n, family(n)) for n in dict.fromkeys(names))
        chart = gaps.over_settings(families, NONE, bottom, height=430)
        words = "Test accuracy of each setting with its range over seeds"
        st.vega_lite_chart(gaps.settings_of(ends, families, bottom), chart, key="honest_chart", alt=words)

    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
        if histories:
            names = [name(history.experiment) for history in histories]
            lab.outcome(NAME, sentence(gaps.ends(histories, names)) + lab.diverged(histories, names))
    lab.explain(NAME, histories, Dropout, train, latex=LATEX)


def name(spec: Experiment) -> str:
    if spec.weight_decay:
        return f"λ {spec.weight_decay:g}"
    return f"dropout {spec.dropout:g}" if spec.dropout else NONE


def family(label: str) -> str:
    return {"λ": "weight decay", "dropout": "dropout"}.get(label.split()[0], "no regularization")


def sentence(ends: pd.DataFrame) -> str:
    """Which setting is best, by how much, and whether that is more than seeds make."""
    found = ends.set_index("name")
    none, best = found.loc[NONE], found.loc[found["test"].idxmax()]
    seeds = int(none["seeds"])
    start = f"Without regularization the mean test accuracy is {none['test']:.3f}"
    if len(found) == 1:
        return f"{start}. Choose a λ or a dropout rate to compare it with."
    if best.name == NONE:
        second = found.drop(NONE)["test"].idxmax()
        return f"{start}, and nothing here beats it: the closest, **{second}**, has {found.loc[second, 'test']:.3f}."
    said = f"{start}; the best setting, **{best.name}**, has {best['test']:.3f}, {best['test'] - none['test']:.3f} more."
    worst = found["test"].idxmin()
    harm = f" The worst, **{worst}**, has {found.loc[worst, 'test']:.3f}." if worst != NONE else ""
    if seeds == 1:
        return f"{said} One seed cannot tell that from luck: raise the number of seeds.{harm}"
    spread = max(none["high"] - none["low"], best["high"] - best["low"])
    verdict = "more" if best["test"] - none["test"] > spread else "not more"
    return f"{said} That is {verdict} than the same setting varies over {seeds} seeds, {spread:.3f}.{harm}"
