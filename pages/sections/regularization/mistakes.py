"""Which digits: the confusion matrix of a trained network, and the very digits it misreads."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.losses import softmax
from engine.registry import Range
from engine.trained import confusion, restore
from pages.charts.matrix import matrix
from pages.kit import digits, testing
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, row
from pages.sections.regularization.nets import BOOK, DECAYED, NETS, PLAIN, finished, net

LABEL = "Which digits?"
NAME = "regularization/mistakes"
MOST = 40  # digits shown
CELLS = {f"{true}-{said}": f"{true} read as {said}" for true in range(10) for said in range(10) if true != said}
KNOWN: dict[str, Setting] = {
    "mistakes_net": Choice("Network", "plain", NETS, menu=True),
    "mistakes_decay": Number("weight decay λ", DECAYED.weight_decay, Range(0, 10)),
    "mistakes_rate": Number("dropout rate", BOOK.dropout, Range(0, 0.9)),
    "mistakes_lr": Number("lr", PLAIN.lr, Range(1e-4, 1, log=True)),
    "mistakes_steps": Number("updates ≤ 2000", PLAIN.steps, Range(1, 2000)),
    "mistakes_seed": Number("seed", 0, Range(0, 9999)),
    "mistakes_size": Number("images ≤ 4000", PLAIN.train_size, Range(20, 4000)),
    "mistakes_cell": Choice("Mistakes", "", {"": "All mistakes", **CELLS}, menu=True),
}
LATEX = r"""\begin{aligned}
\text{answer} &= \arg\max_j \hat y_j \\
C_{ij} &= \text{how many a digit } i \text{ is answered by } j
\end{aligned}"""


def show():
    picture, side = lab.stage(NAME)
    with side:
        kind = KNOWN["mistakes_net"].draw("mistakes_net")
        values = row(KNOWN, ("mistakes_decay", "mistakes_rate", "mistakes_lr"))
        values |= row(KNOWN, ("mistakes_steps", "mistakes_size", "mistakes_seed"))
        cell = KNOWN["mistakes_cell"].draw("mistakes_cell")
        lab.reset(KNOWN)
    chosen = (int(cell[0]), int(cell[2])) if cell else None

    def specs() -> list[Experiment]:
        steps = values["mistakes_steps"]
        looks = np.unique(np.geomspace(1, steps, 12).round().astype(int)).tolist()
        base = replace(
            PLAIN, lr=values["mistakes_lr"], steps=steps, train_size=values["mistakes_size"], seed=values["mistakes_seed"]
        )
        spec = net(kind, base, values["mistakes_decay"], values["mistakes_rate"])
        return [replace(spec, weight_steps=tuple(looks), eval_every=max(1, steps // 50))]

    def draw(histories: list[History]) -> None:
        if st.session_state["mistakes_cell"] != cell:  # a click has chosen another one, in the fragment alone
            st.rerun()
        (history,) = histories
        step = max(history.weights, default=0)
        answers = testing.probabilities(history.experiment, step, history.weights[step]) if step else None
        known = answers is not None and np.isfinite(answers).all()
        counts = testing.table(history.experiment, answers) if known else np.zeros((10, 10), int)
        left, right = st.columns([0.56, 0.44], gap="small")
        with left:
            chart = matrix(counts, chosen)
            st.altair_chart(
                chart,
                key="mistakes_matrix",
                on_select=open_cell,
                selection_mode="cell",
                alt="Confusion matrix of the test images",
            )
        with right.container(height=490, border=False):
            if not finished(histories):
                st.caption("The digits will be shown when the training has ended.")
            elif known:
                show_wrong(testing.wrong(history.experiment, answers, chosen), step)

    histories = lab.run(NAME, picture, specs, draw)
    with picture:
        lab.caption(NAME)
        if histories:
            lab.outcome(NAME, sentence(histories[0]))
    lab.explain(NAME, histories, confusion, restore, softmax, latex=LATEX)


def open_cell() -> None:
    """A click on the matrix chooses the mistakes to show."""
    picked = st.session_state["mistakes_matrix"].selection.get("cell")
    keys = {f"{cell['true']}-{cell['said']}" for cell in picked or []}
    st.session_state["mistakes_cell"] = next((key for key in CELLS if key in keys), "")


def show_wrong(found: list, step: int) -> None:
    """The digits that were misread, at most MOST."""
    if not found:
        st.caption("No such mistake.")
        return
    shown = found[:MOST]
    st.caption(f"After update {step}, {len(found)} mistakes" + (f"; the surest {MOST}:" if len(found) > MOST else ":"))
    words = [f"{true} → {said}, {sure:.0%}" for _, true, said, sure in shown]
    st.image([digits.card(pixels) for pixels, *_ in shown], caption=words, width=76)


def sentence(history: History) -> str:
    """How many mistakes, the most frequent one, and the digit that is misread most."""
    spec, step = history.experiment, history.experiment.steps
    if history.diverged:
        return lab.diverged([history], ["The network"]).strip()
    answers = testing.probabilities(spec, step, history.weights[step])
    counts = testing.table(spec, answers)
    mistakes = counts - np.diag(np.diag(counts))
    if not mistakes.any():
        return "Not one of the test images is misread."
    true, said = np.unravel_index(mistakes.argmax(), mistakes.shape)
    rates = mistakes.sum(axis=1) / counts.sum(axis=1)
    hardest, easiest = int(rates.argmax()), int(rates.argmin())
    sure = sum(sure > 0.9 for *_, sure in testing.wrong(spec, answers))
    return (
        f"The network misreads {mistakes.sum()} of {counts.sum()} test images, most often a {true} as a {said} "
        f"({mistakes[true, said]} times). Hardest is the {hardest} ({rates[hardest]:.0%} misread), easiest the {easiest} "
        f"({rates[easiest]:.0%}). In {sure} of its mistakes it was more than 90% sure."
    )
