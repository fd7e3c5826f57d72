"""A reply that waits for its turn: the page shows the place in line until the first word is there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Camera
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

OPEN = """async () => {
  const script = document.querySelector('script[src$="/js/chat.js"]').src;
  const { Log } = await import(script.replace("chat.js", "log.js"));
  window.log = new Log(document.querySelector("[data-chat]"));
  window.log.expect("r1");
}"""


def test_the_place_in_line_stands_there_until_the_first_word(chromium: Browser, product: Product) -> None:
    page = chromium.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.goto(f"{product.address}/")
    page.get_by_role("link", name=re.compile("^Talk with ")).first.click()
    page.wait_for_url("**/chat")
    page.evaluate(OPEN)
    reply = page.locator('[data-message-id="r1"] .bubble')
    dots = reply.locator(".typing")
    expect(dots).to_be_visible()
    page.evaluate("log.wait('r1', '3rd in line …')")
    expect(reply).to_have_text("3rd in line …")
    expect(dots).to_have_count(0)
    Camera("waiting").shoot(page, "in-line")
    page.evaluate("log.wait('r1', '')")
    expect(dots).to_be_visible()
    page.evaluate("log.wait('r1', '1st in line …'), log.stream('r1', 'Here')")
    expect(reply).to_have_text("Here")
    page.evaluate("log.wait('r1', '2nd in line …')")  # it came late
    expect(reply).to_have_text("Here")
    page.evaluate("log.wait('never asked', '')")  # another page asked for it
    expect(page.locator('[data-message-id="never asked"]')).to_have_count(1)
    page.context.close()
