"""The optimizers' explanations: rates on quadratics, maps, the surface in 3-D, bumps; numbers against the closed forms."""

import json
import time

import numpy as np
import pytest

from engine import maps as engine_maps
from engine import quadratic
from engine.descent import descend
from engine.experiments import Descent, textbook
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from engine.wells import ALONE, BACK, LOST, MOMENTA, NEVER, OUT, Bumps
from pages.charts import balls
from pages.kit import compute, relief, text
from pages.sections.optimizers import atlas, bumps, findings, maps, rates, rolling, scenery, tour, wells, why
from pages.sections.optimizers.atlas import Atlas
from pages.sections.optimizers.valleys import Valley
from tests.pages.conftest import words

BOOK = Valley("anisotropic", (), 0.95, 0.9)


def sent(app, place: int = 0) -> dict:
    """The header of the blob that a component was sent."""
    blob = app.get("bidi_component")[place].proto.bytes
    return json.loads(blob[4 : 4 + int.from_bytes(blob[:4], "little")])


@pytest.mark.parametrize("name", ["why", "maps", "surface", "wells"])
def test_every_section_opens_with_question_caption_outcome_and_lesson(visit, name):
    app = visit(section=name)
    assert not app.exception
    assert not app.warning
    assert "What happened" in words(app)
    found = text.lab(f"optimizers/{name}")
    assert found.question.endswith("?")
    assert len(found.answers) == 3
    assert found.caption
    assert found.lesson
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    assert not app.exception


# ---- why


def test_o25_the_sentence_and_the_table_hold_the_closed_forms(visit):
    app = visit(section="why")
    said = words(app)
    assert "lr 0.95 is within 0.25% of the best constant lr of plain SGD, 2/(λmin + λmax) = 0.952" in said
    assert f"it keeps {19 / 21:.1%}"[:-2] in said
    table = app.table[0].value
    root = np.sqrt(20)
    assert table.loc["SGD", "best lr, μ"] == f"{2 / 2.1:.3g}"
    assert table.loc["SGD", "stable below lr"] == "1"
    assert table.loc["SGD", "predicted rate"] == table.loc["SGD", "measured rate"] == f"{1 - 0.1 * 0.95:.3f}"
    assert table.loc["Momentum", "stable below lr"] == f"{2 * 1.9 / 2:.3g}"
    assert table.loc["Momentum", "predicted rate"] == f"{np.sqrt(0.9):.3f}"
    fastest = (root - 1) / (root + 1)
    assert table.loc["Momentum", "best lr, μ"] == f"{4 / (np.sqrt(0.1) + np.sqrt(2)) ** 2:.3g}, {fastest**2:.3g}"
    assert table.loc["Momentum", "steps a digit at best"] == f"{-1 / np.log10(fastest):.3g}"
    assert table.loc["Nesterov", "steps a digit"] == "never"
    assert table.loc["Adam", "stable below lr"] == "no closed form"


@pytest.mark.parametrize("lr", ["1", "1.5", "10"])
def test_at_and_beyond_the_limit_the_page_says_so(visit, lr):
    app = visit(section="why", why_lr=lr)
    assert not app.exception
    assert f"lr {float(lr):g} is not below plain SGD's limit 2/λmax = 1" in words(app)


@pytest.mark.parametrize(
    "query",
    [
        {"why_surface": "bowl", "why_lr": "0.5", "why_momentum": "0"},
        {"why_surface": "bowl", "why_lr": "10", "why_momentum": "0.999", "why_steps": "300"},
        {"why_surface": "ravine", "why_condition": "1000", "why_angle": "-90", "why_lr": "0.0001"},
        {"why_surface": "ravine", "why_condition": "1", "why_rule": "nesterov", "why_momentum": "0"},
        {"why_others": list(why.OTHERS), "why_steps": "10"},
    ],
    ids=str,
)
def test_extremes_of_the_valley_are_drawn_and_told(visit, query):
    app = visit(section="why", **query)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert "nan" not in words(app)
    assert len(app.get("bidi_component")) == 2


