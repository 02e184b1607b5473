"""Curves: the shapes of the textbook's cartoon, each from a real run, and what the doctor finds in each."""

from dataclasses import replace

import streamlit as st

from engine.compare import History
from engine.doctor import Finding, diagnose
from engine.experiments import PRESETS, Experiment
from engine.registry import Range
from engine.verdict import Verdict
from pages.charts import shapes
from pages.kit import doctor, inside, text
from pages.kit.controls import Number, Values, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import finished
from pages.kit.sentences import of as sentence
from pages.kit.words import WORDS

BOOK = [*PRESETS["S9"], *PRESETS["S10"]]
SHAPES = {  # name → what was put in, as the doctor would call it
    N_("Too low"): "lr too low",
    N_("Good"): "healthy",
    N_("High"): "lr too high",
    N_("Too high"): "lr too high",
    N_("Flat, then falling"): "bad start",
    N_("Oscillating"): "oscillating",
    N_("A gap"): "overfitting",
    N_("No gap"): "underfitting",
}
ROW = 4  # panels
LOOKS = 20  # at accuracies
CONTROLS = {
    "times": Number("rates ×", 1.0, Range(0.1, 10, log=True), slider=True),
    **of(BOOK[0], steps=(40, 1000)),
    "seeds": seeds(1, 5),
}


def specs(values: Values) -> list[Experiment]:
    looks = {"eval_every": values.steps // LOOKS, "probe_steps": inside.moments(values.steps, 8)}
    return seeded([replace(spec, lr=spec.lr * values.times, steps=values.steps, **looks) for spec in BOOK], values.seeds)


def by_shape(histories: list[History]) -> dict[str, list[History]]:
    """Name → its networks, seed by seed."""
    return {name: histories[place :: len(SHAPES)] for place, name in enumerate(SHAPES)}


def put_in(spec: Experiment) -> str:
    """What a network differs in from the others, as far as it is of use to know."""
    words = [WORDS.format("lr {lr:.3g}", lr=spec.lr)]
    words += [tr("weights {scale:g} · N(0, 1)", scale=spec.init_scale)] if spec.initializer == "normal" else []
    words += [tr("batches of {n}", n=spec.batch_size)] if spec.batch_size < 100 else []
    words += [tr("{n} images", n=spec.train_size)] if spec.train_size < 1000 else []
    words += [tr("{n} hidden units", n=spec.hidden[0])] if len(spec.hidden) == 1 else []
    return ", ".join(words)


def draw(histories: list[History], values: Values) -> None:
    """A panel a shape, with what the doctor says of its first network once it is trained."""
    st.altair_chart(shapes.legend(), key="curves legend", alt=tr("What the lines are"))
    places = [place for _ in range(0, len(SHAPES), ROW) for place in st.columns(ROW, gap="small")]
    for place, (name, own) in zip(places, by_shape(histories).items(), strict=True):
        with place:
            panel(name, own, values.steps)


def panel(name: str, own: list[History], steps: int) -> None:
    st.markdown(f"**{tr(name)}**")
    finding = doctor.findings(own[0])[0] if finished(own) else None
    measure = finding.measure if finding else ""
    chart = shapes.panel(measure, steps, 205)
    alt = tr("Loss and accuracies of {name}", name=tr(name))
    st.vega_lite_chart(shapes.panel_of(own, finding), chart, key=f"curves {name} {measure in shapes.INSIDE}", alt=alt)
    st.caption(sentence(said(own[0].experiment, finding), text.prose(LAB.id).verdicts))


def said(spec: Experiment, finding: Finding | None) -> Verdict:
    """What a network differs in, and what the doctor has found in it, if it was asked."""
    differs = put_in(spec)
    if not finding or finding.name == "healthy":
        return Verdict("panel-healthy" if finding else "panel", differs=differs)
    return Verdict("panel-finds", differs=differs, **doctor.told(finding))


def verdict(histories: list[History]) -> Verdict:
    """For which shapes the doctor's first finding is what was put in, by network."""
    rows = []
    for name, own in by_shape(histories).items():
        first = [doctor.findings(history)[0] for history in own]
        found = {"fault": SHAPES[name], "finding": ", ".join(dict.fromkeys(finding.name for finding in first))}
        found |= {"hits": sum(finding.name == SHAPES[name] for finding in first), "seeds": len(own), "advice": first[0].advice}
        rows.append({"name": name, "differs": put_in(own[0].experiment), **found})
    hits = sum(row["hits"] for row in rows)
    share = hits / len(histories)
    right = "all" if share == 1 else "most" if share >= 0.75 else "fewer"
    return Verdict("told", right=right, hits=hits, total=len(histories), updates=histories[0].experiment.steps, rows=rows)


LAB = Lab(
    id="babysitting/curves",
    title="Curves",
    prefix="curves_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    spread=N_("Thin lines are the other seeds of {seeds}; threshold and finding belong to the first."),
    code=[diagnose],
)
