"""The activations' labs that look at functions and train networks: verdicts that carry the engine's numbers, pictures."""

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.activations import ACTIVATIONS
from engine.diagnostics import expected, reach
from engine.experiments import PRESETS
from engine.layers import Maxout
from pages import activations
from pages.charts import borders, curves, gates
from pages.kit import costs, testing
from pages.labs import LABS
from pages.sections.activations import dying, gallery, race
from tests.pages.conftest import ended, seen, words
from tests.runs import trained

PAGE = "pages/activations.py"


def asked(key: str, **given):
    """A lab's verdict about these settings."""
    lab = LABS[f"activations/{key}"]
    values = lab.settle(given)
    return lab.verdict(lab.find(values) if lab.find else trained(lab.asked(values)))


def kinds(verdict) -> list[str]:
    return [verdict.kind, *(also.kind for also in verdict.also)]


def network(**fields):
    """An experiment whose history is `history`'s to make up."""
    return replace(PRESETS["A11"][0], steps=101, evaluate="train", eval_every=10, **fields)


@pytest.mark.parametrize("lab", activations.LABS, ids=lambda lab: lab.title)
def test_a_lab_opens_and_asks_for_a_prediction(visit, lab):
    app = visit(PAGE, section=lab.id.split("/")[1])
    assert not app.exception
    assert not app.warning
    assert any("Predict first." in pills.label for pills in app.pills)
    assert "What happened" not in words(app)
    assert lab.find is None or "What happened" in words(seen(app))


def test_a_bad_address_is_one_sentence(visit):
    app = visit(PAGE, shape="swish", shape_x="1e9", shape_alpha="nan")
    assert not app.exception
    (warning,) = app.warning
    assert "there is no `swish`" in warning.value
    assert "`1e9` is not between −10 and 10" in warning.value


# gallery


@pytest.mark.parametrize("name", gallery.LABELS)
@pytest.mark.parametrize("x", [-10.0, 0.0, 10.0])
def test_every_activation_comes_close_up(name, x):
    verdict = asked("gallery", name=name, x=x)
    if name in ACTIVATIONS:
        slope = float(ACTIVATIONS[name].derivative(np.float64(x)))
        assert verdict.slope == pytest.approx(slope, rel=1e-12)
        assert verdict.right == ("most" if abs(slope) >= 0.5 else "some" if abs(slope) >= 0.05 else "little")


def test_a1_the_gate_of_the_sigmoid(visit):
    verdict = asked("gallery", x=10.0)
    assert verdict.slope == pytest.approx(4.54e-5, rel=1e-3)
    assert verdict.right == "little"
    (shut,) = verdict.also
    assert (shut.kind, shut.low, shut.high) == ("shut-low-high", -2.9, 2.9)
    app = seen(visit(PAGE, shape="sigmoid", shape_x="10"))
    assert "4.5·10⁻⁵ goes on" in words(app)
    assert "| steepest slope | 0.25 |" in words(app)


@pytest.mark.parametrize("x", [2.1, 2.55, -3.14159])
def test_the_picture_stands_at_the_very_x_of_the_address(visit, x):
    app = visit(PAGE, shape_x=str(x))
    assert app.number_input(key="shape_x").value == x
    assert x in gallery.find(gallery.LAB.settle({"x": x})).table["x"].to_numpy()
    assert asked("gallery", x=x).y == pytest.approx(1 / (1 + np.exp(-x)))


def test_alpha_is_that_of_the_source_and_can_be_changed(visit):
    app = visit(PAGE, shape="elu", shape_x="-10")
    assert app.number_input(key="shape_alpha").value == 1
    app.number_input(key="shape_alpha").set_value(0.5).run()
    assert "ELU gives −0.5," in words(seen(app))
    app.selectbox(key="shape").set_value("leaky_relu").run()
    assert app.number_input(key="shape_alpha").value == 0.01
    assert app.query_params.get("shape_alpha") is None


