"""Overfitting: the same network on 300 images, plain, with weight decay, with dropout and with batch normalization."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.layers import Dropout
from engine.training import penalize
from engine.verdict import Verdict, paired
from pages.charts import gaps
from pages.kit.controls import Choice, Values, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import accuracies, diverged, told
from pages.sections.regularization import nets
from pages.sections.regularization.nets import BOOK, DROPOUTS, NETS, PLAIN

CONTROLS = {
    "nets": Choice("Networks", ("plain", "decay", "book", "inverted"), NETS),
    **nets.strengths("overfit_", lambda v: "decay" in v.nets, lambda v: bool({*DROPOUTS} & {*v.nets})),
    **of(PLAIN, lr=(1e-4, 1)),
    "seeds": seeds(3, 5),
    **of(PLAIN, steps=(1, 2000)),
    "longer": replace(of(BOOK, steps=(1, 2000))["steps"], label="with dropout ≤ 2000", when=lambda v: hasattr(v, "dropout")),
    **nets.SHAPE,
}
Ends = tuple[np.ndarray, np.ndarray]  # training and test accuracies, (seeds,)
LATEX = r"""\begin{aligned}
\text{weight decay} \quad & L = -\tfrac1n\textstyle\sum\ln\hat y_{\text{label}} + \tfrac{\lambda}{2}\sum W^2 \\
\text{dropout, training} \quad & y = m\,x \ \text{ or } \ m\,x/(1-r) \\
\text{dropout, testing} \quad & y = (1-r)\,x \ \text{ or } \ x \\
& m = 0 \text{ with probability } r\text{, else } 1
\end{aligned}"""


def specs(values: Values) -> list[Experiment]:
    if not values.nets:
        raise ValueError(tr("choose at least one network"))
    longest = max(values.steps, getattr(values, "longer", 0))
    base = replace(nets.shaped(PLAIN, values), lr=values.lr, steps=values.steps, eval_every=12 if longest > 300 else 3)
    longer = replace(base, steps=getattr(values, "longer", values.steps))
    return seeded([nets.net(kind, longer if kind in DROPOUTS else base, values) for kind in values.nets], values.seeds)


def draw(histories: list[History], values: Values) -> None:
    end = max(float(h.experiment.steps * h.experiment.batch_size / h.experiment.train_size) for h in histories)
    count = len(values.nets)
    for start in range(0, count, 2):
        pair = values.nets[start : start + 2]
        for place, kind in zip(st.columns(len(pair), gap="small"), pair, strict=True):
            own = histories[values.nets.index(kind) :: count]
            chart = gaps.over_epochs(nets.title(kind, own[0].experiment), end, 262 if count > 2 else 480)
            words = tr("{name}: training and test accuracy against epochs", name=tr(NETS[kind]))
            place.vega_lite_chart(gaps.curves_of(own), chart, key=f"overfit_{kind}", alt=words)


def verdict(histories: list[History]) -> Verdict:
    """Every network after as many epochs, each against the plain one in pairs of one seed; and where dropout ends."""
    found, lost = nets.by_kind(histories), diverged(histories, nets.names(histories))
    at = min(len(history.measured_at) for history in histories) - 1
    ends = {kind: accuracies(own, at) for kind, own in found.items()}
    rows = [row(kind, ends[kind], ends.get("plain")) for kind in found if np.isfinite(ends[kind][0]).any()]
    if not rows:
        return Verdict("lost", also=lost)
    numbers = {"rows": rows, "updates": histories[0].measured_at[at], "epochs": histories[0].epochs[at]}
    also = [*nets.off(histories), *longer(found, at), *lost]
    others = [kind for kind in found if kind != "plain"] if "plain" in found else []
    tests = {kind: paired(ends[kind][1], ends["plain"][1]) for kind in others}
    pairs = max((difference.seeds for difference in tests.values()), default=0)
    if not pairs:
        return Verdict("alone", **numbers, also=also)
    if pairs < 2:
        return Verdict("one", **numbers, also=also)
    better = {"dropout" if kind in DROPOUTS else kind for kind in others if tests[kind].told and tests[kind].mean > 0}
    right = "no" if not better else better.pop() if better in ({"decay"}, {"dropout"}) else ""
    return Verdict("compared", right=right, **numbers, also=also)


def row(kind: str, ends: Ends, plain: Ends | None = None) -> dict:
    """Means over seeds, and how much more they are than those of the plain network."""
    train, test = (float(np.nanmean(values)) for values in ends)
    found = {"name": NETS[kind], "train": train, "test": test, "gap": train - test, "seeds": int(np.isfinite(ends[0]).sum())}
    if plain is None or kind == "plain":
        return found | {"gap_than": "–", "test_than": "–"}
    more = {"gap_than": paired(np.subtract(*ends), np.subtract(*plain)), "test_than": paired(ends[1], plain[1])}
    return found | {name: told(difference, 2) for name, difference in more.items()}


def longer(found: dict[str, list[History]], at: int) -> list[Verdict]:
    """Where those end that have trained on after the others."""
    on = {kind: own for kind, own in found.items() if len(own[0].measured_at) > at + 1}
    rows = [row(kind, accuracies(own)) for kind, own in on.items() if not all(h.diverged for h in own)]
    epochs = max((own[0].epochs[-1] for own in on.values()), default=0)
    return [Verdict("longer", rows=rows, epochs=epochs)] if rows else []


LAB = Lab(
    id="regularization/overfit",
    title="Overfitting",
    prefix="overfit_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    spread=N_("Thin lines: each of {seeds} seeds; thick: their mean."),
    formula=LATEX,
    code=[penalize, Dropout],
)
