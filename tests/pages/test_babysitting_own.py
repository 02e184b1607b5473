"""Your own network: the form holds every experiment of the playground, says what it cannot hold, and tells networks apart."""

import random
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from engine.datasets import FILES
from engine.experiments import PRESETS, Experiment, mnist
from pages.charts import curves
from pages.kit import address, compute, legend, own
from pages.sections.babysitting.own import LAB, SIGNS, names
from tests.pages.conftest import ended, seen, words
from tests.pages.test_labs import TRAINING, at_random
from tests.runs import trained

PAGE = "pages/babysitting.py"
LOOKS = {"seed", "evaluate", "eval_every", "probe_steps", "weight_steps"}
TINY = {"hidden": "8", "steps": 20, "train_size": 200}
FROM = {name: lab for name, lab in TRAINING.items() if lab is not LAB}


def asked(**given) -> list[Experiment]:
    return LAB.asked(LAB.settle(given))


def judged(**given):
    return LAB.verdict(trained(asked(**given)))


def plain(spec: Experiment) -> dict:
    """All of a network but its seed and how it is looked at; sliders in any order, and by default what they are by default."""
    found = {field.name: getattr(spec, field.name) for field in fields(spec) if field.name not in LOOKS}
    for kind, (field, _) in legend.SLID.items():
        found[field] = legend.sliders(kind, getattr(spec, kind)) | dict(found[field])
    return found


def opened(specs: list[Experiment]) -> list[Experiment]:
    """What the form asks for after a fresh load of the address that a lab would open; at most four networks."""
    found, seeds = own.networks(specs), {spec.seed for spec in specs}
    query = address.query([LAB], LAB, own.opening(found[: own.MOST], seeds))
    lab, given, problems = address.read([LAB], query)
    assert not problems
    return lab.asked(lab.settle(given))


def test_the_form_has_every_field_of_a_network():
    assert {field.name for field in fields(Experiment)} - LOOKS - {
        field for field, _ in legend.SLID.values()
    } <= own.PLAIN.keys()


@pytest.mark.parametrize("lab", FROM.values(), ids=FROM)
def test_what_a_lab_trains_opens_as_it_is(lab):
    rng = random.Random(4)
    for given in ({}, *(at_random(lab, rng) for _ in range(6))):
        try:
            specs = lab.asked(lab.settle(given))
        except ValueError:
            continue
        found, seeds = own.networks(specs), {spec.seed for spec in specs}
        if not found:
            continue
        again = opened(specs)
        kept = min(len(found), own.MOST)
        assert [plain(spec) for spec in again] == [plain(spec) for spec in found[:kept]] * len(seeds)
        assert {spec.seed for spec in again} == seeds


@pytest.mark.parametrize("preset", [name for name, specs in PRESETS.items() if isinstance(specs[0], Experiment)])
def test_what_a_preset_trains_opens_as_it_is(preset):
    found = own.networks(PRESETS[preset])[: own.MOST]
    assert [plain(spec) for spec in opened(found)] == [plain(spec) for spec in found]


def test_a_network_with_everything_else_opens_as_it_is():
    odd = Experiment(
        dataset="circles", train_size=300, validation_size=100, pixels="bytes", scaling="whiten", fitted_on="each",
        scaling_hyper=(("dimensions", 1), ("eps", 0.1)), test_brightness=0.5, seed=7, hidden=(3, 4), activation="maxout",
        pieces=3, initializer="orthogonal", bias_init=-1, batchnorm="after", keep=0.5, dropout_mode="book", optimizer="adamw",
        hyper=(("beta1", 0.5), ("weight_decay", 0.3)), schedule="warmup", schedule_hyper=(("warmup", 5),), steps=33,
        batch_size=9, replacement=False, lr=0.123456, init_scale=0.5, dropout=0.1, weight_decay=1e-3, clip=2, bug="sign",
    )  # fmt: skip
    (again,) = opened([odd])
    assert plain(again) == plain(odd)
    assert again.seed == odd.seed
    for other in (mnist(seed=7), replace(odd, dropout=0.2)):
        assert [plain(spec) for spec in opened([odd, other])] == [plain(odd), plain(other)]
        assert [plain(spec) for spec in opened([other, odd])] == [plain(other), plain(odd)]