def test_the_map_marks_the_best_and_the_visitors_setting(visit):
    header = sent(visit(section="why"), 1)
    marks = {mark["label"]: (mark["x"], mark["y"]) for mark in header["marks"]}
    lr, momentum, _ = quadratic.best("momentum", [0.1, 2.0])
    assert marks["best"] == pytest.approx((lr, momentum))
    assert marks["you"] == (0.95, 0.9)
    assert header["counts"] == [210, 100]
    assert header["pick"]


def test_a_cell_of_the_map_is_the_setting_in_its_middle():
    lrs = rates.rates_of(BOOK)
    assert lrs[94] == pytest.approx(0.95)
    assert rates.MOMENTA[90] == 0.9


def test_every_rule_is_measured_as_it_was_predicted():
    for name in quadratic.RULES:
        assert BOOK.measured(name) == pytest.approx(BOOK.rate(name), abs=0.003)


def test_distances_are_those_of_the_path_and_the_straight_line():
    table = rates.distances(BOOK, ("sgd", "adam"), 50)
    sgd, adam = (table[table["line"] == OPTIMIZERS[name].label] for name in ("sgd", "adam"))
    expected = np.hypot(*descend(OBJECTIVES["anisotropic"], "sgd", (-7, 2), 50, lr=0.95).points.T)
    np.testing.assert_allclose(sgd["y"], expected, rtol=1e-9)
    np.testing.assert_allclose(sgd["predicted"], np.hypot(7, 2) * 0.905 ** np.arange(51), rtol=1e-6)
    assert adam["predicted"].isna().all()
    assert rates.floor(table) == 1e-2


def test_eigenvectors_point_up_and_stand_on_each_other():
    valley = Valley("ravine", (("condition", 50.0), ("angle", -40.0)), 0.1, 0.9)
    values, vectors = valley.curvatures
    along = rates.upward(vectors)
    np.testing.assert_allclose(values, [0.04, 2], atol=1e-8)
    assert (along[1] > 0).all()
    assert along[:, 0] @ along[:, 1] == pytest.approx(0, abs=1e-12)


# ---- maps


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
        assert sent(app)["counts"] == [200, 200]


def test_the_basins_are_told_as_they_are_counted(visit):
    app = visit(section="maps", maps_rule="sgd", maps_steps="100")
    found = engine_maps.basin_map(OBJECTIVES["himmelblau"], "sgd", 100, lr=0.01)
    asked = Atlas("basins", "himmelblau", (("sgd", 0.01),), 100, (0.0, 0.0))
    np.testing.assert_array_equal(atlas.cells(asked), found)
    assert findings.sentence(asked, found) in words(app)
    starts = engine_maps.grid(OBJECTIVES["himmelblau"], 200)
    gaps = np.linalg.norm(starts[:, :, None] - OBJECTIVES["himmelblau"].minima, axis=-1)
    assert f"{(gaps.argmin(axis=-1) == found).mean():.1%} of 40,000 starts end at the nearest minimum" in words(app)
    for i, kind in enumerate(sent(app)["kinds"]):
        assert kind["legend"].endswith(f"{(found == i).mean():.1%}")


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


def test_a_duel_is_read_at_the_visitors_pair(visit):
    """O9: at step 30 plain SGD at .95 beats Momentum at .1, and loses to it at .1."""
    query = {"section": "maps", "maps": "duel", "maps_surface": "anisotropic", "maps_rival": "momentum", "maps_steps": "30"}
    assert "At your pair it is SGD" in words(visit(**query, maps_rule="sgd"))
    assert "At your pair it is Momentum" in words(visit(**query, maps_rule="sgd", maps_sgd="0.1"))


@pytest.mark.parametrize(("lr", "said"), [("0.9001", "SGD"), ("0.8999", "Momentum"), ("0.9", "a tie")])
def test_the_visitors_pair_is_descended_not_looked_up(visit, lr, said):
    """One step on the bowl: x ← (1 − 2η)x, so of .1 and η near .9 the one nearer to .5 is lower; all share one cell."""
    query = {"maps": "duel", "maps_surface": "bowl", "maps_rule": "sgd", "maps_rival": "momentum", "maps_steps": "1"}
    lrs = {"sgd": 0.9, "momentum": float(lr)}
    ends = {name: descend(OBJECTIVES["bowl"], name, (9, 9), 1, lr=rate).values[-1] for name, rate in lrs.items()}
    if said != "a tie":
        assert min(ends, key=ends.__getitem__) == said.lower()
    app = visit(section="maps", **query, maps_sgd="0.9", maps_momentum=lr)
    assert f"At your pair it is {said}." in words(app)
    assert "After 1 step **" in words(app)


