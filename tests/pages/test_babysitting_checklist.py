"""The labs of the checklist: what they ask for, what they say, and that every word a check may need is there."""

import re

import pytest

from engine.bugs import BUGS
from engine.checklist import CHECKS
from engine.compare import empty
from pages.kit import sentences, text
from pages.labs import LABS
from pages.sections.babysitting import checks
from pages.sections.babysitting.checklist import KINDS, in_order
from tests.pages.conftest import ROOT
from tests.runs import trained

CHECKLIST, ALL = LABS["babysitting/checklist"], LABS["babysitting/bugs"]
SMALL = {"width": 10, "train_size": 200}


def found(lab, **given):
    values = lab.settle(given)
    histories = trained(lab.asked(values))
    verdict = lab.verdict(histories)
    return histories, verdict, lab.sentence(verdict, values)


def test_without_a_bug_nothing_fails():
    _, verdict, sentence = found(CHECKLIST, train_size=500)
    assert (verdict.kind, verdict.right, verdict.total) == ("all", "none", len(CHECKS))
    assert "{" not in sentence


@pytest.mark.parametrize(
    ("bug", "right"),
    [
        ("pixels", "data"),
        ("zeros", "loss"),
        ("factor", "gradient"),
        ("softmax", "answers"),
        ("rate", "heart"),
        ("labels", "rates"),
    ],
)
def test_what_fails_first_tells_the_bug(bug, right):
    _, verdict, sentence = found(CHECKLIST, bug=bug, train_size=500)
    assert verdict.right == right
    assert BUGS[bug].label in sentence
    assert "None" not in sentence


def test_a_bug_that_cannot_show_is_said_to_be_missed():
    _, verdict, _ = found(CHECKLIST, bug="statistics", train_size=500)  # without batch normalization
    assert verdict.right == "none"
    assert verdict.also[-1].kind == "missed"


def test_checks_are_told_in_order():
    histories = trained(CHECKLIST.asked(CHECKLIST.settle(SMALL)))
    known = {name: each for name, each in zip(CHECKS, in_order(histories), strict=True) if each.outcome}
    assert list(known) == list(CHECKS)
    waiting = [empty(history.experiment) for history in histories]
    assert not any(each.outcome for each in in_order(waiting))
    partly = [*histories[:2], *waiting[2:]]
    assert [each.name for each in in_order(partly) if each.outcome] == list(CHECKS)[:6]


def test_every_bug_has_its_row_and_the_sound_network_its_own():
    histories, verdict, sentence = found(ALL, bugs=("sign", "softmax"), **SMALL)
    own = {row["bug"]: row["checks"] for row in verdict.rows}
    assert set(own) == {BUGS["sign"].label, BUGS["softmax"].label}
    assert CHECKS["gradient"].label in own[BUGS["sign"].label]
    assert CHECKS["sure"].label in own[BUGS["softmax"].label]
    assert len(ALL.table(histories)) == 3 * len(CHECKS)
    assert "None" not in sentence


def test_no_bug_chosen_is_a_sentence():
    with pytest.raises(ValueError, match="at least one bug"):
        ALL.asked(ALL.settle({"bugs": ()}))


def test_everything_a_check_may_see_has_words():
    kinds = set(re.findall(r'Verdict\(\s*"([^"]+)"', (ROOT / "engine/checklist.py").read_text("utf-8")))
    kinds |= {"first", "first lost", "sure", "sure lost", "window", "window one"}
    assert kinds <= text.prose("babysitting/checklist").verdicts.keys()
    assert KINDS.keys() == CHECKS.keys()
    assert set(CHECKS) == set(ALL.prose(ALL.settle({})).answers)


def test_seconds_are_told_apart():
    histories = trained(CHECKLIST.asked(CHECKLIST.settle(SMALL)))
    at_once = {each.name for each in checks.seen(histories) if each.seconds is not None}
    assert at_once == {"data", "gradient", "alone", "sure"}  # the rest is the server's to measure
    assert sentences.of(checks.seen(histories)[1].outcome.seen, text.prose("babysitting/checklist").verdicts)
