"""Nets are the networks that this page compares: the plain one, and the same with one thing against overfitting each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from engine.compare import History, grouped
from engine.experiments import PRESETS, Experiment, parameters
from engine.registry import Range
from engine.verdict import Verdict
from pages.kit.controls import Number, Values, always, of
from pages.kit.language import tr

PLAIN, DECAYED = PRESETS["R2"]
INVERTED, BOOK = PRESETS["R3"]
NETS = {
    "plain": "Plain",
    "decay": "Weight decay",
    "book": "Dropout, scaled in testing",
    "inverted": "Dropout, scaled in training",
    "norm": "Batch normalization",
}
DROPOUTS = ("book", "inverted")
SHAPE = {
    "depth": Number("hidden layers ≤ 8", len(PLAIN.hidden), Range(0, 8)),
    "width": Number("width ≤ 200", PLAIN.hidden[0], Range(1, 200)),
}


def shaped(spec: Experiment, values: Values) -> Experiment:
    """The experiment with as many hidden layers, as wide, as a visitor wants."""
    return replace(spec, hidden=(values.width,) * values.depth)


def strengths(
    prefix: str, decays: Callable[[Values], bool] = always, drops: Callable[[Values], bool] = always
) -> dict[str, Number]:
    """Controls of λ and of the dropout rate, asked for while somebody uses them."""
    decay, rate = of(DECAYED, weight_decay=(0, 10)), of(BOOK, dropout=(0, 0.9))
    return {
        "weight_decay": replace(decay["weight_decay"], key=f"{prefix}decay", when=decays),
        "dropout": replace(rate["dropout"], key=f"{prefix}rate", when=drops),
    }


def net(kind: str, base: Experiment, values: Values) -> Experiment:
    """The network of that kind, in all else like the plain `base`."""
    match kind:
        case "decay":
            return replace(base, weight_decay=values.weight_decay)
        case "book" | "inverted":
            return replace(base, dropout=values.dropout, dropout_mode=kind)
        case "norm":
            return replace(base, batchnorm="before")
    return base


def kind(spec: Experiment) -> str:
    """What is switched on in a network: with a strength of 0 it is the plain one."""
    on = {"norm": spec.batchnorm != "none", "decay": spec.weight_decay > 0, spec.dropout_mode: spec.dropout > 0}
    return next((name for name, switched in on.items() if switched), "plain")


def by_kind(histories: Iterable[History]) -> dict[str, list[History]]:
    """The histories of each kind, a seed once."""
    found = grouped(histories, lambda spec: (kind(spec), spec.seed))
    return grouped((first for first, *_ in found.values()), kind)


def off(histories: Sequence[History]) -> list[Verdict]:
    """Whether a network is the plain one once more, by a strength of 0."""
    return [Verdict("off")] if len(histories) > sum(map(len, by_kind(histories).values())) else []


def names(histories: Iterable[History]) -> list[str]:
    return [NETS[kind(history.experiment)] for history in histories]


def title(kind: str, spec: Experiment) -> str:
    """A network of that kind, as a picture names it: with its strength."""
    strength = {"decay": f", λ {spec.weight_decay:g}", "book": f", {spec.dropout:g}", "inverted": f", {spec.dropout:g}"}
    return tr(NETS[kind]) + strength.get(kind, "")


def looks(steps: int) -> int:
    """Updates between two evaluations where the end alone counts."""
    return max(1, (steps - 1) // 10)


def shape(spec: Experiment) -> str:
    """784–100×6–10, with the number of its parameters.

    >>> from engine.experiments import mnist
    >>> shape(mnist(hidden=(100,) * 6))
    '784–100×6–10, 130,010 parameters'
    """
    inside = f"{spec.hidden[0]}×{len(spec.hidden)}–" if spec.hidden else ""
    return tr("784–{inside}10, {n:,} parameters", inside=inside, n=parameters(spec))
