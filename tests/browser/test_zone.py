"""The page says by itself where on the clock its reader is; whatever somebody said before counts more."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Response

from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ASK = """async () => {
  const { send } = await import(document.querySelector("script[src]").src.replace(/[\\w-]+\\.js$/, "send.js"));
  return (await send("/do", { call: JSON.stringify({ name: "timezone", options: {} }) })).text;
}"""


def told(answer: Response) -> bool:
    return answer.url.endswith("/do") and "unasked" in (answer.request.post_data or "")


def zone_after_a_visit(chromium: Browser, product: Product, zone: str) -> str:
    """What the product thinks once somebody in this zone has opened a conversation."""
    context = chromium.new_context(timezone_id=zone)
    page = context.new_page()
    with page.expect_response(told) as answer:
        page.goto(f"{product.address}/c/noor/chat")
    assert answer.value.ok
    words = str(page.evaluate(ASK))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))
    page.reload()
    page.wait_for_selector("[data-composer]")
    # It is said once.
    assert not any("unasked" in one for one in asked)
    context.close()
    return words


def test_the_page_tells_where_its_reader_is(chromium: Browser, product: Product) -> None:
    assert "Your time zone is Asia/Tokyo" in zone_after_a_visit(chromium, product, "Asia/Tokyo")
    assert "Your time zone is Asia/Tokyo" in zone_after_a_visit(chromium, product, "Europe/Lisbon")
