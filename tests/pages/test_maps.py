"""Maps of starts: cells against the engine's maps, verdicts counted on them, the visitor's own pair descended."""

import time

import numpy as np
import pytest

from engine import maps as engine_maps
from engine.atlas import RATES, Atlas
from engine.descent import descend
from engine.experiments import textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from pages.charts import atlas
from pages.sections.optimizers import handover, maps
from tests.pages.conftest import scene, seen, words

LAB = maps.LAB


def judged(**given):
    """What came out with these settings."""
    return LAB.verdict(LAB.find(LAB.settle(given)))


def parts(found) -> dict[str, str]:
    return {row.get("what", row.get("name")): row["part"] for row in found.rows}


def test_the_basins_are_told_as_they_are_counted(visit):
    given = {"rule": "sgd", "steps": 100}
    app = seen(visit(section="maps", maps_rule="sgd", maps_steps="100"))
    cells = engine_maps.basin_map(OBJECTIVES["himmelblau"], "sgd", 100, lr=0.01)
    np.testing.assert_array_equal(LAB.find(LAB.settle(given)).cells, cells)
    starts = engine_maps.grid(OBJECTIVES["himmelblau"], 200)
    gaps = np.linalg.norm(starts[:, :, None] - OBJECTIVES["himmelblau"].minima, axis=-1)
    near = (gaps.argmin(axis=-1) == cells).mean()
    assert parts(judged(**given))["at the nearest minimum"] == f"{near:.1%}"
    assert judged(**given).right == ("always" if near >= 0.995 else "mostly")
    assert f"| at the nearest minimum | {near:.1%} |" in words(app)
    for i, kind in enumerate(scene(app)["kinds"]):
        assert kind["legend"].endswith(f"{(cells == i).mean():.1%}")


def test_a_duel_is_read_at_the_visitors_pair():
    """O9: at step 30 plain SGD at .95 beats Momentum at .1, and loses to it at .1."""
    given = {"kind": "duel", "surface": "anisotropic", "rule": "sgd", "rival": "momentum", "steps": 30}
    assert judged(**given).also[0].name == "SGD"
    assert judged(**given, sgd=0.1).also[0].name == "Momentum"


@pytest.mark.parametrize(("lr", "who"), [(0.9001, "sgd"), (0.8999, "momentum"), (0.9, "")])
def test_the_visitors_pair_is_descended_not_looked_up(lr, who):
    """One step on the bowl: x ← (1 − 2η)x, so of .9 and η near it the one nearer to .5 is lower; all share one cell."""
    given = {"kind": "duel", "surface": "bowl", "rule": "sgd", "rival": "momentum", "steps": 1, "sgd": 0.9, "momentum": lr}
    ends = {name: descend(OBJECTIVES["bowl"], name, (9, 9), 1, lr=given[name]).values[-1] for name in ("sgd", "momentum")}
    (own,) = judged(**given).also
    assert own.kind == ("own" if who else "own-tie")
    if who:
        assert own.name == OPTIMIZERS[who].label
        assert min(ends, key=ends.__getitem__) == who


def test_ties_have_a_color_a_name_and_a_share(visit):
    """Momentum's first step is SGD's."""
    app = visit(section="maps", maps="winner", maps_surface="bowl", maps_rules=["sgd", "momentum"], maps_steps="1")
    header = scene(app)
    assert [kind["label"] for kind in header["kinds"]] == ["SGD is ahead", "Momentum is ahead", "a tie"]
    assert len({kind["color"] for kind in header["kinds"]}) == 3
    assert header["kinds"][2]["legend"] == "tie  100.0%"
    assert header["blank"] == ""
    found = judged(kind="winner", surface="bowl", rules=("sgd", "momentum"), steps=1)
    assert parts(found)["nobody, a tie"] == "100.0%"
    assert found.right == "none"


def test_l6_who_wins_is_mostly_somebody():
    """Ranked by rounding after all had arrived, more than half of the opening map was a tie."""
    found = LAB.find(LAB.settle({"kind": "winner"}))
    assert (found.cells == engine_maps.TIE).mean() < 0.2


@pytest.mark.parametrize(
    ("steps", "ends"), [([], (1, 2)), ([0, 1, 1], (1, 2)), (list(range(1, 102)), (6, 96)), ([84] * 99 + [300], (84, 85))]
)
def test_l6_the_colors_of_steps_are_spread_over_most_of_them(steps, ends):
    assert atlas.reach(np.array(steps)) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("cells", "kind", "right"),
    [
        ([-1] * 4000, "never", "few"),
        ([0] + [-1] * 3999, "there", "few"),
        ([0, 0, 1, 0] * 1000, "times", "all"),
        ([1, 1, 1, -1] * 1000, "times", "part"),
    ],
)
def test_arrivals_are_told_sensibly(cells, kind, right):
    asked = Atlas("steps", "bowl", (("sgd", 0.1),), 1, (0.0, 0.0))
    found = LAB.verdict(maps.Mapped(asked, np.array(cells)))
    assert (found.kind, found.right) == (kind, right)


