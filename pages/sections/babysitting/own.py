"""Your own network: a form over a whole experiment, up to four of them side by side, and the doctor's word on each."""

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.doctor import diagnose
from engine.experiments import parameters
from engine.fates import end
from engine.training import train
from engine.verdict import Verdict, paired
from pages.charts import curves
from pages.kit import address, compute, doctor, legend, lines, own, sentences, text
from pages.kit.controls import Values
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import diverged, finished, records, told

LOSS = (1e-2, 10.0)  # while networks train
HEIGHT = 205
SHOWN = {
    "train": N_("training accuracy"),
    "validation": N_("validation accuracy"),
    "test": N_("test accuracy"),
    "gap": N_("training − test"),
}
SIGNS = {  # a finding of the doctor → the answer that foresees it
    "healthy": "healthy",
    **dict.fromkeys(("diverged", "exploding gradients", "lr too high", "oscillating"), "wild"),
    **dict.fromkeys(("dead units", "vanishing gradients", "bad start", "lr too low", "underfitting"), "stuck"),
    **dict.fromkeys(("overfitting", "no learning"), "heart"),
}
LATEX = r"""\begin{aligned}
L &= -\tfrac1n\textstyle\sum\ln\hat y_{\text{label}} + \tfrac{\lambda}{2}\sum W^2 \\
\text{gap} &= \text{training accuracy} - \text{test accuracy}
\end{aligned}"""


def count(histories: list[History]) -> int:
    """Networks, each trained with every seed."""
    return len(histories) // len({history.experiment.seed for history in histories})


def names(histories: list[History]) -> list[str]:
    """Letter and differences of every history's network."""
    networks = count(histories)
    said = legend.names([history.experiment for history in histories])
    if len(set(said)) > 1:
        said = [f"{own.LETTERS[k % networks].upper()}: {name}" for k, name in enumerate(said)]
    elif networks > 1:
        said = [own.LETTERS[k % networks].upper() for k in range(len(said))]
    return said


def above(values: Values) -> None:
    """Whose settings the form shows, and what makes more or fewer networks of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if values.count > 1:
            LAB.known(address.here().given)["open"].draw("network")
        full = values.count == own.MOST
        st.button(tr("Duplicate"), icon=":material/content_copy:", on_click=go, args=(own.duplicated, values), disabled=full)
        if values.count > 1:
            st.button(tr("Remove"), icon=":material/delete:", on_click=go, args=(own.removed, values))
        st.caption(hint(values), width="content")


def hint(values: Values) -> str:
    if values.count == 1:
        return tr("Duplicate the network, change one setting, and compare: up to four side by side.")
    if values.open == "a":
        return tr("The form shows network A: the others follow it where they are not changed.")
    return tr("The form shows network {letter}: where it is not changed, it follows A.", letter=values.open.upper())


def go(changed, values: Values) -> None:
    address.go(own.ID, **changed(values))


def draw(histories: list[History], values: Values) -> None:  # noqa: ARG001
    """Loss above, accuracies and gap below, and the numbers so far."""
    called, words = list(map(tr, names(histories))), tr("Loss of each network against updates")
    domain = curves.reach(curves.frame(histories, called, curves.MEASURES["loss"]), LOSS) if finished(histories) else LOSS
    look = {"y": tr("loss"), "domain": domain, "log": True, "columns": 2}
    high = int(1.3 * HEIGHT) + curves.above(tuple(dict.fromkeys(called)), 2)
    lines.over_updates(histories, called, "loss", **look, height=high, key="own loss", alt=words)
    shown = [what for what in SHOWN if what != "validation" or validated(histories)]
    for place, what in zip(st.columns(len(shown), gap="small"), shown, strict=True):
        title, domain = tr(SHOWN[what]), (-0.2, 0.8) if what == "gap" else (0, 1)
        look = {"y": title, "domain": domain, "legend": False, "height": HEIGHT, "into": place}
        words = tr("{measure} of each network against updates", measure=title)
        lines.over_updates(histories, called, what, **look, key=f"own {what}", alt=words)
    kind = "numbers-validated" if validated(histories) else "numbers"
    rows = records(table(histories))
    running = compute.find([history.experiment for history in histories])
    for k, known in enumerate(rows):
        known["seconds"] = sum(running.seconds[k :: count(histories)]) if running else None
    st.markdown(sentences.of(Verdict(kind, rows=rows), text.prose(own.ID).verdicts))


def validated(histories: list[History]) -> bool:
    return any(history.experiment.validation_size for history in histories)


def ends(histories: list[History], which: str) -> np.ndarray:
    """(networks, seeds): the last accuracies, NaN where there is none, or the loss is no number any more."""
    return np.reshape([history.last(which) for history in histories], (-1, count(histories))).T


def table(histories: list[History]) -> pd.DataFrame:
    """A row a network: where it is, in the mean over its seeds."""
    networks = count(histories)
    found = {which: ends(histories, which).mean(axis=1) for which in ("train", "validation", "test")}
    losses = [end(history)[0] for history in histories]
    return pd.DataFrame(
        {
            "name": names(histories)[:networks],
            "updates": [len(history.loss) for history in histories[:networks]],
            "loss": np.reshape(losses, (-1, networks)).mean(axis=0),
            **found,
            "gap": found["train"] - found["test"],
            "parameters": [parameters(history.experiment) for history in histories[:networks]],
        }
    )


def verdict(histories: list[History]) -> Verdict:
    """The best network, if the seeds tell it from every other; of a single one, how it went; and the doctor's findings."""
    networks, called = count(histories), names(histories)
    seeds = len(histories) // networks
    letters = [name.partition(":")[0] for name in called[:networks]]
    first = f", {tr('seed {seed}', seed=histories[0].experiment.seed)}" if seeds > 1 else ""
    seen = doctor.verdict(histories[:networks], [letter + first for letter in letters])
    numbers = {"seeds": seeds, "also": [*diverged(histories, letters * seeds), seen]}
    if networks == 1:
        signs = {SIGNS[doctor.findings(history)[0].name] for history in histories}
        (last,), right = records(table(histories)), signs.pop() if len(signs) == 1 else ""
        kind = "lost" if last["test"] is None else "alone"
        return Verdict(kind, right=right, **last, **numbers, looked=histories[0].measured_at[-1])
    return compared(histories, called[:networks], numbers)


