"""One claim, live: its networks with any number of seeds, and an interval that may be looked at after every seed."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from engine.claim import LEVEL, Claim
from engine.claims import CLAIMS
from engine.compare import History
from engine.experiments import Experiment, Spec
from engine.sequential import anytime
from engine.verdict import Verdict
from pages.charts import claims
from pages.kit import compute, findings
from pages.kit.controls import Choice, Values, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr

TRAINED = {name: claim for name, claim in CLAIMS.items() if not claim.exact}
MOST = 30
DROPPED = ("low", "high", "error", "says_low", "says_high", "effect", "turns")
LATEX = r"\bar d \pm s \sqrt{\tfrac{(n-1)\,u}{n}}, \quad u = \frac{K-1}{1-K/L}, \quad K^n = L/\alpha^2, \quad L = 1 + n/c^2"
SENTENCES = {name: claim.sentence for name, claim in TRAINED.items()}
CONTROLS = {
    "claim": Choice("Claim", next(iter(TRAINED)), SENTENCES, menu=True, key="claim"),
    "seeds": seeds(5, MOST),
}


def specs(values: Values) -> list[Spec]:
    return TRAINED[values.claim].experiments(values.seeds)


def draw(histories: list[History], values: Values) -> None:
    claim = TRAINED[values.claim]
    effects, known = claim.effects(histories, remembered(values.claim)), findings.kept().get(values.claim, {})
    ends = claims.ends_of(claim, known, effects)
    data = claims.funnel_of(claim, effects, ends, LEVEL / len(claim.places))
    chart = claims.funnel(tuple(map(tr, effects)), tr(claim.effect), claim.says, ends, claim.factor)
    words = tr("The effect of every seed, and the interval of their mean after each, beside what is claimed")
    st.vega_lite_chart(data, chart, key=f"one {values.claim}", alt=words)


def verdict(histories: list[History]) -> Verdict:
    """That of the claim, with its intervals in words."""
    name = of(histories)
    said = TRAINED[name].tell(TRAINED[name].effects(histories, remembered(name)))
    rows = [row | {"words": findings.effect(name, row), "answer": row["answer"] or N_("cannot tell")} for row in said.rows]
    numbers = said.numbers | {"rows": rows, "effect_of": TRAINED[name].effect}
    return Verdict(said.kind, right=said.right, **{key: value for key, value in numbers.items() if key not in DROPPED})


def remembered(name: str) -> Callable[[History], float]:
    """The claim's measure, which looks at a finished history once."""
    return lambda history: measured(name, history.experiment, history)


@compute.cached(5000)
def measured(name: str, spec: Experiment, _history: History) -> float:  # noqa: ARG001
    """What the claim measures of the network with this spec; a history follows from it, and is no part of the key."""
    return TRAINED[name](_history)


def of(histories: list[History]) -> str:
    """The claim whose experiments these are, but for seeds, and for widths, which a test makes small."""

    def bare(spec: Spec) -> Spec:
        return replace(spec, seed=0, hidden=()) if isinstance(spec, Experiment) else spec

    def matches(claim: Claim) -> bool:
        first = [bare(history.experiment) for history in histories[: len(claim.arms)]]
        return len(histories) % len(claim.arms) == 0 and first == [bare(spec) for spec in claim.arms]

    return next(name for name, claim in TRAINED.items() if matches(claim))


def beside(results: list[History] | None, values: Values) -> None:  # noqa: ARG001
    """Where the claim comes from, what was found before, and the way to its lab."""
    claim = TRAINED[values.claim]
    st.markdown(f"> {tr(claim.sentence)}\n\n:small[:gray[{tr(claim.source)}]]")
    findings.lab_link(claim)


LAB = Lab(
    id="claims/one",
    title="One claim, live",
    prefix="claim_",
    controls=CONTROLS,
    words=lambda values: f"claims/one-{values.claim}",
    specs=specs,
    draw=draw,
    beside=beside,
    verdict=verdict,
    spread=N_("In a strip {seeds} seeds stand from top to bottom, and the band is the interval after each."),
    formula=LATEX,
    code=lambda values: [TRAINED[values.claim].function, Claim, anytime],
)
