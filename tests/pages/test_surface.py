"""In 3-D: the figure against the surface and the textbook's paths, the tour on its surfaces, the verdict of a stop."""

import json

import numpy as np
import pytest

from engine import maps as engine_maps
from engine.experiments import SURFACES, Descent
from engine.objectives import OBJECTIVES
from engine.optimizers import OPTIMIZERS
from pages.charts import solid
from pages.kit import compute
from pages.kit.theme import style
from pages.sections.optimizers import surface, tour
from tests.pages.conftest import scene, seen, words

LAB = surface.LAB


def judged(**given):
    """What came out with these settings."""
    return LAB.verdict(LAB.find(LAB.settle(given)))


def figure(app) -> dict:
    return json.loads(app.get("plotly_chart")[0].proto.spec)


def drawn(rules, step=30, steps=100, of="anisotropic", log=False):
    found = LAB.find(LAB.settle({"of": of, "rules": rules, "steps": steps, "stop": "none"}))
    tracks = [
        solid.Track(s.optimizer, p.points, style(OPTIMIZERS, s.optimizer))
        for s, p in zip(found.specs, found.paths, strict=True)
    ]
    ground = compute.surface(Descent(surface=of))
    return found, solid.figure(found.objective, ground, tracks, [], solid.View(30, 35), step=step, steps=steps, log=log)


@pytest.mark.parametrize("stop", tour.STOPS)
def test_every_stop_is_pinned_on_its_surface_and_on_the_map(visit, stop):
    app = seen(visit(section="surface", surface_stop=stop))
    assert not app.exception
    assert not app.warning
    found = tour.STOPS[stop]
    assert app.selectbox(key="surface_of").value == found.surface
    pin, (mark,) = figure(app)["data"][-1], scene(app, 1)["marks"]
    assert (pin["x"], pin["y"], pin["text"]) == ([found.point[0]], [found.point[1]], [stop])
    assert (mark["x"], mark["y"]) == found.point
    verdict = judged(stop=stop)
    assert verdict.kind == f"stop-{stop}"
    assert verdict.f == pytest.approx(float(OBJECTIVES[found.surface](*found.point)[0]), abs=1e-6)
    assert LAB.sentence(verdict, LAB.settle({"stop": stop})) in words(app)


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
    assert scene(app, 1)["marks"] == []
    assert "text" not in figure(app)["data"][-1]


def test_at_the_start_nobody_is_lower_and_ties_are_ties():
    free = {"stop": "none", "of": "anisotropic"}
    assert judged(**free, step=0).kind == "start"
    tied = judged(**free, step=1, rules=("adam", "amsgrad"))
    assert (tied.kind, tied.who) == ("tied", "**Adam** and **AMSGrad**")
    assert judged(**free, rules=("sgd", "momentum")).who == "**SGD**"
    assert judged(**free, rules=()).kind == "nobody"


@pytest.mark.parametrize("of", SURFACES)
@pytest.mark.parametrize("height", ["linear", "log"])
def test_every_surface_stands_in_three_dimensions(visit, of, height):
    rules = list(OPTIMIZERS)
    app = visit(section="surface", surface_stop="none", surface_of=of, surface_height=height, surface_rules=rules)
    assert not app.exception
    assert not app.warning
    heads = [trace for trace in figure(app)["data"] if trace.get("mode") == "markers"]
    assert [trace["name"] for trace in heads] == [rule.label for rule in OPTIMIZERS.values()]


def test_o1_the_paths_are_the_textbooks_up_to_the_step(visit):
    app = visit(section="surface", surface_stop="minimum", surface_rules="sgd", surface_step="30")
    (stroke,) = scene(app, 1)["strokes"]
    assert len(stroke["points"]) == 31
    assert stroke["points"][-1] == pytest.approx([9 * 0.8**30, 9 * 0.8**30])
    assert judged(stop="minimum", rules=("sgd",)).also[0].f == pytest.approx(2 * (9 * 0.8**30) ** 2)


@pytest.mark.parametrize("log", [False, True])
def test_a_path_lies_on_the_ground_between_its_steps_too(log):
    found, drawing = drawn(("sgd",), log=log)
    (trail,) = (trace for trace in drawing["data"] if trace.get("mode") == "lines")
    x, y, z = (trail[name].astype(float) for name in "xyz")
    f, _ = found.objective(x, y)
    ground = drawing["data"][0]["z"]
    above = z - (np.log1p(f) if log else f)
    assert (above > 0).all()
    assert (above < 0.02 * np.ptp(ground)).all()
    at = trail["line"]["color"] % 1 < 1e-6
    np.testing.assert_allclose(x[at], found.paths[0].points[:, 0], rtol=1e-5)
    assert "dash" not in trail["line"]


def test_a_frame_moves_the_heads_and_colors_the_way_up_to_its_step():
    found, drawing = drawn(("sgd", "adam"))
    frames = {frame["name"]: frame for frame in drawing["frames"]}
    assert list(frames) == [str(k) for k in range(101)]
    trail, head, other, _ = frames["7"]["data"]
    assert [head["x"][0], head["y"][0]] == pytest.approx(found.paths[0].points[7], rel=1e-5)
    middle = (trail["line"]["cmin"] + trail["line"]["cmax"]) / 2
    assert 7 < middle < 7.1
    assert other["line"] == trail["line"]
    kinds = [drawing["data"][i].get("mode") for i in frames["7"]["traces"]]
    assert kinds == ["lines", "markers"] * 2


def test_the_view_is_in_the_address_by_name_or_as_it_was_turned(visit):
    def eye(**asked):
        return figure(visit(section="surface", **asked))["layout"]["scene"]["camera"]["eye"]

    assert eye() == eye(surface_step="3") == tour.STOPS["valley"].view.eye
    assert eye(surface_camera="above")["z"] == pytest.approx(solid.FAR, rel=1e-3)
    assert eye(surface_turn="-120", surface_tilt="10", surface_far="3") == solid.View(-120, 10, 3).eye


def test_another_named_view_forgets_how_the_figure_was_turned(visit):
    app = visit(section="surface", surface_turn="-120")
    app.selectbox(key="surface_camera").set_value("corner").run()
    assert "surface_turn" not in app.query_params
    assert figure(app)["layout"]["scene"]["camera"]["eye"] == surface.VIEWS["corner"].eye


def test_a_formula_of_ones_own_is_drawn_from_ones_own_start(visit):
    query = {
        "surface_of": "formula",
        "surface_formula": "x**2 + 3*y**2",
        "surface_x0": "2",
        "surface_sgd": "0.1",
        "surface_steps": "20",
    }
    app = visit(section="surface", surface_rules="sgd", **query)
    assert not app.exception
    (stroke,) = scene(app, 1)["strokes"]
    assert stroke["points"][1] == pytest.approx([2 - 0.1 * 4, 2 - 0.1 * 12])
    assert visit(section="surface", surface_of="formula", surface_formula="x+").error


def test_the_message_is_small(visit):
    proto = visit(section="surface").get("plotly_chart")[0].proto
    assert len(proto.SerializeToString()) < 200_000
