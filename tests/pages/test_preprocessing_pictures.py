"""Clouds, Digits and the loss surface of a line: what they send to the browser, what they say, and what is under a hand."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.preprocessing import PREPROCESSORS
from pages.kit import plates
from pages.kit.photos import photo
from pages.kit.plates import COLOR, SIGNED, Row
from pages.sections.preprocessing import before, clouds, digits, fewer, surface
from pages.sections.preprocessing.axes import digits as shown
from pages.sections.preprocessing.axes import learned
from tests.pages.conftest import scene, seen, words

PAGE = "pages/preprocessing.py"


def judged(lab, **given):
    """What came out with these settings."""
    return lab.verdict(lab.find(lab.settle(given)))


def opened(blob: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The header of a blob of one scene, and its arrays."""
    length = int.from_bytes(blob[:4], "little")
    header, body = json.loads(blob[4 : 4 + length]), blob[4 + length :]
    return header, {name: np.frombuffer(body, kind, size, offset) for name, (kind, offset, size) in header["arrays"].items()}


def under_a_hand():
    """A page on which a hand is moved as its query says."""
    import json

    import streamlit as st

    from pages.kit import address, hand
    from pages.sections.preprocessing import clouds

    place = address.here()
    place.lab, place.labs, place.left = clouds.LAB, [clouds.LAB], {clouds.LAB.id: {}}
    hand.hold(json.loads(st.query_params["live"]), 7)
    values, echo = hand.take(clouds.LAB.settle({}))
    st.text(json.dumps([vars(values), echo]))


@pytest.mark.parametrize(
    ("live", "held"),
    [
        ({"mean_x": -2.5, "eps": 0.01}, {"mean_x": -2.5, "eps": 0.01}),
        ({"mean_x": 77}, {}),
        ({"mean_x": 1, "correlation": "x"}, {}),
        ({"unknown": 1}, {}),
        ([1, 2], {}),
    ],
)
def test_a_hand_holds_what_is_allowed_and_nothing_else(live, held):
    app = AppTest.from_function(under_a_hand)
    app.query_params["live"] = json.dumps(live)
    app.run()
    assert not app.exception
    values, echo = json.loads(app.text[0].value)
    assert values == vars(clouds.LAB.settle({})) | held
    assert echo == (7 if held else 0)


def test_p1_p2_the_panels_are_the_stages_on_their_way(visit):
    app = seen(visit(PAGE))
    assert not app.exception
    header, sent = opened(app.get("bidi_component")[0].proto.bytes)
    assert [panel["title"] for panel in header["panels"]] == [
        "Original", "Centered", "Standardized", "Decorrelated", "Whitened",
    ]  # fmt: skip
    points = sent["points"].reshape(5, -1, 2)
    for name, panel, x in zip(
        ("none", "center", "standardize", "decorrelate", "whiten"), header["panels"], points, strict=True
    ):
        sliders = {"eps": 1e-5} if name == "whiten" else {}
        np.testing.assert_allclose(x, PREPROCESSORS[name].fit(points[0].astype(float), **sliders)(points[0]), atol=2e-3)
        np.testing.assert_allclose(np.cov(x.T, bias=True), panel["covariance"], atol=1e-3)
    assert "Only at the end of the lower way" in words(app)


@pytest.mark.parametrize(
    ("given", "kind", "right"),
    [
        ({}, "whitened", "whitened"),
        ({"correlation": 0.0}, "both", "both"),
        ({"correlation": 0.0, "eps": 1.0}, "standardized", "standardized"),
        ({"eps": 1.0}, "neither", "neither"),
        ({"last": "zca", "correlation": -0.9}, "whitened", "whitened"),
        ({"correlation": 1.0}, "flat", "neither"),
    ],
)
def test_every_answer_about_clouds_can_be_right(given, kind, right):
    found = judged(clouds.LAB, **given)
    assert (found.kind, found.right) == (kind, right)


def test_the_error_of_a_nearly_flat_cloud_is_blown_up():
    share = {rho: judged(clouds.LAB, correlation=rho).also[1].share for rho in (0.0, 0.8, 0.999)}
    assert share[0.0] < 1.2 < share[0.8] < 4 < 500 < share[0.999]
    assert judged(clouds.LAB, correlation=0.999, eps=1.0).also[1].share < 5


def test_a_row_of_images_travels_between_its_ends():
    images = np.array([[[-2.0, -1.0], [0.0, 1.0]]])
    assert plates.encoded(Row("", "", images, SIGNED)).ravel().tolist() == [0, 0, 128, 255]
    assert plates.encoded(Row("", "", images)).ravel().tolist() == [0, 0, 0, 255]
    assert plates.encoded(Row("", "", np.full((1, 1, 1, 3), 51), COLOR, 255)).ravel().tolist() == [51, 51, 51]


@pytest.mark.parametrize("view", digits.VIEWS)
def test_every_view_of_digits_is_drawn_and_told(visit, view):
    app = seen(visit(PAGE, section="digits", digits_shown=view))
    assert not app.exception
    assert not app.error
    header, sent = opened(app.get("bidi_component")[0].proto.bytes)
    sizes = [row["count"] * row["side"] ** 2 * (3 if row["kind"] == "color" else 1) for row in header["rows"]]
    assert sum(sizes) == sent["pixels"].size
    values = digits.LAB.settle({"shown": view})
    assert digits.LAB.sentence(judged(digits.LAB, shown=view), values) in words(app)
    assert len(digits.LAB.table(digits.LAB.find(values)))


