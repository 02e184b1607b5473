"""An export is what a visitor takes home: the numbers behind a picture, and a script that makes them again."""

import csv
import io
from collections.abc import Sequence

import streamlit as st

from engine.descent import Path
from engine.experiments import Descent

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


def script_of(specs: Sequence[Descent]) -> str:
    return SCRIPT.format(specs=",\n    ".join(map(repr, specs)))
