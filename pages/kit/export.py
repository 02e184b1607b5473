"""An export is what a visitor takes home: the numbers behind a picture, and a script that makes them again."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields

import streamlit as st

from engine.compare import History
from engine.descent import Path
from engine.experiments import Descent, Experiment

SCRIPT = '''"""Makes the paths again; run it where the folder `engine` of the playground is."""

from engine.descent import follow
from engine.experiments import Descent

EXPERIMENTS = [
    {specs},
]

for spec in EXPERIMENTS:
    path = follow(spec)
    print(spec.optimizer, "lr", spec.lr, "ends at", path.points[-1], "with f =", path.values[-1])
'''

TRAINING = '''"""Trains the networks again; run it where the folder `engine` of the playground is."""

from engine.compare import compare
from engine.experiments import Experiment

EXPERIMENTS = [
    {specs},
]

for history in compare(EXPERIMENTS):
    print(history.experiment)
    print("  loss before the last update", history.loss[-1])
    for name in ("train_accuracy", "test_accuracy"):
        if len(accuracy := getattr(history, name)):
            print(" ", name, accuracy[-1])
'''


def buttons(specs: Sequence[Descent], paths: Sequence[Path]) -> None:
    """Download buttons; the files are made only when they are asked for."""
    with st.container(horizontal=True):
        st.download_button("Paths (CSV)", lambda: csv_of(specs, paths), "paths.csv", "text/csv", on_click="ignore")
        st.download_button("Script (Python)", lambda: script_of(specs), "paths.py", "text/x-python", on_click="ignore")


def csv_of(specs: Sequence[Descent], paths: Sequence[Path]) -> str:
    """One row a step of a path; the gradient and what follows it are those that led to the row's point."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["optimizer", "lr", "step", "x", "y", "f", "gradient_x", "gradient_y", "effective_lr_x", "effective_lr_y"])
    for spec, path in zip(specs, paths, strict=True):
        for step, (point, value) in enumerate(zip(path.points.tolist(), path.values.tolist(), strict=True)):
            led = [*path.gradients[step - 1].tolist(), *path.effective_step[step - 1].tolist()] if step else [""] * 4
            table.writerow([spec.optimizer, spec.lr, step, *point, value, *led])
    return file.getvalue()


def script_of(specs: Sequence[Descent | Experiment]) -> str:
    template = TRAINING if isinstance(specs[0], Experiment) else SCRIPT
    return template.format(specs=",\n    ".join(map(repr, specs)))


def histories(name: str, found: Sequence[History]) -> None:
    """Download buttons for what a run has shown."""
    specs = [history.experiment for history in found]
    with st.container(horizontal=True):
        st.download_button("Curves (CSV)", lambda: csv_of_histories(found), f"{name}.csv", "text/csv", on_click="ignore")
        st.download_button("Script (Python)", lambda: script_of(specs), f"{name}.py", "text/x-python", on_click="ignore")


def csv_of_histories(found: Sequence[History]) -> str:
    """One row an update of a network, with the fields in which the networks differ; accuracies where they were measured."""
    differing = [f.name for f in fields(Experiment) if len({getattr(history.experiment, f.name) for history in found}) > 1]
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["network", *differing, "update", "loss", "train_accuracy", "test_accuracy"])
    for number, history in enumerate(found):
        spec = history.experiment
        for t, loss in enumerate(history.loss.tolist(), start=1):
            at, rest = divmod(t - 1, spec.eval_every)
            measured = [
                values[at] if not rest and at < len(values) else ""
                for values in (history.train_accuracy, history.test_accuracy)
            ]
            table.writerow([number, *(getattr(spec, name) for name in differing), t, loss, *measured])
    return file.getvalue()
