"""The initialization page before any training: every figure by its address, the verdicts' numbers, the map of all pairs."""

import subprocess
import sys

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics
from engine.initializers import INITIALIZERS
from pages.charts import signals
from pages.kit import address
from pages.labs import LABS
from pages.sections.initialization import pairs, wall, why
from pages.sections.initialization.nets import layers, table
from pages.sections.initialization.starts import STARTS
from tests.pages.conftest import ROOT, seen, words

PAGE = "pages/initialization.py"
WALL, PAIRS, WHY = (LABS[f"initialization/{name}"] for name in ("wall", "pairs", "why"))
ALIVE = {"I3": "large", "I7": "fitted", "I8": "fitted", "I9": "fitted", "I11": "fitted", "I12": "none"}


def found(lab, **given):
    return lab.find(lab.settle(given))


def told(lab, **given):
    return lab.verdict(found(lab, **given))


def row(verdict, name: str) -> dict:
    return next(each for each in verdict.rows if each["name"] == name)


@pytest.mark.parametrize("figure", wall.FIGURES)
def test_every_figure_opens_at_its_textbook_setting(visit, figure):
    app = seen(visit(PAGE, wall=figure))
    assert not app.exception
    assert not app.warning
    book = wall.FIGURES[figure]
    assert app.selectbox(key="wall_activation").value == book.activation
    assert app.number_input(key="wall_depth").value == book.depth
    assert app.number_input(key="wall_width").value == book.width
    values = WALL.settle({"figure": figure})
    assert WALL.sentence(told(WALL, figure=figure), values) in words(app)


@pytest.mark.parametrize("figure", ALIVE)
def test_which_weights_keep_signal_and_gradient(figure):
    """The factors of a layer by the variance argument: √(n·Var w·E[f′²]), e.g. ¼ for a sigmoid with Xavier's weights."""
    assert told(WALL, figure=figure).right == ALIVE[figure]


def test_a_figure_that_is_asked_nothing_has_no_answer():
    assert told(WALL, figure="I7", scale=0.5).right == ""
    assert told(WALL, figure="I7", starts=("constant",)).right in ("", "none")


def test_another_figure_assigns_every_control(visit):
    app = visit(PAGE, wall_depth="7")
    app.selectbox(key="wall").set_value("I9").run()
    assert not app.exception
    assert app.number_input(key="wall_depth").value == 10
    assert app.selectbox(key="wall_activation").value == "tanh"


def test_a_row_tells_the_factor_of_a_layer():
    tiny = row(told(WALL, figure="I9"), "std 0.01")
    assert tiny["kept"] == pytest.approx(0.01 * np.sqrt(500), rel=0.03)
    assert tiny["left"] == pytest.approx(tiny["kept"] ** 9)


def test_i7_the_weights_of_the_book():
    """EXPERIMENTS.md: Xavier .59 → .18, He .83 → about .9, .01 dies; half are zeros."""
    nets = found(WALL, figure="I7").nets
    assert [nets["xavier"][k].outputs.std for k in (0, -1)] == pytest.approx([0.59, 0.18], abs=0.05)
    assert 0.6 < nets["he"][-1].outputs.std < 1.1
    assert nets["std-0.01"][-1].outputs.std < 1e-4
    assert row(told(WALL, figure="I7"), "He")["share"] == pytest.approx(0.5, abs=0.1)


def test_i12_signal_kept_gradient_lost(visit):
    app = visit(PAGE, wall="I12")
    assert address.settle(WALL, {"figure": "I12"}).view == "gradients"
    assert not app.exception
    xavier = row(told(WALL, figure="I12"), "Xavier")
    assert 0.5 < xavier["left"] < 1
    assert xavier["kept_back"] == pytest.approx(0.25, abs=0.03)


def test_the_depth_charts_draw_measured_and_predicted():
    net = layers("relu", "xavier", 5, 100, 0)
    lines = signals.lines(table({"xavier": net}), "back")
    assert lines["y"].to_list() == [layer.back.std for layer in net]
    assert lines["predicted"].iloc[0] == pytest.approx(0.25, rel=1e-3)  # He et al.: √½ a layer, four layers
    low, high = signals.domain(lines, "back")
    assert low <= lines["y"].min()
    assert high >= lines["y"].max()


@pytest.mark.parametrize("starts", [[], ["std-1", "std-0.01", "xavier", "he", "glorot"]])
def test_too_few_or_too_many_starts_are_a_sentence(visit, starts):
    app = visit(PAGE)
    app.pills(key="wall_starts").set_value(starts).run()
    assert not app.exception
    assert "choose one to 4 ways" in app.error[0].value


@pytest.mark.parametrize("scale", ["0.001", "100"])
@pytest.mark.parametrize("activation", ["relu", "identity", "sigmoid", "selu"])
def test_dead_and_exploding_nets_are_drawn(visit, activation, scale):
    app = seen(visit(PAGE, wall_activation=activation, wall_scale=scale, wall_depth="12", wall_width="50"))
    assert not app.exception
    assert "What happened" in words(app)


def test_what_overflows_and_what_dies_is_told():
    lost = told(WALL, activation="identity", starts=("std-1",), depth=12, width=500, scale=100.0, times=1000.0)
    assert [also.kind for also in lost.also] == ["overflow"]
    dead = told(WALL, activation="relu", starts=("std-0.01",), depth=12, width=10, scale=0.001, times=0.001)
    assert [also.kind for also in dead.also] == ["nothing"]


def test_digits_may_be_sent_in():
    nets = found(WALL, input="digits", times=2.0).nets
    assert nets["xavier"][0].outputs.std == layers("sigmoid", "xavier", 5, 100, 0, 1.0, "digits", 2.0)[0].outputs.std
    assert nets["xavier"][0].outputs.std != found(WALL).nets["xavier"][0].outputs.std


