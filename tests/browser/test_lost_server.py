"""The server goes away, in the middle of things: nothing that was typed or confirmed is lost, and nobody has to reload."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Camera
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# Milliseconds: the server needs seconds to come back, and the page looks for it less and less often.
BACK = 60_000


@pytest.fixture
def page(chromium: Browser, product: Product) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(f"{product.address}/")
    page.get_by_role("link", name=re.compile("^Talk with ")).first.click()
    page.wait_for_url("**/chat")
    yield page
    context.close()


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Message to"))


def said(page: Page, words: str) -> Locator:
    return (
        page.get_by_role("region", name=re.compile("^Conversation"))
        .get_by_role("listitem")
        .filter(has_text=words)
    )


def test_what_cannot_be_sent_stays_in_the_box(page: Page, product: Product) -> None:
    camera = Camera("lost-server")
    product.kill()
    expect(page.get_by_text("Connection lost")).to_be_visible()
    box(page).fill("Are you still there?")
    box(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(box(page)).to_have_value("Are you still there?")
    camera.shoot(page, "not-sent")
    product.start()
    expect(page.get_by_text("Connection lost")).to_be_hidden(timeout=BACK)
    page.reload()
    expect(box(page)).to_have_value("Are you still there?")  # kept by the browser, too
    box(page).press("Enter")
    expect(box(page)).to_have_value("")
    expect(said(page, "Are you still there?")).to_have_count(1)
    camera.shoot(page, "sent")


@pytest.mark.parametrize("patience", [0, 150, 400])
def test_a_reply_that_a_crash_cut_off_comes_after_all(page: Page, product: Product, patience: int) -> None:
    lines = page.get_by_role("region", name=re.compile("^Conversation")).get_by_role("listitem")
    before = lines.count()
    box(page).fill("Tell me something about your day.")
    box(page).press("Enter")
    expect(said(page, "Tell me something about your day.").locator("time")).to_be_attached()  # it is stored
    page.wait_for_timeout(patience)  # somewhere in the reply
    product.kill()
    product.start()
    expect(page.get_by_text("Connection lost")).to_be_hidden(timeout=BACK)
    expect(lines).to_have_count(before + 2, timeout=BACK)
    expect(lines.last.locator("time")).to_be_attached(timeout=BACK)
    expect(said(page, "Tell me something about your day.")).to_have_count(1)
    page.reload()
    expect(lines).to_have_count(before + 2)
