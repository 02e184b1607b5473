"""The page of claims: what was found stands in the README, in the table and beside the claim in its lab."""

import pytest

from engine.claims import CLAIMS
from engine.compare import empty
from pages.kit import address, findings
from pages.labs import LABS, TOPICS
from pages.sections.claims.one import TRAINED, of
from tests.pages.conftest import ROOT, seen, words


def test_what_was_found_is_of_these_claims_and_places():
    kept = findings.kept()
    assert list(kept) == list(CLAIMS)
    for name, claim in CLAIMS.items():
        assert list(kept[name]) == [place.name for place in claim.places]
        assert len({len(values) for values in kept[name].values()}) == 1


def test_the_readme_shows_the_table():
    assert findings.table(findings.kept()) in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_leads_to_a_lab_that_is_there(claim):
    topic = next(topic for topic in TOPICS if claim.lab in {lab.id for lab in topic.labs})
    asked = {key: value if isinstance(value, list) else [value] for key, value in claim.address.items()}
    lab, given, problems = address.read(topic.labs, {"section": [claim.lab.split("/")[1]], **asked})
    assert (lab.id, problems) == (claim.lab, [])
    assert len(given) == len(claim.address)


@pytest.mark.parametrize("name", TRAINED)
def test_histories_know_their_claim(name):
    lab = LABS["claims/one"]
    specs = lab.asked(lab.settle({"claim": name, "seeds": 2}))
    assert of([empty(spec) for spec in specs]) == name


def test_the_table_tells_every_claim_with_ways_to_run_it_and_to_its_lab(visit):
    app = seen(visit("pages/claims.py"))
    assert not app.exception
    told = words(app)
    for claim in CLAIMS.values():
        assert claim.sentence in told
    links = [link.proto.label for link in app.get("page_link")]
    assert links.count("Open the lab") == len(CLAIMS)
    buttons = [button for button in app.button if button.label == "Run it"]
    assert len(buttons) == len(TRAINED)
    app = buttons[-1].click().run()
    assert dict(app.query_params) == {"section": "one", "claim": list(TRAINED)[-1]}


def test_the_badge_stands_at_the_claim_in_its_lab_once_it_was_asked_for(visit):
    app = visit("pages/batchnorm.py", section="layer")
    sentence = CLAIMS["mean_of_batchnorm"].sentence
    assert not any(sentence in link.proto.label for link in app.get("page_link"))
    (badge,) = [link.proto.label for link in seen(app).get("page_link") if sentence in link.proto.label]
    assert "does not hold" in badge
