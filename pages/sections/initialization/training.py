"""Training: the wall at every step of a run, from the first weights to the trained network, scrubbed in the browser."""

from dataclasses import replace

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.probes import probe
from engine.registry import Range
from pages.kit import inside
from pages.kit.old import lab
from pages.kit.old.controls import Choice, Number, Setting, labels, row
from pages.sections.initialization import starts

LABEL = "While training"
NAME = "initialization/training"
MOST = 3
BOOK = PRESETS["I15"][0]
KNOWN: dict[str, Setting] = {
    "train_activation": Choice("Activation", BOOK.activation, labels(ACTIVATIONS), menu=True),
    "train_starts": starts.menu(MOST),
    "train_depth": Number("layers ≤ 10", len(BOOK.hidden), Range(2, 10)),
    "train_lr": Number("lr", BOOK.lr, Range(1e-4, 10, log=True)),
    "train_steps": Number("updates ≤ 1000", BOOK.steps, Range(20, 1000)),
    "train_seed": Number("seed", BOOK.seed, Range(0, 9999)),
}


def show():
    picture, side = lab.stage(NAME)
    with side:
        activation = KNOWN["train_activation"].draw("train_activation")
        chosen = KNOWN["train_starts"].draw("train_starts")
        values = row(KNOWN, ("train_depth", "train_lr")) | row(KNOWN, ("train_steps", "train_seed"))
        lab.reset(KNOWN)
    names = [start.label for key, start in starts.STARTS.items() if key in chosen]

    def specs() -> list[Experiment]:
        base = replace(
            BOOK,
            activation=activation,
            hidden=BOOK.hidden[:1] * values["train_depth"],
            lr=values["train_lr"],
            steps=values["train_steps"],
            seed=values["train_seed"],
            probe_steps=inside.moments(values["train_steps"], inside.FRAMES),
        )
        return [starts.begun(base, key) for key in starts.picked(chosen, MOST)]

    histories = lab.run(NAME, picture, specs, lambda found: inside.draw(found, names, wide=False, opening="activations"))
    with picture:
        lab.caption(NAME)
        if histories:
            lab.outcome(NAME, sentence(histories, names) + lab.diverged(histories, names))
    lab.explain(NAME, histories, probe, *starts.code(chosen))


def sentence(histories: list[History], names: list[str]) -> str:
    """What signal and gradient were at first and are now, and what came of it; of a network that diverged, just before."""
    said = []
    for history, name in zip(histories, names, strict=True):
        steps = [t for t in sorted(history.probes) if not history.diverged or t < history.diverged]
        if not steps:
            continue
        first, last = history.probes[steps[0]], history.probes[steps[-1]]
        said.append(
            f"**{name}**: std behind the last layer {first[-1]['activations'].std:.2g} at update 1, "
            f"{last[-1]['activations'].std:.2g} at {steps[-1]}; gradient norm of the first layer's weights "
            f"{first[0]['gradient_norm']:.2g}, then {last[0]['gradient_norm']:.2g}; training accuracy "
            f"{history.train_accuracy[-1]:.2f} after {history.measured_at[-1]} updates."
        )
    return " ".join(said)
