"""Does it help: test accuracy itself, for several strengths of weight decay and dropout, in pairs over several seeds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment
from engine.layers import Dropout
from engine.training import penalize
from engine.verdict import Verdict, paired
from pages.charts import gaps
from pages.kit.controls import Choice, Values, applied, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import accuracies, diverged, finished, told
from pages.sections.regularization import nets

BOOK = PRESETS["R4"][0]
DECAYS = {f"{value:g}": f"{value:g}" for value in (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1)}
RATES = {f"{value:g}": f"{value:g}" for value in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)}
MUCH = 0.1  # ten points
CONTROLS = {
    "decays": Choice("Weight decay λ", ("0.001", "0.01", "0.03"), DECAYS),
    "rates": Choice("Dropout rate, scaled in training", ("0.1", "0.2", "0.4"), RATES),
    "norms": Choice("Batch normalization", (), {"before": "before the activation", "after": "after it"}),
    **of(BOOK, lr=(1e-3, 0.5)),
    "seeds": seeds(3, 10),
    **of(BOOK, steps=(1, 1500)),
    "train_size": replace(of(BOOK, train_size=(20, 2000))["train_size"], key="honest_size"),
    **nets.SHAPE,
}
LATEX = r"W \leftarrow W - \eta\left(\frac{\partial L}{\partial W} + \lambda W\right)"
PLAIN = N_("plain")


def specs(values: Values) -> list[Experiment]:
    base = replace(applied(nets.shaped(BOOK, values), values), eval_every=nets.looks(values.steps), seed=0)
    changes = [{}, *({"weight_decay": float(value)} for value in values.decays)]
    changes += [{"dropout": float(value)} for value in values.rates]
    changes += [{"batchnorm": value} for value in values.norms]
    return seeded([replace(base, **change) for change in changes], values.seeds)


def name(spec: Experiment) -> str:
    return {
        "decay": f"λ {spec.weight_decay:g}",
        "inverted": f"dropout {spec.dropout:g}",
        "norm": f"BatchNorm {spec.batchnorm}",
    }.get(nets.kind(spec), PLAIN)


def ends(histories: list[History]) -> dict[str, tuple[str, np.ndarray, np.ndarray]]:
    """Setting → its family, training and test accuracies (seeds,) at the last evaluation that all have; the plain one first."""
    at = min(len(history.test_accuracy) for history in histories) - 1
    groups = grouped(histories, name) if at >= 0 else {}
    families = {label: nets.NETS[nets.kind(own[0].experiment)].split(",")[0].lower() for label, own in groups.items()}
    return {label: (families[label], *accuracies(own, at)) for label, own in groups.items()}


def compared(histories: list[History]) -> pd.DataFrame:
    """A row a setting that has not always diverged: its means, and how much more test accuracy it has than the plain network,
    with the error of that over pairs of one seed each, NaN of a single pair."""
    found = ends(histories)
    rows = [
        {"name": label, "family": family, "train": np.nanmean(train), "test": np.nanmean(test), **more.numbers}
        for label, (family, train, test) in found.items()
        if (more := paired(test, found[PLAIN][2])).seeds
    ]
    columns = ["name", "family", "train", "test", "more", "error", "seeds"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:-1], float))


def draw(histories: list[History], values: Values) -> None:  # noqa: ARG001
    names = tuple(dict.fromkeys(tr(name(history.experiment)) for history in histories))
    found = compared(histories)
    found["name"] = found["name"].map(tr)
    span = gaps.span(found) if finished(histories) and len(found) else gaps.SPAN
    chart = gaps.over_settings(names, span, 90 + 38 * len(names))
    words = tr("Test accuracy of each setting less that of the plain network, with its error")
    st.vega_lite_chart(gaps.settings_of(found, span), chart, key="honest_chart", alt=words)


def verdict(histories: list[History]) -> Verdict:
    """Which settings have more test accuracy than the plain network, by more than the error of the difference."""
    found, lost = ends(histories), diverged(histories, [name(h.experiment) for h in histories])
    known = compared(histories).set_index("name")
    if PLAIN not in known.index:
        return Verdict("lost", also=lost)
    more = {label: paired(found[label][2], found[PLAIN][2]) for label in known.index if label != PLAIN}
    means = known[["train", "test"]].to_dict("index")
    rows = [{"name": label, **means[label], "more": told(own, 4), "seeds": own.seeds} for label, own in more.items()]
    numbers = {**means[PLAIN], "rows": rows, "also": lost}
    numbers["updates"] = min(int(history.measured_at[-1]) for history in histories)
    if not rows:
        return Verdict("alone", **numbers)
    if max(difference.seeds for difference in more.values()) < 2:
        return Verdict("one", **numbers)
    helps, harms = ([d.mean for d in more.values() if d.told and sign * d.mean > 0] for sign in (1, -1))
    right = "luck" if not helps else "ten" if max(helps) >= MUCH else "few"
    return Verdict("compared", right=right, helps=len(helps), harms=len(harms), total=len(more), **numbers)


LAB = Lab(
    id="regularization/honest",
    title="Does it help?",
    prefix="honest_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=compared,
    spread=N_("Bars: the 95 % interval of the difference, in {seeds} pairs of one seed each."),
    formula=LATEX,
    code=[penalize, Dropout],
)
