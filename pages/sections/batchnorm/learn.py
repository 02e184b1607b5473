"""Learning curves: where batch normalization stands, how high the learning rate may be, how large the batch."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment
from engine.layers import BatchNorm
from engine.verdict import Difference, Verdict, paired
from pages.charts import curves
from pages.kit import legend, lines
from pages.kit.address import Given
from pages.kit.controls import EVERYTHING, Choice, Controls, Values, applied, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.outcomes import diverged
from pages.sections.batchnorm import formulas
from pages.sections.batchnorm.families import FAMILIES, spoken

STANDS = ("none", "before", "after")
NAME = legend.WORDS["batchnorm"]
WORKS = 0.5  # training accuracy of a learning rate that works
WHAT = Choice(
    "Compare", "B4", {"B4": "Where it stands", "B6": "Learning rates", "B7": "Batch sizes"}, key="learn", resets=EVERYTHING
)


def controls(given: Given) -> Controls:
    """The settings, whose defaults are those of the experiment."""
    what = given.get("what", WHAT.default)
    fields = of(PRESETS[what][0], lr=(1e-4, 10), steps=(20, 1000), activation=())
    if what == "B6":
        del fields["lr"]
    shown = Choice("Shown", "test" if what == "B7" else "train", curves.SHOWN)
    return {"what": WHAT, "shown": shown, **fields, "seeds": seeds(1 if what == "B6" else 3, 5)}


def specs(values: Values) -> list[Experiment]:
    """B7 has its control: the same batch sizes without normalization."""
    found = [applied(spec, values) for spec in PRESETS[values.what]]
    if values.what == "B7":
        found += [replace(spec, batchnorm="none") for spec in found]
    return seeded(found, values.seeds)


def names(histories: list[History]) -> list[str]:
    return legend.names([history.experiment for history in histories])


def draw(histories: list[History], values: Values) -> None:
    shown, measure, end = values.shown, tr(curves.SHOWN[values.shown]), values.steps
    look = {"key": f"learn {values.what} {shown == 'loss'}", "alt": tr("{measure} against updates", measure=measure)}
    if values.what == "B4" or shown == "loss":
        lines.over_updates(histories, list(map(tr, names(histories))), shown, y=measure.lower(), height=440, **look)
        return
    own = [h.experiment.lr if values.what == "B6" else h.experiment.batch_size for h in histories]
    places, families = list(dict.fromkeys(own)), [spoken()[h.experiment.batchnorm] for h in histories]
    data = curves.frame(histories, families, curves.MEASURES[shown], list(map(places.index, own)))
    titles = tuple(f"lr {value:g}" if values.what == "B6" else tr("batch {size}", size=value) for value in places)
    chart = curves.grid(tuple(spoken().values()), titles, columns=3, height=440, end=end)
    st.vega_lite_chart(curves.panels(data, end=end, columns=3), chart, **look)


def ends(histories: list[History], key: Callable[[Experiment], Any], which: str = "train") -> dict[Any, np.ndarray]:
    """What the key says of experiments → their last accuracies (seeds,)."""
    found = grouped(histories, key).items()
    return {said: np.array([getattr(h, f"{which}_accuracy")[-1] for h in own]) for said, own in found}


def verdict(histories: list[History]) -> Verdict:
    kinds = {h.experiment.batchnorm for h in histories}
    judge = where if "after" in kinds else sizes if len({h.experiment.batch_size for h in histories}) > 1 else rates
    return judge(histories)


def where(histories: list[History]) -> Verdict:
    """Whether it matters where normalization stands, in pairs of one seed each, and what it does to test accuracy."""
    trains, tests = (ends(histories, lambda spec: spec.batchnorm, which) for which in ("train", "test"))
    gap = paired(trains["before"], trains["after"])
    told = {
        "updates": histories[0].measured_at[-1],
        "seeds": gap.seeds,
        "rows": [{"name": NAME(norm), "accuracy": trains[norm].mean(), "test": tests[norm].mean()} for norm in STANDS],
        "also": diverged(histories, names(histories)),
    }
    if gap.seeds < 2:
        return Verdict("where-one", **told)
    told["also"] = [unseen(*(paired(found["before"], found["none"]) for found in (trains, tests))), *told["also"]]
    if not gap.told:
        return Verdict("where-alike", right="hardly", **told)
    ahead = N_("before") if gap.mean > 0 else N_("after")
    return Verdict("where", right=ahead, ahead=ahead, gap=abs(gap.mean), error=gap.error, **told)


def unseen(train: Difference, test: Difference) -> Verdict:
    """What normalization adds to accuracy on the images that nobody trained on."""
    if not test.told:
        return Verdict("test-alike", seeds=test.seeds)
    if train.told and test.mean < 0 < train.mean:
        return Verdict("test-traded", more=train.mean, less=-test.mean, error=test.error)
    kind = "test-more" if test.mean > 0 else "test-less"
    return Verdict(kind, gap=abs(test.mean), error=test.error)


def rates(histories: list[History]) -> Verdict:
    """At which learning rates each family learns; the question is about lr 1."""
    found = ends(histories, lambda spec: (spec.lr, spec.batchnorm))
    tried = sorted({lr for lr, _ in found})
    rows = [{"lr": lr, "plain": found[lr, "none"].mean(), "normed": found[lr, "before"].mean()} for lr in tried]
    asked = [(row["plain"] > WORKS, row["normed"] > WORKS) for row in rows if row["lr"] == 1]
    right = {(True, True): "both", (False, True): "normed", (True, False): "plain", (False, False): "neither"}
    works = {family: sum(row[family] > WORKS for row in rows) for family in ("plain", "normed")}
    told = {"rows": rows, "total": len(rows), "updates": histories[0].measured_at[-1], **works}
    return Verdict("rates", right=right[asked[0]] if asked else "", **told, also=diverged(histories, names(histories)))


def sizes(histories: list[History]) -> Verdict:
    """Which batch size tests best with normalization, and whether the plain network does the same: then it is not the noise."""
    found = ends(histories, lambda spec: (spec.batchnorm, spec.batch_size), "test")
    tried = sorted({size for _, size in found})
    plain, normed = ({size: found[norm, size] for size in tried} for norm in FAMILIES)
    rows = [{"size": size, "normed": normed[size].mean(), "plain": plain[size].mean()} for size in tried]
    best, second = sorted(tried, key=lambda size: -normed[size].mean())[:2]
    lead = paired(normed[best], normed[second])
    small, large = tried[1], tried[-1]
    gain, without = (own[small] - own[large] for own in (normed, plain))
    beyond = paired(gain, without)
    told = {"rows": rows, "updates": histories[0].measured_at[-1], "seeds": lead.seeds, "small": small, "large": large}
    also = diverged(histories, names(histories))
    if lead.seeds < 2:
        return Verdict("sizes-one", **told, also=also)
    noise = "noise" if beyond.told and beyond.mean > 0 else "no-noise"
    also = [Verdict(noise, seeds=lead.seeds, small=small, large=large, normed=gain.mean(), plain=without.mean()), *also]
    if not lead.told:
        return Verdict("sizes-alike", best=best, second=second, **told, also=also)
    return Verdict("sizes", right=f"{best}", best=best, second=second, lead=lead.mean, error=lead.error, **told, also=also)


LAB = Lab(
    id="batchnorm/learn",
    title="Learning",
    preset="B4",
    prefix="learn_",
    words=lambda values: f"batchnorm/{values.what}",
    controls=controls,
    specs=specs,
    draw=draw,
    verdict=verdict,
    formula=formulas.NORMALIZE,
    code=[BatchNorm],
)