def test_others_follow_the_first_where_they_do_not_differ():
    given = {"count": 3, "steps": 50, "b_lr": 0.1, "c_optimizer": "momentum", "c_optimizer_momentum": 0.5, "c_steps": 20}
    a, b, c = asked(**given)
    assert (a.steps, b.steps, c.steps) == (50, 50, 20)
    assert (b.lr, b.optimizer) == (0.1, "sgd")
    assert dict(c.hyper) == {"momentum": 0.5}
    a, b, c = asked(**given | {"activation": "tanh", "c_activation": "relu"})
    assert (a.activation, b.activation, c.activation) == ("tanh", "tanh", "relu")


def test_a_duplicate_is_the_same_network_and_goes_again():
    values = LAB.settle({"count": 2, "lr": 0.1, "b_dropout": 0.2, "open": "b", "seeds": 2})
    more = LAB.settle(own.duplicated(values))
    specs = LAB.asked(more)
    assert (more.count, more.open, more.seeds) == (3, "c", 2)
    assert plain(specs[2]) == plain(specs[1])
    assert own.removed(more) | {"open": "b"} == address.changed(
        LAB, {"count": 2, "lr": 0.1, "b_dropout": 0.2, "open": "b", "seeds": 2}
    )
    first = LAB.settle(own.removed(LAB.settle({"count": 2, "lr": 0.1, "b_dropout": 0.2, "b_lr": 0.3})))
    (left,) = LAB.asked(first)
    assert (left.lr, left.dropout) == (0.3, 0.2)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"hidden": "100-abc"}, "hidden layers are widths, such as 100-100-50, or none"),
        ({"hidden": ""}, None),
        ({"hidden": " ".join(["1"] * 21)}, "at most 20 layers, not 21"),
        ({"hidden": "1001"}, "between 1 and 1000"),
        ({"hidden": "0"}, "between 1 and 1000"),
        ({"train_size": 60000}, "more than the 4000 that there are"),
        ({"train_size": 3500, "validation_size": 501}, "4001 images to train and to validate are more than the 4000"),
        ({"dataset": "circles", "train_size": 801}, "more than the 800"),
        ({"seed": 9999, "seeds": 2}, "seed must lie between 0 and 9999"),
        ({"count": 2, "b_hidden": "x"}, "network B: hidden layers"),
        ({"dataset": "circles", "scaling": "whiten", "scaling_dimensions": 3}, "dimensions must lie between 0 and 2"),
    ],
)
def test_what_cannot_be_is_a_sentence(given, says):
    if says is None:
        assert asked(**given)[0].hidden == ()
        return
    with pytest.raises(ValueError, match=says):
        asked(**given)


def test_too_much_work_is_a_sentence(visit):
    much = {"hidden": "-".join(["1000"] * 20), "train_size": "4000", "seeds": "10"}
    app = visit(PAGE, **much)
    assert not app.exception
    assert "times what one run may cost here" in app.error[0].value
    assert app.text_input(key="hidden").value == much["hidden"]


def test_points_begin_with_as_many_as_there_are():
    assert asked(dataset="circles")[0].train_size == 800
    assert [spec.train_size for spec in asked(count=2, train_size=3000, b_dataset="spirals")] == [3000, 799]


def test_the_full_mnist_is_offered_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    assert "mnist-full" not in LAB.known({})["dataset"].options
    assert address.read([LAB], {"dataset": ["mnist-full"]})[2]
    for file, *_ in FILES.values():
        (tmp_path / file).touch()
    assert "mnist-full" in LAB.known({})["dataset"].options
    full = asked(dataset="mnist-full", train_size=60000, hidden="-".join(["1000"] * 20))
    with pytest.raises(ValueError, match="times what one run may cost"):
        compute.check(full)


def test_of_one_network_the_doctor_answers():
    assert judged(lr=0.1).right == SIGNS["healthy"]
    assert judged(lr=0.0001).right == "stuck"
    assert judged(lr=100.0, steps=50).right == "wild"
    assert judged(train_size=50, lr=0.1).right == "heart"


