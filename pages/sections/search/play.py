"""Against you: a visitor asks trial by trial what to train, and so does Bayes, with as many trials; new images judge."""

from contextlib import suppress
from dataclasses import replace
from math import hypot

import pandas as pd
import streamlit as st

from engine.compare import History
from engine.experiments import Experiment
from engine.registry import Range as Span
from engine.search import STRATEGIES, Range, Setting
from engine.verdict import Verdict, share_error
from pages.charts import curves, searches
from pages.kit import address, lines, live
from pages.kit.controls import Number, Text, Values, never, of
from pages.kit.lab import Lab
from pages.kit.language import N_, tr
from pages.sections.search import trials
from pages.sections.search.thinking import thought
from pages.sections.search.trials import BOOK

SIDE, START, MOST = 24, 3, 20  # cells along each side of the board; trials by chance, before Bayes thinks; trials at most
YOU, BAYES = N_("you"), N_("Bayes")
SPACE = {"lr": Range(1e-6, 10.0, log=True), "weight_decay": Range(1e-6, 10.0, log=True)}
CONTROLS = {
    "trials": Number(f"trials ≤ {MOST}", 10, Span(4, MOST)),
    **of(BOOK, steps=(20, 500), seed=()),
    "picks": Text("cells asked so far", "", 6 * MOST, shown=never),
}


def cells(values: Values) -> list[tuple[int, int]]:
    """The cells that the visitor has asked; ValueError with a sentence if they are none of the board."""
    try:
        found = [(int(u), int(v)) for u, v in (pick.split("-") for pick in values.picks.split())]
    except ValueError:
        found = [(-1, -1)]
    if any(not (0 <= u < SIDE and 0 <= v < SIDE) for u, v in found):
        words = N_("a cell asked is two numbers from 0 to {last}, as in 12-7, not what stands in {picks}")
        raise ValueError(tr(words, last=SIDE - 1, picks=values.picks))
    return found[: values.trials]


def at(cell: tuple[int, int]) -> Setting:
    """The setting in the middle of a cell."""
    return {name: span.at((k + 0.5) / SIDE) for (name, span), k in zip(SPACE.items(), cell, strict=True)}


def specs(values: Values) -> list[Experiment]:
    """The visitor's trials; after each one of Bayes, as far as it can ask by now."""
    base = trials.asked(values, evaluate="test")
    mine = [replace(base, **at(cell)) for cell in cells(values)]
    theirs = thought(SPACE, base, len(mine), START)
    return [spec for pair in zip(mine, theirs, strict=False) for spec in pair] + mine[len(theirs) :]


def by_player(histories: list[History]) -> dict[str, list[History]]:
    """Player → trials that have ended, in their order."""
    ended = {YOU: histories[::2], BAYES: histories[1::2]}
    return {who: [h for h in own if h.ended] for who, own in ended.items()}


def table(histories: list[History]) -> pd.DataFrame:
    """A row a trial that has ended: player, place, setting, score and rank; place and rank among the player's own."""
    return pd.concat([trials.table(own, line=who) for who, own in by_player(histories).items()])


def draw(histories: list[History], values: Values) -> None:
    """The board with the visitor's trials, with those of Bayes when all are through; below, the best so far of both."""
    found, asked = table(histories), len(cells(values))
    over = asked == values.trials and len(found) == 2 * asked
    shown = found if over else found[found["line"] == YOU]
    names = tr(YOU), tr(BAYES)
    board = searches.board(names, SIDE, *((span.low, span.high) for span in SPACE.values()), height=380)
    words = tr("Your trials over learning rate and weight decay, by validation accuracy; click a cell to ask there")
    shown = shown.assign(line=shown["line"].map(tr))
    st.vega_lite_chart(shown, board, key="play_board", on_select=pick, selection_mode="cell", alt=words)
    best = curves.bands({tr(who): [trials.best_so_far(own)] for who, own in by_player(histories).items()})
    look = {"x": tr("trial"), "y": tr("best so far"), "end": values.trials, "height": 190}
    lines.draw(best, names, **look, key="play_best", alt=tr("The best so far of both"))


def pick() -> None:
    """The cell that was clicked is asked next."""
    for cell in st.session_state["play_board"].selection.get("cell") or []:
        with suppress(KeyError, TypeError, ValueError):
            ask((int(cell["u"]), int(cell["v"])))


def ask(cell: tuple[int, int]) -> None:
    """Train what the visitor asks, if it is new and trials are left."""
    values = address.settle(LAB, address.here().given)
    known = cells(values)
    if cell not in known and len(known) < values.trials:
        address.tell(picks=f"{values.picks} {cell[0]}-{cell[1]}".strip())
        with suppress(ValueError):  # the page says what is in the way
            live.begin(LAB.id, specs(address.settle(LAB, address.here().given)))


def typed() -> None:
    """The cell of the numbers in the boxes is asked next."""
    places = [span.place(st.session_state[f"play {name}"]) for name, span in SPACE.items()]
    u, v = (min(SIDE - 1, int(place * SIDE)) for place in places)
    ask((u, v))


def again() -> None:
    """Another game: other images, other first weights, and another start for Bayes."""
    values = address.settle(LAB, address.here().given)
    address.change(picks="", seed=values.seed + 1)


def beside(histories: list[History] | None, values: Values) -> None:  # noqa: ARG001
    """How many are left, and for whom no mouse is at hand, numbers to ask."""
    left = values.trials - len(values.picks.split())
    ready = N_("**{left} of {trials} trials left.** Click a cell of the board, or type:")
    st.markdown(tr(ready, left=left, trials=values.trials) if left > 0 else tr("All trials are used."))
    rate, decay, button = st.columns(3, vertical_alignment="bottom", gap="xsmall")
    for place, (name, span) in zip((rate, decay), SPACE.items(), strict=True):
        place.number_input(trials.SHORT[name], span.low, span.high, 1e-3, format="%.6g", key=f"play {name}")
    button.button(tr("Try it"), on_click=typed, disabled=left <= 0)
    st.button(tr("New game"), on_click=again, icon=":material/casino:")


def verdict(histories: list[History]) -> Verdict | None:
    """Whose best network, by validation images, knows more of the test images, as far as so many can tell."""
    players = by_player(histories)
    best = {who: trials.ranked(own)[:1] for who, own in players.items()}
    if not all(best.values()):
        return None
    found = {who: own.last("test") for who, (own,) in best.items()}
    images = best[YOU][0].experiment.data().x_test.shape[0]
    error = hypot(*(share_error(share, images) for share in found.values()))
    lead = found[YOU] - found[BAYES]
    rows = [
        {
            "name": who,
            "score": trials.score(own),
            "test": found[who],
            "setting": trials.said(trials.setting(own)),
            "mean": trials.mean([trials.score(h) for h in players[who]]),
        }
        for who, (own,) in best.items()
    ]
    right = "alike" if abs(lead) <= error else "you" if lead > 0 else "bayes"
    numbers = {"rows": rows, "count": len(histories) // 2, "lead": float(lead), "error": error, "also": trials.lost(histories)}
    return Verdict(f"played_{right}", right=right, **numbers)


LAB = Lab(
    id="search/play",
    title="Against you",
    prefix="play_",
    controls=CONTROLS,
    specs=specs,
    draw=draw,
    beside=beside,
    verdict=verdict,
    table=table,
    code=[STRATEGIES["bayes"].function],
)
