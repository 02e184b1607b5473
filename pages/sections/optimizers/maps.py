"""Maps: what becomes of every start at once, or of every pair of learning rates; a click opens the path or sets the pair."""

import pandas as pd
import streamlit as st

from engine import maps
from engine.descent import walk
from engine.experiments import CLASSICS, textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.registry import Range
from pages.kit import field, text
from pages.kit.old import lab, page
from pages.kit.old.controls import Choice, Number, Setting, assign, labels, row
from pages.sections.optimizers import atlas, findings
from pages.sections.optimizers import settings as s
from pages.sections.optimizers.atlas import Atlas

LABEL = "Maps"
NAME = "optimizers/maps"
SURFACE, MOST, STEPS = "himmelblau", 6, 300
LONG = 150  # steps after which most starts have arrived where they can
KIND = Choice("Map", "basins", atlas.KINDS)
MENU = Choice("Surface", SURFACE, labels(OBJECTIVES), menu=True)


def settings() -> dict[str, Setting]:
    return settings_for(st.session_state.get("maps_surface") or named(st.query_params.get("maps_surface")))


def named(word: str | None) -> str:
    """The surface of a name or a label in the address."""
    return next((name for name, entry in OBJECTIVES.items() if word in (name, entry.label)), SURFACE)


def settings_for(surface: str) -> dict[str, Setting]:
    """Every control; start and learning rates are the textbook's on the surface, and steps where it falls without end."""
    specs = {name: textbook(name, surface) for name in OPTIMIZERS}
    book = specs["sgd"]
    steps = max(book.steps, LONG) if OBJECTIVES[surface].minima else book.steps
    return {
        "maps": KIND,
        "maps_surface": MENU,
        "maps_rule": Choice("Optimizer", "momentum", labels(OPTIMIZERS), menu=True),
        "maps_rival": Choice("against", "adam", labels(OPTIMIZERS), menu=True),
        "maps_rules": Choice(f"Optimizers, at most {MOST}", CLASSICS, labels(OPTIMIZERS)),
        "maps_steps": Number(f"steps ≤ {STEPS}", min(steps, STEPS), Range(1, STEPS)),
        "maps_x0": Number("start x", book.x0, s.FIELD_RANGES["x0"]),
        "maps_y0": Number("start y", book.y0, s.FIELD_RANGES["y0"]),
        **{f"maps_{n}": Number(f"lr of {OPTIMIZERS[n].label}", spec.lr, s.FIELD_RANGES["lr"]) for n, spec in specs.items()},
    }


def show():
    picture, side = lab.stage()
    with side:
        lab.predict(NAME)
        try:
            asked = draw(settings())
        except ValueError as problem:
            asked = None
            picture.error(f"That cannot be drawn: {text.quote(str(problem))}")
        lab.reset(settings_for(SURFACE))
    with picture:
        table = paint(asked) if asked else None
    lab.explain(NAME, None, maps.basin_map, maps.steps_map, maps.winner_map, maps.duel_map, maps.sweep, walk, table=table)


def draw(known: dict[str, Setting]) -> Atlas:
    """The map that the controls describe; ValueError if too few or too many optimizers are chosen."""
    kind = known["maps"].draw("maps")
    surface = known["maps_surface"].draw("maps_surface", on_change=move)
    if kind == "winner":
        chosen = known["maps_rules"].draw("maps_rules")
        names = [name for name in OPTIMIZERS if name in chosen]
    else:
        names = list(row(known, ("maps_rule", "maps_rival") if kind == "duel" else ("maps_rule",)).values())
    start = row(known, ("maps_x0", "maps_y0")) if kind == "duel" else {}
    steps = known["maps_steps"].draw("maps_steps")
    if not 1 + (kind in ("winner", "duel")) <= len(set(names)) <= MOST:
        raise ValueError(f"choose two different optimizers, or up to {MOST} where more are offered")
    rules = []
    for two in zip(names[::2], [*names[1::2], None], strict=False):
        rates = row(known, [f"maps_{name}" for name in two if name])
        rules += [(key.removeprefix("maps_"), lr) for key, lr in rates.items()]
    return Atlas(kind, surface, tuple(rules), steps, tuple(start.values()) or (0.0, 0.0))


def paint(asked: Atlas) -> pd.DataFrame | None:
    """The map, what it comes to, and its numbers, if there is one."""
    try:
        with st.spinner(f"Descending {'with' if asked.kind == 'duel' else 'from'} {asked.crowd} …"):
            found = atlas.cells(asked)
    except ValueError as problem:
        st.error(f"That cannot be drawn: {text.quote(str(problem))}")
        return None
    field.show("maps_field", atlas.picture(asked, found), lambda *cell: choose(asked, *cell))
    lab.caption(NAME)
    lab.outcome(NAME, findings.sentence(asked, found))
    return atlas.table(asked, found)


def move() -> None:
    """Another surface brings its own steps, start and learning rates."""
    stay = {"maps", "maps_surface", "maps_rule", "maps_rival", "maps_rules"}
    known = settings_for(st.session_state["maps_surface"])
    assign({key: setting for key, setting in known.items() if key not in stay})


def choose(asked: Atlas, column: int, line: int) -> None:
    """A click sets the two learning rates, or opens the paths from that start with the same settings.

    Paths are computed on floats and maps on arrays, which may differ in the last bit: on frayed borders that is enough to
    end elsewhere.
    """
    if asked.kind == "duel":
        for (name, _), cell in zip(asked.rules, (column, line), strict=True):
            st.session_state[f"maps_{name}"] = float(atlas.RATES[cell])
        return
    start = maps.grid(OBJECTIVES[asked.surface], atlas.STARTS)[line, column].tolist()
    known = {**s.settings_for(s.FIRST, asked.surface), **s.TRANSPORT}
    page.go("play", known, **path_of(asked, *start))


def path_of(asked: Atlas, x0: float, y0: float) -> dict:
    """What the section Paths is to show: the rules of a map from a start, on the preset that adds nothing of its own."""
    return {
        "preset": s.FIRST,
        "surface": asked.surface,
        "optimizers": [name for name, _ in asked.rules],
        "x0": x0,
        "y0": y0,
        "steps": asked.steps,
        **{f"{name}_lr": lr for name, lr in asked.rules},
    }
