"""Decks: what a file may say, what is refused and where, and that the talks of this server can be given."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from pages.kit import address, handout, shelf
from pages.kit.deck import LARGEST, Faults, experiments, main, parse
from pages.kit.language import NAMES, speaking
from pages.labs import LABS, TOPICS
from tests.pages.conftest import words
from tests.pages.test_address import asked

TALK = """# A talk
Few words,
and some more.
at: /
minutes: 1.5

---
# SGD zig-zags
at: /optimizers?preset=O3&sgd_lr=0.5
step: 12
ask: How often does y change its sign?
- never
- at every step
notes: Ask first.

Then press space.
---
## The grid
at: /batchnorm
ask: lab
"""
OPTIMIZERS = TOPICS[0]


def deck(text: str):
    return parse(text, TOPICS)


def slide(*lines: str) -> str:
    return "\n".join(["# A slide", *lines])


def test_a_deck_is_what_its_file_says():
    talk = deck(TALK)
    first, second, third = talk.slides
    assert (talk.title, talk.minutes) == ("A talk", 1.5)
    assert (first.words, first.at, first.lab) == ("Few words, and some more.", "/", None)
    assert second.lab is LABS["optimizers/play"]
    assert second.given == {"preset": "O3", "sgd_lr": 0.5, "step": 12}
    assert second.at == "/optimizers?preset=O3&sgd_lr=0.5&step=12"
    assert (second.ask, second.answers) == ("How often does y change its sign?", ("never", "at every step"))
    assert second.notes == "Ask first.\n\nThen press space."
    assert (third.title, third.at, third.ask, third.answers) == ("The grid", "/batchnorm", "lab", ())
    assert third.question[0] == LABS["batchnorm/grid"].prose(third.lab.settle({})).question
    assert "about half" in third.question[1]
    assert deck(TALK.replace("\n", "\r\n")).slides == talk.slides


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "there is no slide"),
        ("# A\nat: /\n---\n" * 101, 1, "may have 100 slides"),
        ("\nno heading\nat: /", 2, "begins with a heading"),
        ("#\nat: /", 1, "begins with a heading"),
        (slide(), 1, "has no address"),
        (slide("at: /nowhere"), 2, "no page `nowhere`"),
        (slide("at: /present"), 2, "no page `present`"),
        (slide("at: /?preset=O3"), 2, "the home page has no settings"),
        (slide("", "at: /optimizers?preset=O99"), 3, "`preset`: there is no `O99`"),
        (slide("at: /optimizers?section=nothing"), 2, "`section`: there is no `nothing`"),
        (slide("at: /optimizers?sgd_lr=1e9"), 2, "`1e9` is not between"),
        (slide("at: /optimizers?sgd_lr=nan"), 2, "`nan` is not between"),
        (slide("at: /optimizers?colour=red"), 2, "`colour` is not a setting here"),
        (slide("at: /optimizers?deck=failing"), 2, "`deck` is not a setting here"),
        (slide("at: /optimizers?race_steps=50"), 2, "`race_steps` is a setting of another section"),
        (slide("at: /babysitting?train_size=4000&batch_size=4000&steps=20000"), 2, "may cost here"),
        (slide("at: /optimizers", "step: soon"), 2, "`soon` is not a whole number"),
        (slide("at: /softmax", "step: 3"), 3, "no steps to stop at"),
        (slide("at: /", "minutes: soon"), 3, "`soon` is no number of minutes"),
        (slide("at: /", "minutes: nan"), 3, "`nan` is no number of minutes"),
        (slide("at: /", "minutes: -1"), 3, "`-1` is no number of minutes"),
        (slide("at: /", "stpe: 3"), 3, "there is no `stpe`"),
        (slide("at: /", "at: /"), 3, "`at` stands here twice"),
        (slide("at: /", "ask: lab"), 3, "no lab that could ask"),
        (slide("at: /softmax", "ask: lab", "- mine", "- yours"), 3, "answers of its own"),
        (slide("at: /", "ask:"), 3, "there is no question"),
        (slide("at: /", "ask: Why?", "- because"), 3, "two answers or more"),
        (f"{TALK}---\n{slide('at: /nowhere')}", TALK.count("\n") + 3, "no page"),
    ],
)
def test_what_cannot_be_given_is_told_with_its_line(text, line, sentence):
    with pytest.raises(Faults) as told:
        deck(text)
    found = [words for number, words in told.value.faults if number == line]
    assert any(sentence in words for words in found), told.value.faults


def test_all_faults_are_told_at_once():
    with pytest.raises(Faults) as told:
        deck("# A\nat: /x\n---\nB\nat: /\n---\n# C\n")
    assert [line for line, _ in told.value.faults] == [2, 4, 7]
    assert [line.split(":")[0] for line in str(told.value).splitlines()] == ["line 2", "line 4", "line 7"]


@pytest.mark.parametrize(
    "at",
    [
        "//evil.example/optimizers",
        "/\\evil.example",
        "http://evil.example/optimizers",
        "https:optimizers",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "../optimizers",
        "/../optimizers",
        "/optimizers/../..",
        "/optimizers#x",
        "optimizers",
        "/%2e%2e/optimizers",
        "/optimizers?preset=O3 javascript:alert(1)",
        "",
    ],
)
def test_an_address_elsewhere_is_refused(at):
    with pytest.raises(Faults, match=r"line 2: .* is no address of the playground"):
        deck(slide(f"at: {at}"))


def test_a_deck_may_have_100_kilobytes():
    fill = "x" * (LARGEST - len(slide("at: /", "")))
    assert deck(slide("at: /", fill)).slides[0].words == fill
    with pytest.raises(Faults, match="100 kB"):
        deck(slide("at: /", fill + "x"))
    with pytest.raises(ValueError, match="100 kB"):
        shelf.bring(b"# " + b"x" * LARGEST, TOPICS)


@pytest.mark.parametrize(("name", "minutes"), [("lecture6-1", 40), ("lecture6-2", 45), ("dlfs6", 45), ("failing", 20)])
def test_the_talks_of_this_server_can_be_given(name, minutes):
    talk = shelf.load(name, TOPICS)
    assert talk.minutes == minutes
    for each in talk.slides:
        assert each.words
        assert each.notes
        assert each.minutes
        if each.topic:
            query = parse_qs(urlsplit(each.at).query, keep_blank_values=True)
            assert query == each.query
            assert address.read(each.topic.labs, query) == (each.lab, each.given, [])


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("name", shelf.decks())
def test_a_talk_goes_the_same_way_in_every_language(name, language):
    def way(talk):
        return [(each.at, each.minutes, each.ask == "lab", len(each.answers), not each.notes) for each in talk.slides]

    with speaking(language):
        talk = shelf.load(name, TOPICS)
    assert way(talk) == way(shelf.load(name, TOPICS))


def test_a_deck_knows_what_it_trains():
    found = list(experiments(deck(TALK)))
    assert found == [LABS["batchnorm/grid"].asked(LABS["batchnorm/grid"].settle({}))]


def test_the_command_tells_of_every_file(tmp_path, capsys):
    good, bad, binary = (tmp_path / name for name in ("good.md", "bad.md", "binary.md"))
    good.write_text(TALK, "utf-8")
    bad.write_text("# A\nat: /x", "utf-8")
    binary.write_bytes(b"\xff\xfe")
    assert main([str(path) for path in (good, bad, binary, tmp_path / "none.md")], TOPICS) == 3
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"{good}: 1.5 minutes, 3 slides, of which 1 train"
    assert told[1].startswith(f"{bad}: line 2: there is no page `x`")
    assert told[2] == f"{binary}: line 1: a deck is text in UTF-8"


def test_no_file_but_those_of_the_shelf_is_opened(tmp_path, monkeypatch):
    mine = tmp_path / "mine.md"
    mine.write_text(TALK, "utf-8")
    for name in (str(mine), "mine", "../decks/failing", "failing.md"):
        with pytest.raises(ValueError, match="There is no deck"):
            shelf.load(name, TOPICS)
    monkeypatch.setattr("sys.argv", ["app.py", str(mine)])
    assert shelf.load("mine", TOPICS).title == "A talk"


def test_what_visitors_bring_has_an_address_and_makes_place_for_others():
    talk = shelf.bring(TALK.encode(), TOPICS)
    assert shelf.load(talk.name, TOPICS) == talk
    assert shelf.bring(TALK.encode(), TOPICS).name == talk.name
    for k in range(shelf.MOST):
        shelf.bring(f"{TALK}\n{k}".encode(), TOPICS)
    assert len(shelf.BROUGHT) == shelf.MOST
    with pytest.raises(ValueError, match="upload it once more"):
        shelf.load(talk.name, TOPICS)


def test_the_handout_has_every_link_as_text_and_code():
    talk = deck(TALK.replace("A talk", "<script>alert(1)</script>"))
    page = handout.page(talk, "https://here.example/play")
    assert page.count('<img class="code"') == len(talk.slides)
    assert "https://here.example/play/optimizers?preset=O3&amp;sgd_lr=0.5&amp;step=12" in page
    assert "From how many of the sixteen" in page
    assert "<script>" not in page


def bar(app) -> dict:
    return json.loads(app.get("bidi_component")[0].proto.json)


def test_a_deck_rides_along_while_the_lab_is_touched(visit):
    app = visit("pages/batchnorm.py", deck="failing", slide="3", grid_lr="0.5")
    assert "Ignored" not in words(app)
    assert (bar(app)["slide"], bar(app)["deck"], bar(app)["page"]) == (3, "failing", "batchnorm")
    assert "notes" not in bar(app)["slides"][0]
    app.number_input(key="grid_lr").set_value(0.2).run()
    assert asked(app) == {"grid_lr": ["0.2"], "deck": ["failing"], "slide": ["3"]}
    app.query_params.clear()
    app.switch_page("pages/softmax.py").run()
    assert asked(app) == {"deck": ["failing"], "slide": ["3"]}


def test_no_lab_has_a_key_of_what_rides_along():
    for lab in LABS.values():
        assert not set(address.RIDERS) & set(address.keyed(lab, lab.known({})).values())


@pytest.mark.parametrize(("said", "number"), [("0", 1), ("99", 10), ("-3", 1), ("x", 1), ("²", 1), ("7", 7), ("9" * 9, 1)])
def test_any_number_is_a_slide(visit, said, number):
    assert bar(visit("pages/softmax.py", deck="failing", slide=said))["slide"] == number


def test_a_deck_that_is_not_there_is_told_and_forgotten(visit):
    app = visit("pages/softmax.py", deck="<b>no</b>", slide="1")
    assert "There is no deck `<b>no</b>` on this server." in words(app)
    assert not app.exception
    assert asked(app) == {}


def test_on_the_stage_the_picture_is_alone(visit):
    app = visit("pages/batchnorm.py", deck="failing", slide="2", view="stage")
    assert bar(app)["stage"]
    assert not app.exception


def test_present_offers_talks_and_shows_their_notes(visit):
    app = visit("pages/present.py")
    assert not app.exception
    shown = " ".join(each.proto.body for each in app.get("html"))
    assert all(shelf.load(name, TOPICS).title in shown for name in shelf.decks())
    app = visit("pages/present.py", deck="failing", slide="2")
    assert bar(app)["slides"][1]["notes"].startswith("Take a vote")
    assert bar(app)["stage"] == "./?deck=failing&slide=2&view=stage"
    app = visit("pages/present.py", deck="failing", view="handout")
    assert not app.exception
