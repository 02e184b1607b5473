"""All claims: what became of each with the seeds that have been tried, and ways to try more of them and to its lab."""

from collections import Counter

import pandas as pd
import streamlit as st

from engine.claim import HERE, HOLDS, KINDS, NOT, OPEN, Claim
from engine.claims import CLAIMS
from engine.sequential import anytime
from engine.verdict import Verdict
from pages.charts import claims
from pages.kit import address, findings
from pages.kit.controls import Choice, Values
from pages.kit.lab import Lab
from pages.kit.language import tr

ALL = "all"
SHOWN = {ALL: "All of them", **{kind.replace(" ", "-"): kind for kind in KINDS}}
CONTROLS = {"shown": Choice("Shown", ALL, SHOWN, menu=True)}
Found = dict[str, Verdict]


def find(values: Values) -> Found:
    """The claims that are shown, with what was found of each."""
    found = {name: verdict for name in CLAIMS if (verdict := findings.verdict(name))}
    kept = {name: verdict for name, verdict in found.items() if SHOWN[values.shown] in (SHOWN[ALL], verdict.kind)}
    if not kept:
        raise ValueError(tr("there is no claim of which is found: {kind}", kind=tr(SHOWN[values.shown])))
    return kept


def draw(found: Found, values: Values) -> None:  # noqa: ARG001
    rows = [claims.row_of(CLAIMS[name], verdict, findings.effect(name, verdict.numbers)) for name, verdict in found.items()]
    chart = claims.overview(tuple(row["sentence"] for row in rows))
    words = tr("Of every claim what it says, as a zone, and what was measured, with its error")
    st.vega_lite_chart(pd.DataFrame(rows), chart, key="claims", alt=words, on_select=choose, selection_mode="claim")


def choose() -> None:
    """A click on a row opens its claim."""
    picked = st.session_state["claims"].selection.get("claim")
    name = str(picked[0]["claim"]) if picked else ""
    if name in CLAIMS and not CLAIMS[name].exact:
        address.go("claims/one", claim=name)


def rows(found: Found | None, values: Values) -> None:  # noqa: ARG001
    """Every claim in words, with its verdict, and the ways from it."""
    for name, verdict in (found or {}).items():
        claim = CLAIMS[name]
        with st.container(horizontal=True, vertical_alignment="center", key=f"row {name}"):
            seeds = "" if claim.exact else f" {tr('{n} seeds.', n=verdict.seeds)}"
            measured = f"{findings.effect(name, verdict.numbers)}: {tr(claim.effect)}, {tr(verdict.rows[0]['place'])}.{seeds}"
            turns = f" {tr('It turns: {where}.', where=findings.turn(name, verdict))}" if verdict.turns else ""
            head = f"{findings.badge(verdict.kind)} **“{tr(claim.sentence)}”** :small[:gray[{tr(claim.source)}]]"
            st.markdown(f"{head}  \n:small[{measured}{turns}]", width="stretch")
            links(name, claim)


def links(name: str, claim: Claim) -> None:
    if not claim.exact:
        asked = {"args": ("claims/one",), "kwargs": {"claim": name}}
        st.button(tr("Run it"), key=f"run {name}", icon=":material/play_arrow:", type="tertiary", on_click=address.go, **asked)
    findings.lab_link(claim)


def verdict(found: Found) -> Verdict:
    """How many of those that are shown hold, and how many do not."""
    count = Counter(verdict.kind for verdict in found.values())
    share = count[HOLDS] / len(found)
    right = "most" if share > 0.5 else "some" if share > 0.25 else "few"
    seeds = [verdict.seeds for name, verdict in found.items() if not CLAIMS[name].exact]
    told = {"total": len(found), "holds": count[HOLDS], "here": count[HERE], "fails": count[NOT], "unknown": count[OPEN]}
    return Verdict("counted", right=right, fewest=min(seeds, default=0), most=max(seeds, default=0), **told)


def table(found: Found) -> pd.DataFrame:
    """A row a claim and place: sentence, source, verdict, effect, low, high, seeds."""
    own = [
        {"claim": name, "sentence": CLAIMS[name].sentence, "source": CLAIMS[name].source, "verdict": verdict.kind, **row}
        for name, verdict in found.items()
        for row in verdict.rows
    ]
    return pd.DataFrame(own)


LAB = Lab(
    id="claims/table",
    title="All claims",
    controls=CONTROLS,
    find=find,
    draw=draw,
    after=rows,
    verdict=verdict,
    table=table,
    code=[Claim, anytime],
)
