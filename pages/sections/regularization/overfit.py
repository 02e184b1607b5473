"""Overfitting: the same network on 300 images, plain, with weight decay and with dropout."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.layers import Dropout
from engine.registry import Range
from engine.training import train
from pages.charts import gaps
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, row
from pages.sections.regularization.nets import BOOK, DECAYED, NETS, PLAIN, net, seeded, seeds_of

LABEL = "Overfitting"
NAME = "regularization/overfit"
EPOCH = 3  # updates of 100 images each, for 300
KNOWN: dict[str, Setting] = {
    "overfit_nets": Choice("Networks", tuple(NETS), NETS),
    "overfit_decay": Number("weight decay λ", DECAYED.weight_decay, Range(0, 10)),
    "overfit_rate": Number("dropout rate", BOOK.dropout, Range(0, 0.9)),
    "overfit_lr": Number("lr", PLAIN.lr, Range(1e-4, 1, log=True)),
    "overfit_seeds": Number("seeds, 1 to 5", 1, Range(1, 5)),
    "overfit_steps": Number("updates ≤ 2000", PLAIN.steps, Range(1, 2000)),
    "overfit_longer": Number("with dropout ≤ 2000", BOOK.steps, Range(1, 2000)),
}
LATEX = r"""\begin{aligned}
\text{weight decay} \quad & L = -\tfrac1n\textstyle\sum\ln\hat y_{\text{label}} + \tfrac{\lambda}{2}\sum W^2 \\
\text{dropout, training} \quad & y = m\,x \ \text{ or } \ m\,x/(1-r) \\
\text{dropout, testing} \quad & y = (1-r)\,x \ \text{ or } \ x \\
& m = 0 \text{ with probability } r\text{, else } 1
\end{aligned}"""


def show():
    picture, side = lab.stage(NAME)
    with side:
        chosen = KNOWN["overfit_nets"].draw("overfit_nets")
        values = row(KNOWN, ("overfit_decay", "overfit_rate"))
        values |= row(KNOWN, ("overfit_lr", "overfit_seeds"))
        values |= row(KNOWN, ("overfit_steps", "overfit_longer"))
        lab.reset(KNOWN)

    kinds = [kind for kind in NETS if kind in chosen]

    def specs() -> list[Experiment]:
        if not kinds:
            raise ValueError("choose at least one network")
        found = []
        for kind in kinds:
            steps = values["overfit_longer" if kind in ("book", "inverted") else "overfit_steps"]
            base = replace(PLAIN, lr=values["overfit_lr"], steps=steps)
            found.append(net(kind, base, values["overfit_decay"], values["overfit_rate"]))
        return seeded(found, values["overfit_seeds"])

    def draw(histories: list[History]) -> None:
        end = max(history.experiment.steps for history in histories) / EPOCH
        for start in range(0, len(kinds), 2):
            pair = kinds[start : start + 2]
            for place, kind in zip(st.columns(len(pair), gap="small"), pair, strict=True):
                own = [h for k, h in enumerate(histories) if kinds[k % len(kinds)] == kind]
                chart = gaps.over_epochs(title(kind, own[0].experiment), end, 262 if len(kinds) > 2 else 480)
                words = f"{NETS[kind]}: training and test accuracy against epochs"
                place.vega_lite_chart(gaps.curves_of(own), chart, key=f"overfit_{kind}", alt=words)

    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
        if histories:
            names = [kinds[place % len(kinds)] for place in range(len(histories))]
            lab.outcome(NAME, sentence(gaps.ends(histories, names), histories, names))
    lab.explain(NAME, histories, Dropout, train, latex=LATEX)


def title(kind: str, spec: Experiment) -> str:
    return NETS[kind] + {"plain": "", "decay": f", λ {spec.weight_decay:g}"}.get(kind, f", {spec.dropout:g}")


def sentence(ends: pd.DataFrame, histories: list[History], names: list[str]) -> str:
    """Train, test and gap of each network, each against the plain one if that is there."""
    epochs = {name: history.experiment.steps / EPOCH for history, name in zip(histories, names, strict=True)}
    found = {end.name: end for end in ends.set_index("name", drop=False).itertuples(index=False)}
    said = []
    plain = found.get("plain")
    for kind, end in found.items():
        after = f"after {epochs[kind]:.0f} epochs" if epochs[kind] >= 1 else "after less than an epoch"
        if plain is None or kind == "plain":
            said.append(
                f"**{NETS[kind]}**, {after}: training accuracy {end.train:.2f}, test {end.test:.2f}, gap {end.gap:.2f}."
            )
            continue
        gap = "narrows" if end.gap < plain.gap else "widens"
        test = "rises" if end.test > plain.test else "falls"
        link = "and" if (gap == "narrows") == (test == "rises") else "but"
        said.append(
            f"**{NETS[kind]}**, {after}: the gap {gap} from {plain.gap:.2f} to {end.gap:.2f}, {link} test accuracy {test} "
            f"from {plain.test:.2f} to {end.test:.2f} (training {end.train:.2f})."
        )
    lost = lab.diverged(histories, [NETS[name] for name in names])
    return " ".join(said) + f" ({seeds_of(int(ends['seeds'].iloc[0])).capitalize()}.)" + lost
