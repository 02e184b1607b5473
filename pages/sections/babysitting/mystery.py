"""Mystery: a network with a hidden fault trains; look at its loss, ask for further evidence, and name the fault."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import streamlit as st

from engine import doctor as rules
from engine import mysteries
from engine.bugs import BUGS
from engine.compare import History
from engine.experiments import Experiment
from engine.faults import FAULTS
from engine.registry import Range
from engine.signs import SIGNS
from engine.verdict import Verdict
from pages.charts import curves, norms
from pages.charts import signs as pictures
from pages.kit import address, compute, digits, doctor, legend, lines
from pages.kit.controls import Number, Values
from pages.kit.lab import Lab
from pages.kit.language import N_, tr

EVIDENCE = {
    "accuracy": N_("Accuracies"),
    "update": N_("Update : weight"),
    "gradient": N_("Gradient norms"),
    "spread": N_("Spread of activations"),
    "dead": N_("Dead units"),
    "weights": N_("First weights"),
    "images": N_("Images and labels"),
}
POINTS = len(EVIDENCE) + 1  # for the right answer by the loss alone
IMAGES = 12
THIS, GUESSING, TWIN = N_("this network"), N_("guessing, ln 10"), N_("a healthy twin")
SETTINGS = ("hidden", "activation", "initializer", "optimizer", "lr", "batch_size", "train_size")


@dataclass
class Desk:
    """What a visitor has done in this session: evidence asked for and points won, by case, in the order of the visits."""

    asked: dict[int, list[str]] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)

    def row(self) -> int:
        """How many of the latest mysteries were solved in a row."""
        return next((k for k, points in enumerate(reversed(self.points.values())) if not points), len(self.points))


def desk() -> Desk:
    return st.session_state.setdefault("mystery desk", Desk())


def specs(values: Values) -> list[Experiment]:
    found = mysteries.mystery(values.case)
    return [found.hidden, found.twin]


def draw(histories: list[History], values: Values) -> None:
    """The loss, and below it what was asked for; the twin, once the secret is out."""
    history, end = histories[0], histories[0].experiment.steps
    shown = histories if LAB.opened(values) else [history]
    everyone = this, twin, guessing = tr(THIS), tr(TWIN), tr(GUESSING)
    names = (this, twin)[: len(shown)]
    data = pd.concat([curves.frame(shown, names, curves.MEASURES["loss"]), curves.level(guessing, np.log(10), end)])
    look = {"y": tr("training loss"), "end": end, "domain": (0.01, 100), "log": True, "height": 300, "everyone": everyone}
    words = tr("Training loss against updates")
    lines.draw(data, (*names, guessing), **look, key=f"mystery loss {len(names)}", alt=words)
    asked = desk().asked.get(values.case, [])
    if signs := [name for name in asked if name in SIGNS]:
        draw_signs(history, signs)
    if small := [name for name in BESIDE if name in asked]:
        for place, name in zip(st.columns(len(small)), small, strict=True):
            with place:
                BESIDE[name](history)
    if "images" in asked:
        show_images(history.experiment)


def draw_accuracies(history: History) -> None:
    both, words = {which: tr(curves.SHOWN[which]) for which in ("train", "test")}, tr("Accuracies against updates")
    lines.measures([history], both, y=tr("accuracy"), height=230, key="mystery accuracy", alt=words)


def draw_weights(history: History) -> None:
    words = tr("Histogram of the first weights of layer 1")
    st.vega_lite_chart(*norms.histogram([history], [tr(THIS)], 0, 1, height=230), key="mystery weights", alt=words)


BESIDE = {"accuracy": draw_accuracies, "weights": draw_weights}


def draw_signs(history: History, names: list[str]) -> None:
    panels, look = tuple((name, tr(SIGNS[name].label)) for name in names), {"columns": min(2, len(names)), "gap": 1.2}
    spec, rows = history.experiment, -(-len(names) // 2)
    chart = pictures.grid(len(spec.hidden), panels, end=spec.steps, height=60 + 170 * rows, **look)
    data = pictures.lines([(history, name) for name in names], **look)
    alt = tr("{names} of every layer against updates", names=", ".join(tr(EVIDENCE[name]) for name in names))
    st.vega_lite_chart(data, chart, key=f"mystery {names}", alt=alt)


@compute.cached(200)
def examples(spec: Experiment) -> tuple[np.ndarray, np.ndarray]:
    return mysteries.examples(spec, IMAGES)


def show_images(spec: Experiment) -> None:
    """The first images as the network gets them, with the labels that it learns."""
    x, labels = examples(spec)
    ends = {"low": float(x.min()), "high": float(x.max())}
    st.caption(tr("Images that it learns from, with their labels; pixels from {low:g} to {high:g}", **ends))
    named = [tr("label {label}", label=int(label)) for label in labels]
    st.image([digits.card(pixels) for pixels in x / x.max()], caption=named, width=76)


def ask(case: int, name: str) -> None:
    desk().asked.setdefault(case, []).append(name)


def move_on() -> None:
    """Another mystery, which trains at once if there is room."""
    case = 1 + secrets.randbelow(mysteries.LAST)
    address.change(case=case)
    with suppress(ValueError):
        compute.run(LAB.asked(LAB.settle({"case": case})))


def beside(results: list[History] | None, values: Values) -> None:
    """What may be asked for, the way to the next mystery, and the score."""
    found, case = desk(), values.case
    asked = found.asked.get(case, [])
    st.markdown(tr("**Further evidence**, a point each:"))
    with st.container(horizontal=True, gap="small"):
        for name, label in EVIDENCE.items():
            st.button(tr(label), on_click=ask, args=(case, name), disabled=name in asked, key=f"evidence {name}")
    st.button(tr("Next mystery"), on_click=move_on, icon=":material/casino:", type="secondary", key="mystery next")
    if results is not None and LAB.opened(values) and case not in found.points:
        right = LAB.answer(values) == mysteries.mystery(case).fault
        found.points[case] = (POINTS - len(asked)) * right
    if found.points:
        latest = found.points.get(case)
        score = {"total": sum(found.points.values()), "cases": len(found.points), "row": found.row(), "most": POINTS}
        st.markdown(LAB.sentence(Verdict("score" if latest is None else "scored", points=latest, **score), values))


def said(name: str, value) -> str:
    """A setting in words."""
    match name:
        case "hidden":
            return "–".join(map(str, (784, *value, 10)))
        case "dataset":
            return {"mnist": N_("labels as they are"), "mnist-shuffled": N_("labels shuffled")}[value]
    return legend.WORDS[name](value).replace("-", "−")


def verdict(histories: list[History]) -> Verdict:
    """The fault, in what the network differs from its healthy twin, and whether the doctor has seen it."""
    history, (hidden, twin) = histories[0], [each.experiment for each in histories]
    fault, finding = mysteries.truth(hidden, twin), doctor.findings(history)[0].name
    rows = [
        {"healthy": said(name, healthy), "here": said(name, own)}
        for name, (healthy, own) in mysteries.differences(hidden, twin).items()
    ]
    judged = "right" if finding == fault else "wrong" if fault in FAULTS else "strange"
    settings = ", ".join(said(name, getattr(hidden, name)) for name in SETTINGS)
    also = [Verdict(f"doctor-{judged}", finding=finding), doctor.verdict([history], [THIS])]
    kind = "healthy" if fault == "healthy" else "fault"
    return Verdict(kind, right=fault, rows=rows, settings=settings, seed=hidden.seed, also=also)


LAB = Lab(
    id="babysitting/mystery",
    title="Mystery",
    prefix="mystery_",
    controls={"case": Number("case ≤ 9999", 1, Range(1, mysteries.LAST))},
    sealed=lambda values: f"case {values.case}",
    specs=specs,
    draw=draw,
    beside=beside,
    verdict=verdict,
    code=lambda values: [type(BUGS[specs(values)[0].bug]), rules.diagnose],
)
