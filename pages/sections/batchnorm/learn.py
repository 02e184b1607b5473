"""Learning curves: where batch normalization stands, how high the learning rate may be, how large the batch."""

from dataclasses import replace

import streamlit as st

from engine.activations import ACTIVATIONS
from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.layers import BatchNorm
from engine.registry import Range
from pages.kit import controls, curves, lab, legend
from pages.kit.controls import Choice, Number, Setting, labels, row
from pages.sections.batchnorm import formulas
from pages.sections.batchnorm.families import FAMILIES

LABEL = "Learning"
WHATS = {"B4": "Where it stands", "B6": "Learning rates", "B7": "Batch sizes"}


def known(what: str) -> dict[str, Setting]:
    """The settings, whose defaults are those of the experiment."""
    first = PRESETS[what][0]
    return {
        "learn": WHAT,
        "learn_shown": Choice("Shown", "test" if what == "B7" else "train", curves.SHOWN),
        "learn_activation": Choice("Activation", first.activation, labels(ACTIVATIONS), menu=True),
        "learn_lr": Number("lr", first.lr, Range(1e-4, 10, log=True)),
        "learn_steps": Number("updates ≤ 1000", first.steps, Range(20, 1000)),
        "learn_seeds": Number("seeds ≤ 5", 3 if what == "B4" else 1, Range(1, 5)),
    }


WHAT = Choice("Compare", "B4", WHATS)


def settings():
    """As the address has them."""
    return known(WHAT.chosen("learn"))


def choose() -> None:
    """Another experiment comes with its own textbook setting."""
    controls.assign({key: setting for key, setting in known(st.session_state["learn"]).items() if key != "learn"})


def show():
    picture, side = lab.stage()
    with side:
        what = WHAT.draw("learn", on_change=choose)
        name = f"batchnorm/{what}"
        lab.predict(name)
        settings = known(what)
        shown = settings["learn_shown"].draw("learn_shown")
        rate = () if what == "B6" else ("learn_lr",)
        values = row(settings, (*rate, "learn_steps", "learn_seeds"))
        activation = settings["learn_activation"].draw("learn_activation")
        lab.reset(settings)
    changes = {"steps": values["learn_steps"], "activation": activation} | ({"lr": values["learn_lr"]} if rate else {})

    def specs() -> list[Experiment]:
        return [replace(spec, seed=seed, **changes) for seed in range(values["learn_seeds"]) for spec in PRESETS[what]]

    histories = lab.run(name, picture, specs, lambda found: draw(found, what, shown))
    with picture:
        lab.caption(name, values["learn_seeds"])
        if histories:
            names = legend.names([h.experiment for h in histories])
            lab.outcome(name, SENTENCES[what](histories) + lab.diverged(histories, names))
    lab.explain(name, histories, BatchNorm, latex=formulas.NORMALIZE)


def draw(histories: list[History], what: str, shown: str) -> None:
    end = histories[0].experiment.steps
    alt = f"{curves.SHOWN[shown]} against updates"
    if what == "B6" and shown != "loss":
        rates = list(dict.fromkeys(h.experiment.lr for h in histories))
        names = [FAMILIES[h.experiment.batchnorm] for h in histories]
        data = curves.frame(histories, names, curves.MEASURES[shown], [rates.index(h.experiment.lr) for h in histories])
        data = curves.panels(data, end=end, columns=3)
        chart = curves.grid(tuple(FAMILIES.values()), tuple(f"lr {lr:g}" for lr in rates), columns=3, height=440)
    else:
        names = legend.names([h.experiment for h in histories])
        data = curves.frame(histories, names, curves.MEASURES[shown])
        domain = (0, 2.5) if shown == "loss" else (0, 1)
        order = tuple(dict.fromkeys(names))
        chart = curves.lines(order, x="update", y=curves.SHOWN[shown].lower(), end=end, domain=domain, height=440)
    st.vega_lite_chart(data, chart, key=f"learn {what} {shown == 'loss'}", alt=alt)


def last(histories: list[History], test: bool = False, **fields) -> float:
    """Mean last accuracy over the histories whose experiments have these fields."""
    found = [h for h in histories if all(getattr(h.experiment, name) == value for name, value in fields.items())]
    return sum((h.test_accuracy if test else h.train_accuracy)[-1] for h in found) / len(found)


def where(histories: list[History]) -> str:
    ends = {norm: last(histories, batchnorm=norm) for norm in ("none", "before", "after")}
    return (
        f"After {histories[0].measured_at[-1]} updates {ends['none']:.2f} of the training images are right without batch "
        f"normalization, {ends['before']:.2f} with it before the activation, {ends['after']:.2f} after it."
    )


def rates(histories: list[History]) -> str:
    tried = sorted({h.experiment.lr for h in histories})
    works = {norm: [lr for lr in tried if last(histories, lr=lr, batchnorm=norm) > 0.5] for norm in FAMILIES}
    said = [f"{FAMILIES[norm]} {', '.join(f'{lr:g}' for lr in found) or 'none'}" for norm, found in works.items()]
    return f"Learning rates that get more than half of the training images right: {'; '.join(said)}."


def sizes(histories: list[History]) -> str:
    ends = {size: last(histories, test=True, batch_size=size) for size in sorted({h.experiment.batch_size for h in histories})}
    best = max(ends, key=ends.__getitem__)
    return (
        f"Test accuracy after {histories[0].measured_at[-1]} updates: "
        + ", ".join(f"{value:.2f} with {size}" for size, value in ends.items())
        + f". A batch of {best} is ahead; differences below .01 are noise of 1,000 test images."
    )


SENTENCES = {"B4": where, "B6": rates, "B7": sizes}