def test_ties_have_a_color_a_name_and_a_share(visit):
    """Momentum's first step is SGD's."""
    app = visit(section="maps", maps="winner", maps_surface="bowl", maps_rules=["sgd", "momentum"], maps_steps="1")
    header = sent(app)
    assert [kind["label"] for kind in header["kinds"]] == ["SGD is lowest", "Momentum is lowest", "a tie: equally low"]
    assert len({kind["color"] for kind in header["kinds"]}) == 3
    assert app.number_input(key="maps_sgd").value == app.number_input(key="maps_momentum").value
    assert "After 1 step nobody is lowest alone for any of 40,000 starts; for 100.0% the lowest are exactly equal" in words(app)
    assert sent(app)["kinds"][2]["legend"] == "tie  100.0%"
    assert sent(app)["blank"] == ""


def test_a_ramp_of_one_step_has_two_ends(visit):
    low, high = sent(visit(section="maps", maps="steps", maps_steps="1"))["ramp"]["domain"]
    assert (low, high) == (1, 2)
    assert sent(visit(section="maps", maps="steps", maps_steps="50"))["ramp"]["domain"] == [1, 50]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([-1] * 4000, "From no start SGD (lr 0.1) arrives within 1 step."),
        (
            [0] + [-1] * 3999,
            "From 1 of 40,000 starts SGD (lr 0.1) arrives within 1 step: all of these are there before the first.",
        ),
        ([0, 0, 1, 0] * 1000, "from half of these without any, being there already; the slowest of them takes 1."),
        (
            [1, 1, 1, -1] * 1000,
            "From 75.0% of 40,000 starts SGD (lr 0.1) arrives within 1 step, from half of these within 1 step;",
        ),
        ([1] * 3999 + [-1], "From 3,999 of"),
    ],
)
def test_arrivals_are_told_sensibly(cells, said):
    asked = Atlas("steps", "bowl", (("sgd", 0.1),), 1, (0.0, 0.0))
    assert said in findings.sentence(asked, np.array(cells))


def test_the_largest_request_is_bounded_in_time(visit):
    heavy = ["adadelta", "adam", "adamax", "amsgrad", "adamw", "lion"]
    start = time.process_time()
    app = visit(section="maps", maps="winner", maps_surface="beale", maps_rules=heavy, maps_steps="300")
    assert time.process_time() - start < 8  # 16 s before maps kept only what they need
    assert sent(app)["counts"] == [200, 200]
    assert "40,000 starts" in words(app)


@pytest.mark.parametrize("kind", atlas.KINDS)
def test_the_numbers_of_a_map_are_a_row_a_cell(kind):
    asked = Atlas(kind, "himmelblau", (("sgd", 0.01), ("adam", 0.1)), 30, (-0.5, -1.0))
    found = atlas.cells(asked)
    table = atlas.table(asked, found)
    assert len(table) == 40_000
    cell = (30, 171)
    first, second, outcome = table.iloc[30 * 200 + 171]
    if kind == "duel":
        assert list(table) == ["lr of SGD", "lr of Adam", "lowest"]
        assert (first, second) == (atlas.RATES[171], atlas.RATES[30])
    else:
        assert list(table)[:2] == ["x", "y"]
        assert (first, second) == tuple(engine_maps.grid(OBJECTIVES["himmelblau"], 200)[cell])
    if kind == "steps":
        assert table["steps"].isna().to_numpy().reshape(200, 200).tolist() == (found < 0).tolist()
        assert (table["steps"].dropna().to_numpy() == found[found >= 0]).all()
        return
    points = OBJECTIVES["himmelblau"].minima if kind == "basins" else ()
    names = [atlas.place(point) for point in points] or ["SGD", "Adam"]
    assert outcome == {-1: "none", -2: "tie", **dict(enumerate(names))}[found[cell]]
    for index, name in [*enumerate(names), (engine_maps.TIE, "tie"), (engine_maps.NONE, "none")]:
        assert (table.iloc[:, 2] == name).sum() == (found == index).sum()