def test_a_bad_address_is_one_sentence(visit):
    app = visit(PAGE, wall="I99", wall_depth="1000", wall_scale="0")
    assert not app.exception
    (warning,) = app.warning
    for part in ("there is no `I99`", "`1000` is not between 2 and 12", "`0` is not between 0.001 and 100"):
        assert part in warning.value


def test_the_map_holds_every_pair_and_says_what_is_left(visit):
    app = seen(visit(PAGE, section="pairs", pairs_width="30", pairs_depth="4"))
    assert not app.exception
    map_ = pairs.ratios(4, 30, 0)
    assert len(map_) == len(ACTIVATIONS) * len(STARTS)
    net = layer_statistics("relu", "he", depth=4, width=30, samples=200, seed=0)
    cell = map_[(map_["row"] == "ReLU") & (map_["column"] == INITIALIZERS["he"].label)].iloc[0]
    assert cell["signal"] == pytest.approx(np.log10(net[-1].std / net[0].std))
    assert cell["gradient"] == pytest.approx(np.log10(net[0].gradient_std / net[-1].gradient_std))
    assert PAIRS.sentence(PAIRS.verdict(map_), None) in words(app)


def test_a_third_of_the_pairs_live_and_of_the_sigmoids_one():
    map_ = found(PAIRS)
    assert PAIRS.verdict(map_).right == "third"
    sigmoid = map_[map_["row"] == "Sigmoid"].set_index("column")
    alive = (sigmoid["signal"].abs() < 1) & (sigmoid["gradient"].abs() < 1)
    assert alive[alive].index.to_list() == ["std 1"]
    assert abs(sigmoid.loc["Xavier", "signal"]) < 0.5
    assert sigmoid.loc["Xavier", "gradient"] == pytest.approx(9 * np.log10(0.25), abs=0.5)


def test_a_pair_opens_under_no_name_of_a_figure(visit):
    app = visit(PAGE, wall="own", wall_activation="tanh", wall_starts="xavier", wall_width="40")
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="wall").value == "own"
    assert app.selectbox(key="wall_activation").value == "tanh"


def test_i2_is_told_exactly(visit):
    """½⁴⁹ and 1½⁴⁹."""
    assert [each["left"] for each in told(WHY).rows] == [0.5**49, 1.5**49]
    assert "1.8·10⁻¹⁵" in words(seen(visit(PAGE, section="why")))
    assert row(told(WHY, factor=0.9, depth=11), "0.9·I")["left"] == 0.9**10


def test_lines_that_leave_the_chart_are_told():
    assert [also.name for also in told(WHY, factor=2.0, depth=100).also if also.kind == "leaves"] == ["0.5·I", "2·I"]
    assert not [also for also in told(WHY).also if also.kind == "leaves"]
    assert "clamp" not in str(signals.depth(("2·I",), 100))


def test_no_first_weights_leave_one_chart(visit):
    app = seen(visit(PAGE, section="why", why_starts=""))
    assert not app.exception
    assert "choose at least one way" in app.error[0].value
    assert "What happened" in words(app)


def test_i14_measured_and_predicted_agree_at_every_width():
    data = why.wide("relu", ("normal", "he", "orthogonal"), 1.0, 0)
    wide = data[data["x"] >= 50]
    assert wide["y"].to_numpy() == pytest.approx(wide["predicted"].to_numpy(), rel=0.1)
    normal = wide[wide["line"] == "Normal"].set_index("x")["predicted"]
    assert normal[500] / normal[50] == pytest.approx(np.sqrt(10), rel=1e-6)
    assert wide[wide["line"] == "He"]["predicted"].to_numpy() == pytest.approx(1, rel=1e-3)
    glorot = why.wide("identity", ("glorot",), 0.5, 0).set_index("x")
    assert glorot["predicted"].to_numpy() == pytest.approx(np.sqrt(2 / 1.5), rel=1e-3)
    assert glorot.loc[1000, "y"] == pytest.approx(np.sqrt(2 / 1.5), rel=0.03)


def test_the_largest_wall_is_small(visit):
    app = visit(PAGE, wall="I9", wall_activation="identity", wall_starts=["std-1", "xavier", "he", "orthogonal"])
    assert not app.exception
    assert len(app.get("bidi_component")[0].proto.bytes) < 200_000


@pytest.mark.parametrize("inputs", ["normal", "digits"])
def test_the_script_sends_the_same_signals(inputs):
    given = {
        "activation": "tanh",
        "starts": ("std-1", "xavier"),
        "depth": 3,
        "width": 20,
        "seed": 4,
        "times": 2.0,
        "scale": 0.5,
    }
    script = wall.script_of(WALL.settle(given | {"input": inputs}))
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    net = layers("tanh", "std-1", 3, 20, 4, 0.5, inputs, 2.0)
    assert "normal times 0.5" in done.stdout
    assert f"layer 3: std {net[-1].outputs.std:.4g}, of the gradient {net[-1].back.std:.4g}" in done.stdout


def test_the_table_holds_a_row_a_layer():
    results = found(WALL, figure="I7", starts=("xavier", "he"))
    rows = WALL.table(results)
    assert len(rows) == 10
    assert rows["std"].iloc[9] == results.nets["he"][4].outputs.std
    assert rows["zeros"].iloc[0] == pytest.approx(0.5, abs=0.05)
    assert rows["near_upper_end"].iloc[0] == 0


def test_an_empty_choice_in_the_address_is_a_choice(visit):
    app = visit(PAGE, wall_starts="")
    assert not app.warning
    assert "choose one to 4 ways" in app.error[0].value
