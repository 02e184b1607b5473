"""The activations page, one neuron: sections by address, sentences, the moving pictures' data, bad input, take home."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.neuron import EXAMPLES, INPUTS, RANGES, Bent, Linear, active, gradient, live, mean_loss
from pages.charts import neurons
from pages.kit import text
from pages.sections.activations import dead, hyperplanes, lives, quadrants, rates, zigzag
from tests.pages.conftest import ROOT, words

PAGE = "pages/activations.py"
SECTIONS = {"zigzag": zigzag, "dead": dead}
KEYS = [(section, key) for section, module in SECTIONS.items() for key in module.KNOWN if key.split("_", 1)[1] in RANGES]


def scenes(app) -> list[dict]:
    """The headers of all scenes that the page sent to the player, each with its arrays."""
    blob, found = app.get("bidi_component")[0].proto.bytes, []
    while blob:
        length = int.from_bytes(blob[:4], "little")
        header, body = json.loads(blob[4 : 4 + length]), blob[4 + length :]
        arrays = {n: np.frombuffer(body, kind, size, offset) for n, (kind, offset, size) in header["arrays"].items()}
        found.append({**header, **arrays})
        blob = body[header["size"] :]
    return found


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_opens_at_the_textbook_and_asks_for_a_prediction(visit, section):
    app = visit(PAGE, section=section)
    assert not app.exception
    assert not app.warning
    assert "Predict first" in app.pills[0].label
    assert "What happened" in words(app)
    for key, setting in SECTIONS[section].KNOWN.items():
        assert app.session_state[key] == setting.default


def test_a_bad_address_is_one_sentence(visit):
    app = visit(PAGE, section="zigzag", zig_lr="0", zig_steps="1.5", zig_batch_size="201", wrong="1")
    assert not app.exception
    (warning,) = app.warning
    for part in (
        "`zig_lr`: `0` is not between 0.001 and 100",
        "`1.5` is not a whole number",
        "not between 1 and 200",
        "`wrong`",
    ):
        assert part in warning.value
    app = visit(PAGE, section="dead", dead_activation="nope", dead_b="nan")
    assert not app.exception
    assert "there is no `nope`" in app.warning[0].value


@pytest.mark.parametrize(("section", "key"), KEYS)
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_extreme_of_every_control_is_drawn(visit, section, key, end):
    app = visit(PAGE, section=section, **{key: f"{getattr(SECTIONS[section].KNOWN[key].range, end):g}"})
    assert not app.exception
    assert not app.warning
    assert "What happened" in words(app)
    assert "nan" not in words(app)


@pytest.mark.parametrize("name", dead.SIDED)
@pytest.mark.parametrize("lr", ["0.3", "100"])
def test_every_activation_is_drawn(visit, name, lr):
    app = visit(PAGE, section="dead", dead_activation=name, dead_lr=lr)
    assert not app.exception
    assert dead.sentence(Bent(activation=name, lr=float(lr)), live(Bent(activation=name, lr=float(lr)))) in words(app)


def test_reset_goes_back_to_the_textbook(visit):
    app = visit(PAGE, section="dead", dead_w1="-1", dead_activation="elu")
    next(button for button in app.button if button.label == "Reset to the textbook").click().run()
    assert app.number_input(key="dead_w1").value == dead.BOOK.w1
    assert app.selectbox(key="dead_activation").value == dead.BOOK.activation


def test_zig_zag_sends_each_path_over_its_own_loss_with_one_clock(visit):
    app = visit(PAGE, section="zigzag", zig_lr="2", zig_steps="25", zig_w1="0.5")
    found = scenes(app)
    assert [scene["runs"][0]["label"] for scene in found] == [zigzag.LABELS[name] for name in INPUTS]
    for scene, inputs in zip(found, INPUTS, strict=True):
        life, surface = live(Linear(inputs, lr=2.0, steps=25, w1=0.5)), mean_loss(inputs, 0)
        np.testing.assert_allclose(scene["points"].reshape(-1, 2), life.weights, rtol=1e-6)
        np.testing.assert_allclose(scene["values"], life.loss, rtol=1e-5, atol=1e-30)
        grid = np.meshgrid(*(np.linspace(*side, 101) for side in surface.view))
        np.testing.assert_allclose(scene["surface"].reshape(101, 101), surface(*grid)[0], rtol=1e-5, atol=1e-6)
        assert (scene["start"], scene["steps"], scene["layout"]) == ([0.5, 1.0], 25, "panels")
        assert scene["names"] == ["w₁", "w₂", "L"]


def test_zig_zag_tells_what_the_engine_counts(visit):
    app = visit(PAGE, section="zigzag", zig_steps="60")
    positive, centered = (live(Linear(inputs, steps=60)) for inputs in INPUTS)
    assert "100% of the updates moved both weights the same way with all-positive inputs" in words(app)
    assert f"{centered.same_sign:.0%} with zero-centered ones" in words(app)
    assert f"{positive.turns} and {centered.turns} of them turned back" in words(app)
    assert f"after {positive.reached(0.01)} and after {centered.reached(0.01)} updates" in words(app)
    assert "All positive: **100%**" in words(app)
    x, _ = Linear("centered").data()
    assert f"Zero-centered: **{(x.prod(axis=1) > 0).mean():.0%}**" in words(app)


def test_zig_zag_is_honest_about_batches_and_divergence(visit):
    mixed = words(visit(PAGE, section="zigzag", zig_batch_size="50"))
    assert "A batch of 50 adds up errors of both signs" in mixed
    assert "100% of the updates" not in mixed
    lost = words(visit(PAGE, section="zigzag", zig_lr="20"))
    assert f"**All positive** diverged at update {live(Linear(lr=20.0)).diverged_at}" in lost
    assert "the start is the optimum" in words(visit(PAGE, section="zigzag", zig_w1="1", zig_w2="-1")).lower()


@pytest.mark.parametrize("inputs", INPUTS)
def test_a_dot_of_every_example_in_and_out_of_the_shade(inputs):
    found = quadrants.gradients(Linear(inputs))
    data = quadrants.points("name", found)
    assert len(data) == EXAMPLES
    assert np.abs(found).max() <= quadrants.reach(found) < np.abs(found).max() + 0.11
    spec = neurons.plane(quadrants.reach(found), ("a", "b"))
    shade = next(iter(layer["data"]["values"] for layer in spec["layer"] if layer["mark"]["type"] == "rect"))
    inside = [
        any(min(0, r["right"]) <= a <= max(0, r["right"]) and min(0, r["high"]) <= b <= max(0, r["high"]) for r in shade)
        for a, b in found
    ]
    assert np.mean(inside) == quadrants.same_sign(found)


STATES = {
    "Alive": (True, "it is active for"),
    "Unlucky start (A7)": (False, "**Dead.**"),
    "Large negative bias (A7)": (False, "**Dead.**"),
    "Too high a rate (A7)": (False, "**never came back**"),
    "Small positive bias (A9)": (True, "it is active for"),
}


@pytest.mark.parametrize("name", dead.STARTS)
def test_a_start_by_its_button_tells_its_story(visit, name):
    app = visit(PAGE, section="dead")
    next(button for button in app.button if button.label == name).click().run()
    assert not app.exception
    alive, said = STATES[name]
    assert said in words(app)
    spec = dead.STARTS[name]
    assert [app.number_input(key=f"dead_{key}").value for key in ("w1", "w2", "b", "lr")] == list(asdict(spec).values())[1:5]
    share = active(live(spec).weights[-1], spec.data()[0])
    assert (share > 0) == alive


def test_a_small_positive_bias_silences_fewer_at_the_start():
    x, _ = Bent().data()
    assert active(dead.STARTS["Small positive bias (A9)"].start, x) > active(dead.STARTS["Alive"].start, x)


def test_leaky_relu_comes_back_and_the_page_says_when(visit):
    app = visit(PAGE, section="dead", dead_w1="-1", dead_w2="-0.8", dead_activation="leaky_relu")
    spec = Bent("leaky_relu", -1.0, -0.8)
    share = active(live(spec).weights, spec.data()[0])
    assert f"**came back** at update {np.flatnonzero(share > 0)[0]}" in words(app)
    g = gradient(ACTIVATIONS["leaky_relu"], spec.start, *spec.data())
    assert f"({g[0]:.3g}, {g[1]:.3g}, {g[2]:.3g})" in words(app)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ([1, 0.5, 0.9], "After 2 updates it is active for 90%."),
        ([1, 0.5, 0, 0], "Update 2 threw its hyperplane off the inputs, and it **never came back**, in 3 updates."),
        ([1, 0, 0.5, 0, 0.5], "**came back** at update 2, and 1 more time. After 4 updates it is active for 50%."),
        ([0, 0, 0.5], "**came back** at update 2. After 2 updates it is active for 50%."),
        ([0, 0, 0], "After 2 updates it is active for 0%."),
    ],
)
def test_the_passage_of_a_hyperplane_in_words(share, said):
    assert said in dead.passage(np.array(share))


@pytest.mark.parametrize("steps", [1, 7, 60, 61, 500])
def test_the_slider_has_at_most_sixty_frames_and_knows_who_is_active_in_each(steps):
    spec = Bent(steps=steps)
    life, (x, _) = live(spec), spec.data()
    data, at = hyperplanes.table(spec, life), hyperplanes.moments(life)
    assert (at[0], at[-1]) == (0, steps)
    assert len(at) == min(steps, 60) + 1
    seen = data[data["kind"] == "input"]["seen"].map(list).tolist()
    np.testing.assert_array_equal(np.array(seen).T == "1", life.weights[at] @ x.T > 0)
    told = data[data["kind"] == "word"]["word"].tolist()
    assert told[-1].startswith(f"update {steps} · active {active(life.weights[-1], x):.0%} · loss {life.loss[-1]:.2g}")
    spec = neurons.hyperplane(steps)
    slider, frame = spec["params"]
    assert slider["bind"]["max"] == steps
    for update in (0, steps // 2, steps):
        nearest = eval(frame["expr"], {"round": round, "update": update})  # noqa: S307
        assert abs(at[nearest] - update) <= max(1, steps / 100)
    assert "data" not in spec
    assert not any("data" in layer for layer in spec["layer"])


@pytest.mark.parametrize(
    "w", [(1, -1, 0), (-1, -0.8, 0), (0, 1, -1), (1, 0, 0), (1, 1, -50), (1, 1, 50), (0, 0, 1), (0, 0, -1)]
)
def test_the_shade_is_the_active_half_of_the_box(w):
    w, corners = np.array(w, float), hyperplanes.half(np.array(w, float))
    (left, low), (right, high) = neurons.BOX.min(axis=0), neurons.BOX.max(axis=0)
    assert (corners @ w[:2] + w[2] > -1e-9).all()
    points = np.random.default_rng(0).uniform((left, low), (right, high), (200_000, 2))
    share = (points @ w[:2] + w[2] > 0).mean()
    x, y = corners.T
    area = abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2
    assert area / ((right - left) * (high - low)) == pytest.approx(share, abs=0.005)
    crossings = hyperplanes.crossings(w)
    assert len(crossings) == (2 if 0 < share < 1 else 0)
    np.testing.assert_allclose(crossings @ w[:2] + w[2], 0, atol=1e-9)


def test_the_rates_are_single_lives_and_leave_out_what_diverged():
    found = rates.ends(Bent(steps=60))
    for row in found.iloc[[0, 30, -1]].itertuples():
        spec = Bent(lr=row.x, steps=60)
        assert row.y == active(live(spec).weights[-1], spec.data()[0])
    assert len(found) == len(rates.RATES)
    assert 0 < len(rates.ends(Bent("identity", steps=60))) < len(rates.RATES)


@pytest.mark.parametrize(
    "specs", [[Linear(inputs, steps=5) for inputs in INPUTS], [Bent(steps=3)], [Bent("identity", lr=100.0)]]
)
def test_take_home_table_and_script(specs, tmp_path):
    header, *rows = lives.csv_of(specs).splitlines()
    assert header.startswith("neuron,update,w1,w2,")
    assert len(rows) == sum(len(live(spec).weights) for spec in specs)
    last = dict(zip(header.split(","), rows[-1].split(","), strict=True))
    assert float(last["loss"]) == live(specs[-1]).loss[-1]
    assert float(last["gradient_w1"]) == live(specs[-1]).gradients[-1, 0]
    script = tmp_path / "again.py"
    script.write_text(lives.script_of(specs), "utf-8")
    told = subprocess.run(
        [sys.executable, str(script)], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    ).stdout
    for spec in specs:
        assert str(live(spec).loss[-1]) in told


def test_a_number_that_no_widget_would_send_is_a_sentence(visit, monkeypatch):
    monkeypatch.setitem(zigzag.KNOWN, "zig_steps", replace(zigzag.KNOWN["zig_steps"], range=RANGES["seed"]))
    app = visit(PAGE, section="zigzag", zig_steps="9999")
    assert not app.exception
    assert "steps must lie between 1 and 500, not 9999" in app.error[0].value


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_has_a_question_a_caption_and_a_lesson(name):
    found = text.lab(f"activations/{name}")
    assert found.question.endswith("?")
    assert len(found.answers) == 3
    assert found.caption
    assert found.lesson
