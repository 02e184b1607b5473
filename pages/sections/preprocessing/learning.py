"""Learning: the same network on five scalings of the same digits, from their eigenvalues to the learning rate they allow."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine import curvature
from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment
from engine.fates import best, end
from engine.preprocessing import PREPROCESSORS
from engine.registry import Range
from engine.verdict import Verdict, paired
from pages.charts import curves, sweeps
from pages.kit import compute, lines
from pages.kit.controls import Choice, Number, Values, applied, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import told

BOOK = PRESETS["P6"]
NAMES = (N_("Pixels 0–255"), N_("Pixels 0–1"), N_("Centered"), N_("Standardized"), N_("Whitened"))
BYTES, UNIT, CENTERED, _, WHITENED = NAMES
LADDER = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)  # learning rates tried, for pixels of 0–255 over 255²
WIDTH = 100
VIEWS = {"rates": "Every learning rate", "best": "Each at its best", "same": "One for all"}
KNOWN = {(spec.pixels, spec.scaling): name for spec, name in zip(BOOK, NAMES, strict=True)}
CONTROLS = {
    "view": Choice("View", "rates", VIEWS),
    "lr": replace(of(BOOK[0], lr=(1e-6, 100))["lr"], label="learning rate, one for all", slider=True),
    "dimensions": Number("dimensions, whitened", 784, Range(1, 784), slider=True),
    "eps": Number("ε, whitened", 0.0, Range(0, 1)),
    "layers": Number("hidden layers ≤ 3", 0, Range(0, 3)),
    **of(BOOK[0], train_size=(100, 4000), steps=(20, 1000)),
    "seeds": seeds(3, 5),
}
LATEX = r"""\begin{aligned}
\text{gradient} \quad & \mathrm{E}\left[x\,(\hat y - y)^\top\right] \\
\text{Hessian} \quad & \mathrm{E}\left[(\operatorname{diag}\hat y - \hat y \hat y^\top) \otimes x x^\top\right]
\preceq \tfrac12\,\lambda_\text{max} \, I
\quad\Rightarrow\quad \eta < 2 / \tfrac12\lambda_\text{max} \text{ is safe}
\end{aligned}"""


def specs(values: Values) -> list[Experiment]:
    """Every scaling at every learning rate of the ladder, and at the one for all."""
    shape = {"initializer": "he"} if values.layers else {}
    base = [replace(applied(spec, values), hidden=(WIDTH,) * values.layers, **shape) for spec in BOOK]
    base = [replace(spec, eval_every=max(1, (spec.steps - 1) // 8)) for spec in base]
    sliders = (("dimensions", values.dimensions), ("eps", values.eps))
    found = [
        replace(spec, lr=lr, scaling_hyper=sliders if spec.scaling == "whiten" else ())
        for spec in base
        for lr in sorted({*(rate / 255**2 if spec.pixels == "bytes" else rate for rate in LADDER), values.lr})
    ]
    return seeded(found, values.seeds)


def name(spec: Experiment) -> str:
    return KNOWN[spec.pixels, spec.scaling]


def spoken() -> tuple[str, ...]:
    """The names, as a picture says them."""
    return tuple(map(tr, NAMES))


@compute.heavy(N_("Looking for the eigenvalues …"), max_entries=200)
def eigenvalues(inputs: Experiment) -> np.ndarray:
    """Those of E[xxᵀ] over the training images of an experiment."""
    return curvature.eigenvalues(inputs.data().x_train)


def spectra(histories: list[History]) -> dict[str, np.ndarray]:
    """Name → eigenvalues, those of the first seed."""
    fields = ("train_size", "pixels", "scaling", "scaling_hyper")
    inputs = {name(spec): {field: getattr(spec, field) for field in fields} for spec in (h.experiment for h in histories)}
    return {own: eigenvalues(Experiment(**given)) for own, given in inputs.items()}


def sweep(histories: list[History]) -> dict[str, dict[float, list[History]]]:
    """Name → learning rate → its histories, seed by seed."""
    return {own: grouped(each, lambda spec: spec.lr) for own, each in grouped(histories, name).items()}


def shared(found: dict[str, dict[float, list[History]]]) -> float:
    """The learning rate that all of them try."""
    return min(set.intersection(*(set(rates) for rates in found.values())))


def table(histories: list[History]) -> pd.DataFrame:
    """A row a network: its inputs, learning rate and seed, and what it came to."""
    rows = [(name(h.experiment), h.experiment.lr, h.experiment.seed, *end(h)) for h in histories if len(h.loss)]
    return pd.DataFrame(rows, columns=["inputs", "lr", "seed", "loss", "test_accuracy"])


def draw(histories: list[History], values: Values) -> None:
    """Left the eigenvalues; right what comes out, over learning rates or over updates."""
    left, right = st.columns([0.4, 0.6], gap="small")
    found = spectra(histories)
    words = tr("Eigenvalues of the inputs' second moments, for five scalings")
    shown = sweeps.spectra_of({tr(own): eigenvalues for own, eigenvalues in found.items()})
    left.vega_lite_chart(shown, sweeps.spectra(spoken(), 480), key="learning spectra", alt=words)
    with right:
        over_rates(histories, found) if values.view == "rates" else over_updates(histories, values)


def over_rates(histories: list[History], found: dict[str, np.ndarray]) -> None:
    data = table(histories).rename(columns={"inputs": "line", "lr": "x"})
    data["line"] = data["line"].map(tr)
    limits = {tr(own): curvature.limit("softmax", eigenvalues[0]) for own, eigenvalues in found.items()}
    for title, column, log in ((tr("training loss"), "loss", True), (tr("test accuracy"), "test_accuracy", False)):
        chart = sweeps.rates(spoken(), y=title, log=log, height=235)
        shown = sweeps.rates_of(data.assign(y=data[column]), limits, sweeps.LOSSES[1] if log else 1.0)
        words = tr("{title} against the learning rate, for five scalings", title=title)
        st.vega_lite_chart(shown, chart, key=f"learning {column}", alt=words)


def over_updates(histories: list[History], values: Values) -> None:
    rates = {own: values.lr if values.view == "same" else best(each) for own, each in sweep(histories).items()}
    shown = [history for history in histories if history.experiment.lr == rates[name(history.experiment)]]
    for title, measure, domain in ((tr("training loss"), "loss", sweeps.LOSSES), (tr("test accuracy"), "test", (0, 1))):
        data = curves.frame(shown, [tr(name(history.experiment)) for history in shown], curves.MEASURES[measure])
        look = {"y": title, "end": values.steps, "domain": domain, "log": measure == "loss", "legend": False, "height": 235}
        words = tr("{title} against updates, for five scalings", title=title)
        lines.draw(data, spoken(), **look, key=f"learning race {measure}", alt=words)


def verdict(histories: list[History]) -> Verdict:
    """From λmax to the best learning rate and what it brings, for each scaling; and what the lesson says, measured."""
    found, tops = sweep(histories), {own: values[0] for own, values in spectra(histories).items()}
    rates = {own: best(each) for own, each in found.items()}
    chosen = {own: found[own].get(rates[own], []) for own in NAMES}
    losses = {own: np.array([end(history)[0] for history in each]) for own, each in chosen.items()}
    tests = {own: np.array([history.test_accuracy[-1] for history in each]) for own, each in chosen.items()}
    more = {own: paired(tests[own], tests[CENTERED]) for own in NAMES if len(tests[own]) and len(tests[CENTERED])}
    rows = [
        {
            "name": own,
            "top": tops[own],
            "squared": curvature.limit("squared", tops[own]),
            "softmax": curvature.limit("softmax", tops[own]),
            "lr": rates[own],
            "loss": losses[own].mean() if len(losses[own]) else None,
            "test": tests[own].mean() if len(tests[own]) else None,
            "than": "–" if own == CENTERED or own not in more else told(more[own]),
        }
        for own in NAMES
    ]
    spec = histories[0].experiment
    white = more.get(WHITENED)
    right = white.says("higher", "lower", "same", one="") if white else ""
    also = [raw(rates, tests), whitened(losses), everybody(found)]
    return Verdict(
        "deep" if spec.hidden else "linear",
        right=right,
        rows=rows,
        updates=histories[0].measured_at[-1],
        seeds=len({history.experiment.seed for history in histories}),
        layers=len(spec.hidden),
        mends=tops[UNIT] / tops[CENTERED],
        also=also,
    )


def raw(rates: dict[str, float | None], tests: dict[str, np.ndarray]) -> Verdict:
    """Whether pixels of 0–255 are worse than those of 0–1, each at its best learning rate."""
    if rates[BYTES] is None or rates[UNIT] is None:
        return Verdict("raw-lost")
    gap = paired(tests[BYTES], tests[UNIT])
    numbers = {"times": rates[UNIT] / rates[BYTES], "square": 255**2, "gap": abs(gap.mean), "error": gap.error}
    return Verdict(f"raw-{gap.says('better', 'worse')}", **numbers, seeds=gap.seeds)


def whitened(losses: dict[str, np.ndarray]) -> Verdict:
    """Whether whitened digits have the lowest training loss."""
    if not len(losses[WHITENED]) or not len(losses[CENTERED]):
        return Verdict("white-lost")
    others = [own for own in NAMES if own != WHITENED and len(losses[own])]
    second = min(others, key=lambda own: losses[own].mean())
    lead = paired(losses[WHITENED], losses[second])
    kind = lead.says("other", "first", alike="other")
    return Verdict(f"white-{kind}", loss=losses[WHITENED].mean(), second=second, other=losses[second].mean())


def everybody(found: dict[str, dict[float, list[History]]]) -> Verdict:
    """What one learning rate for all does."""
    lr = shared(found)
    losses = {own: np.mean([end(history)[0] for history in rates[lr]]) for own, rates in found.items()}
    lost = [own for own, loss in losses.items() if not np.isfinite(loss)]
    fine = {own: loss for own, loss in losses.items() if np.isfinite(loss)}
    if not fine:
        return Verdict("same-none", lr=lr)
    first, last = min(fine, key=fine.__getitem__), max(fine, key=fine.__getitem__)
    numbers = {"lr": lr, "first": first, "loss": fine[first], "last": last, "worst": fine[last]}
    return Verdict("same-lost" if lost else "same", **numbers, lost=", ".join(lost))


LAB = Lab(
    id="preprocessing/learning",
    title="Learning",
    preset="P6",
    prefix="learning_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    formula=LATEX,
    code=[PREPROCESSORS[name].function for name in ("center", "standardize", "whiten")] + [curvature.eigenvalues],
)
