"""The wall in the browser: steps, views and axes change without the server, counts merge exactly, a click opens a wall."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.serving import IDLE, ROOT, seen, still

WALL = ".wall[data-scene]"
RUN = "button[kind=primary]"
FIND = """const find = (root) => root.querySelector(".wall") ?? [...root.querySelectorAll("*")]
    .map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);"""


def shown(page, what: str) -> str:
    return page.locator(WALL).get_attribute(f"data-{what}")


def picture(page) -> str:
    """The canvas as a data URL: equal pictures are equal strings."""
    return page.evaluate(f"() => {{ {FIND} return find(document).querySelector('canvas').toDataURL(); }}")


@pytest.fixture
def trained(open_page):
    """A wall that hangs, and whose page can no longer say a word to the server; it counts those it would."""
    page = open_page("/initialization?section=training&train_steps=40", wait_for=f"{RUN}, {WALL}")
    if page.locator(RUN).count():  # the first visitor of this run
        page.locator(RUN).click()
    seen(page)
    page.locator(IDLE).wait_for()
    page.evaluate(
        """() => {
            window.sent = 0;
            WebSocket.prototype.send = () => { window.sent += 1; };
        }"""
    )
    return page


def test_scrubbing_views_and_axes_need_no_server_which_is_told_in_the_end(trained):
    page = trained
    last = int(shown(page, "frame"))
    assert last >= 8
    seen = {picture(page)}
    scrub = page.locator(".wall .scrub")
    for key in ("Home", "ArrowRight", "End", "ArrowLeft"):
        scrub.press(key)
        seen.add(picture(page))
    assert int(shown(page, "frame")) == last - 1
    for name in ("Gradients", "Weights", "one a row", "one a panel"):
        page.locator(".wall").get_by_role("radio", name=name, exact=True).click()
        seen.add(picture(page))
    assert shown(page, "view") == "Weights"
    assert len(seen) == 8  # End is where it had opened
    page.wait_for_function("() => window.sent")


def test_it_plays_to_the_last_step(trained):
    page = trained
    page.locator(".wall .scrub").press("Home")
    expect(page.locator(".wall output")).not_to_have_text("update 40")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".wall output")).to_have_text("update 40")
    page.get_by_role("button", name="Play").wait_for()


def test_rows_that_would_hide_each_other_get_axes_of_their_own_until_somebody_chooses(open_page):
    """ReLU with std 1 reaches 10⁵, with .01 a third: on one axis three of four rows would be one bar."""
    page = open_page("/initialization?wall=I7", wait_for=WALL)
    words = page.get_by_text("Each row has its own axis: the widest would hide the others.")
    expect(words).to_be_visible()
    assert shown(page, "axis") == "row"
    page.locator(".wall").get_by_role("radio", name="one axis", exact=True).click()
    assert shown(page, "axis") == "all"
    expect(words).to_have_count(0)
    page = open_page("/initialization", wait_for=WALL)  # sigmoids: all from 0 to 1
    assert shown(page, "axis") == "all"


def test_layers_hang_in_lines_of_equally_many(blank):
    source = "\n".join((ROOT / "assets" / "wall" / name).read_text("utf-8") for name in ("panel.js", "wall.js"))
    source = source.replace("export default", "const mount =")
    for width, layers, columns in ((820, 12, 6), (820, 5, 5), (375, 10, 5), (375, 7, 4)):
        places = blank.evaluate(
            f"""([width, layers]) => {{ {source}
                const plan = hang(width, 500, 1, layers);
                return Array.from({{ length: layers }}, (_, k) => plan.box(0, k)).map((box) => [box.x, box.y]);
            }}""",
            [width, layers],
        )
        assert len({x for x, _ in places}) == columns
        assert len({y for _, y in places}) == -(-layers // columns)


def test_the_browser_merges_bins_exactly(blank):
    """The wall's own functions, given counts of bins ¼ wide, asked for bins at least ½ and 1 wide."""
    source = (ROOT / "assets" / "wall" / "histogram.js").read_text("utf-8")
    counts = [3, 1, 4, 1, 5, 9, 2]  # from −¾ on
    merged = blank.evaluate(
        f"""(counts) => {{ {source}
            const found = {{ first: -3, width: 0.25, counts: Uint16Array.from(counts) }};
            return [0.25, 0.4, 1].map((width) => merged(found, width));
        }}""",
        counts,
    )
    assert merged[0] == {"width": 0.25, "first": -3, "counts": counts}
    assert merged[1] == {"width": 0.5, "first": -2, "counts": [3, 5, 6, 11]}
    assert merged[2] == {"width": 1, "first": -1, "counts": [8, 17]}


def test_a_click_on_a_pair_opens_its_wall(open_page):
    page = open_page("/initialization?section=pairs&pairs_depth=6&pairs_width=40", wait_for=".mark-rect.role-mark path")
    cell = page.locator(".mark-rect.role-mark path[aria-label*='first weights: He; activation: ReLU;']")
    box = still(cell)
    page.mouse.click(box["x"] + 4, box["y"] + 4)
    page.locator(WALL).wait_for()
    page.wait_for_url(re.compile("wall=own&wall_depth=6&wall_width=40"))
    page.go_back()  # once
    page.wait_for_url(re.compile("section=pairs.*pairs_depth=6"))
    page.locator(".mark-rect.role-mark path").first.wait_for()


def test_a_click_on_the_number_in_a_cell_opens_its_wall(open_page):
    page = open_page("/initialization?section=pairs&pairs_width=40", wait_for=".mark-rect.role-mark path")
    box = still(page.locator(".mark-rect.role-mark path[aria-label*='first weights: Xavier; activation: tanh;']"))
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(WALL).wait_for()
    page.wait_for_url(re.compile("wall=own.*wall_activation=tanh.*wall_starts=xavier"))


def test_a_click_in_the_gallery_brings_an_activation_close_up_again_and_again(open_page):
    page = open_page("/activations", wait_for="[class*=st-key-gallery-of] svg")
    page.get_by_text("See what happened").click()
    for place, name, label in ((2, "tanh", "tanh"), (1, "", "Sigmoid"), (2, "tanh", "tanh")):
        page.locator("[class*=st-key-gallery-of] .mark-rect.role-mark path").nth(place).click()
        page.get_by_text(f"At x = 2 {label} gives").wait_for()
        told = expect(page).to_have_url if name else expect(page).not_to_have_url
        told(re.compile("shape=tanh"))


def test_the_gate_follows_the_pointer_without_the_server(open_page):
    page = open_page("/activations", wait_for="[data-testid=stVegaLiteChart] svg")
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    told = chart.locator(".mark-text.role-mark text")
    expect(told).to_contain_text("x = 2 · f = 0.881")
    box = still(chart.locator("svg").first)
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"])
    expect(told).not_to_contain_text("x = 2 ")
