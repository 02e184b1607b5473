"""Which digits: the confusion matrix of a trained network, and the very digits it misreads."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.losses import softmax
from engine.trained import confusion, restore
from engine.verdict import Verdict
from pages.charts.matrix import matrix
from pages.kit import address, digits, testing
from pages.kit.controls import Choice, Values, of
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import diverged, finished
from pages.sections.regularization import nets
from pages.sections.regularization.nets import DROPOUTS, NETS, PLAIN

MOST = 40  # digits shown
SURE = 0.9
ASKED = (1, 4, 8)  # digits among which the question chooses
CELLS = {f"{true}-{said}": f"{true} read as {said}" for true in range(10) for said in range(10) if true != said}
FIELDS = of(PLAIN, lr=(1e-4, 1), steps=(1, 2000), train_size=(20, 4000), seed=())
CONTROLS = {
    "net": Choice("Network", "plain", NETS, menu=True),
    **nets.strengths("mistakes_", lambda v: v.net == "decay", lambda v: v.net in DROPOUTS),
    **FIELDS | {"train_size": replace(FIELDS["train_size"], key="mistakes_size")},
    "cell": Choice("Mistakes", "", {"": "All mistakes", **CELLS}, menu=True),
}
LATEX = r"""\begin{aligned}
\text{answer} &= \arg\max_j \hat y_j \\
C_{ij} &= \text{how many a digit } i \text{ is answered by } j
\end{aligned}"""


def specs(values: Values) -> list[Experiment]:
    steps = values.steps
    looks = np.unique(np.geomspace(1, steps, 12).round().astype(int)).tolist()
    asked = {"lr": values.lr, "steps": steps, "train_size": values.train_size, "seed": values.seed}
    base = replace(PLAIN, **asked, weight_steps=tuple(looks), eval_every=max(1, steps // 50))
    return [nets.net(values.net, base, values)]


def answers(history: History) -> np.ndarray | None:
    """Probabilities (test images, classes) by the last weights that are kept; None where they are no numbers."""
    step = max(history.weights, default=0)
    found = testing.probabilities(history.experiment, step, history.weights[step]) if step else None
    return found if found is not None and np.isfinite(found).all() else None


def draw(histories: list[History], values: Values) -> None:
    (history,) = histories
    cell = (int(values.cell[0]), int(values.cell[2])) if values.cell else None
    said = answers(history)
    counts = np.zeros((10, 10), int) if said is None else testing.table(history.experiment, said)
    left, right = st.columns([0.56, 0.44], gap="small")
    alt = tr("Confusion matrix of the test images")
    look = {"key": "mistakes_matrix", "selection_mode": "cell", "alt": alt}
    left.vega_lite_chart(*matrix(counts, cell), on_select=open_cell, **look)
    with right.container(height=490, border=False):
        if not finished(histories):
            st.caption(tr("The digits will be shown when the training has ended."))
        elif said is not None:
            show_wrong(testing.wrong(history.experiment, said, cell), max(history.weights))


def open_cell() -> None:
    """A click on the matrix chooses the mistakes to show."""
    picked = st.session_state["mistakes_matrix"].selection.get("cell")
    keys = {f"{cell['true']}-{cell['said']}" for cell in picked or []}
    address.change(cell=next((key for key in CELLS if key in keys), ""))


def show_wrong(found: list, step: int) -> None:
    """The digits that were misread, at most MOST."""
    if not found:
        st.caption(tr("No such mistake."))
        return
    shown = found[:MOST]
    words = N_("After update {step}, {n:mistake|mistakes}:")
    if len(found) > MOST:
        words = N_("After update {step}, {n:mistake|mistakes}; the surest {most}:")
    st.caption(tr(words, step=step, n=len(found), most=MOST))
    captions = [f"{true} → {said}, {sure:.0%}" for _, true, said, sure in shown]
    st.image([digits.card(pixels) for pixels, *_ in shown], caption=captions, width=76)


def verdict(histories: list[History]) -> Verdict:
    """How many mistakes, the most frequent one, the digits misread most and least, and mistakes made with confidence."""
    (history,) = histories
    spec, said = history.experiment, answers(history)
    if history.diverged or said is None:
        return Verdict("lost", also=diverged(histories, nets.names(histories)))
    counts = testing.table(spec, said)
    mistakes = counts - np.diag(np.diag(counts))
    true, called = np.unravel_index(mistakes.argmax(), mistakes.shape)
    rates = mistakes.sum(axis=1) / counts.sum(axis=1)
    hardest, easiest = int(rates.argmax()), int(rates.argmin())
    numbers = {"mistakes": mistakes.sum(), "total": counts.sum(), "true": true, "called": called, "times": mistakes.max()}
    numbers |= {"hardest": hardest, "hard": rates[hardest], "easiest": easiest, "easy": rates[easiest]}
    numbers |= {"name": nets.names(histories)[0], "sure": sum(sure > SURE for *_, sure in testing.wrong(spec, said))}
    alone = (rates == rates[hardest]).sum() == 1
    right = str(hardest) if alone and hardest in ASKED else ""
    return Verdict("mistakes" if mistakes.any() else "perfect", right=right, rows=[{}], **numbers)


def table(histories: list[History]) -> pd.DataFrame:
    """The confusion matrix, a row a cell."""
    said = answers(histories[0])
    counts = np.zeros((10, 10), int) if said is None else testing.table(histories[0].experiment, said)
    true, called = np.indices(counts.shape)
    return pd.DataFrame({"digit": true.ravel(), "answer": called.ravel(), "count": counts.ravel()})


LAB = Lab(
    id="regularization/mistakes",
    title="Which digits?",
    prefix="mistakes_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    formula=LATEX,
    code=[confusion, restore, softmax],
)
