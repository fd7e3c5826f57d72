"""The main job, as a person does it: make a character, talk, ask for a picture, forget, and find it all again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Camera
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}
# Milliseconds: two cores, a renderer and a browser share the machine.
SOON = 15_000
PICTURE = 60_000


@pytest.fixture(params=["desk-light", "phone-dark"])
def page(request: pytest.FixtureRequest, chromium: Browser, product: Product) -> Iterator[Page]:
    size, scheme = (DESK, "light") if request.param == "desk-light" else (PHONE, "dark")
    context = chromium.new_context(viewport=size, color_scheme=scheme, has_touch=size is PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(SOON)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield page
    context.close()
    assert not complaints


def test_the_whole_walk(page: Page, product: Product, request: pytest.FixtureRequest) -> None:
    camera = Camera(request.node.callspec.params["page"])
    look_at_the_catalog(page, product, camera)
    name = make_a_character(page, camera)
    talk_about_a_dog(page, camera)
    ask_for_a_picture(page, camera)
    open_the_picture(page, camera)
    find_the_picture_in_the_gallery(page, product, camera)
    slug = look_into_the_memory(page, product, camera, name)
    product.stop()
    product.start()
    find_everything_again(page, product, camera, name, slug)
    forget_the_dog(page, product, camera, slug)


def look_at_the_catalog(page: Page, product: Product, camera: Camera) -> None:
    page.goto(f"{product.address}/")
    expect(page.get_by_role("heading", name="Faces", exact=True)).to_be_visible()
    talk = page.get_by_role("link", name=re.compile("^Talk with "))
    assert talk.count() >= 8
    shown = "[...document.images].every((image) => image.complete ? image.naturalWidth > 0 : image.loading === 'lazy')"
    page.wait_for_function(shown)
    camera.shoot(page, "catalog")


def make_a_character(page: Page, camera: Camera) -> str:
    page.get_by_role("link", name="Create", exact=True).click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1, name="A starting point")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Artist")).check()
    camera.shoot(page, "create-start")
    go_on(page, "A starting point")
    page.get_by_role("textbox", name="Name", exact=True).fill("Wren Abara")
    page.get_by_label("In one line").fill("Repairs neon signs, mostly at two in the morning")
    camera.shoot(page, "create-name")
    go_on(page, "Name and age")
    be_coached(page, camera)
    for title in ("Face and body", "Clothes", "Personality", "Backstory", "Style"):
        camera.shoot(page, f"create-{title.split()[0].lower()}")
        go_on(page, title)
    choose_a_take(page, camera)
    expect(page.get_by_role("heading", level=1, name="Meet Wren Abara")).to_be_visible()
    camera.shoot(page, "published")
    page.get_by_role("link", name="Say hello").click()
    page.wait_for_url("**/chat")
    return "Wren Abara"


def be_coached(page: Page, camera: Camera) -> None:
    """ "Red" is weak: the coach proposes something stronger, which one click accepts; the portrait follows."""
    expect(page.get_by_role("heading", level=1, name="Face and body")).to_be_visible()
    portrait = page.get_by_role("img", name="Live portrait")
    before = portrait.get_attribute("src")
    hair = page.get_by_role("combobox", name="Hair colour")
    hair.fill("red")
    proposal = page.get_by_role("button", name=re.compile("^Use this instead")).first
    expect(proposal).to_be_visible()
    camera.shoot(page, "coach")
    proposal.click()
    expect(hair).not_to_have_value("red")
    expect(portrait).not_to_have_attribute("src", before or "")
    page.reload()
    expect(hair).not_to_have_value("red")  # saved at once


def go_on(page: Page, title: str) -> None:
    """Continue to the next step; advice that does not block is shown once, proposals are taken."""
    for _ in range(8):
        heading = page.get_by_role("heading", level=1)
        if heading.inner_text() != title:
            return
        proposals = page.get_by_role("button", name=re.compile("^Use this instead"))
        with page.expect_navigation():
            (proposals.first if proposals.count() else page.get_by_role("button", name="Continue")).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(title)


def choose_a_take(page: Page, camera: Camera) -> None:
    page.get_by_role("button", name="Make the takes").click()
    takes = page.get_by_role("list", name="Takes").get_by_role("button")
    camera.shoot(page, "takes-progress")
    expect(takes).to_have_count(3, timeout=PICTURE)
    camera.shoot(page, "takes")
    takes.nth(1).click()
    expect(page.get_by_role("button", name="Take 2, chosen")).to_be_visible()
    camera.shoot(page, "take-chosen")
    page.get_by_role("button", name="Publish").click()


def talk_about_a_dog(page: Page, camera: Camera) -> None:
    say(page, "Hi! Long day. How was the night shift?")
    say(page, "My dog is called Biscuit.")
    camera.shoot(page, "chat")
    say(page, "What would you paint if you had a week off?")
    reply = say(page, "What's my dog called?")
    assert "Biscuit" in reply
    camera.shoot(page, "recalled")


def say(page: Page, words: str) -> str:
    """Say something and wait for the whole answer."""
    lines = conversation(page).get_by_role("listitem")
    before = lines.count()
    box = page.get_by_role("textbox", name=re.compile("^Message to"))
    box.fill(words)
    box.press("Enter")
    expect(box).to_have_value("")
    expect(lines.filter(has_text=words).last).to_be_visible()
    expect(lines).to_have_count(before + 2, timeout=SOON * 2)
    answer = lines.last
    expect(answer.locator("time")).to_be_attached(timeout=SOON * 2)  # a finished line has its time
    return answer.inner_text()


def conversation(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^Conversation with"))


def ask_for_a_picture(page: Page, camera: Camera) -> None:
    box = page.get_by_role("textbox", name=re.compile("^Message to"))
    box.press_sequentially("/self")
    expect(page.get_by_role("option").first).to_be_visible()
    camera.shoot(page, "completion")
    box.press("Tab")
    box.press_sequentially("at a jazz bar")
    box.press("Enter")
    picture = conversation(page).get_by_role("link", name=re.compile("^Open picture"))
    expect(conversation(page).get_by_role("progressbar").or_(picture).first).to_be_visible()
    camera.shoot(page, "progress")
    expect(picture).to_be_visible(timeout=PICTURE)
    image = picture.get_by_role("img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") >= 512
    expect(conversation(page).get_by_role("progressbar")).to_have_count(0)
    camera.shoot(page, "picture")


def open_the_picture(page: Page, camera: Camera) -> None:
    picture = conversation(page).get_by_role("link", name=re.compile("^Open picture"))
    picture.click()
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_role("img")).to_be_visible()
    for name in ("New outfit", "New light", "Same scene again", "Delete"):
        expect(viewer.get_by_role("button", name=name)).to_be_visible()
    expect(viewer.get_by_role("link", name="Download")).to_be_visible()
    camera.shoot(page, "viewer")
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(picture).to_be_focused()


def find_the_picture_in_the_gallery(page: Page, product: Product, camera: Camera) -> None:
    page.goto(f"{product.address}/gallery")
    expect(page.get_by_role("link", name=re.compile("^Open picture")).first).to_be_visible()
    expect(page.get_by_text("jazz bar").first).to_be_visible()
    camera.shoot(page, "gallery")


def look_into_the_memory(page: Page, product: Product, camera: Camera, name: str) -> str:
    page.goto(f"{product.address}/")
    page.get_by_role("link", name=f"Talk with {name}").click()
    page.wait_for_url("**/chat")
    slug = page.url.rstrip("/").split("/")[-2]
    page.goto(f"{product.address}/c/{slug}/memory")
    expect(page.get_by_text("Biscuit").first).to_be_visible()
    page.get_by_text("You said this on").first.click()
    camera.shoot(page, "memory")
    return slug


def find_everything_again(page: Page, product: Product, camera: Camera, name: str, slug: str) -> None:
    page.goto(f"{product.address}/")
    expect(page.get_by_role("link", name=f"Talk with {name}")).to_be_visible()
    page.goto(f"{product.address}/c/{slug}/chat")
    expect(conversation(page).get_by_text("My dog is called Biscuit")).to_be_attached()
    expect(conversation(page).get_by_role("link", name=re.compile("^Open picture"))).to_be_attached()
    camera.shoot(page, "after-restart")
    page.goto(f"{product.address}/c/{slug}")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    camera.shoot(page, "profile")
    page.goto(f"{product.address}/c/{slug}/memory")
    expect(page.get_by_text("Biscuit").first).to_be_visible()


def forget_the_dog(page: Page, product: Product, camera: Camera, slug: str) -> None:
    while (forget := page.get_by_role("button", name=re.compile("^Forget: .*Biscuit"))).count():
        forget.first.click()
        question = page.get_by_role("dialog")
        expect(question).to_contain_text("Biscuit")
        camera.shoot(page, "forget")
        with page.expect_navigation():
            question.get_by_role("button", name="Forget it").click()
    expect(page.get_by_text("Biscuit")).to_have_count(0)
    camera.shoot(page, "forgotten")
    page.goto(f"{product.address}/c/{slug}/memory?q=dog")
    expect(page.get_by_text("Biscuit")).to_have_count(0)
