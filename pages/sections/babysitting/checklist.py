"""Checklist: before a long training, nine short looks that a network without mistakes passes; and a mistake to hide in it."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from engine import checklist
from engine.bugs import BUGS
from engine.checklist import CHECKS, tried
from engine.compare import History
from engine.experiments import Experiment
from engine.verdict import Verdict
from pages.charts import windows
from pages.kit import address, lines
from pages.kit.controls import Choice, Controls, Values
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.sections.babysitting import checks
from pages.sections.babysitting.checks import FOUND, MARKS, Seen

KINDS = {"data": "data", "first_loss": "loss", "penalty": "loss", "gradient": "gradient", "alone": "answers", "sure": "answers"}
KINDS |= {"twenty": "heart", "window": "rates", "new_images": "rates"}


def controls(given: address.Given) -> Controls:
    return checks.controls(given, "bytes", bug=Choice("A bug to hide in it", "none", FOUND, menu=True))


def specs(values: Values) -> list[Experiment]:
    return checks.asked(replace(checks.base(values), bug=values.bug))


def draw(histories: list[History], values: Values) -> None:
    """The checks as a table; below, twenty images learned by heart, and where thirteen learning rates lead."""
    heads = f"| | {tr('check')} | {tr('what was seen')} | {tr('time')} |"
    st.markdown("\n".join([heads, "|---|---|---|---|", *map(line, in_order(histories))]))
    known = {history.experiment: history for history in histories}
    plan = checklist.plan(histories[0].experiment)
    heart, rates = ([known[spec] for spec in plan[name]] for name in ("twenty", "window"))
    left, right = st.columns(2, gap="small")
    look = {"y": tr("loss, twenty images"), "domain": (1e-3, 10), "log": True, "legend": False, "height": 230, "into": left}
    words = tr("The loss on twenty images against updates")
    lines.over_updates(heart, [tr("twenty images")], "loss", **look, key="checklist_heart", alt=words)
    words = tr("What the loss has come to against the learning rate, from 10⁻⁶ to 10⁶")
    found = windows.of([tried(history) for history in rates if history.ended])
    right.vega_lite_chart(found, windows.window(values.lr, height=230), key="checklist_rates", alt=words)


def in_order(histories: list[History]) -> list[Seen]:
    """The checks, each told once those before it are."""
    if not any(len(history.loss) for history in histories):
        return [Seen(name, None, None) for name in CHECKS]
    found = checks.seen(histories)
    done = next((place for place, each in enumerate(found) if not each.outcome), len(found))
    return [each if place < done else Seen(each.name, None, None) for place, each in enumerate(found)]


def line(seen: Seen) -> str:
    mark = MARKS[seen.outcome.state] if seen.outcome else ":gray[:material/hourglass_empty:]"
    return f"| {mark} | {tr(CHECKS[seen.name].label)} | {seen.words} | {spent(seen.seconds)} |"


def spent(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.1f}\N{NO-BREAK SPACE}s" if seconds >= 1 else f"{max(1, round(1000 * seconds))}\N{NO-BREAK SPACE}ms"


def verdict(histories: list[History]) -> Verdict:
    """How many pass, which fails first, and whether the bug, if there is one, was seen."""
    found = checks.seen(histories)
    failed, unclear = checks.in_state(found, "fail"), checks.in_state(found, "unknown")
    also = [Verdict("unclear", names=checks.labels(unclear))] if unclear else []
    also += checks.bug_of(histories[0].experiment, failed)
    passed = len(found) - len(failed) - len(unclear)
    if not failed:
        return Verdict("some" if unclear else "all", right="none", passed=passed, total=len(found), also=also)
    first = failed[0]
    numbers = {"first": CHECKS[first.name].label, "seen": first.words, "rest": checks.labels(failed[1:]), "passed": passed}
    return Verdict("failed" if failed[1:] else "one", right=KINDS[first.name], total=len(found), **numbers, also=also)


def table(histories: list[History]) -> pd.DataFrame:
    """A row a check: its state, what was seen, and seconds on this server."""
    rows = [
        (CHECKS[each.name].label, each.outcome and each.outcome.state, each.words, each.seconds)
        for each in checks.seen(histories)
    ]
    return pd.DataFrame(rows, columns=["check", "state", "seen", "seconds"])


LAB = Lab(
    id="babysitting/checklist",
    title="Checklist",
    preset="S3",
    prefix="check_",
    controls=controls,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=table,
    formula=r"L_1 = -\ln\tfrac1C \qquad L_1(\lambda) - L_1(0) = \tfrac{\lambda}{2}\textstyle\sum W^2 \qquad "
    r"\frac{L(\theta + h) - L(\theta - h)}{2h} \approx \frac{\partial L}{\partial \theta}",
    code=[*(entry.function for entry in CHECKS.values()), type(BUGS["sign"])],
)
