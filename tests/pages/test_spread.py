"""What other seeds answer to a lab's question."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from engine.compare import compare
from engine.experiments import work
from pages.kit import compute, spread
from pages.labs import LABS


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_seeds_differ_and_nothing_else_and_all_cost_little(lab):
    values = lab.settle({})
    found = spread.asked(lab, values)
    assert found == [] or len(found) == spread.SEEDS
    assert sum(work(spec) for specs in found for spec in specs) < spread.MOST
    if found and values.seed == 0:
        assert found[0] == lab.asked(values)
    if lab.id == "initialization/symmetry":
        assert [[replace(spec, seed=0) for spec in specs] for specs in found] == [found[0]] * spread.SEEDS
        assert {spec.seed for spec in found[3]} == {3}


def test_answers_are_counted_as_seeds_end(monkeypatch):
    lab = LABS["initialization/symmetry"]
    values = lab.settle({"steps": 20})
    seeds = spread.asked(lab, values)
    runs = {tuple(specs): SimpleNamespace(state="done", histories=compare(specs)) for specs in seeds[:2]}
    monkeypatch.setattr(compute, "find", lambda specs: runs.get(tuple(specs)))
    rights = [lab.verdict(run.histories).right for run in runs.values()]
    assert spread.answers(lab, values, "") == {right: rights.count(right) for right in rights}
    assert sum(spread.answers(lab, values, "").values()) == 2
