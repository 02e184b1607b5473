"""The initialization page: every figure by its address, bad input, the sentences' numbers, the map of all pairs."""

import csv
import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.compare import compare
from engine.diagnostics import layer_statistics
from engine.experiments import PRESETS
from engine.initializers import INITIALIZERS
from pages.charts import signals
from pages.kit import inside, text
from pages.sections.initialization import depths, figures, pairs, race, takehome, training, wall, why
from pages.sections.initialization.nets import layers
from pages.sections.initialization.starts import STARTS
from tests.pages.conftest import ROOT, ended, words
from tests.pages.test_wall import read

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
        assert wall.sentence(STARTS[start].label, net, activation) in words(app)


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
    said = wall.sentence("std 0.01", net, "tanh")
    assert f"multiplies the std of the signal by {kept:.2g}, which leaves 1e-06 of it at layer 10" in said


def test_the_depth_charts_draw_measured_and_predicted():
    net = layers("relu", "xavier", 5, 100, 0)
    table = depths.table([net], ["Xavier"], "back")
    assert table["y"].to_list() == [layer.back.std for layer in net]
    assert table["predicted"].iloc[0] == pytest.approx(0.25, rel=1e-3)  # He et al.: √½ a layer, four layers
    low, high = signals.domain(table, "back")
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
    assert wall.sentence("Xavier", layers("sigmoid", "xavier", 5, 100, 0, 1.0, "digits", 2.0), "sigmoid") in words(app)


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
    net = layer_statistics("relu", "he", depth=4, width=30, samples=200, seed=0)
    row = table[(table["row"] == "ReLU") & (table["column"] == INITIALIZERS["he"].label)].iloc[0]
    assert row["signal"] == pytest.approx(np.log10(net[-1].std / net[0].std))
    assert row["gradient"] == pytest.approx(np.log10(net[0].gradient_std / net[-1].gradient_std))
    assert pairs.sentence(table) in words(app)


def test_i12_signal_kept_gradient_lost():
    table = pairs.ratios(10, 100, 0)
    sigmoid = table[(table["row"] == "Sigmoid") & (table["column"] == "Xavier")].iloc[0]
    assert abs(sigmoid["signal"]) < 0.5
    assert sigmoid["gradient"] < -4


@pytest.mark.parametrize("name", ["wall", "pairs", "why", "training", "race", "symmetry"])
def test_every_section_opens_with_a_question_a_caption_and_a_lesson(visit, name):
    app = visit(PAGE, section=name)
    assert not app.exception
    assert not app.warning
    found = text.lab(f"initialization/{name}")
    assert found.question.endswith("?")
    assert len(found.answers) == 3
    assert found.caption
    assert found.lesson


def test_i2_is_told_exactly(visit):
    app = visit(PAGE, section="why")
    assert "1.8e-15 with 0.5·I, 4.3e+08 with 1.5·I" in words(app)
    app = visit(PAGE, section="why", why_factor="0.9", why_depth="11")
    assert f"{0.9**10:.1e} with 0.9·I" in words(app)


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


def test_i1_units_that_start_alike_stay_alike(visit):
    app = ended(visit(PAGE, section="symmetry"), "initialization/symmetry run")
    for said in ("**Zeros** · 1 distinct unit of 8", "**Constant** · 1 distinct unit of 8", "**Xavier** · 8 distinct units"):
        assert said in words(app)


def test_i13_the_race_tells_losses_and_gradients(visit):
    app = ended(visit(PAGE, section="race", race_steps="120"), "initialization/race run")
    looked = inside.moments(120)
    histories = compare([replace(spec, steps=120, probe_steps=looked) for spec in PRESETS["I13"]])
    names = ["std 0.01", "Xavier", "He"]
    assert race.sentence(histories, names) in words(app)
    stuck, _, he = (h.probes[1][0]["gradient_norm"] for h in histories)
    assert stuck < 1e-3 * he  # the plateau explained
    assert len(signals.norms(histories, names)) == 3 * len(looked) * 4


