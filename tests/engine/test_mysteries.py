"""A mystery is the same for everybody, every fault occurs, and by its twin the truth is found again."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from engine.compare import compare
from engine.doctor import diagnose
from engine.experiments import mnist, work
from engine.faults import FAULTS
from engine.mysteries import CATALOGUE, LAST, NETS, differences, examples, mystery, truth

CASES = range(1, 601)


def test_a_case_is_one_mystery_and_cases_vary():
    found = [mystery(case) for case in CASES]
    assert found == [mystery(case) for case in CASES]
    assert len({each.hidden.seed for each in found}) > 500
    assert {each.hidden.optimizer for each in found} == {"sgd", "momentum", "adam"}
    assert {each.twin.hidden for each in found} == {net["hidden"] for net in NETS}
    assert (mystery(1).fault, mystery(2).fault) == ("vanishing gradients", "underfitting")  # addresses keep their mystery


def test_all_faults_occur_about_as_often():
    counts = Counter(mystery(case).fault for case in CASES)
    assert counts.keys() == CATALOGUE.keys()
    assert min(counts.values()) > len(CASES) / len(CATALOGUE) / 2


def test_the_truth_is_found_again_from_the_network_and_its_twin():
    for case in CASES:
        found = mystery(case)
        assert truth(found.hidden, found.twin) == found.fault
        assert (differences(found.hidden, found.twin) == {}) == (found.fault == "healthy")
        assert found.hidden.seed != found.twin.seed


@pytest.mark.parametrize("case", [0, LAST + 1])
def test_there_are_no_other_cases(case):
    with pytest.raises(ValueError, match="from 1 to 9999"):
        mystery(case)


def test_no_mystery_takes_long():
    assert max(work(each.hidden) + work(each.twin) for each in map(mystery, CASES)) < 1e11


def test_examples_are_what_is_really_learned_from():
    spec = mnist(train_size=300)
    x, labels = examples(spec, 5)
    wide, _ = examples(replace(spec, bug="pixels"), 5)
    _, shuffled = examples(replace(spec, dataset="mnist-shuffled"), 300)
    assert np.array_equal(labels, spec.data().y_train[:5])
    assert wide == pytest.approx(255 * x)
    assert 0.05 < (shuffled == spec.data().y_train).mean() < 0.2


def test_the_doctor_names_what_it_knows():
    """A few of the forty that `python -m benchmarks.doctor` counts, of which 33 of 35 are named; the cheap ones."""
    firsts = {mystery(case).fault: case for case in range(40, 0, -1)}
    found = [mystery(firsts[fault]) for fault in ("dead units", "lr too low", "overfitting", "bad start")]
    assert all(each.fault in FAULTS for each in found)
    histories = compare([replace(each.hidden, steps=200, probe_steps=(1, 2, 5, 20, 100, 200)) for each in found], workers=2)
    assert [diagnose(history)[0].name for history in histories] == [each.fault for each in found]
