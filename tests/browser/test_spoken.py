"""The page's script shows emphasis while a reply comes as the server shows it once it is there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.sync_api import Browser

from bot.surfaces.web.render import spoken
from tests.bot.surfaces.web.test_pages import SPOKEN
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SHOW = """async (words) => {
  const { shown, spoken } = await import(document.querySelector("script[src]").src.replace(/[\\w-]+\\.js$/, "spoken.js"));
  const place = document.createElement("p");
  place.append(...spoken(words));
  return [place.innerHTML, shown(words)];
}"""
TAG = re.compile("<[^>]*>")


def test_the_script_and_the_server_show_the_same(chromium: Browser, product: Product) -> None:
    page = chromium.new_page()
    page.goto(f"{product.address}/")
    for words in (*SPOKEN, "*größer*¹ und*kleiner*", "*a* *b* **c** **d *e* f**"):
        wanted = str(spoken(words)).replace("&#39;", "'").replace("&#34;", '"')
        html, text = page.evaluate(SHOW, words)
        assert html == wanted
        # By it the page knows again what it sent and heard nothing of.
        assert text == unescape(TAG.sub("", wanted))
    page.close()