def test_the_numbers_are_offered_only_with_a_map(visit):
    assert [button.label for button in visit(section="maps").get("download_button")] == ["Numbers (CSV)"]
    assert not visit(section="maps", maps_surface="saddle").get("download_button")


@pytest.mark.parametrize(("key", "value"), [("maps_steps", "301"), ("maps_sgd", "0"), ("maps_surface", "x"), ("maps", "x")])
def test_a_bad_address_is_one_sentence(visit, key, value):
    app = visit(section="maps", **{key: value})
    assert not app.exception
    assert f"`{key}`" in app.warning[0].value


@pytest.mark.parametrize("surface", ["himmelblau", "rastrigin", "anisotropic"])
def test_a_click_opens_the_paths_of_the_start_with_the_settings_of_the_map(visit, surface):
    asked = Atlas("basins", surface, (("momentum", 0.004),), 77, (0.0, 0.0))
    x0, y0 = engine_maps.grid(OBJECTIVES[surface], 200)[30, 171].tolist()
    values = maps.path_of(asked, x0, y0)
    names = values.pop("optimizers")
    app = visit(**{key: str(value) for key, value in values.items()}, optimizers=names)
    assert not app.warning
    header = sent(app)
    assert header["start"] == [x0, y0]
    assert header["steps"] == 77
    assert [(run["label"], run["lr"]) for run in header["runs"]] == [("Momentum", "0.004")]


# ---- 3-D


@pytest.mark.parametrize("stop", tour.STOPS)
def test_every_stop_is_pinned_on_its_surface_and_on_the_map(visit, stop):
    app = visit(section="surface", surface_stop=stop)
    assert not app.exception
    assert not app.warning
    found = tour.STOPS[stop]
    assert app.selectbox(key="surface_of").value == found.surface
    solid, plan = sent(app, 0), sent(app, 1)
    (pin,), (mark,) = solid["marks"], plan["marks"]
    (left, right), (bottom, top) = OBJECTIVES[found.surface].view
    assert [pin["x"], pin["y"]] == pytest.approx(
        [2 * (found.point[0] - left) / (right - left) - 1, 2 * (found.point[1] - bottom) / (top - bottom) - 1], abs=1e-6
    )
    assert 0 <= pin["z"] <= 1
    assert (mark["x"], mark["y"]) == found.point
    assert solid["camera"] == {"turn": found.turn, "tilt": found.tilt}
    assert tour.sentence(found) in words(app)


def test_a_stop_is_what_its_word_says():
    measures = {name: stop.measures for name, stop in tour.STOPS.items()}
    _, slope, (low, _) = measures["minimum"]
    assert slope == 0
    assert low > 0
    _, slope, (low, high) = measures["saddle"]
    assert slope == 0
    assert low < 0 < high
    _, _, (low, high) = measures["valley"]
    assert high == pytest.approx(20 * low)
    dx, dy = OBJECTIVES["anisotropic"](*tour.STOPS["valley"].point)[1]
    assert abs(dy) >= 4 * abs(dx) > 0
    dx, dy = OBJECTIVES["double_well"](*tour.STOPS["ridge"].point)[1]
    assert abs(dx) < 1e-6 < dy
    assert measures["ridge"][2][0] < 0
    grid = engine_maps.grid(OBJECTIVES["plateau"], 50)
    slopes = np.hypot(*OBJECTIVES["plateau"](grid[..., 0], grid[..., 1])[1])
    assert measures["steep"][1] > slopes.max()
    assert measures["plateau"][1] < 1e-3


def test_another_stop_brings_its_surface_and_another_surface_ends_the_tour(visit):
    app = visit(section="surface")
    app.selectbox(key="surface_stop").set_value("saddle").run()
    assert app.selectbox(key="surface_of").value == "saddle"
    app.selectbox(key="surface_of").set_value("rosenbrock").run()
    assert not app.exception
    assert app.selectbox(key="surface_stop").value == "none"
    assert sent(app)["marks"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"surface_of": "rosenbrock"},
        {"surface_of": "rastrigin"},
        {"surface_stop": "ridge", "surface_of": "Bowl"},
        {"surface_stop": "ridge", "surface_of": "anisotropic"},
    ],
    ids=str,
)
def test_a_stop_counts_on_its_own_surface_only(visit, query):
    app = visit(section="surface", **query)
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="surface_stop").value == "none"
    assert query["surface_of"].lower() == app.selectbox(key="surface_of").value
    assert sent(app, 0)["marks"] == sent(app, 1)["marks"] == []
    assert not any(text.item("optimizers/tour", stop) in words(app) for stop in tour.STOPS)


