"""One learning rate from close up: its loss and accuracies, what happened, why, and what the doctor says of it."""

import numpy as np
import streamlit as st

from engine.compare import History
from engine.fates import fate
from engine.verdict import Verdict
from pages.charts import curves
from pages.kit import doctor, lines, text
from pages.kit.language import N_, tr
from pages.kit.outcomes import finished
from pages.kit.sentences import of as sentence

LARGEST = float(np.finfo(np.float32).max)


def draw(own: list[History]) -> None:
    """Loss and accuracies of one rate over its updates, as far as they are numbers; what happened, and what the doctor says."""
    steps = own[0].experiment.steps
    lost = [history.diverged for history in own if history.diverged]
    last = min(steps, max(10, *lost)) if len(lost) == len(own) else steps
    left, right = st.columns([0.46, 0.54], gap="small")
    most = max(history.loss[np.isfinite(history.loss)].max(initial=0) for history in own)
    top = next(edge for edge in (2.5, 1e3, np.inf) if most <= edge)
    look = {"domain": (0, top)} if top == 2.5 else {"log": True, "domain": (0.01, min(top, 1e38))}
    names, title = [tr("loss")] * len(own), tr("loss at {lr:g}", lr=own[0].experiment.lr)
    look |= {"y": title, "end": last, "legend": False, "height": 170, "into": left}
    lines.draw(curves.frame(own, names, curves.loss), names, **look, key=f"rates close loss {top} {last}", alt=title)
    look = {"y": tr("accuracy"), "height": 170, "into": right}
    both = {which: tr(which) for which in (N_("train"), N_("test"))}
    lines.measures(own, both, **look, key="rates close accuracy", alt=tr("Accuracies of one learning rate"))
    if finished(own):
        st.markdown(sentence(story(own), text.prose("babysitting/rates").verdicts))


def story(own: list[History]) -> Verdict:
    """What happened to the first network of a rate, and what the doctor says of it."""
    first, found = own[0], doctor.findings(own[0])[0]
    what = fate(first)
    finite = first.loss[np.isfinite(first.loss)]
    numbers = {
        "lr": first.experiment.lr,
        "start": first.loss[0],
        "end": first.smoothed(0.9)[-1],
        "most": finite.max(initial=0.0),
        "last": finite[-1] if len(finite) else None,
        "step": first.diverged or 0,
        "largest": LARGEST,
        "train": first.train_accuracy[-1],
        "test": first.test_accuracy[-1],
        "updates": len(first.loss),
    }
    also = [Verdict("says-healthy")] if found.name == "healthy" else [Verdict("says", **doctor.told(found))]
    alike = sum(fate(history) == what for history in own)
    seeds = [Verdict("alike", alike=alike, seeds=len(own))] if len(own) > 1 else []
    return Verdict(f"close-{what}", **numbers, also=[*seeds, *also])
