"""What a visitor takes home, opened and run with the engine alone: its numbers are the engine's."""

import csv
import io
import json
import os
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from engine.compare import compare
from engine.descent import follow
from engine.experiments import mnist, textbook
from engine.optimizers import OPTIMIZERS
from pages.kit import export
from pages.sections.optimizers.settings import DESCENTS
from tests.pages.conftest import ROOT

RUN = """import json, sys
names = {}
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        exec(cell["source"], names)
assert not {"streamlit", "altair", "pages"} & set(sys.modules)
found = [path.points.tolist() for path in names["paths"]] if "paths" in names else [h.loss.tolist() for h in names["histories"]]
print(json.dumps({"found": found, "plotted": "figure" in names}))
"""
EVERYBODY = [textbook(name, "himmelblau", steps=20) for name in OPTIMIZERS]
DIVERGED = [textbook("sgd", lr=100.0), textbook("adam", "formula", formula="log(x)", x0=1.0, lr=10.0)]
NETWORKS = [mnist(hidden=(10,), train_size=50, steps=4, batch_size=10, eval_every=3, lr=lr) for lr in (0.1, 0.01)]


@pytest.fixture
def alone(tmp_path):
    """A function that runs Python where there is nothing of the playground but its engine; returns what it prints."""
    (tmp_path / "engine").symlink_to(ROOT / "engine")

    def run(source: str, *arguments: str, without: str = "") -> str:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        if without:
            (tmp_path / "missing").mkdir()
            (tmp_path / "missing" / f"{without}.py").write_text(f"raise ModuleNotFoundError('{without}')")
            environment["PYTHONPATH"] = str(tmp_path / "missing")
        (tmp_path / "run.py").write_text(source, "utf-8")
        command = [sys.executable, "run.py", *arguments]
        environment |= {"MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr
        return done.stdout

    return run


def ran(alone, tmp_path, specs, **more) -> tuple[list[str], dict]:
    """What the notebook of these specs prints, and what its variables hold at the end."""
    (tmp_path / "taken.ipynb").write_text(export.notebook_of(specs, "# About"), "utf-8")
    *printed, last = alone(RUN, "taken.ipynb", **more).splitlines()
    return printed, json.loads(last)


@pytest.mark.parametrize(
    "specs",
    [DESCENTS["O9"], DESCENTS["O22"], DESCENTS["O18"], EVERYBODY, DIVERGED],
    ids=["O9", "O22", "O18", "everybody", "diverged"],
)
def test_the_notebook_finds_the_paths_again_and_draws_them(alone, tmp_path, specs):
    printed, found = ran(alone, tmp_path, specs)
    paths = [follow(spec) for spec in specs]
    for again, path in zip(found["found"], paths, strict=True):
        np.testing.assert_array_equal(again, path.points)
    for line, spec, path in zip(printed, specs, paths, strict=True):
        assert line == f"{spec.optimizer} lr {spec.lr} ends at {path.points[-1]} with f = {path.values[-1]}"
    assert found["plotted"]


def test_without_matplotlib_the_notebook_says_so_and_its_numbers_stay(alone, tmp_path):
    specs = DESCENTS["O3"]
    printed, found = ran(alone, tmp_path, specs, without="matplotlib")
    np.testing.assert_array_equal(found["found"][0], follow(specs[0]).points)
    assert "no matplotlib here" in printed[-1]
    assert not found["plotted"]


def test_the_notebook_of_networks_trains_them_again(alone, tmp_path):
    printed, found = ran(alone, tmp_path, NETWORKS)
    for again, history in zip(found["found"], compare(NETWORKS), strict=True):
        np.testing.assert_array_equal(again, history.loss)
        assert f"  loss before the last update {history.loss[-1]}" in printed
        assert f"  test_accuracy {history.test_accuracy[-1]}" in printed
    assert found["plotted"]


@pytest.mark.parametrize("specs", [DESCENTS["O9"], NETWORKS], ids=["paths", "networks"])
def test_the_notebook_is_one_to_jupyter(specs):
    notebook = nbformat.reads(export.notebook_of(specs, "# O9 · Five\n\nAll at once."), as_version=4)
    nbformat.validate(notebook)
    about, *cells = notebook.cells
    assert about.cell_type == "markdown"
    assert about.source.startswith("# O9 · Five\n\nAll at once.\n\n")
    assert [cell.cell_type for cell in cells] == ["code"] * 4
    assert "the folder that holds `engine`" in cells[0].source
    for spec in specs:
        assert repr(spec) in cells[1].source
    assert notebook.metadata.kernelspec.language == "python"


@pytest.mark.parametrize("specs", [DESCENTS["O9"], EVERYBODY, DIVERGED], ids=["O9", "everybody", "diverged"])
def test_the_table_is_what_the_engine_computed(specs):
    paths = [follow(spec) for spec in specs]
    rows = list(csv.DictReader(io.StringIO(export.csv_of(specs, paths))))
    assert len(rows) == sum(len(path.points) for path in paths)
    assert not any("nan" in row.values() for row in rows)
    for spec, path in zip(specs, paths, strict=True):
        own = [row for row in rows if row["optimizer"] == spec.optimizer]
        assert [int(row["step"]) for row in own] == list(range(len(path.points)))

        def column(name, skip, own=own):
            return [[float(row[f"{name}_{axis}"] or "nan") for axis in "xy"] for row in own[skip:]] or np.empty((0, 2))

        np.testing.assert_array_equal([[float(row["x"]), float(row["y"])] for row in own], path.points)
        np.testing.assert_array_equal([float(row["f"]) for row in own], path.values)
        for name, values in (("gradient_before", path.gradients), ("effective_lr", path.effective_step), *path.state.items()):
            np.testing.assert_array_equal(column(name, 1), values)
            assert np.isnan(column(name, 0)[0]).all()
        foreign = {name for other in paths for name in other.state} - set(path.state)
        for name in foreign:
            assert np.isnan(column(name, 0)).all()


@pytest.mark.parametrize(
    "specs", [DESCENTS["O22"], EVERYBODY, DIVERGED, NETWORKS], ids=["O22", "everybody", "diverged", "nets"]
)
def test_the_script_runs_with_the_engine_alone(alone, specs):
    printed = alone(export.script_of(specs)).splitlines()
    if specs is NETWORKS:
        for history in compare(specs):
            assert f"  loss before the last update {history.loss[-1]}" in printed
    else:
        assert [line.split("with f = ")[1] for line in printed] == [str(follow(spec).values[-1]) for spec in specs]
