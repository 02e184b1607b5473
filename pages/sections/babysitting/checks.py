"""What the labs of the checklist share: the network that is checked, and every check as far as its trainings are."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from engine import checklist
from engine.bugs import BUGS
from engine.checklist import CHECKS, Outcome
from engine.compare import History
from engine.experiments import PRESETS, Experiment, mnist
from engine.registry import Range
from engine.verdict import Verdict
from pages.kit import address, compute, sentences, text
from pages.kit.controls import Choice, Controls, Number, Values, applied, of
from pages.kit.language import N_
from pages.kit.outcomes import finished
from pages.sections.babysitting.scales import CHOICE

BYTES = PRESETS["S3"][0]
UNIT = mnist(hidden=BYTES.hidden, initializer=BYTES.initializer, init_scale=0.01, lr=0.3)
FOUND = {name: bug.label for name, bug in BUGS.items()}
MARKS = {"pass": ":green[:material/check_circle:]", "fail": ":red[:material/cancel:]", "unknown": ":orange[:material/help:]"}


def controls(given: address.Given, pixels: str, **last: Choice) -> Controls:
    """Of the network that is checked, `last` among them; the pixels decide which rates and first weights are the textbook's."""
    book = replace(BYTES if given.get("pixels", pixels) == "bytes" else UNIT, train_size=1000)
    fields = of(book, lr=(1e-6, 1e6), init_scale=(), train_size=(20, 4000), seed=())
    return {
        "pixels": replace(CHOICE, default=pixels, resets=("lr", "init_scale")),
        **last,
        "lr": replace(fields.pop("lr"), slider=True),
        "layers": Number("hidden layers ≤ 3", 1, Range(1, 3)),
        "width": Number("units ≤ 200", 50, Range(1, 200)),
        "batchnorm": Choice("Batch normalization", "none", {"none": "no BatchNorm", "before": "BatchNorm"}),
        **{name: replace(field, fold="More") for name, field in (of(book, activation=()) | fields).items()},
    }


def base(values: Values) -> Experiment:
    """The network that is checked, as it is meant."""
    book = BYTES if values.pixels == "bytes" else UNIT
    return replace(applied(book, values), hidden=(values.width,) * values.layers)


class Seen(NamedTuple):
    """A check: what came of it, None while its networks train, and its seconds on this server, as far as they are known."""

    name: str
    outcome: Outcome | None
    seconds: float | None

    @property
    def words(self) -> str:
        return sentences.of(self.outcome.seen, text.prose("babysitting/checklist").verdicts) if self.outcome else ""


plan = lru_cache(maxsize=500)(checklist.plan)


def asked(spec: Experiment) -> list[Experiment]:
    """All that is trained to check a network, its first update first."""
    return list(dict.fromkeys(each for trained in plan(spec).values() for each in trained))


def seen(histories: Sequence[History]) -> list[Seen]:
    """Every check of the network whose trainings these are."""
    spec, known = histories[0].experiment, {history.experiment: history for history in histories}
    run = compute.find([history.experiment for history in histories])
    seconds = dict(zip(run.experiments, run.seconds, strict=True)) if run else {}
    return [_seen(name, spec, [known[each] for each in trained], seconds) for name, trained in plan(spec).items()]


def _seen(name: str, spec: Experiment, histories: Sequence[History], seconds: dict[Experiment, float]) -> Seen:
    if not histories:
        return Seen(name, *at_once(name, spec))
    outcome = judged(name, spec, histories) if finished(histories) else None
    spent = sum(seconds.get(history.experiment, 0) for history in histories)
    return Seen(name, outcome, spent or None)


@compute.cached(2000)
def judged(name: str, spec: Experiment, _histories: Sequence[History]) -> Outcome:
    """What came of a check whose trainings have ended."""
    return checklist.judge(name, spec, _histories)


@compute.heavy(N_("Looking at data and gradient …"), max_entries=500)
def at_once(name: str, spec: Experiment) -> tuple[Outcome, float]:
    """A check that trains nothing, and its seconds."""
    began = time.perf_counter()
    return checklist.judge(name, spec, []), time.perf_counter() - began


def in_state(found: Iterable[Seen], state: str) -> list[Seen]:
    return [each for each in found if each.outcome and each.outcome.state == state]


def labels(found: Iterable[Seen]) -> str:
    return ", ".join(CHECKS[each.name].label for each in found)


def bug_of(spec: Experiment, failed: Sequence[Seen]) -> list[Verdict]:
    """The bug that was hidden in a network, and whether a check has seen it."""
    if spec.bug == "none":
        return []
    bug = BUGS[spec.bug]
    what = (bug.__doc__ or "").split("\n")[0]
    return [Verdict("found" if failed else "missed", label=bug.label, what=what, fix=bug.fix)]
