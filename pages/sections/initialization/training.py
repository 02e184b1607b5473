"""Training: the wall at every step of a run, from the first weights to the trained network, scrubbed in the browser."""

from dataclasses import replace

from engine.compare import History
from engine.experiments import PRESETS, Experiment
from engine.probes import probe
from engine.registry import Range
from engine.signs import looked
from engine.verdict import Verdict
from pages.kit import inside
from pages.kit.controls import Number, Values, applied, of
from pages.kit.lab import Lab
from pages.kit.language import tr
from pages.kit.outcomes import diverged
from pages.sections.initialization import starts

MOST, LONGEST = 3, 1000
BOOK = PRESETS["I15"][0]
SPIKE = 0.05  # std of the last layer's activations: all of them nearly the same
CONTROLS = {
    **of(BOOK, activation=()),
    "starts": starts.menu(MOST),
    "depth": Number("layers ≤ 10", len(BOOK.hidden), Range(2, 10)),
    **of(BOOK, lr=(1e-4, 10), steps=(20, LONGEST), seed=()),
    **inside.looks(inside.WHATS, "activations", LONGEST),
}


def specs(values: Values) -> list[Experiment]:
    base = inside.probed(applied(replace(BOOK, hidden=BOOK.hidden[:1] * values.depth), values))
    return [starts.begun(base, key) for key in starts.picked(values.starts, MOST)]


def names(histories: list[History]) -> list[str]:
    return [starts.label(history.experiment) for history in histories]


def draw(histories: list[History], values: Values) -> None:
    look = inside.opened(values) | {"on_view": inside.turned(inside.WHATS)}
    inside.draw(histories, list(map(tr, names(histories))), wide=False, everyone=starts.spoken(), **look)


def verdict(histories: list[History]) -> Verdict:
    """What signal and gradient were at first and are in the end, and what came of it; the question is about the small start."""
    rows, right = [], ""
    for history, name in zip(histories, names(histories), strict=True):
        found = looked(history, lambda layers: (layers[-1]["activations"].std, layers[0]["gradient_norm"]))
        if not found:
            continue
        (signal, gradient), (later, gradient_later) = found[min(found)], found[max(found)]
        numbers = {"signal": signal, "later": later, "gradient": gradient, "gradient_later": gradient_later}
        rows.append({"name": name, "until": max(found), "accuracy": history.train_accuracy[-1]} | numbers)
        if starts.key_of(history.experiment) == "std-0.01" and signal < SPIKE:
            right = "spike" if later < SPIKE else "spread"
    updates = histories[0].measured_at[-1]
    also = diverged(histories, names(histories))
    return Verdict("trained" if rows else "lost", right=right, rows=rows, updates=updates, also=also)


LAB = Lab(
    id="initialization/training",
    title="While training",
    preset="I15",
    prefix="train_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    verdict=verdict,
    table=inside.table,
    code=lambda values: [probe, *starts.code(values.starts)],
)
