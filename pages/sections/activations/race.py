"""The race: the same network with each activation, each with the first weights that suit it, and PReLU's α on the move."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment
from engine.fates import reached
from engine.layers import Bend, Maxout
from engine.registry import Range
from engine.verdict import Verdict, paired
from pages.charts import curves
from pages.kit import inside, lines
from pages.kit.address import Given
from pages.kit.controls import EVERYTHING, Choice, Controls, Number, Values, applied, of, seeded, seeds
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.outcomes import diverged

MOST, DEEPEST, WIDTH = 6, 10, 100
RIGHT, CHANCE = 0.8, 0.2  # training accuracies: to which updates are counted, and of what has learned nothing
EVERY = 10  # updates between two measurements


class Net(NamedTuple):
    label: str
    activation: str
    initializer: str
    batchnorm: str = "none"


SUITED = {"identity": "xavier", "sigmoid": "xavier", "tanh": "xavier", "softplus": "xavier", "selu": "lecun"}
NETS = {
    **{name: Net(entry.label, name, SUITED.get(name, "he")) for name, entry in ACTIVATIONS.items()},
    Maxout.name: Net(Maxout.label, Maxout.name, "xavier"),
    "sigmoid-bn": Net("Sigmoid + BatchNorm", "sigmoid", "xavier", "before"),
}
BOOKS = {
    "A11": ("What to use", ("relu", "tanh", "sigmoid", "sigmoid-bn")),
    "A10": ("ReLU's family", ("relu", "leaky_relu", "prelu", "elu", Maxout.name)),
}
COLORED = (*BOOKS["A10"][1], "tanh", "identity", "sigmoid", "sigmoid-bn", *NETS)  # six colors: in a figure none comes twice
EVERYONE = tuple(NETS[key].label for key in dict.fromkeys(COLORED))
BOOK = PRESETS["A11"][0]
FIGURE = Choice(
    "Figure", "A11", {name: f"{name} · {title}" for name, (title, _) in BOOKS.items()}, key="race", resets=EVERYTHING
)


def controls(given: Given) -> Controls:
    """The settings, whose defaults are those of the figure."""
    _, nets = BOOKS[given.get("figure", FIGURE.default)]
    return {
        "figure": FIGURE,
        "shown": Choice("Shown", "train", curves.SHOWN),
        "nets": Choice(f"Networks, at most {MOST}", nets, {key: net.label for key, net in NETS.items()}),
        **of(BOOK, lr=(1e-4, 10), steps=(20, 1000)),
        "layers": Number(f"hidden layers ≤ {DEEPEST}", len(BOOK.hidden), Range(1, DEEPEST)),
        "seeds": seeds(3, 3),
    }


def specs(values: Values) -> list[Experiment]:
    nets = [net for key, net in NETS.items() if key in values.nets]
    if not 1 <= len(nets) <= MOST:
        raise ValueError(tr("choose one to {most} networks, not {n}", most=MOST, n=len(nets)))
    base = replace(applied(BOOK, values), hidden=(WIDTH,) * values.layers, eval_every=EVERY)
    found = [
        replace(
            base,
            **{field: getattr(net, field) for field in ("activation", "initializer", "batchnorm")},
            probe_steps=inside.moments(base.steps) if net.activation == "prelu" else (),
        )
        for net in nets
    ]
    return seeded(found, values.seeds)


def names(histories: list[History]) -> list[str]:
    return [NETS[key_of(history.experiment)].label for history in histories]


def key_of(spec: Experiment) -> str:
    """Its net."""
    return next(key for key, net in NETS.items() if (net.activation, net.batchnorm) == (spec.activation, spec.batchnorm))


def draw(histories: list[History], values: Values) -> None:
    """The curves and, if PReLU is among them, the α of its layers."""
    shown, measure = values.shown, tr(curves.SHOWN[values.shown])
    learned = [history for history in histories if history.experiment.activation == "prelu"][:1]
    look = {"y": measure.lower(), "everyone": tuple(map(tr, EVERYONE)), "height": 330 if learned else 470}
    look |= {"key": f"race {shown == 'loss'} {bool(learned)}", "alt": tr("{measure} against updates", measure=measure)}
    lines.over_updates(histories, list(map(tr, names(histories))), shown, **look)
    for history in learned:
        layers = tuple(tr("layer {k}", k=k + 1) for k in range(values.layers))
        look = {"y": tr("PReLU's α, seed 0"), "end": values.steps, "domain": (-0.2, 1), "height": 280}
        alt = tr("The learned α of every layer against updates")
        lines.draw(curves.layers([history], "alpha"), layers, **look, key="race alpha", alt=alt)


def verdict(histories: list[History]) -> Verdict:
    """The last accuracies, best first, and how many updates each took to get most training images right."""
    nets = grouped(histories, key_of)
    tests = {net: np.array([h.test_accuracy[-1] for h in found]) for net, found in nets.items()}
    taken = {net: np.array([reached(h, RIGHT) for h in found]) for net, found in nets.items()}
    best = sorted(tests, key=lambda net: -tests[net].mean())
    rows = [{"name": NETS[net].label, "accuracy": tests[net].mean(), "taken": mean(taken[net])} for net in best]
    lead = ahead(tests)
    asked = learners(nets) if {"sigmoid", "sigmoid-bn"} <= nets.keys() else "".join(each.right for each in lead)
    also = [*lead, factor(taken["relu"], taken["tanh"])] if {"relu", "tanh"} <= nets.keys() else lead
    also += [alphas(nets["prelu"])] if "prelu" in nets and not nets["prelu"][0].diverged else []
    told = {"updates": histories[0].measured_at[-1], "enough": RIGHT, "every": EVERY, "seeds": len(nets[best[0]])}
    return Verdict("race", right=asked, rows=rows, **told, also=[*also, *diverged(histories, names(histories))])


def mean(taken: np.ndarray) -> str:
    return f"{taken.mean():.0f}" if np.isfinite(taken).all() else "–"


def factor(relu: np.ndarray, tanh: np.ndarray) -> Verdict:
    """How many times the updates of ReLU tanh takes, with its error: the claim is six."""
    fine = np.isfinite(relu) & np.isfinite(tanh)
    if not fine.all():
        return Verdict("factor-never")
    ratio = paired(np.log(tanh), np.log(relu))
    if ratio.seeds < 2:
        return Verdict("factor-one", factor=np.exp(ratio.mean))
    low, high = np.exp([ratio.mean - ratio.error, ratio.mean + ratio.error]).tolist()
    kind = "factor-open" if low <= 6 <= high else "factor"
    return Verdict(kind, factor=np.exp(ratio.mean), low=low, high=high, seeds=ratio.seeds)


def alphas(found: list[History]) -> Verdict:
    """What PReLU has learned in every layer."""
    step, layers = max(found[0].probes.items())
    return Verdict("alphas", step=step, rows=[{"layer": k + 1, "alpha": float(at["alpha"])} for k, at in enumerate(layers)])


def learners(nets: dict[str, list[History]]) -> str:
    """Which of the two sigmoids learns nothing with any seed."""
    plain, normed = (max(h.train_accuracy[-1] for h in nets[key]) < CHANCE for key in ("sigmoid", "sigmoid-bn"))
    return {(True, False): "sigmoid", (True, True): "both", (False, False): "neither"}.get((plain, normed), "")


def ahead(tests: dict[str, np.ndarray]) -> list[Verdict]:
    """Whether the best of the others is ahead of ReLU, by more than the seeds' error; empty if there is nothing to compare."""
    others = {net: values for net, values in tests.items() if net != "relu"}
    if "relu" not in tests or not others:
        return []
    best = max(others, key=lambda net: others[net].mean())
    gap = paired(others[best], tests["relu"])
    if gap.seeds < 2:
        return [Verdict("ahead-one")]
    right = gap.says("other", "relu")
    return [Verdict(f"ahead-{right}", right=right, best=NETS[best].label, gap=abs(gap.mean), error=gap.error, seeds=gap.seeds)]


LAB = Lab(
    id="activations/race",
    title="The race",
    preset="A11",
    prefix="race_",
    controls=controls,
    words=lambda values: "activations/race" + "-family" * (not {"sigmoid", "sigmoid-bn"} <= set(values.nets)),
    specs=specs,
    draw=draw,
    verdict=verdict,
    code=lambda values: [Bend] * (set(values.nets) != {Maxout.name}) + [Maxout] * (Maxout.name in values.nets),
)