def test_a_right_answer_is_judged_where_the_visitor_looks(visit):
    app = visit(PAGE, shape_x="10")
    app.pills[0].set_value("little").run()
    assert "**right.**" in words(app)
    app.button[[button.label for button in app.button].index("x = 0")].click().run()
    assert "**right.**" not in words(app)
    assert asked("gallery", x=0.0).right == "some"


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
    assert gates.zones(gates.table("identity")) == ()
    assert gates.zones(gates.table("relu")) == ((-10, 0),)
    (low, _), (high, end) = gates.zones(gates.table("tanh"))
    assert (low, end) == (-10, 10)
    assert 1 - np.tanh(high) ** 2 < gates.SHUT < 1 - np.tanh(high - 0.1) ** 2


@pytest.mark.parametrize(("name", "turn"), [("gelu", -0.75), ("silu", -1.28)])
def test_a_gate_is_shut_where_its_curve_turns_too(name, turn):
    low, (start, end) = gates.zones(gates.table(name))
    assert low[0] == -10
    assert low[1] < start < turn < end < 0
    values = gallery.LAB.settle({"name": name})
    verdict = gallery.verdict(gallery.find(values))
    assert [each.kind for each in verdict.also] == ["shut-low", "shut-between"]
    assert f"between {start:.1f} and {end:.1f} too".replace("-", "−") in gallery.LAB.sentence(verdict, values)


def test_maxout_is_the_largest_piece_and_has_its_slope():
    data = gates.pieces(4, 0, 0.123)
    lines = data.pivot_table(index="x", columns="line", values="y")
    np.testing.assert_array_equal(lines[gates.TOP], lines.drop(columns=gates.TOP).max(axis=1))
    top = data[data["line"] == gates.TOP]
    straight = np.diff(top["slope"]) == 0
    np.testing.assert_allclose((np.diff(top["y"]) / np.diff(top["x"]))[straight], top["slope"][:-1][straight], rtol=1e-9)
    assert asked("gallery", name=Maxout.name, pieces=4, x=0.123).pieces == 4


@pytest.mark.parametrize(
    ("name", "sliders", "known"),
    [
        ("sigmoid", {}, "0 to 1"),
        ("tanh", {}, "−1 to 1"),
        ("identity", {}, "−∞ to ∞"),
        ("relu", {}, "0 to ∞"),
        ("leaky_relu", {"alpha": 0.01}, "−∞ to ∞"),
        ("prelu", {"alpha": 0.0}, "0 to ∞"),
        ("elu", {"alpha": 2.0}, "−2 to ∞"),
        ("selu", {}, "−1.758 to ∞"),
        ("softplus", {}, "0 to ∞"),
        ("gelu", {}, "−0.17 to ∞"),
        ("silu", {}, "−0.278 to ∞"),
    ],
)
def test_the_reach_of_outputs_is_the_known_one(name, sliders, known):
    assert gallery.bounds(*reach(name, **sliders)) == known


def test_the_facts_are_those_of_the_chosen_alpha(visit):
    app = visit(PAGE, shape="prelu", shape_alpha="1")  # the identity
    assert "mean output for N(0, 1) inputs | 0.000, zero-centered |" in words(app)
    assert "−∞ to ∞" in words(app)


# dying


@pytest.mark.parametrize("what", dying.WHAT.options)
def test_silent_shares_are_told(visit, what):
    app = ended(visit(PAGE, section="dying", dying=what, dying_steps="20"), "activations/dying run")
    assert not app.exception
    lab, given = dying.LAB, {"what": what, "steps": 20}
    histories = trained(lab.asked(lab.settle(given)))
    verdict = lab.verdict(histories)
    assert lab.sentence(verdict, lab.settle(given)) in words(app)
    for history, row in zip(histories, verdict.rows, strict=True):
        silent = [layer["dead"] for layer in history.probes[20]]
        zeros = [layer["activations"].zeros / layer["activations"].size for layer in history.probes[1]]
        assert (row["all"], row["first"], row["last"]) == pytest.approx((np.mean(silent), silent[0], silent[-1]))
        assert row["zeros"] == pytest.approx(np.mean(zeros))
        assert (row["until"], row["accuracy"]) == (20, history.train_accuracy[-1])


