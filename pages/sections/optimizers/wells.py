"""Over bumps: SGD stays in the well where it starts; a ball with momentum rolls on, perhaps over the next top."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine import wells
from engine.descent import Path
from engine.experiments import Descent, textbook
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from engine.verdict import Verdict
from engine.wells import BACK, FATES, LONG, LOST, MOMENTA, OUT, Bumps
from pages.charts import balls
from pages.charts.paths import RESTING, describe
from pages.kit import address, compute
from pages.kit.address import Given
from pages.kit.controls import Choice, Controls, Number, Values, holds
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.kit.player import player
from pages.sections.optimizers import handover
from pages.sections.optimizers.fields import number

ID = "optimizers/wells"
PLAYER = "wells_stage"
SHAPES = {"double": "Double well", "bumpy": "Bumpy valley"}
WELL = textbook("momentum", "double_well")
BOOKS = {  # in both SGD is stuck where it starts, and the ball gets to the deepest well
    "double": Bumps("double", depth=1.0, tilt=0.3, lr=WELL.lr, momentum=0.9, start=WELL.x0),
    "bumpy": Bumps("bumpy", depth=1.0, tilt=0.3, lr=0.05, momentum=0.9, start=3.5),
}
STEPS = {"double": 100, "bumpy": 150}
LATEX = {
    "double": r"d\,(x^4 - 2x^2) + t\,x + y^2",
    "bumpy": r"d\,\bigl(\tfrac{1}{2}(1 - \cos 4x) + \tfrac{1}{8} x^2\bigr) + t\,x + y^2",
}
SETTINGS = ("depth", "tilt", "start", "y", "lr", "momentum", "steps")


class Rolled(NamedTuple):
    """The curve, the paths of SGD and of the ball as far as they are shown and after LONG steps, and for each of MOMENTA
    where the ball is then, and its fate."""

    bumps: Bumps
    shown: list[Path]
    long: list[Path]
    last: np.ndarray
    fates: np.ndarray

    @property
    def table(self) -> pd.DataFrame:
        """Columns x = μ, y = where the ball is in the end, line = its fate, own = the visitor's μ."""
        ladder = pd.DataFrame({"x": MOMENTA, "y": self.last, "line": self.fates, "own": self.bumps.momentum})
        return ladder[ladder["line"] != LOST]


def controls(given: Given) -> Controls:
    shape = given.get("shape", "double")
    book = BOOKS[shape]
    return {
        "shape": Choice("Shape", "double", SHAPES, key="wells", resets=SETTINGS),
        "shown": Choice("Shown", "curve", {"curve": "As a curve", "valley": "As a 2-D valley"}),
        "depth": Number("depth", book.depth, Range(0.1, 5)),
        "tilt": Number("tilt", book.tilt, Range(-3, 3)),
        "start": Number("start x", book.start, Range(-4, 4)),
        "y": Number("start y", WELL.y0, Range(-4, 4), when=holds("shown", "valley")),
        "lr": Number("learning rate η", book.lr, Range(1e-4, 1, log=True)),
        "momentum": number("momentum", book.momentum),
        "steps": Number(f"steps ≤ {LONG}", STEPS[shape], Range(10, LONG)),
    }


def bumps(values: Values) -> Bumps:
    return Bumps(values.shape, values.depth, values.tilt, values.lr, values.momentum, values.start)


def specs(values: Values) -> list[Descent]:
    return bumps(values).specs(values.steps, getattr(values, "y", 0.0))


def find(values: Values) -> Rolled:
    asked = bumps(values)
    shown, long = ([compute.path(spec) for spec in group] for group in (specs(values), asked.specs(LONG)))
    return Rolled(asked, shown, long, *ends(asked))


@compute.cached(500)
def ends(asked: Bumps) -> tuple[np.ndarray, np.ndarray]:
    return asked.ends()


