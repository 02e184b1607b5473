"""A class in the browser: a teacher's window, two students', a question from asking to revealing, roaming and coming back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.serving import IDLE

PATIENCE = 60_000  # milliseconds: a bar looks every other second


@pytest.fixture
def room(open_page):
    """The teacher's page, the code, and two students' pages."""
    teacher = open_page("/class", wait_for="text=Open a room")
    teacher.get_by_role("button", name="Open a room").click()
    code = teacher.locator("h1").inner_text()
    students = [open_page(f"/?room={code}", wait_for=f"text=Class {code}") for _ in range(2)]
    for student in students:
        expect(student).to_have_url(re.compile(r"/$"))  # the code does not stay in the address
    return teacher, code, students


def choose(page, words: str) -> None:
    page.locator("[data-testid=stButtonGroup] button").filter(has_text=words).first.click()


def test_a_class_follows_votes_talks_votes_again_and_sees_what_came_out(room):
    teacher, _, (ann, bob) = room
    teacher.get_by_text("Take the class here").click()
    teacher.get_by_role("link", name="Optimizers").first.click()
    for student in (ann, bob):
        student.wait_for_url("**/optimizers", timeout=PATIENCE)
    teacher.get_by_role("button", name="Ask this lab's question").click()
    for page in (teacher, ann, bob):
        page.get_by_text("The picture waits").wait_for(timeout=PATIENCE)  # nobody sees what they are to predict
    choose(ann, "plain SGD")
    choose(bob, "Momentum or Nesterov")
    teacher.get_by_text("2 of 2 have voted").wait_for(timeout=PATIENCE)
    choose(bob, "plain SGD")  # the last word counts
    teacher.get_by_role("button", name="Discuss").click()
    ann.get_by_text("Convince your neighbor").wait_for(timeout=PATIENCE)
    expect(teacher.get_by_text("first vote", exact=True)).to_have_count(0)  # folded: it would sway the second
    teacher.get_by_role("button", name="Vote again").click()
    ann.get_by_text("Vote again: choose one").wait_for(timeout=PATIENCE)
    ann.locator(IDLE).wait_for()
    choose(ann, "one of AdaGrad")
    teacher.get_by_text("1 of 2 have voted again").wait_for(timeout=PATIENCE)
    teacher.get_by_role("button", name="Reveal").first.click()
    ann.get_by_text(re.compile("You said.*Answer: one of AdaGrad")).wait_for(timeout=PATIENCE)
    bob.get_by_text(re.compile("You said plain SGD")).wait_for(timeout=PATIENCE)
    teacher.get_by_text("after discussion", exact=True).wait_for(timeout=PATIENCE)
    ann.get_by_text(re.compile("You predicted.*right")).wait_for(timeout=PATIENCE)  # the lab knows the vote
    teacher.get_by_role("button", name="No question").click()
    expect(ann.get_by_text("You said")).to_have_count(0, timeout=PATIENCE)


def test_a_student_roams_and_comes_back_and_a_room_ends(room):
    teacher, code, (ann, _) = room
    teacher.get_by_text("Take the class here").click()
    expect(teacher.locator("label").filter(has_text="Take the class here").locator("input")).to_be_checked()
    teacher.locator(IDLE).wait_for()
    teacher.get_by_role("link", name="Softmax").first.click()
    ann.wait_for_url("**/softmax", timeout=PATIENCE)
    ann.get_by_text("Follow").click()
    expect(ann.locator("label").filter(has_text="Follow").locator("input")).not_to_be_checked()
    ann.locator(IDLE).wait_for()
    ann.get_by_role("link", name="Tuning").first.click()
    teacher.get_by_role("link", name="Optimizers").first.click()
    ann.get_by_text("Predict first").wait_for()
    ann.wait_for_timeout(3000)
    assert "/search" in ann.url
    ann.get_by_text("Follow").click()
    ann.wait_for_url("**/optimizers", timeout=PATIENCE)
    teacher.get_by_role("link", name="Class").first.click()
    teacher.get_by_role("button", name="End the room").click()
    teacher.get_by_role("button", name="Open a room").wait_for()
    ann.get_by_text(f"Class {code} is over").wait_for(timeout=PATIENCE)


def test_a_code_that_is_none_is_a_sentence(open_page):
    page = open_page("/class", wait_for="text=Open a room")
    page.get_by_label("Code").fill("`zzz`")
    page.get_by_role("button", name="Come in").click()
    page.get_by_text("There is no class").wait_for()
