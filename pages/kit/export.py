"""An export is what a visitor takes home: the numbers behind a picture, and a script and a notebook that make them again."""

import csv
import io
import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine.compare import History
from engine.descent import Path
from engine.experiments import Descent, Experiment
from engine.neuron import Bent, Life, Linear, active
from pages.kit.language import tr

Spec = Descent | Experiment | Linear | Bent
EXPERIMENTS = """EXPERIMENTS = [
    {specs},
]"""
SETUP = """import sys
from pathlib import Path

PLAYGROUND = Path.cwd()  # the folder that holds `engine` of the playground: change it if this notebook lies elsewhere
sys.path.insert(0, str(PLAYGROUND))"""


class Recipe(NamedTuple):
    """How something is made again: what it does in words, and the code to import, to run and to plot."""

    words: str
    imports: str
    run: str
    plot: str


PATHS = Recipe(
    "Makes the paths again",
    "from engine.descent import follow\nfrom engine.experiments import Descent",
    """paths = [follow(spec) for spec in EXPERIMENTS]
for spec, path in zip(EXPERIMENTS, paths):
    print(spec.optimizer, "lr", spec.lr, "ends at", path.points[-1], "with f =", path.values[-1])""",
    """objective = EXPERIMENTS[0].objective()
(left, right), (low, high) = objective.view
x, y = np.meshgrid(np.linspace(left, right, 201), np.linspace(low, high, 201))
f = objective(x, y)[0] + 0 * x
figure, (ground, curves) = plt.subplots(1, 2, figsize=(12, 5))
ground.contour(x, y, f, np.unique(np.nanquantile(f, np.linspace(0.02, 0.98, 15))), colors="lightgray")
for spec, path in zip(EXPERIMENTS, paths):
    ground.plot(*path.points.T, ".-", label=f"{spec.optimizer}, lr {spec.lr:g}")
    curves.plot(path.values)
ground.set(xlabel="x", ylabel="y", xlim=(left, right), ylim=(low, high))
ground.legend()
curves.set(xlabel="step", ylabel="f(x, y)", yscale="log" if min(path.values.min() for path in paths) > 0 else "linear")""",
)
TRAINING = Recipe(
    "Trains the networks again",
    "from engine.compare import compare\nfrom engine.experiments import Experiment",
    """histories = compare(EXPERIMENTS)
for history in histories:
    print(history.experiment)
    print("  loss before the last update", history.loss[-1])
    for name in ("train_accuracy", "test_accuracy"):
        if len(accuracy := getattr(history, name)):
            print(" ", name, accuracy[-1])""",
    """figure, (loss, accuracy) = plt.subplots(1, 2, figsize=(12, 5))
for number, history in enumerate(histories):
    loss.plot(history.loss, lw=1, label=f"network {number}")
    for style, name in (("-", "train_accuracy"), (":", "test_accuracy")):
        measured = getattr(history, name)
        accuracy.plot(1 + history.experiment.eval_every * np.arange(len(measured)), measured, style, color=f"C{number}")
loss.set(xlabel="update", ylabel="loss", yscale="log")
loss.legend()
accuracy.set(xlabel="update", ylabel="accuracy: – training, ··· test")""",
)
LIVES = Recipe(
    "Lets the neurons live again",
    "from engine.neuron import Bent, Linear, live",
    """for spec in EXPERIMENTS:
    life = live(spec)
    print(spec)
    print("  ends at", life.weights[-1], "with loss", life.loss[-1])""",
    "",
)
SIGNALS = """\"\"\"Sends the signals again; run it where the folder `engine` of the playground is.\"\"\"

import numpy as np

from engine.datasets import load
from engine.diagnostics import layer_statistics, normal_inputs

inputs = {inputs} * np.float32({times})
for initializer, scale in {starts}:
    print(initializer, "times", scale)
    layers = layer_statistics(
        {activation!r}, initializer, depth={depth}, width={width}, samples={samples}, seed={seed},
        init_scale=scale, inputs=inputs,
    )
    for number, layer in enumerate(layers, start=1):
        print(f"  layer {{number}}: std {{layer.std:.4g}}, of the gradient {{layer.gradient_std:.4g}}")
"""
PICTURE = """try:
    import matplotlib.pyplot as plt
except ModuleNotFoundError:
    print("There is no matplotlib here: the numbers above are all there is to see.")
else:
    import numpy as np

{plot}
    plt.show()"""


def buttons(specs: Sequence[Descent], paths: Sequence[Path], about: str = "# Paths of optimizers", name: str = "paths") -> None:
    """Download buttons of files called `name`, made only when they are asked for. `about` is Markdown, the notebook's head."""
    with st.container(horizontal=True):
        st.download_button(tr("Paths (CSV)"), lambda: csv_of(specs, paths), f"{name}.csv", "text/csv", on_click="ignore")
        _again(name, specs, about)


def _again(name: str, specs: Sequence[Descent | Experiment], about: str) -> None:
    """What makes it again: a script and a notebook."""
    notebook = "application/x-ipynb+json"
    script(name, lambda: script_of(specs))
    st.download_button(tr("Notebook"), lambda: notebook_of(specs, about), f"{name}.ipynb", notebook, on_click="ignore")