def draw(found: Rolled, values: Values) -> None:
    """The curve with both on it, or the same as a valley; below, where the ball ends for every μ."""
    asked, two = found.bumps, specs(values)
    look = RESTING | {"layout": "curve" if values.shown == "curve" else "one", "replay": f"{asked.shape} {values.shown}"}
    look |= {"title": tr(LAB.title), "subtitle": tr(SHAPES[asked.shape])}
    player(describe(two, found.shown, compute.surface(two[0]), **look), PLAYER, on_transport=lambda: None, on_start=start)
    ladder, alt = found.table, tr("Where the ball is after {n} steps for every momentum", n=LONG)
    fates = tuple(fate for fate in FATES if fate in set(ladder["line"]))
    ladder["line"] = ladder["line"].map(tr)
    st.vega_lite_chart(ladder, balls.ladder(asked.span, LONG, fates), key="wells_ends", alt=alt)


def start() -> None:
    """Another start; on the curve, of which only x counts."""
    x, y = st.session_state[PLAYER].start
    address.tell(**({"start": x, "y": y} if "y" in vars(LAB.settle(address.here().given)) else {"start": x}))


def beside(found: Rolled | None, values: Values) -> None:
    if found:
        handover.offer(ID, specs(values))


def verdict(found: Rolled) -> Verdict:
    """Where SGD and the ball end and how they got there, and which of all μ get out."""
    asked, fates = found.bumps, found.fates
    rows = [_row(asked, name, path) for name, path in zip(("SGD", N_("the ball")), found.long, strict=True)]
    numbers = {"steps": LONG, "momentum": asked.momentum, "rows": rows}
    if not len(asked.tops):
        return Verdict("no-top", depth=asked.depth, tilt=asked.tilt, **numbers)
    tops = np.where(fates == OUT, asked.crossed(found.last), 0)
    swings = (np.diff(tops[fates != LOST]) < 0).any() or BACK in fates
    right = "" if (fates == LOST).all() else "back" if swings else "farther" if tops.any() else "none"
    return Verdict("ends", right=right, **numbers, also=[_escape(tops, fates, asked.lr)])


def _row(asked: Bumps, name: str, path: Path) -> dict:
    x = float(path.points[-1][0])
    if path.diverged_at is not None:
        return {"name": name, "fate": tr("diverged at step {step}", step=path.diverged_at), "tops": "–", "well": "–", "x": x}
    well = N_("the deepest") if asked.deepest(x) else N_("a higher one")
    return {"name": name, "fate": str(asked.fates(path.points[:, 0])), "tops": int(asked.crossed(x)), "well": well, "x": x}


def _escape(tops: np.ndarray, fates: np.ndarray, lr: float) -> Verdict:
    """The smallest momentum that gets out, what becomes of the larger ones, and which gets over most tops."""
    if OUT not in fates:
        return Verdict("stuck", lr=lr, rows=_counts(fates))
    first, most = int((fates == OUT).argmax()), int(tops.argmax())
    larger, far = fates[first + 1 :], {"most": MOMENTA[most], "tops": int(tops[most]), "last": int(tops[-1])}
    also = [Verdict("farthest-lost" if fates[-1] == LOST else "farthest", **far)]
    if not len(larger):
        return Verdict("escape-last", first=MOMENTA[first], also=also)
    return Verdict("escape", first=MOMENTA[first], larger=len(larger), rows=_counts(larger), also=also)


def _counts(fates: np.ndarray) -> list[dict]:
    """How many balls met each fate, of those that any met."""
    return [{"fate": fate, "count": int((fates == fate).sum())} for fate in FATES if fate in fates]


LAB = Lab(
    id=ID,
    title="Over bumps",
    was=("Bumps",),
    prefix="wells_",
    controls=controls,
    specs=specs,
    find=find,
    draw=draw,
    beside=beside,
    table=lambda found: found.table,
    verdict=verdict,
    formula=lambda values: rf"f(x, y) = {LATEX[values.shape]} \qquad {OPTIMIZERS['momentum'].latex}",
    code=[OPTIMIZERS["momentum"].function, wells.Bumps],
)
