"""Inside and Which digits: what is told and shown of networks that have been trained."""

import numpy as np

from engine.datasets import load
from engine.experiments import mnist
from engine.trained import confusion, restore
from pages.kit import testing
from pages.sections.regularization import mistakes, weights
from tests.pages.conftest import ended, words
from tests.pages.test_regularization import PAGE, SMALL
from tests.runs import trained

OVERFIT = {"train_size": 300, "hidden": (100,) * 6, "eval_every": 3}


def test_inside_ends_with_the_numbers_of_the_engine(visit):
    found = weights.LAB.verdict(trained(weights.LAB.asked(weights.LAB.settle({"steps": 24, "seeds": 2}))))
    rows = {row["name"]: row for row in found.rows}
    base = {"steps": 24, "probe_steps": (1, 24), "weight_steps": (1, 24), **OVERFIT}
    changes = {"Plain": {}, "Weight decay": {"weight_decay": 0.1}, "Dropout, scaled in training": {"dropout": 0.2}}
    for name, change in changes.items():
        histories = trained([mnist(seed=seed, **base, **change) for seed in (0, 1)])
        for moment, step in (("start", 1), ("end", 24)):
            norms = [np.sqrt(sum(float(layer["weight_norm"]) ** 2 for layer in h.probes[step])) for h in histories]
            assert abs(rows[name][moment] - np.mean(norms)) < 1e-4
    history, test = histories[0], load(train_size=300)
    scaled = (restore(history.experiment, history.weights[24]).forward(test.x_test).argmax(axis=-1) == test.y_test).mean()
    app = ended(visit(PAGE, section="weights", **SMALL["weights"]), "regularization/weights run")
    assert f"gets {scaled:.3f} in a single pass" in words(app)
    assert len(app.get("image")) == 3
    app.segmented_control(key="weights_what").set_value("weights").run()
    assert not app.exception
    assert app.query_params["weights_what"] in ("weights", ["weights"])


def test_decay_is_told_to_end_smallest_and_nothing_if_it_is_off():
    for decay, rate, right in ((0.1, 0.2, "decay"), (0.0, 0.0, "")):
        values = weights.LAB.settle({"steps": 60, "weight_decay": decay, "dropout": rate})
        assert weights.LAB.verdict(trained(weights.LAB.asked(values))).right == right


def test_the_table_of_inside_holds_norms_and_histograms():
    histories = trained(weights.LAB.asked(weights.LAB.settle({"steps": 24, "seeds": 1})))
    table = weights.LAB.table(histories)
    own = table[(table["weight_decay"] == 0.1) & (table["layer"] == 2) & (table["update"] == 24)]
    assert own["weights"].sum() == 100 * 100
    assert own["norm"].iloc[0] == float(histories[1].probes[24][1]["weight_norm"])
    middle = (own["from"] + own["to"]) / 2
    assert abs(np.sqrt((own["weights"] * middle**2).sum()) / own["norm"].iloc[0] - 1) < 0.01


def test_no_digit_is_the_hardest_where_several_are_never_read():
    (history,) = trained(mistakes.LAB.asked(mistakes.LAB.settle({"steps": 1})))
    found = mistakes.LAB.verdict([history])
    assert (found.hardest, found.hard, found.right) == (1, 1.0, "")


def test_mistakes_end_with_the_numbers_of_the_engine(visit):
    app = ended(visit(PAGE, section="mistakes", **SMALL["mistakes"]), "regularization/mistakes run")
    spec = mnist(steps=30, lr=0.1, seed=3, weight_steps=(30,), **OVERFIT)
    (history,) = trained([spec])
    test = load(train_size=300, seed=3)
    said = restore(spec, history.weights[30]).forward(test.x_test).argmax(axis=-1)
    counts = confusion(test.y_test, said, 10)
    wrong = counts - np.diag(np.diag(counts))
    true, called = np.unravel_index(wrong.argmax(), wrong.shape)
    found = mistakes.LAB.verdict([history])
    assert (found.mistakes, found.total, found.true, found.called, found.times) == (
        wrong.sum(),
        1000,
        true,
        called,
        wrong.max(),
    )
    assert (mistakes.LAB.table([history])["count"].to_numpy() == counts.ravel()).all()
    assert f"After update 30, {wrong.sum()} mistakes; the surest 40:" in words(app)
    app.selectbox(key="mistakes_cell").set_value(f"{true}-{called}").run()
    assert not app.exception
    assert f"After update 30, {wrong.max()} mistakes" in words(app)
    captions = app.get("image")[0].captions
    assert len(captions) == min(40, wrong.max())
    assert all(caption.startswith(f"{true} → {called}, ") for caption in captions)
    right = next(f"{a}-{b}" for a, b in np.argwhere(wrong == 0) if a != b)
    app.selectbox(key="mistakes_cell").set_value(right).run()
    assert "No such mistake." in words(app)


def test_the_surest_mistakes_come_first_and_by_cell():
    spec = mnist(steps=20, lr=0.1, weight_steps=(20,), **OVERFIT)
    answers = testing.probabilities(spec, 20, trained([spec])[0].weights[20])
    found = testing.wrong(spec, answers)
    sure = [each[3] for each in found]
    assert sure == sorted(sure, reverse=True)
    counts = testing.table(spec, answers)
    assert len(found) == 1000 - np.trace(counts)
    assert len(testing.wrong(spec, answers, (4, 9))) == counts[4, 9]
