"""The quantities of a step, over a whole run, as rows that the player follows: gradient, memory, effective lr, step.

What another rule would make of the same gradients can stand beside them.
"""

import numpy as np

from engine.descent import Path
from engine.experiments import Descent
from engine.optimizers import OPTIMIZERS
from engine.replay import UNCORRECTED, corrected, counterpart
from pages.charts.paths import Arrow, Row
from pages.kit.language import N_, tr

WORDS = {
    "m": N_("first moment"),
    "v": N_("second moment"),
    "h": N_("accumulator"),
    "d": N_("own steps, squared"),
    "u": N_("largest gradient"),
    "v_max": N_("largest v"),
}
SYMBOLS = {"v_max": "vₘₐₓ"}
LENGTH = 0.2  # of the view: how long the longer arrows of a run are drawn
TINY = 1e-9  # of the view: nothing to see
NEAR = 1.2  # an axis reaches this much of its middle values beyond them, or to the last value


def rows(spec: Descent, path: Path, other: str = "") -> list[Row]:
    """Gradient, state, effective lr and step of every step of the path; empty if it made none."""
    if not len(path.gradients):
        return []
    rule, moves = OPTIMIZERS[spec.optimizer], np.diff(path.points, axis=0)
    others = _others(spec, path, other)
    width = float(np.ptp(spec.objective().view[0]))
    by_gradient, by_step = factor(path.gradients, width), factor(moves, width)
    by_step = by_step if by_step > 2 else 1.0  # a step that can be seen is drawn as long as it is
    found = [_row("g", N_("gradient"), path.gradients, others, "gradient", Arrow("−g", -1, by_gradient))]
    for name, values in path.state.items():
        velocity = rule.state == ("v",)
        arrow = Arrow("v", 1, by_step) if velocity else Arrow("−m", -1, by_gradient) if name == "m" else None
        words = N_("velocity") if velocity else WORDS.get(name, "")
        found.append(_row(SYMBOLS.get(name, name), words, values, others, "memory" if arrow else "", arrow, name))
    found.append(_row("−Δθ/g", N_("effective lr"), path.effective_step, others, ""))
    return [*found, _row("Δθ", N_("step"), moves, others, "step", Arrow("Δθ", 1, by_step))]


def factor(vectors: np.ndarray, width: float) -> float:
    """1, 2 or 5 times a power of ten: as arrows that many times their length, three quarters of the vectors (k, 2) are
    shorter than LENGTH of a picture `width` wide; 1 if there is nothing to see."""
    with np.errstate(over="ignore"):
        lengths = np.hypot(*vectors.T) / width
    lengths = lengths[(lengths > TINY) & np.isfinite(lengths)]
    if not len(lengths):
        return 1.0
    wanted = LENGTH / np.quantile(lengths, 0.75)
    decade = 10 ** np.floor(np.log10(wanted))
    return float(f"{max(m for m in (1, 2, 5) if m * decade <= wanted * (1 + 1e-9)) * decade:.3g}")


def span(*values: np.ndarray) -> tuple[float, float]:
    """The axis of a row: zero, and all values but those few that lie far beyond the others."""
    known = np.concatenate([array[np.isfinite(array)] for array in values])
    low, high = np.quantile(known, [0.05, 0.95]) if known.size else (0.0, 0.0)
    reach = NEAR * (max(high, 0) - min(low, 0))
    lowest, highest = (known.min(), known.max()) if known.size else (0.0, 0.0)
    ends = min(0.0, float(max(lowest, low - reach))), max(0.0, float(min(highest, high + reach)))
    return ends if ends[0] < ends[1] else (0.0, 1.0)


def _row(label, words, values, others, role, arrow=None, name="") -> Row:
    other_label, other = others.get(name or label, ("", None))
    return Row(label, tr(words), values, span(values, *([] if other is None else [other])), role, arrow, other_label, other)


def _others(spec: Descent, path: Path, name: str) -> dict[str, tuple[str, np.ndarray]]:
    """Name of a quantity → what it is called in the other rule, and its values; of a rule without correction, the corrected
    averages."""
    if not name:
        return {}
    other, names = counterpart(spec, path, name), {}
    state = other.state
    if name == UNCORRECTED.name:
        betas = {**UNCORRECTED.sliders, **dict(spec.hyper)}
        state = {"m": corrected(state["m"], betas["beta1"]), "v": corrected(state["v"], betas["beta2"])}
        names = {"m": "m̂", "v": "v̂"}
    found = {key: (names.get(key, ""), values) for key, values in state.items() if key in path.state}
    return {**found, "−Δθ/g": ("", other.effective_step), "Δθ": ("", other.moves)}
