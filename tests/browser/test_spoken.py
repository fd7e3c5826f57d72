"""The page's script shows emphasis while a reply comes as the server shows it once it is there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from bot.surfaces.web.render import spoken
from tests.bot.surfaces.web.test_pages import SPOKEN
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SHOW = """async (words) => {
  const { spoken } = await import(document.querySelector("script[src]").src.replace(/[\\w-]+\\.js$/, "spoken.js"));
  const place = document.createElement("p");
  place.append(...spoken(words));
  return place.innerHTML;
}"""


def test_the_script_and_the_server_show_the_same(chromium: Browser, product: Product) -> None:
    page = chromium.new_page()
    page.goto(f"{product.address}/")
    for words in (*SPOKEN, "*größer*¹ und*kleiner*", "*a* *b* **c** **d *e* f**"):
        assert page.evaluate(SHOW, words) == str(spoken(words)).replace("&#39;", "'").replace("&#34;", '"')
    page.close()