def test_i15_every_step_is_there_to_be_scrubbed(visit):
    app = ended(visit(PAGE, section="training", train_steps="40"), "initialization/training run")
    header, panels = read(app.get("bidi_component")[0].proto.bytes)
    assert header["frames"] == list(inside.moments(40, inside.FRAMES))
    assert len(panels) == 4 * len(header["frames"]) * 3 * 5
    assert len(app.get("bidi_component")[0].proto.bytes) < 200_000
    histories = compare([replace(spec, steps=40, probe_steps=inside.moments(40, inside.FRAMES)) for spec in PRESETS["I15"]])
    assert training.sentence(histories, ["std 0.01", "Xavier", "He"]) in words(app)


@pytest.mark.parametrize("section", ["training", "race"])
def test_starts_may_be_too_many(visit, section):
    app = visit(PAGE, section=section)
    app.pills(key=f"{'train' if section == 'training' else 'race'}_starts").set_value([*STARTS][:5]).run()
    assert not app.exception
    assert "ways to draw the first weights, not 5" in app.error[0].value


def test_the_largest_wall_is_small(visit):
    app = visit(PAGE, wall="I9", wall_activation="identity", wall_starts=["std-1", "xavier", "he", "orthogonal"])
    assert not app.exception
    assert len(app.get("bidi_component")[0].proto.bytes) < 200_000


@pytest.mark.parametrize("inputs", ["normal", "digits"])
def test_the_script_sends_the_same_signals(inputs):
    values = {"depth": 3, "width": 20, "seed": 4, "times": 2.0, "scale": 0.5, "input": inputs}
    script = takehome.script_of("tanh", ["xavier", "std-1"], {f"wall_{name}": value for name, value in values.items()})
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    net = layers("tanh", "std-1", 3, 20, 4, 0.5, inputs, 2.0)
    assert "normal times 0.5" in done.stdout
    assert f"layer 3: std {net[-1].outputs.std:.4g}, of the gradient {net[-1].back.std:.4g}" in done.stdout


def test_the_table_holds_a_row_a_layer():
    nets = [layers("relu", key, 5, 100, 0) for key in ("xavier", "he")]
    rows = list(csv.DictReader(io.StringIO(takehome.csv_of(["xavier", "he"], nets))))
    assert len(rows) == 10
    assert float(rows[9]["std"]) == pytest.approx(nets[1][4].outputs.std)
    assert float(rows[0]["zeros"]) == pytest.approx(0.5, abs=0.05)
    assert float(rows[0]["near_upper_end"]) == 0


@pytest.mark.parametrize(
    ("section", "query"),
    [
        ("training", {"train_lr": "10", "train_activation": "relu", "train_steps": "40"}),
        ("symmetry", {"symmetry_lr": "10", "symmetry_activation": "identity", "symmetry_steps": "40"}),
        ("race", {"race_lr": "10", "race_steps": "40"}),
    ],
)
def test_what_diverges_is_told_without_nan(visit, section, query):
    app = ended(visit(PAGE, section=section, **query), f"initialization/{section} run")
    assert "diverged" in words(app)
    assert "nan" not in words(app)
    assert "**Constant** · 8" not in words(app)


def test_settings_of_another_page_do_not_leak_in(visit):
    app = visit("pages/activations.py", section="race", race_lr="0.5", race_steps="50")
    app.switch_page(PAGE)
    app.query_params.clear()
    app.run()
    app.segmented_control(key="section").set_value("race").run()
    assert app.number_input(key="race_lr").value == 0.01
    assert app.number_input(key="race_steps").value == 2000


def test_an_empty_choice_in_the_address_is_a_choice(visit):
    app = visit(PAGE, wall_starts="")
    assert not app.warning
    assert "choose one to 4 ways" in app.error[0].value
