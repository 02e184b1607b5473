"""The activations page: every section at its textbook setting, bad input, and sentences that carry the engine's numbers."""

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.activations import ACTIVATIONS
from engine.compare import compare
from engine.diagnostics import expected, reach
from engine.experiments import PRESETS
from pages.charts import curves
from pages.kit import costs, inside, text
from pages.sections.activations import borders, dying, gallery, race, shapes
from tests.pages.conftest import ended, words

PAGE = "pages/activations.py"


@pytest.mark.parametrize("section", ["gallery", "zigzag", "dead", "dying", "race", "depth"])
def test_every_section_opens_and_asks_for_a_prediction(visit, section):
    app = visit(PAGE, section=section)
    assert not app.exception
    assert not app.warning
    assert "Predict first." in words(app) or any("Predict first." in pills.label for pills in app.pills)
    found = text.lab(f"activations/{section}")
    assert found.question.endswith("?")
    assert len(found.answers) == 3
    assert found.caption
    assert found.lesson


@pytest.mark.parametrize("name", [*ACTIVATIONS, "maxout"])
@pytest.mark.parametrize("x", ["-10", "0", "10"])
def test_every_activation_comes_close_up(visit, name, x):
    app = visit(PAGE, shape=name, shape_x=x)
    assert not app.exception
    if name in ACTIVATIONS:
        slope = float(ACTIVATIONS[name].derivative(np.float64(x)))
        assert f"its local gradient is {slope:.2g}" in words(app)


def test_a1_the_gate_of_the_sigmoid(visit):
    app = visit(PAGE, shape="sigmoid", shape_x="10")
    assert "its local gradient is 4.5e-05" in words(app)
    assert "below -2.9 and above 2.9" in words(app)
    assert "| steepest slope | 0.25 |" in words(app)


def test_alpha_is_that_of_the_source_and_can_be_changed(visit):
    app = visit(PAGE, shape="elu", shape_x="-10")
    assert app.number_input(key="shape_alpha").value == 1
    assert "ELU gives -1," in words(app)
    app.number_input(key="shape_alpha").set_value(0.5).run()
    assert "ELU gives -0.5," in words(app)
    app.selectbox(key="shape").set_value("leaky_relu").run()
    assert app.number_input(key="shape_alpha").value == 0.01


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_mean_output_for_normal_inputs_is_that_of_a_sample(name):
    y = ACTIVATIONS[name](np.random.default_rng(0).normal(size=400_000))
    assert expected(name) == pytest.approx((y.mean(), y.std()), abs=0.006)


def test_mean_outputs_in_closed_form():
    assert expected("relu")[0] == pytest.approx(1 / np.sqrt(2 * np.pi), abs=1e-5)
    assert expected("sigmoid")[0] == pytest.approx(0.5)
    assert expected("tanh")[0] == pytest.approx(0, abs=1e-12)


def test_a3_costs_are_ratios():
    found = costs.measured()
    assert set(found) == set(ACTIVATIONS)
    assert found["relu"].ratio == 1
    assert all(0 < cost.share < 1 and cost.ratio > 0 for cost in found.values())
    assert found["gelu"].ratio > 1


def test_shut_gates():
    assert shapes.zones(shapes.table("identity")) == ()
    assert shapes.zones(shapes.table("relu")) == ((-10, 0),)
    (low, _), (high, end) = shapes.zones(shapes.table("tanh"))
    assert (low, end) == (-10, 10)
    assert 1 - np.tanh(high) ** 2 < shapes.SHUT < 1 - np.tanh(high - 0.1) ** 2


def test_maxout_is_the_largest_piece():
    data = shapes.pieces(4, 0).pivot_table(index="x", columns="line", values="y")
    np.testing.assert_array_equal(data["max"], data.drop(columns="max").max(axis=1))


@pytest.mark.parametrize("what", dying.WHATS)
def test_dead_shares_are_told(visit, what):
    app = ended(visit(PAGE, section="dying", dying=what, dying_steps="20"), "activations/dying run")
    changes = {"steps": 20, "probe_steps": inside.moments(20)}
    histories = compare([replace(spec, **changes) for spec in PRESETS[what]])
    titles = [dying.title(h.experiment, what) for h in histories]
    for history, name in zip(histories, titles, strict=True):
        share = np.mean([layer["dead"] for layer in history.probes[20]])
        zeros = np.mean([layer["activations"].zeros / layer["activations"].size for layer in history.probes[1]])
        own = words(app).split(f"**{name}**: at first ")[1]
        assert own.startswith(f"{zeros:.0%} of the outputs are zeros")
        assert f"{share:.0%} after 20 updates" in own[:120]


def test_a_dying_network_that_diverges_is_told_and_not_drawn(visit):
    app = ended(visit(PAGE, section="dying", dying="A9", dying_lr="10", dying_steps="20"), "activations/dying run")
    assert not app.exception
    assert "diverged at update" in words(app)


