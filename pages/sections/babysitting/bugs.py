"""Bugs: every mistake put into the same network, and the whole checklist run on each: which check finds which."""

from collections import Counter
from dataclasses import replace

import pandas as pd
import streamlit as st

from engine.bugs import BUGS
from engine.checklist import CHECKS
from engine.compare import History, grouped
from engine.experiments import Experiment
from engine.verdict import Verdict
from pages.charts import marks
from pages.kit import address
from pages.kit.controls import Choice, Controls, Values
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.sections.babysitting import checks
from pages.sections.babysitting.checks import FOUND, Seen

KNOWN = {name: label for name, label in FOUND.items() if name != "none"}


def controls(given: address.Given) -> Controls:
    found = checks.controls(given, "unit", bugs=Choice("Bugs", tuple(KNOWN), KNOWN))
    layers, norm = replace(found["layers"], default=2), replace(found["batchnorm"], default="before")
    return {**found, "layers": layers, "batchnorm": norm}


def specs(values: Values) -> list[Experiment]:
    """The checklist's trainings, for the network without a bug and with each."""
    if not values.bugs:
        raise ValueError(tr("choose at least one bug"))
    return [spec for bug in ("none", *values.bugs) for spec in checks.asked(replace(checks.base(values), bug=bug))]


def by_bug(histories: list[History]) -> dict[str, list[Seen]]:
    """Bug → every check of the network that has it."""
    return {bug: checks.seen(own) for bug, own in grouped(histories, lambda spec: spec.bug).items()}


def table(histories: list[History]) -> pd.DataFrame:
    """A row a bug and check: state, and what was seen; checks that are still at work are left out."""
    rows = [
        (FOUND[bug], CHECKS[each.name].label, each.outcome.state, each.words)
        for bug, found in by_bug(histories).items()
        for each in found
        if each.outcome
    ]
    return pd.DataFrame(rows, columns=["bug", "check", "state", "seen"])


def draw(histories: list[History], values: Values) -> None:
    rows = tuple(tr(FOUND[bug]) for bug in ("none", *values.bugs))
    columns = tuple(tr(entry.label) for entry in CHECKS.values())
    words = tr("Bugs against checks: which check fails, passes or cannot tell")
    found = table(histories)
    data = found.assign(bug=found["bug"].map(tr), check=found["check"].map(tr))
    st.vega_lite_chart(data, marks.table(rows, columns), key="bugs_table", alt=words)


def verdict(histories: list[History]) -> Verdict:
    """Which checks find each bug, what stays hidden, and which check finds most."""
    found = by_bug(histories)
    failed = {bug: checks.in_state(own, "fail") for bug, own in found.items()}
    sound = failed.pop("none")
    rows = [
        {"bug": FOUND[bug], "checks": checks.labels(own) or N_("none"), "fix": BUGS[bug].fix} for bug, own in failed.items()
    ]
    counts = Counter(each.name for own in failed.values() for each in own)
    most = [name for name, count in counts.items() if count == max(counts.values())]
    missed = [FOUND[bug] for bug, own in failed.items() if not own]
    also = [Verdict("hidden", names=", ".join(missed))] if missed else []
    also += [Verdict("alarm", names=checks.labels(sound))] if sound else []
    numbers = {"rows": rows, "found": len(failed) - len(missed), "total": len(failed)}
    if len(most) != 1:
        return Verdict("table", **numbers, also=also)
    return Verdict("most", right=most[0], check=CHECKS[most[0]].label, count=counts[most[0]], **numbers, also=also)


LAB = Lab(
    id="babysitting/bugs",
    title="Which check finds which bug",
    preset="S3",
    prefix="bugs_",
    controls=controls,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    code=[type(bug) for bug in BUGS.values()],
)