def test_the_best_is_told_by_seeds_alone():
    pair = {"count": 2, "lr": 0.1, "b_lr": 1e-4, "hidden": "50", "steps": 100}
    found = judged(**pair, seeds=3)
    assert found.right == "a"
    lead = float(found.rows[1]["less"].split()[0])
    histories = trained(asked(**pair, seeds=3))
    ends = np.array([history.test_accuracy[-1] for history in histories]).reshape(3, 2)
    assert lead == pytest.approx((ends[:, 0] - ends[:, 1]).mean(), abs=6e-4)
    alone = judged(**pair, seeds=1)
    assert (alone.kind, alone.right) == ("one", "")
    alike = judged(count=2, **TINY, b_hidden="9", seeds=3)
    assert (alike.kind, alike.right) == ("alike", "same")


@pytest.mark.parametrize("seeds", [1, 2])
def test_a_network_is_not_better_than_its_duplicate(seeds):
    same = judged(count=2, **TINY, seeds=seeds)
    assert (same.kind, same.right) == ("twins", "same")
    hardly = judged(count=2, **TINY, lr=1e-7, b_lr=2e-7, seeds=seeds)
    assert hardly.rows[0]["mean"] == hardly.rows[1]["mean"]
    assert hardly.kind in ("one", "alike")  # as good, and not the same


def test_who_diverges_is_no_best_network():
    wild = {"count": 2, **TINY, "hidden": "50-50", "lr": 1e6, "pixels": "bytes"}
    assert judged(**wild, b_lr=1e5).kind == "lost"
    found = judged(**wild, b_lr=1e-4, seeds=2)
    assert (found.kind, found.right) == ("survivor", "b")


def test_images_for_validation_decide_where_all_have_some():
    assert judged(count=2, b_lr=0.1, validation_size=100, **TINY).which == "validation"
    assert judged(count=2, b_validation_size=100, **TINY).which == "test"


def test_different_data_are_not_compared():
    assert judged(count=2, b_dataset="circles", seeds=2, **TINY).kind == "apart"
    assert judged(count=2, b_dataset="mnist-shuffled", seeds=2, **TINY).kind in ("alike", "best")


def test_names_are_the_fields_that_differ():
    histories = trained(asked(count=3, b_lr=0.1, c_steps=19, seeds=2, **TINY))
    assert names(histories) == ["A: 20 updates, lr 0.01", "B: 20 updates, lr 0.1", "C: 19 updates, lr 0.01"] * 2
    assert names(trained(asked(count=2, **TINY))) == ["A", "B"]


def test_a_picture_of_finished_losses_shows_them_down_to_their_decade():
    data = pd.DataFrame({"y": [3.0, 0.002, 1e9]})
    assert curves.reach(data, (0.01, 10.0)) == pytest.approx((1e-3, 1e3))
    assert curves.reach(data[:1], (0.01, 10.0)) == (0.01, 10.0)
    assert curves.reach(data[:0], (0.01, 10.0)) == (0.01, 10.0)


def test_a_network_is_duplicated_changed_and_run_on_its_page(visit):
    app = visit(PAGE, **{name: str(value) for name, value in TINY.items()})
    next(button for button in app.button if button.label == "Duplicate").click().run()
    assert app.query_params["networks"] == "2"
    app.number_input(key="b_lr").set_value(0.5).run()
    assert app.query_params["b_lr"] == "0.5"
    assert app.number_input(key="b_lr").value == 0.5
    app = ended(app, f"{own.ID} run")
    assert not app.exception
    assert "A: lr 0.01" in words(app)
    next(button for button in app.button if button.label == "Remove").click().run()
    assert not app.exception
    assert "b_lr" not in app.query_params


@pytest.mark.parametrize(
    ("page", "query", "direct"),
    [
        ("pages/activations.py", {"section": "dying"}, True),
        ("pages/batchnorm.py", {}, False),
        ("pages/optimizers.py", {}, None),
        (PAGE, {}, None),
    ],
)
def test_a_lab_that_trains_opens_in_the_form(visit, page, query, direct):
    app = visit(page, **query)
    links = [link for link in app.get("page_link") if "your own network" in link.proto.label]
    assert bool(links) == bool(direct)
    if direct is False:
        app.session_state["batchnorm/grid own 32 open"] = True
        app.run().multiselect[0].set_value([0, 3]).run()
        (link,) = [link for link in app.get("page_link") if "your own network" in link.proto.label]
        assert "networks=2" in link.proto.query_string
        assert not app.exception


def test_what_happened_has_the_doctor_under_it(visit):
    app = seen(ended(visit(PAGE, lr="0.0001", steps="30"), f"{own.ID} run"))
    assert "lr too low" in words(app)
