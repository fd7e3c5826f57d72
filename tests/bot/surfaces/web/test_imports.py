"""The page that takes histories: the file reaches the tray unread by the guard, and the command hears its name."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.messages import Button, Call, Confirm, Text, Tone
from bot.surfaces.web.app import create_app
from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.guard import BODY_BYTES, UPLOAD_BYTES
from bot.surfaces.web.surface import WebSurface
from tests.bot.surfaces.web.conftest import Browser
from tests.bot.surfaces.web.scripted import PaintedPictures, ScriptedDoor

PATH = "/c/maya/import"
UNDO = Confirm("Take this import back?", Button("Forget this import", Call("import", {"forget": "i-1"})))


class Kept:
    """A tray that remembers sizes."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def __call__(self, pieces: AsyncIterable[bytes]) -> str:
        self.sizes.append(sum([len(piece) async for piece in pieces]))
        return "f" * 32


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def page(tmp_path: Path, kept: Kept) -> AsyncIterator[Browser]:
    door, surface = ScriptedDoor({"import": Text("Imported for Maya: nothing yet.")}), WebSurface()
    app = create_app(
        door=door,
        pictures=PaintedPictures(tmp_path),
        surface=surface,
        config=WebConfig(),
        person=lambda: "owner",
        keep=kept,
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8420") as client:
        browser = Browser(client, door, surface)
        await browser.open(PATH)
        yield browser


async def send(page: Browser, content: bytes, token: str = "", **fields: str) -> httpx.Response:
    return await page.client.post(
        PATH, data={"csrf": token or page.token, **fields}, files={"file": ("Maya.jsonl", content)}
    )


async def test_the_page_lists_what_there_is_and_has_a_form(page: Browser) -> None:
    answer = await page.open(PATH)
    assert answer.status_code == 200
    assert "Imported for Maya: nothing yet." in answer.text
    assert 'enctype="multipart/form-data"' in answer.text
    assert PATH in (await page.open("/c/maya/memory")).text


async def test_a_file_larger_than_any_form_is_taken(page: Browser, kept: Kept) -> None:
    page.door.answers["import"] = (Text("Maya remembers 3 lines now."), UNDO)
    answer = await send(page, b"x" * (BODY_BYTES * 40), me="Ada")
    assert answer.status_code == 200
    assert "Maya remembers 3 lines now." in answer.text
    assert "Forget this import" in answer.text
    assert kept.sizes == [BODY_BYTES * 40]
    asked = [call for call in page.door.calls if call.name == "import"][-1]
    assert asked.options == {"character": "maya", "file": "f" * 32, "me": "Ada"}


async def test_a_mistake_is_said_beside_the_form(page: Browser) -> None:
    page.door.answers["import"] = Text("That is no conversation history I can read.", Tone.ERROR)
    answer = await send(page, b"x")
    assert answer.status_code == 422
    assert "no conversation history" in answer.text and "multipart/form-data" in answer.text


async def test_no_file_is_asked_for(page: Browser, kept: Kept) -> None:
    answer = await page.client.post(PATH, data={"csrf": page.token}, files={"file": ("", b"")})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text
    assert kept.sizes == []


async def test_another_site_sends_nothing(page: Browser, kept: Kept) -> None:
    assert (await send(page, b"x", token="wrong")).status_code == 403
    foreign = {"origin": "https://elsewhere.example"}
    answer = await page.client.post(PATH, headers=foreign, files={"file": ("a", b"x")})
    assert answer.status_code == 403
    assert kept.sizes == []


@pytest.mark.parametrize("length", [str(UPLOAD_BYTES + 1), "", "-1", "9" * 40])
async def test_what_is_too_long_or_does_not_say_is_refused_unread(
    page: Browser, kept: Kept, length: str
) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("read")
        yield b""

    headers = {"content-length": length, "content-type": "multipart/form-data; boundary=x"}
    answer = await page.client.post(PATH, headers={k: v for k, v in headers.items() if v}, content=never())
    assert answer.status_code == 413
    assert "200 MB" in answer.text
    assert kept.sizes == []


async def test_an_import_is_taken_back_by_its_number(page: Browser, kept: Kept) -> None:
    page.door.answers["import"] = UNDO
    answer = await page.client.post(PATH, data={"csrf": page.token, "forget": "1"}, files={"file": ("", b"")})
    assert "Take this import back?" in answer.text
    assert [call for call in page.door.calls if call.name == "import"][-1].options == {
        "character": "maya",
        "forget": "1",
    }
    assert kept.sizes == []