def test_the_networks_are_those_of_the_presets():
    for what in ("A9", "A7"):
        found = dying.LAB.asked(dying.LAB.settle({"what": what}))
        assert [replace(spec, probe_steps=()) for spec in found] == [replace(s, probe_steps=()) for s in PRESETS[what]]
    rates = [spec.lr for spec in dying.LAB.asked(dying.LAB.settle({}))]
    assert set(rates) == {spec.lr for spec in PRESETS["A8"]} | {1.0}
    deep = dying.LAB.asked(dying.LAB.settle({"rates": "2; 0.3", "layers": 3}))
    assert [(spec.lr, len(spec.hidden)) for spec in deep] == [(0.3, 3), (2.0, 3)]


@pytest.mark.parametrize("rates", ["", "fast", "1e9", "nan", "1 2 3 4 5 6 7"])
def test_learning_rates_that_are_none_are_a_sentence(visit, rates):
    app = visit(PAGE, section="dying", dying_rates=rates)
    assert not app.exception
    assert "That cannot be run" in app.error[0].value


def test_a_network_that_diverges_is_told_as_far_as_it_was_looked_at():
    verdict = asked("dying", what="A9", lr=10.0, steps=20)
    lost = [also for also in verdict.also if also.kind == "diverged"]
    assert lost
    assert all(row["until"] < 20 for row in verdict.rows if row["name"] in {each.name for each in lost})


def test_leaky_units_are_never_silent():
    verdict = asked("dying", activation="leaky_relu", steps=20)
    assert kinds(verdict)[:2] == ["silent", "healthy"]
    assert verdict.right == "few"


def test_the_table_of_dying_holds_what_is_drawn():
    histories = trained(dying.LAB.asked(dying.LAB.settle({"what": "A9", "steps": 20})))
    table = dying.LAB.table(histories).set_index(["network", "layer", "update"])["silent"]
    assert table["bias −1", 1, 20] == pytest.approx(float(histories[0].probes[20][0]["dead"]))
    assert len(table) == sum(len(layers) for history in histories for layers in history.probes.values())


# race


@pytest.mark.parametrize("figure", race.BOOKS)
def test_the_race_opens_at_each_figure(visit, figure):
    app = visit(PAGE, section="race", race=figure, race_steps="20", race_seeds="1", race_layers="2")
    app = ended(app, "activations/race run", 120)
    assert not app.exception
    assert all(race.NETS[key].label in words(app) for key in race.BOOKS[figure][1])
    assert len(app.get("vega_lite_chart")) == (2 if figure == "A10" else 1)


def test_the_race_tells_accuracies_best_first():
    lab = race.LAB
    histories = trained(lab.asked(lab.settle({"steps": 20, "seeds": 2, "layers": 2})))
    rows, named = lab.verdict(histories).rows, race.names(histories)
    for row in rows:
        own = [h.test_accuracy[-1] for h, name in zip(histories, named, strict=True) if name == row["name"]]
        assert row["accuracy"] == pytest.approx(np.mean(own))
    assert [row["accuracy"] for row in rows] == sorted((row["accuracy"] for row in rows), reverse=True)


def test_updates_are_counted_between_two_measurements():
    history = replace(trained([network(activation="tanh")])[0], train_accuracy=np.array([0.1, 0.7, 0.9, 0.5]))
    assert race.reached(history, race.RIGHT) == pytest.approx(16)  # halfway from update 11 to update 21
    assert race.reached(replace(history, train_accuracy=np.array([0.1, 0.2])), race.RIGHT) == np.inf


def test_the_claim_of_six_times_has_an_error():
    relu, three = np.array([20.0, 25.0, 30.0]), np.array([3.1, 3.0, 2.9])
    told = race.factor(relu, relu * three)
    assert (told.kind, told.seeds) == ("factor", 3)
    assert told.low < told.factor < told.high < 6
    assert told.factor == pytest.approx(np.exp(np.log(three).mean()))
    assert race.factor(relu, relu * np.array([1.0, 6.0, 20.0])).kind == "factor-open"
    assert race.factor(relu[:1], relu[:1] * 3).kind == "factor-one"
    assert race.factor(relu, np.array([20, np.inf, 30])).kind == "factor-never"


