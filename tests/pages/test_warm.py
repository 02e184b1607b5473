"""The textbook runs are trained before a class, once."""

import os
import subprocess
import sys

from pages.kit.store import Store
from pages.kit.warm import textbook
from pages.labs import LABS
from tests.pages.conftest import ROOT


def warm(folder, *names):
    environment = {**os.environ, "RUNS_DIR": str(folder)}
    command = [sys.executable, "-m", "pages.kit.warm", *names]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_textbook_runs_are_trained_into_the_store_once(tmp_path):
    first = warm(tmp_path, "softmax", "initialization/symmetry")
    assert first.returncode == 0, first.stderr
    assert "softmax/borders: 10 networks trained" in first.stdout
    assert f"2 of 2 textbook runs are in {tmp_path}" in first.stdout
    kept = Store(str(tmp_path))
    for name in ("softmax/borders", "initialization/symmetry"):
        lab = LABS[name]
        assert all(kept.get(spec) for spec in lab.asked(lab.settle({})))
    again = warm(tmp_path, "--first", "softmax/borders")
    assert "softmax/borders: 10 networks kept already" in again.stdout
    assert not again.stderr


def test_every_entry_of_a_menu_of_figures_is_a_textbook_run():
    assert list(textbook(LABS["batchnorm/learn"])) == [{}, {"what": "B6"}, {"what": "B7"}]
    assert list(textbook(LABS["batchnorm/grid"])) == [{}]


def test_what_trains_nothing_is_named(tmp_path):
    wrong = warm(tmp_path, "optimizers/play")
    assert wrong.returncode == 2
    assert "nothing is trained by optimizers/play" in wrong.stderr
    assert "RUNS_DIR names no place" in warm("off", "softmax").stderr