def test_a_pin_beyond_the_view_is_left_out():
    objective = OBJECTIVES["rosenbrock"]
    pins = [relief.Pin(5.0, 0.0, "far"), relief.Pin(1.0, 1.0, "near")]
    blob = relief.describe(objective, compute.surface(Descent(surface="rosenbrock")), relief.View(), "", pins=pins)
    header = json.loads(blob[4 : 4 + int.from_bytes(blob[:4], "little")])
    assert [mark["label"] for mark in header["marks"]] == ["near"]


def test_at_the_start_nobody_is_lower_and_ties_are_ties(visit):
    assert "At step 0 all stand at the start, with f = " in words(visit(section="surface", surface_step="0"))
    assert "lowest" not in scenery.lowest("bowl", list(OPTIMIZERS), 0)
    assert "**Adam** and **AMSGrad** are lowest" in scenery.lowest("bowl", ["adam", "amsgrad"], 1)
    assert "is lowest" in scenery.lowest("anisotropic", ["sgd", "momentum"], 30)


@pytest.mark.parametrize("surface", OBJECTIVES)
@pytest.mark.parametrize("height", ["linear", "log"])
def test_every_surface_stands_in_three_dimensions(visit, surface, height):
    step = "0" if height == "log" else "100"
    query = {"surface_of": surface, "surface_height": height, "surface_step": step, "surface_rules": list(OPTIMIZERS)}
    app = visit(section="surface", surface_stop="none", **query)
    assert not app.exception
    assert not app.warning
    solid = sent(app)
    assert solid["steps"] == int(step)
    assert [track["label"] for track in solid["tracks"]] == [rule.label for rule in OPTIMIZERS.values()]
    assert all(0 <= height <= 1 for height, _ in solid["levels3d"])


def test_o1_the_paths_are_the_textbooks_up_to_the_step(visit):
    app = visit(section="surface", surface_stop="minimum", surface_rules="sgd", surface_step="30")
    (stroke,) = sent(app, 1)["strokes"]
    assert len(stroke["points"]) == 31
    assert stroke["points"][-1] == pytest.approx([9 * 0.8**30, 9 * 0.8**30])
    assert scenery.lowest("bowl", ["sgd"], 30) in words(app)
    assert f"f = {2 * (9 * 0.8**30) ** 2:.3g}" in words(app)


def test_heights_are_f_between_its_lowest_and_highest():
    blob = scenery.solid("bowl", [], 0, "linear", None)
    length = int.from_bytes(blob[:4], "little")
    header = json.loads(blob[4 : 4 + length])
    kind, offset, size = header["arrays"]["heights"]
    heights = np.frombuffer(blob, kind, size, 4 + length + offset).reshape(51, 51)
    x = np.linspace(-10, 10, 51)
    np.testing.assert_allclose(heights, (x**2 + x[:, None] ** 2) / 200, atol=1e-6)


# ---- bumps


BALL = Bumps("double", 1.0, 0.3, 0.02, 0.9, 1.8)


def test_o15_sgd_stays_and_the_ball_gets_out(visit):
    app = visit(section="wells")
    said = words(app)
    assert "SGD never left its well: after 300 steps it is at x = 0.96" in said
    assert "The ball with μ 0.9 got out over 1 top, into the deepest well: after 300 steps it is at x = −1.04" in said
    double = OBJECTIVES["double_well"]
    out = [descend(double, "momentum", (1.8, 0), 300, lr=0.02, momentum=mu).points[-1][0] < 0 for mu in MOMENTA.tolist()]
    first = out.index(True)
    assert f"The smallest μ that gets out, of 0, .01, …, .99, is {MOMENTA[first]:g}" in said
    assert f"of the {len(out) - first - 1} larger ones {out[first:].count(False)} left and swung back" in said


