"""Korean on every topic: no English is left on it, it fits a phone, and home, glossary and the browser's wish speak it."""

import re

import pytest
from playwright.sync_api import expect

from pages.kit.language import speaking
from pages.labs import TOPICS
from tests.browser.serving import PHONE
from tests.browser.test_lab import opens, unfit

ENGLISH = re.compile(r"\b(the|of|is|are|and|with|than|to|in|after|from|without|which|how|that|at|on|for|by|its?|has|not)\b")
STREAMLITS = {"Skip to main content"}
SEEN = """() => {
  const roots = [document, ...[...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean)], words = new Set();
  for (const root of roots) {
    const said = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (said.nextNode()) {
      const { data, parentElement } = said.currentNode;
      if (!parentElement?.closest('code, .katex, noscript, script, style, title')) words.add(data.trim());
    }
  }
  return [...words];
}"""


def left(page) -> list[str]:
    """English that can be read on a Korean page; a name or two is none."""
    return [words for words in page.evaluate(SEEN) if ENGLISH.search(words) and words not in STREAMLITS]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_lab_is_korean_and_fits_a_phone(open_page, topic):
    page = open_page(f"/{topic.name}?lang=ko", "text=먼저 예측해 보세요", viewport=PHONE, has_touch=True, is_mobile=True)
    for lab in topic.labs:
        with speaking("ko"):
            opens(page, topic, lab)
        assert unfit(page) == [], lab.id
        assert left(page) == [], lab.id
    assert "lang=ko" in page.url


def test_what_is_typed_in_korean_leads_to_a_lab_that_is_korean(open_page):
    page = open_page("/?lang=ko")
    assert left(page) == []
    box = page.locator("input[type=text]").first
    box.fill("죽은 뉴런")
    box.press("Enter")
    page.get_by_role("link", name=re.compile("죽은")).first.click()
    page.wait_for_url("**/activations**")
    page.get_by_text("먼저 예측해 보세요").wait_for()


def test_a_korean_term_says_what_it_means(open_page):
    page = open_page("/softmax?lang=ko", wait_for="text=먼저 예측해 보세요")
    page.get_by_role("button", name="결과 보기").click()
    expect(page.locator("abbr").first).to_have_attribute("title", re.compile("[가-힣]"))


def test_the_browser_chooses_first_and_a_link_chooses_again(open_page):
    page = open_page("/batchnorm?grid_lr=0.1", wait_for="text=먼저 예측해 보세요", locale="ko-KR")
    page.get_by_role("link", name="English").click()
    page.get_by_text("Predict first").wait_for()
    assert "grid_lr=0.1" in page.url
    assert "lang=en" in page.url
