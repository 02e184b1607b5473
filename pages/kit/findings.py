"""Findings are what became of the claims with the seeds that `python -m benchmarks.claims` has tried, and their words."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from math import isfinite
from typing import Any

import streamlit as st

from engine.claim import HERE, HOLDS, NOT, OPEN, Claim
from engine.claims import CLAIMS
from engine.verdict import Verdict
from pages.kit.language import N_, tr
from pages.kit.text import ASSETS

FILE = ASSETS / "claims.json"
COLORS = {HOLDS: "blue", HERE: "orange", NOT: "red", OPEN: "gray"}
Effects = Mapping[str, Mapping[str, Sequence[float]]]  # claim → place → what was measured there, seed by seed


@cache
def kept() -> Effects:
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def keep(effects: Effects) -> None:
    found = {
        name: {place.name: effects[name][place.name] for place in CLAIMS[name].places} for name in CLAIMS if name in effects
    }
    words = json.dumps(found, ensure_ascii=False)
    FILE.write_text(words.replace('}, "', '},\n"').replace('], "', '],\n  "') + "\n", "utf-8")


@cache
def verdict(name: str) -> Verdict | None:
    """What was found of a claim; None if nothing was, at the places that it has now."""
    found = kept().get(name, {})
    return CLAIMS[name].tell(found) if set(found) == {place.name for place in CLAIMS[name].places} else None


def effect(name: str, row: Mapping[str, Any]) -> str:
    """An effect with its interval, of a row of a verdict, or of the verdict's own numbers.

    >>> effect("batchnorm_regularizes", {"effect": -0.02, "low": -0.025, "high": -0.015, "seeds": 10})
    '−0.020 ± 0.005'
    >>> effect("relu_is_six_times_faster", {"effect": 0.8, "low": 0.4, "high": 1.6, "seeds": 10})
    '× 0.80 (0.40 to 1.60)'
    """
    claim, numbers = CLAIMS[name], dict(row)
    if not isfinite(row["high"]):
        return tr("{n:seed|seeds} cannot tell", n=row["seeds"])
    if claim.factor:
        words = "× {effect:.2f}" if claim.exact else N_("× {effect:.2f} ({low:.2f} to {high:.2f})")
        return tr(words, **numbers)
    numbers["error"] = (row["high"] - row["low"]) / 2
    return tr(N_("{effect:g}, exactly") if claim.exact else "{effect:+.3f} ± {error:.3f}", **numbers)


def table(effects: Effects) -> str:
    """The claims as a table in Markdown."""
    lines = ["| claim | source | verdict | seeds | effect | where it turns |", "|---|---|---|---|---|---|"]
    for name, found in effects.items():
        claim, said = CLAIMS[name], CLAIMS[name].tell(found)
        measured = f"{effect(name, said.numbers)}: {claim.effect}, {said.rows[0]['place']}"
        seeds = "–" if claim.exact else said.seeds
        lines.append(f"| {claim.sentence} | {claim.source} | **{said.kind}** | {seeds} | {measured} | {turn(name, said)} |")
    return "\n".join(lines)


def turn(name: str, verdict: Verdict) -> str:
    """Where another answer begins, with what was measured there; a dash if nowhere that seeds can tell."""
    row = next((row for row in verdict.rows if row["place"] == verdict.turns), None)
    return f"{tr(row['place'])}: {effect(name, row)}" if row else "–"


def badge(kind: str) -> str:
    return f":{COLORS[kind]}-badge[{tr(kind)}]"


def query(name: str) -> dict[str, str]:
    """The address of a claim among the labs of the page of claims; one without seeds stands in the table, among its kind."""
    if CLAIMS[name].exact:
        return {"shown": verdict(name).kind.replace(" ", "-")} if verdict(name) else {}
    return {"section": "one", "claim": name}


def lab_link(claim: Claim) -> None:
    """The way to the lab that shows it."""
    topic, _, key = claim.lab.partition("/")
    asked = {"section": key, **claim.address}
    st.page_link(f"pages/{topic}.py", label=tr("Open the lab"), icon=":material/science:", query_params=asked, width="content")


def badges(lab: str) -> None:
    """What became of the claims that a lab is about."""
    for name, claim in CLAIMS.items():
        if claim.lab == lab and (found := verdict(name)):
            label = f"{badge(found.kind)} “{tr(claim.sentence)}”"
            st.page_link("pages/claims.py", label=label, icon=":material/gavel:", query_params=query(name) or None)