def test_p3_digits_before_and_after_are_what_the_preprocessors_make_of_them():
    header, sent = opened(before.blob(digits.LAB.settle({"eps": 0.1}), 0))
    pixels = sent["pixels"].reshape(-1, 10, 784) / 127.5 - 1
    found, x = learned(), shown(0)
    for row, (name, fit), seen_ in zip(header["rows"][2:], before.transforms(found, 0.1).items(), pixels[2:], strict=True):
        y = fit(x)
        np.testing.assert_allclose(seen_, np.clip(y / row["end"], -1, 1), atol=0.005, err_msg=name)
    centered, standardized, *_ = before.find(digits.LAB.settle({})).stages
    assert centered.neighbors > 0.7
    assert standardized.largest > 500
    assert before.transforms(found, 0.1)["center"](x).tolist() == (x - found.fit.mean.astype(np.float32)).tolist()


def test_p3_whitening_gives_half_of_the_variance_to_its_last_hundredth_and_eps_takes_it_back():
    tails = {eps: before.find(digits.LAB.settle({"eps": eps})).stages[-1].tail for eps in (1e-5, 0.1)}
    assert 0.4 < tails[1e-5] < 0.55
    assert tails[0.1] < 0.1
    assert before.find(digits.LAB.settle({})).stages[0].tail == pytest.approx(0.01, abs=1e-3)


@pytest.mark.parametrize("photos", ["both", "china", "flower"])
@pytest.mark.parametrize("side", ["16", "32", "64"])
def test_p3_the_mean_of_tiles_is_one_color_and_that_of_digits_is_none(photos, side):
    found = judged(digits.LAB, shown="tiles", photos=photos, side=side)
    assert found.right == "color"
    tiles, mean_digit = found.rows
    assert tiles["uneven"] < 1.5 * tiles["chance"]
    assert mean_digit["uneven"] > 30 * mean_digit["chance"]


def test_a_photo_that_is_not_there_is_a_sentence():
    with pytest.raises(ValueError, match="cannot be read"):
        photo("nobody")


def test_p5_the_verdict_of_fewer_dimensions():
    found = judged(digits.LAB, shown="fewer")
    assert (found.right, found.asked) == ("150", 146)
    assert found.trained == pytest.approx(0.92, abs=0.005)
    assert found.tested < found.trained
    _, sent = opened(fewer.blob(digits.LAB.settle({"shown": "fewer", "k": 784}), 0))
    originals, rebuilt, lost, _ = sent["pixels"].reshape(4, -1).astype(int)
    assert np.abs(originals - rebuilt).max() <= 1
    assert np.abs(lost - 127.5).max() < 1


def test_p6_every_path_takes_the_updates_that_its_kappa_says():
    """At its best rate a step keeps (κ − 1)/(κ + 1) of the way, whatever the start."""
    for inputs in ("one", "two"):
        for row in judged(surface.LAB, inputs=inputs, w=0.7, b=-0.2).rows:
            rate = (row["kappa"] - 1) / (row["kappa"] + 1)
            assert int(row["quick"]) == (np.ceil(np.log(0.01) / np.log(rate)) if rate > 1e-9 else 1)
    assert judged(surface.LAB).right == "hundred"
    assert judged(surface.LAB, mean_x=0.0).right == "ten"
    assert judged(surface.LAB, mean_x=0.0, std_x=0.9).right == "alike"
    between = judged(surface.LAB, inputs="two", correlation=0.0)
    assert (between.rows[0]["quick"], between.rows[-1]["quick"], between.right) == ("36", "1", "")


def test_p6_one_rate_for_all_is_too_large_for_some():
    updates = [row["updates"] for row in judged(surface.LAB, rates="same", lr=0.5).rows]
    assert updates[:2] == ["diverges", "diverges"]
    assert all(words.isdigit() for words in updates[2:])
    assert judged(surface.LAB, rates="same", lr=2.0).rows[-1]["updates"] == "never"


def test_the_paths_over_the_losses_are_on_one_scale(visit):
    app = seen(visit(PAGE, section="surface", surface_inputs="two", surface_rates="same", surface_step="7"))
    assert not app.exception
    first = scene(app)
    assert (first["layout"], first["scrub"], first["transport"]["step"]) == ("panels", True, 7)
    assert app.get("bidi_component")[0].proto.bytes.count(b'"minima"') == 4
    assert first["view"] == [list(pair) for pair in surface.find(surface.LAB.settle({"inputs": "two"})).line.view]


@pytest.mark.parametrize(
    "query",
    [
        {"cloud_std_x": "0.05", "cloud_std_y": "0.05", "cloud_correlation": "-1", "cloud_eps": "10"},
        {"cloud_correlation": "1", "cloud_error": "0", "cloud_last": "zca"},
        {"section": "digits", "digits_eps": "10", "digits_which": "79"},
        {"section": "digits", "digits_shown": "fewer", "digits_k": "784"},
        {"section": "surface", "surface_mean_x": "-5", "surface_std_x": "0.1"},
        {"section": "surface", "surface_rates": "same", "surface_lr": "10", "surface_steps": "500"},
        {"section": "surface", "surface_w": "1", "surface_b": "-1"},
        {"section": "surface", "surface_inputs": "two", "surface_correlation": "0.99", "surface_std_y": "2"},
    ],
    ids=str,
)
def test_extremes_are_drawn_and_told(visit, query):
    app = seen(visit(PAGE, **query))
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert "What happened" in words(app)