@pytest.mark.parametrize("figure", race.BOOKS)
def test_the_race_opens_at_each_figure_and_tells_accuracies(visit, figure):
    app = ended(visit(PAGE, section="race", race=figure, race_steps="40"), "activations/race run", 120)
    assert not app.exception
    nets = [race.NETS[key] for key in race.BOOKS[figure][1]]
    assert all(net.label in words(app) for net in nets)
    assert len(app.get("vega_lite_chart")) == (2 if figure == "A10" else 1)


def test_the_race_counts_updates_and_checks_the_claim():
    relu, tanh = compare([replace(PRESETS["A11"][k], steps=101, evaluate="train") for k in (0, 1)])
    steps = race.reached(relu)
    assert steps == 1 + 20 * next(k for k, value in enumerate(relu.train_accuracy) if value >= 0.8)
    assert f"factor of {race.reached(tanh) / steps:.1f} here" in race.claim({"ReLU": steps, "tanh": race.reached(tanh)})
    assert race.claim({"ReLU": steps, "tanh": float("inf")}) == ""


def test_prelus_alphas_are_the_learned_ones():
    history = compare([replace(PRESETS["A10"][2], steps=20, probe_steps=(1, 20))])[0]
    data = curves.layers([history], "alpha")
    assert data[data["x"] == 1]["y"].to_list() == [0.25] * 5
    assert data[data["x"] == 20]["y"].to_list() == [float(layer["alpha"]) for layer in history.probes[20]]


def test_too_many_networks_are_a_sentence(visit):
    app = visit(PAGE, section="race")
    app.pills(key="race_nets").set_value(list(race.NETS)[:7]).run()
    assert not app.exception
    assert "choose one to 6 networks" in app.error[0].value


def test_a12_a_linear_net_fails_on_circles_and_is_one_matrix(visit):
    app = ended(visit(PAGE, section="depth"), "activations/depth run")
    assert not app.exception
    spec = replace(PRESETS["A12"][0], weight_steps=(600,))
    linear, tanh = compare([spec, replace(spec, activation="tanh")])
    assert linear.test_accuracy[-1] < 0.65
    assert tanh.test_accuracy[-1] > 0.95
    assert f"**Identity**: {linear.test_accuracy[-1]:.0%} of the test points" in words(app)
    assert "logits to within" in words(app)


def test_a_border_picture_names_the_class_at_each_point():
    history = compare([replace(PRESETS["A12"][1], weight_steps=(600,))])[0]
    url = borders.picture(history.experiment, 600, history.weights[600])
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))))
    assert pixels.shape == (borders.SIDE, borders.SIDE, 4)
    middle, corner = pixels[borders.SIDE // 2, borders.SIDE // 2], pixels[0, 0]
    assert tuple(middle[:3]) == borders.COLORS[0]  # the inner ring
    assert tuple(corner[:3]) == borders.COLORS[1]


def test_a_bad_address_is_one_sentence(visit):
    app = visit(PAGE, shape="swish", shape_x="1e9", shape_alpha="nan")
    assert not app.exception
    (warning,) = app.warning
    assert "there is no `swish`" in warning.value
    assert "`1e9` is not between -10 and 10" in warning.value


@pytest.mark.parametrize(
    ("name", "sliders", "known"),
    [
        ("sigmoid", {}, "0 to 1"),
        ("tanh", {}, "-1 to 1"),
        ("identity", {}, "-∞ to ∞"),
        ("relu", {}, "0 to ∞"),
        ("leaky_relu", {"alpha": 0.01}, "-∞ to ∞"),
        ("prelu", {"alpha": 0.0}, "0 to ∞"),
        ("elu", {"alpha": 2.0}, "-2 to ∞"),
        ("selu", {}, "-1.758 to ∞"),
        ("softplus", {}, "0 to ∞"),
        ("gelu", {}, "-0.17 to ∞"),
        ("silu", {}, "-0.278 to ∞"),
    ],
)
def test_the_reach_of_outputs_is_the_known_one(name, sliders, known):
    assert gallery.bounds(*reach(name, **sliders)) == known


def test_the_facts_are_those_of_the_chosen_alpha(visit):
    app = visit(PAGE, shape="prelu", shape_alpha="1")  # the identity
    assert "mean output for N(0, 1) inputs | 0.000, zero-centered |" in words(app)
    assert "-∞ to ∞" in words(app)


def test_no_minus_zero(visit):
    for name in ("relu", "leaky_relu", "prelu"):
        said = words(visit(PAGE, shape=name, shape_x="0"))
        assert "-0.0" not in said
        assert "gives -0" not in said


def test_leaky_units_are_not_called_harmless(visit):
    app = ended(visit(PAGE, section="dying", dying_activation="leaky_relu", dying_steps="20"), "activations/dying run")
    assert "0% after 20 updates; training" in words(app)
    assert "harmless" not in words(app).split("What happened.")[1].split("A unit of the first layer")[0]


@pytest.mark.parametrize("figure", race.BOOKS)
def test_the_races_networks_are_those_of_the_preset(figure):
    nets = [race.NETS[key] for key in race.BOOKS[figure][1]]
    specs = [(spec.activation, spec.initializer, spec.batchnorm) for spec in PRESETS[figure]]
    assert [(net.activation, net.initializer, net.batchnorm) for net in nets] == specs
