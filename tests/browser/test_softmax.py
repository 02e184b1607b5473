"""Softmax in the browser: its own arithmetic is the engine's, bars follow the hand, and the address hears of it once."""

import json
import math
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from engine import softmax
from pages.kit.text import ASSETS
from tests.browser.serving import PHONE

BOARD = ".logits[data-scene]"
FIND = """const find = (root) => root.querySelector(".logits") ?? [...root.querySelectorAll("*")]
    .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);"""
SOURCE = (ASSETS / "logits" / "chain.js").read_text("utf-8")


def told(page, what: str):
    return json.loads(page.locator(BOARD).get_attribute(f"data-{what}"))


def engine(logits, temperature, constant, truth) -> dict:
    """What the engine makes of the settings."""
    z = np.array(logits, float)
    exps, written = softmax.naive(((z + constant) / temperature).astype(np.float32))
    loss, gradient = softmax.cross_entropy(z, truth - 1, temperature)
    exact = {"probabilities": softmax.tempered(z, temperature), "hard": softmax.hardmax(z), "loss": loss, "gradient": gradient}
    return {"exps": exps, "written": written, **exact}


def same(found: dict, expected: dict) -> None:
    for name, numbers in expected.items():
        single = name in ("exps", "written")  # 32 bits, of which libraries may differ in the last
        tolerance = {"rtol": 1e-6, "atol": 1e-44} if single else {"rtol": 1e-11, "atol": 1e-14}
        np.testing.assert_allclose(np.array(found[name], float), numbers, **tolerance, err_msg=name)


def spot(page, k: int, z: float) -> tuple[float, float]:
    """Where the handle of class k, from 0, is on the screen if its logit is z."""
    x, y, w, h, count, low, high = told(page, "bars")
    canvas = page.locator(f"{BOARD} canvas").bounding_box()
    return canvas["x"] + x + (k + 0.5) * w / count, canvas["y"] + y + h * (high - z) / (high - low)


def test_the_browser_computes_what_the_engine_does(blank):
    rng = np.random.default_rng(0)
    cases = [
        {
            "logits": rng.uniform(-10, 10, rng.integers(2, 7)).round(1).tolist(),
            "temperature": float(f"{10 ** rng.uniform(-2, 2):.3g}"),
            "constant": int(rng.choice([0, rng.integers(-200, 201)])),
            "truth": int(rng.integers(1, 3)),
        }
        for _ in range(300)
    ]
    cases += [{"logits": [2, 2, 2], "temperature": 0.01, "constant": 0, "truth": 3}]
    cases += [{"logits": [5, 2, -1, 3], "temperature": 1, "constant": c, "truth": 1} for c in (0, 83, 84, 100, -104, -200)]
    found = blank.evaluate(f"(cases) => {{ {SOURCE}; return cases.map(chain); }}", cases)
    for case, got in zip(cases, found, strict=True):
        same(got, engine(**case))


def test_a_bar_follows_the_hand_and_the_address_hears_of_it_once(open_page):
    page = open_page("/softmax", wait_for=BOARD)
    asked = page.evaluate("history.length")
    page.mouse.move(*spot(page, 3, 3))
    page.mouse.down()
    painted, start = told(page, "painted"), time.monotonic()
    while time.monotonic() < start + 1.5:
        page.mouse.move(*spot(page, 3, 3 + 5 * math.sin(4 * (time.monotonic() - start))))
    rate = (told(page, "painted") - painted) / (time.monotonic() - start)
    assert rate >= 8
    page.mouse.move(*spot(page, 3, 7))
    expect(page.locator(BOARD)).to_have_attribute("data-now", '{"logits":[5,2,-1,7],"temperature":1,"constant":0,"truth":4}')
    same(told(page, "found"), engine(**told(page, "now")))
    assert page.evaluate("history.length") == asked
    page.mouse.up()
    page.wait_for_url("**/softmax?z4=7")
    assert page.evaluate("history.length") == asked + 1
    expect(page.get_by_role("spinbutton", name="z₄")).to_have_value("7")
    page.go_back()
    page.wait_for_url("**/softmax")
    page.wait_for_function(f"() => {{ {FIND} return JSON.parse(find(document).dataset.now).logits[3] === 3; }}")


def test_keys_sliders_and_names_do_what_the_hand_does(open_page):
    page = open_page("/softmax?classes=3", wait_for=BOARD)
    grip = page.get_by_role("slider", name="logit of class 2")
    grip.focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    assert told(page, "now")["logits"] == [5, 2.3, -1]
    assert grip.get_attribute("aria-valuetext").startswith("2.3, probability 0.06")
    page.wait_for_url("**z2=2.3**")
    page.locator(f"{BOARD} [data-of=constant]").fill("100")
    expect(page.locator(f"{BOARD} .words")).to_contain_text("∞ / ∞ is no number")
    exact = engine(**told(page, "now"))
    same(told(page, "found"), {name: exact[name] for name in ("probabilities", "loss", "gradient")})  # JSON knows no ∞
    page.wait_for_url("**constant=100**")
    page.locator(f"{BOARD} [data-of=temperature]").fill("-1")
    page.wait_for_url("**temperature=0.1**")
    x, y = spot(page, 0, told(page, "bars")[-2])
    page.mouse.click(x, y + 13)
    page.wait_for_url("**truth=1**")
    assert told(page, "now") == {"logits": [5, 2.3, -1], "temperature": 0.1, "constant": 100, "truth": 1}


@pytest.mark.parametrize("off", [10, 80])
def test_a_finger_on_a_handle_drags_and_elsewhere_scrolls(open_page, off):
    page = open_page("/softmax", wait_for=BOARD, viewport=PHONE, has_touch=True, is_mobile=True)
    x, y = spot(page, 2, -1)
    client = page.context.new_cdp_session(page)
    for kind, way in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40), ("touchEnd", None)):
        points = [] if way is None else [{"x": x, "y": y - off + way}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_timeout(500)
    assert (told(page, "now")["logits"][2] < -1) == (off == 10)
