"""The initialization page in training: the wall at every update, the race, units that start alike."""

import numpy as np
import pytest

from pages.charts import signals
from pages.kit import inside
from pages.labs import LABS
from pages.sections.initialization import symmetry
from pages.sections.initialization.starts import EVERYONE, STARTS
from tests.pages.conftest import ended, words
from tests.pages.test_wall import read
from tests.runs import trained

PAGE = "pages/initialization.py"
TRAINING, RACE, SYMMETRY = (LABS[f"initialization/{name}"] for name in ("training", "race", "symmetry"))


def judged(lab, **given):
    """The histories of a lab with these settings, and its verdict."""
    histories = trained(lab.asked(lab.settle(given)))
    return histories, lab.verdict(histories)


def test_i1_units_that_start_alike_stay_alike(visit):
    app = ended(visit(PAGE, section="symmetry"), "initialization/symmetry run")
    histories, verdict = judged(SYMMETRY)
    assert [symmetry.distinct(symmetry.columns(history, 1)) for history in histories] == [1, 1, 8]
    ends = [row["count"] for row in verdict.rows]
    assert ends == [1, 1, 8]
    assert verdict.right == "one"
    assert not verdict.also
    assert SYMMETRY.sentence(verdict, SYMMETRY.settle({})) in words(app)
    (slider,) = app.select_slider
    slider.set_value(slider.options[0]).run()
    assert app.query_params["symmetry_update"] == "1"
    (again,) = visit(PAGE, section="symmetry", symmetry_update="1").select_slider
    assert str(again.value) == "1"
    slider.set_value(slider.options[-1]).run()
    assert "symmetry_update" not in app.query_params


def test_i13_the_race_tells_losses_and_gradients(visit):
    app = ended(visit(PAGE, section="race", race_steps="120"), "initialization/race run")
    histories, verdict = judged(RACE, steps=120)
    assert RACE.sentence(verdict, RACE.settle({"steps": 120})) in words(app)
    assert verdict.right == "hardly"
    assert verdict.updates == 101  # of the accuracy
    assert judged(RACE, steps=40)[1].updates == 40
    assert verdict.rows[0]["late"] == pytest.approx(histories[0].loss[110:].mean())
    stuck, _, he = verdict.rows
    assert stuck["first"] < 1e-3 * he["first"]  # the plateau explained
    looked = inside.moments(120)
    assert len(signals.norms(histories, [row["name"] for row in verdict.rows])) == 3 * len(looked) * 4
    assert len(RACE.table(histories)) == 3 * len(looked) * 4
    assert RACE.table(histories)["gradient_norm"].iloc[0] == pytest.approx(stuck["first"])


def test_i12_a_deep_sigmoid_learns_from_standard_deviation_1_and_not_from_xavier():
    """FINDINGS T6: training accuracy .84 against .10."""
    _, verdict = judged(RACE, figure="I12", seeds=1)
    one, xavier = verdict.rows
    assert verdict.right == "one"
    assert one["accuracy"] == pytest.approx(0.84, abs=0.05)
    assert xavier["accuracy"] == pytest.approx(0.1, abs=0.02)
    assert xavier["last"] / xavier["first"] > 10  # the bundle fans out


def test_the_race_has_as_many_hidden_layers_as_asked_for():
    assert {len(spec.hidden) for spec in RACE.asked(RACE.settle({"depth": 2}))} == {2}


def test_the_question_of_the_race_follows_its_activation():
    assert RACE.prose(RACE.settle({"figure": "I12"})) is RACE.prose(RACE.settle({"activation": "sigmoid"}))
    assert RACE.prose(RACE.settle({"figure": "I12", "activation": "relu"})) is RACE.prose(RACE.settle({}))


def test_i15_every_step_is_there_to_be_scrubbed(visit):
    app = ended(visit(PAGE, section="training", train_steps="40"), "initialization/training run")
    header, panels = read(app.get("bidi_component")[0].proto.bytes)
    assert header["frames"] == list(inside.moments(40, inside.FRAMES))
    assert len(panels) == 4 * len(header["frames"]) * 3 * 5
    assert len(app.get("bidi_component")[0].proto.bytes) < 200_000
    histories, verdict = judged(TRAINING, steps=40)
    assert TRAINING.sentence(verdict, TRAINING.settle({"steps": 40})) in words(app)
    assert verdict.right == "spike"
    last = histories[1].probes[40][-1]
    assert verdict.rows[1]["later"] == last["activations"].std
    rows = TRAINING.table(histories)
    assert len(rows) == 3 * len(header["frames"]) * 5
    assert rows[(rows["network"] == 1) & (rows["update"] == 40)]["activations_std"].iloc[-1] == last["activations"].std


@pytest.mark.parametrize("lab", [TRAINING, RACE], ids=lambda lab: lab.id)
def test_starts_may_be_too_many(visit, lab):
    app = visit(PAGE, section=lab.id.split("/")[1])
    app.pills(key=f"{lab.prefix}starts").set_value([*STARTS][:5]).run()
    assert not app.exception
    assert "ways to draw the first weights, not 5" in app.error[0].value


@pytest.mark.parametrize(
    ("lab", "given"),
    [
        (TRAINING, {"lr": 10.0, "activation": "relu", "steps": 40}),
        (SYMMETRY, {"lr": 10.0, "activation": "identity", "steps": 40}),
        (RACE, {"lr": 10.0, "steps": 40}),
    ],
    ids=lambda value: getattr(value, "id", ""),
)
def test_what_diverges_is_told_and_stands_in_no_mean(lab, given):
    histories, verdict = judged(lab, **given)
    lost = [history.diverged for history in histories if history.diverged]
    assert lost
    assert sorted(also.step for also in verdict.also) == sorted(lost)
    told = [value for row in verdict.rows for value in row.values() if isinstance(value, float)]
    assert np.isfinite(told).all()


@pytest.mark.parametrize("figure", [signals.gradients(("He",), EVERYONE, 10), signals.width(("He",), EVERYONE)])
def test_a_start_has_its_color_by_its_place_among_all(figure):
    assert str(list(EVERYONE)) in str(figure)


def test_settings_of_another_page_do_not_leak_in(visit):
    app = visit("pages/activations.py", section="race", race_lr="0.5", race_steps="50")
    app.switch_page(PAGE)
    app.query_params.clear()
    app.run()
    app.segmented_control(key="section").set_value("race").run()
    assert app.number_input(key="race_lr").value == 0.01
    assert app.number_input(key="race_steps").value == 2000