def test_the_races_lead_is_told_only_outside_its_error():
    relu, base = np.array([0.90, 0.91, 0.92]), np.array([0.001, 0.0, -0.001])
    assert [each.right for each in race.ahead({"relu": relu, "elu": relu + 0.05 + base})] == ["other"]
    assert [each.right for each in race.ahead({"relu": relu, "elu": relu - 0.05 + base})] == ["relu"]
    assert [each.right for each in race.ahead({"relu": relu, "elu": relu + base})] == ["alike"]
    assert [each.kind for each in race.ahead({"relu": relu[:1], "elu": relu[:1]})] == ["ahead-one"]
    assert race.ahead({"tanh": relu, "elu": relu}) == []


def test_the_question_is_about_networks_that_are_there():
    words_of = race.LAB.words
    assert words_of(race.LAB.settle({})) == "activations/race"
    assert words_of(race.LAB.settle({"figure": "A10"})) == "activations/race-family"
    assert words_of(race.LAB.settle({"nets": ("relu", "tanh")})) == "activations/race-family"


def test_prelus_alphas_are_the_learned_ones():
    history = trained([replace(PRESETS["A10"][2], steps=20, probe_steps=(1, 20))])[0]
    data = curves.layers([history], "alpha")
    assert data[data["x"] == 1]["y"].to_list() == [0.25] * 5
    assert data[data["x"] == 20]["y"].to_list() == [float(layer["alpha"]) for layer in history.probes[20]]
    told = race.alphas([history])
    assert [row["alpha"] for row in told.rows] == data[data["x"] == 20]["y"].to_list()


def test_too_many_networks_are_a_sentence(visit):
    app = visit(PAGE, section="race")
    app.pills(key="race_nets").set_value(list(race.NETS)[:7]).run()
    assert not app.exception
    assert "choose one to 6 networks" in app.error[0].value


@pytest.mark.parametrize("figure", race.BOOKS)
def test_the_races_networks_are_those_of_the_preset_in_colors_of_their_own(figure):
    found = race.LAB.asked(race.LAB.settle({"figure": figure, "seeds": 1}))
    plain = [replace(spec, probe_steps=(), eval_every=20) for spec in found]
    assert set(plain) == set(PRESETS[figure])
    places = [race.EVERYONE.index(race.NETS[key].label) % 6 for key in race.BOOKS[figure][1]]
    assert len(set(places)) == len(places)


# depth


def test_a12_a_linear_net_fails_on_circles_and_is_one_matrix(visit):
    app = ended(visit(PAGE, section="depth"), "activations/depth run")
    assert not app.exception
    verdict = asked("depth")
    rows = {row["name"]: row["accuracy"] for row in verdict.rows}
    assert rows["Identity"] < 0.65
    assert rows["tanh"] > 0.95
    assert f"| Identity | {rows['Identity']:.0%} |" in words(app)
    (one,) = verdict.also
    assert (one.kind, one.layers) == ("one", 4)
    assert one.off < 1e-4


def test_nothing_is_said_of_one_matrix_where_every_network_bends():
    verdict = asked("depth", nets=("tanh",), steps=20)
    assert kinds(verdict) == ["depth"]
    assert verdict.right == ""


def test_a_border_picture_names_the_class_at_each_point():
    history = trained([replace(PRESETS["A12"][1], weight_steps=(600,))])[0]
    url = testing.border(history, 600)
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))))
    assert pixels.shape == (borders.SIDE, borders.SIDE, 4)
    middle, corner = pixels[borders.SIDE // 2, borders.SIDE // 2], pixels[0, 0]
    assert tuple(middle[:3]) == borders.COLORS[0]  # the inner ring
    assert tuple(corner[:3]) == borders.COLORS[1]