@pytest.mark.parametrize(
    ("momentum", "said"), [("0.5", "never left its well"), ("0.94", "left its well and swung back into it")]
)
def test_who_left_and_came_back_is_told_from_who_never_left(visit, momentum, said):
    app = visit(section="wells", wells_momentum=momentum)
    assert f"The ball with μ {momentum} {said}" in words(app)
    path = descend(OBJECTIVES["double_well"], "momentum", (1.8, 0), 300, lr=0.02, momentum=float(momentum))
    assert path.points[-1][0] > BALL.tops[0]
    assert (path.points[:, 0].min() < BALL.tops[0]) == ("swung" in said)


def test_every_fate_has_its_own_mark_on_the_ladder():
    table = rolling.outcomes(BALL).set_index("x")["line"]
    assert table[[0.0, 0.94, 0.95, 0.96]].tolist() == [NEVER, BACK, BACK, OUT]
    fates = tuple(table.unique())
    assert len({balls.MARKS[fate] for fate in fates}) == 3
    shown = json.dumps(balls.ladder(2.0, 300, fates))
    assert all(fate in shown for fate in fates)


@pytest.mark.parametrize(
    "query", [{"wells_depth": "0.1"}, {"wells_tilt": "-1.6"}, {"wells": "bumpy", "wells_tilt": "3", "wells_depth": "0.1"}]
)
def test_without_a_second_well_nobody_gets_out_or_stays(visit, query):
    app = visit(section="wells", **query)
    assert not app.exception
    found = next(block.value for block in app.markdown if "What happened" in block.value)
    assert "has removed" in found
    assert not any(word in found for word in ("got out", "gets out", "its well", "left its"))
    asked = Bumps("double", 0.1, 0.3, 0.02, 0.9, 1.8)
    assert set(rolling.outcomes(asked)["line"]) == {ALONE}


@pytest.mark.parametrize("shape", bumps.SHAPES)
def test_at_its_textbook_every_shape_holds_sgd_and_lets_the_ball_go_but_not_ever_farther(visit, shape):
    app = visit(section="wells", wells=shape)
    assert not app.warning
    book = wells.BOOKS[shape]
    assert app.number_input(key="wells_start").value == book.start
    assert app.number_input(key="wells_lr").value == book.lr
    said = words(app)
    assert "SGD never left its well" in said
    assert f"The ball with μ 0.9 got out over {'3 tops' if shape == 'bumpy' else '1 top'}, into the deepest well" in said
    last, fates = book.ends()
    assert (np.diff(book.crossed(last)[fates != LOST]) < 0).any()


def test_another_shape_brings_its_textbook_and_a_reset_returns_to_it(visit):
    app = visit(section="wells", wells_lr="0.03")
    app.segmented_control(key="wells").set_value("bumpy").run()
    assert not app.exception
    assert [app.number_input(key=f"wells_{key}").value for key in ("start", "lr", "steps")] == [3.5, 0.05, 150]
    app.number_input(key="wells_start").set_value(1.0).run()
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    assert not app.exception
    assert app.number_input(key="wells_start").value == 3.5
    assert "got out over 3 tops" in words(app)


def test_the_picture_holds_the_curve_and_both_paths():
    table = rolling.table(BALL, 250)
    assert sorted(set(table["line"])) == ["Momentum", "SGD", "f"]
    ball = table[table["line"] == "Momentum"]
    path = descend(OBJECTIVES["double_well"], "momentum", (1.8, 0), 250, lr=0.02, momentum=0.9)
    assert ball["step"].max() == 249
    assert len(ball) <= balls.FRAMES + 1
    np.testing.assert_allclose(ball["x"], path.points[ball["step"], 0], rtol=1e-9)


@pytest.mark.parametrize(
    "query",
    [
        {"wells": "bumpy", "wells_depth": "5", "wells_tilt": "-3", "wells_start": "-4"},
        {"wells_lr": "1", "wells_momentum": "0.999", "wells_start": "4"},
        {"wells_depth": "0.1", "wells_tilt": "3", "wells_steps": "10", "wells_momentum": "0"},
        {"wells_shown": "valley", "wells": "bumpy", "wells_y": "-4"},
        {"wells_shown": "valley", "wells_lr": "1", "wells_depth": "5"},
    ],
    ids=str,
)
def test_extremes_of_the_bumps_are_drawn_and_told(visit, query):
    app = visit(section="wells", **query)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert "What happened" in words(app)
    assert "nan" not in words(app)