def compared(histories: list[History], called: list[str], numbers: dict) -> Verdict:
    """Who knows most images for validation, or for testing where not all have some; a network that diverged is no best one."""
    which = "validation" if all(history.experiment.validation_size for history in histories) else "test"
    found = ends(histories, which)
    means = found.mean(axis=1)
    numbers |= {"which": which}
    fine = sorted(np.flatnonzero(np.isfinite(means)).tolist(), key=lambda k: -means[k])
    if not fine:
        return Verdict("lost", **numbers)
    first, *others = fine
    numbers |= {"name": called[first], "accuracy": means[first]}
    if len({asked_about(history.experiment.dataset, which) for history in histories}) > 1:
        return Verdict("apart", **numbers)
    leads = {k: paired(found[first], found[k]) for k in others}
    rows = [{"network": called[k], "mean": means[k], "less": told(leads[k]) if k in leads else "–"} for k in fine]
    numbers |= {"rows": rows}
    right = own.LETTERS[first]
    if others and len(own.networks([history.experiment for history in histories])) == 1:
        return Verdict("twins", right="same", **numbers)
    if numbers["seeds"] < 2:
        return Verdict("one", **numbers)
    if not others:
        return Verdict("survivor", right=right, **numbers)
    if not all(lead.told for lead in leads.values()):
        return Verdict("alike", right="same", **numbers)
    return Verdict("best", right=right, **numbers)


def asked_about(dataset: str, which: str) -> str:
    """Whose images for validation or testing: shuffled labels are for learning alone."""
    return dataset.removesuffix("-shuffled") if which == "test" else dataset


def after(histories: list[History] | None, values: Values) -> None:  # noqa: ARG001
    with st.expander(tr("How the doctor judges: rules and sources")):
        st.markdown(doctor.rules())


LAB = Lab(
    id=own.ID,
    title=own.TITLE,
    controls=own.controls,
    words=lambda values: own.ID if values.count == 1 else f"{own.ID}-{values.count}",
    specs=own.specs,
    above=above,
    draw=draw,
    verdict=verdict,
    after=after,
    table=table,
    formula=LATEX,
    code=[train, diagnose],
)