def script(name: str, text: Callable[[], str]) -> None:
    """A download button for a script."""
    st.download_button(tr("Script (Python)"), text, f"{name}.py", "text/x-python", on_click="ignore")


def script_of(specs: Sequence[Spec]) -> str:
    recipe = _recipe(specs)
    head = f'"""{recipe.words}; run it where the folder `engine` of the playground is."""'
    return "\n\n".join([head, recipe.imports, _listed(specs), recipe.run]) + "\n"


def notebook_of(specs: Sequence[Descent | Experiment], about: str) -> str:
    """A Jupyter notebook, version 4: what it is about, where the engine is, the specs, the numbers, a picture if there is
    matplotlib."""
    recipe = _recipe(specs)
    picture = PICTURE.format(plot=textwrap.indent(recipe.plot, "    "))
    code = [SETUP, f"{recipe.imports}\n\n{_listed(specs)}", recipe.run, picture]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": f"{about}\n\n{recipe.words}, with `engine` alone."}]
    cells += [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None} for source in code
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}, indent=1)


def _recipe(specs: Sequence[Spec]) -> Recipe:
    return {Experiment: TRAINING, Descent: PATHS}.get(type(specs[0]), LIVES)


def _listed(specs: Sequence[Spec]) -> str:
    return EXPERIMENTS.format(specs=",\n    ".join(map(repr, specs)))


def csv_of(specs: Sequence[Descent], paths: Sequence[Path]) -> str:
    """One row a step of a path: where it led; `gradient_before`, as it was at the point before; and the step's effective lr and
    the state after it."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    state = list(dict.fromkeys(name for path in paths for name in path.state))
    led = ["gradient_before", "effective_lr", *state]
    table.writerow(["optimizer", "lr", "step", "x", "y", "f", *(f"{name}_{axis}" for name in led for axis in "xy")])
    for spec, path in zip(specs, paths, strict=True):
        unknown = np.full_like(path.gradients, np.nan)
        columns = [path.gradients, path.effective_step, *(path.state.get(name, unknown) for name in state)]
        for step, (point, value) in enumerate(zip(path.points.tolist(), path.values.tolist(), strict=True)):
            numbers = np.concatenate([values[step - 1] for values in columns]).tolist() if step else [np.nan] * 2 * len(led)
            known = ["" if np.isnan(number) else number for number in numbers]
            table.writerow([spec.optimizer, spec.lr, step, *point, value, *known])
    return file.getvalue()


def histories(name: str, found: Sequence[History]) -> None:
    """Download buttons for what a run has shown."""
    specs = [history.experiment for history in found]
    with st.container(horizontal=True):
        st.download_button(tr("Curves (CSV)"), lambda: csv_of_histories(found), f"{name}.csv", "text/csv", on_click="ignore")
        _again(name, specs, f"# {name}: {len(specs)} networks")


def lives(name: str, specs: Sequence[Linear | Bent], found: Sequence[Life]) -> None:
    """Download buttons for the updates of neurons."""
    with st.container(horizontal=True):
        st.download_button(
            tr("Updates (CSV)"), lambda: csv_of_lives(specs, found), f"{name}.csv", "text/csv", on_click="ignore"
        )
        script(name, lambda: script_of(specs))


def csv_of_lives(specs: Sequence[Linear | Bent], found: Sequence[Life]) -> str:
    """One row an update of a neuron; the gradient is the one that led to the row's weights."""
    names = ["w1", "w2", "b"][: specs[0].start.size]
    columns, frames = [*names, "loss", "active", *(f"gradient_{name}" for name in names)], []
    for spec, life in zip(specs, found, strict=True):
        led = np.vstack([np.full(len(names), np.nan), life.gradients])
        numbers = np.column_stack([life.weights, life.loss, active(life.weights, spec.data()[0]), led])
        neuron = spec.inputs if isinstance(spec, Linear) else spec.activation
        frames.append(pd.DataFrame({"neuron": neuron, "update": range(len(led)), **dict(zip(columns, numbers.T, strict=True))}))
    return pd.concat(frames).to_csv(index=False)


def table(name: str, numbers: Callable[[], pd.DataFrame]) -> None:
    """A download button for the numbers of a picture."""
    file = f"{name}-picture.csv"
    st.download_button(tr("Picture (CSV)"), lambda: numbers().to_csv(index=False), file, "text/csv", on_click="ignore")


def csv_of_histories(found: Sequence[History]) -> str:
    """One row an update of a network, with the fields in which the networks differ; accuracies where they were measured."""
    differing = [f.name for f in fields(Experiment) if len({getattr(history.experiment, f.name) for history in found}) > 1]
    measures = ["train_accuracy", "test_accuracy"]
    if any(len(history.validation_accuracy) for history in found):
        measures.append("validation_accuracy")
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["network", *differing, "update", "loss", *measures])
    for number, history in enumerate(found):
        spec = history.experiment
        accuracies = [
            dict(zip(history.measured_at.tolist(), getattr(history, measure).tolist(), strict=False)) for measure in measures
        ]
        for t, loss in enumerate(history.loss.tolist(), start=1):
            measured = [values.get(t, "") for values in accuracies]
            table.writerow([number, *(getattr(spec, name) for name in differing), t, loss, *measured])
    return file.getvalue()
