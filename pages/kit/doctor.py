"""What the doctor (`engine.doctor`) says of networks, as rows of a table: finding, since when, evidence, what to try."""

from collections.abc import Sequence
from typing import Any

from engine.compare import History
from engine.datasets import SOURCES
from engine.doctor import RULES, Finding, diagnose, unseen
from engine.verdict import Verdict
from pages.kit.language import N_, tr
from pages.kit.words import WORDS

SAID = {
    "loss": N_("loss {:.3g}"),
    "start": N_("{:.3g} at first"),
    "ratio": N_("update : weight {:.1e}"),
    "norm": N_("gradient norm {:.3g}"),
    "first": N_("gradient norm {:.1e} in the first layer"),
    "last": N_("{:.1e} in the last"),
    "spread": N_("std {:.1e} of the last activations"),
    "share": "{:.0%}",
    "falls": N_("a fall at {:.0%} of the looks"),
    "layer": N_("in layer {:.0f}"),
    "train": N_("training accuracy {:.2f}"),
    "test": N_("test accuracy {:.2f}"),
}


def findings(history: History) -> list[Finding]:
    """The cause first; none before the first update."""
    return diagnose(history, 1 / SOURCES[history.experiment.dataset].classes) if len(history.loss) else []


def evidence(finding: Finding) -> str:
    """The numbers that were seen.

    >>> evidence(Finding("overfitting", {"update": 40, "train": 1.0, "test": 0.81}, "", "", ""))
    'training accuracy 1.00, test accuracy 0.81'
    """
    return ", ".join(WORDS.format(tr(SAID[name]), value) for name, value in finding.evidence.items() if name != "update") or "–"


def told(finding: Finding) -> dict[str, Any]:
    """What a sentence says of it."""
    since = finding.evidence["update"]
    return {"finding": finding.name, "since": since, "evidence": evidence(finding), "advice": finding.advice}


def verdict(histories: Sequence[History], names: Sequence[str], most: int = 2) -> Verdict:
    """Of every network at most so many findings; and what the doctor could not see."""
    rows = [
        {"name": name, **told(finding)}
        for history, name in zip(histories, names, strict=True)
        for finding in findings(history)[:most]
    ]
    blind = list(dict.fromkeys(fault for history in histories for fault in unseen(history)))
    return Verdict("doctor", rows=rows, also=[Verdict("unseen", faults=", ".join(blind))] if blind else [])


def rules() -> str:
    """All that the doctor looks for, as a table in Markdown: sign, threshold, source."""
    rows = [f"| {tr(entry.label)} | ${tr(entry.latex)}$ | {tr(entry.source)} |" for entry in RULES.values()]
    heads = f"| {tr('finds')} | {tr('if')} | {tr('source of the threshold, or where it began')} |"
    return "\n".join([heads, "|---|---|---|", *rows])
