"""The initialization page: every figure by its address, bad input, the sentences' numbers, the map of all pairs."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.diagnostics import layer_statistics
from engine.initializers import INITIALIZERS
from pages.kit import text
from pages.sections.initialization import depths, figures, pairs, wall
from pages.sections.initialization.nets import layers
from pages.sections.initialization.starts import STARTS
from tests.pages.conftest import words

PAGE = "pages/initialization.py"


@pytest.mark.parametrize("figure", figures.BOOKS)
def test_every_figure_opens_at_its_textbook_setting(visit, figure):
    app = visit(PAGE, wall=figure)
    assert not app.exception
    assert not app.warning
    _, activation, starts, depth, width = figures.BOOKS[figure]
    assert app.selectbox(key="wall_activation").value == activation
    assert app.number_input(key="wall_depth").value == depth
    assert app.number_input(key="wall_width").value == width
    for start in starts:
        net = layers(activation, start, depth, width, 0, 1.0)
        assert wall.sentence(STARTS[start].label, net) in words(app)


def test_another_figure_assigns_every_control(visit):
    app = visit(PAGE, wall_depth="7")
    app.selectbox(key="wall").set_value("I9").run()
    assert not app.exception
    assert app.number_input(key="wall_depth").value == 10
    assert app.selectbox(key="wall_activation").value == "tanh"


def test_a_sentence_tells_the_factor_of_a_layer():
    net = layers("tanh", "std-0.01", 10, 500, 0)
    kept = (net[-1].outputs.std / net[0].outputs.std) ** (1 / 9)
    assert kept == pytest.approx(0.01 * np.sqrt(500), rel=0.03)
    said = wall.sentence("std 0.01", net)
    assert f"multiplies the std of the signal by {kept:.2g}, which leaves 1e-06 of it at layer 10" in said


def test_the_depth_charts_draw_measured_and_predicted():
    net = layers("relu", "xavier", 5, 100, 0)
    table = depths.table([net], ["Xavier"], "back")
    assert table["y"].to_list() == [layer.back.std for layer in net]
    assert table["predicted"].iloc[0] == pytest.approx(0.25, rel=1e-3)  # He et al.: √½ a layer, four layers
    low, high = depths.domain(table, "back")
    assert low <= table["y"].min()
    assert high >= table["y"].max()


@pytest.mark.parametrize("starts", [[], ["std-1", "std-0.01", "xavier", "he", "glorot"]])
def test_too_few_or_too_many_starts_are_a_sentence(visit, starts):
    app = visit(PAGE)
    app.pills(key="wall_starts").set_value(starts).run()
    assert not app.exception
    assert "choose one to 4 ways" in app.error[0].value


@pytest.mark.parametrize("scale", ["0.001", "100"])
@pytest.mark.parametrize("activation", ["relu", "identity", "sigmoid", "selu"])
def test_dead_and_exploding_nets_are_drawn(visit, activation, scale):
    app = visit(PAGE, wall_activation=activation, wall_scale=scale, wall_depth="12", wall_width="50")
    assert not app.exception
    assert "What happened" in words(app)


def test_digits_may_be_sent_in(visit):
    app = visit(PAGE, wall_input="digits", wall_times="2")
    assert not app.exception
    assert wall.sentence("Xavier", layers("sigmoid", "xavier", 5, 100, 0, 1.0, "digits", 2.0)) in words(app)


def test_a_bad_address_is_one_sentence(visit):
    app = visit(PAGE, wall="I99", wall_depth="1000", wall_scale="0")
    assert not app.exception
    (warning,) = app.warning
    for part in ("there is no `I99`", "`1000` is not between 2 and 12", "`0` is not between 0.001 and 100"):
        assert part in warning.value


def test_the_map_holds_every_pair_and_says_what_is_left(visit):
    app = visit(PAGE, section="pairs", pairs_width="30", pairs_depth="4")
    assert not app.exception
    table = pairs.ratios(4, 30, 0)
    assert len(table) == len(ACTIVATIONS) * len(STARTS)
    x = np.random.default_rng([0, 30]).standard_normal((200, 30), np.float32)
    net = layer_statistics("relu", "he", depth=4, width=30, samples=200, seed=0, inputs=x)
    row = table[(table["row"] == "ReLU") & (table["column"] == INITIALIZERS["he"].label)].iloc[0]
    assert row["signal"] == pytest.approx(np.log10(net[-1].std / net[0].std))
    assert row["gradient"] == pytest.approx(np.log10(net[0].gradient_std / net[-1].gradient_std))
    assert pairs.sentence(table) in words(app)


def test_i12_signal_kept_gradient_lost():
    table = pairs.ratios(10, 100, 0)
    sigmoid = table[(table["row"] == "Sigmoid") & (table["column"] == "Xavier")].iloc[0]
    assert abs(sigmoid["signal"]) < 0.5
    assert sigmoid["gradient"] < -4


@pytest.mark.parametrize("name", ["wall", "pairs"])
def test_every_section_has_a_question_a_caption_and_a_lesson(name):
    found = text.lab(f"initialization/{name}")
    assert found.question.endswith("?")
    assert len(found.answers) == 3
    assert found.caption
    assert found.lesson