@pytest.mark.parametrize(("cells", "part"), [([1] * 3999 + [0], "3,999"), ([0] * 4, "0%"), ([1, 0], "50.0%"), ([1], "100.0%")])
def test_a_share_is_all_or_nothing_only_where_it_is(cells, part):
    assert maps.part_of(np.array(cells, bool)) == part


def test_the_largest_request_is_bounded_in_time(visit):
    heavy = ["adadelta", "adam", "adamax", "amsgrad", "adamw", "lion"]
    start = time.monotonic()
    app = visit(section="maps", maps="winner", maps_surface="beale", maps_rules=heavy, maps_steps="300")
    assert time.monotonic() - start < 30  # 3 s on a quiet machine
    assert scene(app)["counts"] == [200, 200]


@pytest.mark.parametrize("kind", atlas.KINDS)
def test_the_numbers_of_a_map_are_a_row_a_cell(kind):
    asked = Atlas(kind, "himmelblau", (("sgd", 0.01), ("adam", 0.1)), 30, (-0.5, -1.0))
    found = asked.cells()
    table = atlas.table(asked, found)
    assert len(table) == 40_000
    first, second, outcome = table.iloc[30 * 200 + 171]
    if kind == "duel":
        assert list(table) == ["lr of SGD", "lr of Adam", "ahead"]
        assert (first, second) == (RATES[171], RATES[30])
    else:
        assert list(table)[:2] == ["x", "y"]
        assert (first, second) == tuple(engine_maps.grid(OBJECTIVES["himmelblau"], 200)[30, 171])
    if kind == "steps":
        assert table["steps"].isna().to_numpy().reshape(200, 200).tolist() == (found < 0).tolist()
        return
    points = OBJECTIVES["himmelblau"].minima if kind == "basins" else ()
    names = [atlas.place(point) for point in points] or ["SGD", "Adam"]
    assert outcome == {-1: "none", -2: "tie", **dict(enumerate(names))}[found[30, 171]]


@pytest.mark.parametrize("surface", ["himmelblau", "rastrigin", "anisotropic"])
def test_a_start_is_handed_to_paths_with_the_settings_of_the_map(surface):
    asked = Atlas("basins", surface, (("momentum", 0.004),), 77, (0.0, 0.0))
    given = handover.SETTINGS["optimizers/play"](asked.specs((1.5, -0.5)))
    assert given == {
        "surface": surface, "optimizers": ("momentum",), "x0": 1.5, "y0": -0.5, "steps": 77, "momentum_lr": 0.004
    }  # fmt: skip


@pytest.mark.parametrize("kind", atlas.KINDS)
@pytest.mark.parametrize("surface", ["rastrigin", "saddle", "plateau"])
def test_every_map_opens_or_says_why_not(visit, kind, surface):
    app = visit(section="maps", maps=kind, maps_surface=surface, maps_steps="3")
    assert not app.exception
    assert not app.warning
    if surface == "saddle" and kind in ("basins", "steps"):
        assert "has no minimum" in app.error[0].value
    else:
        assert not app.error
        assert scene(app)["counts"] == [200, 200]


def test_textbook_rates_come_with_the_surface(visit):
    app = visit(section="maps", maps="winner", maps_surface="beale")
    assert app.number_input(key="maps_adagrad").value == textbook("adagrad", "beale").lr
    app.selectbox(key="maps_surface").set_value("rosenbrock").run()
    assert not app.exception
    assert app.number_input(key="maps_adagrad").value == textbook("adagrad", "rosenbrock").lr
    assert app.number_input(key="maps_steps").value == 300


@pytest.mark.parametrize("rules", [["sgd"], list(OPTIMIZERS)])
def test_too_few_or_too_many_rules_are_a_sentence(visit, rules):
    app = visit(section="maps", maps="winner", maps_rules=rules)
    assert not app.exception
    assert "choose two different optimizers" in app.error[0].value


def test_a_rule_does_not_fight_itself(visit):
    app = visit(section="maps", maps="duel", maps_rule="adam", maps_rival="adam")
    assert not app.exception
    assert "choose two different optimizers" in app.error[0].value


@pytest.mark.parametrize(("key", "value"), [("maps_steps", "301"), ("maps_sgd", "0"), ("maps_surface", "x"), ("maps", "x")])
def test_a_bad_address_is_one_sentence(visit, key, value):
    app = visit(section="maps", **{key: value})
    assert not app.exception
    assert f"`{key}`" in app.warning[0].value
